#!/usr/bin/env bash
# lilt corpus: get, clean, dedupe, split, describe.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

# count FILE: its tunes.
count() { grep -c '^X:' "$1"; }

# Without the collection itself its files are made up: the right names and sizes cannot be had.
expect 0 "$lilt" corpus get
matches out '^nottingham +1,034 +446 kB  Nottingham Music Database'
says out 'GPL-3.0'
refused 2 "$lilt" corpus get nonsense
says err 'expected a known collection, found "nonsense"'
expect 2 "$lilt" corpus
expect 2 "$lilt" corpus nonsense

files='ashover hpps jigs morris playford reelsa-c reelsd-g reelsh-l reelsm-q reelsr-t reelsu-z slip
  waltzes xmas'
mkdir mirror
first=1
for name in $files; do
  tunes 5 "$first" >"mirror/$name.abc"
  first=$((first + 5))
done

# Other files than those of the version that is known are refused; --no-check takes them.
expect 1 "$lilt" corpus get nottingham --from mirror
says err 'mirror/ashover.abc: expected 19647 bytes, found '
says err '--no-check'
missing nottingham.abc
expect 0 "$lilt" corpus get nottingham --from mirror --no-check
equal nottingham.abc "$(cat out)" 'the path'
says err 'GPL-3.0'
says err "Eric Foxley's"
equal 70 "$(count nottingham.abc)" 'tunes'
says nottingham.terms.txt 'GNU General'
says nottingham.terms.txt '0992bb6cd864f6d4b90d6663e08c0ef53ffaa08f'
missing nottingham.abc.files
cp nottingham.abc wanted.abc
expect 0 "$lilt" corpus get nottingham --from "file://$PWD/mirror" --no-check -o got/tunes.abc
same wanted.abc got/tunes.abc
exists got/tunes.terms.txt
mkdir clone && cp -r mirror clone/ABC_cleaned
expect 0 "$lilt" corpus get nottingham --from clone --no-check -o clone.abc
same wanted.abc clone.abc

# No network, nothing there.
expect 1 "$lilt" corpus get nottingham --from http://127.0.0.1:1/x -o none.abc
matches err '^lilt: http://127\.0\.0\.1:1/x/ashover\.abc: cannot be fetched .*; check the network'
says err '--from'
missing none.abc
expect 1 "$lilt" corpus get nottingham --from http://host.invalid/ -o none.abc
says err 'cannot be fetched'
expect 1 "$lilt" corpus get nottingham --from nowhere -o none.abc
expect 1 "$lilt" corpus get nottingham --from ftp://127.0.0.1/ -o none.abc
missing none.abc

# Over HTTP, from a server that knows ranges, is slow, and cuts connections when told so.
cat >server.py <<'PYTHON'
import http.server, os, re, sys, time

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        print(self.path, self.headers.get("Range", ""), flush=True)
        path = "mirror/" + os.path.basename(self.path)
        if not os.path.exists(path):
            return self.send_error(404)
        data = open(path, "rb").read()
        begin = 0
        found = re.match(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if found and not os.path.exists("no-ranges"):
            begin = int(found[1])
            if begin >= len(data):
                return self.send_error(416)
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {begin}-{len(data) - 1}/{len(data)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(data) - begin))
        self.end_headers()
        half = begin + (len(data) - begin) // 2
        if "jigs" in path and os.path.exists("cut"):
            self.wfile.write(data[begin:half])
            return
        if "jigs" in path and os.path.exists("slow"):
            self.wfile.write(data[begin:half])
            self.wfile.flush()
            time.sleep(30)
            return
        self.wfile.write(data[begin:])

    def log_message(self, *arguments):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
