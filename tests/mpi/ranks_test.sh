#!/usr/bin/env bash
# ranks_test.sh LILT ROOT LILT_WITH_MPI MPIRUN: several processes learn what one learns. Without the
# last two, where the system has no MPI, only that LILT refuses to be several.

lilt_mpi=$3 mpirun=$4
set -- "$1" "$2"
# shellcheck source-path=SCRIPTDIR source=../cli/common.sh
. "$(dirname -- "$0")/../cli/common.sh"

tunes 20 >tunes.abc
options=(tunes.abc --embedding 8 --hidden "16,16" --batch 8 --window 16 --leaves 4 --dropout 0.2
  --valid-share 0.1)
short=("${options[@]}" --epochs 2 --save-every 1)
expect 0 "$lilt" train "${short[@]}" --out one --threads 1

# Four processes that know nothing of each other would write the same files.
refused 2 env OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_RANK=0 "$lilt" train "${short[@]}" --out none
says err '4 processes were started together (OMPI_COMM_WORLD_SIZE)'
says err 'cmake --workflow --preset mpi'
for launched in 'PMI_SIZE=4 PMI_RANK=1' 'SLURM_STEP_NUM_TASKS=4 SLURM_PROCID=3'; do
  # shellcheck disable=SC2086
  expect 0 env $launched "$lilt" train "${short[@]}" --out none # the first one says it
  [ ! -s err ] || fail 'nothing on standard error' "$(cat err)"
done
missing none
# A script of Slurm without srun is one process, whatever it was given; so is a launch of one.
expect 0 env SLURM_NTASKS=4 SLURM_PROCID=0 PMI_SIZE=1 "$lilt" train "${short[@]}" --out script --threads 1
same_run one script

[ -n "$lilt_mpi" ] && [ -n "$mpirun" ] || skip 'no MPI here (Debian: openmpi-bin libopenmpi-dev, or mpich libmpich-dev)'
# For OpenMPI: more processes than cores, as root, in containers.
export OMPI_MCA_rmaps_base_oversubscribe=1 PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export PRTE_ALLOW_RUN_AS_ROOT=1 PRTE_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_btl_vader_single_copy_mechanism=none
ranks() { printf '%s\n' "$mpirun" -n "$1" "$lilt_mpi" train; }

# shellcheck disable=SC2046
for n in 1 2 3 4; do
  expect 0 $(ranks "$n") "${short[@]}" --out "ranks-$n"
  equal "ranks-$n/model/best.safetensors" "$(cat out)" 'standard output'
  same_run one "ranks-$n"
done

# So it is with products of bfloat16.
expect 0 "$lilt" train "${short[@]}" --precision bf16 --out bf16 --threads 1
differ one/model/last.safetensors bf16/model/last.safetensors
# shellcheck disable=SC2046
for n in 2 3 4; do
  expect 0 $(ranks "$n") "${short[@]}" --precision bf16 --out "bf16-ranks-$n"
  same_run bf16 "bf16-ranks-$n"
done

# More processes than leaves.
# shellcheck disable=SC2046
expect 2 $(ranks 3) tunes.abc --leaves 2 --batch 8 --out none
says err 'lilt: expected --leaves of at least 3, as many as there are processes, found 2'
equal 1 "$(grep -c '^lilt: ' err)" 'the number of messages'
# shellcheck disable=SC2046
expect 1 $(ranks 3) missing.abc --leaves 4 --batch 8 --out none
says err 'lilt: rank 0: missing.abc: cannot be'
equal 1 "$(grep -c '^lilt: ' err)" 'the number of messages'
missing none

# Ctrl-C saves; another number of processes goes on, and so does one.
long=("${options[@]}" --save-every 1000000)
# shellcheck disable=SC2046
start $(ranks 3) "${long[@]}" --epochs 1000000 --out stopped
wait_until has stopped/logs/training_log.csv 2
stop INT
is_true "$code != 0" 'the exit code after Ctrl-C'
says err 'saved. Continue with: lilt train --resume --out stopped'
epochs=$(sed -n 's/^Stopped in epoch \([0-9]*\).*/\1/p' err)
# shellcheck disable=SC2046
expect 0 $(ranks 2) --resume --epochs "$epochs" --out stopped
expect 0 "$lilt" train --resume --epochs "$((epochs + 1))" --out stopped
expect 0 "$lilt" train "${long[@]}" --epochs "$((epochs + 1))" --out long --threads 1
same long/model/last.safetensors stopped/model/last.safetensors

# One that is killed ends the others, and nothing is lost but what came after the last checkpoint.
# shellcheck disable=SC2046
start $(ranks 3) "${long[@]}" --epochs 1000000 --out killed
wait_until has killed/logs/training_log.csv 3
began=$SECONDS
# mpirun itself has those options, too, and may start processes through one of its own.
for process in $(pgrep -f -- "^$lilt_mpi train .*--out killed"); do victim=$process; done
kill -KILL "$victim"
stop CONT
is_true "$code != 0" 'the exit code after a kill'
is_true "$((SECONDS - began)) < 20" 'the end within seconds'
[ -s err ] || fail 'a message' 'none'
! pgrep -f -- "^$lilt_mpi train .*--out killed" || fail 'no process left' 'one'
expect 0 "$lilt" info killed/model/last.safetensors
expect 0 "$lilt" train --resume --out killed --epochs 3 --threads 1
