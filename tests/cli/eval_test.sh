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
equal 'tunes characters unknown notes bits_per_character bits_per_character_low bits_per_character_high body_bits_per_character bits_per_note bits_per_note_low bits_per_note_high foretold_notes bits_per_foretold_note new_notes bits_per_new_note perplexity ' \
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
foretold=$(json figures foretold_notes) new=$(json figures new_notes)
equal "$(json figures notes)" $((foretold + new)) 'foretold and new notes'
is_true "(($foretold * $(json figures bits_per_foretold_note) + $new * $(json figures bits_per_new_note)) / ($foretold + $new) - $note) ^ 2 < 1e-12" 'bits of both'


# The interval holds the figure and is not wide: the tunes are much alike.
for key in bits_per_character bits_per_note; do
  low=$(json figures "${key}_low") high=$(json figures "${key}_high") value=$(json figures $key)
  is_true "$low < $value && $value < $high" "$value within $low … $high"
  is_true "$high - $low < 0.5 * $value" "a narrow interval, $low … $high"
done

# half KEY: half of the width of its interval, as the tables have it.
half() { awk "BEGIN { printf \"%.4f\", ($(json figures "$1_high") - $(json figures "$1_low")) / 2 }"; }

# The table holds the same figures.
expect 0 "$lilt" eval "$best" others.abc
matches out "^bits per character +$(printf %.4f "$bits") ± $(half bits_per_character)\$"
matches out "^body bits per character +$(printf %.4f "$body")\$"
matches out "^bits per note +$(printf %.4f "$note") ± $(half bits_per_note)\$"
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
equal null "$(json out bits_per_note_low)" 'an interval from one tune'
equal null "$(json out bits_per_character_high)" 'an interval from one tune'
expect 0 "$lilt" eval "$best" only.abc
says_not out ±

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
refused 2 "$lilt" eval "$best" .
refused 1 "$lilt" eval missing.safetensors others.abc
expect 2 "$lilt" eval
expect 2 "$lilt" eval "$best"

# Several models in one table: a row each, beside the first.
cp -r model small
expect 0 "$lilt" train tunes.abc "${small[@]}" --hidden 24 --epochs 4 --valid others.abc --out large
other=large/model/best.safetensors same=small/best.safetensors
expect 0 "$lilt" eval "$best" "$other" "$same" others.abc --json
cp out several
# of KEY: the values of the three models.
of() { json several "$1" | tr '\n' ' '; }
equal "\"$best\" \"$other\" \"$same\" " "$(of model)" 'the models'
equal '20 20 20 ' "$(of tunes)" 'tunes'
for key in bits_per_character bits_per_note bits_per_note_low bits_per_note_high perplexity; do
  for file in "$best" "$other" "$same"; do
    expect 0 "$lilt" eval "$file" others.abc --json
    json out $key
  done | tr '\n' ' ' >alone
  equal "$(cat alone)" "$(of $key)" "$key of each alone"
done
read -r _ other_note _ <<<"$(of bits_per_note)"
read -r none difference nothing <<<"$(of bits_per_note_difference)"
read -r _ low zero_low <<<"$(of bits_per_note_difference_low)"
read -r none_high high zero_high <<<"$(of bits_per_note_difference_high)"
equal 'null null' "$none $none_high" 'a difference to itself'
is_true "$nothing == 0 && $zero_low == 0 && $zero_high == 0" 'no difference between equal models'
is_true "($difference - ($other_note - $note)) ^ 2 < 1e-18" 'the difference'
is_true "$low <= $difference && $difference <= $high && $low < $high" "$difference within $low … $high"
for threads in 1 3; do
  expect 0 "$lilt" eval "$best" "$other" "$same" others.abc --json --threads $threads
  same several out
done

