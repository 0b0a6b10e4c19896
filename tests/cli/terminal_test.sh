#!/usr/bin/env bash
# What appears on a terminal and in a pipe.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

tunes 60 >tunes.abc
train=("$lilt" train tunes.abc "${small[@]}")

# What cannot be written is an error, also when it would only be flushed at the end.
expect 0 "${train[@]}" --epochs 3
for command in 'train tunes.abc --epochs 1 --hidden 8 --out full' 'sample --len 20' \
  'info model/last.safetensors' 'info model/last.safetensors --json' \
  'eval model/last.safetensors tunes.abc' 'eval model/last.safetensors tunes.abc --json' \
  '--version' '--help' 'train --help'; do
  # shellcheck disable=SC2086
  expect 1 sh -c 'exec "$@" >/dev/full' sh "$lilt" $command
  matches err '^lilt: standard output: cannot be written: '
done
expect 1 sh -c 'exec "$@" >&-' sh "$lilt" info model/last.safetensors --json
matches err '^lilt: standard output: cannot be written: '

# A lost standard error costs the messages, not the work.
for lost in '2>/dev/full' '2>&-'; do
  rm -rf lost
  expect 0 sh -c 'exec "$@" '"$lost" sh "${train[@]}" --epochs 3 --out lost
  equal lost/model/last.safetensors "$(cat out)" 'standard output'
  expect 1 sh -c 'exec "$@" '"$lost" sh "$lilt" info nothing
done
# Nor may a file that Lilt opens take the place of a closed stream.
rm -rf lost
expect 0 sh -c 'exec "$@" <&- 2>&-' sh "${train[@]}" --epochs 3 --out lost
expect 0 "$lilt" info lost/model/last.safetensors

# nohup and the end of its terminal.
rm -rf model logs
last_command='nohup lilt train'
nohup "${train[@]}" --epochs 40 >out 2>err </dev/null &
pid=$!
wait_until has logs/training_log.csv 3
stop HUP
equal 0 "$code" 'the exit code under nohup after SIGHUP'
exists model/epoch-40.safetensors

if ! script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
  part_skipped 'there is no program script that gives a terminal'
  exit 0
fi

# on_terminal COMMAND: runs it with a terminal as standard error; what it showed is in shown.
on_terminal() {
  last_command=$1
  SHELL=/bin/sh timeout 60 script -qec "$1" /dev/null >shown 2>&1 </dev/null || fail 'success' "$(cat shown)"
}

export lilt
# The progress bar moves in one line, which makes room for those that stay and is never too long.
for columns in 120 80 60; do
  on_terminal "stty cols $columns; \"\$lilt\" train tunes.abc ${small[*]} --epochs 3 >out"
  tr '\r' '\n' <shown | sed -n 's/^\x1b\[K\(epoch .* left\)$/\1/p' >lines
  matches lines '^epoch 1/3 (━|╸|·)*  loss [0-9.]+  acc [0-9.]+ %  ([0-9,]+ char/s  )?[0-9:]+ left$'
  longest=$(tr -d '\200-\277' <lines | awk '{ print length }' | sort -n | tail -n 1)
  [ "$longest" -lt "$columns" ] || fail "lines shorter than $columns" "$longest"
  tr -d '\r' <shown >still
  matches still $'^(.*\033\\[K)?epoch 3/3  loss [0-9.]+  accuracy '
  equal model/last.safetensors "$(cat out)" 'standard output'
done

# NO_COLOR asks for still lines; empty it asks for nothing.
on_terminal "NO_COLOR=1 \"\$lilt\" train tunes.abc ${small[*]} --epochs 3 >out"
! grep -q $'\033' shown || fail 'no escape codes with NO_COLOR' 'some'
! tr -d '\n' <shown | sed 's/\r*$//' | grep -q $'\r[^\r]*left' || fail 'no moving line with NO_COLOR' 'one'
grep -q '^epoch 3/3  loss' shown || fail 'a line for the last epoch' 'none'
on_terminal "NO_COLOR= \"\$lilt\" train tunes.abc ${small[*]} --epochs 3 >out"
grep -q $'\033' shown || fail 'a moving line with an empty NO_COLOR' 'none'

# The prompt begins on a line of its own after a sample on a terminal; in a pipe nothing is added.
on_terminal "\"\$lilt\" sample --len 5 --random-seed 3 2>err"
tr -d '\r' <shown >shown.text
expect 0 "$lilt" sample --len 5 --random-seed 3
equal 5 "$(wc -c <out)" 'the bytes of a sample in a pipe'
echo >>out
same shown.text out
