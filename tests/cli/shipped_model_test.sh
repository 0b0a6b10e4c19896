#!/usr/bin/env bash
# The model that comes with Lilt: what it is, and that sample finds it.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

# shellcheck disable=SC2154
model=$root/models/folk.safetensors
exists "$model"
is_true "$(wc -c <"$model") <= 16 * 1024 * 1024" 'at most 16 MB'
expect 0 "$lilt" info "$model" --json
equal '"F16"' "$(json out precision)" 'the precision'
equal false "$(json out checkpoint)" 'a checkpoint'

# Without a model of one's own.
mkdir empty
cd empty || exit 1
LILT_HOME=$root expect 0 "$lilt" sample --random-seed 3 --len 600 --temperature 0.7
matches err 'folk\.safetensors, random seed 3$'
matches out '^X:1$'
matches out '^K:[A-G]'
cp out first
LILT_HOME=$root expect 0 "$lilt" sample --random-seed 3 --len 600 --temperature 0.7
same first out
LILT_HOME=$root expect 0 "$lilt" sample --random-seed 3 --len 600 --dialect cre-breathnach
LILT_HOME=$root refused 2 "$lilt" sample --dialect nowhere
says err 'expected a dialect of the model (nottingham, '
# What it learnt with, as it was typed.
expect 0 "$lilt" info "$root/models/folk.safetensors"
matches out '^ +"dropout": 0\.3,$'
matches out '^repetition-streak \(Embedding\) \('
expect 0 "$lilt" info --json "$root/models/folk.safetensors"
equal '0.3 0.3' "$(json out dropout | tr '\n' ' ' | sed 's/ $//')" dropout
LILT_HOME=/nowhere refused 1 "$lilt" sample
says err 'no model here; train one with: lilt train'
