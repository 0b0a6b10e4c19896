#!/bin/sh
# Makes models/folk.safetensors anew: models/make.sh FOLDER OUT. FOLDER has nottingham/train.abc, nottingham/valid.abc
# and traditions/*.abc, the collections that README.md here names. The same files give the same model on the
# same kind of CPU, but for the critic: it learns from drafts, and the one of the model here from those that Lilt drew before leaps were
# weighed by their widths (docs/decisions/drawing-with-caution.md).
set -eu
lilt=$(cd "$(dirname "$0")/.." && pwd)/lilt
corpora=$(cd "$1" && pwd)
mkdir -p "$2" && cd "$2"

cp "$corpora/nottingham/train.abc" nottingham.abc
set -- nottingham.abc
for collection in cre-breathnach mit-irish litten-1800 econrad003 rjl20-oldtime tuneworks-jw35 \
  folkrnn-v2-validtest folkwiki-2018-tokens; do
  set -- "$@" "$corpora/traditions/$collection.abc"
done

"$lilt" train --preset folk "$@" --valid "$corpora/nottingham/valid.abc" --threads 2
"$lilt" export model/best.safetensors --half -o known.safetensors --known "$@"
# The critic learns from what the model composes alone, and again from what it chose.
"$lilt" compose --model known.safetensors --like nottingham.abc -n 2484 --seed 100000 --best-of 1 -o drafts.abc
"$lilt" export known.safetensors --half -o folk.safetensors --known "$@" --critic drafts.abc
