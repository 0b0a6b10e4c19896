#!/usr/bin/env bash
# sudo tests/thorough/many_machines.sh [RATE…]: learns in several processes with OpenMPI and MPICH, first
# on this machine (tests/mpi/ranks_test.sh), then on "machines" that are network namespaces joined by a
# bridge, each of which sends at a limited rate (1gbit and 100mbit unless told otherwise): the same bits
# as one process, and the time of an update beside what docs/many-machines.md says it costs. Then slurm.sh beside it.
#
# Needs root, iproute2 (Debian), and for each MPI that is to be tried openmpi-bin libopenmpi-dev or mpich
# libmpich-dev. The rates are those of Ethernet: 1gbit is 10^9 bits a second, headers included.

set -euo pipefail
root=$(dirname -- "$(readlink -f -- "$0")")/../..
root=$(readlink -f -- "$root")
rates=("$@")
[ $# -gt 0 ] || rates=(1gbit 100mbit)
[ "$(id -u)" -eq 0 ] || { echo "$0: needs root, for network namespaces" >&2; exit 1; }

machines=4
updates=12 batch=8 window=16 leaves=4
work=$(mktemp -d)

name() { echo "lilt-machine-$1"; }
address() { echo "10.77.13.$1"; }

take_down() {
  local i
  for ((i = 1; i <= machines; i++)); do
    ip link del "lilt-veth-$i" 2>/dev/null || true
    ip netns del "$(name "$i")" 2>/dev/null || true
  done
  ip link del lilt-bridge 2>/dev/null || true
}
trap 'take_down; rm -rf -- "$work"' EXIT

put_up() {
  local i
  take_down
  ip link add lilt-bridge type bridge
  ip addr add "$(address 254)/24" dev lilt-bridge
  ip link set lilt-bridge up
  for ((i = 1; i <= machines; i++)); do
    ip netns add "$(name "$i")"
    ip link add "lilt-veth-$i" type veth peer name eth0 netns "$(name "$i")"
    ip link set "lilt-veth-$i" master lilt-bridge up
    ip netns exec "$(name "$i")" ip addr add "$(address "$i")/24" dev eth0
    ip netns exec "$(name "$i")" ip link set eth0 up
    ip netns exec "$(name "$i")" ip link set lo up
  done
}

# limit RATE: what each machine sends, and what it gets; "none" for no limit.
limit() {
  local i
  for ((i = 1; i <= machines; i++)); do
    tc qdisc del dev "lilt-veth-$i" root 2>/dev/null || true
    ip netns exec "$(name "$i")" tc qdisc del dev eth0 root 2>/dev/null || true
    [ "$1" != none ] || continue
    tc qdisc add dev "lilt-veth-$i" root tbf rate "$1" burst 256kb latency 200ms
    ip netns exec "$(name "$i")" tc qdisc add dev eth0 root tbf rate "$1" burst 256kb latency 200ms
  done
}

# What mpirun calls in place of ssh: agent [OPTION…] ADDRESS COMMAND…
cat >"$work/agent" <<'AGENT'
#!/bin/sh
while case $1 in -*) true ;; *) false ;; esac do shift; done
machine=lilt-machine-${1##*.}
shift
exec ip netns exec "$machine" unshare --uts sh -c "hostname $machine; $*"
AGENT
chmod +x "$work/agent"

hosts() {
  local i list=
  for ((i = 1; i <= $1; i++)); do list+=,$(address "$i"); done
  echo "${list#,}"
}

# on_machines MPI COUNT ARGUMENT…: the program on so many of them.
on_machines() {
  local mpi=$1 count=$2
  shift 2
  case $mpi in
    openmpi)
      OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 mpirun.openmpi -n "$count" \
        --host "$(hosts "$count")" --mca plm_rsh_agent "$work/agent" --mca plm_rsh_no_tree_spawn 1 \
        --mca btl self,tcp --mca pml ob1 --mca btl_tcp_if_include 10.77.13.0/24 \
        --mca oob_tcp_if_include 10.77.13.0/24 --bind-to none "$root/build/mpi-openmpi/lilt" "$@"
      ;;
    mpich)
      MPIR_CVAR_NOLOCAL=1 FI_PROVIDER=tcp UCX_TLS=tcp,self FI_TCP_IFACE=eth0 UCX_NET_DEVICES=eth0 \
        mpirun.mpich -n "$count" -ppn 1 -hosts "$(hosts "$count")" -launcher rsh \
        -launcher-exec "$work/agent" -iface lilt-bridge "$root/build/mpi-mpich/lilt" "$@"
      ;;
  esac
}

