#!/usr/bin/env bash
# make.sh WASM OUT: the package as npm gets it, in the folder OUT: its files, lilt.wasm as the preset
# "wasm" made it, and the model that comes with Lilt.
set -euo pipefail
wasm=$1 out=$2
here=$(dirname -- "$(readlink -f -- "$0")")
root=$here/../..

rm -rf -- "$out" && mkdir -p -- "$out"
cp -r "$here"/{package.json,README.md,*.js,*.d.ts} "$root/LICENSE" "$out"
cp "$wasm" "$out/lilt.wasm"
gzip -9n <"$root/models/folk.safetensors" >"$out/folk.safetensors.gz"