# The table names them as briefly as can be.
expect 0 "$lilt" eval "$best" "$other" "$same" others.abc
equal 4 "$(wc -l <out)" 'lines'
matches out '^model +parameters +bits/char +body bits/char +bits/note +difference$'
figure='[0-9]+\.[0-9]{4}'
matches out "^model/best\.safetensors +[0-9,]+ +$(printf %.4f "$bits") +$(printf %.4f "$body") +$(printf %.4f "$note") ± $(half bits_per_note)\$"
matches out "^large/model/best\.safetensors +[0-9,]+ +$figure +$figure +$(printf %.4f "$other_note") ± $figure +[+]?$(printf %.4f "$difference") ± $figure\$"
matches out "^small/best\.safetensors +[0-9,]+ +$figure +$figure +$figure ± $figure +\+0\.0000 ± 0\.0000\$"
expect 0 "$lilt" eval "$best" model/last.safetensors "$best" others.abc
equal 'model best.safetensors last.safetensors best.safetensors ' "$(cut -d' ' -f1 out | tr '\n' ' ')" 'the names'
cp "$best" $'esc\e[31m.safetensors'
expect 0 "$lilt" eval "$best" $'esc\e[31m.safetensors' others.abc
says out 'esc\u001B[31m.safetensors'

# Models that read the same tunes in other ways; only one is told of dialects.
expect 0 "$lilt" train tunes.abc others.abc --canonical --features all --hidden 16 --embedding 8 \
  --batch 4 --window 32 --epochs 2 --threads 1 --out canonical
canonical=canonical/model/last.safetensors
expect 0 "$lilt" eval "$best" "$canonical" others.abc --dialect others --json
equal 'null [-0-9.e]+ ' "$(json out bits_per_note_difference | sed 's/^-*[0-9][-+.e0-9]*$/[-0-9.e]+/' | tr '\n' ' ')" 'the differences'
equal '20 20 ' "$(json out tunes | tr '\n' ' ')" 'tunes'
refused 2 "$lilt" eval "$best" "$canonical" others.abc --dialect klingon
says err 'expected a dialect of the model (tunes, others) or any, found "klingon"'
refused 2 "$lilt" eval "$best" others.abc --dialect others
{ cat others.abc && printf 'T:No number\nK:D\nABc|\n'; } >more.abc # to some it is no tune of its own
refused 1 "$lilt" eval "$best" "$canonical" more.abc
matches err "^lilt: $canonical: expected the [0-9]+ tunes that $best reads, found [0-9]+; the models cannot be compared on them\$"

# One tune has no interval. Through a pipe tunes can be read but once.
expect 0 "$lilt" eval "$best" "$other" only.abc
equal 3 "$(wc -l <out)" 'lines'
says_not out ±
last_command='cat | lilt eval … /dev/stdin'
# shellcheck disable=SC2002
cat others.abc | "$lilt" eval "$best" /dev/stdin --json >out 2>err || fail 'success' 'a failure'
same figures out
# shellcheck disable=SC2002
cat others.abc | "$lilt" eval "$best" "$other" /dev/stdin >out 2>err && fail 'a failure' 'success'
says err 'lilt: expected files, which every model can read anew, found /dev/stdin'

# Which models and which tunes.
refused 2 "$lilt" eval "$best" "$other"
says err "lilt: expected tunes in ABC notation after $other, found none"
refused 2 "$lilt" eval "$best" others.abc "$other"
says err "lilt: expected models before tunes, found $other behind others.abc"
refused 2 "$lilt" eval others.abc "$best"
says err "lilt: expected models before tunes, found others.abc before $best"
refused 1 "$lilt" eval "$best" missing.safetensors others.abc
says err 'lilt: missing.safetensors: '
refused 1 "$lilt" eval "$best" "$root/tests/models/huge-weights.safetensors" others.abc
matches err '^lilt: .*huge-weights\.safetensors: the weights are too large'
refused 1 "$lilt" eval "$best" "$other" none.abc
says err 'lilt: none.abc: '

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
