#!/usr/bin/env bash
# lilt compose: tunes as asked for, and what is refused.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

export LILT_HOME=$root
[ -f "$root/models/folk.safetensors" ] || skip 'the shipped model is not here'
compose=("$lilt" compose)

# correct FILE: lilt check has nothing to say about it.
correct() {
  "$lilt" check "$1" >found 2>&1 || fail "correct tunes in $1" "$(cat found)"
  matches found ' 0 errors, 0 warnings$'
}

# body FILE: the music of a tune.
body() { sed '1,/^K:/d' "$1"; }

# --- A tune as it comes, and as it is asked for

expect 0 "${compose[@]}"
correct out
matches err '^Seed [0-9]+(; kept 1 tune of [0-9]+ drawn)?$' # a title that is known is drawn again
seed=$(sed -n 's/^Seed \([0-9]*\).*/\1/p' err)
mv out first
expect 0 "${compose[@]}" --seed "$seed"
same first out
says out "Z:Lilt, seed $seed"
expect 0 "${compose[@]}" --seed "$((seed ^ 1))"
differ first out

expect 0 "${compose[@]}" --seed 1 --key Ebm --meter 6/8 --rhythm jig --bars 12 --unit 1/16 \
  --title 'A Test' --range whistle --no-chords
correct out
for line in 'T:A Test' 'R:jig' 'M:6/8' 'L:1/16' 'K:Ebm'; do says out "$line"; done
body out >music
says_not music '"'
expect 0 "${compose[@]}" --seed 2 --rhythm 'slängpolska av en som har ett mycket långt namn på allt' \
  --title 'Ünïcödé 漢'
correct out
says out 'R:slängpolska av en som har ett mycket långt namn på allt'
says out 'T:Ünïcödé 漢'
for key in C# Cb G#m Abm Bloc 'Bb lydian' 'E Minor'; do
  expect 0 "${compose[@]}" --seed 3 --key "$key" --bars 4
  correct out
done
for metre in C 'C|' 2/4 3/4 5/4 6/4 7/4 2/2 3/2 3/8 5/8 7/8 9/8 12/8; do
  expect 0 "${compose[@]}" --seed 3 --meter "$metre" --bars 4
  correct out
  says out "M:$metre"
done

# --- Forms: what comes again is the same text

for seed in 1 2 3 4; do
  expect 0 "${compose[@]}" --seed "$seed" --form AABBAA --bars 12 --chords on --range fiddle
  correct out
  body out | tr -d '\n' | sed 's/:|/&\n/g' >music
  equal 3 "$(grep -c ':|$' music)" 'the repeated sections'
  equal "$(sed -n 1p music)" "$(sed -n 3p music)" 'the third section'
  expect 0 "${compose[@]}" --seed "$seed" --form ABA --bars 6
  correct out
  body out | tr -d '\n' | sed 's/||*]*$//; s/||/\n/g' >music
  equal "$(sed -n 1p music)" "$(sed -n 3p music)" 'the third section'
done

# --- Openings

printf 'T:Opened\nC:Me\nM:4/4\nK:G\n|:G2BG dGBG|' >start.abc
expect 0 "${compose[@]}" --seed 5 --start start.abc --form AABB
correct out
matches out '^\|:G2BG dGBG\|'
says out 'C:Me'
mv out first
last_command='lilt compose --start - <start.abc'
"${compose[@]}" --seed 5 --start - --form AABB <start.abc >out 2>err || fail 'exit code 0' $?
same first out
expect 0 "${compose[@]}" --seed 5 --title Opened --meter 4/4 --key G --start '|:G2BG dGBG|' --form AABB
grep -v '^C:' first >without
same without out

# --- The same tune alone, among others, by any number of threads

expect 0 "${compose[@]}" -n 5 --seed 7 --bars 4 --threads 1
correct out
mv out five
expect 0 "${compose[@]}" -n 5 --seed 7 --bars 4 --threads 3
same five out
expect 0 "${compose[@]}" --seed 9 --bars 4
body out | sed '/^$/d' >alone
awk '/^X:3$/ { on = 1 } /^X:4$/ { on = 0 } on' five | sed '1,/^K:/d; /^$/d' >third
same alone third
expect 0 "${compose[@]}" -n 2 --seed 7 --bars 4 --best-of 3 --threads 1
says err 'kept 2 tunes of'
mv out best
expect 0 "${compose[@]}" -n 2 --seed 7 --bars 4 --best-of 3 --threads 2
same best out
expect 0 "${compose[@]}" -n 3 --seed 7 --bars 4 --json
equal 3 "$(grep -c '"abc":' out)" 'the tunes of the JSON'
for key in number seed title bits_per_note longest_run share_known novelty_percentile typicality; do
  matches out "\"$key\":"
