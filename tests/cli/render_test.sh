#!/usr/bin/env bash
# lilt render: every kind of file, what is printed, what is refused, what is left behind.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

# Temporary files of Lilt's go here, so that those that stay are seen.
mkdir temporary
export TMPDIR=$folder/temporary

nothing_left() { equal '' "$(ls temporary)" 'what is left of temporary files'; }
# begins FILE TEXT: the file begins with these bytes.
begins() { equal "$2" "$(head -c ${#2} "$1" | tr -d '\0')" "the beginning of $1"; }
have() { command -v "$1" >/dev/null; }
is_larger() { [ "$(wc -c <"$1")" -gt "$2" ] || fail "more than $2 bytes in $1" "$(wc -c <"$1")"; }

tunes 3 >tunes.abc
printf 'X:7\nT:The Butterfly\nC:Tommy Potts\nR:jig\nM:6/8\nL:1/8\nK:D\n|:"D"A3 "A7"c3|"D"d6:|\n' >tune.abc

# What needs no other program.
expect 0 "$lilt" render tune.abc -o new/tune.abc
equal new/tune.abc "$(cat out)" 'what is printed'
says new/tune.abc '|:"D"A3 "A7"c3|"D"d6:|'
expect 0 sh -c '"$@" <tune.abc' sh "$lilt" render - -o - --format musicxml --tempo 90
says out '<work-title>The Butterfly</work-title>'
says out '<creator type="composer">Tommy Potts</creator>'
says out '<sound tempo="135"/>'
says out '<midi-program>74</midi-program>'
says out '<root-step>D</root-step>'
expect 0 "$lilt" render tune.abc -o - --format abc --no-chords --transpose 2
says out '|:B3 d3|e6:|'

# Tunes are chosen by number or place.
expect 0 "$lilt" render tunes.abc -o chosen.abc --tune 2-9
equal 'X:2 X:3 ' "$(grep ^X chosen.abc | tr '\n' ' ')" 'the tunes'
expect 0 "$lilt" render tunes.abc -o chosen.abc --index 1,3
equal 'X:1 X:3 ' "$(grep ^X chosen.abc | tr '\n' ' ')" 'the tunes'
refused 1 "$lilt" render tunes.abc -o chosen.abc --tune 9
says err 'none of its 3 tunes is the one asked for'

# Files of one tune are numbered, or named in a folder.
expect 0 "$lilt" render tunes.abc -o xml/book.musicxml
equal 'xml/book-1.musicxml xml/book-2.musicxml xml/book-3.musicxml ' "$(tr '\n' ' ' <out)" 'the names'
# shellcheck disable=SC2016
printf 'X:1\nT:../../x\nK:C\nC4|]\n\nX:2\nT:../../X\nK:C\nC4|]\n\nX:3\nT:-n $(id)\nK:C\nC4|]\n' >odd.abc
expect 0 "$lilt" render odd.abc -o names/ --format abc,musicxml
equal 'X-2.abc X-2.musicxml n_id.abc n_id.musicxml x.abc x.musicxml ' "$(cd names && echo * '')" 'the names'

# A mistake is told, and rendered as well as it can be; a tune without notes is left out.
printf 'X:1\nT:Bad\nM:2/4\nL:1/8\nK:C\nC2 D2 E2|F4|]\n\nX:2\nT:None\nK:C\n||\n' >bad.abc
expect 1 "$lilt" render bad.abc -o bad/ --format abc,musicxml
says err 'lilt: tune 1 (Bad): a mistake in its notation, rendered as well as it allows; see lilt check'
says err 'lilt: tune 2 (None): expected notes, found none; left out'
equal 'Bad.abc Bad.musicxml ' "$(cd bad && echo * '')" 'the files'

# The command line.
for arguments in '-o x.doc' '-o x' '-o new/' '-o x.mid --format gif' '-o - --format mid,svg' \
  '-o x.mid --tune x' '-o x.mid --tune 5-2' '-o x.mid --index 0x' '-o x.mid --instrument kazoo' \
  '-o x.mid --tempo 5' '-o x.mid --tempo x' '-o x.pdf --paper a0' '-o x.abc --transpose 99' '' \
  '-o /dev/null --format abc' '-o x.abc --tune 1 --index 1'; do
  # shellcheck disable=SC2086
  expect 2 "$lilt" render tune.abc $arguments
  [ -s err ] || fail 'a message' 'none'
