#!/usr/bin/env bash
# lilt sample: what it draws, and from which model.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

tunes 20 >tunes.abc
expect 0 "$lilt" train tunes.abc "${small[@]}" --epochs 3 --save-every 1 --valid-share 0.2
expect 0 "$lilt" train tunes.abc "${small[@]}" --epochs 1 --out plain

# Characters are code points: this text has them of one to four bytes.
for ((i = 0; i < 40; i++)); do printf 'aé€𝄞𝄞€éa\n'; done >wide.txt
expect 0 "$lilt" train wide.txt "${small[@]}" --epochs 1 --out wide
characters() { tr -d '\200-\277' <"$1" | wc -c; }
for length in 0 1 300; do
  expect 0 "$lilt" sample --out wide --len "$length"
  equal "$length" "$(characters out)" 'the number of characters'
  expect 0 "$lilt" sample --out wide --len "$length" --seed 'aé𝄞'
  equal $((length + 3)) "$(characters out)" 'the number of characters'
  equal 'aé𝄞' "$(head -c 7 out)" 'the beginning'
done
iconv -f UTF-8 -t UTF-16 out >/dev/null || fail 'UTF-8' 'something else'
expect 0 "$lilt" sample
equal 512 "$(wc -c <out)" 'the characters by default'

# The seed that is told draws the same text again; another one does not.
expect 0 "$lilt" sample --seed X:
seed=$(sed -n 's/.*random seed \([0-9]*\)$/\1/p' err)
mv out first
expect 0 "$lilt" sample --seed X: --random-seed "$seed"
same first out
expect 0 "$lilt" sample --seed X:
differ first out
expect 0 "$lilt" sample --random-seed 1
mv out first
expect 0 "$lilt" sample --random-seed 2
differ first out
# The characters drawn do not depend on how many follow.
expect 0 "$lilt" sample --random-seed 1 --len 100
head -c 100 first | cmp -s - out || fail 'the beginning of the longer text' 'another text'

# Reshaping the distribution.
for options in '--temperature 0' '--top-k 1' '--top-p 1e-9' '--temperature 1e-9'; do
  # shellcheck disable=SC2086
  expect 0 "$lilt" sample --len 50 --random-seed 1 $options
  [ ! -e probable ] || same probable out
  mv out probable
done
expect 0 "$lilt" sample --len 50 --random-seed 99 --temperature 0
same probable out
expect 0 "$lilt" sample --len 50 --random-seed 1 --temperature 1000
differ probable out
expect 0 "$lilt" sample --len 50 --random-seed 1 --top-k 0 --top-p 1
head -c 50 first | cmp -s - out || fail 'the text without --top-k and --top-p' 'another'

# Which model.
expect 0 "$lilt" sample --len 1
says err 'Model model/best.safetensors, '
expect 0 "$lilt" sample --len 1 --out plain
says err 'Model plain/model/last.safetensors, '
expect 0 "$lilt" sample 2 --len 30 --random-seed 1
says err 'Model model/epoch-2.safetensors, '
mv out two
expect 0 "$lilt" sample --model model/epoch-2.safetensors --len 30 --random-seed 1
same two out
expect 0 "$lilt" sample --model model/epoch-1.safetensors --len 30 --random-seed 1
differ two out
refused 1 "$lilt" sample 9
says err 'model/epoch-9.safetensors: cannot be opened: No such file or directory'
refused 1 "$lilt" sample --out nowhere
says err 'lilt: nowhere/model: no model here; train one with: lilt train'
refused 1 "$lilt" sample --model nothing.safetensors
refused 1 "$lilt" sample --model .

# Characters that the model never learnt.
refused 1 "$lilt" sample --seed 'Xé'
says err "lilt: --seed: expected characters that the model has learnt, found 'é' (U+00E9); leave it out"
refused 1 "$lilt" sample --seed $'\t'
says err 'found U+0009'
refused 1 "$lilt" sample --seed $'X\xff'
says err 'expected UTF-8 text'

# Options that make no sense.
for options in '--len -1' '--len x' '--temperature -1' '--temperature nan' '--temperature inf' \
  '--top-k -1' '--top-p 0' '--top-p 1.5' '--random-seed -1' '--random-seed x' 'x' '-1' '1 2' \
  '2 --model model/epoch-1.safetensors' '--seed' '--bad'; do
  # shellcheck disable=SC2086
  expect 2 "$lilt" sample $options
  [ ! -s out ] || fail 'nothing on standard output' "$(cat out)"
  [ -s err ] || fail 'a message' 'none'
done

# Characters come one by one: a reader that takes the first and leaves ends the program, though not
# even one buffer full is asked for. The wide network makes that take a second.
expect 0 "$lilt" train wide.txt --embedding 8 --hidden 500 --batch 2 --window 16 --epochs 1 --out slow
last_command='lilt sample --len 4000 | head -c 1'
timeout 100 "$lilt" sample --out slow --len 4000 --seed a 2>err | head -c 1 >out
codes=("${PIPESTATUS[@]}")
equal a "$(cat out)" 'the first character'
[[ ${codes[0]} == 141 || ${codes[0]} == 1 ]] ||
  fail 'a writer that ends early, with 141 (SIGPIPE) or 1' "${codes[0]}"
last_command='lilt sample --len 2000000000 | head -c 10'
timeout 100 "$lilt" sample --len 2000000000 2>err | head -c 10 >out
codes=("${PIPESTATUS[@]}")
equal 10 "$(wc -c <out)" 'the bytes read'
[[ ${codes[0]} == 141 || ${codes[0]} == 1 ]] || fail 'exit code 141 (SIGPIPE) or 1' "${codes[0]}"

expect 1 sh -c 'exec "$@" >/dev/full' sh "$lilt" sample
says err 'lilt: standard output: cannot be written: No space left on device'
