// Proves the rules of a cell whose account is a member already, or was made one by an earlier cell of the same command:
// the policy table, ranks, duplicates, parents as rows, the atomic take-back, and what a report may disclose.
#include "unit/facts_by_hand.hpp"

namespace decision_policy_test {

using namespace by_hand;

TEST_CASE("the policy table: each policy, for the role asked for against the role there is") {
  struct Row {
    OnConflict same, other;
    const char *asked, *has;
    Outcome outcome;
  };
  constexpr OnConflict all[] = {OnConflict::keep, OnConflict::reject, OnConflict::replace, OnConflict::raise};
  for (const OnConflict same : all)
    for (const OnConflict other : all)
      for (const char* const asked : {"", "guest", "clerk", "chief"})
        for (const char* const has : {"guest", "clerk", "chief", "ghost", "stranger"}) {
          Profile profile = wide_profile();
          profile.on_same_role = same;
          profile.on_other_role = other;
          profile.on_invited = OnInvited::keep;
          Case c(single(asked), profile);
          c.knows_role("stranger");
          const bool invited = std::string_view(has) != "chief";  // a kept invitation is judged as a member is
          c.has_member(0, 0, has).state = invited ? MembershipState::invited : MembershipState::active;
          const auto rank = [](std::string_view id) {
            for (const Role& known : ladder)
              if (known.id.view() == id) return int{known.rank};
            return 0;
          };
          const bool is_same = std::string_view(asked).empty() || std::string_view(asked) == has;
          Outcome expected = invited ? Outcome::still_invited : Outcome::existing;
          if (is_same && same == OnConflict::reject) expected = Outcome::conflict;
          if (!is_same && other == OnConflict::reject) expected = Outcome::role_conflict;
          if (!is_same && other == OnConflict::replace) expected = Outcome::replaced;
          if (!is_same && other == OnConflict::raise && rank(asked) > rank(has)) expected = Outcome::replaced;
          INFO("asked `" << asked << "` has `" << has << "` same " << int(same) << " other " << int(other));
          CHECK(c.one() == expected);
          const ChangeSet& changes = c.decision.changes;
          CHECK(changes.created.empty());
          CHECK(changes.added.empty());
          // What a cell shows is the membership as it is now, also where it stands in the way.
          CHECK(c.decision.memberships[0] == membership_id(1));
          CHECK(c.shown_role(0) == (expected == Outcome::replaced ? asked : has));
          REQUIRE(changes.changed.size() == (expected == Outcome::replaced ? 1u : 0u));
          if (expected != Outcome::replaced) continue;
          const MemberChanged& replaced = changes.changed[0];
          CHECK(replaced.id == membership_id(1));
          CHECK(replaced.version == Version{401});
          CHECK(changes.roles[replaced.role].view() == asked);
          CHECK(changes.roles[replaced.previous_role].view() == has);
        }
}

TEST_CASE("raise compares the ranks of the organization's own catalog where the profile has none") {
  Profile profile = wide_profile();
  profile.roles = {};
  profile.on_other_role = OnConflict::raise;
  const bool higher = GENERATE(true, false);
  Case c(single("tutor"), profile);
  const std::array wanted{role("tutor")};
  c.query.roles = wanted;
  c.has(c.facts.wanted_roles, c.knows_role(Role{.id = role("tutor"), .rank = 5}));
  c.knows_role(Role{.id = role("pupil"), .rank = static_cast<std::uint16_t>(higher ? 4 : 5)});
  c.has_member(0, 0, "pupil");
  CHECK(c.one() == (higher ? Outcome::replaced : Outcome::existing));
}

TEST_CASE("without details a decision is the same but for the memberships it shows") {
  Profile profile = wide_profile();
  profile.on_other_role = OnConflict::replace;
  for (const bool details : {true, false}) {
    Case c(AddMembers(organization("o"), people({"a", "b", "a", "c"}), role("chief")), profile);
    c.context.details = details;
    c.has_member(0, 1, "guest");
    c.has_member(0, 3, "chief");
    CHECK(c.outcomes() == Outcomes{Outcome::added, Outcome::replaced, Outcome::replayed, Outcome::existing});
    CHECK(c.decision.changes.added.size() == 1);
    CHECK(c.decision.changes.changed.size() == 1);
    CHECK(c.decision.memberships.size() == (details ? 4u : 0u));
    CHECK(c.decision.cell_roles.size() == (details ? 4u : 0u));
    if (details) CHECK(c.decision.memberships[2] == c.decision.changes.added_ids[0]);
  }
}

TEST_CASE("duplicates behave as retries: the first cell decides, a later one never conflicts with it") {
  struct Row {
    const char* statement;
    OnConflict same;
    std::vector<RoleIndex> roles;  // guest, clerk, chief
    const char* member;            // of the account beforehand
    Outcomes outcomes;
  };
  const Outcome replay = Outcome::replayed, reuse = Outcome::request_reused;
  const Row rows[] = {
      {"added, and again", OnConflict::reject, {1, 1, 1}, "", {Outcome::added, replay, replay}},
      {"added, and another role", OnConflict::reject, {1, 2, 1}, "", {Outcome::added, reuse, replay}},
      {"a member, three times",
       OnConflict::keep,
       {1, 1, 1},
       "clerk",
       {Outcome::existing, Outcome::existing, Outcome::existing}},
      {"a conflict, three times",
       OnConflict::reject,
       {1, 1, 1},
       "clerk",
       {Outcome::conflict, Outcome::conflict, Outcome::conflict}},
      {"replaced, and again, and back", OnConflict::keep, {2, 2, 1}, "clerk", {Outcome::replaced, replay, reuse}},
      {"kept, then replaced, then again",
       OnConflict::keep,
       {1, 2, 2},
       "clerk",
       {Outcome::existing, Outcome::replaced, replay}},
  };
  for (const Row& row : rows) {
    INFO(row.statement);
    Profile profile = wide_profile();
    profile.on_same_role = row.same;
    profile.on_other_role = OnConflict::replace;
    AddMembers command(organization("o"), people({"a", "a", "a"}));
    command.roles = std::vector<RoleId>{role("guest"), role("clerk"), role("chief")};
    command.cell_roles = row.roles;
    Case c(std::move(command), profile);
    if (*row.member != '\0')  // where two columns name one account, a store answers each
      for (std::uint32_t column = 0; column < 3; ++column) c.has_member(0, column, row.member).id = membership_id(9);
    CHECK(c.outcomes() == row.outcomes);
    CHECK(c.decision.changes.added.size() + c.decision.changes.changed.size() <= 1);
    for (std::uint32_t cell = 1; cell < 3; ++cell)
      if (succeeded(row.outcomes[cell])) CHECK(c.decision.memberships[cell] == c.decision.memberships[0]);
  }
}

TEST_CASE("duplicates are found across rows, columns and the ways to name somebody, at any number") {
  // Four are compared pair by pair, more through a table: both must know the same person.
  const std::uint32_t others = GENERATE(0u, 2u, 3u, 40u);
  Profile profile = wide_profile();
  std::vector<AccountSelector> who{account("a")};
  for (std::uint32_t i = 0; i < others; ++i) who.push_back(account("other" + std::to_string(i)));
  who.push_back(email("a@x.example"));
  who.push_back(named<Username>("a"));
  Case c(AddMembers(places({"o", "o"}), who), profile);
  for (std::uint32_t column = others + 1; column < others + 3; ++column) c.facts.accounts[column].id = account("a");
  const auto outcomes = c.outcomes();
  CHECK(outcomes[0] == Outcome::added);
  CHECK(outcomes[others + 1] == Outcome::replayed);
  CHECK(outcomes[others + 2] == Outcome::replayed);
  for (std::uint32_t column = 0; column < others + 3; ++column)
    CHECK(outcomes[others + 3 + column] == Outcome::replayed);
  CHECK(c.decision.changes.added.size() == others + 1);
}

TEST_CASE("an id whose bytes are an address is not the account that is created for that address") {
  // Both sides of the line between looking at pairs and using a table.
  const std::uint32_t others = GENERATE(0u, 1u, 30u);
  Profile profile = wide_profile();
  profile.on_unknown_account = OnUnknown::create;
  std::vector<AccountSelector> who{email("new@x.example"), account("new@x.example"), email("NEW@x.example")};
  for (std::uint32_t i = 0; i < others; ++i) who.push_back(account("other" + std::to_string(i)));
  Case c(AddMembers(organization("o"), who), profile);
  const auto outcomes = c.outcomes();
  CHECK(outcomes[0] == Outcome::added);
  CHECK(outcomes[1] == Outcome::added);
  CHECK(outcomes[2] == Outcome::replayed);
  const ChangeSet& changes = c.decision.changes;
  CHECK(changes.created.size() == 1);
  REQUIRE(changes.added.size() == 2 + others);
  CHECK(changes.added[0].account == changes.accounts.size());
  CHECK(changes.added[1].account == 1);
  CHECK(c.decision.memberships[2] == c.decision.memberships[0]);
  CHECK_FALSE(c.decision.memberships[1] == c.decision.memberships[0]);
}

TEST_CASE("two unknown ids, or user names, are not one person, and nobody is created for them") {
  Profile profile = wide_profile();
  profile.on_unknown_account = OnUnknown::create;
  Case c(AddMembers(organization("o"), std::vector<AccountSelector>{account("x"), account("x"), named<Username>("x")}),
         profile);
  for (AccountFact& fact : c.facts.accounts) fact.id = {};
  CHECK(c.outcomes() == Outcomes(3, Outcome::account_not_found));
}

TEST_CASE("parent rule add: a membership in the parent once per account and parent, before that of the child") {
  Profile profile = wide_profile();
  profile.parent = ParentRule::add;
  profile.parent_role = role("guest");
  Case c(AddMembers(places({"c1", "c2"}), people({"a", "b"}), role("chief")), profile);
  c.has_parent(0, "p");
  c.has_parent(1, "p");
  c.has_member(2, 1, "chief");  // b is there already
  CHECK(c.outcomes() == Outcomes(4, Outcome::added));
  const auto& added = c.decision.changes.added;
  REQUIRE(added.size() == 5);
  CHECK(added[0].organization == 2);
  CHECK(added[0].account == 0);
  CHECK(c.written_role(0) == "guest");
  for (std::uint32_t i = 1; i < 5; ++i) CHECK(c.written_role(i) == "chief");
  CHECK(c.decision.memberships[0] == c.decision.changes.added_ids[1]);
}

TEST_CASE("parent rule add: a later row that is the parent sees what an earlier row wrote there") {
  const char* const asked = GENERATE("guest", "chief");
  Profile profile = wide_profile();
  profile.parent = ParentRule::add;
  profile.parent_role = role("guest");
  const bool parent_first = GENERATE(true, false);
  Case c(AddMembers(parent_first ? places({"p", "c1"}) : places({"c1", "p"}), account("a"), role(asked)), profile);
  c.has_parent(parent_first ? 1 : 0, "p");
  const Outcome second = std::string_view(asked) == "guest" ? Outcome::replayed : Outcome::request_reused;
  CHECK(c.outcomes() == (parent_first ? Outcomes{Outcome::added, Outcome::added} : Outcomes{Outcome::added, second}));
  CHECK(c.decision.changes.added.size() == 2);
  if (!parent_first && succeeded(second)) CHECK(c.decision.memberships[1] == c.decision.changes.added_ids[0]);
}

TEST_CASE("parent rule add: the parent may stand behind the rows a second time") {
  Profile profile = wide_profile();
  profile.parent = ParentRule::add;
  profile.parent_role = role("guest");
  Case c(AddMembers(places({"c1", "p"}), account("a"), role("guest")), profile);
  Case::has(c.facts.organizations, {.id = organization("p")});
  c.facts.organizations[0].parent = 2;  // not the row 1, though it is the same organization
  CHECK(c.outcomes() == Outcomes{Outcome::added, Outcome::replayed});
  CHECK(c.decision.changes.added.size() == 2);
}

TEST_CASE("parent rule add: an account created as invited is invited in the parent as well") {
  Profile profile = wide_profile();
  profile.parent = ParentRule::add;
  profile.parent_role = role("guest");
  profile.on_unknown_account = OnUnknown::invite;
  Case c(AddMembers(organization("c1"), email("new@x.example")), profile);
  c.has_parent(0, "p");
  CHECK(c.one() == Outcome::invited);
  REQUIRE(c.decision.changes.added.size() == 2);
  for (const MemberAdded& added : c.decision.changes.added) CHECK(added.state == MembershipState::invited);
  CHECK(c.decision.changes.created.size() == 1);
}

TEST_CASE("parent rule add: the role given there must be in the parent's own catalog, where there is a parent") {
  Profile profile = wide_profile();
  profile.roles = {};
  profile.parent = ParentRule::add;
  profile.parent_role = role("guest");
  const bool known = GENERATE(true, false);
  Case c(AddMembers(places({"c1", "root"}), account("a"), role("tutor")), profile);
  c.has_parent(0, "p");
  const std::array wanted{role("tutor"), role("guest")};
  c.query.roles = wanted;
  const RoleIndex tutor = c.knows_role("tutor"), guest = c.knows_role("guest");
  for (const RoleIndex index : {tutor, no_role, tutor, no_role, no_role, known ? guest : no_role})
    Case::has(c.facts.wanted_roles, index);
  CHECK(c.outcomes() == Outcomes{known ? Outcome::added : Outcome::role_not_found, Outcome::added});
}

TEST_CASE("parent rule require: a membership that the same command writes into the parent counts") {
  Profile profile = wide_profile();
  profile.parent = ParentRule::require;
  const bool parent_first = GENERATE(true, false);
  Case c(AddMembers(parent_first ? places({"p", "c1"}) : places({"c1", "p"}), account("a")), profile);
  c.has_parent(parent_first ? 1 : 0, "p");
  CHECK(c.outcomes() ==
        (parent_first ? Outcomes{Outcome::added, Outcome::added} : Outcomes{Outcome::parent_required, Outcome::added}));
}

TEST_CASE("atomic: one refusal takes back every write, what was there before the command stays as it was") {
  Profile profile = wide_profile();
  profile.mode = Mode::atomic;
  profile.on_other_role = OnConflict::replace;
  profile.on_unknown_account = OnUnknown::create;
  std::vector<AccountSelector> who = people({"new", "new", "same", "other", "mine", "gone"});
  who.push_back(email("fresh@x.example"));
  Case c(AddMembers(organization("o"), who, role("clerk")), profile);
  c.has_member(0, 2, "clerk");
  c.has_member(0, 3, "guest");
  wrote_it(c.command, c.has_member(0, 4, "clerk"));
  c.facts.accounts[5].disabled = true;
  const Outcome no = Outcome::not_attempted;
  CHECK(c.outcomes() == Outcomes{no, no, Outcome::existing, no, Outcome::replayed, Outcome::account_disabled, no});
  CHECK(c.decision.changes.empty());
  CHECK(c.decision.changes.guards.empty());
  CHECK(c.decision.refusals == 5);
  CHECK(c.ids.memberships + c.ids.accounts == 0);
  CHECK(c.decision.memberships[2] == membership_id(1));
  CHECK(c.decision.memberships[4] == membership_id(3));
  for (const std::uint32_t cell : {0u, 1u, 3u, 5u, 6u}) {
    CHECK(c.decision.memberships[cell].empty());
    CHECK(c.decision.cell_roles[cell] == no_role);
  }
  c.facts.accounts[5].disabled = false;
  const Outcome yes = Outcome::added;
  CHECK(c.outcomes() ==
        Outcomes{yes, Outcome::replayed, Outcome::existing, Outcome::replaced, Outcome::replayed, yes, yes});
}

TEST_CASE("best effort: a refused cell does not hinder the others") {
  Case c(AddMembers(places({"o1", "o2"}), people({"a", "b"})));
  c.facts.organizations[0].id = {};
  c.facts.accounts[1].disabled = true;
  CHECK(c.outcomes() == Outcomes{Outcome::organization_not_found, Outcome::organization_not_found, Outcome::added,
                                 Outcome::account_disabled});
  CHECK(c.decision.changes.added.size() == 1);
  CHECK(c.decision.refusals == 3);
}

TEST_CASE("account ids are disclosed only where at least one row lets the actor in") {
  Profile profile = wide_profile();
  profile.actor = ActorRule::member;
  Case c(AddMembers(places({"o1", "o2"}), people({"a", "b"})), profile);
  c.command.actor.id = account("boss");
  CHECK(c.outcomes() == Outcomes(4, Outcome::forbidden));
  for (const AccountReport& report : c.decision.accounts) CHECK(report.id.empty());
  c.has_actor(1, "clerk");
  c.facts.accounts[1].disabled = true;
  CHECK(c.outcomes() == Outcomes{Outcome::forbidden, Outcome::forbidden, Outcome::added, Outcome::account_disabled});
  CHECK(c.decision.accounts[0].id == account("a"));
  CHECK(c.decision.accounts[1].id == account("b"));
  c.facts.organizations[1].joinable = false;  // refused, but by somebody who may look
  c.decide();
  CHECK(c.decision.accounts[0].id == account("a"));
  c.facts.organizations[0].id = c.facts.organizations[1].id = {};
  c.decide();
  CHECK(c.decision.accounts[0].id.empty());
}

}
