#!/usr/bin/env bash
# The example lines of README.md and docs/tutorial.md run as typed, top to bottom, in a fresh folder each.
# Only what would take long or wants a network is otherwise: networks are small, and the collection
# that is fetched is a part of data/lilt.abc. And the index of decisions is whole.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

# What is decided has its line in the index.
for page in "$root"/docs/decisions/*.md; do
  name=$(basename "$page")
  [ "$name" = README.md ] || says "$root/docs/decisions/README.md" "($name)"
done

[ -f "$root/models/folk.safetensors" ] || skip 'the shipped model is not here'

programs=yes
for program in abcm2ps abc2midi fluidsynth sndfile-convert rsvg-convert; do
  command -v "$program" >/dev/null || programs=
done
[ -n "$programs" ] || part_skipped 'the programs for sheet music and sound are not all here'

# fresh_copy DIR: what a line may use of a fresh clone.
fresh_copy() {
  mkdir -p "$1/data" "$1/models"
  cp "$root/data/lilt.abc" "$1/data/"
  cp "$root/models/folk.safetensors" "$1/models/"
  cat >"$1/lilt" <<END
#!/bin/sh
export LILT_HOME='$root'
case "\$*" in
  'corpus get '*) exec awk -v RS= -v ORS='\n\n' 'NR <= 70' data/lilt.abc >"\$3.abc" ;;
  bench*) set -- "\$@" --help ;;
  'train --resume'*) ;;
  'train --from'*) set -- "\$@" --characters 2000 ;;
  train*) set -- "\$@" --epochs 2 ${small[*]} ;;
esac
exec '$lilt' "\$@"
END
  chmod +x "$1/lilt"
}

# example_lines FILE: the lines of its blocks of commands.
example_lines() { awk '/^```sh$/ { inside = 1; next } /^```/ { inside = 0 } inside' "$1"; }

for page in README.md docs/tutorial.md; do
  copy=$folder/$(basename "$page" .md)
  fresh_copy "$copy"
  example_lines "$root/$page" >lines
  has lines 15 || fail "15 example lines in $page" "$(wc -l <lines)"
  while IFS= read -r -u 3 line; do
    case $line in
      ./test*) continue ;;
      *.pdf* | *.mp3* | *.mid*) [ -n "$programs" ] || continue ;;
    esac
    # shellcheck disable=SC2016
    expect 0 bash -c 'cd -- "$1" && eval "$2"' "$page" "$copy" "$line"
  done 3<lines
done
