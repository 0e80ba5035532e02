#!/bin/bash
# A piece of work on Slurm: an array of parts, and their merge when all are there.
#
#   bash slurm.sh 100 parts reports/fleet run fleet.toml --devices 10000000
#
# The folders must be seen by all nodes. A part that a node took with it is computed again by Slurm; to compute what is
# missing after anything else, submit the same again: parts that are there take no time. Files that begin with a dot
# and are left in the folder of parts are what tasks left that were killed.
set -euo pipefail
usage="usage: bash slurm.sh PARTS FOLDER OUT run SCENARIO ..."
parts=${1:?$usage} folder=${2:?$usage} out=${3:?$usage}
shift 3
words=$(printf '%q ' "$@")
mkdir -p "$folder"
# As scripts for bash, which is what `printf %q` quotes for.
array=$(sbatch --parsable --array="1-$parts" --requeue --cpus-per-task=1 --output="$folder/%a.log" <<TASK
#!/bin/bash
exec bgsim $words --shard \$SLURM_ARRAY_TASK_ID/$parts --jobs 1 --out $(printf %q "$folder")
TASK
)
sbatch --parsable --dependency="afterok:$array" --kill-on-invalid-dep=yes --cpus-per-task=1 --output="$folder/merge.log" <<TASK
#!/bin/bash
exec bgsim merge $(printf %q "$folder") --out $(printf %q "$out")
TASK
