#!/bin/sh
# Makes the Debian package of this system, build/package/lilt_VERSION_ARCHITECTURE.deb, and prints its
# name. Installs what is missing for that.

root=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
program=package
# shellcheck source=cmake/setup.sh
. "$root/cmake/setup.sh"

make_package() {
  # shellcheck disable=SC2086
  ensure_packages $build_packages dpkg-dev file || return
  say 'building…'
  rm -f -- "$root"/build/package/*.deb
  logged 'packing' run_in_root cmake --workflow --preset package
}

if ! can_write; then
  say "$root/build can't be written"
  exit 1
fi
locked make_package || exit 1
printf '%s\n' "$root"/build/package/*.deb
