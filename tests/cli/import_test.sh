#!/usr/bin/env bash
# lilt import: networks that Keras learnt.

# shellcheck source=tests/cli/common.sh
. "$(dirname -- "$(readlink -f -- "$0")")/common.sh"
keras=$root/tests/keras

expect 0 "$lilt" import "$keras/keras3.keras" --vocabulary "$keras/tune.txt" -o mine.safetensors
equal mine.safetensors "$(cat out)" 'standard output'
matches err '^A network of Keras 3\.[0-9.]+ with 14 characters, embedding 4, LSTM layers of 6, 5, gates of sigmoid$'
expect 0 "$lilt" info mine.safetensors --json
equal '"sigmoid"' "$(json out gate_activation)"
says out '"file": "keras3.keras"'
expect 0 "$lilt" sample --model mine.safetensors --len 20 --random-seed 1
[ -s out ] || fail 'characters' 'none'

# It goes on learning here.
expect 0 "$lilt" train "$keras/tune.txt" --from mine.safetensors --batch 2 --window 8 --epochs 1 --threads 1

# Weights alone do not tell their gates.
weights=$keras/keras1-weights.h5
refused 2 "$lilt" import "$weights" --vocabulary "$keras/tune.txt" -o none.safetensors
says err 'expected --gate-activation sigmoid or hard_sigmoid, because the file has weights alone'
expect 0 "$lilt" import "$weights" --vocabulary "$keras/tune.txt" --gate-activation hard_sigmoid -o first.safetensors
expect 0 "$lilt" info first.safetensors --json
equal '"hard_sigmoid"' "$(json out gate_activation)"

# What is wrong is told of the file that is wrong.
refused 1 "$lilt" import "$keras/tune.txt" --vocabulary "$keras/tune.txt" -o none.safetensors
says err "$keras/tune.txt: is no network of Keras"
printf 'abc' >abc
refused 1 "$lilt" import "$keras/keras3.keras" --vocabulary abc -o none.safetensors
equal 'lilt: abc: expected the 14 characters of the network, found 3' "$(cat err)" 'the error'
refused 2 "$lilt" import "$keras/keras3.keras" -o none.safetensors
says err 'expected --vocabulary FILE, found nothing'
head -c 20000 "$keras/keras3.keras" >short.keras
refused 1 "$lilt" import short.keras --vocabulary "$keras/tune.txt" -o none.safetensors
missing none.safetensors

# What is read is not written.
cp "$keras/keras3.keras" "$keras/tune.txt" .
for out in keras3.keras tune.txt; do
  refused 2 "$lilt" import keras3.keras --vocabulary tune.txt -o "$out"
done
same keras3.keras "$keras/keras3.keras"
same tune.txt "$keras/tune.txt"
