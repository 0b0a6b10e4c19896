#!/usr/bin/env bash
# run.sh LILT SOURCE MODULES TEST [ARGUMENT…]: runs tests/studio/TEST with node. Tests of pages need a
# browser and packages from npm, which are fetched once into MODULES; where these cannot be had, the
# test is skipped (exit code 77).
set -u
lilt=$1 source=$2 modules=$3 test=$4
shift 4

skip() { echo "skipped: $1"; exit 77; }
command -v node >/dev/null || skip 'node is not installed'
[ "$(node -p 'Number(process.versions.node.split(".")[0])')" -ge 20 ] || skip 'node is older than 20'
[[ $test == schedule_test.mjs ]] && exec node --test "$source/tests/studio/$test"

command -v npm >/dev/null || skip 'npm is not installed'
mkdir -p "$modules" || exit
{
  flock 9
  if ! cmp -s "$source/tests/studio/package-lock.json" "$modules/node_modules/lock"; then
    cp "$source"/tests/studio/{package.json,package-lock.json,.npmrc} "$modules" &&
      npm ci --prefix "$modules" --no-audit --no-fund --loglevel=error >"$modules/log" 2>&1 ||
      skip "npm ci: $(tail -n 1 "$modules/log")"
    cp "$source/tests/studio/package-lock.json" "$modules/node_modules/lock"
  fi
} 9>"$modules/.lock"
export LILT_NODE_MODULES=$modules/

if [ "$test" = types ]; then
  exec node "$modules/node_modules/typescript/bin/tsc" -p "$source/tests/studio/tsconfig.json"
fi
browser=$(command -v "${LILT_BROWSER:-chromium}") || skip 'chromium is not installed'
cd "$source" && LILT_BROWSER=$browser exec node "tests/studio/$test" "$lilt" "$@"
