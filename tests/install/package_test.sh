#!/usr/bin/env bash
# The Debian package: what it holds, needs and recommends; the program out of it works. And the scripts
# that the Dockerfile and the workflow call are there.
set -euo pipefail
build=$1 root=$2
work=$(mktemp -d) && trap 'rm -rf -- "$work"' EXIT
fail() { echo "$*" >&2; exit 1; }

cd "$root"
for script in $(grep -ohE '(cmake|tests/thorough|\.ci)/[a-z]+(\.sh)?' Dockerfile .github/workflows/ci.yml | sort -u); do
  [ -x "$script" ] || fail "no program $script"
done

for tool in dpkg-deb dpkg-shlibdeps file; do
  command -v "$tool" >/dev/null || { echo "skipped: $tool is missing"; exit 77; }
done
cd "$work"
cpack --config "$build/CPackConfig.cmake" -G DEB -B "$work" >log 2>&1 || fail "$(tail -n 20 log)"
package=$(echo lilt_*.deb)

field() { dpkg-deb --field "$package" "$1" | tr -d ' ' | tr ',' '\n'; }
field Depends | grep -q '^libc6(>=' || fail "Depends: $(field Depends)"
# All that ./lilt would install to render.
root=$root program=test
# shellcheck source=cmake/setup.sh
. "$root/cmake/setup.sh"
wanted=$(PATH=/nowhere; find_render_packages .svg .pdf .mp3; echo "$render_packages")
[ -n "$wanted" ] || fail 'nothing that renders'
for name in $wanted; do field Recommends | grep -qxF "$name" || fail "Recommends: no $name"; done
for name in libcurl libcairo; do field Recommends | grep -q "^$name" || fail "Recommends: no $name"; done

dpkg-deb -x "$package" files
for file in bin/lilt lib/liblilt.a lib/pkgconfig/lilt.pc include/lilt/lilt.h share/man/man1/lilt.1.gz \
  share/lilt/models/folk.safetensors share/bash-completion/completions/lilt share/doc/lilt/copyright \
  share/doc/lilt/changelog.gz share/zsh/vendor-completions/_lilt share/fish/vendor_completions.d/lilt.fish; do
  [ -s "files/usr/$file" ] || fail "no $file"
done
env -i files/usr/bin/lilt compose --seed 1 >tune.abc 2>log || fail "$(cat log)"
env -i files/usr/bin/lilt check tune.abc
