// The engine over a memory store agrees with the oracle, and is deterministic.
#include <set>

#include "catch.hpp"
#include "laws/generators.hpp"
#include "prop.hpp"
#include "support/fixture.hpp"

using namespace roster;
using namespace roster_test;

namespace {

bool any(const Expected& answer, Outcome outcome) {
  for (const Outcome each : answer.outcomes)
    if (each == outcome) return true;
  return false;
}

void count(Shares& shares, const Expected& answer) {
  shares.count("well formed", answer.errors.empty());
  shares.count("wrote", answer.wrote());
  for (const Outcome outcome : outcomes_by_precedence) {
    shares.count(std::string(name(outcome)), any(answer, outcome));
  }
}

}  // namespace

TEST_CASE("the engine agrees with the oracle about three commands in a row") {
  Shares shares;
  prop("the engine agrees with the oracle", [&] {
    const Scenario scenario = *scenarios(3, 0, [](Scenario& drawn) {
      if (drawn.rules.fields.mode != Mode::best_effort) return;
      for (const AddMembers& command : drawn.commands)
        if (!command.cell_roles.empty()) return bring_a_clerk(drawn);  // roles by cell cut it into tiles
    });
    const Profile profile = scenario.rules.profile();
    TestFixture fixture(scenario.world);
    RC_ASSERT(fixture.filled);
    World world = scenario.world;
    RC_ASSERT(difference(state_of(world), fixture.state()) == "");
    for (const AddMembers& command : scenario.commands) {
      const Expected expected = carry_out(world, profile, command, now);
      const unsigned drawn = fixture.ids.drawn();
      const Answer found = fixture.run(profile, command);
      RC_ASSERT(difference(expected, found) == "");
      const State state = fixture.state();
      RC_ASSERT(state.broken == "");
      RC_ASSERT(difference(state_of(world), state) == "");
      RC_ASSERT(expected.wrote() || fixture.ids.drawn() == drawn);  // identifiers are drawn only in order to write
      count(shares, expected);
    }
  });
  shares.at_least("well formed", 75);
  shares.at_least("wrote", 12);
  // Every outcome of a single add, if no member was suspended or removed and seats have no limit. Other laws cover the
  // life of a membership.
  const std::set<Outcome> of_other_laws = {
      Outcome::undecided,      Outcome::not_verified,  Outcome::not_member,        Outcome::was_suspended,
      Outcome::was_removed,    Outcome::has_changed,   Outcome::inviter_lapsed,    Outcome::seats_taken,
      Outcome::removed,        Outcome::suspended,     Outcome::reactivated,       Outcome::accepted,
      Outcome::expiry_changed, Outcome::still_invited, Outcome::invitation_renewed};
  for (const Outcome outcome : outcomes_by_precedence) {
    if (of_other_laws.count(outcome) != 0) continue;
    const bool rare =
        outcome == Outcome::replayed || outcome == Outcome::request_reused || outcome == Outcome::invited ||
        outcome == Outcome::replaced || outcome == Outcome::role_conflict || outcome == Outcome::parent_required ||
        outcome == Outcome::conflict || outcome == Outcome::account_disabled || outcome == Outcome::group_not_found;
    shares.at_least(std::string(name(outcome)), outcome == Outcome::last_owner ? 0.3 : rare ? 0.5 : 2);
  }
}

TEST_CASE("a report shows the stored fields of a membership") {
  Shares shares;
  prop("reports agree with the store", [&] {
    const Scenario scenario =
        *scenarios(1, 0, [](Scenario& drawn) { drawn.rules.fields.actor = ActorRule::host_decides; });
    const Profile profile = scenario.rules.profile();
    TestFixture fixture(scenario.world);
    const auto result = fixture.raw_run(profile, scenario.commands[0]);
    if (!result) return;
    const Report& report = result.assume_value();
    RC_ASSERT(contradiction(scenario.commands[0], answer_of(result, fixture.store, fixture.base), fixture.store) == "");
    RC_ASSERT(report.outcomes.size() == std::size_t{report.rows} * report.columns);
    RC_ASSERT(report.accounts.size() == report.columns);
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::string> last;
    for (std::uint32_t r = 0; r < report.rows; ++r)
      for (std::uint32_t c = 0; c < report.columns; ++c) {
        const bool has = succeeded(report.at(r, c)) || report.at(r, c) == Outcome::conflict ||
                         report.at(r, c) == Outcome::role_conflict;
        RC_ASSERT(report.membership(r, c).empty() == !has);
        RC_ASSERT(report.role(r, c).empty() == !has);
        if (has) shares.count("role shown", true);
      }
    RC_ASSERT(scenario.commands[0].idempotency_key.empty() ||
              report.idempotency_key == scenario.commands[0].idempotency_key);
  });
  shares.at_least("role shown", 50);
}

