#!/bin/sh
# Requests a second of docs/examples/http_host, each API against an empty handler of the same server, which is sent the
# same and answers as many bytes; http_load.cpp describes the comparison. Builds in build/bench-http.
# Usage: http.sh [seconds for each | instructions]; prints ratios, never fails because of one.
set -eu

if [ "${1:-}" = instructions ] && ! command -v valgrind > /dev/null 2>&1; then
  echo "no instruction counts: valgrind is not installed"
  exit 0
fi
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${ROSTER_BENCH_BUILD:-$root/build/bench-http}
sh "$root/tests/setup.sh" http
mkdir -p "$build"
set_generator=""
if [ ! -e "$build/CMakeCache.txt" ] && command -v ninja > /dev/null 2>&1; then set_generator="-GNinja"; fi
# shellcheck disable=SC2086  # nothing, or one word
cmake -S "$root" -B "$build" $set_generator -DCMAKE_BUILD_TYPE=Release -DROSTER_HTTP=ON -DROSTER_BUILD_BENCH=ON \
  -DROSTER_BUILD_TESTS=OFF -DROSTER_BUILD_EXAMPLES=ON > /dev/null
cmake --build "$build" -j 2 --target http_host http_load > "$build/build.log" 2>&1 || { cat "$build/build.log" >&2; exit 1; }
exec "$(find "$build" -type f -name http_load)" "$build/http_host" "$root/docs/examples/http_host/keys" "${1:-2}"
