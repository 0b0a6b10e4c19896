#!/bin/sh
# Composes data/lilt.abc anew: the same tunes on every machine, as long as the model is the same.
set -eu
cd "$(dirname "$0")/.."

part() { # TUNES SEED RHYTHM OPTION…
  tunes=$1 seed=$2 rhythm=$3
  shift 3
  ./lilt compose --model models/folk.safetensors -n "$tunes" --seed "$seed" --rhythm "$rhythm" --novel 50 \
    --range fiddle "$@" -o "$folder/$seed.abc"
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
part 90 1000 jig
part 80 2000 reel --meter 4/4
part 40 3000 hornpipe --meter 4/4
part 40 4000 polka
part 40 5000 waltz
part 25 6000 'slip jig'
part 20 7000 march --meter 4/4
part 15 8000 slide
./lilt corpus dedupe "$folder"/*.abc > "$folder/all"
./lilt corpus clean --renumber "$folder/all" > data/lilt.abc
