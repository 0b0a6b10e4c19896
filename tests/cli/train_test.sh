#!/usr/bin/env bash
# lilt train: what it writes and prints, and that every option works.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

tunes 40 >tunes.abc
tunes 8 41 >others.abc
header='epoch,loss,acc,valid_bits_per_character,valid_body_bits_per_character,valid_bits_per_note,'
header+='learning_rate,updates,characters_per_second,seconds'

# The outputs, and nothing but the model's path on standard output.
expect 0 "$lilt" train tunes.abc "${small[@]}" --epochs 5 --save-every 2
equal model/last.safetensors "$(cat out)" 'standard output'
equal "$header" "$(head -n 1 logs/training_log.csv)" "the log's header"
equal '1 2 3 4 5 ' "$(sed 1d logs/training_log.csv | cut -d, -f1 | tr '\n' ' ')" "the log's epochs"
equal 'epoch-2.safetensors epoch-4.safetensors epoch-5.safetensors last.safetensors' \
  "$(cd model && echo *)" 'the files in model/'
same model/epoch-5.safetensors model/last.safetensors
says err 'Text: tunes.abc'
matches err '^epoch 5/5  loss [0-9.]+  accuracy [0-9.]+ %  [0-9,]+ characters/s'
! grep -q $'[\r\033]' err || fail 'no \r and no escape codes on standard error' 'some'
first=$(sed -n 2p logs/training_log.csv | cut -d, -f2)
last=$(sed -n 6p logs/training_log.csv | cut -d, -f2)
is_true "$last < $first" 'a loss that falls'

# An earlier run is kept.
cp -r model earlier-model
cp -r logs earlier-logs
expect 0 "$lilt" train tunes.abc "${small[@]}" --epochs 1 --seed 2
matches err '^lilt: an earlier run was here; it is kept in .*model-1$'
expect 0 "$lilt" train tunes.abc "${small[@]}" --epochs 1 --seed 3
diff -r earlier-model model-1 || fail 'the earlier model/ in model-1' 'another'
diff -r earlier-logs logs-1 || fail 'the earlier logs/ in logs-1' 'another'
exists model-2/epoch-1.safetensors
exists logs-2/training_log.csv
equal 2 "$(wc -l <logs/training_log.csv)" 'the lines of the new log'

# Validation keeps the best model, and prints it.
for held_out in '--valid others.abc' '--valid-share 0.2'; do
  # shellcheck disable=SC2086
  expect 0 "$lilt" train tunes.abc "${small[@]}" --epochs 3 $held_out --out valid
  equal valid/model/best.safetensors "$(cat out)" 'standard output'
  says err 'validating on 8 tunes'
  says err '(best so far)'
  matches valid/logs/training_log.csv '^3,[0-9.]+,[0-9.]+,[0-9.]+,[0-9.]+,[0-9.]+,0\.001,'
  exists valid/model/best.safetensors
done

# Early stopping: with a learning rate this low the first epoch stays the best.
expect 0 "$lilt" train tunes.abc "${small[@]}" --epochs 50 --lr 1e-30 --valid-share 0.2 \
  --patience 3 --out early
says err 'Validation has not improved since epoch 1; stopped.'
equal 5 "$(wc -l <early/logs/training_log.csv)" 'the lines of the log'
same early/model/epoch-4.safetensors early/model/last.safetensors
expect 0 "$lilt" info early/model/best.safetensors --json
equal 1 "$(json out epoch | head -n 1)" 'the epoch of the best model'

# Every option of learning changes the outcome.
expect 0 "$lilt" train tunes.abc "${small[@]}" --epochs 4 --out plain
mkdir seen
cp plain/model/last.safetensors seen/plain
for options in '--schedule cosine' '--schedule cosine --final-lr-share 0.1' \
  '--schedule step --step-epochs 1' '--schedule step --step-epochs 1 --step-factor 0.1' \
  '--warm-up 10' '--lr 0.002' '--beta1 0.8' '--beta2 0.99' '--epsilon 1e-3' '--weight-decay 0.1' \
  '--clip-norm 0.1' '--shuffle' '--seed 7' '--dropout 0' '--gate-activation hard_sigmoid'; do
  # shellcheck disable=SC2086
  expect 0 "$lilt" train tunes.abc "${small[@]}" --epochs 4 $options --out other
  # Without the header, which holds the options.
  tail -c 4000 other/model/last.safetensors >"seen/$options"
done
tail -c 4000 plain/model/last.safetensors >seen/plain
equal "$(find seen -type f | wc -l)" "$(find seen -type f -exec cksum {} + | cut -d' ' -f1 | sort -u |
  wc -l)" 'the number of different outcomes'

# The learning rate in the log.
expect 0 "$lilt" train tunes.abc "${small[@]}" --epochs 3 --schedule step --step-epochs 1 --out step
equal '0.001 0.0005 0.00025 ' "$(sed 1d step/logs/training_log.csv | cut -d, -f7 | tr '\n' ' ')" \
  'the learning rates'