PYTHON
if command -v python3 >/dev/null; then
  python3 server.py >requests &
  server=$!
  # The folder goes after the server.
  trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; clean_up' EXIT
  for ((i = 0; i < 500; i++)); do
    [ -s requests ] && break
    sleep 0.02
  done
  from=http://127.0.0.1:$(head -n 1 requests)/ABC_cleaned
  get=("$lilt" corpus get nottingham --from "$from" --no-check -o http.abc)

  expect 0 "${get[@]}"
  same wanted.abc http.abc
  rm http.abc

  # A connection that breaks: what came stays, and only the rest is asked for.
  touch cut
  expect 1 "${get[@]}"
  says err 'jigs.abc: cannot be fetched'
  missing http.abc
  exists http.abc.files/hpps.abc
  exists http.abc.files/jigs.abc.part
  had=$(wc -c <http.abc.files/jigs.abc.part)
  is_true "$had > 0" 'the first half'
  rm cut
  : >requests
  expect 0 "${get[@]}"
  same wanted.abc http.abc
  says err 'fetched before'
  says requests "/ABC_cleaned/jigs.abc bytes=$had-"
  says_not requests 'hpps'
  missing http.abc.files
  rm http.abc

  # The same with a server that does not know ranges.
  touch cut no-ranges
  expect 1 "${get[@]}"
  rm cut
  expect 0 "${get[@]}"
  same wanted.abc http.abc
  rm no-ranges http.abc

  # Ctrl-C.
  touch slow
  start "${get[@]}"
  wait_until [ -s http.abc.files/jigs.abc.part ]
  stop INT
  equal 1 "$code" 'the exit code'
  says err 'interrupted; the same command goes on from here'
  missing http.abc
  rm slow
  expect 0 "${get[@]}"
  same wanted.abc http.abc

  # A file that is not there.
  mv mirror/xmas.abc xmas.abc
  rm http.abc
  expect 1 "${get[@]}"
  says err 'xmas.abc: cannot be fetched'
  says err 'is --from right?'
  mv xmas.abc mirror/xmas.abc
else
  part_skipped 'no python3 to serve files with'
fi

# clean
cat >mixed.abc <<'ABC'
free text

X:7
T:The Even Bars
S:somewhere
N:a note
% a comment
R:reel
M:4/4
L:1/8
K:D
|:"D"DEFG A2d2|"A"cBAG FEDC:| % the end

X:8
T:The Odd Bars
M:4/4
L:1/8
K:D
DEFG A2d2|cBAG FEDCDC|D8|

X:9
T:No Key
M:4/4
DEFG|

X:10
T:Slow   
M:3/4
L:1/4
K:G
GAB|c2B|A3|G3|]
ABC
expect 0 "$lilt" corpus clean mixed.abc
cp out clean.abc
equal 2 "$(count clean.abc)" 'clean tunes'
matches err '^4 tunes, 2 written; left out:$'
matches err '^ +1  bar-too-long$'
says clean.abc 'S:somewhere'
says_not clean.abc 'comment'
equal 1 "$(grep -c '^$' clean.abc)" 'empty lines'
expect 0 "$lilt" corpus clean mixed.abc --music-only --renumber -o music.abc
equal "$(printf 'X:1\nX:2')" "$(grep '^X:' music.abc)" 'numbers'
says_not music.abc 'S:'
says_not music.abc 'N:'
says music.abc 'R:reel'
expect 0 "$lilt" corpus clean mixed.abc --keep-incorrect --drop SRN
equal 4 "$(count out)" 'kept tunes'
says_not out 'R:reel'
# What is clean stays as it is, and a pipe is as good as a file.
expect 0 "$lilt" corpus clean clean.abc
same clean.abc out
"$lilt" corpus clean - <mixed.abc >piped.abc 2>err || fail success 'a failure'
same clean.abc piped.abc

# dedupe: another key, another title and another unit length are the same tune.
cat >same.abc <<'ABC'
X:1
T:The Hare on the Wall
M:6/8
L:1/8
K:D
|:DEF AFD|GFG Bcd|cAA dAF|GFE D3|DEF AFD|GFG Bcd|cde fdc|d3 d3:|

