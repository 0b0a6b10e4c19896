#!/usr/bin/env bash
# The model file read from Python, with the library of those who made the format.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

python3 -c 'import safetensors.numpy, numpy' 2>/dev/null ||
  skip 'python3 with the packages safetensors and numpy is not here'

{ tunes 20 && printf 'N:äöü♪𝄞 "\\"\n'; } >tunes.abc
expect 0 "$lilt" train tunes.abc --embedding 5 --hidden 12,7 --batch 3 --window 16 --epochs 2 \
  --valid-share 0.2 --gate-activation hard_sigmoid --dropout 0.25
for file in last best; do
  expect 0 "$lilt" export "model/$file.safetensors" --half -o "model/$file-half.safetensors"
done
for file in last best epoch-2 last-half best-half; do
  expect 0 python3 -B "$root/tests/cli/read_model.py" "model/$file.safetensors" tunes.abc
done
