#!/bin/sh
# Builds roster and runs every test. Works from any folder; installs what is missing. Usage: run.sh [options of ctest]
#
#   sh tests/run.sh                all of them
#   sh tests/run.sh -LE slow       without the sanitizers and the consumers
#   sh tests/run.sh -R "laws:"     those whose name matches
#
# ROSTER_WERROR=ON makes warnings errors. Everything goes to build/tests, which may be deleted.
set -u
root=$(cd "$(dirname "$0")/.." && pwd) || exit 1
build=$root/build/tests
jobs=$(nproc 2> /dev/null || echo 2)

sh "$root/tests/setup.sh" tests || exit 1

mkdir -p "$build"
log=$build/build.log
# Prints the output of a step only if it failed.
quietly() { "$@" > "$log" 2>&1 || { cat "$log"; echo "failed: $*"; exit 1; }; }

set_generator=""
if [ ! -e "$build/CMakeCache.txt" ] && command -v ninja > /dev/null 2>&1; then set_generator="-GNinja"; fi
echo "building the library and its tests in build/tests"
# Half of the time is the compiler's, so it gets what it is quickest with: the tests matter here, not the speed.
quietly cmake -S "$root" -B "$build" $set_generator -DCMAKE_BUILD_TYPE=None -DCMAKE_UNITY_BUILD=ON \
  -DCMAKE_CXX_FLAGS="-O1 -DNDEBUG ${CXXFLAGS:-}" -DROSTER_BUILD_TESTS=ON \
  -DROSTER_BUILD_EXAMPLES=ON -DROSTER_INSTALL=ON -DROSTER_WERROR="${ROSTER_WERROR:-OFF}"
quietly cmake --build "$build" -j "$jobs"

cd "$build" && exec ctest --output-on-failure -j "$jobs" "$@"
