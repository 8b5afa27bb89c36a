// Proves that a bulk allocates by its size and not by its cells: the paths of the core that only save time are taken.
#include "catch.hpp"
#include "faults/allocations.hpp"
#include "roster/engine.hpp"
#include "roster/memory_store.hpp"
#include "support/fixture.hpp"

namespace bulk_allocations_test {

using namespace roster;
using namespace faults;

namespace {

constexpr int accounts_in_bulk = 400;

AccountId numbered(int i) {
  return AccountId::parse("a" + std::to_string(i)).value();
}

/// Hides the allocations of its store.
class Hidden final : public Store {
 public:
  explicit Hidden(Store& inner) : inner_(&inner) {}
  Result<void> fetch(const Query& query, Facts& facts) override {
    const UnwatchedAllocations hidden;
    return inner_->fetch(query, facts);
  }
  Result<void> commit(const ChangeSet& changes) override {
    const UnwatchedAllocations hidden;
    return inner_->commit(changes);
  }

 private:
  Store* inner_;
};

/// Allocations of the core in one bulk add. `member`: the account that is a member before; negative: none.
std::uint64_t allocations_of_bulk(ParentRule rule, int member) {
  MemoryStore store;
  REQUIRE(store.put_organization({.id = OrganizationId("o")}).has_value());
  REQUIRE(store.put_role(OrganizationId("o"), {.id = RoleId("clerk")}, any_version).has_value());
  std::vector<AccountSelector> accounts;
  for (int i = 0; i < accounts_in_bulk; ++i) {
    REQUIRE(store.put_account({.id = numbered(i)}).has_value());
    accounts.emplace_back(numbered(i));
  }
  if (member >= 0)
    REQUIRE(store
                .put_membership({.id = MembershipId::of("m"),
                                 .organization = OrganizationId("o"),
                                 .account = numbered(member),
                                 .role = RoleId("clerk")})
                .has_value());
  Profile profile{.default_role = RoleId("clerk"), .parent = rule, .parent_role = RoleId("clerk")};
  profile.actor = ActorRule::host_decides;
  profile.mode = Mode::best_effort;
  profile.accounts_max = accounts_in_bulk;
  roster_test::CountingIds ids;
  Hidden hidden(store);
  const Engine engine(profile, hidden, ids, {.details = false});
  const AddMembers command(OrganizationId("o"), accounts);
  bool succeeded = false;
  {
    const WatchedAllocations watched;
    const auto report = engine.run(command, Time{1});
    succeeded = report.has_value() && report.assume_value().succeeded();
  }
  REQUIRE(succeeded);
  return WatchedAllocations::count();
}

}  // namespace

TEST_CASE("a rule about parents allocates nothing where no organization has one") {
  const std::uint64_t without = allocations_of_bulk(ParentRule::ignore, -1);
  CHECK(allocations_of_bulk(ParentRule::require, -1) == without);
}

TEST_CASE("a member between the new ones of a bulk splits them into two runs, not into single cells") {
  const std::uint64_t none = allocations_of_bulk(ParentRule::ignore, -1);
  for (const int member : {1, 100, 200, 398}) {
    INFO("account " << member);
    CHECK(allocations_of_bulk(ParentRule::ignore, member) <= none + 1);
  }
}

}
