// Whatever goes wrong in the store, at whichever call: the report says what the store holds, nothing is half written,
// and asking again under the same key ends where an undisturbed command would have ended.
#include <algorithm>
#include <iostream>

#include "catch.hpp"
#include "company.hpp"
#include "prop.hpp"
#include "support/commands.hpp"
#include "support/faulty_store.hpp"
#include "support/generators.hpp"

using namespace roster;
using namespace roster_test;

namespace {

struct Task {
  std::string name;
  World world;
  OwnProfile rules;
  AddMembers command;
  Options options{};
};

/// At least a dozen operations that differ in what they ask of a store.
std::vector<Task> tasks() {
  const auto key = request_key(1);
  const Actor by{boss, false};
  const std::vector<OrganizationSelector> inner{works, lab};
  const std::vector<AccountSelector> both{ann, bob},
      mixed{ann, email("n0@x.de"), AccountId("nobody"), email("N0@x.de")};
  World joined = company();
  joined.members[{"o0", "a0"}] = {"viewer", MembershipState::active, {}, now};
  joined.members[{"o1", "a0"}] = {"member", MembershipState::active, {}, now};
  joined.groups["g0"] = {"a0", "a1", "a2"};
  const auto best = [](Profile& fields) { fields.mode = Mode::best_effort; };
  const auto reject = [](Profile& fields) { fields.on_same_role = fields.on_other_role = OnMember::reject; };
  OwnProfile own = keeping();
  own.catalog.clear();
  own.fields.actor = ActorRule::manager;
  own.fields.parent = ParentRule::add;
  own.fields.mode = Mode::best_effort;
  AddMembers grouped(inner, both, RoleId{}, by, key);
  grouped.groups = {GroupName("g0"), GroupName("g9")};
  const auto create_best = with([](Profile& fields) {
    fields.on_unknown_account = OnUnknown::create;
    fields.mode = Mode::best_effort;
    fields.on_same_role = fields.on_other_role = OnMember::reject;
  });
  return {
      {"one add", company(), keeping(), AddMembers(acme, ann, RoleId{}, by, key)},
      {"one add, members rejected", company(), with(reject), AddMembers(acme, ann, RoleId{}, by, key)},
      {"one add of a member", joined, keeping(), AddMembers(acme, ann, viewer, by, key)},
      {"one replacement", joined, with([](Profile& fields) { fields.on_other_role = OnMember::replace; }),
       AddMembers(acme, ann, admin, by, key)},
      {"one raise", joined, with([](Profile& fields) { fields.on_other_role = OnMember::raise; }),
       AddMembers(acme, ann, member, by, key)},
      {"one unknown address", company(), create_best, AddMembers(acme, email("n0@x.de"), RoleId{}, by, key)},
      {"one invitation", company(), with([](Profile& fields) {
         fields.on_unknown_account = OnUnknown::invite;
         fields.on_same_role = OnMember::reject;
       }),
       AddMembers(acme, email("n0@x.de"), RoleId{}, by, key)},
      {"an atomic bulk", company(), with(reject), AddMembers(inner, both, RoleId{}, by, key)},
      {"an atomic bulk that is refused", joined, with(reject), AddMembers(inner, both, RoleId{}, by, key)},
      {"an atomic bulk that leans on members", joined, keeping(), AddMembers(inner, both, RoleId{}, by, key)},
      {"a best effort bulk", joined, create_best, AddMembers(inner, mixed, RoleId{}, by, key)},
      {"a best effort bulk in tiles of one cell", joined, create_best, AddMembers(inner, mixed, RoleId{}, by, key),
       Options{.tile_cells_max = 1}},
      {"a best effort bulk in tiles of three cells", joined, create_best, AddMembers(inner, mixed, RoleId{}, by, key),
       Options{.tile_cells_max = 3}},
      {"groups", joined, with(best), grouped},
      {"parents, own catalogs, a managing actor", joined, own, AddMembers(inner, both, viewer, by, key),
       Options{.tile_cells_max = 2}},
      {"a key that the operation draws", company(), with(best), AddMembers(inner, both, RoleId{}, by)},
  };
}

/// What a report says must be so: a success is a row with the role shown, and a refusal left its pair as it was.
std::string lies(const Answer& answer, const AddMembers& command, const Stage& stage, const State& before,
                 const State& after) {
  if (answer.error) return "";
  std::string lies;
  for (std::uint32_t r = 0; r < answer.rows; ++r)
    for (std::uint32_t c = 0; c < answer.columns; ++c) {
      const std::size_t cell = std::size_t{r} * answer.columns + c;
      const Outcome outcome = answer.outcomes[cell];
      if (outcome == Outcome::undecided && !answer.stopped) lies += "undecided without a reason; ";
      const auto organization = stage.store.organization(command.organizations.span()[r]);
      if (!organization || answer.accounts[c].empty()) continue;
      const std::pair pair(text_of(organization->id), answer.accounts[c]);
      const auto row = after.rows.find(pair);
      if (succeeded(outcome) && (row == after.rows.end() || row->second.role != answer.cell_roles[cell]))
        lies += pair.second + " in " + pair.first + " is reported and not there; ";
      const auto was = before.rows.find(pair);
      if (outcome == Outcome::not_attempted && (was == before.rows.end()) != (row == after.rows.end()))
        lies += pair.second + " in " + pair.first + " was not attempted and is there; ";
    }
  return lies;
}

/// Half the time as drawn, half the time with most of what could be refused taken away.
void likely_to_write(Scene& scene) {
  settle_down(scene);
  if (scene.choices[2] < 100) return;
  scene.rules.fields.actor = ActorRule::host_decides;
  if (scene.choices[2] < 180) scene.rules.fields.on_same_role = scene.rules.fields.on_other_role = OnMember::reject;
  if (scene.choices[2] % 2 != 0) scene.rules.fields.mode = Mode::best_effort;
  for (auto& [name, organization] : scene.world.places) organization.joinable = true;
}

}  // namespace