done
expect 2 "$lilt" render tunes.abc -o - --format musicxml
says err 'lilt: --output: expected one tune for musicxml, found 3; choose one'
expect 2 "$lilt" render tunes.abc -o - --format abc --tune x
says err 'lilt: --tune: expected numbers such as 3 or 2,5-8, found x'
refused 1 "$lilt" render nothing.abc -o x.abc
says err 'nothing.abc: cannot be opened'
printf 'no tune\n' >text.txt
refused 1 "$lilt" render text.txt -o x.abc
says err 'text.txt: expected a tune, which begins with a line such as X:1; found none'

# Outputs are there whole or not at all.
mkdir new/taken.abc
expect 1 "$lilt" render tune.abc -o text.txt/x.abc
says err 'lilt: text.txt: cannot be created'
expect 1 sh -c 'exec "$@" >/dev/full' sh "$lilt" render tune.abc -o - --format abc
matches err '^lilt: standard output: cannot be written: '

# A program that is missing is named, with its package, before anything is done.
mkdir empty
for kind in pdf mp3; do
  refused 1 env PATH="$folder/empty" "$lilt" render tune.abc -o "x.$kind"
  missing "x.$kind"
done
says err 'fluidsynth, sndfile-convert: not found; on Debian and Ubuntu: '
says err 'apt-get install fluidsynth sndfile-programs'
expect 0 env PATH="$folder/empty" "$lilt" render tune.abc -o needs-no-program.mid

