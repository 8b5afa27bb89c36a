// An unauthorized actor learns nothing: two worlds that differ only in hidden facts give it the same bytes.
#include <algorithm>
#include <set>

#include "catch.hpp"
#include "conditions.hpp"
#include "laws/generators.hpp"
#include "prop.hpp"
#include "support/fixture.hpp"

using namespace roster;
using namespace roster_test;

namespace {

/// Requires a rule about the actor, and an actor that is not staff.
void guarded(Scenario& scenario) {
  Profile& fields = scenario.rules.fields;
  if (fields.actor == ActorRule::host_decides) fields.actor = ActorRule::member;
  for (AddMembers& command : scenario.commands) {
    command.actor.staff = false;
    if (command.actor.id.empty()) command.actor.id = AccountId("a0");
  }
}

bool authorizes(const Scenario& scenario, const std::string& place) {
  return roster_test::authorizes(scenario.world, scenario.rules.profile(), scenario.commands[0], place, now);
}

bool named(const AddMembers& command, const std::string& organization, const Place& record) {
  for (const OrganizationSelector& selector : command.organizations.span()) {
    const auto* const id = std::get_if<OrganizationId>(&selector);
    const auto* const slug = std::get_if<Slug>(&selector);
    const auto* const nested = std::get_if<Nested>(&selector);
    if ((id && id->view() == organization) || (slug && slug->view() == record.slug) ||
        (nested && nested->id.view() == organization))
      return true;
  }
  return false;
}

}  // namespace

TEST_CASE("an unauthorized actor learns nothing about accounts, memberships, roles, or hidden organizations") {
  Shares shares;
  prop("a stranger learns nothing", [&] {
    const Scenario scenario = *scenarios(1, 40, [](Scenario& drawn) {
      guarded(drawn);
      Profile& fields = drawn.rules.fields;  // whether a group breaks a limit is not hidden
      fields.accounts_max = fields.hides_organizations ? 3 : 100;
    });
    const AddMembers& command = scenario.commands[0];
    const Profile profile = scenario.rules.profile();
    for (const auto& [name, record] : scenario.world.places)
      if (named(command, name, record) && authorizes(scenario, name)) return;
    // An actor with the key that wrote its own membership may see the result: its command is a retry.
    for (const auto& [pair, row] : scenario.world.members)
      if (pair.second == text_of(command.actor.id) && !row.idempotency_key.empty() &&
          same_request(row.idempotency_key, bound(command.idempotency_key, command.actor.id)))
        return;

    // The other world: every fact hidden from the actor is drawn anew. Its own memberships stay. Disclosed by design
    // are the existence of an organization and the size of a group, unless the profile hides them.
    World other = scenario.world;
    Draw draw(scenario.choices);
    const std::string actor = text_of(command.actor.id);
    std::set<std::string> grouped;
    for (const auto& [name, members] : other.groups) grouped.insert(members.begin(), members.end());
    for (auto& [name, place] : other.places) {
      bool& flag = name.back() % 2 == 0 ? place.joinable : place.closed;
      if (draw.chance(50)) flag = !flag;
      if (!profile.roles.empty() && draw.chance(50)) place.roles.clear();
    }
    for (auto& [pair, row] : other.members)
      if (pair.second != actor) row.role = draw.chance(50) ? "admin" : "viewer";
    std::erase_if(other.members, [&](const auto& row) { return row.first.second != actor && draw.chance(30); });
    for (auto& [name, account] : other.people) {
      if (draw.chance(30) && name != actor) account.disabled = !account.disabled;
      if (draw.chance(30)) account.email.clear();
      if (draw.chance(30)) account.username.clear();
    }
    std::erase_if(other.people, [&](const auto& account) {
      const bool gone = account.first != actor && !grouped.count(account.first) && draw.chance(40);
      if (gone) std::erase_if(other.members, [&](const auto& row) { return row.first.second == account.first; });
      return gone;
    });
    bool removed = false, regrouped = false;
    if (profile.hides_organizations) {
      for (auto& [name, members] : other.groups)
        if (!members.empty() && draw.chance(80)) {
          members.resize(draw.chance(50) ? members.size() - 1 : 0);
          const GroupName group = GroupName::parse(name).value();
          regrouped = regrouped || std::count(command.groups.begin(), command.groups.end(), group) != 0;
        }
      std::set<std::string> parents;
      for (const auto& [name, place] : other.places) parents.insert(place.parent);
      std::erase_if(other.places, [&](const auto& place) {
        const bool gone = !parents.count(place.first) && draw.chance(50);
        if (gone) std::erase_if(other.members, [&](const auto& row) { return row.first.first == place.first; });
        removed = removed || (gone && named(command, place.first, place.second));
        return gone;
      });
    }

    TestFixture here(scenario.world), there(other);
    RC_ASSERT(here.filled && there.filled);
    const std::string first = all_of(here.raw_run(profile, command)), second = all_of(there.raw_run(profile, command));
    RC_ASSERT(first == second);
    shares.count("a report", first.rfind("error", 0) != 0);
    shares.count("a group is smaller in the other world", regrouped);
    shares.count("a hidden place is missing in the other world", removed);
  });
  shares.at_least("a report", 60);
  shares.at_least("a group is smaller in the other world", 1);
  shares.at_least("a hidden place is missing in the other world", 5);
}

