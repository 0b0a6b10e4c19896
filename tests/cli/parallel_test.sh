#!/usr/bin/env bash
# The parts of many tunes by GNU parallel, as docs/many-tunes.md has it, with programs that are killed.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

export LILT_HOME=$root
[ -f "$root/models/folk.safetensors" ] || skip 'the shipped model is not here'
parallel --version 2>&1 | grep -q 'GNU parallel' || skip 'GNU parallel is not installed'

# A program of that name that tells its number, so that it can be killed.
mkdir bin pids home
cat >bin/lilt <<END
#!/bin/sh
echo \$\$ >"$folder/pids/\$\$"
exec "$lilt" "\$@"
END
chmod +x bin/lilt
export PATH=$folder/bin:$PATH PARALLEL_HOME=$folder/home SHELL=/bin/bash
touch home/will-cite

line=$(sed -n 's/^    \(parallel lilt compose .*\)/\1/p' "$root/docs/many-tunes.md")
[ -n "$line" ] || fail 'a line with parallel in docs/many-tunes.md' 'none'
line=${line/-n 10000000/-n 48 --best-of 1}
line=${line//1000/6}
line=${line/parallel/parallel -j 2}

expect 0 "$lilt" compose -n 48 --best-of 1 --seed 1
mv out whole

kills=0
for ((try = 1; try <= 4; try++)); do
  start bash -c "exec $line"
  sleep "0.$((RANDOM % 5 + 1))"
  kill -KILL "$pid" 2>/dev/null && kills=$((kills + 1)) # no new ones, then those under way
  for program in pids/*; do
    # A number may be that of another program by now.
    [ "$(readlink "/proc/${program#*/}/exe")" != "$lilt" ] || kill -KILL "${program#*/}" 2>/dev/null
  done
  rm -f pids/*
  stop KILL
done
[ "$kills" -ge 1 ] || fail 'a kill before the end' 'none'
ls tunes
expect 0 bash -c "$line"
cat tunes/*.abc >joined
same whole joined
equal 7 "$(find tunes -type f | wc -l)" 'the files'
expect 0 bash -c "$line"
equal 6 "$(grep -c '^This part is there already$' err)" 'the parts that were there'
expect 0 "$lilt" corpus dedupe tunes -o all.abc
echo "$kills kills"
