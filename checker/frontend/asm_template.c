/* SPDX-License-Identifier: MIT */
/*
 * A template as instructions. Labels, comments and prefixes go. What stands
 * in another section is data about the code, unless that section is executable
 * itself: the alternatives that replace the code when the kernel boots, and
 * code that is jumped to, run like the rest.
 */
#include "frontend/asm.h"

#include <ctype.h>
#include <string.h>

struct split {
	struct lower *lw;
	struct asm_stmt *s;
	Array(struct asm_insn) insns;
	unsigned data;		/* depth of sections that hold no code that runs */
	unsigned sections;
	bool in_macro;		/* of the assembler: code where it is used */
};

static bool starts(const char *s, const char *word)
{
	size_t n = strlen(word);

	return !strncmp(s, word, n) && !isalnum((unsigned char)s[n]) && s[n] != '_';
}

static char *skip_blanks(char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	return s;
}

static void trim(char *s)
{
	size_t n = strlen(s);

	while (n && isspace((unsigned char)s[n - 1]))
		s[--n] = 0;
}

static void strip_comments(char *s, enum model_machine machine)
{
	char *out = s, quote = 0;

	while (*s) {
		if (!quote && s[0] == '/' && s[1] == '*') {
			char *end = strstr(s + 2, "*/");

			s = end ? end + 2 : s + strlen(s);
			continue;
		}
		if (!quote && (machine == MODEL_ARM64 ? s[0] == '/' && s[1] == '/' : *s == '#'))
			s += strcspn(s, "\n");
		if (*s == '"')
			quote = quote ? 0 : '"';
		if (*s)
			*out++ = *s++;
	}
	*out = 0;
}

/* "1:" or ".Lfoo%=:" */
static char *skip_labels(char *s)
{
	char *t;

	for (;;) {
		s = skip_blanks(s);
		for (t = s; isalnum((unsigned char)*t) || strchr("._$%=", *t); t++)
			if (!*t)
				return s;
		if (t == s || *t != ':')
			return s;
		s = t + 1;
	}
}

static char *skip_prefixes(char *s)
{
	static const char *const prefixes[] = { "lock", "rep", "repe", "repz", "repne", "repnz",
						"notrack" };

	for (unsigned i = 0; i < sizeof(prefixes) / sizeof(*prefixes);)
		if (starts(s, prefixes[i])) {
			s = skip_blanks(s + strlen(prefixes[i]));
			i = 0;
		} else {
			i++;
		}
	return s;
}

static void add_insn(struct split *sp, const char *text)
{
	const struct model *m = sp->lw->fe->model;

	array_push(&sp->insns, (struct asm_insn){
		text, m ? model_asm(m, sp->lw->fe->machine, text) : NULL });
}

static bool is_one_of(const char *s, const char *const *names)
{
	for (; *names; names++)
		if (starts(s, *names))
			return true;
	return false;
}

/* Directives that neither make code nor change which code runs. */
static bool is_harmless(const char *s)
{
	static const char *const names[] = { ".balign", ".align", ".p2align", ".skip", ".org",
					     ".set", ".type", ".size", ".globl", ".global",
					     ".weak", ".equ", ".arch", ".arch_extension", NULL };

	return is_one_of(s, names) || !strncmp(s, ".cfi_", 5);
}

/* Of arm64's alternatives: what they leave out, or put elsewhere, counts as code that runs. */
static bool is_conditional(const char *s)
{
	static const char *const names[] = { ".if", ".ifc", ".else", ".endif", ".irp", ".rept",
					     ".endr", ".subsection", ".previous", NULL };

	return is_one_of(s, names);
}

static bool is_of_macro(struct split *sp, const char *s)
{
	bool was = sp->in_macro;

	if (starts(s, ".macro"))
		sp->in_macro = true;
	else if (starts(s, ".endm"))
		sp->in_macro = false;
	return was || sp->in_macro || starts(s, ".purgem");
}

static void push_section(struct split *sp, const char *s)
{
	sp->sections++;
	if (sp->data || !strstr(s, "\"ax\""))
		sp->data++;
}

static void statement(struct split *sp, char *s)
{
	s = skip_labels(s);
	trim(s);
	if (starts(s, ".pushsection")) {
		push_section(sp, s);
		return;
	}
	if (starts(s, ".popsection")) {
		if (sp->data)
			sp->data--;
		return;
	}
	if (sp->data || is_of_macro(sp, s) || is_harmless(s))
		return;
	if (sp->lw->fe->machine == MODEL_ARM64 && is_conditional(s)) {
		sp->s->is_conditional = true;
		return;
	}
	s = skip_prefixes(s);
	if (*s)
		add_insn(sp, s);
}

void asm_split(struct lower *lw, struct asm_stmt *s)
{
	struct split sp = { .lw = lw, .s = s };
	char *text = arena_strdup(&lw->arena, s->text), *end;

	strip_comments(text, lw->fe->machine);
	for (; *text; text = end) {
		end = text + strcspn(text, ";\n");
		if (*end)
			*end++ = 0;
		statement(&sp, text);
	}
	s->ninsns = sp.insns.n;
	s->insns = arena_memdup(&lw->arena, sp.insns.v, sp.insns.n * sizeof(*sp.insns.v));
	s->has_sections = sp.sections;
	array_release(&sp.insns);
}

unsigned asm_operands(struct lower *lw, const char *insn, const char **out, unsigned max)
{
	char *s = arena_strdup(&lw->arena, insn + strcspn(insn, " \t")), *begin;
	unsigned n = 0;
	int depth = 0;

	s = skip_blanks(s);
	for (begin = s; n < max && *begin; begin = s) {
		for (; *s && (depth || *s != ','); s++)
			depth += *s == '(' ? 1 : *s == ')' ? -1 : 0;
		if (*s)
			*s++ = 0;
		begin = skip_blanks(begin);
		trim(begin);
		out[n++] = begin;
	}
	return n;
}

int asm_operand_index(const struct asm_stmt *s, const char *text)
{
	unsigned n = 0;

	if (*text++ != '%')
		return -1;
	/* The modifiers that name a part of the register, of x86 and arm64. */
	if (*text && strchr("bwkqhx", *text))
		text++;
	if (!isdigit((unsigned char)*text))
		return -1;
	while (isdigit((unsigned char)*text))
		n = n * 10 + (unsigned)(*text++ - '0');
	return *text || n >= s->nops ? -1 : (int)n;
}

unsigned asm_suffix_width(const struct asm_insn *i)
{
	size_t n = strcspn(i->text, " \t"), m = strlen(i->model->mnemonic);

	if (n != m + 1)
		return 0;
	switch (i->text[n - 1]) {
	case 'b': return 8;
	case 'w': return 16;
	case 'l': return 32;
	case 'q': return 64;
	default: return 0;
	}
}
