// Public reports about other systems, replayed on a MemoryStore. The tests of the SQL stores replay all of them too.
#include "catch.hpp"
#include "comparisons/reported_all.hpp"
#include "roster/memory_store.hpp"

namespace reported_test {

using namespace roster;

#if __has_include(<fmt/core.h>)
TEST_CASE("reported: an import keeps the team `b/c` of `a` and the team `c` of `a/b` apart") {
  MemoryStore store;
  CHECK(reported::teams_of_two_organizations(store) == "");
}
#endif

TEST_CASE("reported: a late copy of a promotion does not undo the demotion") {
  MemoryStore store;
  CHECK(reported::late_promotion(store) == "");
}

TEST_CASE("reported: a worker that read a record before another changed it does not undo that change") {
  MemoryStore store;
  CHECK(reported::lost_update(store) == "");
}

TEST_CASE("reported: of two owners one is disabled, and the other one cannot leave") {
  MemoryStore store;
  CHECK(reported::disabled_owner(store) == "");
}

TEST_CASE("reported: an add of somebody with a pending invitation makes a member, or says that it waits") {
  MemoryStore store;
  CHECK(reported::pending_add(store) == "");
}

TEST_CASE("reported: an invitation whose inviter has left is renewed by inviting again, or ended by an add") {
  MemoryStore store, other;
  CHECK(reported::renewed_invitation(store) == "");
  CHECK(reported::add_of_a_lapsed_invitation(other) == "");
}

TEST_CASE("reported: an invitation has an end of its own, keeps no seat beyond it, and is cleared away by a command") {
  MemoryStore store;
  CHECK(reported::ending_invitation(store) == "");
}

TEST_CASE("reported: who is removed from an organization is removed from the projects inside it, in one commit") {
  MemoryStore store;
  CHECK(reported::member_of_projects(store) == "");
}

TEST_CASE("reported: a person leaves every organization by one command, and its repeat completes it") {
  MemoryStore store;
  CHECK(reported::offboarded_person(store) == "");
}

TEST_CASE("reported: of a group these stay and no others") {
  MemoryStore store;
  CHECK(reported::these_and_no_others(store) == "");
}

TEST_CASE("reported: a removal that begins before a role change and commits after it is the later event") {
  MemoryStore store;
  CHECK(reported::late_removal(store) == "");
}

TEST_CASE("reported: a renamed or deleted role drops no guard and comes back by no command, and guests are free") {
  CHECK(reported::all_about_roles([](auto scenario) {
          MemoryStore store;
          return scenario(store);
        }) == "");
}

TEST_CASE("reported: names that look alike are refused with the place, and become no second person") {
  MemoryStore store;
  CHECK(reported::names_that_look_alike(store) == "");
}

TEST_CASE("reported: the long names of a directory are usernames and names of groups") {
  MemoryStore store;
  CHECK(reported::long_names(store) == "");
}

TEST_CASE("reported: an account is deleted with an event for each membership, and its address is invited again") {
  MemoryStore store;
  CHECK(reported::deleted_and_invited_again(store) == "");
}

TEST_CASE("reported: two accounts swap their addresses, and one claims the address of a placeholder") {
  MemoryStore store, other;
  CHECK(reported::swapped_addresses(store) == "");
  CHECK(reported::claimed_address(other) == "");
}

TEST_CASE("reported: a key that is used for anything else about its membership is refused") {
  MemoryStore store;
  CHECK(reported::reused_key(store) == "");
}

}  // namespace reported_test
