#!/bin/sh
# Builds the benchmark of the store on SQLite in build/bench and runs it. Usage: sqlite.sh [--quick] [single] [bulk]
# Prints ratios against hand-written SQL; never fails because of one.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
build=${ROSTER_BENCH_BUILD:-$root/build/bench}
cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="-O2 -DNDEBUG" \
  -DROSTER_BUILD_BENCH=ON -DROSTER_BUILD_TESTS=OFF -DROSTER_BUILD_EXAMPLES=OFF -DROSTER_FORMAT=OFF -DROSTER_SQLITE=ON >/dev/null
cmake --build "$build" -j 2 --target roster_bench_sqlite >"$build/build.log" 2>&1 || { cat "$build/build.log" >&2; exit 1; }
exec "$(find "$build" -type f -name roster_bench_sqlite)" "$@"
