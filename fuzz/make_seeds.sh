#!/bin/bash
# make_seeds.sh FOLDER: what each fuzzer begins with, in FOLDER/NAME. Real tunes, from the collections
# in ../shared/corpora where they are there, otherwise from data/lilt.abc; one a file for fuzz_tune,
# a few a file for those that read books. The cases of tests/abc and old crashers besides.
set -euo pipefail

(($# == 1)) || { echo 'usage: make_seeds.sh FOLDER' >&2; exit 2; }
folder=$1
root=$(cd "$(dirname "$0")/.." && pwd)

shopt -s nullglob
books=("$root"/../shared/corpora/*/*.abc)
((${#books[@]})) || books=("$root/data/lilt.abc")

# Files of N tunes each; an empty line ends a tune.
cut_into() {
  awk -v RS= -v n="$1" -v out="$2/tunes-" '
    /(^|\n)X:/ {
      if (count++ % n == 0) { close(file); file = out (count - 1) }
      printf "%s\n\n", $0 > file
    }' "${books[@]}"
}

fill() {  # NAME N FILE…
  local name=$1 tunes=$2
  shift 2
  mkdir -p "$folder/$name"
  ((tunes == 0)) || cut_into "$tunes" "$folder/$name"
  local crashers=("$root/fuzz/crashers/$name"/*)
  local files=("$@" "${crashers[@]}")
  ((${#files[@]} == 0)) || cp "${files[@]}" "$folder/$name"
}

fill fuzz_tune 1 "$root"/tests/abc/*.abc
fill fuzz_check 3 "$root"/tests/abc/*.abc
fill fuzz_tunes 3 "$root"/tests/tunes.abc
fill fuzz_walk 1  # any bytes are choices
fill fuzz_model_file 0 "$root"/tests/models/*
fill fuzz_keras 0 "$root"/tests/keras/*.h5 "$root"/tests/keras/*.keras
fill fuzz_request 0  # old crashers, and others beside them
