#!/bin/sh
# Builds and tests roster for other compilers, libraries and machines. Usage:
#
#   run.sh list               the targets, one a line; `run.sh list quick` only the quick ones
#   run.sh install NAME...    installs the packages that they need (Debian)
#   run.sh NAME...            runs them, each in build/targets/NAME; `quick` and `all` are names for several
#   run.sh ctest NAME         the same for ctest: only if ROSTER_TARGETS names it (or is `all`)
#
# Prints one line for each target: passed, failed or skipped. targets.ini defines them. What Debian has not installed
# is fetched into build/targets/fetched. ROSTER_JOBS: how many jobs (default: all cores). ROSTER_CASES: of each property.
# ROSTER_STEPS: other steps than those of targets.ini.
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 1
root=$(cd "$here/../.." && pwd) || exit 1
targets=$root/build/targets
fetched=$targets/fetched
jobs=${ROSTER_JOBS:-$(nproc 2> /dev/null || echo 2)}
skip=77  # the exit code by which ctest knows a test that was skipped

# The value of KEY in the section NAME of targets.ini; $3 where it has none.
value() {
  found=$(awk -v name="[$1]" -v key="$2" '
    /^\[/ { inside = $0 == name }
    inside && $1 == key && $2 == "=" { sub(/^[^=]*= */, ""); print }' "$here/targets.ini")
  printf '%s\n' "${found:-$3}"
}
names() { sed -n 's/^\[\(.*\)\]$/\1/p' "$here/targets.ini"; }
quick_names() { for one in $(names); do [ "$(value "$one" quick no)" = no ] || echo "$one"; done; }
# The names given, with `all` and `quick` spelt out.
spelt_out() {
  for one in "$@"; do
    case $one in all) names ;; quick) quick_names ;; *) echo "$one" ;; esac
  done
}

list() {
  for one in $(spelt_out "${1:-all}"); do printf '%-24s %s\n' "$one" "$(value "$one" about "$(value "$one" compiler c++), C++$(value "$one" standard 20)")"; done
}

# True if a package is there, or the command of it that is used.
is_installed() {
  case $1 in
    python3-pip) python3 -m pip --version > /dev/null 2>&1 ;;
    npm | wine) command -v "$1" > /dev/null 2>&1 ;;
    *) dpkg -s "$1" > /dev/null 2>&1 ;;
  esac
}

install_needs() {
  packages=""
  for one in $(spelt_out "$@"); do packages="$packages $(value "$one" needs '')"; done
  missing=""
  for one in $packages; do is_installed "$one" || missing="$missing $one"; done
  [ -n "$missing" ] || return 0
  echo "installing:$missing"
  log=$(mktemp) || return 1
  installed=0
  # The lists may be old, and an installation before this one may have been cut off: mend either only if it must be.
  install_packages > "$log" 2>&1 || {
    dpkg --configure -a > /dev/null 2>&1
    apt-get update -qq > /dev/null 2>&1
    install_packages > "$log" 2>&1 || { cat "$log"; installed=1; }
  }
  rm -f "$log"
  return $installed
}
install_packages() {
  # shellcheck disable=SC2086  # one word for each package
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
}

# Ends this target.
end() {
  echo "$1: $name$2"
  case $1 in passed) exit 0 ;; skipped) exit $skip ;; *) exit 1 ;; esac
}
# Runs a command of the step $step; prints its output only if it failed.
quietly() {
  "$@" > "$folder/log" 2>&1 && return 0
  grep -a -E "(error|warning):" "$folder/log" | sort -u | head -n 40
  tail -n 60 "$folder/log"
  end failed " ($step): $*; the rest is in ${folder#"$root"/}/log"
}

