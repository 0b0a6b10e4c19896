#!/usr/bin/env bash
# A run that is stopped with Ctrl-C and resumed ends in the same bytes as one that is not.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

tunes 60 >tunes.abc
tunes 10 61 >others.abc

# stopped_and_resumed NAME OPTION…: stops it twice, each time somewhere in an epoch.
stopped_and_resumed() {
  local name=$1 threads resume=()
  shift
  expect 0 "$lilt" train tunes.abc "$@" --out "$name" --threads 1
  for threads in 1 2; do
    start "$lilt" train tunes.abc "${resume[@]}" "$@" --out "$name-stopped" --threads "$threads"
    wait_until grep -q '^epoch .*/18 ' err
    sleep "0.00$((RANDOM % 10))"
    stop INT
    equal 1 "$code" 'the exit code after Ctrl-C'
    [ ! -s out ] || fail 'no model named on standard output' "$(cat out)"
    matches err '^Stopped in epoch [0-9]+; saved\. Continue with: lilt train --resume --out '
    resume=(--resume)
  done
  expect 0 "$lilt" train --resume --threads 1 --out "$name-stopped"
  matches err '^Resuming after epoch [0-9]+, update [0-9]+\.$'
  same_run "$name" "$name-stopped"
}

stopped_and_resumed plain "${network[@]}" --epochs 18 --dropout 0
stopped_and_resumed full "${network[@]}" --epochs 18 --save-every 7 --shuffle --valid-share 0.1 \
  --schedule cosine --warm-up 30 --clip-norm 0.5 --weight-decay 0.01
# Validation that gets worse now and then: patience, too, counts on.
stopped_and_resumed patient "${network[@]}" --epochs 18 --valid others.abc --lr 0.03 --patience 9

# Stopped between epochs, as always where an epoch is one window.
tunes 1 >one.abc
one=(one.abc --threads 1 --hidden "100,100" --batch 4 --window 16 --epochs 100 --save-every 1000 --schedule cosine)
expect 0 "$lilt" train "${one[@]}" --out one
start "$lilt" train "${one[@]}" --out one-stopped
wait_until has one-stopped/logs/training_log.csv 5
stop INT
equal 1 "$code" 'the exit code after Ctrl-C'
expect 0 "$lilt" train --resume --threads 1 --out one-stopped
same_run one one-stopped

# A finished run has nothing left to do, also when patience ended it.
cp -r plain finished
expect 0 "$lilt" train --resume --threads 1 --out finished
equal finished/model/last.safetensors "$(cat out)" 'standard output'
same_run plain finished
diff plain/logs/training_log.csv finished/logs/training_log.csv || fail 'the same log' 'another'
expect 0 "$lilt" train tunes.abc "${small[@]}" --epochs 20 --valid others.abc --lr 1e-30 --patience 2 \
  --out early
cp -r early early-resumed
expect 0 "$lilt" train --resume --threads 1 --out early-resumed
same_run early early-resumed

# More epochs than first asked for.
expect 0 "$lilt" train tunes.abc "${small[@]}" --epochs 2 --out longer
expect 0 "$lilt" train --resume --threads 1 --epochs 4 --out longer
expect 0 "$lilt" train tunes.abc "${small[@]}" --epochs 4 --out straight
same straight/model/last.safetensors longer/model/last.safetensors
same straight/model/epoch-4.safetensors longer/model/epoch-4.safetensors
diff <(learnt straight) <(learnt longer) || fail 'the same log' 'another'

# The text may have moved; options that agree may be repeated.
mkdir moved
cp tunes.abc moved/
expect 0 "$lilt" train moved/tunes.abc "${small[@]}" --resume --epochs 5 --out longer
says err 'Text: moved/tunes.abc'
matches err '^epoch 5/5 '

