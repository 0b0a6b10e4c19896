#!/usr/bin/env bash
# lilt train --preset folk: whole tunes of several collections, with all that the network is told.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

tunes 40 >english.abc
tunes 20 41 | sed 's/^K:D/R:jig\nK:G/' >irish.abc
tunes 10 61 >others.abc
tiny=(--preset folk --hidden 12,12 --embedding 6 --batch 4 --window 24 --threads 1 --seed 3)

# One command, more than one collection; the first is the one that validation is like.
expect 0 "$lilt" train english.abc irish.abc "${tiny[@]}" --epochs 3 --valid others.abc --out folk
matches err '^bar-4 \(Embedding\) .* 3,072$'
matches err '^skip \(Dense\) '
matches err '^epoch 3/3 '
best=folk/model/best.safetensors
exists "$best"

# The record of the run.
run=folk/logs/run.json
says "$run" '"keys": "c"'
says "$run" "$(sha256sum <english.abc | cut -d' ' -f1)"
says "$run" "$(sha256sum <others.abc | cut -d' ' -f1)"
matches "$run" '"program": "lilt [0-9.]+ \(.+\)"'
equal 3 "$(json "$run" seed | head -n 1)" 'the seed'

# As many epochs as make the characters.
expect 0 "$lilt" train english.abc "${tiny[@]}" --characters 20000 --out counted
epochs=$(tail -n 1 counted/logs/training_log.csv | cut -d, -f1)
updates=$(tail -n 1 counted/logs/training_log.csv | cut -d, -f8)
is_true "$epochs > 1 && ($updates * 4 * 24 / 20000 - 1) ^ 2 < 0.3 ^ 2" '20,000 characters'

# eval reads tunes as training does: the same figures, whatever the threads.
expect 0 "$lilt" eval "$best" others.abc --json --threads 1
cp out figures
expect 0 "$lilt" eval "$best" others.abc --json --threads 3
same figures out
note=$(json figures bits_per_note)
expect 0 "$lilt" info "$best" --json
epoch=$(json out epoch | tail -n 1)
log_note=$(grep "^$epoch," folk/logs/training_log.csv | cut -d, -f6)
is_true "($note - $log_note) ^ 2 < 1e-6" 'the bits per note of the log'

# What only looks otherwise is the same tune to it.
sed 's/\([A-Ga-g]\)|\([A-Ga-g]\)/\1 | \2/g; s/^T:/% a comment\nT:/' others.abc >spaced.abc
expect 0 "$lilt" eval "$best" spaced.abc --json
equal "$note" "$(json out bits_per_note)" 'bits per note of the same tunes'

# Dialects.
expect 0 "$lilt" eval "$best" others.abc --json --dialect english
same figures out
expect 0 "$lilt" eval "$best" others.abc --json --dialect irish
differ figures out
expect 0 "$lilt" eval "$best" others.abc --json --dialect any
refused 2 "$lilt" eval "$best" others.abc --dialect welsh
says err 'expected a dialect of the model (english, irish) or any, found "welsh"'

# Sampling follows the tune along.
expect 0 "$lilt" sample --model "$best" --seed $'X:1\nT:' --len 300 --random-seed 5
cp out sampled
expect 0 "$lilt" sample --model "$best" --seed $'X:1\nT:' --len 300 --random-seed 5
same sampled out
expect 0 "$lilt" sample --model "$best" --seed $'X:1\nT:' --len 300 --random-seed 5 --dialect irish
differ sampled out

# Going on from a model, with other tunes; compose takes what comes of it.
{
  printf 'X:1\nT:Mi\xc3\xb1\nM:4/4\nL:1/8\nK:D\nABcd efga|g8|]\n\n'
  tunes 8 2
} >mine.abc
expect 0 "$lilt" train --from "$best" mine.abc --threads 1 --epochs 2 --out own
says err "left out of titles, as the model does not know them: 'ñ' (U+00F1)"
says own/logs/run.json "$(sha256sum <"$best" | cut -d' ' -f1)"
expect 0 "$lilt" info own/model/last.safetensors
matches out '^Dialects +mine, english, irish$'
matches out '"from": "best.safetensors"'
expect 0 "$lilt" train --resume --epochs 3 --out own
(cd own && expect 0 "$lilt" compose --seed 1 --bars 4)
says own/err 'Model model/last.safetensors'
expect 0 "$lilt" train english.abc "${tiny[@]}" --characters 100 --out poor
expect 0 "$lilt" compose --model poor/model/last.safetensors --seed 1 --bars 4
says err 'lilt: the model has hardly learnt anything ('
refused 2 "$lilt" train --from "$best" mine.abc --hidden 12,13 --out other
says err '--hidden is 12,12 in the model to go on from, found 12,13; leave it out'
refused 2 "$lilt" train --from "$best" mine.abc --preset folk --out other
says err '--preset'
refused 1 "$lilt" train --from nowhere.safetensors mine.abc --out other

# Interrupted and resumed.
start "$lilt" train english.abc irish.abc "${tiny[@]}" --epochs 3 --valid others.abc --out stopped
wait_until has stopped/logs/training_log.csv 2
stop INT
expect 0 "$lilt" train --resume --out stopped
same_run folk stopped

# Tunes of each epoch, which change nothing; and how far the run is.
expect 0 "$lilt" train english.abc irish.abc "${tiny[@]}" --epochs 3 --valid others.abc --out heard --samples 2
same_run folk heard
for epoch in 1 2 3; do
  equal 2 "$(grep -c '^X:' heard/logs/samples/epoch-$epoch.abc)" "the tunes of epoch $epoch"
done
expect 0 "$lilt" check -q heard/logs/samples/*.abc
equal 'updates,epoch,epochs,window,windows,loss,acc,characters_per_second,seconds_left' \
  "$(head -n 1 heard/logs/progress.csv)" 'the header of the progress'
equal "$(tail -n 1 heard/logs/training_log.csv | cut -d, -f8)" \
  "$(tail -n 1 heard/logs/progress.csv | cut -d, -f1)" 'the updates'

# What cannot be.
for words in '--features mood' '--keys minor' '--weights 1,1,1' '--weights 0' '--focus 1' '--shuffle' \
  '--hidden 12,13' '--recurrent-dropout 1'; do
  # shellcheck disable=SC2086
  refused 2 "$lilt" train english.abc irish.abc "${tiny[@]:0:2}" $words --out none
done
refused 2 "$lilt" train english.abc --features all --out none
says err '--canonical'
missing none
expect 1 "$lilt" train missing.abc "${tiny[@]}" --out none
printf 'X:1\nT:Nothing\nK:C\n' >silent.abc
expect 1 "$lilt" train silent.abc "${tiny[@]}" --out none
says err 'silent.abc: expected tunes in ABC notation, found none with a note'
