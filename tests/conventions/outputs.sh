#!/bin/sh
# Proves that an example prints the output that a page shows: each line behind <!-- output of docs/examples/NAME.cpp -->.
# Usage: outputs.sh <root of the tree> <folder of the programs example-NAME>; 77: none of them was built.
set -u
cd "$1" || exit 2
programs=$2

# Each line of such a block in these pages, behind the name of its program and a tab.
shown_in() {
  awk '/^<!-- output of docs\/examples\/[^ ]*\.cpp -->$/ { sub(/.*\//, ""); sub(/\.cpp.*/, ""); name = $0; next }
    /^```/ { if (open) name = ""; open = !open; next }
    open && name != "" { print name "\t" $0 }' "$@"
}
# Prints each shown line that its program does not print.
missing() { # <lines of shown_in>
  echo "$1" | cut -f 1 | sort -u | while read -r name; do
    [ -x "$programs/example-$name" ] || continue
    printed=$("$programs/example-$name" 2>&1) || echo "example-$name failed"
    echo "$1" | sed -n "s/^$name\t//p" | while IFS= read -r line; do
      printf '%s\n' "$printed" | grep -qxF -e "$line" || echo "example-$name does not print: $line"
    done
  done
}

pages=$(find docs README.md -name '*.md')
# shellcheck disable=SC2086  # a word for each page
lines=$(shown_in $pages)
[ "$(echo "$lines" | wc -l)" -ge 7 ] || { echo "the outputs on the pages were not read"; exit 2; }
[ -x "$programs/example-012-outcomes" ] || { echo "the examples are not built"; exit 77; }
sample=$(printf '012-outcomes\tadd zoe                  removed')
[ "$(missing "$sample" | wc -l)" = 1 ] || { echo "a line that no program prints was not found"; exit 1; }
found=$(missing "$lines")
[ -z "$found" ] || { echo "$found"; exit 1; }
