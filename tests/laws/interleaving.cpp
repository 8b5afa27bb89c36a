// Several operations on one store, in any order of their steps: the store stays consistent, and every report is true.
#include <algorithm>
#include <set>

#include "catch.hpp"
#include "laws/generators.hpp"
#include "prop.hpp"
#include "support/schedule.hpp"

using namespace roster;
using namespace roster_test;

namespace {

std::vector<Participant> adders(const Scenario& scenario, std::size_t count) {
  std::vector<Participant> all;
  for (std::size_t i = 0; i < count; ++i) all.push_back(participant<AddMembers>(scenario.commands[i]));
  return all;
}

/// All commands name the same few organizations, and the host decides every right: then races are frequent.
void crowd(Scenario& scenario) {
  if (scenario.rules.fields.actor != ActorRule::manager) scenario.rules.fields.actor = ActorRule::host_decides;
  for (auto& [name, organization] : scenario.world.places) organization.joinable = true, organization.closed = false;
}

/// Gives the commands mostly equal targets, because otherwise few would conflict.
void same_target(Scenario& scenario) {
  if (scenario.choices.front() < 50) return;
  for (AddMembers& command : scenario.commands) {
    if (command.cell_roles.size() != scenario.commands[0].cell_roles.size()) command.cell_roles.clear();
    if (scenario.choices.front() < 200) command.accounts = scenario.commands[0].accounts;
    command.organizations = scenario.commands[0].organizations;
  }
}

void make_single(Scenario& scenario) {
  crowd(scenario);
  for (AddMembers& command : scenario.commands) {
    const OrganizationSelector place =
        command.organizations.size() ? command.organizations.span()[0] : OrganizationSelector(OrganizationId("o0"));
    command.organizations = place;
    if (command.accounts.size() == 0) continue;
    const AccountSelector person = command.accounts.span()[0];
    command.accounts = person;
    command.groups.clear();
    command.cell_roles.clear();
  }
  same_target(scenario);
}

/// The differences between this ending and the oracle's serial execution of the same commands.
std::string serial_difference(const Scenario& scenario, const Ending& ending, const std::vector<std::size_t>& order) {
  World world = scenario.world;
  std::string all;
  for (const std::size_t who : order)
    all += difference(carry_out(world, scenario.rules.profile(), scenario.commands[who], now), ending.answers[who]);
  return all + difference(state_of(world), ending.state);
}

bool unsettled(const Ending& ending) {
  return std::any_of(ending.answers.begin(), ending.answers.end(),
                     [](const Answer& answer) { return answer.stopped.has_value(); });
}

}  // namespace

TEST_CASE("under any schedule of two to four operations there is one row per pair and one account per address") {
  Shares shares;
  prop("any schedule leaves the store whole", [&] {
    const Scenario scenario = *scenarios(4, 48, crowd);
    Draw draw(scenario.choices);
    const std::size_t count = 2 + draw.below(3);
    const auto participants = adders(scenario, count);
    const Profile profile = scenario.rules.profile();
    Play play(scenario.world, profile, participants, Options{.tile_cells_max = draw.below(2) != 0 ? 16384u : 2u});
    unsigned commits = 0;
    RC_ASSERT(play.run([&](const auto& able) {
      if (draw.ended()) return std::size_t{0};
      return static_cast<std::size_t>(draw.below(static_cast<unsigned>(able.size())));
    }));
    const Ending ending = play.ending();
    commits = play.store().commits;
    RC_ASSERT(ending.state.broken == "");
    RC_ASSERT(!unsettled(ending));

    // A reported success has its membership. An address is created at most once, by one command alone.
    std::multiset<std::string> created;
    std::map<MembershipId, Pair> known;
    for (std::size_t who = 0; who < count; ++who) {
      const Answer& answer = ending.answers[who];
      if (answer.error) continue;
      for (std::uint32_t c = 0; c < answer.columns; ++c)
        if (answer.created[c]) created.insert(answer.accounts[c]);
      RC_ASSERT(contradiction(scenario.commands[who], answer, play.fixture().store, false) == "");
      for (std::size_t cell = 0; cell < answer.outcomes.size(); ++cell) {
        if (!succeeded(answer.outcomes[cell])) continue;
        const auto place =
            find_place(scenario.world, scenario.commands[who].organizations.span()[cell / answer.columns]);
        const Pair pair(place, answer.accounts[cell % answer.columns]);
        const auto [at, fresh] = known.emplace(answer.memberships[cell], pair);
        RC_ASSERT(fresh || at->second == pair);  // one membership id, one pair, in every report
      }
    }
    for (const std::string& address : created) {
      RC_ASSERT(created.count(address) == 1u);
      RC_ASSERT(scenario.world.people.count(address) == 0u);
    }
    // The store holds the records from before and the created ones, and no others.
    RC_ASSERT(ending.state.accounts.size() == scenario.world.people.size() + created.size());
    for (const auto& [pair, row] : scenario.world.members) RC_ASSERT(ending.state.rows.count(pair) == 1u);
    shares.count("two commits or more", commits >= 2);
    shares.count("created", !created.empty());
  });
  shares.at_least("two commits or more", 20);
  shares.at_least("created", 10);
}

