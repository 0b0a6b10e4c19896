#!/usr/bin/env bash
# packages.sh [SYSTEM…]: whether Lilt works on bare Debian 12 (bookworm), Debian 13 (trixie) and Ubuntu
# 24.04 (noble), or on those that are named. In a root of its own for each, from a fresh clone of what
# is committed: ./lilt compose, ./test, and the package, in which lintian must find no error; in
# another one, that package installed with apt, and what it brings. Of Debian 12 also the steps of the
# Dockerfile, which needs no Docker here.
#
# Needs root, mmdebstrap and mirrors; an hour for each on 2 cores. LILT_STEPS: which of "compose test
# package docker". LILT_PACKAGE: a package of that system, not to be made there. LILT_ROOTS: where the
# roots lie (tens of gigabytes). LILT_DEBIAN_MIRROR, LILT_UBUNTU_MIRROR: other mirrors.
# LILT_UBUNTU_KEYRING: the keys of Ubuntu's archive, where Debian has no package of them.
# LILT_CERTIFICATES: certificates for the roots to trust, as behind a proxy with one of its own.
set -euo pipefail

root=$(dirname -- "$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")")
roots=${LILT_ROOTS:-$(mktemp -d)}
steps=${LILT_STEPS:-compose test package docker}
trusted=/etc/certificates.pem
keyring=${LILT_UBUNTU_KEYRING:-/usr/share/keyrings/ubuntu-archive-keyring.gpg}
mkdir -p "$roots"

say() { echo "packages: $*" >&2; }
fail() {
  say "$*"
  exit 1
}

[ "$(id -u)" -eq 0 ] || fail 'needs to be root'
command -v mmdebstrap >/dev/null || fail 'mmdebstrap is missing'