TEST_CASE("every fault at every call of every operation, once and for ever") {
  std::size_t points = 0, reports = 0, errors = 0;
  const auto list = tasks();
  REQUIRE(list.size() >= 12);
  for (const Task& task : list) {
    const Profile profile = task.rules.profile();
    Stage clean(task.world, task.options);
    const Answer undisturbed = clean.run(profile, task.command);
    REQUIRE(!undisturbed.error);
    for (const bool sticky : {false, true})
      for (const Fault fault : faults)
        for (unsigned at = 0;; ++at) {
          Stage stage(task.world, task.options);
          const State before = stage.state();
          FaultyStore store(stage.store, [&](unsigned call, bool) {
            return call == at || (sticky && call > at) ? fault : Fault::pass;
          });
          const Answer answer = stage.run(profile, task.command, &store);
          if (!store.failed) break;  // beyond the last call: every one has had its turn
          ++points;
          const State after = stage.state();
          INFO(task.name << ": " << name(fault) << (sticky ? " from call " : " at call ") << at << "\n"
                         << describe(answer));
          CHECK(after.broken == "");
          CHECK(lies(answer, task.command, stage, before, after) == "");
          CHECK((store.calls <= 200));
          if (answer.error) {
            ++errors;
            const Errc code = answer.error->code;
            CHECK((code == Errc::store_failed || code == Errc::contended || code == Errc::out_of_memory));
            const bool unknown = fault == Fault::fail_after || fault == Fault::throw_after;
            if (!unknown)
              CHECK(difference(before, after) == "");  // an error of this kind means that nothing was written
          } else {
            ++reports;
            CHECK((answer.none_undecided() || answer.stopped.has_value()));
            if (!sticky && fault == Fault::stale && !answer.stopped)
              CHECK(answer.outcomes.size() == undisturbed.outcomes.size());
          }
          // Asking again, of a store that is well again.
          AddMembers again = task.command;
          if (again.request.empty()) again.request = answer.request;
          const Answer second = stage.run(profile, again);
          REQUIRE(!second.error);
          for (std::size_t cell = 0; cell < second.outcomes.size(); ++cell) {
            const Outcome expected = undisturbed.outcomes[cell], found = second.outcomes[cell];
            const bool unknown_key = task.command.request.empty() && answer.error && found == Outcome::existing;
            CHECK((found == expected || found == later(expected) || unknown_key));
          }
          // Which of two keys the last write remembers is not the same when the first was lost with its operation.
          if (!task.command.request.empty()) CHECK(difference(clean.state(), stage.state()) == "");
          if (task.command.request.empty()) CHECK(clean.state().rows.size() == stage.state().rows.size());
        }
  }
  std::cout << "faults: " << list.size() << " operations, " << points << " points, " << reports << " reports, "
            << errors << " errors\n";
  CHECK(points >= 400);
  CHECK(reports >= 50);
}

