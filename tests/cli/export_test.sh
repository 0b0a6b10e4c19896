#!/usr/bin/env bash
# lilt export: the same model without what only training needs, and in half precision.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

tunes 60 >tunes.abc
tunes 20 61 >others.abc
# The last epoch is the best: best.safetensors and last.safetensors hold the same weights.
expect 0 "$lilt" train tunes.abc "${small[@]}" --epochs 3 --valid others.abc
best=model/best.safetensors last=model/last.safetensors
cp "$best" best-as-it-was
cp "$last" last-as-it-was

bytes() { wc -c <"$1"; }
# with_commas NUMBER
with_commas() { sed ':a; s/\([0-9]\)\([0-9]\{3\}\)\($\|,\)/\1,\2\3/; ta' <<<"$1"; }

# A checkpoint without its training state is what train would have written as weights alone.
expect 0 "$lilt" export "$last" -o plain.safetensors
equal plain.safetensors "$(cat out)" 'standard output'
equal "$(with_commas "$(bytes plain.safetensors)") bytes with weights in single precision, from $(with_commas "$(bytes "$last")") bytes" \
  "$(cat err)" 'the sizes'
same "$best" plain.safetensors
expect 0 "$lilt" export "$best" -o again.safetensors
same "$best" again.safetensors
missing plain.safetensors.part

# Half precision: half the size, and the same whether from a checkpoint or not, or done twice.
expect 0 "$lilt" export "$last" --half --out new/folder/half.safetensors
half=new/folder/half.safetensors
equal "$half" "$(cat out)" 'standard output'
says err ' bytes with weights in half precision, from '
expect 0 "$lilt" export "$best" --half -o half-of-best.safetensors
same "$half" half-of-best.safetensors
expect 0 "$lilt" export "$half" --half -o twice.safetensors
same "$half" twice.safetensors
expect 0 "$lilt" info "$best" --json
cp out best-info
parameters=$(json out parameters | head -n 1)
saved=$(($(bytes "$best") - $(bytes "$half")))
is_true "($saved - 2 * $parameters) ^ 2 < 200 ^ 2" 'two bytes less for each weight'

# info tells the precision and nothing else that differs.
equal '"F32"' "$(json out precision | head -n 1)" 'the precision'
equal false "$(json out checkpoint)" 'checkpoint'
expect 0 "$lilt" info "$half" --json
equal '"F16"' "$(json out precision | head -n 1)" 'the precision'
diff <(grep -v '"precision"' best-info) <(grep -v '"precision"' out) || fail 'the same otherwise' 'more'
expect 0 "$lilt" info "$half"
says out 'Weights in half precision (F16)'
says out 'Weights only: training cannot be resumed from it.'
expect 0 "$lilt" info "$last"
says out 'Weights in single precision (F32)'

# It predicts nearly as well, and draws characters.
expect 0 "$lilt" eval "$best" others.abc --json
bits=$(json out bits_per_character)
expect 0 "$lilt" eval "$half" others.abc --json
is_true "($(json out bits_per_character) - $bits) ^ 2 < 0.002 ^ 2" 'nearly the same bits per character'
expect 0 "$lilt" sample --model "$half" --len 50 --random-seed 1
[ -s out ] || fail 'characters' 'none'

# Back in single precision the halves are as they were.
expect 0 "$lilt" export "$half" -o single.safetensors
equal "$(bytes "$best")" "$(bytes single.safetensors)" 'the size'
expect 0 "$lilt" export single.safetensors --half -o half-again.safetensors
same "$half" half-again.safetensors

# Whatever else a file holds is kept.
expect 0 "$lilt" export "$root/tests/models/tiny-1.safetensors" -o tiny.safetensors
same "$root/tests/models/tiny-1.safetensors" tiny.safetensors
expect 0 "$lilt" export "$root/tests/models/tiny-1.safetensors" --half -o tiny.safetensors
grep -q 'two quotes' tiny.safetensors || fail 'the note' 'none'
grep -q '"extra":{"dtype":"F64"' tiny.safetensors || fail 'the further tensor' 'none'

