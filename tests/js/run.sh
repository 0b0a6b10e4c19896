#!/usr/bin/env bash
# run.sh LILT SOURCE WASM WORK TEST: runs tests/js/TEST with node and the package `lilt` of
# bindings/js, which is made in WORK. WASM is lilt.wasm as the test "wasm" builds it. Tests of pages
# need packages from npm, which are fetched once into WORK, and a browser. What cannot be had skips
# the test (exit code 77).
set -u
lilt=$1 source=$2 wasm=$3 work=$4 test=$5

skip() { echo "skipped: $1"; exit 77; }
command -v node >/dev/null || skip 'node is not installed'
[ "$(node -p 'Number(process.versions.node.split(".")[0])')" -ge 20 ] || skip 'node is older than 20'
[ -f "$wasm" ] || skip 'there is no lilt.wasm: Emscripten is not installed'

fetch_modules() {
  cmp -s "$source/tests/js/package-lock.json" "$work/node_modules/lock" && return
  cp "$source"/tests/js/{package.json,package-lock.json,.npmrc} "$work" &&
    npm ci --prefix "$work" --no-audit --no-fund --loglevel=error >"$work/log" 2>&1 ||
    skip "npm ci: $(tail -n 1 "$work/log")"
  cp "$source/tests/js/package-lock.json" "$work/node_modules/lock"
}

mkdir -p "$work" && work=$(cd -- "$work" && pwd) || exit
exec 9>"$work/.lock" && flock 9 || exit
if [ "$work/lilt/lilt.wasm" -ot "$wasm" ] || [ -n "$(find "$source/bindings/js" "$lilt" -newer "$work/lilt/lilt.wasm")" ]; then
  "$source/bindings/js/make.sh" "$lilt" "$wasm" "$work/lilt" || exit
fi
if [ "$test" != node_test.mjs ]; then
  command -v npm >/dev/null || skip 'npm is not installed'
  LILT_BROWSER=$(command -v "${LILT_BROWSER:-chromium}") || skip 'chromium is not installed'
  export LILT_BROWSER
  fetch_modules
fi
flock -u 9
export LILT_PACKAGE=$work/lilt LILT_NODE_MODULES=$work/
exec node "$source/tests/js/$test" "$lilt" "$source/models/folk.safetensors" "${@:6}"
