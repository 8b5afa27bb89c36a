#!/bin/sh
# Prints instructions an operation for the engine and the floors, counted by callgrind.
# Usage: instructions.sh [--table] PROGRAM [--quick | --roster]
# With --table: a line for each workload, tab-separated: contestant, workload, instructions in all, operations.
set -eu

form=comparison
if [ "${1:-}" = --table ]; then form=table; shift; fi
program=${1:?usage: instructions.sh [--table] PROGRAM [--quick | --roster]}
shift
if ! command -v valgrind >/dev/null 2>&1; then
  echo "no instruction counts: valgrind is not installed"
  [ "$form" = table ] || exit 0
  exit 77
fi
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

valgrind --tool=callgrind --collect-atstart=no --callgrind-out-file="$place/counts" \
  "$program" "$@" >"$place/workloads" 2>"$place/log" || { cat "$place/log" >&2; exit 1; }

# Dump n belongs to line n; its "totals:" line is the number of instructions.
while IFS='	' read -r number contestant workload operations; do
  total=$(awk '/^(totals|summary):/ { print $2; exit }' "$place/counts.$number")
  printf '%s\t%s\t%s\t%s\n' "$contestant" "$workload" "$total" "$operations"
done <"$place/workloads" >"$place/table"
if [ "$form" = table ]; then
  cat "$place/table"
  exit 0
fi

awk -F '\t' '
  { each[$1, $2] = $3 / $4; if (!($1 in seen)) { seen[$1] = 1; names[++people] = $1 }
    if (!($2 in known)) { known[$2] = 1; workloads[++kinds] = $2 } }
  END {
    aim["new by id"] = 1.5; aim["re-add"] = 1.5; aim["new by e-mail"] = 1.5
    printf "\nInstructions an operation (bulk: a cell), and roster as a multiple of each floor\n%-22s", "workload"
    for (p = 1; p <= people; p++) printf " %16s", names[p]
    printf "  %s\n", "aim (x F2 uuid)"
    for (k = 1; k <= kinds; k++) {
      w = workloads[k]; mine = each["roster", w]
      printf "%-22s", w
      for (p = 1; p <= people; p++) {
        n = names[p]
        if (!((n, w) in each)) printf " %16s", "-"
        else if (n ~ /^roster/) printf " %16.1f", each[n, w]
        else printf " %9.1f x%5.2f", each[n, w], mine / each[n, w]
      }
      if (w in aim) printf "  %.2f %s", aim[w], (mine <= aim[w] * each["F2 uuid", w] ? "yes" : "NO")
      printf "\n"
    }
  }' "$place/table"