# make_archive SYSTEM: packs a bare root of it, SYSTEM.tar, once.
make_archive() {
  local mirror=${LILT_DEBIAN_MIRROR:-http://deb.debian.org/debian} options=()
  if [ "$1" = noble ]; then
    mirror=${LILT_UBUNTU_MIRROR:-http://archive.ubuntu.com/ubuntu}
    options=(--components=main,universe --keyring="$keyring")
  fi
  [ -s "$roots/$1.tar" ] ||
    mmdebstrap --quiet --variant=minbase --include=apt "${options[@]}" "$1" "$roots/$1.tar" "$mirror"
}

# make_root NAME SYSTEM: a fresh root in the folder NAME.
make_root() {
  rm -rf --one-file-system -- "${roots:?}/$1"
  mkdir "$roots/$1"
  tar -C "$roots/$1" -xf "$roots/$2.tar" --exclude='./dev/*'
  cp /etc/resolv.conf "$roots/$1/etc/"
  [ -z "${LILT_CERTIFICATES-}" ] || cp -- "$LILT_CERTIFICATES" "$roots/$1$trusted"
  # Nothing is started, and nothing survives a loss of power.
  printf '#!/bin/sh\nexit 101\n' >"$roots/$1/usr/sbin/policy-rc.d"
  chmod +x "$roots/$1/usr/sbin/policy-rc.d"
  echo force-unsafe-io >"$roots/$1/etc/dpkg/dpkg.cfg.d/unsafe"
}

# inside NAME COMMAND: runs it in that root, in /lilt where that is there.
inside() {
  local trust=()
  [ -z "${LILT_CERTIFICATES-}" ] ||
    trust=({PIP_CERT,SSL_CERT_FILE,NODE_EXTRA_CA_CERTS,npm_config_cafile}="$trusted")
  unshare --mount --pid --fork --kill-child sh -c '
    mount --make-rprivate / && mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" &&
      root=$1 command=$2 && shift 2 &&
      exec chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "$@" \
        sh -ec "cd /lilt 2>/dev/null || cd /root; $command"' sh "$roots/$1" "$2" ${trust[@]+"${trust[@]}"}
}

# works WHAT NAME COMMAND: inside, with its time, its output in a file.
works() {
  local begin=$SECONDS name=${1//[^a-zA-Z0-9 ]/}
  local log=$roots/$2.${name// /-}.log
  if inside "$2" "$3" >"$log" 2>&1; then
    echo "$2: $1: works ($((SECONDS - begin)) s)"
  else
    tail -n 40 -- "$log" >&2
    echo "$2: $1: fails ($log)"
    failed=1
  fi
}

# The package has a bare root of its own.
try_package() {
  local system=$1 package=${LILT_PACKAGE-}
  if [ -z "$package" ]; then
    works 'making the package' "$system" 'cmake/package.sh'
    package=$(echo "$roots/$system/lilt/build/package"/lilt_*.deb)
    [ -f "$package" ] || return 0
  fi
  make_root "$system-installed" "$system"
  cp "$package" "$roots/$system-installed/root/"
  works 'installing the package' "$system-installed" \
    'export DEBIAN_FRONTEND=noninteractive; apt-get -qq update; apt-get -qq install -y ./lilt_*.deb'
  works 'composing, checking and rendering' "$system-installed" '
    lilt compose -n 1 --seed 1 >tune.abc; lilt check tune.abc
    lilt compose --seed 1 -o out; ls out; for kind in mid svg pdf wav; do ls out/*.$kind; done'
  works 'the manual and completion' "$system-installed" '
    export DEBIAN_FRONTEND=noninteractive; apt-get -qq install -y --no-install-recommends man-db bash-completion
    man lilt | grep -q "lilt.compose"; man lilt compose | grep -q -e --rhythm
    bash -c ". /usr/share/bash-completion/bash_completion; . /usr/share/bash-completion/completions/lilt; complete -p lilt"'
  works lintian "$system-installed" '
    export DEBIAN_FRONTEND=noninteractive; apt-get -qq install -y --no-install-recommends lintian
    lintian --allow-root --fail-on error ./lilt_*.deb'
  works 'building against the library' "$system-installed" '
    export DEBIAN_FRONTEND=noninteractive; apt-get -qq install -y --no-install-recommends gcc g++ pkg-config libhwy-dev
    printf "#include <lilt/lilt.h>\n#include <stdio.h>\nint main(void) { puts(lilt_version()); }\n" >program.c
    cc program.c -o program $(pkg-config --cflags --libs lilt); ./program'
}

# docker_steps STAGE: the RUN lines of the Dockerfile's first or second image.
docker_steps() {
  sed -e ':more' -e '/\\$/N; s/\\\n//; t more' "$root/Dockerfile" |
    awk -v stage="$1" '/^FROM/ { ++n } n == stage && sub(/^RUN /, "")'
}

try_docker() {
  [ "$1" = bookworm ] || return 0
  local package=${LILT_PACKAGE-}
  if [ -z "$package" ]; then
    works 'the first image' bookworm "$(docker_steps 1)"
    package=$(echo "$roots"/bookworm/lilt_*.deb)
    [ -f "$package" ] || return 0
  fi
  make_root docker bookworm
  cp "$package" "$roots/docker/tmp/"
  works 'the second image' docker "$(docker_steps 2)"
  works 'composing there' docker 'mkdir /work; cd /work; HOME=/work lilt compose -o out; ls out/*.wav'
}

try() {
  local system=$1
  if [ "$system" = noble ] && [ ! -r "$keyring" ]; then
    say "skipped $system: no keys of Ubuntu's archive; LILT_UBUNTU_KEYRING names another file than $keyring"
    return 0
  fi
  make_archive "$system" || fail "no root of $system"
  make_root "$system" "$system"
  git clone -q -- "$root" "$roots/$system/lilt"
  for step in $steps; do
    case $step in
      compose) works './lilt compose' "$system" './lilt compose -n 1 --seed 1 >tune.abc; ./lilt check tune.abc' ;;
      test) works ./test "$system" './test' ;;
      package) try_package "$system" ;;
      docker) try_docker "$system" ;;
      *) fail "no step $step" ;;
    esac
  done
}

failed=0
[ $# -gt 0 ] || set -- bookworm trixie noble
for system; do try "$system"; done
exit "$failed"
