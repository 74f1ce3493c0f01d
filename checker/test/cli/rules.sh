# SPDX-License-Identifier: MIT
# Rules: those that run on request, what is inferred, and an anchor that is not there.
. "$(dirname "$0")/lib.sh"

example=$source/rules/vfio/vfio-locks.c

# How a unit uses the fields of a record, and the rules that say so: a rule file.
run 0 "$protflow" rules infer 'struct vfio_iommu' -- "$example"
out_has '^# field +writes +reads +places that hold a lock +discipline$'
out_has '^# vaddr_invalid_count +1 +[0-9]+ +lock 1w .*guarded by lock'
out_has '^# dma_avail +2 +[0-9]+ +lock 1w .* 1 of 2 writes hold lock$'
out_has '^# num_non_pinned_groups +1 .*written without a lock'
out_has '^# v2 +0 +0 +not accessed here$'
is_empty err
run 0 "$protflow" rules infer 'struct nothing' -- "$example"
out_has "'struct nothing' is not known here"
run 2 "$protflow" rules infer 'struct vfio_iommu'
err_has '^usage: '
cat >two.c <<'END'
struct mutex { int v; };
struct list_head { struct list_head *next; };
void mutex_lock(struct mutex *l);
void mutex_unlock(struct mutex *l);
extern struct mutex all;
struct top { struct mutex lock; int n; };
struct box { struct mutex lock; int n, m, k; struct list_head l; struct top *top; int t, g; };
struct list_head head;
void a(struct box *b) { mutex_lock(&b->lock); b->n = 1; mutex_unlock(&b->lock); }
int c(struct box *b) { mutex_lock(&b->lock); b->n = 2; b->k = b->n; mutex_unlock(&b->lock); return b->m; }
int d(struct box *b) { mutex_lock(&b->lock); int v = b->n; mutex_unlock(&b->lock); return v; }
void other(struct list_head *l) { mutex_lock(&all); l->next = &head; mutex_unlock(&all); }
void use(struct box *b) { mutex_lock(&b->lock); other(&b->l); mutex_unlock(&b->lock); }
void use_not(struct list_head *l) { other(l); }
int r1(struct box *b) { return b->m; }
int r2(struct box *b) { return b->m + b->k; }
void t1(struct box *b) { mutex_lock(&b->top->lock); b->t = 1; mutex_unlock(&b->top->lock); }
void t2(struct box *b) { mutex_lock(&b->top->lock); b->t = 2; mutex_unlock(&b->top->lock); }
int t3(struct box *b) { mutex_lock(&b->top->lock); int v = b->t; mutex_unlock(&b->top->lock); return v; }
void g1(struct box *b) { mutex_lock(&all); b->g = 1; mutex_unlock(&all); }
void g2(struct box *b) { mutex_lock(&all); b->g = 2; b->g++; mutex_unlock(&all); }
END
run 0 "$protflow" rules infer 'struct box' -- two.c
out_has '^# lock .* a lock$'
out_has '^# k +1 +1 .*lock 1w 0r .*few places$'
out_has '^fields: \["struct box.n"\]$'
out_has '^lock: "lock"$'
out_has '^lock: "top->lock"$'
out_has '^lock: "global all"$'
out_has '^field: "struct box.m"$'
out_has '^is: init-only$'
out_hasnt '"struct box.k"'

# It is a rule file as it stands, and the code keeps to it.
mkdir pasted && cp out pasted/inferred.yaml && cp -r "$source/rules/models" pasted/
run 0 "$protflow" rules check pasted
out_has '^5 rules, nothing wrong$'
run 0 "$protflow" check --rules pasted --report-passes --sarif log -- two.c
err_hasnt 'warning'
sarif log "all(r['kind'] == 'pass' for r in results) and len(results) >= 4"
echo 'void late(struct box *b) { b->n = 3; }' >>two.c
run 0 "$protflow" check --rules pasted -- two.c
err_has "'n' of 'b' is written in 'late' without 'lock'.*\\[PF9901\\]"

# The same of a build as one program.
run 0 "$protflow" check --rules pasted --facts facts -- -Wp,-MMD,./.two.o.d two.c
run 0 "$protflow" rules infer 'struct box' --rules pasted facts
out_has '^# n +3 +.*lock 2w .*2 of 3 writes hold lock$'
out_hasnt 'in this unit'
run 2 "$protflow" rules infer 'struct box' --nothing facts
err_has "does not understand '--nothing'"
rm -rf two.c pasted

# A rule that runs on request.
mkdir -p drivers/vfio && cp "$example" drivers/vfio/x.c
run 0 "$protflow" check --rules "$source/rules" -- drivers/vfio/x.c
is_empty err
run 0 "$protflow" check --rules "$source/rules" --also=PF2201 -- drivers/vfio/x.c
err_has 'without .lock. of the same container.*\[PF2201\]'
err_hasnt 'PF2202'
run 0 "$protflow" check --rules "$source/rules" --only=PF2202 -- drivers/vfio/x.c
err_has 'PF2202'
run 2 "$protflow" check --rules "$source/rules" --also=PF9999 -- drivers/vfio/x.c
err_has "no rule 'PF9999'"

# What a rule names and the unit has not, although its "when" holds.
mkdir one && sed -n '1,/^---$/p' "$source/rules/vfio/vfio-locks.yaml" |
	sed 's/^---$//; s/^on_request: true$//; s/vfio_iommu.dma_avail"/vfio_iommu.dma_gone"/' >one/x.yaml
cp -r "$source/rules/models" one/
run 0 "$protflow" check --rules one --sarif log -- drivers/vfio/x.c
sarif log "'PF-anchor' in ids"

# A folder that is none of rules ends soon, and says so.
mkdir home && (cd home && seq 10050 | xargs touch) && cp "$rules/box.yaml" home/
run 2 "$protflow" check --rules home -- drivers/vfio/x.c
err_has 'more than 10000 files; is this a folder of rules'
[[ $(grep -c 'more than' err) == 1 ]] || fail "told more than once"
run 2 "$protflow" rules
err_has 'list, check, explain, test and infer'
