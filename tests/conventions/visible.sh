#!/bin/sh
# Proves what a shared library shows: the symbols of its public headers, and nothing of what it is made of or with. Reads
# the visibility that each symbol has in its object file, which is what a linker goes by.
# Usage: visible.sh <readelf> <a function that must be visible> <archives or libraries...>
set -u
readelf=$1
wanted=$2
shift 2
visible=$("$readelf" -sW "$@" | awk '($5 == "GLOBAL" || $5 == "WEAK") && $6 == "DEFAULT" && $7 != "UND" { print $8 }' |
  LC_ALL=C sort -u | c++filt)
inside=$(printf '%s\n' "$visible" |
  grep -E '(^|[^:A-Za-z_])(fmt|nlohmann|Catch|rc)::|roster::[a-z0-9_]*::(memory|sql|sqlite|postgres|portability)::' |
  grep -vE '^(std|void std|bool std|guard variable)')
if [ -n "$inside" ]; then
  printf 'visible, and no part of the interface:\n'
  printf '%s\n' "$inside" | head -n 20
  exit 1
fi
if ! printf '%s\n' "$visible" | grep -qF "$wanted"; then
  echo "not visible: $wanted"
  exit 1
fi
printf '%s symbols\n' "$(printf '%s\n' "$visible" | grep -c 'roster::')"