TEST_CASE("an unknown address is provisioned once by any number of concurrent commands") {
  Shares shares;
  prop("provisioned once", [&] {
    const Scenario scenario = *scenarios(4, 48, [](Scenario& drawn) {
      drawn.rules.fields.actor = ActorRule::host_decides;
      drawn.rules.fields.by_email = true;
      drawn.rules.fields.parent = ParentRule::ignore;
      if (drawn.rules.fields.on_unknown_account == OnUnknown::reject)
        drawn.rules.fields.on_unknown_account = OnUnknown::create;
      drawn.rules.former.clear();
      drawn.rules.catalog = {Role{RoleId("member"), 1, true, false}, Role{RoleId("admin"), 2, true, true}};
      drawn.rules.fields.default_role = RoleId("member");
      drawn.rules.fields.parent_role = {};
      const char* spellings[] = {"n0@x.de", "N0@x.de", "n0@X.DE", "N0@X.De"};
      unsigned which = 0;
      for (AddMembers& command : drawn.commands) {
        command.accounts = email(spellings[which++ % 4]);
        command.organizations = OrganizationId("o0");
        command.cell_roles.clear();
        command.groups.clear();
        command.roles = which % 2 != 0 ? RoleId{} : RoleId("admin");
      }
      drawn.world.places["o0"].joinable = true;
      drawn.world.places["o0"].closed = false;
    });
    Draw draw(scenario.choices);
    const std::size_t count = 2 + draw.below(3);
    const auto participants = adders(scenario, count);
    Play play(scenario.world, scenario.rules.profile(), participants);
    RC_ASSERT(play.run(
        [&](const auto& able) { return static_cast<std::size_t>(draw.below(static_cast<unsigned>(able.size()))); }));
    const Ending ending = play.ending();
    RC_ASSERT(ending.state.broken == "");
    RC_ASSERT(ending.state.accounts.size() == scenario.world.people.size() + 1);
    int created = 0, first = 0;
    for (const Answer& answer : ending.answers) {
      RC_ASSERT(!answer.error && !answer.stopped);
      created += answer.created[0] ? 1 : 0;
      first += answer.at(0, 0) == Outcome::added || answer.at(0, 0) == Outcome::invited ? 1 : 0;
      RC_ASSERT(answer.accounts[0] == "new:n0@x.de");
    }
    RC_ASSERT(created == 1);
    RC_ASSERT(first == 1);
    shares.count("a loser decided again", play.store().commits > 1);
  });
  shares.at_least("a loser decided again", 30);
}