learn=(train "$root/data/lilt.abc" --batch "$batch" --window "$window" --leaves "$leaves" --threads 1
  --characters $((updates * batch * window)))

# seconds DIR: of an update, as its log tells.
seconds() { awk -F, -v n="$updates" 'END { printf "%.4f", $NF / n }' "$1/logs/training_log.csv"; }

build() {
  cmake -S "$root" -B "$root/build/mpi-$1" -G Ninja -DCMAKE_BUILD_TYPE=Release -DLILT_MPI=ON \
    -DLILT_TESTS=OFF -DMPI_CXX_COMPILER="mpicxx.$1" -DMPIEXEC_EXECUTABLE="$(command -v "mpirun.$1")" \
    >"$work/log" 2>&1 && cmake --build "$root/build/mpi-$1" --target lilt >>"$work/log" 2>&1 ||
    { tail -n 30 "$work/log" >&2; exit 1; }
}

# What one rank sends in an update: its slices of sums to the others, and its slice of the whole sum.
parameters=1904000
predicted() { # COUNT RATE
  local bits=${2/gbit/000mbit}
  awk -v n="$1" -v p="$parameters" -v mega="${bits%mbit}" 'BEGIN {
    wire = 1538 / 1448 # of Ethernet with TCP: a packet takes so much for so many bytes
    printf "%.4f", 2 * 4 * p * (n - 1) / n * 8 * wire / (mega * 1e6) }'
}

alone() {
  "$root/build/mpi-$1/lilt" "${learn[@]}" --out "$work/alone" 2>"$work/err" >/dev/null
  parameters=$(sed -n 's/^Total parameters: //p' "$work/err" | tr -d ,)
  echo "one process: $(seconds "$work/alone") s an update, $parameters parameters"
}

# measure MPI COUNT RATE
measure() {
  local out=$work/$1-$2-$3
  on_machines "$1" "$2" "${learn[@]}" --out "$out" >/dev/null 2>"$work/err" || { tail -n 20 "$work/err"; exit 1; }
  cmp "$work/alone/model/last.safetensors" "$out/model/last.safetensors"
  if [ "$3" = none ]; then
    unlimited=$(seconds "$out")
    echo "$1, $2 machines, no limit: $unlimited s an update; the same bits"
  else
    echo "$1, $2 machines, $3: $(seconds "$out") s an update, $(awk -v a="$(seconds "$out")" -v b="$unlimited" \
      'BEGIN { printf "%.3f", a - b }') of it for the limit, $(predicted "$2" "$3") on paper; the same bits"
  fi
}

[ -x "$root/build/release/lilt" ] || "$root/lilt" --version
for mpi in openmpi mpich; do
  command -v "mpicxx.$mpi" >/dev/null || { echo "skipped: $mpi is not installed"; continue; }
  build "$mpi"
  "$root/tests/mpi/ranks_test.sh" "$root/build/release/lilt" "$root" \
    "$root/build/mpi-$mpi/lilt" "$(command -v "mpirun.$mpi")" && echo "$mpi: tests/mpi/ranks_test.sh passes"
  rm -rf "$work/alone"
  alone "$mpi"
  put_up
  for count in 2 3 4; do
    limit none
    measure "$mpi" "$count" none
    for rate in "${rates[@]}"; do
      limit "$rate"
      measure "$mpi" "$count" "$rate"
    done
  done
done

"$root/tests/thorough/slurm.sh" || [ $? -eq 77 ]
