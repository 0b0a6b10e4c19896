#!/usr/bin/env bash
# lilt compose --shard: parts of many tunes, the same tunes whatever the parts.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

export LILT_HOME=$root
[ -f "$root/models/folk.safetensors" ] || skip 'the shipped model is not here'
request=("$lilt" compose -n 14 --seed 7 --best-of 1 --key D)

expect 0 "${request[@]}"
mv out whole
expect 0 "$lilt" compose -n 5 --seed 7 --best-of 1 --key D
head -c "$(stat -c %s out)" whole >beginning
same out beginning # the first five of fourteen
expect 0 "$lilt" compose -n 9 --first 6 --seed 7 --best-of 1 --key D
matches err '^Seed 12 to 20 \(--seed 7 --first 6\)'
tail -c "$(stat -c %s out)" whole >end
same out end

# --- The same tunes, whatever the number of parts and the order in which they come

for parts in 1 4; do
  for ((k = parts; k >= 1; k--)); do
    expect 0 "${request[@]}" --shard "$k/$parts" -o "in-$parts" --threads $((k % 3 + 1))
    matches out "^in-$parts/tunes-$k-of-$parts.abc\$"
    matches err "^Part $k of $parts: [0-9]+ tunes; $((parts - k + 1)) of $parts part"
  done
  cat "in-$parts"/*.abc >joined
  same whole joined
done
equal 'parts.json tunes-1-of-4.abc tunes-2-of-4.abc tunes-3-of-4.abc tunes-4-of-4.abc' "$(cd in-4 && echo *)"
matches in-4/tunes-3-of-4.abc '^X:8$'

# --- A part that is there is not composed again; one that is not whole goes on

touch -d 2001-01-01 in-4/tunes-2-of-4.abc
expect 0 "${request[@]}" --shard 2/4 -o in-4
matches err '^This part is there already$'
matches out '^in-4/tunes-2-of-4.abc$'
equal 2001 "$(date -r in-4/tunes-2-of-4.abc +%Y)"

# unfinished BYTES: part 2 as it was when so many bytes were written.
unfinished() {
  head -c "$1" in-4/tunes-2-of-4.abc >in-4/tunes-2-of-4.abc.part
  rm -f in-4/tunes-2-of-4.abc
}
cp in-4/tunes-2-of-4.abc part
second=$(grep -abo '^X:5$' part | cut -d: -f1) size=$(stat -c %s part)
for bytes in 0 1 "$second" $((second + 3)) $((size - 1)) "$size"; do
  unfinished "$bytes"
  expect 0 "${request[@]}" --shard 2/4 -o in-4
  same part in-4/tunes-2-of-4.abc
  missing in-4/tunes-2-of-4.abc.part
  [ "$bytes" -ne $((second + 3)) ] || matches err '^Seed 11 to 13 '
done
unfinished "$second"
head -c 3000 /dev/zero >>in-4/tunes-2-of-4.abc.part # what a file system may leave
expect 0 "${request[@]}" --shard 2/4 -o in-4
same part in-4/tunes-2-of-4.abc
unfinished "$second"
printf 'X:9\nT:Not the next one\nK:D\nA|]\n\n' >>in-4/tunes-2-of-4.abc.part
expect 0 "${request[@]}" --shard 2/4 -o in-4
same part in-4/tunes-2-of-4.abc

# --- Tunes like others, and from one that is given

printf 'X:1\nT:A\nR:jig\nM:6/8\nL:1/8\nK:D\nd3 d3|]\n\nX:2\nT:B\nM:4/4\nL:1/8\nK:G\nG4 G4|]\n' >two.abc
for more in '--like two.abc' 'two.abc --vary 100'; do
  # shellcheck disable=SC2086
  expect 0 "$lilt" compose $more -n 5 --seed 3 --best-of 1
  mv out whole-of-it
  rm -rf parts
  for k in 1 2; do
    # shellcheck disable=SC2086
    expect 0 "$lilt" compose $more -n 5 --seed 3 --best-of 1 --shard $k/2 -o parts
  done
  cat parts/*.abc >joined
  same whole-of-it joined
done

# --- What is refused

wrong() {
  local text=$1
  shift
  refused 2 "$@"
  says err "$text"
}
wrong '--seed was 7 for the parts in in-4, found 1' \
  "$lilt" compose -n 14 --best-of 1 --key D --shard 1/4 -o in-4
wrong '--temperature was 1.0 for the parts in in-4, found 0.9' \
  "${request[@]}" --temperature 0.9 --shard 1/4 -o in-4
wrong 'N of --shard was 4 for the parts in in-4, found 5' "${request[@]}" --shard 1/5 -o in-4
wrong '--shard: expected K/N, part K of N, such as 1/8, found 5/4' "${request[@]}" --shard 5/4 -o in-4
wrong '--shard: expected at most as many parts as tunes, 14, found 15' \
  "${request[@]}" --shard 1/15 -o new
wrong 'expected a folder as -o with --shard' "${request[@]}" --shard 1/4
wrong 'expected a folder as -o with --shard' "${request[@]}" --shard 1/4 -o in-4 --format mid
missing new

# --- Put together

expect 0 "$lilt" corpus dedupe whole
mv out wanted
expect 0 "$lilt" corpus dedupe in-4
same wanted out
expect 0 "$lilt" corpus clean in-1 --renumber
mv in-4/tunes-3-of-4.abc in-4/tunes-3-of-4.abc.part
refused 2 "$lilt" corpus dedupe in-4 -o merged.abc
says err 'expected 4 parts, found 3; the first that is not there is --shard 3/4'
missing merged.abc
mkdir plain
mv in-4/*.abc plain
expect 0 "$lilt" corpus describe plain
mkdir empty
refused 2 "$lilt" corpus describe empty
says err 'expected a folder with files *.abc, found empty'
