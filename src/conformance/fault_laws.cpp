// Storage that fails at every possible point: everything or nothing, a correct result, and a retry that converges.
#include "change_set_builder.hpp"
#include "laws.hpp"
#include "schedule.hpp"
#include "snapshot.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;

constexpr std::uint32_t places_most = 100'000;

/// Adds one entry of each kind, on the fixture data.
void write_all_kinds(ChangeSetBuilder& builder) {
  builder.guard_organization(0);
  builder.guard_actor(0);
  builder.keep_an_owner(0);
  builder.limit_seats(0, 20);
  builder.add(0, builder.create(test_account(30), newcomer()));
  builder.add(0, 1, admin, State::invited);
  builder.add(1, 1);
  builder.change(0, 0, State::active, Event::role_changed, admin);
  builder.change(0, 2, State::active, Event::accepted);
  builder.renew(0, 3);
  builder.remove(0, 4);
}

const std::vector<OrganizationSelector> rows_of_all = {test_organization(0), test_organization(1)};
const std::vector<AccountSelector> columns_of_all = {test_account(3), test_account(4), test_account(6), test_account(8),
                                                     test_account(7)};

void set_up(TestContext& test) {
  test.fresh();
  put_fixture_data(test);
}

/// Restarts the store after a failure, as a host would, if the fixture can.
void recover(TestContext& test) {
  if (!test.fixture().capabilities().restarts) return;
  test.step("restart");
  test.expect(test.fixture().restart().has_value(), "the store does not start again after a failure");
}

void commit(TestContext& test) {
  set_up(test);
  ChangeSetBuilder right(test, rows_of_all, columns_of_all, test_account(0));
  write_all_kinds(right);
  const SnapshotContent shown{.versions = false};
  const Snapshot before = take_snapshot(test, test.store(), shown);
  if (!right.succeeds("nothing fails yet")) return;
  const Snapshot after = take_snapshot(test, test.store(), shown);
  for (std::uint32_t place = 1; place <= places_most; ++place) {
    set_up(test);
    ChangeSetBuilder builder(test, rows_of_all, columns_of_all, test_account(0));
    write_all_kinds(builder);
    if (test.broken()) return;
    (void)test.fixture().fail_at(place);
    const CallStatus status = builder.commit();
    const bool failed = test.fixture().fail_at(0);
    const std::string where = "with a failure at place " + std::to_string(place) + " of the storage ";
    if (!test.expect(!status.threw, where + "the store threw")) return;
    recover(test);
    const Snapshot now = take_snapshot(test, test.store(), shown);
    if (test.broken()) return;
    if (status.ok()) {
      test.expect(now == after, where + "it returned done, and not everything is written: " + difference(after, now));
    } else if (status.code == Errc::store_failed) {
      test.expect(now == before || now == after,
                  where + "it wrote a part: " + difference(before, now) + "; or " + difference(after, now));
    } else {
      const bool means_nothing =
          status.code == Errc::stale || status.code == Errc::out_of_memory || status.code == Errc::store_full;
      test.expect(means_nothing, where + "it returned " + text_of(status) + ", which is no answer of a commit");
      test.expect(now == before, where + "it returned " + text_of(status) + " and wrote: " + difference(before, now));
    }
    if (now == before) {
      ChangeSetBuilder again(test, rows_of_all, columns_of_all, test_account(0));
      write_all_kinds(again);
      again.succeeds("the storage works again");
    }
    if (test.broken()) return;
    if (!failed) {
      test.expect(place > 1, "the fixture declares faults, and never failed");
      return;
    }
  }
  test.fail("the storage still fails after " + std::to_string(places_most) + " places");
}

void fetch(TestContext& test) {
  set_up(test);
  OwnedQuery owned_query;
  owned_query.organizations = {test_organization(10), test_organization(0), test_organization(1)};
  owned_query.accounts = columns_of_all;
  owned_query.accounts.emplace_back(newcomer());
  owned_query.actor = test_account(2);
  owned_query.parents = owned_query.counts = owned_query.inviters = true;
  owned_query.owner_roles = {owner};
  const auto text_of_members = [](const Facts& facts) {
    std::string text;
    for (const OrganizationFact& fact : facts.organizations)
      text += std::string(fact.id.view()) + " " + std::to_string(fact.counts.active) + " " +
              std::to_string(fact.counts.owners) + (fact.actor_is_member ? " actor" : "") + "; ";
    for (const AccountFact& fact : facts.accounts) text += std::string(fact.id.view()) + "; ";
    for (const MembershipFact& fact : facts.memberships)
      text += std::to_string(fact.organization) + "/" + std::to_string(fact.account) + " " + text_of(fact.state) + "; ";
    for (const InviterFact& fact : facts.inviters) text += fact.is_member ? "member; " : "none; ";
    return text;
  };
  Facts facts;
  if (!test.fetch(owned_query, facts)) return;
  const std::string right = text_of_members(facts);
  for (std::uint32_t place = 1; place <= places_most; ++place) {
    (void)test.fixture().fail_at(place);
    facts.clear();
    const CallStatus status = call(test.store(), owned_query.query(), facts);
    const bool failed = test.fixture().fail_at(0);
    const std::string where = "with a failure at place " + std::to_string(place) + " of the storage ";
    if (status.ok())
      test.expect(validate_facts(owned_query.query(), facts) && text_of_members(facts) == right,
                  where + "it returned a wrong answer");
    else
      test.expect(status.threw || status.code == Errc::store_failed || status.code == Errc::out_of_memory,
                  where + "fetch returned " + text_of(status) + ", which is no answer of fetch");
    recover(test);
    if (!test.fetch(owned_query, facts) ||
        !test.expect(text_of_members(facts) == right, where + "later answers are wrong too"))
      return;
    if (!failed) return;
  }
}

/// Through the engine: after any failure, a repeat with the same key completes the command.
void repeat(TestContext& test) {
  for (const auto scenarios : {pair_scenarios, address_scenarios, invitation_scenarios, nested_scenarios}) {
    const Scenario scenario = scenarios().front();
    const Command& command = *scenario.parts.front().front();
    const auto play = [&](std::uint32_t place) {
      test.fresh();
      scenario.set_up(test);
      test.watch(bound(command.idempotency_key, command.actor.id));
      UuidSource ids({test.options.seed, 13}), other_ids({test.options.seed, 17});
      (void)test.fixture().fail_at(place);
      test.step("a command returned " + execute(scenario, command, test.store(), ids));
      const bool failed = test.fixture().fail_at(0);
      recover(test);
      test.step("and again " + execute(scenario, command, test.store(), other_ids));
      return failed;
    };
    play(0);
    const Snapshot right = take_snapshot(test, test.store(), comparable());
    for (std::uint32_t place = 1; place <= places_most && !test.broken(); ++place) {
      const bool failed = play(place);
      const Snapshot now = take_snapshot(test, test.store(), comparable());
      test.expect(now == right, "with a failure at place " + std::to_string(place) +
                                    " of the storage a repeat does not make it good: " + difference(right, now));
      if (!failed) break;
    }
    if (test.broken()) return;
  }
}

constexpr Entry fault_entries[] = {
    {{"faults/commit",
      "a commit with a storage failure at any point writes all or nothing, and returns a correct result"},
     commit,
     Requires::faults},
    {{"faults/fetch", "fetch with a storage failure at any point returns an error or a complete answer"},
     fetch,
     Requires::faults},
    {{"faults/repeat", "a repeat under the same key completes the command after a storage failure at any point"},
     repeat,
     Requires::faults},
};

}  // namespace

std::span<const Entry> fault_laws() noexcept {
  return fault_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
