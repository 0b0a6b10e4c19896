#!/usr/bin/env bash
# Texts of all kinds to learn from.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

tunes 10 >lf.abc
train=("$lilt" train "${small[@]}" --epochs 1)

# The ends of lines and a byte-order mark make no difference.
sed 's/$/\r/' lf.abc >crlf.abc
tr '\n' '\r' <lf.abc >cr.abc
{ printf '\357\273\277' && cat lf.abc; } >bom.abc
{ printf '\357\273\277' && cat crlf.abc; } >both.abc
for kind in lf crlf cr bom both; do
  mkdir "$kind"
  mv "$kind.abc" "$kind/tunes.abc"
  cd "$kind" || exit 1
  expect 0 "${train[@]}" tunes.abc --valid-share 0.2 --shuffle
  cd .. || exit 1
  same_run lf "$kind"
  expect 0 "$lilt" eval lf/model/last.safetensors "$kind/tunes.abc" --json
  [ ! -e figures ] || same figures out
  mv out figures
done

# Any character is a character.
{ printf 'ab\0c\001' && cat lf/tunes.abc && printf '\0\0\177\302\200\357\277\277\364\217\277\277'; } >odd.abc
expect 0 "${train[@]}" odd.abc --out odd
expect 0 "$lilt" sample --out odd --len 50 --temperature 9
expect 0 "$lilt" info odd/model/last.safetensors --json
says out '"vocabulary": "\u0000\u0001\n '
expect 0 "$lilt" train --resume --epochs 2 --out odd

# One distinct character; no newline; no tune.
head -c 3000 /dev/zero | tr '\0' a >same.txt
expect 0 "${train[@]}" same.txt --out one
matches err 'loss 0\.0000  accuracy 100\.00 %'
expect 0 "$lilt" sample --out one --len 4
equal aaaa "$(cat out)" 'a sample'
expect 0 "$lilt" eval one/model/last.safetensors lf/tunes.abc --json
tr a ' ' <same.txt | sed 's/  /ab/g' >two.txt
expect 0 "${train[@]}" two.txt --out two --valid lf/tunes.abc
matches err 'validation [0-9.]+ bits'
expect 0 "$lilt" sample --out two --len 40
matches out '^[ab]{40}$'

# A text may come through a pipe.
last_command='cat | lilt train /dev/stdin'
# shellcheck disable=SC2002
cat lf/tunes.abc | "${train[@]}" /dev/stdin --out piped >out 2>err || fail success 'a failure'
expect 0 "${train[@]}" lf/tunes.abc --out named
diff <(learnt piped) <(learnt named) || fail 'the same log' 'another'

# Names with spaces, beyond ASCII, and beyond UTF-8.
mkdir names
for name in 'two words.abc' 'Lån ♪.abc' $'not-utf8-\xff.abc' '-.abc'; do
  cp lf/tunes.abc "names/$name"
  expect 0 "${train[@]}" "names/$name" --out names/run
  expect 0 "$lilt" train "names/$name" --resume --epochs 2 --out names/run
  expect 0 "$lilt" info names/run/model/last.safetensors --json
  rm -r names/run
done

# refuses FILE TEXT [OPTION…]: says so, and makes nothing.
refuses() {
  local file=$1 text=$2
  shift 2
  expect 1 "${train[@]}" "$file" --out refused "$@"
  [ "$(grep -vc '^Text: ' err)" -eq 1 ] || fail 'one message' "$(grep -vc '^Text: ' err)"
  grep -v '^Text: ' err >message
  says message "lilt: $text"
  missing refused
}
: >empty.abc
printf x >short.abc
printf '\357\273\277' >bom.abc
printf 'X:1\nab\xffcd\n' >bytes.abc
printf 'X:1\nab\303' >cut.abc
printf 'X:1\n\300\200' >overlong.abc
printf 'X:1\n\355\240\200' >surrogate.abc
refuses empty.abc 'empty.abc: expected at least 68 characters'
refuses short.abc 'short.abc: expected at least 68 characters for 4 streams of windows of 16, found 1; '
refuses bom.abc 'bom.abc: expected at least 68 characters'
refuses bytes.abc 'bytes.abc: byte 6: expected UTF-8 text, found a byte that is not; '
refuses cut.abc 'cut.abc: byte 6: expected UTF-8'
refuses overlong.abc 'overlong.abc: byte 4: expected UTF-8'
refuses surrogate.abc 'surrogate.abc: byte 4: expected UTF-8'
refuses missing.abc 'missing.abc: cannot be opened: No such file or directory'
refuses names 'names: expected a file, found a folder'
refuses same.txt 'same.txt: expected tunes to shuffle, found no line that starts with X:' --shuffle
refuses same.txt 'expected at least 2 tunes (lines that start with X:) to hold some out, found 0; ' \
  --valid-share 0.1
refuses lf/tunes.abc 'same.txt: expected tunes in ABC notation' --valid same.txt
refuses lf/tunes.abc 'bytes.abc: byte 6: expected UTF-8' --valid bytes.abc
refuses lf/tunes.abc 'missing.abc: cannot be opened' --valid missing.abc

# Exactly enough, and one character less.
head -c 68 lf/tunes.abc >enough.abc
head -c 67 lf/tunes.abc >less.abc
expect 0 "${train[@]}" enough.abc --out enough
says err 'in 1 updates an epoch'
refuses less.abc 'less.abc: expected at least 68 characters'