X:2
T:Up in G
R:jig
M:6/8
L:1/16
K:G
|:G2A2B2 d2B2G2|c2B2c2 e2f2g2|f2d2d2 g2d2B2|c2B2A2 G6|G2A2B2 d2B2G2|c2B2c2 e2f2g2|f2g2a2 b2g2f2|g6 g6:|

X:3
T:Another End
M:6/8
L:1/8
K:D
|:DEF AFD|GFG Bcd|cAA dAF|GFE D3|DEF AFD|GFG Bcd|AGF EDC|D3 D3:|

X:4
T:Something Else
M:4/4
L:1/8
K:C
|:C2E2 G2c2|B2d2 g4|f2d2 B2G2|c4 c4:|
ABC
expect 0 "$lilt" corpus dedupe same.abc
equal "$(printf 'T:Up in G\nT:Another End\nT:Something Else')" "$(grep '^T:' out)" 'the titles'
says err '4 tunes, 3 different, in 2 families; 1 left out'
expect 0 "$lilt" corpus dedupe same.abc --families -o families.abc
equal 2 "$(count families.abc)" 'families'
expect 0 "$lilt" corpus dedupe same.abc --report
says out 'same.abc:1: The Hare on the Wall: same tune as same.abc:8'
says out 'same.abc:16: Another End: same family as same.abc:8'
equal 2 "$(wc -l <out)" 'lines of the report'
expect 0 "$lilt" corpus dedupe same.abc same.abc -o twice.abc
equal 3 "$(count twice.abc)" 'tunes of two files'
refused 2 "$lilt" corpus dedupe -
says err 'can be read twice, found standard input'

# split: each tune once, families together, the same for the same seed.
tunes 200 >many.abc
cat same.abc >>many.abc
expect 0 "$lilt" corpus split many.abc -o one --shares 0.8,0.1,0.1 --seed 3
cp out summary
matches summary '^ +[0-9]+ +[0-9]+ +[0-9.]+%  one/train\.abc$'
equal 204 "$(cat one/*.abc | grep -c '^X:')" 'tunes in all parts'
equal "$(grep '^[A-Z|]' many.abc | sort)" "$(cat one/*.abc | grep '^[A-Z|]' | sort)" 'all lines'
for part in train valid test; do is_true "$(count "one/$part.abc") > 0" "$part is not empty"; done
equal 1 "$(grep -lE '^T:(The Hare on the Wall|Up in G|Another End)$' one/*.abc | wc -l)" \
  'parts with one family'
expect 0 "$lilt" corpus split many.abc -o two --seed 3
for part in train valid test; do same "one/$part.abc" "two/$part.abc"; done
expect 0 "$lilt" corpus split many.abc -o three --shares 0.9,0.1
missing three/test.abc
expect 0 "$lilt" corpus split many.abc -o part --shares 0.5,0.1
says err 'tunes left out'
is_true "$(cat part/*.abc | grep -c '^X:') < 150" 'fewer tunes than there are'
refused 2 "$lilt" corpus split many.abc -o four --shares 1
refused 2 "$lilt" corpus split many.abc -o four --shares 0.5,0.5,-1
refused 2 "$lilt" corpus split many.abc -o four --shares 0.8,0.3
says err '--shares: expected shares of at most 1 together, found 1.1'
refused 2 "$lilt" corpus split - -o four
missing four
refused 2 "$lilt" corpus split one/train.abc -o one
# Files of this folder are replaced only by whoever says so; in a folder that is named they are.
mkdir here && cd here || exit 1
cp ../mixed.abc train.abc
refused 2 "$lilt" corpus split ../many.abc
says err '--output: expected a folder without train.abc or --force, which replaces it; found train.abc'
same train.abc ../mixed.abc
missing valid.abc
expect 0 "$lilt" corpus split ../many.abc --seed 3 --force
same train.abc ../one/train.abc
cd .. || exit 1
expect 0 "$lilt" corpus split many.abc -o here
expect 0 "$lilt" corpus split many.abc -o here
# No family of one part is in another: together there are as many as there were apart.
apart=0
for part in train valid test; do
  expect 0 "$lilt" corpus dedupe "one/$part.abc" -o parted.abc
  apart=$((apart + $(sed -n 's/.* in \([0-9]*\) families.*/\1/p' err)))
