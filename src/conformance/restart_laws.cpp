// The data after a restart of the store.
#include "change_set_builder.hpp"
#include "laws.hpp"
#include "schedule.hpp"
#include "snapshot.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;

void restart(TestContext& test) {
  const auto done = test.fixture().restart();
  test.step("restart");
  test.expect(done.has_value(), "the fixture could not restart its store");
}

void keeps_everything(TestContext& test) {
  put_fixture_data(test, 9);
  test.put(test_organization(0), Role{.id = admin, .rank = 2, .manages = true});
  ChangeSetBuilder builder(test, {test_organization(0)}, {test_account(3)}, test_account(0));
  builder.remove(0, 0);
  builder.add(0, builder.create(test_account(30), newcomer()));
  builder.succeeds("the change set is valid");
  const Snapshot before = take_snapshot(test, test.store(), {.versions = false});
  restart(test);
  if (test.broken()) return;
  const Snapshot after = take_snapshot(test, test.store(), {.versions = false});
  test.expect(before == after, "a restart changed the data: " + difference(before, after));
}

void keeps_requests(TestContext& test) {
  for (const auto scenarios : {pair_scenarios, address_scenarios, former_scenarios, invitation_scenarios})
    for (const Scenario& scenario : scenarios()) {
      const Command& command = *scenario.parts.front().front();
      test.fresh();
      scenario.set_up(test);
      if (test.broken()) return;
      UuidSource ids({test.options.seed, 11});
      const std::string first = execute(scenario, command, test.store(), ids);
      const std::string again = execute(scenario, command, test.store(), ids);
      test.step("a command returned " + first + ", and then " + again);
      restart(test);
      if (test.broken()) return;
      const std::string after = execute(scenario, command, test.store(), ids);
      if (!test.expect(after == again, "after a restart a repeated command returned " + after)) return;
    }
}

/// If versions started again, old facts could match the current records.
void versions_do_not_return_by_restart(TestContext& test) {
  test.put_organizations(2);
  test.put_accounts(2);
  const std::vector<OrganizationSelector> rows = {test_organization(0), test_organization(1)};
  ChangeSetBuilder start(test, rows, {test_account(0), test_account(1)});
  start.add(0, 0);
  start.add(0, 1);
  start.succeeds("no account is a member");
  ChangeSetBuilder guards(test, rows, {test_account(0)}), changes(test, rows, {test_account(1)}),
      record(test, rows, {test_account(0)});
  guards.guard_membership(0, 0);
  guards.add(1, 0);
  changes.change(0, 0, State::active, Event::role_changed, admin);
  record.guard_organization(0);
  record.guard_account(0);
  record.add(1, 0);
  ChangeSetBuilder gone(test, rows, {test_account(0), test_account(1)});
  gone.changes.keeps_tombstones = false;
  gone.remove(0, 0);
  gone.change(0, 1, State::active, Event::role_changed, owner);
  gone.succeeds("the memberships have the versions that were read");
  restart(test);
  if (test.broken()) return;
  test.put(OrganizationRecord{.id = test_organization(0), .joinable = false});
  ChangeSetBuilder back(test, rows, {test_account(0)});
  back.add(0, 0);
  back.succeeds("the pair is free");
  const auto is_stale = [&](ChangeSetBuilder& builder, const char* what) {
    const CallStatus status = builder.commit(test.store());
    test.expect(status.code == Errc::stale, "after a restart commit returned " + text_of(status) + ": " + what);
  };
  is_stale(guards, "the pair has another membership than the guarded one");
  is_stale(changes, "the membership was changed after it was read");
  is_stale(record, "the organization was changed after it was read");
}

constexpr Entry restart_entries[] = {
    {{"restart/keeps-everything", "records, memberships, tombstones, inviters and keys are the same after a restart"},
     keeps_everything,
     Requires::restarts},
    {{"restart/keeps-requests", "a repeat of a command after a restart returns the same as before it"},
     keeps_requests,
     Requires::restarts},
    {{"restart/versions-do-not-return",
      "a version that was read before a restart never identifies another state of a record afterwards"},
     versions_do_not_return_by_restart,
     Requires::restarts},
};

}  // namespace

std::span<const Entry> restart_laws() noexcept {
  return restart_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
