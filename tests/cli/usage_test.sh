#!/usr/bin/env bash
# The command line itself: help, version, and what is wrong with it.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

tunes 20 >tunes.abc

expect 0 "$lilt" --version
matches out '^lilt [0-9]+\.[0-9]+\.[0-9]+$'
[ ! -s err ] || fail 'nothing on standard error' "$(cat err)"

expect 0 "$lilt" --help
for command in train sample eval check render export info plot bench; do matches out "^ +$command +[A-Z]"; done
for command in '' train sample compose eval check render export info plot bench book 'book list' 'book add' \
  'book search' 'book export'; do
  for option in --help -h; do
    # shellcheck disable=SC2086
    expect 0 "$lilt" $command $option
    matches out '^Examples?:$'
    matches out "^  lilt ${command:-train}"
    matches out '^Usage: '
    [ ! -s err ] || fail 'nothing on standard error' "$(cat err)"
    ! grep -qE 'FLOAT|UINT|TEXT:|INT in|/lilt |\{|default: .*default:|\) \(' out || fail 'help in plain words' "$(grep -E 'FLOAT|UINT|TEXT:|INT in|/lilt |\{|default: .*default:|\) \(' out)"
    [ "$(awk '{ print length }' out | sort -n | tail -n 1)" -le 110 ] || fail 'lines that fit' 'longer ones'
  done
done

# wrong ARGUMENT…: exit code 2, a message, and nothing is made.
wrong() {
  expect 2 "$lilt" "$@"
  [ ! -s out ] || fail 'nothing on standard output' "$(cat out)"
  [ -s err ] || fail 'a message' 'none'
  missing model
  missing logs
}
wrong
says err 'lilt: expected a command; lilt --help lists them'
wrong compose-a-symphony
says err compose-a-symphony
wrong --bad
says err --bad
for command in train sample check 'eval model tunes.abc' 'info model' 'export model -o x' \
  'plot log.csv -o a.svg' bench; do
  # shellcheck disable=SC2086
  wrong $command --bad
  says err --bad
done
wrong info
says err 'lilt: expected MODEL, found nothing'
wrong info ''
says err 'lilt: model: expected a name, found nothing'
wrong export
wrong export model
says err --out
wrong bench --updates x
wrong bench surplus

# What was meant.
expect 0 "$lilt" help
matches out '^Usage: lilt '
expect 0 "$lilt" help corpus get
matches out '^Usage: lilt corpus get '
cp out help
expect 0 "$lilt" corpus get --help
same help out
while IFS='|' read -r arguments message; do
  # shellcheck disable=SC2086
  wrong $arguments
  says err "$message"
done <<'MISTAKES'
compos|lilt: no command compos; did you mean compose?
help compos|lilt: no command compos; did you mean compose?
symphony|lilt: no command symphony; --help lists them
corpus gte|lilt: no command gte; did you mean get?
corpus|lilt: expected one of the commands get, 
compose --ky D|lilt: no option --ky; did you mean --key?
train --hiden=3|lilt: no option --hiden; did you mean --hidden?
sample 3 4|lilt: expected no more arguments, found 4
sample --len many|lilt: --len: expected a whole number such as 512, found many
sample --len 100000000000000000000|at most 18446744073709551615, found 100000000000000000000
sample --temperature hot|lilt: --temperature: expected a number such as 1, found hot
train --lr fast|lilt: --lr: expected a number such as 0.001, found fast
train --batch 0|lilt: --batch: expected a whole number of 1 to 65536, found 0
train --preset modern|lilt: --preset: expected classic or folk, found modern
train --threads 0|lilt: --threads: expected a whole number of 1 to 1024, found 0
train --epochs 1 --epochs 2|lilt: expected --epochs once, found it 2 times
train --resume=yes|lilt: expected --resume alone, found a value with it
sample first|lilt: epoch: expected a whole number of at least 0, found first
sample --out|lilt: expected --out DIR, found nothing
sample --random-seed -1|lilt: --random-seed: expected a whole number of at least 0, found -1
sample 3 --model m.safetensors|lilt: expected either epoch or --model, found both
render tunes.abc|lilt: expected --output OUT, found nothing
render -o a.pdf|lilt: expected FILE, found nothing
render tunes.abc -o a.pdf --transpose far|lilt: --transpose: expected a whole number of -24 to 24, found far
render tunes.abc -o a.mid --tempo 10|lilt: --tempo: expected a number of 20 to 500, found 10
render tunes.abc -o a.pdf --paper a0|lilt: --paper: expected a4 or letter, found a0
render tunes.abc -o a.pdf --tune 1 --index 2|lilt: expected either --tune or --index, found both
bench --preset modern|lilt: --preset: expected classic or folk, found modern
bench --updates 1|lilt: --updates: expected a whole number of 20 to 100000, found 1
bench --json=yes|lilt: expected --json alone, found a value with it
corpus clean tunes.abc --transpose 1.5|lilt: --transpose: expected a whole number of -24 to 24, found 1.5
corpus clean tunes.abc --transpose 2 --key D|lilt: expected either --transpose or --key, found both
corpus split tunes.abc --seed|lilt: expected --seed N, found nothing
corpus split tunes.abc --shares hot|lilt: --shares: expected a number such as 0.8, found hot
plot log.csv|lilt: expected --out FILE, found nothing
MISTAKES
expect 1 "$lilt" info tunes.abc
says err 'lilt: tunes.abc: is not a Lilt model (.safetensors), or was cut short'

# Options of train that cannot work are named.
while read -r option value; do
  wrong train tunes.abc "$option" "$value"
  says err "$option"
done <<'OPTIONS'
--epochs 0
--epochs -1
--epochs 1.5
--epochs x
--batch 0
--batch 99999999
--window 0
--save-every 0
--lr 0
--lr -1
--lr nan
--lr inf
--lr x
--beta1 1
--beta2 -0.1
--epsilon 0
--weight-decay -1
--clip-norm -1
--clip-norm nan
--warm-up -3
--final-lr-share 2
--step-epochs 0
--step-factor 0
--seed -1
--patience -1
--patience 3
--valid-share 1
--valid-share -0.1
--threads 0
--threads -1
--preset modern
OPTIONS
wrong train tunes.abc --schedule steep
says err 'lilt: --schedule: expected constant, cosine or step, found steep'
wrong train tunes.abc --gate-activation tanh
says err 'lilt: --gate-activation: expected sigmoid or hard_sigmoid, found tanh'
wrong train tunes.abc --dropout 1
says err 'dropout'
for hidden in 0 '' x 16,x 99999999 "$(printf "1%.0s," {1..99})1"; do
  wrong train tunes.abc --hidden "$hidden"
done
wrong train tunes.abc --embedding 0
says err 'embedding'
wrong train tunes.abc --embedding 99999999999999999999
wrong train tunes.abc --valid tunes.abc --valid-share 0.1
says err '--valid or --valid-share, not both'
wrong train tunes.abc --epochs
wrong train tunes.abc --epochs 1 --epochs 2
