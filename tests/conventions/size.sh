#!/bin/sh
# Proves that an application which only adds to a MemoryStore stays small: the text of the program, linked with
# --gc-sections and stripped. Given a library it links that; given none it compiles the sources with the flags.
# Usage: size.sh <root> <bytes at most> <library or -> <compiler> [flags...]
set -u
root=$(cd "$1" && pwd) || exit 2
limit=$2
library=$3
shift 3
command -v size > /dev/null 2>&1 || { echo "skipped: size is not here"; exit 77; }
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

cat > "$work/app.cpp" <<'END'
#include "roster/roster.hpp"

int main() {
  using namespace roster;
  MemoryStore store;
  UuidSource ids({1, 2});
  if (!store.put_organization({.id = OrganizationId("acme")}) || !store.put_account({.id = AccountId("ann")})) return 1;
  Profile profile = profiles::recoup;
  profile.actor = ActorRule::host_decides;
  const Engine engine(profile, store, ids);
  const auto report = engine.add(AddMembers(OrganizationId("acme"), AccountId("ann")), Time{1});
  return report && report.assume_value().at(0, 0) == Outcome::added ? 0 : 2;
}
END
sections="-std=c++20 -ffunction-sections -fdata-sections -I$root/include"
if [ "$library" = - ]; then
  # shellcheck disable=SC2086,SC2016  # words, and a variable of the inner shell
  ls "$root"/src/core/*.cpp "$root"/src/memory/*.cpp | xargs -P "$(nproc 2> /dev/null || echo 2)" -I{} sh -c \
    'file=$1; shift; exec "$@" -c "$file" -o "$0/$(basename "$file").o"' "$work" {} "$@" $sections -fvisibility=hidden \
    -fvisibility-inlines-hidden -DNDEBUG -I"$root/src" || exit 1
  library="$work/*.cpp.o"
fi
# shellcheck disable=SC2086  # words, and files
"$@" $sections -DNDEBUG "$work/app.cpp" $library -Wl,--gc-sections -s -o "$work/app" || exit 1
"$work/app" || { echo "the program failed with $?"; exit 1; }
text=$(size "$work/app" | awk 'NR == 2 { print $1 }')
echo "$text bytes of text, $limit are allowed ($*)"
[ "$text" -le "$limit" ]
