# shellcheck shell=bash
# What the tests of whole commands share. Each reads this file first; its arguments are the program
# and the repository's root. A test runs in a folder of its own and ends at the first failure.

set -uo pipefail
if [ $# -ne 2 ]; then
  echo "usage: $0 LILT ROOT" >&2
  exit 2
fi
# Both are for the tests. The folder is left for a temporary one below.
# shellcheck disable=SC2034
lilt=$(readlink -f -- "$1") root=$(readlink -f -- "$2")

# A network small enough to be learnt in no time, and most quickly by one thread.
network=(--embedding 8 --hidden "16,16" --batch 4 --window 16)
# shellcheck disable=SC2034
small=("${network[@]}" --threads 1)

export LC_ALL=C
unset NO_COLOR LILT_HOME

pid=
folder=$(mktemp -d) || exit 1
cd -- "$folder" || exit 1

clean_up() {
  [ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
  cd / && rm -rf -- "$folder"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

last_command='(nothing yet)'
touch out err

# fail EXPECTED FOUND: says so, with the last command and what it printed, and ends the test.
fail() {
  local frame=0
  while [[ ${BASH_SOURCE[frame]} == */common.sh ]]; do frame=$((frame + 1)); done
  {
    printf '%s:%s: expected %s, found %s\n' \
      "${BASH_SOURCE[frame]}" "${BASH_LINENO[frame - 1]}" "$1" "$2"
    printf 'the last command was: %s\n' "$last_command"
    for file in out err; do
      printf '%s\n' "--- the end of its $file:"
      tail -n 30 -- "$file" | cut -c -300 | cat -v
    done
  } >&2
  exit 1
}

skip() {
  echo "skipped: $*"
  exit 77
}

# part_skipped WHAT: a part of the test that cannot run here; the others go on.
part_skipped() { echo "skipped this part: $*"; }

# expect CODE COMMAND…: runs it with its output in the files out and err.
expect() {
  local wanted=$1 code
  shift
  last_command=$*
  timeout --foreground 120 "$@" >out 2>err </dev/null
  code=$?
  [ "$code" -eq 124 ] && fail 'an end within two minutes' 'none'
  [ "$code" -eq "$wanted" ] || fail "exit code $wanted" "$code"
}

# start COMMAND…: runs it in the background, as a terminal would, with its number in pid.
start() {
  last_command=$*
  rm -f out err # what waits for a line of the new files must not find one of the old
  touch out err
  set -m # without job control bash makes background programs ignore Ctrl-C
  "$@" >out 2>err </dev/null &
  pid=$!
  set +m
}

# stop SIGNAL: sends it to what was started and waits for the end, with the exit code in code.
stop() {
  kill "-$1" "$pid" 2>/dev/null
  { wait "$pid"; } 2>/dev/null
  # shellcheck disable=SC2034
  code=$?
  pid=
}

# wait_until COMMAND…: tries it until it succeeds or what was started has ended.
wait_until() {
  local tries
  for ((tries = 0; tries < 6000; tries++)); do
    "$@" && return
    kill -0 "$pid" 2>/dev/null || fail "$* to succeed" 'that the program has ended'
    sleep 0.01
  done
  fail "$* to succeed" 'that it does not within a minute'
}

# has FILE LINES: whether the file has at least so many lines.
has() { [ -f "$1" ] && [ "$(wc -l <"$1")" -ge "$2" ]; }

# says FILE TEXT: the file holds the text within a line.
says() { grep -qF -e "$2" -- "$1" || fail "\"$2\" in $1" 'none'; }
says_not() { ! grep -qF -e "$2" -- "$1" || fail "no \"$2\" in $1" "$(grep -F -e "$2" -- "$1")"; }

# matches FILE REGEX: a line of the file matches the extended regular expression.
matches() { grep -qE -e "$2" -- "$1" || fail "a line like $2 in $1" 'none'; }

equal() { [ "$1" = "$2" ] || fail "${3:-the value} to be \"$1\"" "\"$2\""; }
is_true() { awk "BEGIN { exit !($1) }" || fail "${2:-$1}" "$1"; }
exists() { [ -e "$1" ] || fail "the file $1" "$(find . -type f | sort | tr '\n' ' ')"; }
missing() { [ ! -e "$1" ] || fail "no $1" 'one'; }
same() { cmp -s -- "$1" "$2" || fail "the same bytes in $1 and $2" "$(cmp -- "$1" "$2" 2>&1)"; }
differ() { ! cmp -s -- "$1" "$2" || fail "different bytes in $1 and $2" 'the same'; }

# refused CODE COMMAND…: it fails with one line, which begins with "lilt: ", and prints nothing else.
refused() {
  expect "$@"
  [ ! -s out ] || fail 'nothing on standard output' "$(wc -c <out) bytes"
  [ "$(wc -l <err)" -eq 1 ] || fail 'one line on standard error' "$(wc -l <err)"
  matches err '^lilt: .'
}

# json FILE KEY: the value of a key in JSON as Lilt prints it, one key a line.
json() { sed -n "s/^ *\"$2\": \(.*[^,]\),\{0,1\}\$/\1/p" "$1"; }

# learnt DIR: the log's columns that do not depend on the machine or on interruptions.
learnt() { cut -d, -f1-8 "$1/logs/training_log.csv"; }

# same_run DIR DIR: both runs ended with the same files and the same log.
same_run() {
  local files
  files=$(cd "$1/model" && echo *)
  equal "$files" "$(cd "$2/model" && echo *)" "the files of $2"
  for file in $files; do same "$1/model/$file" "$2/model/$file"; done
  diff <(learnt "$1") <(learnt "$2") >log.diff || fail "the log of $1 in $2" "$(cat log.diff)"
}

# tunes COUNT [FIRST]: so many small tunes, all different.
tunes() {
  awk -v count="$1" -v first="${2:-1}" 'BEGIN {
    split("DFA AFD,GBd dBG,ecA Ace,faf gfe,dcB ABc,FEF GFE,d2f e2c", bars, ",")
    for (n = first; n < first + count; n++) {
      printf "X:%d\nT:Tune %d\nM:6/8\nL:1/8\nK:D\n|:", n, n
      for (b = 1; b <= 8; b++)
        printf "%s%s", bars[(n * b + int(n / 7) * b * b) % 7 + 1], b == 8 ? ":|\n\n" : b == 4 ? "|\n" : "|"
    }
  }'
}
