/* SPDX-License-Identifier: MIT */
#include "rules/infer.h"

#include <ctype.h>
#include <string.h>

#include "rules/field_use.h"

#define STRONG 3		/* places that hold the lock, or that read what nobody writes */

struct usage {
	struct field_use use;
	unsigned writes, reads;		/* places */
	struct use_count locks[USE_LOCKS];
	unsigned nlocks;
	bool only_one, only_zero;	/* what is stored */
	bool is_lock;
};

struct printing {
	struct judge *j;
	ir_rec rec;
	struct usage *v;
	unsigned n;
	unsigned rules;			/* printed so far */
	struct buffer *out;
};

/* ------------------------------------------------------------------- evidence */

static void note_values(struct judge *j, struct usage *u)
{
	u->only_one = u->only_zero = true;
	for (uint32_t i = 0; i < j->shared.n; i++) {
		const struct shared *x = &j->shared.v[i];
		uint64_t v;

		if (!shared_writes(x) || x->teardown || !shared_touches(j, x, &u->use.bound))
			continue;
		if (word_is_none(x->a->val) || !word_is_const(j->e.dom, x->a->val, &v))
			v = 2;
		u->only_one &= v == 1;
		u->only_zero &= v == 0;
	}
}

static struct usage usage_of(struct judge *j, ir_rec rec, const struct ir_field *f)
{
	struct usage u = { .use = { .field = f, .bound = { rec, f->off, (uint32_t)f->width } } };

	field_use_collect(j, NULL, &u.use, true);
	for (uint32_t i = 0; i < u.use.places.n; i++) {
		u.writes += u.use.places.v[i].writes;
		u.reads += !u.use.places.v[i].writes;
	}
	u.nlocks = field_use_count(&u.use, u.locks);
	u.is_lock = f->type.kind == IR_T_AGG && f->type.rec != IR_NONE &&
		    engine_is_lock_record(&j->e, f->type.rec);
	note_values(j, &u);
	return u;
}

/* The lock that most writes hold, and of these most reads; NULL for none. */
static const struct use_count *best_lock(const struct usage *u)
{
	const struct use_count *best = NULL;

	for (unsigned i = 0; i < u->nlocks; i++) {
		const struct use_count *l = &u->locks[i];

		if (l->writes && (!best || l->writes > best->writes ||
				  (l->writes == best->writes && l->reads > best->reads)))
			best = l;
	}
	return best;
}

static bool is_guarded(const struct usage *u, const struct use_count *l)
{
	return l && l->writes == u->writes && l->writes + l->reads >= STRONG &&
	       !u->use.field->in_union;
}

static bool is_constant(const struct usage *u)
{
	return u->reads >= STRONG && !u->writes && !u->use.field->in_union;
}

/* ------------------------------------------------------------------ the table */

static const char *name_of(const struct printing *p, const struct usage *u)
{
	return intern_get(&p->j->e.unit->names, u->use.field->name);
}

static const char *record_name(const struct printing *p)
{
	return intern_get(&p->j->e.unit->names, p->j->e.unit->records.v[p->rec].tag);
}

static const char *discipline(const struct printing *p, const struct usage *u)
{
	const struct use_count *l = best_lock(u);
	struct arena *a = &p->j->report->arena;
	const char *lock = l ? field_use_lock_name(p->j, p->rec, &l->lock) : NULL;

	if (u->is_lock)
		return "a lock";
	if (!u->writes && !u->reads)
		return "not accessed here";
	if (!u->writes)
		return "init-only";
	if (l && l->writes == u->writes)
		return arena_printf(a, "guarded by %s%s%s", lock,
				    l->reads == u->reads ? "" : " (writes)",
				    l->writes + l->reads < STRONG ? ", few places" : "");
	if (l)
		return arena_printf(a, "%u of %u writes hold %s", l->writes, u->writes, lock);
	return arena_printf(a, "%swritten without a lock", u->only_one ? "monotone to 1, " :
			    u->only_zero ? "monotone to 0, " : "");
}

static const char *locks_text(const struct printing *p, const struct usage *u)
{
	struct arena *a = &p->j->report->arena;
	const char *text = "";

	for (unsigned i = 0; i < u->nlocks; i++)
		text = arena_printf(a, "%s%s%s %uw %ur", text, i ? ", " : "",
				    field_use_lock_name(p->j, p->rec, &u->locks[i].lock),
				    u->locks[i].writes, u->locks[i].reads);
	return *text ? text : u->writes + u->reads ? "none" : "";
}

static void print_table(struct printing *p)
{
	buffer_printf(p->out, "# %s: the places that access it once others can reach it%s\n#\n",
		      record_name(p), p->j->in.fe ? ", in this unit" : "");
	buffer_printf(p->out, "# %-24s %6s %6s  %-36s %s\n", "field", "writes", "reads",
		      "places that hold a lock", "discipline");
	for (unsigned i = 0; i < p->n; i++) {
		const struct usage *u = &p->v[i];

		buffer_printf(p->out, "# %-24s %6u %6u  %-36s %s%s\n", name_of(p, u), u->writes,
			      u->reads, locks_text(p, u), discipline(p, u),
			      u->use.field->in_union ? "; in a union" : "");
	}
}