TEST_CASE("an actor with a right in one organization learns nothing about the others") {
  Shares shares;
  prop("an insider of one place is a stranger in the others", [&] {
    const Scenario scenario = *scenarios(1, 40, [](Scenario& drawn) {
      guarded(drawn);
      // By design a rule about parents discloses membership in the parent. An atomic command discloses whether another
      // cell is refused.
      drawn.rules.fields.parent = ParentRule::ignore;
    });
    const AddMembers& command = scenario.commands[0];
    const Profile profile = scenario.rules.profile();
    const std::string actor = text_of(command.actor.id);
    std::set<std::string> closed;
    bool inside = false;
    for (const auto& [name, record] : scenario.world.places) {
      if (!authorizes(scenario, name)) closed.insert(name);
      inside = inside || (authorizes(scenario, name) && named(command, name, record));
    }
    World other = scenario.world;
    Draw draw(scenario.choices);
    for (auto& [name, place] : other.places) {
      if (!closed.count(name)) continue;
      bool& flag = name.back() % 2 == 0 ? place.joinable : place.closed;
      if (draw.chance(50)) flag = !flag;
    }
    bool changed = false;
    // The result of the actor's own request is disclosed, even if the request took its right away.
    const auto may_change = [&](const auto& row) {
      return row.first.second != actor && closed.count(row.first.first) &&
             !same_request(row.second.idempotency_key, bound(command.idempotency_key, command.actor.id));
    };
    for (auto& row : other.members)
      if (may_change(row)) {
        changed = true;
        row.second.role = draw.chance(50) ? "admin" : "viewer";
        // Also another actor's write under the key of the command.
        const unsigned key = draw.below(request_keys + 1);
        row.second.idempotency_key =
            bound(key < request_keys ? request_key(key) : command.idempotency_key, AccountId("somebody"));
      }
    std::erase_if(other.members, [&](const auto& row) { return may_change(row) && draw.chance(50); });
    const auto report_of = [&](const World& world) {
      TestFixture fixture(world);
      Answer answer = fixture.run(profile, command);
      return describe(answer);
    };
    RC_ASSERT(report_of(scenario.world) == report_of(other));
    shares.count("inside one, outside another", inside && changed);
  });
  shares.at_least("inside one, outside another", 10);
}

TEST_CASE("staff get the facts of organizations that are hidden from other actors") {
  prop("nothing is hidden from staff", [] {
    const Scenario scenario = *scenarios(1, 0, [](Scenario& drawn) {
      drawn.rules.fields.hides_organizations = true;
      drawn.commands[0].actor.staff = true;
    });
    TestFixture fixture(scenario.world);
    const Answer answer = fixture.run(scenario.rules.profile(), scenario.commands[0]);
    for (const Outcome outcome : answer.outcomes) RC_ASSERT(outcome != Outcome::forbidden);
  });
}
