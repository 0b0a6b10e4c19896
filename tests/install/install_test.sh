#!/usr/bin/env bash
# An installed copy, in another folder: the programs of docs/embedding.md are built against it with
# find_package and with pkg-config, and the installed program works without any other.
set -euo pipefail
build=$1 root=$2
work=$(mktemp -d) && trap 'rm -rf -- "$work"' EXIT
fail() { echo "$*" >&2; exit 1; }

cmake --install "$build" --prefix "$work/first" >/dev/null
mv "$work/first" "$work/copy" # it can be moved
cd "$work"

# block LANGUAGE: the first block of docs/embedding.md in that language.
block() { awk -v fence='```'"$1" '$0 == fence { on = 1; next } on && /^```$/ { exit } on' "$root/docs/embedding.md"; }
mkdir program
block cmake >program/CMakeLists.txt
block c >program/in_c.c
block cpp >program/in_cpp.cc
for file in CMakeLists.txt in_c.c in_cpp.cc; do [ -s "program/$file" ] || fail "no block for $file"; done

model=$work/copy/share/lilt/models/folk.safetensors
cmake -S program -B built -G Ninja -DCMAKE_PREFIX_PATH="$work/copy" >log 2>&1 || fail "$(cat log)"
cmake --build built >log 2>&1 || fail "$(cat log)"
pc=$(dirname "$(find copy -name lilt.pc)")
export PKG_CONFIG_PATH=$work/$pc
[ "$(realpath "$(pkg-config --variable=model lilt)")" = "$(realpath "$model")" ] || fail 'the model of lilt.pc'
# shellcheck disable=SC2046
cc program/in_c.c -o by_pc $(pkg-config --cflags --libs lilt)

env -i "$work/copy/bin/lilt" compose --key D --meter 6/8 --seed 7 -n 3 --json >cli.json 2>err || fail "$(cat err)"
env -i ./built/in_c "$model" >c.json
env -i ./by_pc "$model" >pc.json
env -i ./built/in_cpp "$model" >cpp.abc 2>/dev/null
env -i "$work/copy/bin/lilt" compose --key D --meter 6/8 --seed 7 -n 3 >cli.abc 2>/dev/null
cmp c.json pc.json
# The same pieces through every door: the command line's JSON has figures of likeness besides.
abc() { grep -o '"abc":"[^"\\]*\(\\.[^"\\]*\)*"' "$1"; }
[ "$(abc c.json | wc -l)" -eq 3 ] || fail 'three pieces'
diff <(abc c.json) <(abc cli.json)
diff <(sed '/^$/d' cpp.abc) <(sed '/^$/d' cli.abc)

# The manual and the completions.
for file in man/man1/lilt-compose.1.gz bash-completion/completions/lilt zsh/vendor-completions/_lilt \
  fish/vendor_completions.d/lilt.fish; do
  [ -s "copy/share/$file" ] || fail "share/$file"
done

# Nothing else is there: no abcMIDI, abcm2ps, FluidSynth.
env -i PATH=/nowhere "$work/copy/bin/lilt" check cli.abc
env -i PATH=/nowhere "$work/copy/bin/lilt" render cli.abc --tune 1 -o tune.mid >/dev/null
env -i PATH=/nowhere "$work/copy/bin/lilt" render cli.abc --tune 1 -o tune.musicxml >/dev/null
[ "$(head -c 4 tune.mid)" = MThd ] || fail 'a MIDI file'
grep -q '<score-partwise' tune.musicxml
