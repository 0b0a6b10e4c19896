#!/usr/bin/env bash
# No command writes over the tunes that it reads, and Ctrl-C loses nothing that is whole.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

tunes 5 >five.abc
cp five.abc before
ln five.abc link.abc
for output in five.abc ./five.abc link.abc; do
  for command in 'corpus clean' 'corpus dedupe' render; do
    # shellcheck disable=SC2086
    expect 2 "$lilt" $command five.abc -o $output
    says err '--output: expected another file than the tunes'
    same before five.abc
  done
done

export LILT_HOME=$root
[ -f "$root/models/folk.safetensors" ] || skip 'the shipped model is not here'
start "$lilt" compose -n 100000 --bars 4 --seed 5 -o folder --format abc
wait_until has out 3
stop INT
equal 1 "$code" 'the exit code of an interrupted run'
says err 'Seed 5'
files=$(find folder -name '*.abc' | wc -l)
[ "$files" -ge 3 ] || fail 'the files that are whole' "$files"
"$lilt" check -q folder/*.abc || fail 'correct tunes' 'others'
