# SPDX-License-Identifier: MIT
# Rules: those that run on request, what is inferred, and an anchor that is not there.
. "$(dirname "$0")/lib.sh"

example=$source/rules/vfio/vfio-locks.c

# How a unit uses the fields of a record, and the rules that say so.
run 0 "$protflow" rules infer 'struct vfio_iommu' -- "$example"
out_has '^field +writes +reads +discipline$'
out_has '^vaddr_invalid_count +1 +1 +guarded by lock'
out_has '^dma_avail +2 +[0-9]+ +1 of 2 writes hold lock$'
out_has '^num_non_pinned_groups +1 +[0-9]+ +written without a lock'
out_has '^v2 +0 +0 +not accessed here$'
run 0 "$protflow" rules infer 'struct nothing' -- "$example"
out_has "'struct nothing' is not known here"
run 2 "$protflow" rules infer 'struct vfio_iommu'
err_has '^usage: '
cat >two.c <<'END'
struct lock { int v; };
void mutex_lock(struct lock *l);
void mutex_unlock(struct lock *l);
struct box { struct lock lock; int n, m; };
void a(struct box *b) { mutex_lock(&b->lock); b->n = 1; mutex_unlock(&b->lock); }
int c(struct box *b) { mutex_lock(&b->lock); b->n = 2; mutex_unlock(&b->lock); return b->m; }
END
run 0 "$protflow" rules infer 'struct box' -- two.c
out_has '^template: guarded-by$'
out_has '^fields: \["struct box.n"\]$'
out_has '^lock: lock$'
out_has '^field: "struct box.m"$'
out_has '^is: init-only$'

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
