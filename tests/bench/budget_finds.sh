#!/bin/sh
# Proves that budget.sh finds a count above its line, a workload without a line and a line without a workload, and that
# it requires a lower line where the count is below it. Usage: budget_finds.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

# A table in which each workload takes `share` of its budget.
table() { awk -F '\t' -v share="$1" '!/^(#|measured with:|$)/ { printf "%s\t%s\t%.3f\t1000\n", $1, $2, 1000 * share * $3 }' \
  "$here/budget.txt" >"$place/table"; }
compare() { sh "$here/budget.sh" --compare "$place/table" >"$place/said"; }
failed() { cat "$place/said"; echo "failed: $1"; exit 1; }

table 1.00; compare || failed "what the budget allows was refused"
[ "$(grep -c 'within the budget' "$place/said")" -ge 8 ] || failed "fewer than eight lines were compared"
table 1.019; compare || failed "1.9 % above the budget was refused"
table 1.021; compare && failed "2.1 % above the budget passed"
table 0.979; compare || failed "less than the budget was refused"
grep -q 'the budget can be lowered' "$place/said" || failed "a budget that can be lowered was not named"
table 1.00; printf 'roster\tnew workload\t1000\t1000\n' >>"$place/table"; compare && failed "a workload without a line passed"
table 1.00; sed 1d "$place/table" >"$place/fewer"; mv "$place/fewer" "$place/table"
compare && failed "a line without a workload passed"
echo "the budget finds what exceeds it"
