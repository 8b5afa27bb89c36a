// Long histories of one client, compared step by step with the reference. They find errors that no other law covers.
#include <memory>
#include <vector>

#include "change_set_builder.hpp"
#include "laws.hpp"
#include "reference.hpp"
#include "schedule.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;

/// Executes commands in order on the store and on the reference. Returns the difference; empty: none.
std::string difference_after(TestContext& under, const Scenario& scenario, const std::vector<AnyCommand>& commands) {
  constexpr std::uint32_t between_looks = 15;
  Reference reference;
  TestContext test(under.fixture(), under.options), expected(reference, under.options);
  UuidSource ids({under.options.seed, 3}), same_ids({under.options.seed, 3});
  for (TestContext* const on : {&test, &expected}) {
    on->fresh();
    scenario.set_up(*on);
  }
  std::uint32_t at = 0;
  for (const AnyCommand& command : commands) {
    const std::string answer = execute(scenario, *command, test.store(), ids, at);
    const std::string right = execute(scenario, *command, expected.store(), same_ids, at);
    test.step(text_of(*command) + ": " + answer);
    const IdempotencyKey idempotency_key = bound(command->idempotency_key, command->actor.id);
    test.watch(idempotency_key);
    expected.watch(idempotency_key);
    if (!test.expect(answer == right, "the last command should return " + right)) break;
    if (++at % between_looks != 0 && at != commands.size()) continue;
    const Snapshot found = take_snapshot(test, test.store(), comparable());
    const Snapshot wanted = take_snapshot(expected, expected.store(), comparable());
    if (!test.expect(found == wanted, "the records differ: " + difference(wanted, found))) break;
  }
  return test.failure();
}

/// Removes every command that is not necessary for the failure.
std::string shortest(TestContext& test, const Scenario& scenario, std::vector<AnyCommand> commands,
                     std::string failure) {
  for (std::size_t at = commands.size(); at-- > 0;) {
    std::vector<AnyCommand> fewer = commands;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at));
    const std::string still = difference_after(test, scenario, fewer);
    if (still.empty()) continue;
    commands = std::move(fewer);
    failure = still;
  }
  return failure;
}

/// Random commands, each through the engine's loop.
void commands(TestContext& test) {
  const std::uint32_t histories = 6 * test.options.rounds;
  for (std::uint32_t i = 0; i < histories && !test.broken(); ++i) {
    Rng rng(test.options.seed * 1'000'003 + i);
    const Scenario scenario = random_scenario(rng, 1, 60);
    const std::string failure = difference_after(test, scenario, scenario.parts.front());
    if (!failure.empty()) test.fail_as(shortest(test, scenario, scenario.parts.front(), failure));
  }
}

/// Random change sets, some with old facts. decide() would not produce most of them.
class HistoryWriter {
 public:
  HistoryWriter(TestContext& test, std::uint64_t seed) : test_(test), rng_(seed) {}

  void set_up() {
    test_.fresh();
    put_fixture_data(test_);
  }

  /// Prepares a change set, and commits one of the prepared ones. Returns the result of the store, and its index.
  std::string step() {
    builders_.push_back(prepared());
    if (rng_.one_in(4)) test_.put(AccountRecord{.id = test_account(rng_.below(4)), .disabled = rng_.one_in(2)});
    if (builders_.size() < 3) return "";
    const std::size_t at = rng_.below(builders_.size());
    const std::unique_ptr<ChangeSetBuilder> builder = std::move(builders_[at]);
    builders_.erase(builders_.begin() + static_cast<std::ptrdiff_t>(at));
    return text_of(builder->commit());
  }

 private:
  std::unique_ptr<ChangeSetBuilder> prepared() {
    const std::vector<OrganizationSelector> rows = {test_organization(rng_.below(2)), test_organization(10)};
    std::vector<AccountSelector> columns;
    for (std::uint32_t i = 0; i < 3; ++i) columns.emplace_back(test_account(rng_.below(9)));
    auto builder = std::make_unique<ChangeSetBuilder>(test_, rows, columns, test_account(rng_.below(4)));
    builder->changes.keeps_tombstones = !rng_.one_in(4);
    builder->changes.invited_occupy_seats = rng_.one_in(2);
    builder->changes.host_invites = rng_.one_in(4);
    builder->changes.valid_until = Time{rng_.one_in(3) ? 1 + std::int64_t{rng_.below(3)} : 0};
    builder->changes.invitation_until = invitation_end();
    if (rng_.one_in(5)) {
      const std::uint32_t fresh =
          builder->create(test_account(20 + rng_.below(4)), rng_.one_in(2) ? newcomer() : Email(), rng_.one_in(2));
      builder->add(0, fresh, member, state());
    }
    for (std::uint32_t cell = 0; cell < 6; ++cell) touch(*builder, cell / 3, cell % 3);
    guard(*builder);
    return builder;
  }

