// No failure of the store leaves a partial write. A retry under the same key ends like an undisturbed command. (Every
// fault at every call of chosen commands: tests/faults.)
#include "catch.hpp"
#include "conditions.hpp"
#include "laws/generators.hpp"
#include "prop.hpp"
#include "support/fixture_world.hpp"

using namespace roster;
using namespace roster_test;
using namespace fixtures;

namespace {

/// Half of the scenarios stay as drawn. The others lose most of the reasons for a refusal.
void likely_to_write(Scenario& scenario) {
  settle_down(scenario);
  if (scenario.choices[2] < 100) return;
  scenario.rules.fields.actor = ActorRule::host_decides;
  if (scenario.choices[2] < 180)
    scenario.rules.fields.on_same_role = scenario.rules.fields.on_other_role = OnConflict::reject;
  if (scenario.choices[2] % 2 != 0) scenario.rules.fields.mode = Mode::best_effort;
  for (auto& [name, organization] : scenario.world.places) organization.joinable = true, organization.closed = false;
}

}  // namespace

TEST_CASE("a lost answer is settled inside the operation, and never turns into a conflict or a second row") {
  Shares shares;
  prop("lost answers are settled", [&] {
    const Scenario scenario = *scenarios(1, 3, likely_to_write);
    const AddMembers& command = scenario.commands[0];
    if (contradicts_itself(command) || climbs(scenario, command)) return;
    const Profile profile = scenario.rules.profile();
    const unsigned lost = scenario.choices[0] < 180 ? 0 : scenario.choices[0] % 4;
    const Options options{.tile_cells_max = scenario.choices[1] < 128 ? 16384u : 1u + scenario.choices[1] % 4u};
    TestFixture clean(scenario.world, options), fixture(scenario.world, options);
    const Answer undisturbed = clean.run(profile, command);
    unsigned commits = 0;
    FaultyStore store(fixture.store, [&](unsigned, bool commit) {
      return commit && commits++ == lost ? Fault::fail_after : Fault::pass;
    });
    const Answer answer = fixture.run(profile, command, &store);
    RC_ASSERT(answer.error == undisturbed.error);
    RC_ASSERT(!answer.stopped);
    RC_ASSERT(difference(clean.state(), fixture.state()) == "");
    for (std::size_t cell = 0; cell < answer.outcomes.size(); ++cell)
      RC_ASSERT(answer.outcomes[cell] == undisturbed.outcomes[cell] ||
                answer.outcomes[cell] == later(undisturbed.outcomes[cell]));
    shares.count("lost", store.failed);
    shares.count("lost where members are rejected", store.failed && profile.on_same_role == OnConflict::reject);
  });
  shares.at_least("lost", 10);
  shares.at_least("lost where members are rejected", 2);
}

TEST_CASE("a repeat under the same key settles a lost answer") {
  Shares shares;
  prop("a new operation settles a lost answer", [&] {
    const Scenario scenario = *scenarios(1, 3, [](Scenario& drawn) {
      likely_to_write(drawn);
      drawn.commands[0].idempotency_key = request_key(2);
    });
    const AddMembers& command = scenario.commands[0];
    if (contradicts_itself(command) || climbs(scenario, command)) return;
    const Profile profile = scenario.rules.profile();
    const unsigned lost = scenario.choices[0] < 180 ? 0 : scenario.choices[0] % 4;
    const Options options{.tile_cells_max = scenario.choices[1] < 128 ? 16384u : 1u + scenario.choices[1] % 4u,
                          .unknown_commit_retries_max = 0};
    TestFixture clean(scenario.world, options), fixture(scenario.world, options);
    const Answer undisturbed = clean.run(profile, command);
    unsigned commits = 0;
    FaultyStore store(fixture.store, [&](unsigned, bool commit) {
      return commit && commits++ == lost ? Fault::fail_after : Fault::pass;
    });
    const Answer first = fixture.run(profile, command, &store);
    if (store.failed) RC_ASSERT((first.error ? first.error->code : first.stopped->code) == Errc::store_failed);
    const Answer answer = fixture.run(profile, command);
    RC_ASSERT(answer.error == undisturbed.error);
    RC_ASSERT(difference(clean.state(), fixture.state()) == "");
    for (std::size_t cell = 0; cell < answer.outcomes.size(); ++cell)
      RC_ASSERT(answer.outcomes[cell] == later(undisturbed.outcomes[cell]) ||
                answer.outcomes[cell] == undisturbed.outcomes[cell]);
    shares.count("lost", store.failed);
    shares.count("lost where members are rejected", store.failed && profile.on_same_role == OnConflict::reject);
  });
  shares.at_least("lost", 10);
  shares.at_least("lost where members are rejected", 2);
}

