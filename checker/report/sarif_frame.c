/* SPDX-License-Identifier: MIT */
#include "report/sarif_frame.h"

#include <stdlib.h>

#include "report/descriptor.h"

void sarif_text(struct json_writer *w, const char *key, const char *text)
{
	jw_flat(w);
	jw_object(w, key);
	jw_string(w, "text", text);
	jw_end(w);
}

void sarif_strings(struct json_writer *w, const char *key, const char *const *v, unsigned n)
{
	if (!n)
		return;
	jw_array(w, key);
	for (unsigned i = 0; i < n; i++)
		jw_string(w, NULL, v[i]);
	jw_end(w);
}

void sarif_help(struct json_writer *w, const char *text, const char *anchor)
{
	if (*PROTFLOW_HOME)
		jw_printf(w, "helpUri", "%s/rules#%s", PROTFLOW_HOME, anchor);
	jw_object(w, "help");
	jw_string(w, "text", text);
	jw_string(w, "markdown", text);
	jw_end(w);
}

void sarif_begin(struct json_writer *w)
{
	jw_object(w, NULL);
	jw_string(w, "$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/"
		  "schemas/sarif-schema-2.1.0.json");
	jw_string(w, "version", "2.1.0");
	jw_array(w, "runs");
	jw_object(w, NULL);
}

void sarif_end(struct json_writer *w)
{
	jw_end(w);
	jw_end(w);
	jw_end(w);
}

void sarif_begin_driver(struct json_writer *w)
{
	jw_object(w, "tool");
	jw_object(w, "driver");
	jw_string(w, "name", PROTFLOW_NAME);
	jw_string(w, "fullName", PROTFLOW_NAME " " PROTFLOW_VERSION);
	jw_string(w, "organization", PROTFLOW_NAME);
	jw_string(w, "version", PROTFLOW_VERSION);
	jw_string(w, "semanticVersion", PROTFLOW_VERSION);
	/* Validators want one: a name where there is no address, and nothing made up. */
	jw_string(w, "informationUri",
		  *PROTFLOW_HOME ? PROTFLOW_HOME : "urn:" PROTFLOW_NAME ":" PROTFLOW_VERSION);
	sarif_text(w, "shortDescription",
		   "A static checker for the flow of flags in Linux kernel code.");
	jw_string(w, "language", "en-US");
}

static void write_notification(struct json_writer *w, const char *id)
{
	struct descriptor d = descriptor_of(id);

	jw_object(w, NULL);
	jw_string(w, "id", d.id);
	jw_string(w, "name", d.name);
	sarif_text(w, "shortDescription", d.text);
	sarif_text(w, "fullDescription", d.text);
	jw_flat(w);
	jw_object(w, "defaultConfiguration");
	jw_string(w, "level", d.level);
	jw_end(w);
	sarif_help(w, d.help, d.id);
	jw_end(w);
}

void sarif_component_reference(struct json_writer *w, const char *key)
{
	jw_object(w, key);
	jw_string(w, "name", "CWE");
	jw_int(w, "index", 0);
	jw_end(w);
}

void sarif_end_driver(struct json_writer *w, const char *const *notifications, unsigned n,
		      bool has_taxonomies)
{
	jw_array(w, "notifications");
	for (unsigned i = 0; i < n; i++)
		write_notification(w, notifications[i]);
	jw_end(w);
	if (has_taxonomies) {
		jw_flat(w);
		jw_array(w, "supportedTaxonomies");
		sarif_component_reference(w, NULL);
		jw_end(w);
	}
	jw_end(w);
	jw_end(w);
}

void sarif_constants(struct json_writer *w, const char *automation_id)
{
	jw_string(w, "language", "en-US");
	jw_string(w, "columnKind", "unicodeCodePoints");
	jw_string(w, "defaultEncoding", "UTF-8");
	jw_string(w, "defaultSourceLanguage", "c");
	jw_flat(w);
	jw_object(w, "automationDetails");
	jw_string(w, "id", automation_id ? automation_id : PROTFLOW_NAME "/");
	jw_end(w);
}

void sarif_provenance(struct json_writer *w, const struct sarif_vcs *vcs, const char *root)
{
	if (!vcs || !vcs->uri)
		return;
	jw_array(w, "versionControlProvenance");
	jw_object(w, NULL);
	jw_string(w, "repositoryUri", vcs->uri);
	jw_string(w, "revisionId", vcs->revision);
	jw_string(w, "branch", vcs->branch);
	jw_flat(w);
	jw_object(w, "mappedTo");
	jw_string(w, "uriBaseId", root);
	jw_end(w);
	jw_end(w);
	jw_end(w);
}

int sarif_compare_numbers(const void *a, const void *b)
{
	unsigned long x = strtoul(*(const char *const *)a, NULL, 10);
	unsigned long y = strtoul(*(const char *const *)b, NULL, 10);

	return x < y ? -1 : x > y;
}

static void write_taxon(struct json_writer *w, const char *number)
{
	jw_object(w, NULL);
	jw_string(w, "id", number);
	jw_string(w, "name", cwe_title(number));
	jw_printf(w, "helpUri", "https://cwe.mitre.org/data/definitions/%s.html", number);
	jw_end(w);
}

void sarif_taxonomies(struct json_writer *w, const char *const *numbers, unsigned n)
{
	if (!n)
		return;
	jw_array(w, "taxonomies");
	jw_object(w, NULL);
	jw_string(w, "name", "CWE");
	jw_string(w, "fullName", "Common Weakness Enumeration");
	jw_string(w, "organization", "MITRE");
	jw_string(w, "version", CWE_VERSION);
	jw_string(w, "informationUri", "https://cwe.mitre.org");
	sarif_text(w, "shortDescription",
		   "A list of types of weaknesses of software and hardware.");
	jw_bool(w, "isComprehensive", false);
	jw_array(w, "taxa");
	for (unsigned i = 0; i < n; i++)
		write_taxon(w, numbers[i]);
	jw_end(w);
	jw_end(w);
	jw_end(w);
}
