// Roles that change, as users of other systems reported them: the owner's role is renamed, a role is deleted, guests
// are free.
#include "comparisons/reported_roles.hpp"

#include "catch.hpp"
#include "roster/memory_store.hpp"

namespace reported_roles_test {

using namespace roster;

TEST_CASE("reported: a renamed or deleted role drops no guard and comes back by no command, and guests are free") {
  CHECK(reported::all_about_roles([](auto scenario) {
          MemoryStore store;
          return scenario(store);
        }) == "");
}

}