# What cannot be resumed.
refused 2 "$lilt" train --resume --out nowhere
says err 'expected a checkpoint to resume from in nowhere/model, found none'
missing nowhere
expect 2 "$lilt" train --resume --threads 1 --out longer --batch 8
matches err '^lilt: --batch was 4 when this run started, found 8; '
expect 2 "$lilt" train --resume --threads 1 --out longer --hidden 16,17
matches err '^lilt: --hidden was 16,16 when this run started, found 16,17; '
expect 2 "$lilt" train --resume --threads 1 --out longer --shuffle
matches err '^lilt: --shuffle was off when this run started, found on; '
expect 1 "$lilt" train others.abc --resume --epochs 9 --out longer
says err 'found a different one; restore it, or start a new run'
sed 's/Tune 3$/Tune 5/' tunes.abc >changed.abc # the same characters, in other places
expect 1 "$lilt" train changed.abc --resume --epochs 9 --out longer
says err 'found a different one; restore it, or start a new run'
expect 1 "$lilt" train missing.abc --resume --epochs 9 --out longer
says err 'lilt: missing.abc: cannot be opened'
expect 0 "$lilt" info longer/model/last.safetensors

# A second run in the folder of one that is at work does no harm.
start "$lilt" train tunes.abc "${small[@]}" --epochs 100000 --out busy
wait_until has busy/logs/training_log.csv 2
first=$pid
for option in --resume --epochs=1; do
  timeout 60 "$lilt" train tunes.abc "${small[@]}" $option --out busy >out2 2>err2
  equal 1 $? "the exit code of a second run with $option"
  matches err2 '^lilt: busy: another training is at work in this folder; '
done
missing busy/model-1
kill -0 "$first" || fail 'the first run to go on' 'its end'
stop INT
equal 1 "$code" 'the exit code after Ctrl-C'
expect 0 "$lilt" info busy/model/last.safetensors
start "$lilt" train --resume --threads 1 --out busy
wait_until grep -q '^epoch ' err
stop KILL
start "$lilt" train --resume --threads 1 --out busy
wait_until grep -q '^epoch ' err
stop KILL

# Validation on other tunes would make its figures, and so the best model, mean something else.
expect 0 "$lilt" train tunes.abc "${small[@]}" --epochs 1 --valid others.abc --out validated
cp others.abc others-as-they-were.abc
sed -i 's/^|:DFA/|:DFD/' others.abc
differ others.abc others-as-they-were.abc
refused_to_resume() {
  expect 1 "$lilt" train --resume --threads 1 --epochs 2 --out validated "$@"
  says err ': expected the validation tunes of validated/model/last.safetensors, found different ones; restore them'
}
refused_to_resume
matches err '^lilt: others\.abc: '
refused_to_resume --valid tunes.abc
expect 0 "$lilt" train --resume --threads 1 --epochs 2 --out validated --valid others-as-they-were.abc

# A damaged checkpoint: the newest whole one takes its place, and the run ends as it would have.
expect 0 "$lilt" train tunes.abc "${small[@]}" --epochs 6 --save-every 2 --out whole
cp -r whole damaged
printf 'AAAAAAAA' | dd of=damaged/model/last.safetensors bs=1 seek=20000 conv=notrunc 2>/dev/null
rm damaged/model/epoch-6.safetensors
echo garbage >damaged/model/notes.safetensors
expect 0 "$lilt" train --resume --threads 1 --out damaged
matches err '^lilt: passing over .*last\.safetensors: the checksum does not match'
equal 1 "$(grep -c 'passing over .*last' err)" 'the number of times that this is said'
says err 'Resuming after epoch 4, update'
rm damaged/model/notes.safetensors
same_run whole damaged
cp whole/model/epoch-2.safetensors damaged/model/last.safetensors
head -c 30000 whole/model/epoch-6.safetensors >damaged/model/epoch-6.safetensors
rm damaged/model/epoch-4.safetensors
expect 0 "$lilt" train --resume --threads 1 --out damaged
says err 'passing over damaged/model/epoch-6.safetensors'
same_run whole damaged
rm damaged/model/*
head -c 30000 whole/model/last.safetensors >damaged/model/last.safetensors
expect 2 "$lilt" train --resume --threads 1 --out damaged
says err 'found none'

# Killed after the last epoch's checkpoint and before last.safetensors.
cp -r whole between
cp whole/model/epoch-4.safetensors between/model/last.safetensors
expect 0 "$lilt" train --resume --threads 1 --out between
same_run whole between
