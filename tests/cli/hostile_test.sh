#!/usr/bin/env bash
# Files that are no models, or no longer: one clear line each, from every command that reads them.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "$0")/common.sh"

tunes 10 >tunes.abc
expect 0 "$lilt" train tunes.abc "${small[@]}" --epochs 1
model=model/last.safetensors
size=$(wc -c <"$model")
header=$(od -An -t u8 -N 8 "$model" | tr -d ' ')

# changed NAME OFFSET BYTES: the model with these bytes (for printf %b) in that place.
mkdir bad
changed() {
  cp "$model" "bad/$1"
  printf '%b' "$3" | dd of="bad/$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

: >bad/empty
printf '\0' >bad/one-byte
printf '\1\0\0\0\0\0\0\0' >bad/header-missing
printf '\2\0\0\0\0\0\0\0{}' >bad/nothing-inside
printf '\2\0\0\0\0\0\0\0[]' >bad/no-object
printf '\377\377\377\377\377\377\377\377{}' >bad/huge-header
cp tunes.abc bad/tunes
head -c 50000 /dev/zero >bad/zeros
awk 'BEGIN { srand(1); for (i = 0; i < 50000; i++) printf "%c", 1 + int(rand() * 127) }' >bad/garbage
{ printf '\240\206\1\0\0\0\0\0' && head -c 100000 /dev/zero | tr '\0' '['; } >bad/nested
for length in 7 8 100 $((header + 7)) $((header + 8)) $((header + 100)) $((size - 8)) $((size - 1)); do
  head -c "$length" "$model" >"bad/cut-at-$length"
done
{ cat "$model" && printf x; } >bad/longer
{ cat "$model" && cat "$model"; } >bad/twice
changed weight $((header + 100)) AAAA
changed checksum $((size - 8)) AAAAAAAA
changed header-longer 0 "$(printf '\\0%o' $(((header + 1) % 256)))"
changed header-bytes 8 'XXXX'
sed 's/lilt-1/lilt-9/' "$model" >bad/format
sed 's/"F32"/"F64"/' "$model" >bad/type
sed 's/\[16,64\]/[64,16]/' "$model" >bad/shape
sed 's/"data_offsets":\[0,/"data_offsets":[8,/' "$model" >bad/offset
sed 's/embedding/embeddinG/' "$model" >bad/tensor
for file in bad/*; do
  differ "$model" "$file"
  for command in 'sample --model' info 'info --json' eval; do
    last=()
    [ "$command" = eval ] && last=(tunes.abc)
    # shellcheck disable=SC2086
    refused 1 "$lilt" $command "$file" "${last[@]}"
    says err "lilt: $file: "
    [ "$(wc -c <err)" -lt 300 ] || fail 'a short message' "$(wc -c <err) bytes"
  done
done
for command in 'sample --model' info; do
  for file in missing . /dev/null tunes.abc/x; do
    # shellcheck disable=SC2086
    refused 1 "$lilt" $command "$file"
  done
done
# Through a pipe a model is as good as from a file.
last_command='cat | lilt info /dev/stdin'
# shellcheck disable=SC2002
cat "$model" | "$lilt" info /dev/stdin >out 2>err || fail 'success' 'a failure'

# Weights that are finite but so large that predictions are not: no figure is better than nan.
huge=$root/tests/models/huge-weights.safetensors
printf 'X:1\nAbA|b\n' >few.abc
for json in '' --json; do
  # shellcheck disable=SC2086
  refused 1 "$lilt" eval "$huge" few.abc $json
  matches err '^lilt: .*huge-weights\.safetensors: the weights are too large: .* of tune 1 of 1 is not finite'
done

# Nor does composing begin with them: no figure there is right on every CPU.
composer=$root/tests/models/huge-weights-composer.safetensors
large='tensor embedding: expected weights of at most 65504 for 8 bits, found -?[0-9.e+]+; train the model anew$'
refused 1 "$lilt" compose --model "$composer" -o huge.abc
matches err "^lilt: .*huge-weights-composer\.safetensors: $large"
missing huge.abc
refused 1 "$lilt" eval --eight-bit "$huge" few.abc
matches err "^lilt: .*huge-weights\.safetensors: $large"
expect 0 "$lilt" info "$composer"
expect 0 "$lilt" sample --model "$composer" --len 5

# What a stranger's file is called inside reaches the terminal without its tricks, and not at length.
escape=$'\x1b' c1=$'\xc2\x9b' turned=$'\xe2\x80\xae'
plain() {
  local file trick
  for file in out err; do
    for trick in "$escape" "$c1" "$turned" $'\x7f' $'\x07'; do says_not "$file" "$trick"; done
  done
}
# header TEXT: a file of nothing but this header.
header() {
  printf '%b\0\0\0\0\0%s' "$(printf '\\0%o\\0%o\\0%o' $((${#1} % 256)) $((${#1} / 256 % 256)) $((${#1} / 65536)))" "$1"
}
long=$(head -c 900000 /dev/zero | tr '\0' 'n')
header '{"__metadata__":{"format":"\u001b[31m'"$c1$turned"'é"}}' >format
header '{"\u001b]0;owned\u0007\n'"$c1"'é":{"dtype":"BF16","shape":[],"data_offsets":[0,0]}}' >name
header '{"'"$long"'":{"dtype":"BF16","shape":[],"data_offsets":[0,0]}}' >long
for command in 'sample --model' info 'info --json' eval; do
  last=()
  [ "$command" = eval ] && last=(tunes.abc)
  for file in format name long; do
    # shellcheck disable=SC2086
    refused 1 "$lilt" $command "$file" "${last[@]}"
    plain
    [ "$(wc -c <err)" -lt 1000 ] || fail 'a short message' "$(wc -c <err) bytes"
    [ "$file" = long ] || says err 'é'
  done
  says err ': expected the dtype I8, F16, F32, F64 or U64' # the end of a long message tells what is wrong
done
# Nor does a file that cannot be read leave anything when it is to be exported.
for file in bad/*; do refused 1 "$lilt" export "$file" -o out.safetensors --half; done
missing out.safetensors
missing out.safetensors.part
refused 1 "$lilt" info "missing$escape[31m"
plain
strange=$root/tests/models/strange-names.safetensors
expect 0 "$lilt" info "$strange" --json
plain
says out '"by": "\u001b]0;owned\u0007 \u009B31m \u202Ecba é ♯"'
equal 5002 "$(json out long | tr -d '\n' | wc -c)" 'the length of a string for programs'
expect 0 "$lilt" info "$strange"
plain
says out '"by": "\u001b]0;owned\u0007 \u009B31m \u202Ecba é ♯"'
says out '\u007F\u009Bé\u202E♯"'
[ "$(wc -c <out)" -lt 4000 ] || fail 'a short description' "$(wc -c <out) bytes"
# Resuming tells what it passes over.
cp format model/format.safetensors
expect 0 "$lilt" train --resume --threads 1
says err 'passing over ./model/format.safetensors'
plain
