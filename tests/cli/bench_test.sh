#!/usr/bin/env bash
# lilt bench: that its figures are there. How high they are is for people to judge.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

expect 0 "$lilt" bench --json --threads 1 --updates 20
equal 'threads precision peak_gflops train ms_per_update chars_per_s gflops_unfolded of_peak sample us_per_char compose us_per_character characters_per_s ' \
  "$(sed -n 's/^ *"\([a-z_]*\)": .*/\1/p' out | tr '\n' ' ')" 'the keys'
equal 1 "$(json out threads)" 'threads'
equal single "$(json out precision | tr -d '"')" 'the precision'
for key in peak_gflops ms_per_update chars_per_s gflops_unfolded of_peak us_per_char us_per_character characters_per_s; do
  value=$(json out "$key")
  [[ $value =~ ^[0-9.e+-]+$ ]] || fail "a number for $key" "\"$value\""
  is_true "$value > 0 && $value < 1e12" "a sane $key"
done
# 16 streams of 64 characters an update; 6 operations for each of 1,858,816 weights and character.
ms=$(json out ms_per_update)
is_true "($(json out chars_per_s) * $ms / 1024e3 - 1) ^ 2 < 1e-6" 'characters per second that fit'
is_true "($(json out gflops_unfolded) * $ms / (6 * 1858816 * 1024 / 1e6) - 1) ^ 2 < 1e-6" \
  'GFLOP/s that fit'
is_true "($(json out of_peak) * $(json out peak_gflops) / $(json out gflops_unfolded) - 1) ^ 2 < 1e-6" \
  'a share of the peak that fits'

# A larger batch has more characters an update.
expect 0 "$lilt" bench --json --threads 1 --updates 20 --batch 32
is_true "($(json out chars_per_s) * $(json out ms_per_update) / 2048e3 - 1) ^ 2 < 1e-6" '32 streams of 64 characters'
refused 2 "$lilt" bench --batch 65537

expect 0 "$lilt" bench --preset folk --precision bf16 --threads 1 --updates 20
matches out '^training, precision +bf16$'
matches out '^  of the peak +[0-9.]+$'
