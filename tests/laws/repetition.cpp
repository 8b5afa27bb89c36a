// Repeated commands, split commands, reordered commands and duplicates: the differences that they may and may not make.
#include <algorithm>
#include <set>

#include "catch.hpp"
#include "conditions.hpp"
#include "laws/generators.hpp"
#include "prop.hpp"
#include "support/fixture.hpp"

using namespace roster;
using namespace roster_test;

TEST_CASE("a command twice under one key equals the command once, under any profile") {
  Shares shares;
  prop("twice is once under one key", [&] {
    const Scenario scenario = *scenarios(1, 0, [](Scenario& drawn) {
      settle_down(drawn);
      drawn.commands[0].idempotency_key = request_key(1);
    });
    const AddMembers& command = scenario.commands[0];
    if (contradicts_itself(command) || climbs(scenario, command)) return;
    const Profile profile = scenario.rules.profile();
    TestFixture fixture(scenario.world);
    const Answer first = fixture.run(profile, command);
    const State after = fixture.state();
    const unsigned drawn = fixture.ids.drawn();
    const Answer second = fixture.run(profile, command);
    RC_ASSERT(difference(after, fixture.state()) == "");
    RC_ASSERT(fixture.ids.drawn() == drawn);
    RC_ASSERT(first.error == second.error);
    for (std::size_t i = 0; i < first.outcomes.size(); ++i) RC_ASSERT(second.outcomes[i] == later(first.outcomes[i]));
    RC_ASSERT(first.cell_roles == second.cell_roles);
    RC_ASSERT(first.memberships == second.memberships);
    RC_ASSERT(std::count(second.created.begin(), second.created.end(), true) == 0);
    shares.count("wrote", drawn != 0);
    shares.count("replaced", std::count(first.outcomes.begin(), first.outcomes.end(), Outcome::replaced) != 0);
    shares.count("rejecting", profile.on_same_role == OnConflict::reject && drawn != 0);
  });
  shares.at_least("wrote", 15);
  shares.at_least("replaced", 1);
  shares.at_least("rejecting", 4);
}

TEST_CASE("the same command twice without a key writes nothing the second time") {
  Shares shares;
  prop("twice is once without a key", [&] {
    const Scenario scenario = *scenarios(1, 0, [](Scenario& drawn) {
      settle_down(drawn);
      drawn.commands[0].idempotency_key = {};
    });
    const AddMembers& command = scenario.commands[0];
    if (contradicts_itself(command) || climbs(scenario, command)) return;
    const Profile profile = scenario.rules.profile();
    TestFixture fixture(scenario.world);
    const Answer first = fixture.run(profile, command);
    const State after = fixture.state();
    const unsigned drawn = fixture.ids.drawn();
    const Answer second = fixture.run(profile, command);
    RC_ASSERT(difference(after, fixture.state()) == "");
    RC_ASSERT(fixture.ids.drawn() == drawn);
    for (const Outcome outcome : second.outcomes) RC_ASSERT(!is_written(outcome));
    shares.count("wrote", drawn != 0);
  });
  shares.at_least("wrote", 15);
}

TEST_CASE("a bulk is the fold of its cells, row by row, under one key") {
  Shares shares;
  prop("a bulk is the fold of its cells", [&] {
    const Scenario scenario = *scenarios(1, 0, [](Scenario& drawn) {
      settle_down(drawn);
      drawn.rules.fields.mode = Mode::best_effort;
      drawn.commands[0].idempotency_key = request_key(1 + static_cast<unsigned>(drawn.world.people.size() % 3));
    });
    const AddMembers& command = scenario.commands[0];
    const Profile profile = scenario.rules.profile();
    TestFixture bulk(scenario.world), single(scenario.world);
    const Answer all = bulk.run(profile, command);
    for (std::size_t r = 0; r < command.organizations.size(); ++r)
      for (std::size_t c = 0; c < command.accounts.size(); ++c) {
        AddMembers one(command.organizations.span()[r], command.accounts.span()[c], asked_at(command, r, c),
                       command.actor, command.idempotency_key);
        const Answer answer = single.run(profile, one);
        RC_ASSERT(answer.error == all.error);
        if (all.error) continue;
        RC_ASSERT(answer.outcomes[0] == all.at(static_cast<std::uint32_t>(r), static_cast<std::uint32_t>(c)));
        RC_ASSERT(answer.cell_roles[0] == all.cell_roles[r * command.accounts.size() + c]);
      }
    RC_ASSERT(difference(bulk.state(), single.state()) == "");
    shares.count("of several cells", all.outcomes.size() > 1);
    shares.count("of several cells, and wrote", all.outcomes.size() > 1 && bulk.ids.drawn() != 0);
    shares.count("contradicts itself", contradicts_itself(command));
    shares.count("climbs", climbs(scenario, command));
  });
  shares.at_least("of several cells", 60);
  shares.at_least("of several cells, and wrote", 20);
  shares.at_least("contradicts itself", 3);
  shares.at_least("climbs", 5);
}

