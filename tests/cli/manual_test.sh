#!/usr/bin/env bash
# The pages of the manual and the completions that the build makes: all commands and options are
# there, man, mandoc and the shells read them, and the Tab key does what it should in each shell.

# shellcheck source=tests/cli/common.sh
. "$(dirname -- "$(readlink -f -- "$0")")/common.sh"

manual=$(dirname -- "$lilt")/manual
exists "$manual/bash/lilt"

# page NAME: its source.
page() { gzip -cd "$manual/man1/$1.1.gz"; }

# The commands by their --help, "corpus get" among them.
commands_in() { sed -n '/^Subcommands:/,/^$/s/^  \([a-z]\+\) .*/\1/p'; }
commands=()
for command in $("$lilt" --help | commands_in); do
  commands+=("$command")
  for below in $("$lilt" "$command" --help | commands_in); do commands+=("$command $below"); done
done
is_true "${#commands[@]} >= 20" 'twenty commands'
equal "$((${#commands[@]} + 1))" "$(find "$manual/man1" -name '*.gz' | wc -l)" 'the number of pages'

for command in "${commands[@]}"; do
  page "lilt-${command// /-}" | sed 's/\\-/-/g' >page
  # shellcheck disable=SC2086
  "$lilt" $command --help >help
  options=$(sed -n 's/^  \(-[a-zA-Z0-9,-]*\).*/\1/p' help | tr ',' ' ')
  [ -n "$options" ] || fail "options of lilt $command" 'none'
  for option in $options; do
    says page "\\fB$option\\fR"
    grep -A 1 "^    '$command')" "$manual/bash/lilt" >list
    grep -qE -e "[' ]$option[' ]" list || fail "$command $option in bash's completion" "$(cat list)"
    sed -n "/^_lilt_${command// /_}() {/,/^}/p" "$manual/zsh/_lilt" >list
    grep -qE -e "['{,]$option(['},[]|$)" list || fail "$command $option in zsh's completion" none
    grep -F -e "'__lilt_at $command'" "$manual/fish/lilt.fish" >list
    if [[ $option == --* ]]; then name="-l ${option#--}"; else name="-s ${option#-}"; fi
    says list " $name "
  done
done

if command -v man >/dev/null; then
  for file in "$manual"/man1/*.gz; do
    LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$file" 2>err >out
    [ ! -s err ] || fail "no warning about $file" "$(cat err)"
  done
else
  part_skipped 'man is missing'
fi
if command -v mandoc >/dev/null; then
  for file in "$manual"/man1/*.gz; do
    gzip -cd "$file" >page
    mandoc -Tlint -W warning page >out 2>&1 || fail "no warning about $file" "$(cat out)"
  done
else
  part_skipped 'mandoc is missing'
fi

# keys SHELL TYPED: what the program is given when that is typed, \t being the Tab key.
keys() {
  printf '%b\nexit\n' "$2" | SHELL=/bin/sh TERM=dumb ZDOTDIR=$folder/zsh \
    timeout 60 script -qec "$1" /dev/null 2>/dev/null | tr -d '\r' | grep -ao '<.*>' | tail -n 1
}
: >tune.abc
mkdir -p directory zsh
# A stand-in that tells its arguments.
stand_in="PS1=; lilt() { printf '<%s>' \"\$@\"; echo; }"
{
  echo "bind 'set enable-bracketed-paste off' 2>/dev/null"
  echo "source '$manual/bash/lilt'"
  echo "$stand_in"
} >bashrc
{
  echo 'autoload -Uz compinit; compinit -D -u; unsetopt zle_bracketed_paste prompt_cr prompt_sp 2>/dev/null'
  echo "source '$manual/zsh/_lilt'"
  echo "$stand_in"
} >zsh/.zshrc

# typed TYPED BECOMES [SHELL…]: in both shells, or in those.
typed() {
  local shell shells=("${@:3}")
  [ "${#shells[@]}" -gt 0 ] || shells=('bash --rcfile bashrc -i' 'zsh -i')
  for shell in "${shells[@]}"; do
    command -v "${shell%% *}" >/dev/null || continue
    equal "$2" "$(keys "$shell" "$1")" "what ${shell%% *} makes of $1"
  done
}
if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
  typed 'lilt compose --rh\t' '<compose><--rhythm>'
  typed 'lilt comp\t --rhythm ji\t' '<compose><--rhythm><jig>'
  typed 'lilt compose --rhythm slip\t' '<compose><--rhythm><slip jig>'
  typed 'lilt corpus g\t nott\t -o tu\t' '<corpus><get><nottingham><-o><tune.abc>'
  typed 'lilt train --out dir\t --pres\tf\t' '<train><--out><directory/><--preset><folk>' 'bash --rcfile bashrc -i'
  typed 'lilt train --features all,met\t' '<train><--features><all,metre>' 'bash --rcfile bashrc -i'
  typed 'lilt compose --key=Ed\t' '<compose><--key=Edor>' 'bash --rcfile bashrc -i'
  typed 'lilt help corpus sp\t' '<help><corpus><split>'
  typed 'lilt check tu\t' '<check><tune.abc>'
else
  part_skipped 'there is no program script that gives a terminal'
fi
command -v zsh >/dev/null || part_skipped 'zsh is missing'

if command -v fish >/dev/null; then
  export HOME=$folder
  expect 0 fish --no-execute "$manual/fish/lilt.fish"
  # completes LINE: what fish offers, without descriptions.
  completes() { fish -c "source '$manual/fish/lilt.fish'; complete -C '$1'" 2>&1 | cut -f 1 | tr '\n' ' '; }
  equal '--rhythm ' "$(completes 'lilt compose --rh')"
  equal 'slide slip jig ' "$(completes 'lilt compose --rhythm sl')"
  equal 'compose corpus ' "$(completes 'lilt co')"
  equal 'get ' "$(completes 'lilt corpus g')"
  equal 'all,metre ' "$(completes 'lilt train --features all,met')"
  equal 'tune.abc ' "$(completes 'lilt check tu')"
  equal 'directory/ ' "$(completes 'lilt train --out dir')"
  equal '' "$(completes 'lilt compose --ver')"
else
  part_skipped 'fish is missing'
fi