# One that fails, that hangs, or that is stopped.
mkdir fake
printf '#!/bin/sh\necho "it went wrong" >&2\nexit 3\n' >fake/fluidsynth
printf '#!/bin/sh\necho started >%s/started\nsleep 60\n' "$folder" >fake/abcm2ps
chmod +x fake/*
printf 'no SoundFont, but a file\n' >some.sf2
refused 1 env PATH="$folder/fake:$PATH" "$lilt" render tune.abc -o x.wav --soundfont some.sf2
says err 'lilt: fluidsynth: failed with exit code 3; its last words: it went wrong'
for signal in INT TERM HUP; do
  rm -f started
  start env PATH="$folder/fake:$PATH" "$lilt" render tune.abc -o x.svg
  wait_until has started 1
  stop "$signal"
  equal 1 "$code" "the exit code after $signal"
  says err 'lilt: interrupted: abcm2ps was stopped'
  missing x.svg
  nothing_left
done
[ -z "$(find . -name '*.part')" ] || fail 'no half files' 'some'
nothing_left

# MIDI: what sounds, in which tempo, on which instrument. A track's events are looked for as bytes.
expect 0 "$lilt" render tune.abc -o tune.mid --instrument fiddle --tempo 120
begins tune.mid MThd
bytes=$(od -An -v -tx1 tune.mid | tr -d ' \n')
# 120 dotted quarters a minute are 333,333 microseconds for a quarter; program 40.
[[ $bytes == *ff5103051615* ]] || fail 'the tempo in tune.mid' "$bytes"
[[ $bytes == *c028* ]] || fail 'the fiddle in tune.mid' "$bytes"
# A, c sharp and d on the channel of the melody, twice.
equal '45 49 4a 45 49 4a ' "$(grep -oE '90(45|49|4a)[4-7][0-9a-f]' <<<"$bytes" | cut -c 3-4 | tr '\n' ' ')" 'the melody'
expect 0 "$lilt" render tune.abc -o bare.mid --no-chords
is_larger tune.mid "$(wc -c <bare.mid)"
expect 0 sh -c '"$@" <tune.abc >piped.mid' sh "$lilt" render - -o - --format mid --instrument fiddle --tempo 120
same tune.mid piped.mid

# Sheet music.
if have abcm2ps && have rsvg-convert; then
  printf 'X:1\nT:One --><b>\nT:Zw\303\266lf \316\223\nC:& "x"\n%%%%ps quit\nM:6/8\nK:D\n"D"A3 "^hi %%%%ps" c3|d6|]\n' >hostile.abc
  expect 0 "$lilt" render hostile.abc -o hostile.svg
  says hostile.svg 'Zwölf Γ'
  says hostile.svg '&lt;b&gt;'
  says_not hostile.svg '<!--'
  expect 0 "$lilt" render tune.abc -o tune.svg
  says tune.svg '<title>The Butterfly</title>'
  says tune.svg 'Tommy Potts</text>'
  if have python3; then
    python3 -c 'import sys, xml.dom.minidom
for name in sys.argv[1:]: xml.dom.minidom.parse(name)' hostile.svg tune.svg xml/book-1.musicxml ||
      fail 'well-formed files' 'others'
  else
    part_skipped 'python3 is not here to read XML'
  fi
  expect 0 "$lilt" render tunes.abc -o tunes.svg
  exists tunes-3.svg

  expect 0 "$lilt" render tune.abc -o tune.png
  begins tune.png $'\x89PNG'
  if have python3; then
    python3 - tune.png <<'PNG' || fail 'a picture with ink' 'another'
import struct, sys, zlib
data, at, pixels = open(sys.argv[1], "rb").read(), 8, b""
while at < len(data):
    size, kind = struct.unpack(">I4s", data[at:at + 8])
    if kind == b"IHDR": width, height, depth, colour = struct.unpack(">IIBB", data[at + 8:at + 18])
    if kind == b"IDAT": pixels += data[at + 8:at + 8 + size]
    at += 12 + size
assert width > 1500 and height > 200 and depth == 8, (width, height, depth)
rows = zlib.decompress(pixels)
assert len(set(rows)) > 10, "one colour"
PNG
  fi

  expect 0 "$lilt" render tune.abc -o tune.pdf
  begins tune.pdf %PDF
  tunes 60 >many.abc
  expect 0 "$lilt" render many.abc -o many.pdf
  equal many.pdf "$(cat out)" 'what is printed'
  is_larger many.pdf "$(($(wc -c <tune.pdf) * 2))"
  # Two pages of contents before twenty or more of tunes, where the PDF shows its objects.
  pages=$(grep -ac '/Type /Page$' many.pdf)
  [ "$pages" -eq 0 ] || is_true "$pages >= 15 && $pages <= 32" 'so many pages'
  expect 0 "$lilt" render tune.abc -o letter.svg --paper letter
  says letter.svg 'width="816.00px"'
else
  part_skipped 'abcm2ps or rsvg-convert is not here'
fi

# Recordings. The whole tune is 4 bars of 2 beats: at 120 beats a minute 4 seconds, and what rings on.
if have fluidsynth && have sndfile-convert; then
  quick=/usr/share/sounds/sf2/TimGM6mb.sf2
  font=()
  [ ! -e "$quick" ] || font=(--soundfont "$quick")
  sound() { expect 0 "$lilt" render tune.abc -o "$1" --tempo 120 "${font[@]}"; }
  sound tune.wav
  begins tune.wav RIFF
  is_true "$(wc -c <tune.wav) > 4 * 176400 && $(wc -c <tune.wav) < 8 * 176400" 'about four seconds'
  equal 29163 "$(tail -c +201 tune.wav | od -An -v -td2 -w2 | awk '{ x = $1 < 0 ? -$1 : $1 } x > m { m = x } END { print m }')" \
    'the loudest sample'
  grep -qaF 'The Butterfly' tune.wav || fail 'the title in tune.wav' 'none'
  sound tune.flac
  begins tune.flac fLaC
  sound tune.ogg
  begins tune.ogg OggS
  grep -qa vorbis tune.ogg || fail 'Vorbis in tune.ogg' 'something else'
  sound tune.mp3
  [[ $(head -c 2 tune.mp3 | od -An -tx1) =~ 'ff f'|'49 44' ]] || fail 'an MP3' "$(head -c 4 tune.mp3 | od -An -tx1)"
  for kind in flac ogg mp3; do is_larger "tune.$kind" 20000; done
  # FluidSynth does not say that the disk was full.
  if unshare -rm true 2>/dev/null; then
    mkdir tiny
    # shellcheck disable=SC2016
    expect 1 unshare -rm sh -c 'mount -t tmpfs -o size=256k tmpfs tiny && TMPDIR=$PWD/tiny exec "$@"' \
      sh "$lilt" render tune.abc -o full.wav "${font[@]}"
    says err 'cannot be written: No space left on device; TMPDIR may name another folder'
    missing full.wav
  else
    part_skipped 'no file systems can be mounted here'
  fi
  refused 1 "$lilt" render tune.abc -o x.wav --soundfont nothing.sf2
  says err 'nothing.sf2: cannot be opened'
else
  part_skipped 'fluidsynth or sndfile-convert is not here'
fi
nothing_left
