#!/usr/bin/env bash
# lilt studio: an address with a token, a page, routes; refused without the token; ended by a signal.

# shellcheck source=tests/cli/common.sh
. "$(dirname -- "$(readlink -f -- "$0")")/common.sh"

command -v curl >/dev/null || exit 77

# open_studio OPTION…: opens one, its words in the files address and said.
open_studio() {
  : >address >said
  "$lilt" studio --no-browser --book "$folder/tunes.db" --model "$root/models/folk.safetensors" "$@" >address 2>said &
  pid=$!
  for _ in $(seq 100); do
    grep -q Ctrl-C said && break
    sleep 0.05
  done
  opened=$(cat address)
  token=${opened##*=} base=${opened%%/\?*}
}

close_studio() {
  kill -TERM "$pid"
  wait "$pid" || fail 'exit code 0 after SIGTERM' "$?"
  pid=
}

open_studio
[ "$(cat said)" = 'Ctrl-C ends the studio' ] || fail 'nothing but how to end it' "$(cat said)"
[[ $opened =~ ^http://127\.0\.0\.1:[0-9]+/\?token=[0-9a-f]{32}$ ]] || fail 'an address' "$opened"

ask() { curl -s --max-time 60 -H "Authorization: Bearer $token" -H 'Content-Type: application/json' "$@"; }

page=$(curl -s --compressed -L -c cookies "$opened")
[[ $page == '<!doctype html>'* ]] || fail 'the page' "$page"
page=$(curl -s --compressed -b cookies "$base/api/options")
[[ $page == *'"fields"'* ]] || fail 'options by cookie' "$page"

tunes=$(ask "$base/api/compose" -d '{"key": "D", "seed": 7, "number": 2, "best_of": 1}')
[ "$(wc -l <<<"$tunes")" -eq 3 ] || fail '2 tunes and an end' "$tunes"
[[ $tunes == *'"done":true'* ]] || fail 'an end' "$tunes"
"$lilt" compose --key D --seed 7 --best-of 1 --json --model "$root/models/folk.safetensors" 2>err |
  sed 1d | sed '$d' | cmp - <(head -n 1 <<<"$tunes") || fail 'the tune of lilt compose' "$tunes"

refused=$(ask "$base/api/compose" -d '{"key": "H"}')
[[ $refused == *'"field":"key"'* ]] || fail 'an error about the key' "$refused"
refused=$(curl -s -o /dev/null -w '%{http_code}' "$base/api/options")
[ "$refused" = 403 ] || fail '403 without the token' "$refused"
refused=$(ask -o /dev/null -w '%{http_code}' -H 'Host: evil.example' "$base/api/options")
[ "$refused" = 403 ] || fail '403 for another host' "$refused"

# What it starts, such as a browser, does not hold its port.
for file in /proc/"$pid"/fd/*; do
  [[ $(readlink "$file") == socket:* ]] || continue
  flags=$(sed -n 's/^flags:[[:space:]]*//p' "/proc/$pid/fdinfo/${file##*/}")
  [ $((8#$flags & 8#2000000)) -ne 0 ] || fail 'a socket that is closed in programs it starts' "$flags"
done

close_studio

# For others only when asked for, with a warning, and for no one without the token or under a name.
open_studio --address 0.0.0.0
status() { ask -o /dev/null -w '%{http_code}' "$@" "$base/api/options"; }
[[ $base =~ ^http://127\.0\.0\.1:[0-9]+$ ]] || fail 'an address to open here' "$opened"
says said 'lilt: warning: 0.0.0.0 is not for this machine alone'
[ "$(status)" = 200 ] || fail '200 at 127.0.0.1' "$(status)"
[ "$(curl -s -o /dev/null -w '%{http_code}' "$base/api/options")" = 403 ] || fail '403 without the token' 'another'
for host in "$(hostname)" evil.example 0.0.0.0 192.0.2.199; do
  [ "$(status -H "Host: $host:${base##*:}")" = 403 ] || fail "403 for $host" 'another'
done
links=$(sed -n 's/^for others: //p' said)
for link in $links; do
  [ "$(curl -s -o /dev/null -w '%{http_code}' "$link")" = 303 ] || fail "a cookie at $link" 'another'
done
close_studio
open_studio --address 127.0.0.2
[[ $base == http://127.0.0.2:* ]] || fail 'that address' "$opened"
says_not said 'warning'
close_studio
expect 2 "$lilt" studio --no-browser --address example.org
says err 'expected an IP address such as 0.0.0.0, found "example.org"'
expect 1 "$lilt" studio --no-browser --model "$root/models/folk.safetensors" --address 198.51.100.9
matches err '198.51.100.9:.*cannot listen there'

# A book that is none is told before anybody opens the page.
echo 'no book' >junk.db
expect 1 "$lilt" studio --no-browser --book junk.db --model "$root/models/folk.safetensors"
says err 'expected a tune book of Lilt'
