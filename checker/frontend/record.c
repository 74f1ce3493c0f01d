/* SPDX-License-Identifier: MIT */
#include "frontend/internal.h"

#include <string.h>

/* Of a record without a name: where it stands. */
static char *unnamed(struct frontend *fe, const char *keyword, ir_loc loc)
{
	const struct ir_place *p = &fe->unit.locs.v[loc];

	return arena_printf(&fe->unit.arena, "%s (%s:%u)", keyword, fe_str(fe, p->file), p->line);
}

/*
 * libclang spells an unnamed record as "struct (unnamed at file:1:2)", with
 * differences between versions, and one that has only a typedef name as that
 * name alone. Only the two properties "has a keyword" and "has a parenthesis"
 * are used.
 */
static str_id record_tag(struct frontend *fe, CXType c, CXCursor decl, bool is_union)
{
	const char *keyword = is_union ? "union" : "struct";
	struct ir_unit *u = &fe->unit;
	CXString s = clang_getTypeSpelling(clang_getUnqualifiedType(c));
	const char *name = fe_str(fe, fe_name(fe, decl));
	const char *spelt = clang_getCString(s);
	char *tag;

	if (strchr(name, '(') || !*name)
		tag = unnamed(fe, keyword, fe_loc(fe, clang_getCursorExtent(decl)));
	else if (!strncmp(spelt, keyword, strlen(keyword)) && spelt[strlen(keyword)] == ' ')
		tag = arena_printf(&u->arena, "%s %s", keyword, name);
	else
		tag = arena_printf(&u->arena, "typedef %s", name);
	clang_disposeString(s);
	return intern_str(&u->names, tag);
}

/* The record without its fields; they are filled in when one is accessed. */
ir_rec fe_record(struct frontend *fe, CXType c)
{
	CXCursor decl = clang_getTypeDeclaration(c);
	CXCursor def = clang_getCursorDefinition(decl);
	bool is_union = clang_getCursorKind(decl) == CXCursor_UnionDecl;
	struct ir_unit *u = &fe->unit;
	uint64_t *slot = map_put(&fe->record_of, fe_key(clang_getCanonicalCursor(decl)));
	struct ir_record *r;
	long long size;
	ir_rec rec;

	if (*slot)
		return (ir_rec)*slot - 1;
	rec = u->records.n;
	*slot = (uint64_t)rec + 1;
	if (!clang_Cursor_isNull(def))
		decl = def;
	r = array_add(&u->records);
	*array_add(&fe->records) = (struct fe_record){ .c = clang_getUnqualifiedType(c) };
	r->tag = record_tag(fe, c, decl, is_union);
	r->is_union = is_union;
	size = clang_Type_getSizeOf(c);
	r->size = size > 0 ? (uint64_t)size * 8 : 0;
	if (!map_get(&u->record_index, r->tag))
		*map_put(&u->record_index, r->tag) = rec;
	if (!strcmp(fe_str(fe, r->tag), "struct __va_list_tag"))
		fe->va_list_tag = rec;
	return rec;
}

struct visit {
	struct frontend *fe;
	Array(CXCursor) fields;
};

static enum CXVisitorResult push_field(CXCursor c, CXClientData data)
{
	struct visit *v = data;

	array_push(&v->fields, c);
	return CXVisit_Continue;
}

static bool has_name(struct frontend *fe, CXCursor field)
{
	const char *s = fe_str(fe, fe_name(fe, field));

	return *s && !strchr(s, '(');
}

bool fe_is_anonymous(struct frontend *fe, CXCursor field)
{
	uint64_t *slot = map_put(&fe->anonymous_of, fe_key(field));

	if (!*slot)
		*slot = has_name(fe, field) || clang_Cursor_isBitField(field) ? 1 : 2;
	return *slot == 2;
}

static struct fe_member member_of(struct frontend *fe, CXCursor field)
{
	long long off = clang_Cursor_getOffsetOfField(field);
	struct fe_member m = { .key = fe_key(field), .off = off > 0 ? (uint64_t)off : 0 };

	m.type = fe_type(fe, clang_getCursorType(field));
	m.is_bitfield = clang_Cursor_isBitField(field);
	if (m.is_bitfield)
		m.bits = (uint8_t)clang_getFieldDeclBitWidth(field);
	m.anonymous = fe_is_anonymous(fe, field);
	m.unnamed = m.is_bitfield && !has_name(fe, field);
	return m;
}

