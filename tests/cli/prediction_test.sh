#!/usr/bin/env bash
# How well the model that comes with Lilt predicts tunes that it did not learn from.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

# shellcheck disable=SC2154
held_out=$root/../shared/corpora/nottingham/valid.abc
if [ ! -f "$held_out" ]; then
  echo "skipped: the tunes held out of the Nottingham Music Database are not here"
  exit 77
fi
expect 0 "$lilt" eval "$root/models/folk.safetensors" "$held_out" --json
equal 103 "$(json out tunes)" 'tunes'
equal 0 "$(json out unknown)" 'unknown characters'
is_true "$(json out bits_per_note) < 2.7" 'fewer than 2.7 bits per note'
