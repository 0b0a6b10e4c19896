#!/usr/bin/env bash
# make.sh LILT WASM OUT: the package as npm gets it, in the folder OUT: its files, lilt.wasm as the
# preset "wasm" makes it, and the model that comes with Lilt, as small as composing allows.
set -euo pipefail
lilt=$1 wasm=$2 out=$3
here=$(dirname -- "$(readlink -f -- "$0")")
root=$here/../..

rm -rf -- "$out" && mkdir -p -- "$out"
cp "$here"/{package.json,README.md,*.js,*.d.ts} "$root/LICENSE" "$out"
cp "$wasm" "$out/lilt.wasm" && chmod a-x "$out/lilt.wasm"
"$lilt" export "$root/models/folk.safetensors" --small -o "$out/folk.safetensors" >/dev/null 2>&1
gzip -9n "$out/folk.safetensors"
