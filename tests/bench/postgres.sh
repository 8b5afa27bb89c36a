#!/bin/sh
# Builds the benchmark of roster::postgres in build/bench and runs it on a server of its own, which does not wait for the
# disk. Usage: postgres.sh [--large | single]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${ROSTER_BENCH_BUILD:-$root/build/bench}
cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="-O2 -DNDEBUG" \
  -DROSTER_BUILD_BENCH=ON -DROSTER_BUILD_TESTS=OFF -DROSTER_BUILD_EXAMPLES=OFF -DROSTER_POSTGRES=ON >/dev/null
cmake --build "$build" -j 2 --target roster_bench_postgres >"$build/build.log" 2>&1 ||
  { cat "$build/build.log" >&2; exit 1; }
exec sh "$root/tests/postgres/server.sh" "$build/servers" -t "$(find "$build" -type f -name roster_bench_postgres)" "$@"