TEST_CASE("two operations of one cell end as one after the other would, in the order of their last steps") {
  // The serial order is the oracle's. The law therefore states both that the engine is linearizable and that it is
  // right.
  Shares shares;
  prop("single adds are linearizable", [&] {
    const Scenario scenario = *scenarios(2, 17, make_single);
    const Profile profile = scenario.rules.profile();
    const auto participants = adders(scenario, 2);
    Draw draw(std::span(scenario.choices).subspan(1));
    Play play(scenario.world, profile, participants);
    RC_ASSERT(play.run(
        [&](const auto& able) { return static_cast<std::size_t>(draw.below(static_cast<unsigned>(able.size()))); }));
    const Ending ending = play.ending();
    RC_LOG() << "schedule " << ending.steps << "\n";
    RC_ASSERT(serial_difference(scenario, ending, ending.order()) == "");
    const bool differ = serial_difference(scenario, ending, {ending.order()[1], ending.order()[0]}) != "";
    RC_ASSERT(ending.state.broken == "");
    shares.count("the order matters", differ);
    shares.count("a loser decided again", ending.steps.size() > 4);
  });
  shares.at_least("the order matters", 2);
  shares.at_least("a loser decided again", 0.5);
}

TEST_CASE("two atomic bulks end as one after the other would, in the order of their last steps") {
  Shares shares;
  prop("atomic bulks are linearizable", [&] {
    const Scenario scenario = *scenarios(2, 17, [](Scenario& drawn) {
      crowd(drawn);
      drawn.rules.fields.mode = Mode::atomic;
      drawn.rules.fields.actor = ActorRule::host_decides;
      for (AddMembers& command : drawn.commands) command.groups.clear();  // a group is read before the cells are
      same_target(drawn);
    });
    const Profile profile = scenario.rules.profile();
    const auto participants = adders(scenario, 2);
    Draw draw(std::span(scenario.choices).subspan(1));
    Play play(scenario.world, profile, participants);
    RC_ASSERT(play.run(
        [&](const auto& able) { return static_cast<std::size_t>(draw.below(static_cast<unsigned>(able.size()))); }));
    const Ending ending = play.ending();
    RC_LOG() << "schedule " << ending.steps << "\n";
    RC_ASSERT(serial_difference(scenario, ending, ending.order()) == "");
    shares.count("both wrote", play.store().commits > 1);
  });
  shares.at_least("both wrote", 2);
}

TEST_CASE("any schedule with any faults leaves the store whole, and every reported write is there") {
  Shares shares;
  prop("schedules with faults", [&] {
    const Scenario scenario = *scenarios(3, 64, crowd);
    Draw draw(scenario.choices);
    const std::size_t count = 1 + draw.below(3);
    const auto participants = adders(scenario, count);
    const Bytes wrong(scenario.choices.begin() + 32, scenario.choices.end());
    Play play(scenario.world, scenario.rules.profile(), participants,
              Options{.tile_cells_max = draw.below(2) != 0 ? 16384u : 3u}, [&](unsigned call, bool) {
                const unsigned byte = call < wrong.size() ? wrong[call] : 0u;
                return byte < 170 ? Fault::pass : faults[byte % faults.size()];
              });
    RC_ASSERT(play.run([&](const auto& able) {
      if (draw.ended()) return std::size_t{0};
      return static_cast<std::size_t>(draw.below(static_cast<unsigned>(able.size())));
    }));
    const Ending ending = play.ending();
    RC_ASSERT(ending.state.broken == "");
    bool partly = false;
    for (std::size_t who = 0; who < count; ++who) {
      const Answer& answer = ending.answers[who];
      if (answer.error) continue;
      partly = partly || answer.stopped.has_value();
      RC_ASSERT(contradiction(scenario.commands[who], answer, play.fixture().store, false) == "");
    }
    shares.count("something failed", play.store().failed);
    shares.count("a report of a part", partly);
    shares.count("wrote", play.store().commits > 0);
  });
  shares.at_least("something failed", 60);
  shares.at_least("a report of a part", 2);
  shares.at_least("wrote", 20);
}
