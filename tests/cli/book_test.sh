#!/usr/bin/env bash
# lilt book: tunes added, listed, searched, exported; what is refused.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

export XDG_DATA_HOME=$folder/data
have() { command -v "$1" >/dev/null; }

cat >tunes.abc <<'END'
M:6/8
O:Here

X:1
T:The First Jig
R:jig
K:D
DFA d2e|fed A3|]

X:2
T:Too Long
K:D
DFA d2e f|fed A3|]

X:3
T:Evening Waltz
M:3/4
K:G
G2 B2 d2|e2 d2 B2|g6|]
END

# No book yet.
expect 1 "$lilt" book list
says err "lilt: $folder/data/lilt/tunes.db: there is no tune book yet; lilt book add makes one"
missing data

expect 1 "$lilt" book add tunes.abc --tag mine --tag 'from a file'
equal '1 2 ' "$(tr '\n' ' ' <out)" 'the numbers of the tunes'
says err 'lilt: tunes.abc:13:10: Too Long: the bar is too long: expected 3/4, found 7/8 [bar-too-long]'
says err '2 tunes added, 1 with mistakes left out'
exists data/lilt/tunes.db
expect 1 "$lilt" book add tunes.abc --json
says out '"added": []'
says out '"known": 2'
says out '"code": "bar-too-long"'
says out '"title": "Too Long"'
printf 'X:1\nT:Third\nM:4/4\nL:1/8\nK:C\nCDEG c4|]\n' >third.abc
expect 0 sh -c '"$@" <third.abc' sh "$lilt" book add -
equal 3 "$(cat out)" 'the number of the tune'

# Lists and searches.
expect 0 "$lilt" book list
equal '    3  Third  (C, 4/4)' "$(head -n 1 out)" 'the newest tune'
says out '    1  The First Jig  (D, 6/8, jig)  #from a file #mine'
expect 0 "$lilt" book list --sort title --limit 1
says out 'Evening Waltz'
says err '1 of 3 tunes; --offset and --limit show others'
expect 0 "$lilt" book list --tag mine --json
says out '"total": 2'
says out '"meter": "3/4"'
says out '"revision": 1'
expect 0 "$lilt" book search first ji
equal 1 "$(wc -l <out)" 'the number of tunes'
says out 'The First Jig'
expect 0 "$lilt" book search here
equal 2 "$(wc -l <out)" 'the number of tunes'
expect 0 "$lilt" book search --melody 'C E G c'
says out 'The First Jig'
expect 0 "$lilt" book search --melody '+2 +2 +3 +5'
says out 'Third'
expect 0 "$lilt" book search --melody '+4 +3 +5 +2 +2 -1'
says err 'No tune has this melody note by note; these nearly do'
expect 0 "$lilt" book search nothing
equal '' "$(cat out)" 'what is printed'
says err 'No tune'

# Exports.
expect 0 "$lilt" book export -o new/all.abc
equal new/all.abc "$(cat out)" 'what is printed'
equal 'X:1 X:2 X:3 ' "$(grep ^X new/all.abc | tr '\n' ' ')" 'the numbers'
equal 'T:Evening Waltz' "$(grep -m 1 ^T new/all.abc)" 'the first title'
expect 0 "$lilt" check new/all.abc
expect 0 "$lilt" book export -o - --tunes 1
says out 'M:6/8'
says out 'O:Here'
expect 0 "$lilt" book export -o tunes.zip --format mid,musicxml
if have python3; then
  expect 0 python3 -c 'import zipfile; z = zipfile.ZipFile("tunes.zip"); print(z.testzip(), *z.namelist())'
  equal 'None Evening_Waltz.mid Evening_Waltz.musicxml The_First_Jig.mid The_First_Jig.musicxml Third.mid Third.musicxml' \
    "$(cat out)" 'what is in the archive'
else
  part_skipped 'python3 is not there'
fi
if have abcm2ps && have rsvg-convert; then
  expect 0 "$lilt" book export -o tunes.pdf --words jig
  equal '%PDF-' "$(head -c 5 tunes.pdf)" 'the beginning of tunes.pdf'
else
  part_skipped 'abcm2ps or rsvg-convert is not there'
fi

# Two of them at once, and none is lost.
for i in 1 2 3 4 5 6 7 8; do
  printf 'X:1\nT:Of many %s\nM:4/4\nL:1/8\nK:C\nCDEG c4|]\n' "$i" >"many-$i.abc"
  "$lilt" book add "many-$i.abc" --book many.db >/dev/null 2>&1 &
done
wait
expect 0 "$lilt" book list --book many.db
equal 8 "$(wc -l <out)" 'the number of tunes'

# What is refused, and leaves nothing behind.
cp data/lilt/tunes.db before.db
for arguments in '' 'list --stars 6' 'list --sort size' 'list --limit 0' 'search --melody D' 'add' 'export' \
  'export -o x.doc' 'export -o new/' 'export -o x.abc --format mid' 'export -o x.zip --format gif' \
  'export -o x.pdf --paper a0' 'export -o x.zip --instrument kazoo' 'give' 'list --tunes a' 'add tunes.abc --tag='; do
  # shellcheck disable=SC2086
  expect 2 "$lilt" book $arguments
  [ -s err ] || fail 'a message' 'none'
done
says err 'lilt'
expect 1 "$lilt" book export -o none.pdf --words nothing
says err 'lilt: none.pdf: expected a tune, found none'
missing none.pdf
expect 1 "$lilt" book add missing.abc
says err 'missing.abc: cannot be opened'
printf 'no tune\n' >words.txt
expect 1 "$lilt" book add words.txt
says err 'lilt: words.txt: expected tunes in ABC notation, found none'
expect 1 "$lilt" book list --book tunes.abc
says err 'tunes.abc: expected a tune book of Lilt, found a file of another kind'
expect 1 "$lilt" book add tunes.abc --book "$folder"
says err 'lilt: '
expect 2 "$lilt" book export -o data/lilt/tunes.db
expect 1 "$lilt" book export -o words.txt/x.abc
says err 'lilt: words.txt: cannot be created'
expect 1 sh -c 'exec "$@" >/dev/full' sh "$lilt" book list
matches err '^lilt: standard output: cannot be written: '
unset XDG_DATA_HOME
expect 1 env -u HOME "$lilt" book list
says err 'HOME'
export XDG_DATA_HOME=$folder/data

# A limit on the size of files stands for a disk that is full: what was saved stays, and the rest can be added later.
words=$(printf 'word %.0s' {1..200})
for i in $(seq 3000); do printf 'X:%s\nT:Tune %s\nN:%s\nM:4/4\nL:1/8\nK:C\nCDEG c4|]\n\n' "$i" "$i" "$words"; done >large.abc
expect 1 bash -c 'trap "" XFSZ; ulimit -f 2500; exec "$@"' bash "$lilt" book add large.abc --book full.db
matches err 'full.db: .*(full|cannot be)'
expect 0 "$lilt" book list --book full.db --limit 1 --json
matches out '"total": [0-9]*00'
expect 0 "$lilt" book add large.abc --book full.db
expect 0 "$lilt" book list --book full.db --limit 1 --json
says out '"total": 3000'
