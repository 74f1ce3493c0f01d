/* SPDX-License-Identifier: MIT */
#include "report/descriptor.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const struct descriptor descriptors[] = {
	{ "PF-anchor", "RuleAnchorMissing", "warning",
	  "The source has the design that a rule is written for, and not all that the rule names.",
	  "The rule could not be judged for the unit. Correct the name in the rule file, or its "
	  "'when'." },
	{ "PF-budget", "BudgetExhausted", "warning",
	  "The unit was given up because it used up its time or memory.",
	  "Nothing is proved for the unit. Give it more with --max-seconds or --max-memory." },
	{ NOTE_CHANGED, "SourceChangedDuringRun", "warning",
	  "A source file was changed while the units of the run were checked.",
	  "The units saw different texts of the file. Check them again." },
	{ "PF-crash", "CheckerCrashed", "error",
	  "The process that checked the unit ended in a way that it never should.",
	  "Nothing is known of the unit. Please report it with the unit's command line." },
	{ NOTE_INCOMPLETE, "VerdictIncomplete", "note",
	  "A rule could be neither proved nor refuted at a place.",
	  "The reasons are in the result of kind 'review'. Such a place has to be read by hand." },
	{ NOTE_MISSING, "UnitMissing", "warning",
	  "Units of the build have left no result.",
	  "'protflow run -p OBJTREE --missing' checks them: 'make C=1' looks only at what it "
	  "compiles, 'make C=2' at all that has no rule of its own in a Makefile." },
	{ NOTE_MODEL, "ModelFileUnusable", "error",
	  "A file that describes the kernel's primitives cannot be used.",
	  "No rule was applied. Correct the file; 'protflow rules check' tells all faults." },
	{ NOTE_NOT_APPLICABLE, "RuleNotApplicable", "none",
	  "The source does not have the design that a rule is written for.",
	  "Nothing was judged by the rule, and nothing is wrong. Other rules may own this design." },
	{ "PF-option", "OptionUnknown", "warning",
	  "An option was not understood and was ignored.",
	  "See 'protflow check --help' for the options." },
	{ "PF-parse", "UnitDoesNotParse", "warning",
	  "The unit, or a function of it, does not parse.",
	  "What did not parse was not judged, and the unit's verdicts are incomplete. Does the "
	  "unit compile, and was the command line that of the compiler?" },
	{ NOTE_RULE_FILE, "RuleFileUnusable", "error",
	  "A rule file has a fault.",
	  "No rule was applied. Correct the file; 'protflow rules check' tells all faults." },
	{ NOTE_RULES, "RulesNotFound", "error",
	  "There are no rules.",
	  "No rule was applied. Name their folder with --rules or PROTFLOW_RULES." },
	{ "PF-sensitivity", "ProofSensitivity", "note",
	  "What a rule would find without a guard that its proof rests on.",
	  "A finding there is evidence that the rule is not blind; none says that the proof rests "
	  "on more than this guard." },
	{ NOTE_SKIPPED, "UnitSkipped", "none",
	  "No enabled rule can concern the unit.",
	  "The text of the unit names nothing that a rule is about. There is nothing to do." },
	{ "PF-source", "SourceUnreadable", "error",
	  "The source of the unit cannot be read.",
	  "Nothing was checked. Is the last argument the source, seen from the working folder?" },
	{ NOTE_SPARSE, "SparseUnusable", "note",
	  "Sparse was asked for and cannot be used for this kernel.",
	  "protflow has run without it. A newer Sparse may do." },
	{ NOTE_STALE, "ResultsOfSeveralVersions", "warning",
	  "The results of the run come from several versions of protflow or of its rules.",
	  "Check the units again: 'make C=2' looks at all of them." },
	{ "PF-unseen", "UnitUnseen", "warning",
	  "A unit of the build could not be linked in full.",
	  "What is decided over the program does not count it. Check it again: 'make C=2'." },
	{ NOTE_VACUOUS, "RuleVacuous", "error",
	  "The source has the design that a rule is written for, and no unit of the run has a "
	  "place that the rule judges.",
	  "The rule says nothing about this source although it should. Either the units that "
	  "matter were not among those checked, or names in the rule file are out of date." },
	{ NOTE_WANTED, "UnitWanted", "note",
	  "A unit that has nothing for the rules may call what the rules reach.",
	  "'protflow run -p OBJTREE --missing' checks these units; then link again, and a finding "
	  "shows the whole way." },
};

static int compare_id(const void *key, const void *element)
{
	return strcmp(key, ((const struct descriptor *)element)->id);
}

struct descriptor descriptor_of(const char *id)
{
	const struct descriptor *d;

	d = bsearch(id, descriptors, sizeof(descriptors) / sizeof(*descriptors),
		    sizeof(*descriptors), compare_id);
	if (d)
		return *d;
	return (struct descriptor){ id, "OtherNotification", "warning",
				    "Something else was noticed.", "The message says what." };
}

/* Weaknesses that a rule about flags, checks and locks can be an instance of. */
static const struct {
	unsigned number;
	const char *title;
} weaknesses[] = {
	{ 223, "Omission of Security-relevant Information" },
	{ 269, "Improper Privilege Management" },
	{ 284, "Improper Access Control" },
	{ 362, "Concurrent Execution using Shared Resource with Improper Synchronization "
	       "('Race Condition')" },
	{ 366, "Race Condition within a Thread" },
	{ 367, "Time-of-check Time-of-use (TOCTOU) Race Condition" },
	{ 390, "Detection of Error Condition Without Action" },
	{ 413, "Improper Resource Locking" },
	{ 414, "Missing Lock Check" },
	{ 662, "Improper Synchronization" },
	{ 665, "Improper Initialization" },
	{ 667, "Improper Locking" },
	{ 669, "Incorrect Resource Transfer Between Spheres" },
	{ 681, "Incorrect Conversion between Numeric Types" },
	{ 693, "Protection Mechanism Failure" },
	{ 732, "Incorrect Permission Assignment for Critical Resource" },
	{ 754, "Improper Check for Unusual or Exceptional Conditions" },
	{ 778, "Insufficient Logging" },
	{ 820, "Missing Synchronization" },
	{ 821, "Incorrect Synchronization" },
	{ 832, "Unlock of a Resource that is not Locked" },
	{ 833, "Deadlock" },
	{ 862, "Missing Authorization" },
	{ 863, "Incorrect Authorization" },
	{ 1220, "Insufficient Granularity of Access Control" },
	{ 1260, "Improper Handling of Overlap Between Protected Memory Ranges" },
	{ 1298, "Hardware Logic Contains Race Conditions" },
};

const char *cwe_number(const char *id)
{
	const char *dash = strchr(id, '-');

	return dash ? dash + 1 : id;
}

const char *cwe_title(const char *id)
{
	unsigned long number = strtoul(cwe_number(id), NULL, 10);

	for (size_t i = 0; i < sizeof(weaknesses) / sizeof(*weaknesses); i++)
		if (weaknesses[i].number == number)
			return weaknesses[i].title;
	return NULL;
}
