#!/bin/sh
# Proves that the public headers compile without a warning: each alone, or all in one file, which is quicker.
# A header of fmt is left out where there is no fmt. Usage: headers.sh <root> alone|together <compiler> [flags...]
set -u
root=$1
mode=$2
shift 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

compile() { # <file> <the rest of the command>
  file=$1
  shift
  "$@" -std=c++20 -I"$root/include" -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Werror -fsyntax-only \
    "$file" > "$work/log" 2>&1
}

headers=$(cd "$root/include" && find roster -name '*.hpp' | LC_ALL=C sort)
printf '#include <fmt/core.h>\n' > "$work/fmt.cpp"
if ! compile "$work/fmt.cpp" "$@"; then
  headers=$(printf '%s\n' "$headers" | grep -v '^roster/format\.hpp$')
  echo "skipped: roster/format.hpp, which needs fmt"
fi
count=$(printf '%s\n' "$headers" | wc -l)
[ "$count" -gt 10 ] || { echo "only $count headers were found"; exit 2; }

failed=0
: > "$work/together.cpp"
for header in $headers; do
  printf '#include "%s"\n' "$header" >> "$work/together.cpp"
  [ "$mode" = alone ] || continue
  printf '#include "%s"\n#include "%s"\n' "$header" "$header" > "$work/alone.cpp"
  compile "$work/alone.cpp" "$@" && continue
  echo "$header does not compile alone with: $*"
  head -n 20 "$work/log"
  failed=1
done
if ! compile "$work/together.cpp" "$@"; then
  echo "the headers do not compile in one file with: $*"
  head -n 40 "$work/log"
  failed=1
fi
echo "$((count)) headers, $mode"
exit $failed