# Puts the folders of what is fetched in place of {name}, after fetching it.
filled_in() {
  text=$1
  while :; do
    case $text in *"{"*"}"*) ;; *) break ;; esac
    thing=${text#*"{"}
    thing=${thing%%"}"*}
    place=$(fetch "$thing") || return 1
    text="${text%%"{"*}$place${text#*"}"}"
  done
  printf '%s\n' "$text"
}
fetch() { sh "$here/fetch.sh" "$1" "$fetched"; }
fetch_or_skip() { fetch "$1" || end skipped " (needs $1, which could not be fetched)"; }

# The compiler as one program, for CMake: a command of several words becomes a script beside its sisters.
one_program() {
  case $compiler in *" "*) ;; *) return 0 ;; esac
  mkdir -p "$folder/bin"
  zig=${compiler%% *}
  export ZIG_GLOBAL_CACHE_DIR="$targets/zig-cache" ZIG_LOCAL_CACHE_DIR="$targets/zig-cache"
  unsanitized=-fno-sanitize=undefined  # zig switches it on by itself, also for C, and has no library for it here
  printf '#!/bin/sh\nexec %s %s "$@"\n' "$compiler" $unsanitized > "$folder/bin/c++"
  printf '#!/bin/sh\nexec %s %s "$@"\n' "$(echo "$compiler" | sed 's/ c++ / cc /')" $unsanitized > "$folder/bin/cc"
  for tool in ar ranlib; do printf '#!/bin/sh\nexec %s %s "$@"\n' "$zig" $tool > "$folder/bin/$tool"; done
  chmod +x "$folder"/bin/*
  compiler=$folder/bin/c++
  c_compiler=$folder/bin/cc
  set_tools="-DCMAKE_INSTALL_NAME_TOOL=true -DCMAKE_AR=$folder/bin/ar -DCMAKE_RANLIB=$folder/bin/ranlib -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON"
}

configure() {
  set -- -S "$root" -B "$folder/build" -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_COMPILER="$compiler" \
    -DCMAKE_CXX_FLAGS="-O1 -DNDEBUG $flags" -DCMAKE_EXE_LINKER_FLAGS="$link" -DCMAKE_CXX_STANDARD="$standard" \
    -DCMAKE_UNITY_BUILD=ON -DROSTER_WERROR=ON -DROSTER_BUILD_TESTS=ON -DROSTER_BUILD_EXAMPLES=OFF -DROSTER_INSTALL=OFF \
    -DCMAKE_PROJECT_roster_INCLUDE="$here/packages.cmake" "$@"
  if command -v ninja > /dev/null 2>&1; then set -- -GNinja "$@"; fi
  if [ -n "$boost" ]; then set -- "$@" -DROSTER_TARGET_BOOST="$boost"; fi
  if [ "$packages" = built ]; then
    set -- "$@" -DROSTER_TARGET_HEADERS="$headers" -DROSTER_TARGET_RAPIDCHECK="$rapidcheck" -DROSTER_TARGET_SQLITE="$sqlite" \
      -DCMAKE_C_COMPILER="$c_compiler" -DROSTER_POSTGRES=OFF
  fi
  if [ -n "$system" ]; then
    set -- "$@" -DCMAKE_SYSTEM_NAME="${system% *}" -DCMAKE_SYSTEM_PROCESSOR="${system#* }"
  fi
  # shellcheck disable=SC2046,SC2086  # options, none of which has a blank
  quietly cmake "$@" $set_tools $(value "$name" cmake '')
}

# Each public header by itself, with every warning an error.
check_headers() {
  set -- "-std=c++$standard" -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -I"$root/include"
  case $compiler in "$folder"/*) set -- "$@" -c -o "$folder/header.o" ;; *) set -- "$@" -fsyntax-only ;; esac  # zig always writes
  if [ -n "$boost" ]; then set -- "$@" -isystem "$boost"; fi
  if [ "$packages" = built ]; then set -- "$@" -isystem "$headers" -isystem "$sqlite"; fi
  # shellcheck disable=SC2086  # flags
  set -- "$compiler" "$@" $flags
  (cd "$root/include" && find roster -name '*.hpp' | sort) > "$folder/headers"
  # shellcheck disable=SC2016  # the inner shell's
  quietly xargs -P "$jobs" -I{} sh -c 'printf "#include \"%s\"\n" "$1" | { shift; "$@" -x c++ -; } || { echo "in $1"; exit 255; }' \
    sh {} "$@" < "$folder/headers"
}

# Runs a program that was built, in the folder of the target. The names of files are relative: they mean the same to a
# program for Windows.
run_program() {
  [ "$emulator" != none ] || return 0
  program=$folder/build/tests/$1
  [ -e "$program" ] || program=$program.exe
  shift
  # shellcheck disable=SC2086  # a command of several words
  (cd "$root" && export RC_PARAMS="max_success=$cases" ROSTER_SEEDS="${ROSTER_SEEDS:-20}" && quietly $emulator "$program" "$@") ||
    exit 1
}
# All faults of a compiler at once: it goes on after the first.
build() {
  if [ -e "$folder/build/build.ninja" ]; then all="-k 0"; else all=-k; fi
  # shellcheck disable=SC2086  # words
  quietly cmake --build "$folder/build" -j "$jobs" --target "$@" -- $all
}

vectors() {
  build vectors
  run_program vectors/vectors core tests/vectors/core.txt
  case $(value "$name" cmake '') in *ROSTER_HTTP=OFF*) ;; *) run_program vectors/vectors http tests/vectors/http.txt ;; esac
}
replay() {
  for corpus in "$root"/fuzz/corpus/*; do
    build "replay_${corpus##*/}"
    run_program "replay_${corpus##*/}" "fuzz/corpus/${corpus##*/}"
  done
}

