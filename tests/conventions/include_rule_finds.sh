#!/bin/sh
# Proves that the include rule is not asleep: copies the tree, breaks each part of the rule once, and wants it found.
# Usage: include_rule_finds.sh <root of the tree>
set -u
root=$1
copy=$(mktemp -d) || exit 2
trap 'rm -rf "$copy"' EXIT
failed=0

# breaks <file> <include line> <the text that the rule must print>
breaks() {
  rm -rf "$copy/include" "$copy/src"
  mkdir -p "$copy/src"
  cp -r "$root/include" "$copy/"
  cp -r "$root/src/portability.hpp" "$root/src/core" "$root/src/memory" "$root/src/conformance" "$root/src/http" "$root/src/sql" "$root/src/sqlite" "$copy/src/"
  printf '%s\n' "$2" >> "$copy/$1"
  said=$(sh "$root/tests/conventions/include_rule.sh" "$copy")
  if [ $? -eq 1 ] && printf '%s\n' "$said" | grep -qF "$3"; then return; fi
  printf 'not found: %s in %s\n%s\n' "$2" "$1" "$said"
  failed=1
}

breaks include/roster/id.hpp '#include <chrono>' '`chrono` is not allowed here'
breaks include/roster/small_vector.hpp '#include <atomic>' '`atomic` is not allowed here'
breaks include/roster/facts.hpp '#include "roster/profile.hpp"' '`facts` may not include `profile`'
breaks include/roster/store.hpp '#include "roster/operation.hpp"' '`store` may not include `operation`'
breaks include/roster/result.hpp '#include <boost/outcome/result.hpp>' '`boost/outcome/result.hpp` is not allowed here'
breaks include/roster/result.hpp '#include <boost/uuid/uuid.hpp>' '`boost/uuid/uuid.hpp` is not allowed here'
breaks include/roster/small_vector.hpp '#include <boost/outcome/policy/terminate.hpp>' 'stands before `boost/outcome/std_result.hpp`'
breaks include/roster/engine.hpp '#include "core/duplicates.hpp"' 'may not include the private'
breaks include/roster/id.hpp 'namespace roster::inline ROSTER_ABI {' 'a public header is ROSTER_PUBLIC_ABI'
breaks src/memory/hash.hpp 'inline namespace ROSTER_PUBLIC_ABI {' 'a public header is ROSTER_PUBLIC_ABI'
breaks src/core/decision.cpp '#include <fmt/core.h>' '`fmt/core.h` is not allowed here'
breaks src/core/decision.cpp '  #  include <thread>' '`thread` is not allowed here'
breaks src/core/decision.cpp '#include "roster/memory_store.hpp"' '`decision` may not include `memory_store`'
breaks src/core/unheard_of.cpp '#include <array>' 'has no line in the table'
breaks src/memory/unheard_of.cpp '#include "roster/engine.hpp"' '`memory_store` may not include `engine`'
breaks src/memory/unheard_of.cpp '#include "roster/profiles.hpp"' '`memory_store` may not include `profiles`'
breaks src/memory/unheard_of.cpp '#include <iostream>' '`iostream` is not allowed here'
breaks src/conformance/unheard_of.cpp '#include <iostream>' '`iostream` is not allowed here'
breaks include/roster/http/json.hpp '#include <nlohmann/json.hpp>' '`nlohmann/json.hpp` is not allowed here'
breaks include/roster/store.hpp '#include "roster/http/message.hpp"' '`store` may not include `http`'
breaks src/http/unheard_of.cpp '#include "roster/memory_store.hpp"' '`http` may not include `memory_store`'
breaks src/http/unheard_of.cpp '#include <sys/socket.h>' '`sys/socket.h` is not allowed here'
breaks src/http/unheard_of.cpp '#include <chrono>' '`chrono` is not allowed here'
breaks src/sqlite/unheard_of.cpp '#include "roster/engine.hpp"' '`sqlite` may not include `engine`'
breaks src/sql/unheard_of.cpp '#include <sqlite3.h>' '`sqlite3.h` is not allowed here'
breaks include/roster/sqlite_store.hpp '#include <sqlite3.h>' '`sqlite3.h` is not allowed here'
exit $failed
