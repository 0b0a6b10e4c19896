#!/usr/bin/env bash
# lilt sweep: many trainings, killed and gone on with; lilt eval and lilt plot of all of them.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

tunes 60 >tunes.abc
cat >sweep.txt <<END
# Four runs.
tunes.abc ${network[*]} --epochs 12 --valid-share 0.1 --lr 0.001 0.01 --seed 1 2
END
runs='lr=0.001,seed=1 lr=0.001,seed=2 lr=0.01,seed=1 lr=0.01,seed=2'

expect 0 "$lilt" sweep sweep.txt -o whole --threads 1
equal "$runs" "$(cd whole && echo *)"
equal 4 "$(wc -l <out)" 'the models that are named'
says out 'whole/lr=0.01,seed=2/model/best.safetensors'
matches err '^4 runs: 4 finished now, 0 before, 0 failed$'

# --- A run is what lilt train makes of its options

expect 0 "$lilt" train tunes.abc "${small[@]}" --epochs 12 --valid-share 0.1 --lr 0.01 --seed 1 --out alone
same_run alone whole/lr=0.01,seed=1

# --- What is finished is left alone

touch -d 2001-01-01 whole/*/model/last.safetensors
expect 0 "$lilt" sweep sweep.txt -o whole
matches err '^4 runs: 0 finished now, 4 before, 0 failed$'
equal 2001 "$(date -r whole/lr=0.001,seed=2/model/last.safetensors +%Y)"

# --- Killed behind the last epoch's checkpoint, before last.safetensors

cp -r whole torn
for run in $runs; do cp torn/"$run"/model/{epoch-10,last}.safetensors; done
expect 0 "$lilt" sweep sweep.txt -o torn --threads 1
for run in $runs; do same_run "whole/$run" "torn/$run"; done

# --- Killed, again and again, and in shares

kills=0
for ((wait = 1; ; wait++)); do
  start "$lilt" sweep sweep.txt -o killed --threads 1
  sleep "0.$(printf %03d $((RANDOM % (40 + 40 * wait))))"
  stop KILL
  [ "$code" -eq 0 ] && break
  equal 137 "$code" 'the exit code of what was killed'
  kills=$((kills + 1))
done
[ "$kills" -ge 1 ] || fail 'a kill before the end' 'none'
for share in 2/2 1/2; do expect 0 "$lilt" sweep sweep.txt -o shares --threads 1 --shard $share; done
matches err '^2 runs: 2 finished now, 0 before, 0 failed$'
for run in $runs; do
  rm -f killed/"$run"/model/*.part killed/"$run"/logs/*.part
  same_run "whole/$run" "killed/$run"
  same_run "whole/$run" "shares/$run"
done

start "$lilt" sweep sweep.txt -o stopped --threads 1
wait_until has stopped/lr=0.001,seed=1/logs/training_log.csv 2
stop INT
equal 1 "$code" 'the exit code'
matches err '^Stopped; saved\. The same command goes on from there$'

# --- All of them in a table, the best one first

expect 0 "$lilt" eval whole
equal 5 "$(wc -l <out)" 'the lines of the table'
awk 'NR > 1 { print $(NF - 2) }' out | sort -n -c || fail 'a sorted table' "$(cat out)"
for run in $runs; do
  best=$(awk -F, 'NR > 1 && (!best || $4 < best) { best = $4 } END { printf "%.3f", best }' \
    "whole/$run/logs/training_log.csv")
  matches out "^$run +12 of 12 +[0-9]+ +$best "
done
awk 'NR > 1 { print $1 }' out >names
expect 0 "$lilt" eval whole --json
sed -n 's/.*"name": "\(.*\)",/\1/p' out | cmp - names || fail 'the same order' "$(cat out)"
matches out '"of": 12,'
matches out '"valid_bits_per_character": [0-9.]+,'
expect 0 "$lilt" eval "whole/$(head -n 1 names)" "whole/$(tail -n 1 names)"
equal 3 "$(wc -l <out)" 'the lines of the table'
expect 0 "$lilt" eval whole tunes.abc --threads 1
equal 4 "$(grep -c 'best.safetensors' out)" 'the models that were measured'

# --- And in one figure

if expect 0 "$lilt" plot whole -o runs.svg; then
  cut -d: -f1 err | cmp - names || fail 'the best one first' "$(cat err)"
  says runs.svg "$(head -n 1 names): 12 epochs"
fi

# --- More epochs, another name, and what cannot be

sed -i 's/--epochs 12/--epochs 13/' sweep.txt
cat >>sweep.txt <<END
wild: tunes.abc ${network[*]} --epochs 1 --lr 1e30
last: tunes.abc ${network[*]} --epochs 1
END
expect 1 "$lilt" sweep sweep.txt -o whole --threads 1
matches err '^lilt: .*wild: the (loss|gradient) is no longer finite'
matches err '^6 runs: 5 finished now, 0 before, 1 failed$'
expect 0 "$lilt" eval whole
matches out '^lr=0.01,seed=1 +13 of 13 '
matches out '^last +1 of 1 +1 +[0-9.]+$'

# wrong TEXT LINE…: a sweep of these lines is refused before anything is learnt.
wrong() {
  local text=$1
  shift
  printf '%s\n' "$@" >wrong.txt
  refused 2 "$lilt" sweep wrong.txt -o none
  says err "$text"
  missing none
}
wrong 'wrong.txt:2: no option --lrr; did you mean --lr?' 'tunes.abc' 'b: tunes.abc --lrr 0.1'
wrong 'wrong.txt:1: --lr: expected a number' 'tunes.abc --lr 0.1 high'
wrong 'wrong.txt:1: no option --out' 'tunes.abc --out x'
wrong 'wrong.txt:2: ' 'tunes.abc' 'b: tunes.abc --patience 3'
refused 1 "$lilt" sweep missing.txt -o none
mkdir empty
refused 2 "$lilt" eval empty
refused 2 "$lilt" plot empty -o empty.svg
echo "$kills kills"
