#!/usr/bin/env bash
# run.sh LILT SOURCE WASM WORK TEST: runs tests/js/TEST with node and the package `lilt` of
# bindings/js, which is made in WORK. WASM is lilt.wasm as the test "wasm" builds it. What cannot be
# had skips the test (exit code 77).
set -u
lilt=$1 source=$2 wasm=$3 work=$4 test=$5

skip() { echo "skipped: $1"; exit 77; }
command -v node >/dev/null || skip 'node is not installed'
[ "$(node -p 'Number(process.versions.node.split(".")[0])')" -ge 20 ] || skip 'node is older than 20'
[ -f "$wasm" ] || skip 'there is no lilt.wasm: Emscripten is not installed'

mkdir -p "$work" || exit
{
  flock 9
  "$source/bindings/js/make.sh" "$wasm" "$work/lilt" || exit
} 9>"$work/.lock"
export LILT_PACKAGE=$work/lilt
exec node "$source/tests/js/$test" "$lilt" "$source/models/folk.safetensors"