TEST_CASE("details change nothing but themselves") {
  prop("details change nothing", [] {
    const Scenario scenario = *scenarios(2);
    const Profile profile = scenario.rules.profile();
    TestFixture with(scenario.world), without(scenario.world, Options{.details = false});
    for (const AddMembers& command : scenario.commands) {
      Answer full = with.run(profile, command);
      const auto result = without.raw_run(profile, command);
      Answer bare = answer_of(result, without.store, without.base);
      if (result) {
        RC_ASSERT(result.assume_value().memberships.empty() && result.assume_value().cell_roles.empty());
        full.cell_roles.assign(full.cell_roles.size(), "");
        full.before.assign(full.before.size(), std::nullopt);
      }
      RC_ASSERT(describe(full) == describe(bare));
      RC_ASSERT(difference(with.state(), without.state()) == "");
    }
  });
}

TEST_CASE("tiles cannot be seen") {
  Shares shares;
  prop("tiles cannot be seen", [&] {
    const Scenario scenario = *scenarios(2, 1, [](Scenario& drawn) {
      drawn.rules.fields.mode = Mode::best_effort;
      bring_a_clerk(drawn);
    });
    const std::uint32_t size = 1 + scenario.choices[0] % 24;
    const Profile profile = scenario.rules.profile();
    World world = scenario.world;
    TestFixture tiled(scenario.world, Options{.tile_cells_max = size});
    for (const AddMembers& command : scenario.commands) {
      Expected expected = carry_out(world, profile, command, now);
      Answer found = tiled.run(profile, command);
      expected.created.assign(expected.created.size(), false);  // either equal column may create
      found.created.assign(found.created.size(), false);
      RC_ASSERT(difference(expected, found) == "");
      RC_ASSERT(tiled.state().broken == "");
      RC_ASSERT(difference(state_of(world), tiled.state()) == "");
      shares.count("cut", expected.errors.empty() && expected.outcomes.size() > size);
    }
  });
  shares.at_least("cut", 15);
}

TEST_CASE("equal inputs return equal bytes: reports, change sets and stores") {
  Shares shares;
  prop("equal inputs return equal bytes", [&] {
    const Scenario scenario = *scenarios(2, 1);
    const Profile profile = scenario.rules.profile();
    const Options options{.tile_cells_max = scenario.choices[0] < 128 ? 16384u : 1u + scenario.choices[0] % 8u};
    std::string said[2];
    for (std::string& all : said) {
      TestFixture fixture(scenario.world, options);
      FaultyStore store(fixture.store);
      store.seen = [&](const ChangeSet& changes) { all += all_of(changes) + "\n"; };
      for (const AddMembers& command : scenario.commands)
        all += all_of(fixture.raw_run(profile, command, &store)) + "\n";
      shares.count("committed", store.commits > 0);
    }
    RC_ASSERT(said[0] == said[1]);
  });
  shares.at_least("committed", 20);
}

TEST_CASE("decide() overwrites any earlier content of its decision") {
  prop("a used decision is as good as a fresh one", [] {
    const Scenario scenario = *scenarios(2);
    const Profile profile = scenario.rules.profile();
    TestFixture fixture(scenario.world);
    Decision used;
    for (int round = 0; round < 2; ++round)
      for (const AddMembers& command : scenario.commands) {
        if (!command.groups.empty() || command.accounts.size() == 0 || command.organizations.size() == 0) continue;
        // The query, taken from an operation.
        CountingIds ids, again;
        Operation operation(profile, command, Context{now, &ids, true});
        if (operation.need() != Operation::Need::facts) continue;
        Facts facts;
        RC_ASSERT(fixture.store.fetch(operation.query(), facts).has_value());
        RC_ASSERT(validate_facts(operation.query(), facts).has_value());
        const Query& query = operation.query();
        const Tile tile{0, query.rows(), 0, query.columns(), 0};
        Decision fresh;
        RC_ASSERT(decide(profile, command, tile, query, facts, Context{now, &ids, true}, fresh).has_value());
        RC_ASSERT(decide(profile, command, tile, query, facts, Context{now, &again, true}, used).has_value());
        RC_ASSERT(fresh.changes.empty() == used.changes.empty());
        if (!fresh.changes.empty()) RC_ASSERT(all_of(fresh.changes) == all_of(used.changes));
        RC_ASSERT(fresh.refusals == used.refusals);
        RC_ASSERT(std::equal(fresh.outcomes.begin(), fresh.outcomes.end(), used.outcomes.begin(), used.outcomes.end()));
      }
  });
}