# What is installed, moved to another place and found from there by a project that knows nothing else; that project's
# program is linked with every component that there is, and run.
package() {
  wanted=""
  for component in http sqlite postgres conformance; do
    [ ! -e "$folder/build/roster-$component.pc" ] || wanted="$wanted;$component"
  done
  # shellcheck disable=SC2046  # words
  build roster $(echo "$wanted" | tr ';' '\n' | sed -n 's/^./roster_&/p')
  rm -rf "$folder/first" "$folder/moved" "$folder/package"
  quietly cmake --install "$folder/build" --prefix "$folder/first"
  mv "$folder/first" "$folder/moved"
  # shellcheck disable=SC2046  # options, none of which has a blank
  quietly env -i PATH="$PATH" cmake -S "$root/tests/install/package" -B "$folder/package" -DCMAKE_PREFIX_PATH="$folder/moved" \
    -DWANTED="${wanted#;}" -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_FLAGS="$flags" -DCMAKE_EXE_LINKER_FLAGS="$link" \
    $(value "$name" cmake '')
  quietly env -i PATH="$PATH" cmake --build "$folder/package"
  quietly "$folder/package/host"
  modules=$(echo "roster$wanted" | sed 's/;/ roster-/g')
  pkg_config="pkg-config"
  # An archive brings with it what it needs; its place is taken by the same archive, because the linker prefers what is shared.
  case $(value "$name" cmake '') in *libpq.a*) pkg_config="pkg-config --static" ;; esac
  libdir=$(dirname "$(find "$folder/moved" -name pkgconfig -type d)")
  # shellcheck disable=SC2086  # words
  words=$(PKG_CONFIG_PATH=$libdir/pkgconfig $pkg_config --cflags --libs $modules) || end failed " ($step: pkg-config: $modules)"
  if [ "$pkg_config" != pkg-config ]; then words=$(echo "$words" | sed 's/-lpq /-l:libpq.a /'); fi
  defines=$(echo "$wanted" | tr 'a-z;' 'A-Z\n' | sed -n 's/^./-DHOST_HAS_&/p')
  # shellcheck disable=SC2086  # words
  quietly $compiler "-std=c++$standard" $flags $defines "$root/tests/install/host.cpp" $words $link -Wl,-rpath,"$libdir" \
    -o "$folder/package/by_pkg_config"
  quietly "$folder/package/by_pkg_config"
}

