#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Checks an object tree in parts as a SLURM array, and merges in a job that waits for it.
#
#	export TREE=/shared/obj RESULTS=/shared/results PROTFLOW=/shared/protflow/build/protflow
#	array=$(sbatch --parsable --array=1-16 recipes/slurm.sh)
#	sbatch --dependency=afterany:$array recipes/slurm.sh
#
# TREE has the compile_commands.json, and the nodes see it under the same name.
# afterany, not afterok: units of a part that failed are told as missing.
#SBATCH --job-name=protflow
#SBATCH --cpus-per-task=8
#SBATCH --mem=16G
#SBATCH --time=01:00:00
#SBATCH --export=ALL
set -eu
: "${TREE:?} ${RESULTS:?}"
protflow=${PROTFLOW:-protflow}
mkdir -p "$RESULTS"

if [[ -n ${SLURM_ARRAY_TASK_ID:-} ]]; then
	# One more attempt of a task writes the same file again, whole or not at all.
	exec "$protflow" run ${OPTIONS:-} --jobs="${SLURM_CPUS_PER_TASK:-1}" \
		--shard="$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
		-o "$RESULTS/part-$SLURM_ARRAY_TASK_ID.sarif" -p "$TREE" ${PATHS:-}
fi
exec "$protflow" merge ${OPTIONS:-} -o "$RESULTS/results.sarif" "$RESULTS"/part-*.sarif