# The width of each layer, before and after the file's name, and several files as one text.
expect 0 "$lilt" train --hidden 8,12,10 tunes.abc others.abc --embedding 6 --batch 4 --window 16 \
  --epochs 1 --out layers
says err 'Text: tunes.abc, others.abc'
matches err '^embedding \(Embedding\) +\(4, 16, 6\) '
matches err '^lstm_3 \(LSTM\) +\(4, 16, 10\) +920$'
cat tunes.abc others.abc >both.abc
expect 0 "$lilt" train both.abc --hidden 8,12,10 --embedding 6 --batch 4 --window 16 --epochs 1 \
  --out both
diff <(learnt layers) <(learnt both) || fail 'two files to be learnt as one text' 'another loss'

# The classic recipe is the default; this text has one window of its 86 characters.
for ((i = 32; i < 117; i++)); do printf '%b' "\\0$(printf %o "$i")"; done >line
echo >>line
for ((i = 0; i < 14; i++)); do cat line; done >classic.txt
start "$lilt" train classic.txt --out classic
wait_until has classic/logs/training_log.csv 2
stop TERM
equal 1 "$code" 'the exit code after a signal'
sed -n '/^Layer/,/^Non-trainable/p' err | sed 's/  */ /g; s/---*/---/' >table
diff - table <<'TABLE' || fail 'the layer table of the classic recipe' 'another'
Layer Output shape Parameters
---
embedding (Embedding) (16, 64, 512) 44,032
lstm_1 (LSTM) (16, 64, 256) 787,456
dropout_1 (Dropout) (16, 64, 256) 0
lstm_2 (LSTM) (16, 64, 256) 525,312
dropout_2 (Dropout) (16, 64, 256) 0
lstm_3 (LSTM) (16, 64, 256) 525,312
dropout_3 (Dropout) (16, 64, 256) 0
dense (Dense) (16, 64, 86) 22,102
activation (Softmax) (16, 64, 86) 0
---
Total parameters: 1,904,214
Trainable parameters: 1,904,214
Non-trainable parameters: 0
TABLE
matches err '^epoch 1/100 '
expect 0 "$lilt" info classic/model/last.safetensors --json
for setting in 'save-every 10' 'lr 0.001' 'beta1 0.9' 'beta2 0.999' 'epsilon 1e-07' 'batch 16' \
  'window 64' 'schedule "constant"' 'weight-decay 0.0' 'clip-norm 0.0' 'shuffle false' \
  'valid-share 0.0' 'warm-up 0'; do
  equal "${setting#* }" "$(json out "${setting%% *}")" "the setting ${setting%% *}"
done
is_true "($(json out dropout | head -n 1) - 0.2) ^ 2 < 1e-12" 'a dropout of 0.2'

# The text when none is named.
mkdir -p home/data here/data
cp others.abc home/data/lilt.abc
cp tunes.abc here/data/input.txt
cd here || exit 1
LILT_HOME=$folder/home expect 0 "$lilt" train "${small[@]}" --epochs 1
matches err '^Text: data/input\.txt$'
rm data/input.txt
LILT_HOME=$folder/home expect 0 "$lilt" train "${small[@]}" --epochs 1
matches err '^Text: .*home/data/lilt\.abc$'
mkdir -p ../given/data
ln -s "$root/data/lilt.abc" ../given/data/
LILT_HOME=$folder/given expect 0 "$lilt" train "${small[@]}" --epochs 1
matches err '^Text: .*given/data/lilt\.abc$'
says err 'Learning '
mv ../home/data/lilt.abc data/
expect 0 "$lilt" train "${small[@]}" --epochs 1
matches err '^Text: data/lilt\.abc$'
rm data/lilt.abc
refused 1 "$lilt" train
says err 'no text to learn from; name a file: lilt train tunes.abc'

# As many characters as asked for, by whole updates or else whole epochs, and told.
cd .. || exit 1
expect 0 "$lilt" train tunes.abc "${small[@]}" --characters 200 --out few
says err 'Asked to learn 200 characters in all: 256 in 1 epoch.'
equal 4 "$(sed -n 2p few/logs/training_log.csv | cut -d, -f8)" 'the updates'

# Every property of a model is told.
expect 0 "$lilt" info few/model/last.safetensors
for line in 'Embedding            8' 'Hidden               16,16' 'Dropout              0.2' \
  'Recurrent dropout    0' 'Residual             off' 'Coupled gates        off' \
  'Layer normalisation  off' 'Gate activation      sigmoid' 'Features             none' \
  'Text                 as written' 'Dialects             none'; do
  says out "$line"
done
expect 0 "$lilt" info few/model/last.safetensors --json
equal false "$(json out coupled_gates)" 'the coupled gates'

# A model that cannot carry a tune composes none; that is said, and the run goes on.
tr -d 'z' <tunes.abc | sed '/^X:/!y/x/y/' >odd.abc
expect 0 "$lilt" train odd.abc "${small[@]}" --epochs 2 --samples 1 --out odd
equal 1 "$(grep -c '^lilt: no sample tunes: ' err)" 'the remarks'
missing odd/logs/samples
