// Proves that an operation and a decision whose first allocation fails, that of their own memory, say so and hold
// nothing.
#include <optional>

#include "faults/allocations.hpp"
#include "faults/fault_cases.hpp"

namespace own_memory_test {

using namespace faults;

TEST_CASE("an operation and a decision that get no memory of their own return that, and hold nothing") {
  TestFixture fixture(world_of_adds());
  const Profile profile = adds()[0].rules;
  const AddMembers command(OrganizationId("acme"), AccountId("new"));
  const Context context{Time{1}, &fixture.ids, true};
  std::optional<Operation> starved;
  {
    const WatchedAllocations watched(1);
    starved.emplace(profile, command, context);
    CHECK(WatchedAllocations::failed());
  }
  CHECK(starved->need() == Operation::Need::nothing);
  starved->provide(success());
  starved->committed(success());
  CHECK(starved->finish().error() == Error(Errc::out_of_memory));
  CHECK(drive(*starved, fixture.store).error() == Error(Errc::out_of_memory));

  Operation from(profile, command, context);
  const Operation to = std::move(from);
  CHECK(to.need() == Operation::Need::facts);
  CHECK(from.need() == Operation::Need::nothing);  // NOLINT(bugprone-use-after-move): that is what is asked
  CHECK(from.finish().error() == Error(Errc::not_finished));

  Query query;
  query.organizations = command.organizations.span();
  query.accounts = command.accounts.span();
  Facts facts;
  REQUIRE(fixture.store.fetch(query, facts).has_value());
  Decision decision;
  const Tile tile{.rows = 1, .columns = 1};
  {
    const WatchedAllocations watched(1);
    CHECK(decide(profile, command, tile, query, facts, context, decision).error() == Error(Errc::out_of_memory));
  }
  REQUIRE(decide(profile, command, tile, query, facts, context, decision).has_value());
  CHECK(decision.outcomes[0] == Outcome::account_not_found);
}

}