  /// Never, early, or long after all commits.
  Time invitation_end() {
    const std::int64_t ends[] = {0, 1, 2, 3, 9'000'000'000'000'000};
    return Time{ends[rng_.below(5)]};
  }
  State state() { return rng_.one_in(4) ? State::invited : State::active; }
  RoleId role() {
    const RoleId roles[] = {member, admin, owner};
    return roles[rng_.below(3)];
  }

  void touch(ChangeSetBuilder& builder, std::uint32_t row, std::uint32_t column) {
    const bool is_there = builder.at(row, column) != nullptr;
    const std::uint32_t what = rng_.below(12);
    const RoleId as = role();
    const State to = state();
    if (!is_there) {
      if (what < 4) builder.add(row, column, as, to);
      return;
    }
    if (changed_twice(builder, row, column)) return;
    const State was = builder.at(row, column)->state;
    if (was == State::removed) {
      if (what < 3) builder.renew(row, column, as, to).sets_expiry = true;
      if (what == 3) builder.change(row, column, State::active, Event::reactivated, as);
    } else if (what == 0) {
      builder.change(row, column, was, Event::role_changed, as);
    } else if (what == 5) {
      MemberChanged& changed = builder.change(row, column, was, Event::expiry_changed);
      changed.sets_expiry = true;
      changed.sets_invitation_end = rng_.one_in(2);
    } else if (what == 6 && was == State::invited) {
      builder.change(row, column, was, Event::invitation_renewed, as).sets_expiry = true;
    } else if (what == 1) {
      builder.remove(row, column);
    } else if (what == 2 && was != State::suspended) {
      builder.change(row, column, was == State::invited ? State::active : State::suspended, Event::suspended);
    } else if (what == 3) {
      builder.change(row, column, State::active, Event::reactivated, as);
    } else if (what == 4 && was == State::suspended) {
      builder.renew(row, column, as, to);
    }
  }

  /// Two columns may refer to one account, but decide() writes a membership only once.
  static bool changed_twice(const ChangeSetBuilder& builder, std::uint32_t row, std::uint32_t column) {
    for (const MemberChanged& changed : builder.changes.changed)
      if (changed.id == builder.at(row, column)->id) return true;
    return false;
  }

  void guard(ChangeSetBuilder& builder) {
    if (rng_.one_in(4)) builder.guard_organization(rng_.below(2));
    if (rng_.one_in(4)) builder.guard_account(rng_.below(3));
    if (rng_.one_in(4)) builder.guard_actor(0);
    if (rng_.one_in(4)) builder.limit_seats(0, 3 + rng_.below(5), builder.changes.invited_occupy_seats);
    if (rng_.one_in(3)) builder.keep_an_owner(0, rng_.one_in(2) ? std::vector{owner} : std::vector{owner, admin});
    const std::uint32_t column = rng_.below(3);
    const MembershipFact* const fact = builder.at(0, column);
    if (fact == nullptr) return;
    if (rng_.one_in(4)) builder.guard_membership(0, column);
    if (fact->state != State::invited || !rng_.one_in(2)) return;
    builder.guard_inviter(0, column);
    builder.guard_membership(0,
                             column);  // a store may keep or drop the inviter after an acceptance
  }

  TestContext& test_;
  Rng rng_;
  std::vector<std::unique_ptr<ChangeSetBuilder>> builders_;
};

void change_sets(TestContext& test) {
  const std::uint32_t histories = 4 * test.options.rounds;
  for (std::uint32_t i = 0; i < histories && !test.broken(); ++i) {
    Reference reference;
    TestContext expected(reference, test.options);
    const std::uint64_t seed = test.options.seed * 1'000'003 + i;
    HistoryWriter tested(test, seed), right(expected, seed);
    tested.set_up();
    right.set_up();
    for (int step = 0; step < 60 && !test.broken() && !expected.broken(); ++step) {
      const std::string answer = tested.step(), wanted = right.step();
      if (!test.expect(answer == wanted, "the last change set should return " + wanted)) return;
      if (step % 10 != 9) continue;
      const Snapshot found = take_snapshot(test, test.store(), {.versions = false});
      const Snapshot there = take_snapshot(expected, expected.store(), {.versions = false});
      if (!test.expect(found == there, "the records differ: " + difference(there, found))) return;
    }
    test.expect(!expected.broken(), "the kit itself: " + expected.failure());
  }
}

constexpr Entry history_entries[] = {
    {{"history/commands",
      "random commands return the same outcomes and leave the same records as on the reference store"},
     commands},
    {{"history/change-sets",
      "random change sets, fresh and outdated, return the same results and leave the same records as on the reference "
      "store"},
     change_sets},
};

}  // namespace

std::span<const Entry> history_laws() noexcept {
  return history_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