TEST_CASE("a store that is stale for ever is given up in a bounded number of calls, and nothing is written") {
  Shares shares;
  prop("stale for ever", [&] {
    const Scenario scenario = *scenarios(1, 2);
    const Profile profile = scenario.rules.profile();
    const Options options{.tile_cells_max = 1u + scenario.choices[0] % 32u,
                          .attempts_max = 1u + scenario.choices[1] % 8u};
    TestFixture fixture(scenario.world, options);
    const State before = fixture.state();
    FaultyStore store(fixture.store, [](unsigned, bool commit) { return commit ? Fault::stale : Fault::pass; });
    const Answer answer = fixture.run(profile, scenario.commands[0], &store);
    RC_ASSERT(difference(before, fixture.state()) == "");
    // At worst each cell ends in a tile of its own. Each tile was part of a limited number of larger ones.
    const std::size_t cells = std::max<std::size_t>(
        scenario.commands[0].organizations.size() * (scenario.commands[0].accounts.size() + 24), 1);
    RC_ASSERT(store.calls <= 1 + 2 * options.attempts_max * 2 * cells);
    if (store.commits == 0) return;
    RC_ASSERT((answer.error ? answer.error->code : answer.stopped->code) == Errc::contended);
    for (const Outcome outcome : answer.outcomes) RC_ASSERT(!wrote(outcome) || outcome == Outcome::replayed);
    shares.count("nothing was settled", answer.error.has_value());
    shares.count("something was settled", !answer.error);
  });
  shares.at_least("nothing was settled", 20);
  shares.at_least("something was settled", 5);
}

TEST_CASE("attempts_max limits the decisions of a tile: one cell fetches and commits exactly so often") {
  for (unsigned attempts = 1; attempts <= 5; ++attempts) {
    TestFixture fixture(fixture_world(), Options{.attempts_max = attempts});
    FaultyStore store(fixture.store, [](unsigned, bool commit) { return commit ? Fault::stale : Fault::pass; });
    const Answer answer = fixture.run(atomic(host_rules()), AddMembers(acme, ann), &store);
    REQUIRE(answer.error);
    CHECK(answer.error->code == Errc::contended);
    CHECK(store.commits == attempts);
    CHECK(store.calls == 2 * attempts);
  }
}

TEST_CASE("an add by which the actor gives up the right to add is replayed after any lost answer") {
  const Profile rules = with(atomic(host_rules()), [](Profile& fields) {
    fields.actor = ActorRule::manager;
    fields.on_other_role = OnConflict::replace;
  });
  World world = fixture_world();
  world.members[{"acme", "ann"}].role = "admin";
  for (const std::vector<AccountSelector>& who : {std::vector<AccountSelector>{ann}, {bob, ann}})
    for (const bool by_caller : {false, true}) {
      const AddMembers command(acme, who, guest, Actor{ann, false}, request_key(1));
      TestFixture fixture(world);
      FaultyStore store(fixture.store,
                        [&](unsigned call, bool) { return !by_caller && call == 1 ? Fault::fail_after : Fault::pass; });
      Answer answer = fixture.run(rules, command, &store);
      if (by_caller) answer = fixture.run(rules, command, &store);
      REQUIRE(!answer.error);
      CHECK(answer.outcomes.back() == Outcome::replayed);
      CHECK(answer.cell_roles.back() == "guest");
      CHECK(fixture.store.membership(acme, ann).value()->role == guest);
    }
}
