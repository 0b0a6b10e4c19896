#!/bin/sh
# The page's files are packed to the same bytes whenever that is done.
# packed_test.sh ROOT
set -eu
work=$(mktemp -d) && trap 'rm -rf -- "$work"' EXIT
for time in 1 2; do
  cmake -DFOLDER="$1/web" -DOUTPUT="$work/$time.cc" -P "$1/cmake/page.cmake"
  sleep 1.1 # what has a time in it has another one
done
cmp "$work/1.cc" "$work/2.cc"
