#!/usr/bin/env bash
# lilt plot: the curves of logs as SVG and PNG, and logs that cannot be drawn.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

# log EPOCHS [BEST]: a log with validation, lowest at epoch BEST.
log() {
  awk -v epochs="$1" -v best="${2:-7}" 'BEGIN {
    print "# data: tunes.abc\n# seed: 1"
    print "epoch,loss,acc,valid_bits_per_character,valid_body_bits_per_character," \
      "valid_bits_per_note,learning_rate,updates,characters_per_second,seconds"
    for (e = 1; e <= epochs; e++) {
      bits = 1.5 + (e - best) ^ 2 / 100
      printf "%d,%.6f,0.5,%.6f,%.6f,%.6f,%.6g,%d,13000,27\n", e, 2 / e + 0.4, bits, bits, 3 * bits,
        0.001 / e, 350 * e
    }
  }'
}

# well_formed FILE: an SVG that an XML parser reads, where there is one.
well_formed() {
  if command -v xmllint >/dev/null; then
    xmllint --noout "$1" || fail "well-formed XML in $1" 'none'
  elif command -v python3 >/dev/null; then
    python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$1" ||
      fail "well-formed XML in $1" 'none'
  fi
  matches "$1" '<svg '
  equal '</svg>' "$(tail -n 1 "$1")" 'the last line'
}

# is_png FILE: a whole PNG of 1600 × 1200.
is_png() {
  # The signature, the length and name of the first chunk, width and height.
  equal 89504e470d0a1a0a0000000d4948445200000640000004b0 \
    "$(od -An -v -tx1 -N24 "$1" | tr -d ' \n')" 'its beginning'
  equal 49454e44ae426082 "$(tail -c 8 "$1" | od -An -v -tx1 | tr -d ' \n')" 'its end'
}

# colours FILE RED GREEN BLUE: how many lines are drawn in that colour, in percent.
# Cairo says it in a style, from 1.18 on in an attribute.
colours() { grep -cE "stroke(: ?|=\")rgb\($2[.0-9]*%, ?$3[.0-9]*%, ?$4[.0-9]*%\)" "$1"; }

log 20 >log.csv
expect 0 "$lilt" plot log.csv -o curves.svg
[ ! -s out ] || fail 'nothing on standard output' "$(cat out)"
equal 'log: 20 epochs; best epoch 7: 1.500 bits per character, 4.50 bits per note' "$(cat err)" 'the summary'
well_formed curves.svg
says curves.svg '<title>Training of log</title>'
says curves.svg '<desc>log: 20 epochs; best epoch 7: 1.500 bits per character, 4.50 bits per note'
equal 2 "$(colours curves.svg 0 44 69)" 'the lines of training, with the one in the legend'
equal 4 "$(colours curves.svg 83 36 0)" 'the lines of validation, with those of the best epoch'
equal 3 "$(colours curves.svg 0 62 45)" 'the lines of notes, likewise'
expect 0 "$lilt" plot log.csv -o curves.png
is_png curves.png

# The same log gives the same figure.
expect 0 "$lilt" plot log.csv --out again.png
same curves.png again.png
expect 0 "$lilt" plot log.csv --out again.SVG
same curves.svg again.SVG

# The minimal log; standard input; few and many epochs.
printf 'epoch,loss,acc\n1,1.5,0.5\n2,0.693147,0.6\n' >classic.csv
expect 0 sh -c '"$@" <classic.csv' sh "$lilt" plot - -o classic.svg --title 'A & B <1>'
says err 'standard input: 2 epochs; lowest loss, epoch 2: 1.000 bits per character'
well_formed classic.svg
says classic.svg '<title>A &amp; B &lt;1&gt;</title>'
equal 0 "$(colours classic.svg 83 36 0)" 'the lines of validation'
for epochs in 1 2 1000; do
  log "$epochs" 1 >some.csv
  expect 0 "$lilt" plot some.csv -o some.svg
  well_formed some.svg
  expect 0 "$lilt" plot some.csv -o some.png
  is_png some.png
done

# What `lilt train` leaves, by the folder of the run; several in one figure.
tunes 40 >tunes.abc
for run in small large; do
  expect 0 "$lilt" train tunes.abc "${small[@]}" --epochs 2 --valid-share 0.2 --out "$run"