run_step() {
  step=$1
  case $step in
    headers) check_headers ;;
    vectors) vectors ;;
    replay) replay ;;
    unit | apis | laws) build "$step" && run_program "$step" ;;
    http_tests) build http && run_program http/http ;;
    sqlite_tests) build sqlite && run_program sqlite/sqlite ;;
    sqlite_laws) build conformance_sqlite && run_program sqlite/conformance_sqlite ;;
    package) package ;;
    components) build roster_http roster_sqlite roster_postgres roster_conformance ;;
    *) end failed " (no such step: $step)" ;;
  esac
}

# One target, in a shell of its own.
run_target() {
  name=$1
  names | grep -qxF "$name" || end failed " (no such target: see run.sh list)"
  folder=$targets/$name
  step=prepare
  started=$(date +%s)
  set_tools="" c_compiler="" boost="" headers="" rapidcheck="" sqlite=""
  needs=$(value "$name" needs '')
  mkdir -p "$folder" "$fetched"

  compiler=$(filled_in "$(value "$name" compiler c++)") || end skipped " (its compiler could not be fetched)"
  command -v "${compiler%% *}" > /dev/null 2>&1 || end skipped " (needs ${needs:-${compiler%% *}})"
  emulator=$(value "$name" emulator '')
  case $emulator in "" | none) ;; *) command -v "${emulator%% *}" > /dev/null 2>&1 || end skipped " (needs $needs)" ;; esac
  for package in $needs; do
    case $package in *-dev) dpkg -s "$package" > /dev/null 2>&1 || end skipped " (needs $package)" ;; esac
  done
  flags=$(filled_in "$(value "$name" flags '')") || end skipped " (what it needs could not be fetched)"
  link=$(filled_in "$(value "$name" link '')") || end skipped " (what it needs could not be fetched)"
  standard=$(value "$name" standard 20)
  system=$(value "$name" system '')
  cases=${ROSTER_CASES:-$(value "$name" cases 100)}
  case $(value "$name" boost system) in
    system) ;;
    *) boost=$(fetch_or_skip "$(value "$name" boost system)") || { echo "$boost"; exit $skip; } ;;
  esac
  packages=$(value "$name" packages system)
  if [ "$packages" = built ]; then
    c_compiler=$(echo "$compiler" | sed 's/clang++/clang/; s/g++/gcc/')
    for thing in headers rapidcheck sqlite; do
      place=$(fetch_or_skip "$thing") || { echo "$place"; exit $skip; }
      eval "$thing=\$place"
    done
  fi
  if [ "$emulator" = wine ]; then export WINEPREFIX="$targets/wine" WINEDEBUG=-all; fi
  one_program

  steps=${ROSTER_STEPS:-$(value "$name" steps '')}
  [ "$steps" = headers ] || { step=configure && configure; }
  for one in $steps; do run_step "$one"; done
  if [ "$emulator" = none ]; then end passed " ($steps: compiled and linked, not run; $(($(date +%s) - started)) s)"; fi
  end passed " ($steps; $(($(date +%s) - started)) s)"
}

run_targets() {
  sh_missing=$(ROSTER_NO_INSTALL=1 sh "$root/tests/setup.sh" tests) || { echo "$sh_missing"; exit 1; }
  result=0
  for one in $(spelt_out "$@"); do
    (run_target "$one")
    code=$?
    case $code in 0) ;; $skip) [ "$result" -ne 0 ] || result=$skip ;; *) result=1 ;; esac
  done
  exit $result
}

case ${1:-} in
  "") sed -n 's/^# \{0,1\}//; 2,11p' "$0" ;;
  list) list "${2:-all}" ;;
  install) shift && install_needs "$@" ;;
  ctest)
    for one in $(spelt_out ${ROSTER_TARGETS:-}); do [ "$one" != "$2" ] || run_targets "$2"; done
    echo "skipped: $2 (ROSTER_TARGETS does not name it)"
    exit $skip ;;
  *) run_targets "$@" ;;
esac
