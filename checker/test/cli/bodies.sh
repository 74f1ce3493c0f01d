# SPDX-License-Identifier: MIT
# Headers are parsed without the bodies that nothing names, and nothing is lost by it.
. "$(dirname "$0")/lib.sh"

box_tree a
cat >a/include/linux/shelf.h <<'END'
struct slot { u64 val; };
struct box { struct slot *slots; bool lid; };

static inline int far_put(struct box *box, int flags)
{
	box->slots[0].val = (unsigned int)flags;
	return 0;
}

/* Nobody has use for it, and it cannot be parsed. */
static inline int broken(struct box *box) { return box->no_such_member; }
END
source_has() {
	cat >a/drivers/box/shelf.c <<END
#include <linux/types.h>
#include <linux/shelf.h>
$1
END
	(cd a && run 0 "$protflow" check --rules "$rules" --stats --sarif "$T/log" -- \
		-D__KERNEL__ -nostdinc -I./include -I./include/generated/uapi \
		-include ./include/linux/types.h drivers/box/shelf.c) || exit 1
}

# What is not named is not parsed, so that it can be no fault of the unit.
source_has 'int shelf(struct box *box) { box->slots[1].val = 0; return 0; }'
err_has '^stats: unparsed 0$'
err_has '^stats: bodies left out 2$'
sarif log 'not fails' "ok"

# What is named is, with what is wrong in it.
source_has 'int shelf(struct box *box) { return far_put(box, 1); }'
err_has '^stats: bodies left out 1$'
sarif log 'len(fails) == 1' '"shelf.h" in json.dumps(fails)'

# A fault is one of the whole unit: it is parsed as it is.
source_has 'int shelf(struct box *box) { return box->neither; }'
err_has '^stats: bodies left out 0, parsed again$'
err_has '^stats: unparsed 2$'

# So is a unit whose words do not show whom it calls.
sed -i '/broken/d' a/include/linux/shelf.h
source_has '#define PUT(x) x##_put
int shelf(struct box *box) { return PUT(far)(box, 1); }'
err_has '^stats: bodies left out 0, parsed again$'
err_has '^stats: unparsed 0$'
sarif log 'len(fails) == 1' '"shelf.h" in json.dumps(fails)'

# A cleanup is called by the name that its attribute has, which a macro may have made.
cat >>a/include/linux/shelf.h <<'END'
static inline void far_exit(struct box **box) { (*box)->slots[0].val = 1; }
END
source_has '#define LEAVE(n, b) struct box *n __attribute__((cleanup(n##_exit))) = b
int shelf(struct box *box) { LEAVE(far, box); return 0; }'
err_has '^stats: bodies left out 0, parsed again$'
sarif log 'len(fails) == 1' '"shelf.h" in json.dumps(fails)'