done
expect 0 "$lilt" plot small large log.csv -o made/here/both.svg
well_formed made/here/both.svg
matches err '^small: 2 epochs; best epoch [12]: '
matches err '^large: 2 epochs; best epoch [12]: '
expect 0 sh -c 'cd small && exec "$@"' sh "$lilt" plot . -o here.svg
says small/here.svg '<title>Training of small</title>'
# Names that are the same give way to what was written.
mkdir other && cp log.csv other
expect 0 "$lilt" plot log.csv other/log.csv -o both.svg
says err 'other/log.csv: 20 epochs'
expect 0 "$lilt" plot log.csv small large some.csv classic.csv other/log.csv made/../log.csv -o seven.png
is_png seven.png

# Names from strangers.
cp log.csv $'bad\033[31m\377<&>.csv'
expect 0 "$lilt" plot $'bad\033[31m\377<&>.csv' -o bad.svg
well_formed bad.svg
! LC_ALL=C grep -q $'\033' err bad.svg || fail 'no escape codes' 'some'

# unreadable TEXT MESSAGE: the log with that text is refused, and no figure is made.
unreadable() {
  printf '%b' "$1" >wrong.csv
  refused 1 "$lilt" plot log.csv wrong.csv -o wrong.svg
  says err "$2"
  missing wrong.svg
}
unreadable '' 'wrong.csv: expected a training log'
unreadable '# a comment\n' 'wrong.csv:1: expected a training log'
unreadable 'X:1\nT:A tune\n' 'wrong.csv:1: expected the header of a training log'
unreadable 'epoch,loss,acc\n' 'wrong.csv:1: expected a line for each epoch after the header, found none'
unreadable '#\nepoch,loss,acc\n1,2.5,0.1\n2,x,0.1\n' 'wrong.csv:4: column loss: expected a number, found "x"'
unreadable 'epoch,loss\n1,nan\n' 'wrong.csv:2: column loss: expected a finite number, found "nan"'
unreadable 'epoch,loss\n1,\0033[2J\n' 'wrong.csv:2: column loss: expected a number, found "\u001B[2J"'
head -c 300000 /dev/urandom >random.csv
refused 1 "$lilt" plot random.csv -o wrong.svg
refused 1 "$lilt" plot /dev/zero -o wrong.svg
says err '/dev/zero: expected a training log, found more than 256 MB'
refused 1 "$lilt" plot nothing.csv -o wrong.svg
says err 'lilt: nothing.csv: cannot be opened: No such file or directory'
refused 2 "$lilt" plot other -o wrong.svg
says err 'lilt: expected the folder of a training that has learnt an epoch, or of several, found other'
missing wrong.svg

# More runs than there are colours.
expect 0 "$lilt" plot log.csv{,,,,,,,} -o many.svg
equal 8 "$(wc -l <err)" 'the runs that are told'
equal 8 "$(grep -o 'log.csv: [0-9]* epoch' many.svg | wc -l)" 'the runs in the description'

# The command line.
for out in curves curves.pdf .svg curves.svg.txt; do
  refused 2 "$lilt" plot log.csv -o "$out"
  says err 'expected a file that ends in .svg or .png'
done
refused 2 "$lilt" plot log.csv -o ''
says err 'lilt: --out: expected a name, found nothing'
refused 2 "$lilt" plot - - -o wrong.svg
says err 'expected standard input, -, once'
expect 2 "$lilt" plot log.csv
says err '--out'
expect 2 "$lilt" plot -o wrong.svg
says err 'lilt: expected LOG, found nothing'

# Without cairo: a name under which the loader finds no library.
mkdir none && touch none/libcairo.so.2 none/libcairo.so
refused 1 env LD_LIBRARY_PATH=none "$lilt" plot log.csv -o wrong.svg
says err 'libcairo.so.2: cairo, with which figures are drawn, is not installed; the package is libcairo2'
expect 0 env LD_LIBRARY_PATH=none "$lilt" --version
missing wrong.svg

# A figure that cannot be written leaves what was there.
cp curves.svg before.svg
# shellcheck disable=SC2016
refused 1 bash -c 'trap "" XFSZ; ulimit -f 1; exec "$@"' bash "$lilt" plot some.csv -o curves.svg
says err 'curves.svg: cannot be written: File too large'
same before.svg curves.svg
refused 1 "$lilt" plot log.csv -o log.csv/curves.svg
says err 'log.csv: cannot be created'
mkdir folder.svg
refused 1 "$lilt" plot log.csv -o folder.svg
says err 'folder.svg: cannot be replaced: Is a directory'
equal '' "$(find . -name '*.part')" 'the temporary files left'