TEST_CASE("a lost answer is settled inside the operation, and never turns into a conflict or a second row") {
  Shares shares;
  prop("lost answers are settled", [&] {
    const Scene scene = *scenes(1, 3, likely_to_write);
    const AddMembers& command = scene.commands[0];
    if (contradicts_itself(command) || climbs(scene, command)) return;
    const Profile profile = scene.rules.profile();
    const unsigned lost = scene.choices[0] < 180 ? 0 : scene.choices[0] % 4;
    const Options options{.tile_cells_max = scene.choices[1] < 128 ? 16384u : 1u + scene.choices[1] % 4u};
    Stage clean(scene.world, options), stage(scene.world, options);
    const Answer undisturbed = clean.run(profile, command);
    unsigned commits = 0;
    FaultyStore store(stage.store, [&](unsigned, bool commit) {
      return commit && commits++ == lost ? Fault::fail_after : Fault::pass;
    });
    const Answer answer = stage.run(profile, command, &store);
    RC_ASSERT(answer.error == undisturbed.error);
    RC_ASSERT(!answer.stopped);
    RC_ASSERT(difference(clean.state(), stage.state()) == "");
    for (std::size_t cell = 0; cell < answer.outcomes.size(); ++cell)
      RC_ASSERT(answer.outcomes[cell] == undisturbed.outcomes[cell] ||
                answer.outcomes[cell] == later(undisturbed.outcomes[cell]));
    shares.count("lost", store.failed);
    shares.count("lost where members are rejected", store.failed && profile.on_same_role == OnMember::reject);
  });
  shares.at_least("lost", 10);
  shares.at_least("lost where members are rejected", 2);
}

TEST_CASE("a lost answer is settled by the caller who asks again under the same key") {
  Shares shares;
  prop("a new operation settles a lost answer", [&] {
    const Scene scene = *scenes(1, 3, [](Scene& drawn) {
      likely_to_write(drawn);
      drawn.commands[0].request = request_key(2);
    });
    const AddMembers& command = scene.commands[0];
    if (contradicts_itself(command) || climbs(scene, command)) return;
    const Profile profile = scene.rules.profile();
    const unsigned lost = scene.choices[0] < 180 ? 0 : scene.choices[0] % 4;
    const Options options{.tile_cells_max = scene.choices[1] < 128 ? 16384u : 1u + scene.choices[1] % 4u,
                          .replays_max = 0};
    Stage clean(scene.world, options), stage(scene.world, options);
    const Answer undisturbed = clean.run(profile, command);
    unsigned commits = 0;
    FaultyStore store(stage.store, [&](unsigned, bool commit) {
      return commit && commits++ == lost ? Fault::fail_after : Fault::pass;
    });
    const Answer first = stage.run(profile, command, &store);
    if (store.failed) RC_ASSERT((first.error ? first.error->code : first.stopped->code) == Errc::store_failed);
    const Answer answer = stage.run(profile, command);
    RC_ASSERT(answer.error == undisturbed.error);
    RC_ASSERT(difference(clean.state(), stage.state()) == "");
    for (std::size_t cell = 0; cell < answer.outcomes.size(); ++cell)
      RC_ASSERT(answer.outcomes[cell] == later(undisturbed.outcomes[cell]) ||
                answer.outcomes[cell] == undisturbed.outcomes[cell]);
    shares.count("lost", store.failed);
    shares.count("lost where members are rejected", store.failed && profile.on_same_role == OnMember::reject);
  });
  shares.at_least("lost", 10);
  shares.at_least("lost where members are rejected", 2);
}

