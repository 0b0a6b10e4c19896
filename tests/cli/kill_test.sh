#!/usr/bin/env bash
# A run that is killed outright, again and again, leaves whole files and ends in the same bytes.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

tunes 60 >tunes.abc
train=("$lilt" train tunes.abc "${network[@]}" --epochs 40 --save-every 3 --shuffle --valid-share 0.1)
expect 0 "${train[@]}" --threads 1 --out whole

# Ever later, so that a slow machine gets somewhere, too.
resume=()
kills=0
for ((wait = 1; ; wait++)); do
  start "${train[@]}" "${resume[@]}" --out killed --threads $((wait % 3 + 1))
  wait_until test -e killed/model/last.safetensors
  sleep "0.$(printf %03d $((RANDOM % (10 + 10 * wait))))"
  stop KILL
  [ "$code" -eq 0 ] && break
  equal 137 "$code" 'the exit code of what was killed'
  kills=$((kills + 1))
  expect 0 "$lilt" info killed/model/last.safetensors
  resume=(--resume)
  # What a kill in the middle of writing leaves behind.
  head -c 999 killed/model/last.safetensors >killed/model/last.safetensors.part
  cp killed/model/last.safetensors.part killed/logs/training_log.csv.part
  cp killed/model/last.safetensors.part killed/model/epoch-3.safetensors.part
  rm -f killed/model/best.safetensors.part
done
rm -f killed/model/*.part killed/logs/*.part
same_run whole killed
[ "$kills" -ge 1 ] || fail 'a kill before the end' 'none'
echo "$kills kills"
