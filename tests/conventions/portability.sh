#!/bin/sh
# Proves that the tree can be checked out on Windows, and that extensions of a compiler stand in src/portability.hpp
# alone. Shows each rule a sample that breaks it. Usage: portability.sh <root of the tree>
set -u
root=$1

# Reads paths, one a line, and prints those that a file system of Windows cannot hold.
# COM0 and LPT0 are not reserved everywhere, but no file needs them.
bad_names() {
  awk '
  function bad(why) { printf "%s: %s\n", $0, why; broken = 1 }
  {
    n = split($0, part, "/")
    for (i = 1; i <= n; i++) {
      stem = tolower(part[i])
      sub(/\..*$/, "", stem)
      if (stem ~ /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/) bad("Windows reserves the name `" part[i] "`")
      if (part[i] ~ /[<>:"\\|?*]/ || part[i] ~ /[\001-\037]/) bad("Windows has no such characters in a name")
      if (part[i] ~ /[. ]$/) bad("Windows takes the last character away")
    }
    if (length($0) > 150) bad("with the folder it is in, longer than the 260 characters of Windows")
    lower = tolower($0)
    if (lower in seen) bad("Windows takes it for `" seen[lower] "`")
    seen[lower] = $0
  }
  END { exit broken }'
}
# Prints the lines of the given files that use extensions of some compilers.
extensions() { grep -nE '__(int128|builtin_[a-z]+|attribute__|extension__|declspec|asm__|restrict|typeof__)' "$@"; }

cd "$root" || exit 2
failed=0
paths=$(find . -name .git -prune -o -path ./build -prune -o -type f -print | sed 's|^\./||' | LC_ALL=C sort)
[ "$(printf '%s\n' "$paths" | wc -l)" -gt 100 ] || { echo "nothing was read"; exit 2; }
printf '%s\n' "$paths" | bad_names || failed=1
for sample in fuzz/corpus/nul docs/AUX.md src/com1.tar.gz 'docs/a:b' 'docs/what?' 'docs/end.' 'docs/end '; do
  printf 'README.md\n%s\n' "$sample" | bad_names > /dev/null && { echo "not found: $sample"; failed=1; }
done
printf 'docs/Stores.md\ndocs/stores.md\n' | bad_names > /dev/null && { echo "not found: names alike but for their case"; failed=1; }

# shellcheck disable=SC2046  # no name has a blank in it
if extensions $(find include src \( -name '*.hpp' -o -name '*.cpp' \) ! -path src/portability.hpp ! -path include/roster/version.hpp); then
  echo "these belong into src/portability.hpp, each with a way to do without"
  failed=1
fi
extensions src/portability.hpp > /dev/null || { echo "src/portability.hpp has none, so nothing was looked for"; failed=1; }
exit $failed