TEST_CASE("a store that is stale for ever is given up in a bounded number of calls, and nothing is written") {
  Shares shares;
  prop("stale for ever", [&] {
    const Scene scene = *scenes(1, 2);
    const Profile profile = scene.rules.profile();
    const Options options{.tile_cells_max = 1u + scene.choices[0] % 32u, .attempts_max = 1u + scene.choices[1] % 8u};
    Stage stage(scene.world, options);
    const State before = stage.state();
    FaultyStore store(stage.store, [](unsigned, bool commit) { return commit ? Fault::stale : Fault::pass; });
    const Answer answer = stage.run(profile, scene.commands[0], &store);
    RC_ASSERT(difference(before, stage.state()) == "");
    // Each cell is at worst alone in its tile in the end, and each tile was part of at most so many larger ones.
    const std::size_t cells =
        std::max<std::size_t>(scene.commands[0].organizations.size() * (scene.commands[0].accounts.size() + 24), 1);
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

TEST_CASE("attempts_max is how often a tile is decided: one cell asks and commits exactly so often") {
  for (unsigned attempts = 1; attempts <= 5; ++attempts) {
    Stage stage(company(), Options{.attempts_max = attempts});
    FaultyStore store(stage.store, [](unsigned, bool commit) { return commit ? Fault::stale : Fault::pass; });
    const Answer answer = stage.run(keeping().profile(), AddMembers(acme, ann), &store);
    REQUIRE(answer.error);
    CHECK(answer.error->code == Errc::contended);
    CHECK(store.commits == attempts);
    CHECK(store.calls == 2 * attempts);
  }
}

TEST_CASE("facts that contradict the query are recognised, whatever is wrong with them, and nothing is written") {
  std::map<std::string, int> met;
  const auto list = tasks();
  const auto check = [&](const Breakage& breakage, bool groups) {
    for (const Task& task : list) {
      if (groups != !task.command.groups.empty()) continue;
      Stage stage(task.world, task.options);
      const State before = stage.state();
      FaultyStore store(stage.store);
      store.breakage = &breakage;
      const Answer answer = stage.run(task.rules.profile(), task.command, &store);
      if (!store.broke) continue;
      ++met[breakage.name];
      INFO(task.name << ": " << breakage.name << "\n" << describe(answer));
      REQUIRE((answer.error || answer.stopped));
      CHECK((answer.error ? answer.error->code : answer.stopped->code) == Errc::store_broke_contract);
      if (answer.error) CHECK(difference(before, stage.state()) == "");
    }
  };
  for (const Breakage& breakage : breakages) check(breakage, false);
  for (const Breakage& breakage : group_breakages) check(breakage, true);
  for (const Breakage& breakage : breakages) {
    INFO(breakage.name);
    CHECK(met[breakage.name] > 0);  // a way of breaking that no operation meets would prove nothing
  }
  for (const Breakage& breakage : group_breakages) {
    INFO(breakage.name);
    CHECK(met[breakage.name] > 0);
  }
}

TEST_CASE("an add by which the actor gives up the right to add is replayed, whoever lost its answer") {
  const OwnProfile rules = with([](Profile& fields) {
    fields.actor = ActorRule::manager;
    fields.on_other_role = OnMember::replace;
  });
  World world = company();
  world.members[{"o0", "a0"}] = {"admin", MembershipState::active, {}, now};
  for (const std::vector<AccountSelector>& who : {std::vector<AccountSelector>{ann}, {bob, ann}})
    for (const bool by_caller : {false, true}) {
      const AddMembers command(acme, who, viewer, Actor{ann, false}, request_key(1));
      Stage stage(world);
      FaultyStore store(stage.store,
                        [&](unsigned call, bool) { return !by_caller && call == 1 ? Fault::fail_after : Fault::pass; });
      Answer answer = stage.run(rules.profile(), command, &store);
      if (by_caller) answer = stage.run(rules.profile(), command, &store);
      REQUIRE(!answer.error);
      CHECK(answer.outcomes.back() == Outcome::replayed);
      CHECK(answer.cell_roles.back() == "viewer");
      CHECK(stage.store.membership(acme, ann)->role == viewer);
    }
}