static uint64_t member_slot(ir_rec rec, uint64_t key)
{
	return hash_mix(key, rec);
}

struct declared {
	struct frontend *fe;
	str_id text;
};

static enum CXChildVisitResult find_declared(CXCursor c, CXCursor parent, CXClientData data)
{
	struct declared *d = data;
	const char *text = fe_contract(d->fe, c, &(size_t){ 0 });

	(void)parent;
	if (!text)
		return CXChildVisit_Continue;
	d->text = intern_str(&d->fe->unit.names, text);
	return CXChildVisit_Break;
}

static str_id declared(struct frontend *fe, CXCursor field)
{
	struct declared d = { .fe = fe };

	if (clang_Cursor_hasAttrs(field))
		clang_visitChildren(field, find_declared, &d);
	return d.text;
}

struct flatten {
	struct frontend *fe;
	ir_rec into;
	uint64_t base;
	bool in_union;
};

static void flatten(const struct flatten *fl, ir_rec from);

static void add_field(const struct flatten *fl, CXCursor c, const struct fe_member *m)
{
	struct frontend *fe = fl->fe;
	struct ir_record *r = &fe->unit.records.v[fl->into];
	struct ir_field *f = array_add(&r->fields);

	*f = (struct ir_field){ .name = fe_name(fe, c), .off = fl->base + m->off,
				.width = m->is_bitfield ? m->bits : m->type->t.size,
				.type = m->type->t, .is_bitfield = m->is_bitfield,
				.in_union = fl->in_union, .declared = declared(fe, c) };
	f->unit_off = f->off;
	f->unit_width = f->width;
}

/*
 * C11 3.14: adjacent bit-fields are one memory location, ended by one of width
 * 0, by a member that is none, and by the borders of the record they stand in.
 */
struct unit_run {
	uint32_t first;		/* index into fields, IR_NONE: no run */
	uint64_t start, end;
};

static void end_run(struct ir_record *r, struct unit_run *run)
{
	uint64_t start = run->start & ~7ull, end = (run->end + 7) & ~7ull;

	if (run->first != IR_NONE)
		for (uint32_t i = run->first; i < r->fields.n; i++) {
			r->fields.v[i].unit_off = start;
			r->fields.v[i].unit_width = end - start;
		}
	run->first = IR_NONE;
}

static void add_to_run(struct ir_record *r, struct unit_run *run, uint64_t off, unsigned bits)
{
	if (run->first == IR_NONE)
		*run = (struct unit_run){ r->fields.n, off, off };
	run->end = off + bits;
}

static void add_place(const struct flatten *fl, const struct fe_member *m)
{
	struct fe_place_in *p = arena_new(&fl->fe->unit.arena, struct fe_place_in);

	p->off = fl->base + m->off;
	p->bits = m->bits;
	*map_put(&fl->fe->member_of, member_slot(fl->into, m->key)) = (uint64_t)(uintptr_t)p;
}

static void flatten_member(const struct flatten *fl, CXCursor c, const struct fe_member *m,
			   bool is_union, struct unit_run *run)
{
	struct ir_record *r = &fl->fe->unit.records.v[fl->into];
	struct flatten inner = *fl;

	if (!m->is_bitfield || !m->bits || is_union)
		end_run(r, run);
	if (m->is_bitfield && m->bits && !m->unnamed)
		add_to_run(r, run, fl->base + m->off, m->bits);
	else if (m->is_bitfield && m->bits && run->first != IR_NONE)
		run->end = fl->base + m->off + m->bits;
	add_place(fl, m);
	if (m->anonymous && m->type->is_record) {
		inner.base += m->off;
		inner.in_union |= is_union;
		flatten(&inner, m->type->t.rec);
	} else if (!m->unnamed) {
		add_field(fl, c, m);
	}
}

/* Lists the fields of record from, which lies at base, as fields of record into. */
static void flatten(const struct flatten *outer, ir_rec from)
{
	struct frontend *fe = outer->fe;
	struct flatten fl = *outer;
	struct visit v = { .fe = fe };
	struct unit_run run = { .first = IR_NONE };
	bool is_union = fe->unit.records.v[from].is_union;

	fl.in_union |= is_union;
	clang_Type_visitFields(fe->records.v[from].c, push_field, &v);
	for (uint32_t i = 0; i < v.fields.n; i++) {
		struct fe_member m = member_of(fe, v.fields.v[i]);

		if (fl.into == from)
			array_push(&fe->records.v[from].members, m);
		flatten_member(&fl, v.fields.v[i], &m, is_union, &run);
	}
	end_run(&fe->unit.records.v[fl.into], &run);
	array_release(&v.fields);
}

