#!/bin/sh
# wasm_test.sh SOURCE BUILD NATIVE: builds what a page can use for WebAssembly, runs its tests in
# node, and compares the tunes that the shipped model composes there with those of NATIVE, the same
# program for this machine.
set -eu

source=$1
build=$2
native=$3
if ! command -v emcmake >/dev/null || ! command -v node >/dev/null; then
  echo 'skipped: Emscripten or node is not installed'
  exit 77
fi
cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_TOOLCHAIN_FILE="$source/cmake/emscripten.cmake"
cmake --build "$build"
ctest --test-dir "$build" --output-on-failure --no-tests=error

model=$source/models/folk.safetensors
"$native" "$model" >"$build/native.abc"
node "$build/tests/wasm/portable_compose_test.js" "$model" >"$build/node.abc"
test -s "$build/native.abc"
cmp "$build/native.abc" "$build/node.abc"
echo "the same $(grep -c '^X:' "$build/node.abc") tunes"