/* ------------------------------------------------------------------ the rules */

/* "struct dmar_domain" and "s1_lock" become "DmarDomain" and "S1Lock". */
static void print_pascal(const char *text, struct buffer *out)
{
	const char *space = strchr(text, ' ');
	bool up = true;

	for (const char *s = space ? space + 1 : text; *s; s++) {
		char c = up ? (char)toupper((unsigned char)*s) : *s;

		up = !isalnum((unsigned char)*s);
		if (!up)
			buffer_add(out, &c, 1);
	}
}

static void print_head(struct printing *p, const char *of, const char *name, const char *template)
{
	struct buffer *out = p->out;

	buffer_printf(out, "%s\nid: PF%u\nname: ", p->rules ? "---" : "", 9901 + p->rules);
	print_pascal(record_name(p), out);
	print_pascal(of, out);
	buffer_printf(out, "%s\ntemplate: %s\n", name, template);
	p->rules++;
}

static void print_tail(struct printing *p, const char *help)
{
	buffer_printf(p->out, "severity: warning\nconfidence: medium\nhelp: |\n  Inferred from the "
		      "code by \"protflow rules infer '%s'\": %s\nunknown: incomplete\n",
		      record_name(p), help);
}

static bool same_lock(const struct use_count *a, const struct use_count *b)
{
	return a->lock.through == b->lock.through && a->lock.step == b->lock.step &&
	       a->lock.glob == b->lock.glob && a->lock.off == b->lock.off;
}

/* The fields of one lock whose reads hold it too, or whose do not: all from the first on. */
static void print_guarded(struct printing *p, bool *done, unsigned first)
{
	const struct use_count *l = best_lock(&p->v[first]);
	const char *lock = field_use_lock_name(p->j, p->rec, &l->lock);
	bool reads = l->reads == p->v[first].reads;
	unsigned writes = 0, read = 0, n = 0;

	print_head(p, lock, reads ? "NotHeld" : "NotHeldToWrite", "guarded-by");
	buffer_printf(p->out, "message: >-\n  '{field}' of '{object}' is {access} in '{function}' "
		      "without '{lock}'.\nshort: A field of %s is accessed without '%s'.\nfields: [",
		      record_name(p), lock);
	for (unsigned i = first; i < p->n; i++) {
		const struct use_count *m = best_lock(&p->v[i]);

		if (done[i] || !is_guarded(&p->v[i], m) || !same_lock(l, m) ||
		    reads != (m->reads == p->v[i].reads))
			continue;
		buffer_printf(p->out, "%s\"%s.%s\"", n++ ? ",\n         " : "", record_name(p),
			      name_of(p, &p->v[i]));
		writes += m->writes;
		read += m->reads;
		done[i] = true;
	}
	buffer_printf(p->out, "]\nlock: \"%s\"\nwrite: exclusive\nread: %s\n", lock,
		      reads ? "shared" : "none");
	print_tail(p, arena_printf(&p->j->report->arena, "of the places\n  that access these fields "
				   "%u that write hold the lock, and %u that read.", writes, read));
}

static void print_constant(struct printing *p, const struct usage *u)
{
	print_head(p, name_of(p, u), "Changes", "stable-field");
	buffer_printf(p->out, "message: >-\n  '{field}' of '{object}' is written in '{function}' once "
		      "others can reach it.\nshort: %s of %s is written after it was published.\n"
		      "field: \"%s.%s\"\nis: init-only\n", name_of(p, u), record_name(p),
		      record_name(p), name_of(p, u));
	print_tail(p, arena_printf(&p->j->report->arena, "%u places\n  read it, and nobody writes it "
				   "once others can reach it.", u->reads));
}

static void print_rules(struct printing *p)
{
	bool *done = arena_new_array(&p->j->report->arena, bool, p->n + 1);

	memset(done, 0, p->n * sizeof(*done));
	for (unsigned i = 0; i < p->n; i++)
		if (!done[i] && is_guarded(&p->v[i], best_lock(&p->v[i])))
			print_guarded(p, done, i);
	for (unsigned i = 0; i < p->n; i++)
		if (is_constant(&p->v[i]))
			print_constant(p, &p->v[i]);
	if (!p->rules)
		buffer_puts(p->out, "#\n# no discipline has strong evidence\n");
}

void infer_print(struct judge *j, ir_rec rec, struct buffer *out)
{
	const struct ir_record *r = &j->e.unit->records.v[rec];
	struct printing p = { .j = j, .rec = rec, .n = r->fields.n, .out = out };

	p.v = arena_new_array(&j->report->arena, struct usage, p.n + 1);
	for (unsigned i = 0; i < p.n; i++)
		p.v[i] = usage_of(j, rec, &r->fields.v[i]);
	print_table(&p);
	print_rules(&p);
	for (unsigned i = 0; i < p.n; i++)
		field_use_release(&p.v[i].use);
}
