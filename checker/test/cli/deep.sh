# SPDX-License-Identifier: MIT
# What is deep or long does not overflow the stack, by check or by link: it is judged, or it is
# said to be too much.
. "$(dirname "$0")/lib.sh"

cp "$source/testdata/engine/rules/"*.yaml "$T"
cp -r "$source/rules/models" "$T"
lines() { for ((i = 1; i <= $1; i++)); do eval "printf '$2\n' ${3:-}"; done; }

# judged NAME STATUS: the unit of stdin, checked and linked; the first is strict.h's.
judged() {
	rm -rf facts
	cat "$source/testdata/engine/strict.h" - >"$1.c"
	run 0 "$protflow" check --rules "$T" --no-filter --facts facts --sarif /dev/null -- \
		-std=gnu11 -Wp,-MMD,"./.$1.o.d" "$1.c"
	[[ -e facts/$1.o.facts ]] || fail "$1: no facts"
	(ulimit -s 4096; run 0 "$protflow" link --rules "$T" --assume-complete -o log facts) || exit 1
	grep -q "$2" log || fail "$1: no '$2' in the log"
}

# Pointer after pointer: too much to be told to a caller.
judged loads 'follows pointers too deeply' <<END
struct chain { struct chain *next; struct entry *e; };
static struct entry *last(struct chain *c)
{
$(lines 20000 'c = c->next;')
	return c->e;
}
void map(struct owner *owner, struct chain *c, u64 prot)
{
	last(c)->val = owner->depth | (prot & 3);
}
END

# The same by an index that comes from an index.
judged index 'follows pointers too deeply' <<END
static struct entry *last(struct owner *owner, u32 *p)
{
	u32 i = p[0];
$(lines 8000 'i = p[i];')
	return &owner->table[i];
}
void map(struct owner *owner, u32 *p, u64 prot)
{
	last(owner, p)->val = prot & 3;
}
END

# Call after call, each of which may split the state.
judged calls 'read-only entry can be stored' <<END
void tell(u32 n);
void map(struct owner *owner, u64 prot)
{
$(lines 30000 'tell(%d);' '$i')
	owner->table->val = prot & 3;
}
END
judged splits 'read-only entry can be stored' <<END
struct lock { int x; };
int _raw_spin_trylock(struct lock *l);
void map(struct owner *owner, struct lock *l, u64 prot)
{
$(lines 60 '_raw_spin_trylock(l + %d);' '$i')
	owner->table->val = prot & 3;
}
END

# Function in function: those of a header are compared by what they call.
{
	echo 'static inline unsigned long f0(unsigned long x) { return x; }'
	lines 20000 'static inline unsigned long f%d(unsigned long x) { return f%d(x); }' '$i $((i-1))'
} >deep.h
judged nested 'read-only entry can be stored' <<END
#include "deep.h"
void map(struct owner *owner, u64 prot)
{
	owner->table->val = f20000(prot) & 3;
}
END
