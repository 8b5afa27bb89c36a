#!/bin/sh
# Builds the quickstart and runs it. Works from any folder; installs what is missing.
# Usage: quickstart.sh [--store memory|sqlite:FILE|postgres:CONNINFO] [--strict|--skip-bad] [FILE]; without a file it reads docs/examples/roster.csv.
set -u
root=$(cd "$(dirname "$0")/.." && pwd) || exit 1
build=$root/build/quickstart
jobs=$(nproc 2> /dev/null || echo 2)

sh "$root/tests/setup.sh" quickstart || exit 1

mkdir -p "$build"
log=$build/build.log
# Prints the output of a step only if it failed.
quietly() { "$@" > "$log" 2>&1 || { cat "$log"; echo "failed: $*"; exit 1; }; }

set_generator=""
if [ ! -e "$build/CMakeCache.txt" ] && command -v ninja > /dev/null 2>&1; then set_generator="-GNinja"; fi
[ -x "$build/quickstart" ] || echo "building the library and docs/examples/quickstart in build/quickstart, once" >&2
quietly cmake -S "$root" -B "$build" $set_generator -DCMAKE_BUILD_TYPE=Release -DROSTER_BUILD_TESTS=OFF \
  -DROSTER_BUILD_EXAMPLES=ON
quietly cmake --build "$build" --target quickstart -j "$jobs"

file=$root/docs/examples/roster.csv
before=""
for argument in "$@"; do
  [ "$before" = --store ] || case $argument in -*) ;; *) file="" ;; esac
  before=$argument
done
exec "$build/quickstart" "$@" ${file:+"$file"}
