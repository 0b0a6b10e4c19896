#!/bin/sh
# check_arrows.sh ROOT ARROWS_FILE: fails on an include that the arrows between the parts forbid.
#
# ARROWS_FILE has a line "part: part part…" for every part, the parts it depends on after the colon.
# A file in src/P may include "Q/…" only if Q is P or can be reached from P; files directly in src
# may include every part. A library's headers are included with <>, and no path may hold "..".

if [ $# -ne 2 ]; then
  echo "usage: $0 ROOT ARROWS_FILE" >&2
  exit 2
fi
case $2 in
  /*) arrows=$2 ;;
  *) arrows=$PWD/$2 ;;
esac
cd -- "$1" || exit 2
if [ ! -d src ] || [ ! -r "$arrows" ]; then
  echo "$0: no folder $1/src, or no file $2" >&2
  exit 2
fi

{
  for folder in src/*/; do
    [ -d "$folder" ] && printf 'folder %s\n' "$folder"
  done
  # HWY_TARGET_INCLUDE names a file that Highway includes. /dev/null makes grep print file names.
  find src -type f ! -name '*.md' -exec grep -nE \
    '^[[:space:]]*#[[:space:]]*(include|define[[:space:]]+HWY_TARGET_INCLUDE)[[:space:]]*["<]' \
    /dev/null {} +
} | ARROWS_FILE=$arrows LC_ALL=C awk '
  function wrong(message) {
    print message
    failed = 1
  }

  # Fills reach[from, …] with what can be reached from part; trail is the way there.
  function follow(from, part, trail,    names, count, i) {
    count = split(dependencies[part], names, " ")
    for (i = 1; i <= count; i++) {
      if (names[i] == from) {
        if (!(from in in_cycle))
          wrong(arrows ":" line_of[from] ": the arrows go round: " trail " -> " from)
        # Once for the whole circle.
        marked = split(trail, circle, " -> ")
        while (marked > 0) in_cycle[circle[marked--]] = 1
      }
      if ((from, names[i]) in reach) continue
      reach[from, names[i]] = 1
      follow(from, names[i], trail " -> " names[i])
    }
  }

  BEGIN {
    arrows = ENVIRON["ARROWS_FILE"]
    while ((status = (getline line < arrows)) > 0) {
      number++
      if (line ~ /^[[:space:]]*$/) continue
      colon = index(line, ":")
      if (colon < 2) {
        wrong(arrows ":" number ": not of the form \"part: part part\"")
        continue
      }
      part = substr(line, 1, colon - 1)
      if (part in line_of) wrong(arrows ":" number ": a second line for " part)
      line_of[part] = number
      dependencies[part] = substr(line, colon + 1)
      parts[++part_count] = part
    }
    if (status < 0) wrong(arrows ": cannot be read")
    for (p = 1; p <= part_count; p++) {
      count = split(dependencies[parts[p]], names, " ")
      for (i = 1; i <= count; i++)
        if (!(names[i] in line_of))
          wrong(arrows ":" line_of[parts[p]] ": " parts[p] " depends on " names[i] ": no such part")
      follow(parts[p], parts[p], parts[p])
    }
  }

  /^folder / {
    part = substr($0, 12, length($0) - 12)
    if (!(part in line_of)) wrong("src/" part ": no line in " arrows)
    next
  }

  {
    if (!match($0, /:[0-9]+:/)) next
    file = substr($0, 1, RSTART - 1)
    place = substr($0, 1, RSTART + RLENGTH - 1)
    text = substr($0, RSTART + RLENGTH)
    match(text, /["<]/)
    quoted = substr(text, RSTART, 1) == "\""
    target = substr(text, RSTART + 1)
    sub(/[">].*/, "", target)

    if (split(file, levels, "/") < 3) next
    if (target ~ /(^|\/)\.\.(\/|$)/) {
      wrong(place " \"" target "\": write the path from src, without \"..\"")
      next
    }
    while (sub(/^\.\//, "", target)) {}
    slash = index(target, "/")
    if (!slash) next
    other = substr(target, 1, slash - 1)
    if (!quoted && !(other in line_of)) next
    if (levels[2] == other || (levels[2], other) in reach) next
    if (other in line_of)
      wrong(place " " levels[2] " may not include \"" target "\": no arrow leads to " other)
    else
      wrong(place " \"" target "\": " other " is no part; a library is included with <>")
  }

  END { exit failed }
'
