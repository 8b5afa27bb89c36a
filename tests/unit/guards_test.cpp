// Proves what a change set carries besides the writes: the guards that must still hold, and who, when, under which key.
#include <algorithm>

#include "unit/facts_by_hand.hpp"

namespace guards_test {

using namespace by_hand;

namespace {

/// A guard as a line of text, so that a whole list can be compared and read.
std::vector<std::string> guards_of(const ChangeSet& changes) {
  std::vector<std::string> all;
  for (const Guard& guard : changes.guards) {
    const auto version = std::to_string(static_cast<std::uint64_t>(guard.version));
    switch (guard.record) {
      case Guard::Record::organization:
        all.push_back("organization " + std::to_string(guard.organization) + " v" + version);
        break;
      case Guard::Record::account: all.push_back("account " + std::to_string(guard.account) + " v" + version); break;
      case Guard::Record::actor: all.push_back("actor " + std::to_string(guard.organization) + " v" + version); break;
      case Guard::Record::inviter:
        all.push_back("inviter " + std::to_string(guard.organization) + " v" + version);
        break;
      case Guard::Record::seats:
        all.push_back("seats " + std::to_string(guard.organization) + " at most " + std::to_string(guard.limit));
        break;
      case Guard::Record::owners: all.push_back("owners " + std::to_string(guard.organization)); break;
      case Guard::Record::membership:
        all.push_back("membership " + std::to_string(guard.organization) + " " + std::to_string(guard.account) + " v" +
                      version);
    }
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}
using Guards = std::vector<std::string>;

}  // namespace

TEST_CASE("guards: each organization and each found account that is written to, and no other") {
  Case c(AddMembers(places({"o1", "o2", "o3"}), people({"a", "b", "c"})));
  c.facts.accounts[2].disabled = true;
  c.facts.organizations[1].joinable = false;
  c.has_member(2, 0, "clerk");
  c.has_member(2, 1, "clerk");
  c.decide();
  CHECK(guards_of(c.decision.changes) == Guards{"account 0 v200", "account 1 v201", "organization 0 v100"});
}

TEST_CASE("guards: the key under which a decision is written is the one that its query asked for") {
  Case c(single("clerk"));
  c.query.idempotency_key = bound(IdempotencyKey::of("once"), c.command.actor.id);
  CHECK(c.one() == Outcome::added);
  CHECK(c.decision.changes.idempotency_key == c.query.idempotency_key);
  c.has_member(0, 0, "guest");
  CHECK(c.one() == Outcome::role_conflict);
  CHECK(c.decision.changes.idempotency_key.empty());
}

TEST_CASE("guards: a replaced role guards like an addition") {
  Profile profile = wide_profile();
  profile.on_other_role = OnConflict::replace;
  Case c(single("chief"), profile);
  c.has_member(0, 0, "guest");
  CHECK(c.one() == Outcome::replaced);
  CHECK(guards_of(c.decision.changes) == Guards{"account 0 v200", "organization 0 v100"});
}

TEST_CASE("guards: an account that is created has no version to guard") {
  Profile profile = wide_profile();
  profile.on_unknown_account = OnUnknown::create;
  Case c(AddMembers(organization("o"), email("new@x.example")), profile);
  CHECK(c.one() == Outcome::added);
  CHECK(guards_of(c.decision.changes) == Guards{"organization 0 v100"});
}

TEST_CASE(
    "guards: the actor's membership where the rule looked, for rows written to, if a membership answered the rule") {
  struct Row {
    const char* statement;
    ActorRule rule;
    void (*arrange)(Case&);
    Guards guards;
  };
  const Guards rows_and_accounts{"account 0 v200", "organization 0 v100", "organization 1 v101"};
  const auto with = [&](std::initializer_list<const char*> more) {
    Guards all = rows_and_accounts;
    all.insert(all.end(), more.begin(), more.end());
    std::sort(all.begin(), all.end());
    return all;
  };
  const auto members = [](Case& c) {
    c.has_actor(0, "chief");
    c.has_actor(1, "chief");
  };
  const auto parents = [](Case& c) {
    c.has_actor(c.has_parent(0, "p"), "chief");
    c.has_actor(c.has_parent(1, "q"), "chief");
  };
  const Row rows[] = {
      {"host decides", ActorRule::host_decides, members, rows_and_accounts},
      {"member", ActorRule::member, members, with({"actor 0 v500", "actor 1 v501"})},
      {"manager", ActorRule::manager, members, with({"actor 0 v500", "actor 1 v501"})},
      {"parent_manager", ActorRule::parent_manager, parents, with({"actor 2 v502", "actor 3 v503"})},
      {"staff", ActorRule::manager,
       [](Case& c) {
         c.has_actor(0, "chief");
         c.command.actor.staff = true;
       },
       rows_and_accounts},
      {"the organization itself, and a member in the other", ActorRule::member,
       [](Case& c) {
         c.profile.organization_is_account = true;
         c.command.actor.id = account("o1");
         c.has_actor(1, "clerk");
       },
       with({"actor 1 v501"})},
      {"nothing is written in the second row",
       ActorRule::member,
       [](Case& c) {
         c.has_actor(0, "chief");
         c.has_actor(1, "chief");
         c.facts.organizations[1].joinable = false;
       },
       {"account 0 v200", "actor 0 v500", "organization 0 v100"}},
  };
  for (const Row& row : rows) {
    INFO(row.statement);
    Profile profile = wide_profile();
    profile.actor = row.rule;
    AddMembers command(places({"o1", "o2"}), account("a"));
    command.actor.id = account("boss");
    Case c(std::move(command), profile);
    row.arrange(c);
    c.decide();
    CHECK(guards_of(c.decision.changes) == row.guards);
  }
}

TEST_CASE("guards: parent rule require guards the membership it depends on, not one that the command writes itself") {
  Profile profile = wide_profile();
  profile.parent = ParentRule::require;
  Case c(AddMembers(places({"p", "c1"}), people({"a", "b"})), profile);
  c.has_parent(1, "p");
  c.has_member(0, 0, "guest");
  c.command.roles = role("guest");
  CHECK(c.outcomes() == Outcomes{Outcome::existing, Outcome::added, Outcome::added, Outcome::added});
  CHECK(guards_of(c.decision.changes) == Guards{"account 0 v200", "account 1 v201", "membership 0 0 v401",
                                                "organization 0 v100", "organization 1 v101"});
}

TEST_CASE("guards: a member who gets another role depends on nothing in the parent, whatever the parent rule") {
  for (const ParentRule rule : {ParentRule::require, ParentRule::add}) {
    Profile profile = wide_profile();
    profile.parent = rule;
    profile.parent_role = role("guest");
    profile.on_other_role = OnConflict::replace;
    Case c(AddMembers(places({"c1", "p"}), people({"a"})), profile);
    c.command.roles = role("chief");
    c.has_parent(0, "p");
    c.has_member(0, 0, "clerk");
    c.has_member(1, 0, "chief");
    CHECK(c.outcomes() == Outcomes{Outcome::replaced, Outcome::existing});
    CHECK(guards_of(c.decision.changes) == Guards{"account 0 v200", "organization 0 v100"});  // and its own version
  }
}

TEST_CASE("guards: parent rule add guards the parent that it writes to, without judging the actor there") {
  Profile profile = wide_profile();
  profile.parent = ParentRule::add;
  profile.parent_role = role("guest");
  profile.actor = ActorRule::member;
  Case c(single(), profile);
  c.command.actor.id = account("boss");
  c.has_parent(0, "p");
  c.has_actor(0, "clerk");
  CHECK(c.one() == Outcome::added);
  CHECK(guards_of(c.decision.changes) ==
        Guards{"account 0 v200", "actor 0 v500", "organization 0 v100", "organization 1 v300"});
}

TEST_CASE("guards: an atomic command also guards every membership that its answer depends on") {
  Profile profile = wide_profile();
  profile.mode = GENERATE(Mode::atomic, Mode::best_effort);
  Case c(AddMembers(organization("o"), people({"a", "b", "c"})), profile);
  c.has_member(0, 0, "clerk");
  wrote_it(c.command, c.has_member(0, 1, "clerk"));
  CHECK(c.outcomes() == Outcomes{Outcome::existing, Outcome::replayed, Outcome::added});
  Guards expected{"account 2 v202", "organization 0 v100"};
  if (profile.mode == Mode::atomic)
    expected = {"account 0 v200",      "account 1 v201",      "account 2 v202",
                "membership 0 0 v401", "membership 0 1 v402", "organization 0 v100"};
  CHECK(guards_of(c.decision.changes) == expected);
}

TEST_CASE("guards: an atomic command depends on every organization, actor and account, also where nothing is written") {
  Profile profile = wide_profile();
  profile.mode = GENERATE(Mode::atomic, Mode::best_effort);
  profile.actor = ActorRule::manager;
  AddMembers command(places({"o1", "o2"}), people({"a", "b"}));
  command.actor.id = account("boss");
  Case c(std::move(command), profile);
  c.has_actor(0, "chief");
  c.has_actor(1, "chief");
  c.has_member(0, 0, "clerk");
  c.has_member(0, 1, "clerk");
  c.has_member(1, 1, "clerk");
  CHECK(c.outcomes() == Outcomes{Outcome::existing, Outcome::existing, Outcome::added, Outcome::existing});
  Guards expected{"account 0 v200", "actor 1 v501", "organization 1 v101"};
  if (profile.mode == Mode::atomic)
    expected = {"account 0 v200",      "account 1 v201",      "actor 0 v500",
                "actor 1 v501",        "membership 0 0 v401", "membership 0 1 v402",
                "membership 1 1 v403", "organization 0 v100", "organization 1 v101"};
  CHECK(guards_of(c.decision.changes) == expected);
}

TEST_CASE("guards: an atomic command that changes nothing leaves nothing to guard") {
  Profile profile = wide_profile();
  profile.mode = Mode::atomic;
  Case c(single(), profile);
  c.has_member(0, 0, "clerk");
  CHECK(c.one() == Outcome::existing);
  CHECK(c.decision.changes.empty());
  CHECK(c.decision.changes.guards.empty());
}

TEST_CASE("guards: an organization or account named twice is guarded under its first mention") {
  Case c(AddMembers(places({"o", "o"}), people({"a", "a"})));
  c.decide();
  CHECK(guards_of(c.decision.changes) == Guards{"account 0 v200", "organization 0 v100"});
  CHECK(c.decision.changes.added[0].organization == 0);
  CHECK(c.decision.changes.added[0].account == 0);
}

TEST_CASE("a change set says who, when, and with which fresh identifiers, each used once") {
  AddMembers command(places({"o1", "o2"}), people({"a", "b", "c"}));
  command.actor.id = account("boss");
  Case c(std::move(command));
  c.decide();
  const ChangeSet& changes = c.decision.changes;
  CHECK(changes.actor == account("boss"));
  CHECK(changes.at == Time{42});
  REQUIRE(changes.added_ids.size() == changes.added.size());
  REQUIRE(changes.added.size() == 6);
  CHECK(c.ids.memberships == 6);
  std::vector<MembershipId> ids(changes.added_ids.begin(), changes.added_ids.end());
  std::sort(ids.begin(), ids.end());
  CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
  CHECK(changes.roles.size() == 1);  // one role, written down once
  for (std::uint32_t cell = 0; cell < 6; ++cell) CHECK(c.decision.memberships[cell] == changes.added_ids[cell]);
}

TEST_CASE("equal arguments give equal decisions, also from a decision that was used for something else before") {
  Profile profile = wide_profile();
  profile.on_unknown_account = OnUnknown::create;
  profile.on_other_role = OnConflict::replace;
  std::vector<AccountSelector> who = people({"a", "b", "a"});
  who.push_back(email("new@x.example"));
  Case used(AddMembers(places({"o1", "o2"}), who, role("chief")), profile);
  used.has_member(0, 0, "guest");
  used.has_member(0, 2, "guest").id = membership_id(1);
  used.has_member(1, 1, "chief");
  const Outcomes first = used.outcomes();
  const auto added = used.decision.changes.added.size();
  const auto guards = guards_of(used.decision.changes);
  {
    Case other(single("guest"));
    other.decision = std::move(used.decision);
    CHECK(other.one() == Outcome::added);
    CHECK(other.decision.changes.added.size() == 1);
    CHECK(other.decision.changes.changed.empty());
    used.decision = std::move(other.decision);
  }
  CHECK(used.outcomes() == first);
  CHECK(used.decision.changes.added.size() == added);
  CHECK(guards_of(used.decision.changes) == guards);
}

}
