#!/bin/sh
# Proves that no name of retired_names.txt is in the sources, the tests and the pages, and that a name that came back is
# found. The changelog, and the decisions of their time in docs/adr, may name what was.
# Usage: retired_names.sh <root of the tree>
set -u
cd "$1" || exit 2
list=tests/conventions/retired_names.txt
names=$(sed -n 's/^\([A-Za-z_]*\) .*/\1/p' "$list")
[ "$(echo "$names" | wc -l)" -gt 30 ] || { echo "$list was not read"; exit 2; }

# The lines of these files and folders in which one of the names stands as a whole word.
found_in() {
  echo "$names" | grep -rnwF -f - --include='*.?pp' --include='*.md' --include='*.sql' --include='*.in' --include='*.cmake' \
    --include='*.txt' --include='*.sh' --include='*.json' --include='*.ini' --include='*.dox' \
    --exclude='retired_names.*' --exclude-dir=adr "$@"
}

sample=$(mktemp -d) || exit 2
trap 'rm -rf "$sample"' EXIT
echo 'RequestKey key = RequestKey::of(text);' > "$sample/back.hpp"
found_in "$sample" > /dev/null || { echo "a name that came back was not found"; exit 1; }
echo 'MyRequestKeys key;' > "$sample/back.hpp"
! found_in "$sample" > /dev/null || { echo "a part of another name was found"; exit 1; }

found=$(found_in include src tests fuzz docs README.md CONTRIBUTING.md CMakeLists.txt)
[ -z "$found" ] || { printf 'retired names, see %s:\n%s\n' "$list" "$found"; exit 1; }