TEST_CASE("the order of rows and columns does not matter to what is stored, nor to how often each outcome occurs") {
  // The law requires best effort, no pair with two different roles, and no row that is the parent of another under a
  // rule about parents. In those cases the first cell decides, as it should.
  Shares shares;
  prop("order does not matter", [&] {
    const Scenario scenario = *scenarios(1, 8, [](Scenario& drawn) {
      settle_down(drawn);
      drawn.rules.fields.mode = Mode::best_effort;
    });
    const AddMembers& command = scenario.commands[0];
    if (contradicts_itself(command) || climbs(scenario, command)) return;
    std::vector<std::size_t> rows(command.organizations.size()), columns(command.accounts.size());
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = i;
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i] = i;
    Draw draw(scenario.choices);
    for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[draw.below(static_cast<unsigned>(i))]);
    for (std::size_t i = columns.size(); i > 1; --i)
      std::swap(columns[i - 1], columns[draw.below(static_cast<unsigned>(i))]);

    AddMembers shuffled = command;
    std::vector<OrganizationSelector> places;
    std::vector<AccountSelector> people;
    for (const std::size_t r : rows) places.push_back(command.organizations.span()[r]);
    for (const std::size_t c : columns) people.push_back(command.accounts.span()[c]);
    if (!command.cell_roles.empty())
      for (std::size_t r = 0; r < rows.size(); ++r)
        for (std::size_t c = 0; c < columns.size(); ++c)
          shuffled.cell_roles[r * columns.size() + c] = command.cell_roles[rows[r] * columns.size() + columns[c]];
    shuffled.organizations = std::move(places);
    shuffled.accounts = std::move(people);

    const Profile profile = scenario.rules.profile();
    TestFixture one(scenario.world), other(scenario.world);
    Answer straight = one.run(profile, command), crooked = other.run(profile, shuffled);
    RC_ASSERT(difference(one.state(), other.state()) == "");
    std::sort(straight.outcomes.begin(), straight.outcomes.end());
    std::sort(crooked.outcomes.begin(), crooked.outcomes.end());
    RC_ASSERT(straight.outcomes == crooked.outcomes);
    shares.count("really shuffled, and wrote",
                 one.ids.drawn() != 0 &&
                     (!std::is_sorted(rows.begin(), rows.end()) || !std::is_sorted(columns.begin(), columns.end())));
  });
  shares.at_least("really shuffled, and wrote", 10);
}

TEST_CASE("duplicates in a command are one: the same person under every name, the same organization under every name") {
  Shares shares;
  prop("duplicates fold", [&] {
    const Scenario scenario = *scenarios(1, 0, [](Scenario& drawn) {
      settle_down(drawn);
      drawn.commands[0].cell_roles.clear();
    });
    const AddMembers& command = scenario.commands[0];
    AddMembers doubled = command;
    std::vector<AccountSelector> people(command.accounts.span().begin(), command.accounts.span().end());
    const std::size_t width = people.size();
    for (std::size_t c = 0; c < width; ++c) {
      // Twice as it is, and once under another name: an account by all its names, or an unknown address in another
      // spelling.
      const std::string who = person(people[c]);
      people.push_back(people[c]);
      const auto found = scenario.world.people.find("a" + who);
      if (found != scenario.world.people.end() && !found->second.email.empty()) {
        std::string shouted = found->second.email;
        for (char& letter : shouted) letter = letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 32) : letter;
        if (std::holds_alternative<Email>(people[c])) people.push_back(email(shouted));
      } else if (std::holds_alternative<Email>(people[c])) {
        people.push_back(email(lower(std::get<Email>(people[c]).text())));
      }
    }
    doubled.accounts = std::move(people);
    const Profile profile = scenario.rules.profile();
    TestFixture once(scenario.world), twice(scenario.world);
    const Answer plain = once.run(profile, command), folded = twice.run(profile, doubled);
    RC_ASSERT(difference(once.state(), twice.state()) == "");
    RC_ASSERT(plain.error == folded.error);
    if (plain.error) return;
    for (std::uint32_t r = 0; r < plain.rows; ++r)
      for (std::uint32_t c = 0; c < plain.columns; ++c) RC_ASSERT(folded.at(r, c) == plain.at(r, c));
    RC_ASSERT(std::count(plain.created.begin(), plain.created.end(), true) ==
              std::count(folded.created.begin(), folded.created.end(), true));
    shares.count("wrote", once.ids.drawn() != 0);
    shares.count("created", std::count(plain.created.begin(), plain.created.end(), true) != 0);
  });
  shares.at_least("wrote", 15);
  shares.at_least("created", 3);
}

TEST_CASE("atomic: one refusal and nothing is written, refusals by themselves never change anything") {
  Shares shares;
  prop("all or nothing", [&] {
    const Scenario scenario = *scenarios(1);
    const Profile profile = scenario.rules.profile();
    TestFixture fixture(scenario.world);
    const State before = fixture.state();
    const Answer answer = fixture.run(profile, scenario.commands[0]);
    const auto& outcomes = answer.outcomes;
    const bool refused =
        !std::all_of(outcomes.begin(), outcomes.end(), [](Outcome outcome) { return succeeded(outcome); });
    const bool written = std::any_of(outcomes.begin(), outcomes.end(), &is_written);
    const bool unchanged = fixture.state() == before;
    RC_ASSERT(written != unchanged);
    if (answer.error) RC_ASSERT(unchanged);
    if (profile.mode == Mode::atomic && refused) RC_ASSERT(unchanged && !written);
    if (profile.mode == Mode::best_effort)
      RC_ASSERT(std::count(outcomes.begin(), outcomes.end(), Outcome::not_attempted) == 0);
    if (std::count(outcomes.begin(), outcomes.end(), Outcome::not_attempted) != 0) RC_ASSERT(refused);
    if (unchanged) RC_ASSERT(fixture.ids.drawn() == 0u);
    RC_ASSERT((std::count(answer.created.begin(), answer.created.end(), true) != 0) ==
              (fixture.state().accounts != before.accounts));
    shares.count("undone", std::count(outcomes.begin(), outcomes.end(), Outcome::not_attempted) != 0);
    shares.count("partly done", written && refused);
  });
  shares.at_least("undone", 8);
  shares.at_least("partly done", 8);
}