done
expect 0 "$lilt" corpus dedupe many.abc -o parted.abc
equal "$apart" "$(sed -n 's/.* in \([0-9]*\) families.*/\1/p' err)" 'families'

# describe
expect 0 "$lilt" corpus describe mixed.abc same.abc --json
equal 8 "$(json out tunes)" tunes
equal 6 "$(json out correct)" 'correct tunes'
says out '"6/8": 3'
equal 1 "$(json out jig)" jigs
expect 0 "$lilt" corpus describe mixed.abc same.abc
matches out '^tunes +8$'
matches out '^correct +6 +75\.0%$'
matches out '^  6/8 +3 +37\.5%$'
"$lilt" corpus describe - <same.abc >out 2>err || fail success 'a failure'
matches out '^tunes +4$'

# What is no collection.
echo 'no tune here' >none.txt
: >empty.abc
mkdir no-tunes
for command in clean dedupe describe; do
  refused 1 "$lilt" corpus "$command" none.txt
  says err 'none.txt: expected tunes in ABC notation'
  refused 1 "$lilt" corpus "$command" empty.abc
  refused 1 "$lilt" corpus "$command" missing.abc
  refused 2 "$lilt" corpus "$command" no-tunes
  says err 'expected a folder with files *.abc, found no-tunes'
  expect 2 "$lilt" corpus "$command"
done

# In other keys.
printf 'X:1\nT:a\nM:6/8\nL:1/8\nK:Ador\n"Am"A2e =fge:|\n' >dorian.abc
"$lilt" corpus clean dorian.abc --key D | tail -n 2 >key.txt
printf 'K:Ddor\n|:"Dm"d2a _bc'"'"'a:|\n' | cmp - key.txt || fail 'the tune in D' "$(cat key.txt)"
expect 0 "$lilt" corpus clean dorian.abc --transpose 5
tail -n 2 out | cmp - key.txt || fail 'the same tune' "$(cat out)"
expect 2 "$lilt" corpus clean dorian.abc --key H
says err 'expected a tonic such as D or Bb, found H'
expect 2 "$lilt" corpus clean dorian.abc --key D --transpose 1

expect 1 "$lilt" corpus clean mixed.abc none.txt -o kept.abc
missing kept.abc
missing kept.abc.part

# Memory does not grow with the collection.
if [ -x /usr/bin/time ]; then
  for ((i = 0; i < 400; i++)); do cat many.abc; echo; done >large.abc
  for command in describe 'clean -o large.out'; do
    # shellcheck disable=SC2086
    expect 0 /usr/bin/time -f '%M' -o memory "$lilt" corpus $command large.abc
    is_true "$(cat memory) < 30000" 'less than 30 MB'
  done
else
  part_skipped 'no /usr/bin/time to measure memory with'
fi

# Real collections.
collection=$root/../shared/corpora/nottingham/train.abc
if [ -f "$collection" ]; then
  expect 0 "$lilt" corpus describe "$collection" --json
  equal 828 "$(json out tunes)" tunes
  expect 0 "$lilt" corpus split "$collection" -o real
  equal 828 "$(cat real/*.abc | grep -c '^X:')" 'tunes in all parts'
  expect 0 "$lilt" corpus clean "$collection" -o real/clean.abc
  expect 0 "$lilt" corpus describe real/clean.abc --json
  equal "$(json out tunes)" "$(json out correct)" 'correct tunes of the clean ones'
else
  part_skipped 'no ../shared/corpora'
fi
