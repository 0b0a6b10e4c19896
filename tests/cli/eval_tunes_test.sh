#!/usr/bin/env bash
# lilt eval --tunes: composed tunes beside real ones; lilt export --known.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

# notes COUNT SEED [FIRST]: so many tunes of eight bars, their notes drawn from the seed.
notes() {
  awk -v count="$1" -v seed="$2" -v first="${3:-1}" 'BEGIN {
    r = seed * 7919 # Lehmer: numbers that are the same in every awk
    for (n = first; n < first + count; n++) {
      printf "X:%d\nT:Number %d\nM:6/8\nL:1/8\nK:G\n|:", n, n
      at = 7
      for (i = 1; i <= 48; i++) {
        r = r * 16807 % 2147483647
        at += int(r / 65536) % 5 - 2
        if (at < 1) at = 1
        if (at > 14) at = 14
        printf "%s", substr("CDEFGABcdefgab", at, 1)
        if (i % 6 == 0) printf "%s", i == 48 ? ":|\n\n" : i == 24 ? ":|\n|:" : "|"
      }
    }
  }'
}

notes 80 1 >real.abc
notes 20 2 101 >composed.abc
notes 15 3 201 >held-out.abc

expect 0 "$lilt" eval --tunes composed.abc --against real.abc
matches out '^ +composed +real$'
matches out '^tunes +20 +80$'
matches out '^correct +100\.0 % +100\.0 %$'
matches out '^new titles +100\.0 % +100\.0 %$'
matches out '^longest run known, notes +[0-9]+ \([0-9]+–[0-9]+\) +[0-9]+ \([0-9]+–[0-9]+\)$'
for statistic in 'pitch class' interval duration 'bar onsets' 'bars per section' \
  'section similarity' 'phrase similarity'; do
  matches out "^$statistic +0\.[0-9]{4} +0\.[0-9]{4} +[0-9]\.[0-9]{2} +[0-9]\.[0-9]{2}\$"
done
says out 'as between samples of 400 tunes, from 20 composed and 80 real ones'
matches out '^composed from real +[01]\.[0-9]{3}$'
matches out '^real from real, one half from the other +[01]\.[0-9]{3}$'
matches out '^how it ends +composed +real +difference$'
matches out '^tune ends on the tonic +[0-9.]+ % +[0-9.]+ % +[-+][0-9.]+$'

expect 0 "$lilt" eval --tunes composed.abc --against real.abc --json
cp out figures
equal '20 80' "$(json figures tunes | grep -v '\[' | tr '\n' ' ' | sed 's/ $//')" 'tunes'
equal 400 "$(json figures style_sample)" 'the sample'
equal '20 80' "$(json figures composed_tunes) $(json figures real_tunes)" 'tunes told apart'
is_true "$(json figures composed_from_real) < 0.8" 'tunes of one kind'
is_true "$(json figures habit | sort -u | wc -l) > 45" 'habits'
equal null "$(json figures held_out)" 'held out'
equal 7 "$(json figures ratio | wc -l)" 'statistics'
for ratio in $(json figures ratio); do is_true "$ratio >= 1 && $ratio < 4" "a ratio of $ratio"; done
equal 20 "$(json figures novelty_percentile | wc -l)" 'tunes in the list'

# Always the same, whatever order the options have. Several files are one collection, but that real
# tunes are told apart by file.
expect 0 "$lilt" eval --json --against real.abc --tunes composed.abc
same figures out
sed -n '1,/^X:41$/p' real.abc | sed '$d' >first.abc
sed -n '/^X:41$/,$p' real.abc >second.abc
expect 0 "$lilt" eval --tunes composed.abc --json --against first.abc second.abc
equal '"the first file from the others"' "$(json out real_pair)" 'real from real'
sed '/real_from_real\|real_pair/d' out >of-files
sed '/real_from_real\|real_pair/d' figures >of-one
same of-one of-files

# A copy in another key is found whole, with its title.
{ sed -n '/^X:33$/,/^$/p' real.abc && cat composed.abc; } |
  sed '0,/^T:Number 33/s//T:The NUMBER: 33!/' >copied.abc
expect 0 "$lilt" corpus clean copied.abc --transpose 5
cp out copied.abc
expect 0 "$lilt" eval --tunes copied.abc --against real.abc
says out 'The NUMBER: 33!: 100.0 % of it in Number 33, longest run 48 notes'
expect 0 "$lilt" eval --tunes copied.abc --against real.abc --json
equal 48 "$(json out longest_run | grep -v '{' | sort -n | tail -n 1)" 'the longest run'
equal '"Number 33"' "$(json out nearest | head -n 1)" 'the nearest'
equal false "$(json out new_titles | grep -v '^[01]' | head -n 1)" 'a new title'
equal 0.0 "$(json out novelty_percentile | head -n 1)" 'the percentile'

