# SPDX-License-Identifier: MIT
# A value that goes through the memory of an object: the path of a finding of the link begins
# where the value does, and what nobody stores there is not certain.
. "$(dirname "$0")/lib.sh"

box_tree a
sed -i 's/^objects := .*/objects := $(addprefix drivers\/box\/, lower.o upper.o ioctl.o)/' a/Makefile
cat >>a/drivers/box/box.h <<'END'
struct area { struct area *next; int rights; };
int area_put(struct box *box, struct area *area);
END
cat >a/drivers/box/lower.c <<'END'
#include "box.h"

int box_put(struct box *box, unsigned int i, int flags)
{
	box->slots[i & 3].val = (unsigned int)flags;
	return 0;
}
END
cat >a/drivers/box/upper.c <<'END'
#include "box.h"

int area_put(struct box *box, struct area *area)
{
	int rights = area->rights;

	return box_put(box, 1, rights);
}
END
# $1: what is stored.
ioctl() {
	cat >a/drivers/box/ioctl.c <<END
#include "box.h"

void *kzalloc(unsigned long size, unsigned int flags);
int box_ioctl(struct area **all, int wish);
int box_again(struct box *box, struct area **all);

static int rights_of(int wish)
{
	int rights = SLOT_USED;

	if (wish & 4)
		rights |= SLOT_SAFE;
	return $1;
}

static void area_insert(struct area **all, struct area *area, int wish)
{
	area->rights = rights_of(wish);
	area->next = *all;
	*all = area;
}

int box_ioctl(struct area **all, int wish)
{
	struct area *area = kzalloc(sizeof(*area), 0);

	if (!area)
		return -12;
	area_insert(all, area, wish);
	return 0;
}

int box_again(struct box *box, struct area **all)
{
	struct area *area = *all;

	if (!area)
		return 0;
	return area_put(box, area);
}
END
}
build_tree() {
	run 0 make -C a C=2 CHECK="$front --rules=$rules --reproducible --no-filter"
	run 0 "$protflow" link --rules "$rules" --reproducible -o link.sarif a
}
# The functions of the path, in its order, and what is said at each step.
steps() {
	python3 -c '
import json
for r in json.load(open("link.sarif"))["runs"][0]["results"]:
    for c in r.get("codeFlows", []):
        for s in c["threadFlows"][0]["locations"]:
            l = s["location"]
            print(l["logicalLocations"][0]["name"], l["message"]["text"])
'
}

ioctl rights
build_tree
steps >said
grep -q "^box_ioctl 'box_ioctl' can be called" said || fail "it does not begin where the value does"
grep -q "^area_insert stores it to 'struct area.rights'" said || fail "no step for the store"
grep -q "^area_put reads 'struct area.rights'" said || fail "no step for the load"
path=$(cut -d' ' -f1 said | uniq | tr '\n' ' ')
[ "$path" = "box_ioctl area_insert box_again area_put box_put " ] || fail "another path: $path"
grep -q "'box_ioctl' stores it to 'struct area.rights' with wish = 0" link.sarif ||
	fail "the wish is not told"
grep -q '"verdict": "violation"' link.sarif || fail "not certain"

# Whoever stores it makes it safe: that a finding is certain cannot be said.
ioctl 'rights | SLOT_SAFE'
build_tree
! grep -q '"verdict": "violation"' link.sarif || fail "certain, of a value that nobody stores"
grep -q "nobody is seen to store such a value to 'struct area.rights'" link.sarif ||
	fail "the reason is not told"

# Of two that lead there the one is told that can also make a box with a lid, and of two that
# store such a value the one that is that function as well.
ioctl rights
cat >>a/drivers/box/ioctl.c <<'END'
static struct box *the_box;
int box_early(struct area **all);
int box_late(struct area **all, int command, int wish);

int box_early(struct area **all)
{
	return the_box && *all ? area_put(the_box, *all) : 0;
}

static int box_make(void)
{
	struct box *box = kzalloc(sizeof(*box), 0);

	if (!box)
		return -12;
	box->lid = 1;
	the_box = box;
	return 0;
}

int box_late(struct area **all, int command, int wish)
{
	if (command == 1)
		return box_make();
	if (command == 2)
		return box_ioctl(all, wish);
	return the_box && *all ? area_put(the_box, *all) : 0;
}
END
build_tree
steps >said
path=$(cut -d' ' -f1 said | uniq | tr '\n' ' ')
[ "$path" = "box_late box_ioctl area_insert box_late area_put box_put " ] ||
	fail "not the way of who makes the lid: $path"
sarif link.sarif "[l['message']['text'] for r in results for l in r.get('relatedLocations', []) \
	if 'message' in l].count(\"also reached from 'box_early'\") == 1"
