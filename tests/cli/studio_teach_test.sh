#!/usr/bin/env bash
# Teaching through lilt studio: a lesson outlives the server, is found by the next one, stopped,
# resumed, composed with, measured, exported and deleted.

# shellcheck source=tests/cli/common.sh
. "$(dirname -- "$(readlink -f -- "$0")")/common.sh"

command -v curl >/dev/null || exit 77

lesson=book/teach/lessons/My_jigs
end_lesson() {
  [ ! -f "$folder/$lesson/process.json" ] || kill -KILL "$(json "$folder/$lesson/process.json" number)" 2>/dev/null
  clean_up
}
trap end_lesson EXIT

open_studio() {
  : >address
  "$lilt" studio --no-browser --book book/tunes.db --model "$root/tests/models/tiny-1.safetensors" \
    --threads 1 >address 2>said &
  pid=$!
  wait_until test -s address
  opened=$(cat address)
  token=${opened##*=} base=${opened%%/\?*}
}

# ask METHOD PATH [BODY]: the answer in out.
ask() {
  last_command="$1 $2"
  curl -s --max-time 60 -X "$1" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
    ${3:+--data-binary "$3"} -o out "$base/api/$2"
}
lesson_says() { ask GET lessons/My_jigs && grep -qF -e "$1" out; }

open_studio
text=$(tunes 40 | awk '{ printf "%s\\n", $0 }')
ask POST collections "{\"name\": \"jigs\", \"files\": [{\"name\": \"jigs.abc\", \"text\": \"$text\"}]}"
says out '"tunes":40'
exists book/teach/collections/jigs.abc
ask POST lessons '{"name": "My jigs", "collections": ["jigs"], "preset": "small", "epochs": 10000, "samples": 1}'
says out '"id":"My_jigs"'
wait_until has $lesson/logs/training_log.csv 3
ask GET lessons/My_jigs
says out '"state":"learning"'
says out '"has_model":true'

# The server is gone at once; the lesson learns on.
stop KILL
number=$(json $lesson/process.json number)
lines=$(wc -l <$lesson/logs/training_log.csv)
pid=$number
wait_until has $lesson/logs/training_log.csv $((lines + 2))
pid=

open_studio
ask GET lessons
says out '"state":"learning"'
ask POST lessons/My_jigs/stop
wait_until lesson_says '"state":"stopped"'
says out '"message":""'
# Where nobody waits for orphans they stay as they ended.
! grep -qs ') [^ZX]' "/proc/$number/stat" || fail 'that the training has ended' 'that it runs'

epochs=$(($(tail -n 1 $lesson/logs/training_log.csv | cut -d, -f1) + 2))
ask POST lessons/My_jigs/resume "{\"epochs\": $epochs}"
wait_until lesson_says '"state":"done"'
says out "\"of\":$epochs"
wait_until test -e $lesson/model.safetensors

# Until then it composes with what it had before.
knows_its_tunes() {
  ask GET models
  says out '"name":"My_jigs"'
  ask POST compose '{"model": "My_jigs", "seed": 3}'
  says out '"done":true'
  grep -qF '"novelty_percentile"' out
}
wait_until knows_its_tunes
ask POST models/My_jigs/evaluate
says out '"bits_per_note"'
ask GET models/My_jigs/export
mv out jigs.safetensors
expect 0 "$lilt" info jigs.safetensors
says out 'half precision'
says out 'Knows '

ask DELETE lessons/My_jigs
missing $lesson
ask GET options
says_not out My_jigs
