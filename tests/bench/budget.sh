#!/bin/sh
# Compares the instructions of the engine's workloads with their budget, tests/bench/budget.txt. Fails if one is more
# than 2 % above its line, has no line, or has a line but is not measured any more.
# Usage: budget.sh PROGRAM "COMPILER MAJOR MACHINE"   counts roster_instructions, built by that compiler
#        budget.sh --compare TABLE                    compares a table that instructions.sh --table printed before
#        budget.sh                                    builds the benchmark in build/bench and counts it
# Exit status 77 means: skipped, with the reason in the printed line.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
budget=$here/budget.txt
skip() { echo "skipped: the budget of instructions: $*"; exit 77; }

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
table=$place/table
if [ "${1:-}" = --compare ]; then
  table=${2:?usage: budget.sh --compare TABLE}
else
  command -v valgrind >/dev/null 2>&1 || skip "valgrind is not installed"
  if [ $# = 0 ]; then
    build=${ROSTER_BENCH_BUILD:-$here/../../build/bench}
    sh "$here/run.sh" --build
    set -- "$build/tests/bench/roster_instructions" "$(sed -n 's/^measured with: //p' "$budget")"
  fi
  measured=$(sed -n 's/^measured with: //p' "$budget")
  [ "$measured" = "${2:?usage: budget.sh PROGRAM COMPILER}" ] || skip "it holds for $measured, this is $2"
  sh "$here/instructions.sh" --table "$1" --roster >"$table" || { cat "$table"; exit 1; }
fi

awk -F '\t' '
  FNR == NR { if ($0 !~ /^(#|measured with:|$)/) { allowed[$1, $2] = $3; order[++lines] = $1 SUBSEP $2 } next }
  { counted[$1, $2] = $3 / $4; name[$1, $2] = $1 ": " $2
    if (!(($1, $2) in allowed)) { printf "%s: %.1f instructions, and no line in the budget\n", name[$1, $2], $3 / $4; wrong = 1 } }
  END {
    for (i = 1; i <= lines; i++) {
      key = order[i]; split(key, words, SUBSEP); said = words[1] ": " words[2]
      if (!(key in counted)) { printf "%s: in the budget, but not measured any more\n", said; wrong = 1; continue }
      share = counted[key] / allowed[key]
      verdict = "within the budget"
      if (share > 1.02) { verdict = "ABOVE the budget"; wrong = 1 }
      if (share < 0.98) verdict = "the budget can be lowered"
      printf "%s: %.1f of %s instructions (%+.1f %%), %s\n", said, counted[key], allowed[key], 100 * (share - 1), verdict
    }
    exit wrong
  }' "$budget" "$table"
