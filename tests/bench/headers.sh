#!/bin/sh
# What the headers cost: the time of a compiler for roster/roster.hpp against the time for the standard headers that it
# includes. Runs the two by turns and takes the shortest of each, so that a busy machine disturbs both alike.
# Usage: headers.sh [runs] [compiler] [flags...]
set -u
root=$(cd "$(dirname "$0")/../.." && pwd) || exit 2
runs=${1:-15}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- "${CXX:-g++}"
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

echo '#include "roster/roster.hpp"' > "$work/roster.cpp"
echo '#include <boost/outcome/std_result.hpp>' > "$work/outcome.cpp"
# Every standard header that a public header of the core names.
for header in $("$@" -std=c++20 -I"$root/include" -MM "$work/roster.cpp" | tr ' ' '\n' | grep "/roster/.*hpp$"); do cat "$header"; done |
  grep -E '^#include <[a-z_]+>' | LC_ALL=C sort -u > "$work/standard.cpp"
# The outcome is measured on top of those that it would pull in anyway.
cat "$work/standard.cpp" >> "$work/outcome.cpp"

# user milliseconds of one run
once() {
  # shellcheck disable=SC3045  # times of children are wanted, and every sh has `times`
  (name=$1; shift; "$@" -std=c++20 -I"$root/include" -fsyntax-only "$work/$name.cpp" || exit 1; times) | tail -n 1 |
    awk '{ split($1, t, /[ms]/); printf "%d\n", (t[1] * 60 + t[2]) * 1000 }'
}
i=0
while [ "$i" -lt "$runs" ]; do
  for name in standard outcome roster; do once "$name" "$@" >> "$work/$name.times"; done
  i=$((i + 1))
done
least() { LC_ALL=C sort -n "$work/$1.times" | head -n 1; }
echo "$(least standard) $(least outcome) $(least roster)" | awk -v compiler="$*" '{
  printf "%s: standard headers %d ms; with Boost.Outcome %.2f x; roster/roster.hpp %.2f x\n", compiler, $1, $2 / $1, $3 / $1 }'
