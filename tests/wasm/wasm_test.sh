#!/bin/sh
# wasm_test.sh SOURCE BUILD: builds `base` and `abc` for WebAssembly and runs their test in node.
set -eu

source=$1
build=$2
if ! command -v emcmake >/dev/null || ! command -v node >/dev/null; then
  echo 'skipped: Emscripten or node is not installed'
  exit 77
fi
cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_TOOLCHAIN_FILE="$source/cmake/emscripten.cmake"
cmake --build "$build"
ctest --test-dir "$build" --output-on-failure --no-tests=error
