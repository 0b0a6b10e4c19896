#!/usr/bin/env bash
# Runs that fail on the way: numbers that are not finite, and a full disk.

# A file system of its own, for root and for users who may have one.
if [ -z "${LILT_OWN_MOUNTS-}" ] && unshare -rm true 2>/dev/null; then
  LILT_OWN_MOUNTS=1 exec unshare -rm -- "$0" "$@"
fi

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

tunes 20 >tunes.abc
train=("$lilt" train tunes.abc "${small[@]}")

# Numbers that are not finite end the run; the last good checkpoint stays.
expect 0 "${train[@]}" --epochs 2 --out ruined
for lr in 1e38 1e37; do
  expect 1 "${train[@]}" --epochs 50 --lr "$lr" --out ruined
  matches err '^lilt: (the loss|the gradient|a weight) is no longer finite at update [0-9]+; the last good checkpoint is ruined/model/last\.safetensors\. Try a lower --lr'
  [ ! -s out ] || fail 'no model named on standard output' "$(cat out)"
  expect 0 "$lilt" sample --model ruined/model/last.safetensors --len 5
done
exists ruined/model-1/epoch-2.safetensors

# what_remains DIR: what must hold after the disk was full.
what_remains() {
  [ ! -s out ] || fail 'no model named on standard output' "$(cat out)"
  same before "$1/model/last.safetensors"
  equal '' "$(find "$1" -name '*.part')" 'the temporary files left'
  expect 0 "$lilt" sample --out "$1" --len 5
}

expect 0 "${train[@]}" --epochs 4 --out whole

# A limit on the size of files stands for a disk that is full.
expect 0 "${train[@]}" --epochs 2 --out limited
cp limited/model/last.safetensors before
# shellcheck disable=SC2016
expect 1 bash -c 'trap "" XFSZ; ulimit -f 20; exec "$@"' bash "$lilt" train --resume --epochs 4 \
  --out limited
matches err '^lilt: limited/model/(last|epoch-4)\.safetensors: cannot be written: File too large'
what_remains limited
expect 0 "$lilt" train --resume --epochs 4 --out limited
same whole/model/last.safetensors limited/model/last.safetensors

# A log that cannot be written ends the run before its checkpoint gets ahead of it.
tunes 60 >more.abc
train_more=("$lilt" train more.abc "${small[@]}" --epochs 18)
expect 0 "${train_more[@]}" --out logged
start "${train_more[@]}" --out unlogged
wait_until has unlogged/logs/training_log.csv 3
mv unlogged/logs away
{ wait "$pid"; } 2>/dev/null
equal 1 $? 'the exit code without a log'
pid=
matches err '^lilt: unlogged/logs/training_log\.csv: the log cannot be written: No such file or directory$'
rm -rf unlogged/logs
mv away unlogged/logs
expect 0 "$lilt" train --resume --out unlogged
same_run logged unlogged

expect 1 "${train[@]}" --epochs 1 --out tunes.abc/here
matches err '^lilt: tunes\.abc/here.*: cannot be created: Not a directory'

mkdir disk
if ! mount -t tmpfs -o size=1m none disk 2>/dev/null; then
  part_skipped 'a small file system cannot be mounted here'
  exit 0
fi
trap 'cd "$folder"; umount disk; clean_up' EXIT
expect 0 "${train[@]}" --epochs 2 --out disk/run
cp disk/run/model/last.safetensors before
cat /dev/zero >disk/filler 2>/dev/null
expect 1 "$lilt" train --resume --epochs 4 --out disk/run
matches err '^lilt: disk/run/.*: cannot be written: No space left on device; free some space and try again$'
what_remains disk/run
expect 1 "${train[@]}" --epochs 1 --out disk/other
says err 'No space left on device'
expect 1 "$lilt" plot whole -o disk/curves.png
says err 'No space left on device'
missing disk/curves.png
missing disk/curves.png.part
rm disk/filler
expect 0 "$lilt" train --resume --epochs 4 --out disk/run
same whole/model/last.safetensors disk/run/model/last.safetensors
diff <(learnt whole) <(learnt disk/run) || fail 'the same log' 'another'