/* The records that a record holds by value are filled too; ir_field_at() enters them. */
const struct fe_record *fe_record_filled(struct frontend *fe, ir_rec rec)
{
	struct flatten fl = { .fe = fe, .into = rec };
	uint32_t n;

	if (fe->records.v[rec].filled)
		return &fe->records.v[rec];
	fe->records.v[rec].filled = true;
	flatten(&fl, rec);
	fe->unit.records.v[rec].complete = clang_Type_getSizeOf(fe->records.v[rec].c) >= 0;
	n = fe->unit.records.v[rec].fields.n;
	for (uint32_t i = 0; i < n; i++) {
		const struct ir_type *t = &fe->unit.records.v[rec].fields.v[i].type;

		if (t->kind == IR_T_AGG && t->rec != IR_NONE)
			fe_record_filled(fe, t->rec);
	}
	return &fe->records.v[rec];
}

const struct fe_place_in *fe_member(struct frontend *fe, ir_rec rec, CXCursor field)
{
	const uint64_t *slot;

	fe_record_filled(fe, rec);
	slot = map_get(&fe->member_of, member_slot(rec, fe_key(field)));
	return slot ? (const struct fe_place_in *)(uintptr_t)*slot : NULL;
}

struct wanted {
	struct frontend *fe;
	const char *name;
	bool is_typedef, is_union;
};

static enum CXCursorKind wanted_kind(const struct wanted *w)
{
	return w->is_typedef ? CXCursor_TypedefDecl :
	       w->is_union ? CXCursor_UnionDecl : CXCursor_StructDecl;
}

static uint64_t name_key(str_id name, enum CXCursorKind kind)
{
	return (uint64_t)kind << 32 | name;
}

static bool is_wanted(const struct wanted *w, CXCursor c, enum CXCursorKind kind)
{
	str_id name;

	if (kind != wanted_kind(w))
		return false;
	name = fe_name(w->fe, c);
	map_put(&w->fe->record_names, name_key(name, kind));
	return !strcmp(fe_str(w->fe, name), w->name);
}

/* Rules name records that most units lack: the tree is walked for each kind once. */
static bool is_absent(const struct wanted *w)
{
	enum CXCursorKind kind = wanted_kind(w);
	str_id name = intern_find(&w->fe->unit.names, w->name);
	const struct map *known = &w->fe->record_names;

	/* Name 0 stands for "all of the kind were seen". */
	return map_get(known, name_key(0, kind)) &&
	       (!name || !map_get(known, name_key(name, kind)));
}

static enum CXChildVisitResult find_record(CXCursor c, CXCursor parent, CXClientData data)
{
	struct wanted *w = data;
	enum CXCursorKind kind = clang_getCursorKind(c);

	(void)parent;
	if (is_wanted(w, c, kind))
		fe_type(w->fe, clang_getCursorType(c));
	return kind == CXCursor_StructDecl || kind == CXCursor_UnionDecl ? CXChildVisit_Recurse :
									   CXChildVisit_Continue;
}

static void walk_records(struct wanted *w)
{
	if (is_absent(w))
		return;
	clang_visitChildren(clang_getTranslationUnitCursor(w->fe->tu), find_record, w);
	map_put(&w->fe->record_names, name_key(0, wanted_kind(w)));
}

ir_rec frontend_record(struct frontend *fe, const char *tag)
{
	const char *name = strchr(tag, ' ');
	struct wanted w = { .fe = fe, .name = name ? name + 1 : tag };
	ir_rec rec;

	if (!fe->has_unit)
		return IR_NONE;
	rec = ir_record_find(&fe->unit, tag);
	if (rec == IR_NONE && name) {
		w.is_typedef = !strncmp(tag, "typedef ", 8);
		w.is_union = !strncmp(tag, "union ", 6);
		walk_records(&w);
		rec = ir_record_find(&fe->unit, tag);
	}
	if (rec != IR_NONE)
		fe_record_filled(fe, rec);
	return rec;
}