# Other notes are out of style.
sed '/^|/y/CDEFGABcdefgab/CaDgEfFeGdAcBb/' composed.abc >odd.abc
expect 0 "$lilt" eval --tunes odd.abc --against real.abc --json
is_true "$(json out ratio | sed -n 2p) > 3" 'intervals out of style'
is_true "$(json out composed_from_real) > 0.9" 'other notes told apart'
is_true "$(json out ratio | sed -n 3p) < 3" 'durations in style'

# From a pipe.
last_command='cat | lilt eval --tunes - …'
# shellcheck disable=SC2002
cat composed.abc | "$lilt" eval --tunes - --against real.abc --json >out 2>err || fail 'success' 'a failure'
same figures out

# Held-out tunes.
expect 0 "$lilt" eval --tunes composed.abc --against real.abc --held-out held-out.abc
matches out '^ +composed +real +held out$'
matches out '^tunes +20 +80 +15$'

# The page: everything is in it, and nothing from files is taken for HTML.
sed 's|^T:Number 101|T:<script>alert("1")</script>|' composed.abc >script.abc
expect 0 "$lilt" eval --tunes script.abc --against real.abc --held-out held-out.abc -o new/report.html
matches out '^tunes +20 +80 +15$'
says err 'wrote new/report.html'
says new/report.html '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;'
says_not new/report.html '<script'
says_not new/report.html 'http'
equal 15 "$(grep -c '<svg' new/report.html)" 'plots'
says new/report.html 'script.abc against real.abc; held out: held-out.abc'

# What cannot be compared.
: >empty.abc
echo 'no tune here' >none.abc
printf 'X:1\nT:No music\nK:C\n\nX:2\nT:Short\nK:C\nCDE|\n' >short.abc
head -c 3000 /dev/urandom >binary.abc
sed -n '1,/^$/p' real.abc >one.abc
for bad in empty.abc none.abc short.abc binary.abc missing.abc .; do
  refused 1 "$lilt" eval --tunes "$bad" --against real.abc -o bad.html
  refused 1 "$lilt" eval --tunes composed.abc --against "$bad"
  refused 1 "$lilt" eval --tunes composed.abc --against real.abc --held-out "$bad"
done
missing bad.html
refused 1 "$lilt" eval --tunes composed.abc --against short.abc
says err 'lilt: short.abc: expected several tunes of at least 8 notes to compare, found none'
refused 1 "$lilt" eval --tunes composed.abc --against one.abc
says err 'lilt: one.abc: expected several tunes of at least 8 notes to compare, found one'
expect 0 "$lilt" eval --tunes one.abc --against real.abc --json
equal null "$(json out composed_from_real)" 'one tune told apart'
refused 2 "$lilt" eval --tunes composed.abc
refused 2 "$lilt" eval --against real.abc
refused 2 "$lilt" eval -o report.html
refused 2 "$lilt" eval
cp real.abc real-as-it-was
refused 2 "$lilt" eval --tunes composed.abc --against real.abc -o ./real.abc
same real.abc real-as-it-was
expect 0 "$lilt" train real.abc "${small[@]}" --epochs 1
model=model/last.safetensors
refused 2 "$lilt" eval "$model" composed.abc --tunes composed.abc --against real.abc
says err "expected --tunes without a model, found $model"
refused 2 "$lilt" eval "$model"

# A model carries what it knows, and whoever copies it keeps that.
expect 0 "$lilt" export "$model" -o plain.safetensors
says_not plain.safetensors 'known.'
expect 0 "$lilt" export "$model" -o known.safetensors --known real.abc held-out.abc
says err '95 tunes with 3,895 windows of 8 notes are known'
grep -q 'known.windows' known.safetensors || fail 'the index' 'none'
expect 0 "$lilt" info known.safetensors
says out 'Knows 95 tunes, and so how new and how typical a tune is.'
expect 0 "$lilt" info known.safetensors --json
equal 95 "$(json out known_tunes)" 'known tunes'
expect 0 "$lilt" info plain.safetensors --json
equal null "$(json out known_tunes)" 'known tunes'
expect 0 "$lilt" eval known.safetensors composed.abc
cp out bits
expect 0 "$lilt" eval plain.safetensors composed.abc
same bits out
expect 0 "$lilt" export known.safetensors -o copy.safetensors
same known.safetensors copy.safetensors
expect 0 "$lilt" export known.safetensors -o again.safetensors --known real.abc held-out.abc
same known.safetensors again.safetensors
expect 0 "$lilt" export known.safetensors -o other.safetensors --known real.abc
is_true "$(wc -c <other.safetensors) < $(wc -c <known.safetensors)" 'a smaller index'
expect 0 "$lilt" export known.safetensors -o half.safetensors --half
grep -q 'known.windows' half.safetensors || fail 'the index' 'none'
refused 1 "$lilt" export "$model" -o bad.safetensors --known short.abc
says err 'lilt: short.abc: expected tunes of at least 8 notes, found none'
refused 1 "$lilt" export "$model" -o bad.safetensors --known missing.abc
missing bad.safetensors