done
equal "$(sed -n 's/^.*"drawn":\([0-9]*\).*/\1/p' out | awk '{ n += $1 } END { print n }')" \
  "$(sed -n 's/^.* of \([0-9]*\) drawn$/\1/p' err)" 'the tunes that were drawn'
expect 0 "${compose[@]}" --seed 7 --bars 4 --rhythm jigg
says err 'no rhythm of the name "jigg" is known to Lilt; did you mean jig?'
expect 0 "${compose[@]}" --seed 7 --bars 4 --report
matches err '^1\. .*longest run of known notes .* bits per note, typicality '

expect 0 "${compose[@]}" --key A --meter 4/4 --form AABB --chords 'A|D E7' --seed 1
correct out
equal 8 "$(grep -o '"A"' out | wc -l)" 'bars of A'
equal 8 "$(grep -o '"D"[^|]*"E7"[^|]*' out | wc -l)" 'bars of D and E7'

# --- Given tunes

cat >given.abc <<'TUNE'
X:7
T:Given
C:Nobody
M:4/4
L:1/8
K:G
G|:GABc d2^c2-|c2d2 (e2c2|GA)Bc ~d4-|d4 d3 G :| % two
w:la la
|:g2f2 e2d2|c4 B4|1 A8:|2 A8|]
TUNE
expect 0 "$lilt" check given.abc
expect 0 "${compose[@]}" given.abc --rewrite 3 --seed 1
correct out
says out 'C:Nobody'
mv out third
matches third '^G\|:GABc d2\^c2-\|c2d2 \(e2c2\|.*\|d4 d3 G :\| % two$'
says third 'w:la la'
says err 'the lyrics under bar 3 stay as they are'
says_not third 'GA)Bc'
equal "$(grep -v '^G|:' given.abc)" "$(grep -v '^G|:' third)" 'all other lines'
expect 0 "${compose[@]}" given.abc --rewrite 3-4 --seed 1
correct out
expect 0 "${compose[@]}" given.abc --rewrite 1-8 --seed 1
correct out
last_command='lilt compose - --rewrite 3 <given.abc'
"${compose[@]}" - --rewrite 3 --seed 1 <given.abc >out 2>err || fail 'exit code 0' $?
same third out
expect 0 "${compose[@]}" given.abc --continue --seed 1
correct out
grep -q '^G|:GABc d2^c2-|c2d2' out || fail 'the given tune' 'another'
expect 0 "${compose[@]}" given.abc --continue --seed 1 --bars 20
correct out
expect 0 "${compose[@]}" given.abc --vary 50 --seed 1 -n 2
correct out
equal 2 "$(grep -c '^X:' out)" 'variations'
expect 0 "${compose[@]}" given.abc --harmonise
correct out
matches out '^G\|:"[A-G][^|]*\|"'
equal "$(cat given.abc)" "$(sed 's/"[^"]*"//g; /^$/d' out)" 'all but the chord symbols'
printf 'X:1\nT:a\nR:reel\nM:4/4\nL:1/8\nK:E\ne4 g2b2|a4 c2e2|B2d2f2a2|e2B2G2E2|]\n' >sharp.abc
expect 0 "${compose[@]}" sharp.abc --harmonise
matches out '\|"B7?"B2.*\|"E"e2B2'
cat given.abc third >two.abc
expect 0 "${compose[@]}" two.abc --rewrite 2 --seed 1
says err 'has several tunes; this is the first'

# --- Where tunes go

expect 0 "${compose[@]}" -n 3 --seed 7 --bars 4 -o tunes.abc
equal tunes.abc "$(cat out)" 'what is printed'
correct tunes.abc
equal 3 "$(grep -c '^X:' tunes.abc)" 'the tunes'
expect 0 "${compose[@]}" -n 2 --seed 7 --bars 4 -o folder --format abc
equal 2 "$(find folder -name '*.abc' | wc -l)" 'the files'
correct folder/*.abc
if command -v abcm2ps >/dev/null; then
  expect 0 "${compose[@]}" --seed 7 --bars 4 -o seen --format svg,mid
  equal 2 "$(find seen -type f | wc -l)" 'the files'
else
  part_skipped 'abcm2ps is not here'
fi

# --- What is refused

# wrong TEXT OPTION…: exit code 2, nothing on standard output, and a message that has the text.
wrong() {
  local text=$1
  shift
  expect 2 "${compose[@]}" "$@"
  [ ! -s out ] || fail 'nothing on standard output' "$(cat out)"
  says err "$text"
}
wrong 'found "H"' --key H
wrong 'found "G#"' --key G#
wrong 'found "6/7"' --meter 6/7
wrong '(4/4, C, 2/4)' --rhythm hornpipe --meter 'C|'
wrong '--meter: expected a metre in which a reel is written' --rhythm reel --meter 6/8
wrong 'or another --rhythm, found 3/4' --rhythm 'slip jig' --meter 3/4
wrong 'found -1' --bars -1
wrong 'found 0' --bars 0
wrong 'found 1e3' --bars 1e3
wrong '"AAC"' --form AAC
wrong 'found "BA"' --form BA
wrong 'can share equally' --bars 5 --form AABB
wrong 'the lower pitch first' --range B5-D4
wrong 'at least an octave' --range D4-E4
wrong 'found "1/3"' --unit 1/3
wrong '--novel' --novel 100
wrong '--novel' --novel nan
wrong '--best-of' --best-of 0
wrong '1 to 1000000000, found 0' -n 0
wrong 'found 100000000000000000000' -n 100000000000000000000
wrong 'expected a number such as 1, found hot' --temperature hot
wrong '--temperature' --temperature -1
wrong '--temperature' --temperature nan
wrong 'found nothing' --key ''
wrong '--chords: expected off' --meter 3/2 --chords on
wrong '--title' --title $'a\nb'
wrong '--title' --title "$(printf '%0101d' 0)"
wrong 'found "nowhere"' --dialect nowhere
wrong '--seed' --seed 18446744073709551615 -n 2
wrong 'found both' --json -o out.abc
wrong 'as -o with --format' --format abc
wrong 'found standard output' -o - --format mid
wrong 'found standard output' --tempo 100
wrong '--tempo: expected a number of 20 to 500, found 10' --tempo 10
wrong 'expected either --chords or --no-chords, found both' --chords on --no-chords
wrong '--output: expected a name, found nothing' -o ''
wrong 'found zip' -o folder --format zip
wrong '--format: expected a folder' -o tunes.pdf --format abc
wrong '--instrument: expected ' -o folder --instrument kazoo
for tempo in 19 501; do wrong '--tempo' -o folder --tempo $tempo; done
wrong '--output: expected a folder (DIR/), or a file' -o tunes.zip
wrong '--key and --meter' --start 'ABc'
wrong 'contradicts --range' --key D --meter 4/4 --range whistle --start 'C4'
wrong 'contradicts --chords' --key D --meter 4/4 --no-chords --start '"D"D4'
wrong 'contradicts --form' --key D --meter 4/4 --form AABB --start '|:D8:|'
wrong '--key' --key D --start 'K:G'
wrong '--start: bar 1 holds 9 eighths; 4/4 holds 8' --key G --meter 4/4 --start 'A2BG dGBGA|'
wrong 'expected UTF-8' --key G --meter 4/4 --start $'A\xff'
for bars in 9-5 0-3 900; do wrong 'within 1-8' given.abc --rewrite "$bars"; done
wrong 'such as 5-8' given.abc --rewrite x
wrong '--continue: expected it or --rewrite, found both' given.abc --rewrite 1 --continue
wrong 'expected --rewrite, --vary, --continue or --harmonise' given.abc
wrong '--vary: expected it or --rewrite, found both' given.abc --vary 30 --rewrite 3
wrong 'expected a whole number of 1 to 100' given.abc --vary 0
wrong '--harmonise: expected it or --continue, found both' given.abc --harmonise --continue
wrong '--number: expected at most 8 with --harmonise' given.abc --harmonise -n 9
wrong 'expected a file' --rewrite 1
wrong '--key: expected nothing where a tune is given' given.abc --rewrite 1 --key D
wrong '--chords: bar 2: expected at most 2 chord symbols in 6/8' --key D --meter 6/8 --chords 'D|D A D'
wrong '--chords: bar 2: expected on, off, any or a chord symbol' --key D --meter 6/8 --chords 'D H7'
wrong '--chords: expected a --key and a --meter' --meter 6/8 --chords 'D A7'
wrong '--chords: expected on, off or any' given.abc --rewrite 1 --chords 'D A7'
wrong 'more than the 8' given.abc --continue --bars 8

: >empty.abc
head -c 3000 "$lilt" >binary.abc
sed 's/d2^c2-/d2^c3-/' given.abc >bad.abc
printf 'X:1\nT:a\nM:4/4\nL:1/8\nK:G\nV:1\nA8|\nV:2\nA8|\n' >voices.abc
for file in empty binary bad voices nowhere; do
  refused 1 "${compose[@]}" $file.abc --rewrite 1
  matches err "^lilt: $file\.abc: "
  refused 1 "${compose[@]}" $file.abc --continue
done
refused 1 "${compose[@]}" --model nowhere.safetensors
refused 1 "${compose[@]}" --model given.abc

# A model that knows no tunes composes, but cannot tell what is new.
{
  tunes 20
  # All characters without which no tune can be written.
  printf 'X:21\nT:%s\nM:4/4\nL:1/8\nK:C\n|:[CE]2z2 d>e (3fga|1 A8:|2 B8|]\n\n' \
    'a1b2c3d4e5f6g7h8i9j0k l m n o p q r s t u v w x y z A B C D E F G H I J K L M N O P Q R S T'
  printf 'X:22\nT:U V W X Y Z\nK:Dmix\n^c_d=e/2c,C,|\n\n'
} >own.abc
expect 0 "$lilt" train own.abc "${small[@]}" --epochs 1 --out own
expect 0 "${compose[@]}" --model own/model/last.safetensors --seed 1 --bars 4
correct out
# After a person's own training that model is the usual one.
last_command='cd own && lilt compose --seed 1 --bars 4'
(cd own && "${compose[@]}" --seed 1 --bars 4 >../same 2>../err) || fail 'exit code 0' 'another'
same same out
says err 'Model model/last.safetensors'
for options in '--novel 50' --report; do
  # shellcheck disable=SC2086
  refused 1 "${compose[@]}" --model own/model/last.safetensors $options
  says err 'lilt export MODEL -o OUT --known FILE'
done

# --- Like the tunes of a file

printf 'X:1\nT:One\nR:jig\nM:6/8\nL:1/8\nK:Ador\nE|A3 A3|B3 B2:|\n\nX:2\nT:Two\nM:none\nK:C\nCDE|\n\n' >like.abc
printf 'X:3\nT:Three\nM:3/4\nL:1/8\nK:G\nG6|A6|G6|]\n' >>like.abc
expect 0 "${compose[@]}" --like like.abc --seed 4
correct out
cp out first
equal '1 2' "$(sed -n 's/^X://p' out | tr '\n' ' ' | sed 's/ $//')" 'the numbers'
equal 'Ador G' "$(sed -n 's/^K://p' out | tr '\n' ' ' | sed 's/ $//')" 'the keys'
equal '6/8 3/4' "$(sed -n 's/^M://p' out | tr '\n' ' ' | sed 's/ $//')" 'the metres'
says out 'R:jig'
says out 'Lilt, seed 5'
matches err '^lilt: no tune like "Two": meter: expected C'
says err 'Seed 4 to 5'
# Each can be had alone.
expect 0 "${compose[@]}" --seed 5 --key G --meter 3/4 --bars 3
sed 's/^X:1$/X:2/' out >alone
sed -n '/^X:2$/,$p' first >second
same second alone
# More than there are begins again; what is wished for besides holds for all.
expect 0 "${compose[@]}" --like like.abc --seed 4 -n 3 --key D --threads 2
equal 'D D D' "$(sed -n 's/^K://p' out | tr '\n' ' ' | sed 's/ $//')" 'the keys'
equal '6/8 3/4 6/8' "$(sed -n 's/^M://p' out | tr '\n' ' ' | sed 's/ $//')" 'the metres'
expect 0 "${compose[@]}" --like like.abc --seed 4 -n 1
equal 1 "$(grep -c '^X:' out)" 'one tune'
refused 2 "${compose[@]}" like.abc --rewrite 1 --like like.abc
echo none >none.abc
refused 1 "${compose[@]}" --like none.abc
says err 'none.abc: expected tunes to be like, found none'

# --- What fails on the way leaves nothing half-written

touch file
refused 1 "${compose[@]}" -o file/tune.abc
refused 1 "${compose[@]}" -o file/ --format abc
refused 2 "${compose[@]}" -o file
expect 1 sh -c 'exec "$@" >/dev/full' sh "${compose[@]}"
says err 'lilt: standard output: cannot be written: No space left on device'
# A limit on the size of files stands for a disk that is full.
# shellcheck disable=SC2016
expect 1 bash -c 'trap "" XFSZ; ulimit -f 1; exec "$@"' bash "${compose[@]}" -n 30 --bars 8 \
  -o full.abc
says err 'full.abc: cannot be written: File too large'
missing full.abc
missing full.abc.part

start "${compose[@]}" -n 100000 --bars 4
wait_until has out 3
stop INT
equal 1 "$code" 'the exit code of an interrupted run'
matches err '^lilt: interrupted: composed [0-9,]+ of 100,000 tunes$'
correct out
last_command='lilt compose -n 100000 | head -n 1'
timeout 100 "${compose[@]}" -n 100000 --bars 4 2>err | head -n 1 >out
codes=("${PIPESTATUS[@]}")
equal X:1 "$(cat out)" 'the first line'
[[ ${codes[0]} == 141 || ${codes[0]} == 1 ]] || fail 'exit code 141 (SIGPIPE) or 1' "${codes[0]}"
