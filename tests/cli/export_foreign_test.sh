#!/usr/bin/env bash
# lilt export --keras and --onnx: networks for other programs.

# shellcheck source=tests/cli/common.sh
. "$(dirname -- "$(readlink -f -- "$0")")/common.sh"
keras=$root/tests/keras
steps=$(dirname -- "$lilt")/tests/network_steps

# model NAME FILE [GATES]: imports one of Keras's networks.
model() {
  expect 0 "$lilt" import "$keras/$2" --vocabulary "$keras/tune.txt" ${3:+--gate-activation "$3"} -o "$1"
}
model soft.safetensors keras3.keras
model hard.safetensors keras2-hard.h5

# There and back: the same tensors, to what scaling rounds off.
weights() { "$steps" "$1" <<<$'1\n2\n3'; }
alike() { paste <(weights "$1" | tr ' ' '\n') <(weights "$2" | tr ' ' '\n') | awk '($1 - $2) ^ 2 > 1e-12 { exit 1 }'; }
for gates in soft hard; do
  for ending in keras h5 weights.h5; do
    expect 0 "$lilt" export $gates.safetensors --keras -o "there.$ending" --characters characters.json
    equal "there.$ending" "$(cat out)" 'standard output'
    own=()
    [ $ending = weights.h5 ] && own=(--gate-activation "$([ $gates = soft ] && echo sigmoid || echo hard_sigmoid_3)")
    expect 0 "$lilt" import "there.$ending" --vocabulary characters.json "${own[@]}" -o back.safetensors
    alike $gates.safetensors back.safetensors || fail "$gates.$ending as it was" 'another network'
  done
done
expect 0 "$lilt" export hard.safetensors --keras -o there.h5
says err 'The gates are hard_sigmoid as Keras 2 knows it; for Keras 3 write a .keras'
expect 0 "$lilt" export hard.safetensors --keras -o there.keras
says err 'The gates are hard_sigmoid as Keras 3 knows it; for Keras 2 write a .h5'
says characters.json '"\n":0'

# What cannot be.
folk=$root/models/folk.safetensors
refused 1 "$lilt" export "$folk" --keras -o folk.keras
says err 'expected a network that Keras has layers for (embedding, LSTM, dense), found features; --onnx takes it'
refused 2 "$lilt" export soft.safetensors --keras -o there.hdf5
matches err 'expected a name that ends in \.keras or \.h5 .* or in \.weights\.h5 .* as -o, found there\.hdf5'
refused 2 "$lilt" export soft.safetensors --keras --onnx -o there.keras
refused 2 "$lilt" export soft.safetensors --keras --half -o there.keras
refused 2 "$lilt" export soft.safetensors --onnx --known "$keras/tune.txt" -o there.onnx
refused 2 "$lilt" export soft.safetensors --window -o there.onnx
says err 'expected --onnx beside --window, found none'
refused 2 "$lilt" export soft.safetensors --characters c.json -o there.safetensors
says err 'expected --keras or --onnx beside --characters, found neither'
refused 2 "$lilt" export soft.safetensors --onnx --characters soft.safetensors -o there.onnx
refused 2 "$lilt" export soft.safetensors --onnx --characters there.onnx -o there.onnx
missing there.onnx
missing folk.keras

# ONNX, and what onnxruntime makes of it.
for model in soft.safetensors hard.safetensors "$folk"; do
  name=$(basename -- "$model" .safetensors)
  expect 0 "$lilt" export "$model" --onnx -o "$name.onnx"
  expect 0 "$lilt" export "$model" --onnx --window -o "$name-window.onnx"
done
python=$root/build/python-venv/bin/python
"$python" -c 'import onnxruntime' 2>/dev/null || skip 'onnxruntime is not in build/python-venv; what does not need it has passed'
for model in soft.safetensors hard.safetensors "$folk"; do
  name=$(basename -- "$model" .safetensors)
  expect 0 "$python" "$root/tests/onnx/compare.py" "$steps" "$model" "$name.onnx" "$name-window.onnx"
done
# The example of docs/onnx.md.
sed -n '/^```python$/,/^```$/p' "$root/docs/onnx.md" | sed '/^```/d' >example.py
expect 0 "$python" example.py soft.onnx
is_true "$(wc -m <out) >= 400" '400 characters'
