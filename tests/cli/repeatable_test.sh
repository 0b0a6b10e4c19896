#!/usr/bin/env bash
# The same seed and text give the same bytes, however many threads there are.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

tunes 30 >tunes.abc

# compare NAME OPTION…: on 1, 2, 3 and 7 threads.
compare() {
  local name=$1 threads
  shift
  for threads in 1 2 3 7; do
    expect 0 "$lilt" train tunes.abc "$@" --epochs 3 --save-every 2 --threads "$threads" \
      --out "$name-$threads"
    same_run "$name-1" "$name-$threads"
  done
}

compare plain "${network[@]}"
compare full "${network[@]}" --shuffle --valid-share 0.2 --clip-norm 0.5 --weight-decay 0.01 \
  --schedule cosine --warm-up 5
# Widths that are no multiple of a vector, and streams that no number of threads divides.
compare odd --embedding 7 --hidden 33,17,5 --batch 5 --window 13 --clip-norm 1
compare single --embedding 3 --hidden 20 --batch 1 --window 40

expect 0 "$lilt" train tunes.abc "${small[@]}" --epochs 3 --save-every 2 --seed 3 --out again
same plain-1/model/epoch-3.safetensors again/model/epoch-3.safetensors
expect 0 "$lilt" train tunes.abc "${small[@]}" --epochs 3 --seed 2 --out other
tail -c 4000 plain-1/model/last.safetensors >one # without the header, where the seed stands
tail -c 4000 other/model/last.safetensors >two
differ one two
