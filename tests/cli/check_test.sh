#!/usr/bin/env bash
# lilt check: what it prints for whom, and its exit codes.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

tunes 20 >fine.abc
printf 'X:7\nT:Caf\303\251\nM:6/8\nL:1/8\nK:D\nDFA AFD|DFA AFDD|\\\nDFA-B3|]\n\nX:8\nK:D\n(DEF|]\n' >wrong.abc

# Nothing to say.
expect 0 "$lilt" check fine.abc
[ ! -s out ] || fail 'nothing on standard output' "$(cat out)"
equal '0 of 20 tunes are wrong; 0 errors, 0 warnings' "$(cat err)" 'the summary'
expect 0 "$lilt" check --quiet fine.abc
[ ! -s err ] || fail 'nothing on standard error' "$(cat err)"

# One line each, in the order of the file.
expect 1 "$lilt" check fine.abc wrong.abc
cut -d' ' -f1,2 out >places
diff - places <<'PLACES' || fail 'these places' 'others'
wrong.abc:6:17: error:
wrong.abc:7:5: error:
wrong.abc:10:1: warning:
wrong.abc:10:1: warning:
wrong.abc:11:7: warning:
PLACES
says out 'wrong.abc:6:17: error: the bar is too long: expected 3/4, found 7/8 [bar-too-long]'
matches out '^wrong\.abc:7:5: error: .*\[tie-to-nothing\]$'
says err '1 of 22 tunes is wrong; 2 errors, 3 warnings'
expect 1 "$lilt" check --errors wrong.abc
equal 2 "$(wc -l <out)" 'the lines of errors alone'
expect 1 "$lilt" check -q wrong.abc
[ ! -s out ] && [ ! -s err ] || fail 'nothing printed' 'something'

# Warnings leave the exit code 0.
printf 'X:1\nT:A\nM:C\nK:C\n(C8|]\n' >warned.abc
expect 0 "$lilt" check warned.abc
matches out '^warned\.abc:5:6: warning: .*\[slur-not-closed\]$'

# Standard input.
for input in '' -; do
  # shellcheck disable=SC2086
  expect 1 sh -c '"$@" <wrong.abc' sh "$lilt" check $input
  matches out '^-:6:17: error: '
done
expect 1 sh -c '"$@" </dev/null' sh "$lilt" check
matches out '^-:1:1: error: .*\[no-tune\]$'

# JSON, an object a line.
expect 1 "$lilt" check --json wrong.abc
equal 5 "$(wc -l <out)" 'the lines of JSON'
matches out '^\{"file":"wrong\.abc","line":6,"column":17,"severity":"error","code":"bar-too-long","message":".*","tune":"7","title":"Caf\\u00e9"\}$'

# Files that cannot be read do not hide the others.
expect 1 "$lilt" check nothing.abc . wrong.abc
says err 'lilt: nothing.abc: cannot be opened: No such file or directory'
says err 'lilt: .: expected a file, found a folder'
matches out '^wrong\.abc:6:17: '
expect 1 "$lilt" check -q nothing.abc

# What a file holds never reaches the terminal raw.
printf 'X:1\nT:\033]0;x\007\nM:C\nK:C\n"^\033[31m"C8\033[2J\302\233\342\200\256|]\n' >$'bad\033name.abc'
for option in --errors --json; do
  expect 1 "$lilt" check "$option" $'bad\033name.abc'
  ! LC_ALL=C grep -q $'[\001-\011\013-\037\177-\377]' out || fail 'printable ASCII' "$(cat -v out)"
done

# Binary and large input: no crash, and no time.
head -c 3000000 /dev/urandom >random.abc
expect 1 "$lilt" check -q random.abc
for ((i = 0; i < 400; i++)); do cat fine.abc; echo; done >many.abc
expect 0 "$lilt" check many.abc
says err '0 of 8,000 tunes are wrong'
{ head -n 5 fine.abc && head -c 20000000 /dev/zero | tr '\0' 'a' && echo && cat fine.abc; } >long.abc
expect 1 "$lilt" check long.abc
matches out '\[tune-too-long\]$'

# Memory is bounded by the longest tune.
if (ulimit -v 300000 && true) 2>/dev/null; then
  last_command='lilt check, 100 MB in a pipe'
  (ulimit -v 300000 && for ((i = 0; i < 70; i++)); do cat many.abc; done | "$lilt" check -q) ||
    fail 'success with little memory' "$?"
fi

# A reader that leaves early ends the program.
last_command='lilt check | head -n 1'
for ((i = 0; i < 50; i++)); do cat wrong.abc; echo; done >wrongs.abc
for ((i = 0; i < 40; i++)); do cat wrongs.abc; done >more.abc
timeout 100 "$lilt" check more.abc 2>err | head -n 1 >out
codes=("${PIPESTATUS[@]}")
[[ ${codes[0]} == 141 || ${codes[0]} == 1 ]] || fail 'exit code 141 (SIGPIPE) or 1' "${codes[0]}"
