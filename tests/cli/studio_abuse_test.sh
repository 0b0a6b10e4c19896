#!/usr/bin/env bash
# Malformed and hostile requests: refused with a reason, nothing executed, the server alive. With
# LILT_THOROUGH=1 10,000 of them.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

command -v python3 >/dev/null || skip 'python3 is not here'
command -v abcm2ps >/dev/null || skip 'abcm2ps is not here'

XDG_CACHE_HOME=$PWD/cache "$lilt" studio --no-browser --book tunes.db \
  --model "$root/models/folk.safetensors" >address 2>said &
pid=$!
for _ in $(seq 200); do
  [ -s address ] && break
  sleep 0.05
done
address=$(cat address)
port=${address#*127.0.0.1:} port=${port%%/*}

requests=600
[ -z "${LILT_THOROUGH-}" ] || requests=10000
python3 "$root/tests/studio/abuse.py" "$port" "${address##*=}" --requests "$requests" \
  --seed "${LILT_SEED:-1}" >out 2>err || fail 'refusals with a reason' "$(cat out err)"
kill -0 "$pid" || fail 'a studio that is alive' "$(cat said)"
kill -TERM "$pid"
wait "$pid" || fail 'exit code 0 after SIGTERM' "$?: $(cat said)"
pid=
[ "$(find . -name '*.abc' -o -name '*.mid' | wc -l)" -eq 0 ] || fail 'no files but the book' "$(find .)"
