#!/bin/sh
# Proves that no injected fault and no kept input reaches undefined behaviour, a bad address or a leak: builds the
# library and those programs again under AddressSanitizer and UndefinedBehaviorSanitizer.
# Usage: sanitizers.sh <cmake> <ctest> <folder for the build> <the compiler in use>
set -u
cmake=$1
ctest=$2
build=$3
own=$4
root=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
jobs=$(nproc 2> /dev/null || echo 2)
flags="-fsanitize=address,undefined"

# clang compiles instrumented tests in about half the time of g++, but its sanitizers are a package of their own.
mkdir -p "$build"
echo 'int main() { return 0; }' > "$build/probe.cpp"
works() { "$1" $flags "$build/probe.cpp" -o "$build/probe" > /dev/null 2>&1 && "$build/probe"; }
compiler=""
for candidate in ${ROSTER_SANITIZE_CXX:-clang++ clang++-19 clang++-14 "$own"}; do
  if works "$candidate"; then compiler=$candidate; break; fi
done
[ -n "$compiler" ] || { echo "no compiler here can link $flags"; exit 77; }
echo "compiler: $compiler"

set_generator=""
if [ ! -e "$build/CMakeCache.txt" ] && command -v ninja > /dev/null 2>&1; then set_generator="-GNinja"; fi
log=$build/build.log
quietly() { "$@" > "$log" 2>&1 || { tail -n 100 "$log"; echo "failed: $*"; exit 1; }; }
quietly "$cmake" -S "$root" -B "$build" $set_generator -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=None \
  -DCMAKE_CXX_FLAGS=-O1 -DROSTER_SANITIZE=address,undefined -DROSTER_BUILD_TESTS=ON \
  -DROSTER_BUILD_EXAMPLES=OFF -DROSTER_INSTALL=OFF
quietly "$cmake" --build "$build" --target behaviour -j "$jobs"
# Every allocation is noted with where it was made, and here there are millions: eight callers suffice.
export ASAN_OPTIONS="malloc_context_size=8:quarantine_size_mb=8${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
cd "$build" && RC_PARAMS="${RC_PARAMS:-max_success=50}" "$ctest" --output-on-failure -j "$jobs" -L "faults|replay" -E "^replay: http"