# As small as composing allows: the same tunes, but not how new they are. The shipped model has everything.
shipped=$root/models/folk.safetensors
expect 0 "$lilt" export "$shipped" --small -o small.safetensors
says err ' bytes with weights in 8 bits, from '
is_true "$(bytes small.safetensors) < 3300000" 'half the size'
expect 0 "$lilt" info small.safetensors --json
equal '"I8"' "$(json out precision | head -n 1)" 'the precision'
expect 0 "$lilt" compose --model "$shipped" --key D --meter 6/8 --seed 5 -n 4
cp out tunes-of-shipped
expect 0 "$lilt" compose --model small.safetensors --key D --meter 6/8 --seed 5 -n 4
same tunes-of-shipped out
refused 1 "$lilt" compose --model small.safetensors --report
says err 'expected a model that knows the tunes it learnt'
expect 0 "$lilt" export small.safetensors --small -o small-again.safetensors
same small.safetensors small-again.safetensors

# Weights that no half can hold.
refused 1 "$lilt" export "$root/tests/models/huge-weights.safetensors" --half -o huge.safetensors
matches err '^lilt: .*huge-weights\.safetensors: tensor [a-z.0-9]+: expected weights of at most 65504 for half precision, found -?[0-9.e+]+; keep single precision$'
missing huge.safetensors
missing huge.safetensors.part

# The model is never overwritten, whatever name leads to it; nor is what it is read from.
ln -s "$last" link.safetensors
ln "$last" model/hard.safetensors
for out in "$last" "./$last" "model/../$last" "$folder/$last" link.safetensors model/hard.safetensors; do
  for half in '' --half; do
    # shellcheck disable=SC2086
    refused 2 "$lilt" export "$last" -o "$out" $half
    says err "lilt: expected another file than the model as -o, found $out"
  done
done
refused 2 "$lilt" export link.safetensors -o "$last"
cp "$last" whole.safetensors.part
refused 2 "$lilt" export whole.safetensors.part -o whole.safetensors
same last-as-it-was whole.safetensors.part
same last-as-it-was "$last"
same best-as-it-was "$best"

# A critic learns from real tunes and composed ones.
refused 2 "$lilt" export "$last" -o bad.safetensors --critic tunes.abc
says err 'lilt: expected --known FILE beside --critic, found none'
missing bad.safetensors

# Another file takes the new bytes in one step, or keeps its own.
echo something >old.safetensors
refused 1 "$lilt" export missing.safetensors -o old.safetensors
refused 1 "$lilt" export tunes.abc -o old.safetensors
equal something "$(cat old.safetensors)" 'the file'
expect 0 "$lilt" export "$last" -o old.safetensors
same "$best" old.safetensors
mkdir taken
refused 1 "$lilt" export "$last" -o taken
refused 1 "$lilt" export "$last" -o tunes.abc/x
missing taken.part
last_command='cat | lilt export /dev/stdin'
# shellcheck disable=SC2002
cat "$last" | "$lilt" export /dev/stdin -o piped.safetensors >out 2>err || fail 'success' 'a failure'
same "$best" piped.safetensors

# There is nothing to resume in it, and a run passes over it.
cp single.safetensors model/single.safetensors
expect 0 "$lilt" train --resume --threads 1 --epochs 4
matches err 'passing over .*single\.safetensors: holds a model but no training state'
matches err '^Resuming after epoch 3, update'

# What else a network may have: features, dialects, residual connections.
expect 0 "$lilt" train tunes.abc others.abc --canonical --features all --residual --hidden 16,16 \
  --embedding 8 --batch 4 --window 32 --epochs 2 --valid others.abc --threads 1 --out rich
for model in best last; do
  rich=rich/model/$model.safetensors
  expect 0 "$lilt" export "$rich" -o rich-plain.safetensors
  expect 0 "$lilt" export "$rich" -o rich-half.safetensors --half
  [ "$model" = last ] || same "$rich" rich-plain.safetensors
  expect 0 "$lilt" info rich-half.safetensors --json
  cp out half-info
  expect 0 "$lilt" info rich-plain.safetensors --json
  diff <(grep -v '"precision"' half-info) <(grep -v '"precision"' out) || fail 'the same otherwise' 'more'
  for tensor in source progress adam.mean state.0.cell; do says_not rich-plain.safetensors "\"$tensor\""; done
  expect 0 "$lilt" eval "$rich" rich-plain.safetensors rich-half.safetensors others.abc --json
  equal '[]' "$(sed '/^ /d' out | tr -d '\n')" 'an array'
  read -r _ plain_difference half_difference <<<"$(json out bits_per_note_difference | tr '\n' ' ')"
  is_true "$plain_difference == 0" 'the same predictions'
  is_true "$half_difference ^ 2 < 0.01 ^ 2" 'nearly the same bits per note'
done
