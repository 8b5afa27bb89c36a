#!/bin/sh
# Builds the benchmark in build/bench and runs all of it. Usage: run.sh [--quick] [section...] | --build
# Prints ratios; never fails because of one. Sections: single bulk cells bytes worst list instructions.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
build=${ROSTER_BENCH_BUILD:-$root/build/bench}
cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="-O2 -DNDEBUG" \
  -DROSTER_BUILD_BENCH=ON -DROSTER_BUILD_TESTS=OFF -DROSTER_BUILD_EXAMPLES=OFF -DROSTER_FORMAT=OFF >/dev/null
cmake --build "$build" -j 2 --target roster_bench roster_instructions >"$build/build.log" 2>&1 ||
  { cat "$build/build.log" >&2; exit 1; }
if [ "${1:-}" = --build ]; then exit 0; fi

quick=
instructions=yes
sections=
for argument in "$@"; do
  case $argument in
    --quick) quick=--quick ;;
    instructions) sections="$sections instructions" ;;
    *) sections="$sections $argument" ;;
  esac
done
programs=$(find "$build" -type f -name roster_bench)
timed=
if [ -n "$sections" ]; then
  instructions=
  for section in $sections; do
    if [ "$section" = instructions ]; then instructions=yes; else timed="$timed $section"; fi
  done
fi
if [ -z "$sections" ] || [ -n "$timed" ]; then
  # Sections are words without blanks.
  # shellcheck disable=SC2086
  "$programs" $quick $timed
fi
if [ -n "$instructions" ]; then
  # shellcheck disable=SC2086
  sh "$root/tests/bench/instructions.sh" "$(dirname "$programs")/roster_instructions" $quick
fi
