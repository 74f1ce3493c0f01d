/* SPDX-License-Identifier: MIT */
#include "rules/subject.h"

#include <string.h>

bool subject_pointee(const char *type, char tag[SUBJECT_TAG])
{
	size_t n = strlen(type);

	if (n < 3 || n >= SUBJECT_TAG || type[n - 1] != '*')
		return false;
	for (n--; n && type[n - 1] == ' '; n--)
		;
	memcpy(tag, type, n);
	tag[n] = 0;
	return !strchr(tag, '*');
}

static void tell(const char *name, subject_name found, void *arg)
{
	if (name)
		found(arg, name);
}

void subject_anchors(const struct rule *r, subject_name found, void *arg)
{
	for (unsigned i = 0; i < r->nat; i++)
		tell(r->at[i].record ? r->at[i].record : r->at[i].from_record, found, arg);
}

void subject_fields(const struct rule *r, subject_name found, void *arg)
{
	const struct rule_locking *l = &r->locking;

	for (unsigned i = 0; i < l->nfields; i++)
		tell(l->fields[i].record, found, arg);
	for (unsigned i = 0; i < l->nlocks; i++)
		tell(l->locks[i].record, found, arg);
	for (unsigned i = 0; i < RULE_SIDES; i++)
		tell(l->sides[i].set.record, found, arg);
	tell(l->record, found, arg);
	tell(l->list.record, found, arg);
	tell(l->flag.record, found, arg);
}

void subject_policies(const struct rule *r, subject_name found, void *arg)
{
	for (unsigned i = 0; i < r->npolicy; i++)
		tell(r->policy[i].record, found, arg);
}

void subject_binds(const struct rule *r, subject_name found, void *arg)
{
	char tag[SUBJECT_TAG];

	if (r->template != RULE_REFUSE_WARN && r->template != RULE_COUPLING)
		return;
	for (unsigned i = 0; i < r->nbind; i++)
		if (subject_pointee(r->bind[i].type, tag))
			found(arg, tag);
}

void subject_calls(const struct rule *r, subject_name found, void *arg)
{
	for (unsigned i = 0; i < r->nat; i++)
		if (r->at[i].kind == AT_CALL)
			tell(r->at[i].function, found, arg);
}

void subject_helpers(const struct rule *r, subject_name found, void *arg)
{
	const struct rule_locking *l = &r->locking;

	for (unsigned i = 0; i < l->ninstall; i++)
		tell(l->install[i], found, arg);
	for (unsigned i = 0; i < l->napply; i++)
		tell(l->apply[i], found, arg);
	tell(l->act, found, arg);
	tell(l->undo, found, arg);
}
