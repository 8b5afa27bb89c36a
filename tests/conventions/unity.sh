#!/bin/sh
# Proves that a host may compile roster in large pieces (CMAKE_UNITY_BUILD): no name of one file is in the way of
# another's. A file that includes what is not there leaves its folder out.
# Usage: unity.sh <root of the tree> <compiler> [flags...]
set -u
root=$(cd "$1" && pwd) || exit 2
shift
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
failed=0

# piece <header that it needs> <flags> <files>
piece() {
  header=$1 files=$2
  shift 2
  printf '#include <%s>\n' "$header" > "$work/needs.cpp"
  if ! "$@" -std=c++20 -I"$root/include" -fsyntax-only "$work/needs.cpp" > "$work/log" 2>&1; then
    echo "skipped: $files needs $header"
    return
  fi
  (cd "$root/src" && ls $files) | sed "s|.*|#include \"$root/src/&\"|" > "$work/piece.cpp"
  [ "$(wc -l < "$work/piece.cpp")" -gt 2 ] || { echo "$files: nothing was read"; failed=1; }
  if ! "$@" -std=c++20 -I"$root/include" -I"$root/src" -Wall -Wextra -Wshadow -Werror -fsyntax-only "$work/piece.cpp" > "$work/log" 2>&1; then
    echo "$files does not compile in one piece:"
    grep -E "error|warning" "$work/log" | head -n 30
    failed=1
  fi
}

postgres=""
[ ! -d /usr/include/postgresql ] || postgres=-I/usr/include/postgresql
piece version "core/*.cpp memory/*.cpp" "$@"
piece nlohmann/json.hpp "http/[!w]*.cpp" "$@"  # words.cpp has options of its own
piece sqlite3.h "sql/*.cpp sqlite/*.cpp" "$@"
# shellcheck disable=SC2086  # nothing or one word
piece libpq-fe.h "sql/keys.cpp sql/changes.cpp postgres/*.cpp" "$@" $postgres
piece version "conformance/*.cpp" "$@"
exit $failed
