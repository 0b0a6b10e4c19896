#!/usr/bin/env bash
# lilt eval and lilt info: figures that agree with each other and with the log of training.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

tunes 60 >tunes.abc
tunes 20 61 >others.abc
expect 0 "$lilt" train tunes.abc "${small[@]}" --epochs 4 --valid others.abc
best=model/best.safetensors

expect 0 "$lilt" eval "$best" others.abc --json
cp out figures
equal 'tunes characters unknown notes bits_per_character body_bits_per_character bits_per_note perplexity ' \
  "$(sed -n 's/^ *"\([a-z_]*\)": [0-9.e+-]*,\{0,1\}$/\1/p' out | tr '\n' ' ')" 'the keys'
equal '{}' "$(sed '/^ /d' out | tr -d '\n')" 'what is around the keys'
equal 20 "$(json figures tunes)" 'tunes'
equal "$(wc -c <others.abc)" "$(json figures characters)" 'characters'
equal 0 "$(json figures unknown)" 'unknown'
equal "$(grep -v '^[A-Z]:' others.abc | tr -cd 'A-Ga-gzx' | wc -c)" "$(json figures notes)" 'notes'
bits=$(json figures bits_per_character)
body=$(json figures body_bits_per_character)
note=$(json figures bits_per_note)
is_true "$bits > 0.5 && $bits < 6" 'sane bits per character'
is_true "$body > 0.5 && $body < 6" 'sane body bits per character'
is_true "$note > $body && $note < 10 * $body" 'sane bits per note'
is_true "(2 ^ $bits / $(json figures perplexity) - 1) ^ 2 < 1e-12" 'perplexity = 2 ^ bits'

# The table holds the same figures.
expect 0 "$lilt" eval "$best" others.abc
matches out "^bits per character +$(printf %.4f "$bits")\$"
matches out "^bits per note +$(printf %.4f "$note")\$"
matches out '^tunes +20$'

# The same as validation measured in training.
expect 0 "$lilt" info "$best" --json
epoch=$(json out epoch | tail -n 1)
row=$(grep "^$epoch," logs/training_log.csv | cut -d, -f4-6)
IFS=, read -r log_bits log_body log_note <<<"$row"
is_true "($bits - $log_bits) ^ 2 < 1e-6" 'the bits per character of the log'
is_true "($body - $log_body) ^ 2 < 1e-6" 'the body bits per character of the log'
is_true "($note - $log_note) ^ 2 < 1e-6" 'the bits per note of the log'

# Threads change nothing. Several files count together.
for threads in 1 2 5; do
  expect 0 "$lilt" eval "$best" others.abc --json --threads "$threads"
  same figures out
done
tunes 12 61 >some.abc
tunes 8 73 >rest.abc
expect 0 "$lilt" eval "$best" some.abc rest.abc --json
for key in tunes characters notes; do
  equal "$(json figures "$key")" "$(json out "$key")" "$key of two files"
done
is_true "($(json out bits_per_character) - $bits) ^ 2 < 1e-12" 'the bits of two files'

# What the model never learnt costs 20 bits a character.
sed 's/^T:Tune/T:Tüné/' others.abc >unknown.abc
expect 0 "$lilt" eval "$best" unknown.abc --json
equal 40 "$(json out unknown)" 'unknown characters'
equal "$(json figures characters)" "$(json out characters)" 'characters'
is_true "$(json out bits_per_character) > $bits" 'more bits'
printf 'X:é' >only.abc
expect 0 "$lilt" eval "$best" only.abc --json
equal 3 "$(json out characters)" 'characters'
equal 1 "$(json out unknown)" 'unknown characters'
equal 0 "$(json out notes)" 'notes'
is_true "$(json out bits_per_note) == 0" 'no bits per note'

# Files without tunes, and other things that cannot be measured.
echo 'no tune here' >none.abc
: >empty.abc
printf 'X:1\nK:D\nab\xff\n' >bytes.abc
refused 1 "$lilt" eval "$best" none.abc
says err 'lilt: none.abc: expected tunes in ABC notation, found no line that starts with X:'
refused 1 "$lilt" eval "$best" others.abc none.abc
says err 'lilt: none.abc: '
refused 1 "$lilt" eval "$best" empty.abc
refused 1 "$lilt" eval "$best" bytes.abc
says err 'lilt: bytes.abc: byte 10: expected UTF-8 text'
refused 1 "$lilt" eval "$best" missing.abc
refused 1 "$lilt" eval "$best" .
refused 1 "$lilt" eval missing.safetensors others.abc
expect 2 "$lilt" eval
expect 2 "$lilt" eval "$best"

# info tells a checkpoint from weights alone.
expect 0 "$lilt" info model/last.safetensors
says out 'A checkpoint: training can be resumed from it.'
says out 'Total parameters: '
expect 0 "$lilt" info "$best"
says out 'Weights only: training cannot be resumed from it.'
expect 0 "$lilt" info "$best" --json
equal false "$(json out checkpoint)" 'checkpoint'
equal 8 "$(json out embedding | head -n 1)" 'embedding'
says out '"vocabulary": "\n '
