#!/usr/bin/env bash
# sudo tests/thorough/slurm.sh: a Slurm of four nodes, all of them this machine, on which srun learns as
# docs/many-machines.md says and sbatch composes the array of docs/many-tunes.md: the same bits as one process.
# Builds build/mpi-openmpi, unless many_machines.sh has; where that has made build/mpi-mpich, too, srun starts both.
#
# Needs root and, of Debian, slurm-wlm, munge, openmpi-bin and libopenmpi-dev; skips where they are not. Its
# Slurm has a configuration, a key and ports of its own: it leaves another one on the machine alone.

root=$(readlink -f -- "$(dirname -- "$(readlink -f -- "$0")")/../..")
lilt_mpi=$root/build/mpi-openmpi/lilt lilt_mpich=$root/build/mpi-mpich/lilt
set -- "$root/build/release/lilt" "$root"
# shellcheck source-path=SCRIPTDIR source=../cli/common.sh
. "$root/tests/cli/common.sh"

[ "$(id -u)" -eq 0 ] || { echo "$0: needs root, for slurmd" >&2; exit 1; }
for program in slurmctld slurmd munged srun mpicxx.openmpi; do
  command -v "$program" >/dev/null || skip "no $program here (Debian: slurm-wlm munge openmpi-bin libopenmpi-dev)"
done
[ -x "$lilt" ] || "$root/lilt" --version
[ -x "$lilt_mpi" ] || {
  cmake -S "$root" -B "$root/build/mpi-openmpi" -G Ninja -DCMAKE_BUILD_TYPE=Release -DLILT_MPI=ON \
    -DLILT_TESTS=OFF -DMPI_CXX_COMPILER=mpicxx.openmpi >log && cmake --build "$root/build/mpi-openmpi" --target lilt >log
} || fail 'a program with OpenMPI' "$(tail -n 30 log)"

# --- A Slurm
slurm=$(mktemp -d)
export SLURM_CONF=$slurm/slurm.conf
take_down() {
  local file
  scancel --user root 2>/dev/null || true
  for file in "$slurm"/slurmctld.pid "$slurm"/slurmd.*.pid "$slurm"/munge/pid; do
    [ ! -s "$file" ] || kill "$(cat "$file")" || true
  done
  sleep 1
  rm -rf -- "$slurm" "$folder"
}
trap take_down EXIT

mkdir "$slurm/state" "$slurm/munge" "$slurm"/{spool,tmp}
chmod 755 "$slurm" "$slurm/munge"
(umask 077 && head -c 1024 /dev/urandom >"$slurm/key")
munged --socket="$slurm/munge/socket" --key-file="$slurm/key" --pid-file="$slurm/munge/pid" \
  --log-file="$slurm/munged.log" --seed-file="$slurm/munge/seed"
# Each node a folder TmpFS: mpi/pmix makes files of the same name in it.
cat >"$SLURM_CONF" <<END
ClusterName=lilt
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=16817
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$slurm/munge/socket
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
StateSaveLocation=$slurm/state
SlurmdSpoolDir=$slurm/spool/%n
TmpFS=$slurm/tmp/%n
SlurmctldPidFile=$slurm/slurmctld.pid
SlurmdPidFile=$slurm/slurmd.%n.pid
SlurmctldLogFile=$slurm/slurmctld.log
SlurmdLogFile=$slurm/slurmd.%n.log
SlurmdParameters=config_overrides
MailProg=/bin/true
NodeName=lilt[1-4] NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=[16821-16824] CPUs=4
PartitionName=all Nodes=ALL Default=YES
END
slurmctld -c
for node in lilt1 lilt2 lilt3 lilt4; do
  mkdir "$slurm/spool/$node" "$slurm/tmp/$node"
  slurmd -N "$node"
done
nodes_are_up() { [ "$(sinfo --noheader --Node --states=idle | wc -l)" -eq 4 ]; }
for ((tries = 0; tries < 100; tries++)); do
  nodes_are_up && break
  sleep 0.1
done
nodes_are_up || fail 'four nodes' "$(sinfo --Node; tail -n 5 "$slurm"/*.log)"

# --- Learning: srun (docs/many-machines.md)
tunes 20 >tunes.abc
learn=(train tunes.abc --embedding 8 --hidden "16,16" --batch 8 --window 16 --leaves 4 --dropout 0.2
  --valid-share 0.1 --threads 1)
short=("${learn[@]}" --epochs 2)
expect 0 "$lilt" "${short[@]}" --out one
# Processes that wait for each other leave the few cores to the others.
export OMPI_MCA_mpi_yield_when_idle=1
for count in 1 2 3 4; do
  expect 0 srun -N "$count" -n "$count" --mpi=pmix "$lilt_mpi" "${short[@]}" --out "srun-$count"
  same_run one "srun-$count"
done
expect 0 srun -N 2 -n 4 --mpi=pmix "$lilt_mpi" "${short[@]}" --out srun-two-each # of these two are on one node
same_run one srun-two-each
echo 'srun -n 1, 2, 3 and 4: the same bits'
if [ -x "$lilt_mpich" ]; then
  expect 0 srun -N 3 -n 3 --mpi=pmi2 "$lilt_mpich" "${short[@]}" --out srun-mpich
  same_run one srun-mpich
  echo 'srun --mpi=pmi2 -n 3, MPICH: the same bits'
fi

# Processes that know nothing of each other.
srun -N 2 -n 2 --mpi=none "$lilt_mpi" "${short[@]}" --out none >out 2>err && fail 'a refusal' 'none'
srun -N 2 -n 2 --mpi=pmix "$lilt" "${short[@]}" --out none >out 2>err && fail 'a refusal' 'none'
says err 'lilt: 2 processes were started together (SLURM_STEP_NUM_TASKS), and this program learns in one'
missing none

# What is cancelled, or out of time, saves; another number of processes goes on.
long=("${learn[@]}" --epochs 1000000 --save-every 1000000 --out stopped)
start srun -N 2 -n 2 --mpi=pmix "$lilt_mpi" "${long[@]}"
wait_until has stopped/logs/training_log.csv 2
scancel --user root
stop CONT
says err 'saved. Continue with: lilt train --resume --out stopped'
epochs=$(sed -n 's/^Stopped in epoch \([0-9]*\).*/\1/p' err)
expect 0 srun -N 3 -n 3 --mpi=pmix "$lilt_mpi" train --resume --epochs "$epochs" --threads 1 --out stopped
expect 0 "$lilt" "${learn[@]}" --epochs "$epochs" --save-every 1000000 --out long
same long/model/last.safetensors stopped/model/last.safetensors
echo 'scancel saves, and srun goes on with another number of processes, to the same bits'

# --- Composing: sbatch --array (docs/many-tunes.md)
export LILT_HOME=$root PATH=$(dirname -- "$lilt"):$PATH
script=$(sed -n '/^    #!\/bin\/bash$/,/^$/s/^    //p' "$root/docs/many-tunes.md")
script=${script/-n 10000000/-n 48 --best-of 1}
script=${script//1000/6}
echo "$script" >array.sh
array=(sbatch --wait --output=/dev/null array.sh)
expect 0 "$lilt" compose -n 48 --best-of 1 --seed 1
mv out whole
start "${array[@]}"
parts_are_there() { compgen -G 'tunes/tunes-*' >/dev/null; }
wait_until parts_are_there
scancel --user root
stop CONT
expect 0 "${array[@]}"
cat tunes/*.abc >joined
same whole joined
equal 7 "$(find tunes -type f | wc -l)" 'the files'
echo 'sbatch --array, cancelled and queued again: the same bytes'
