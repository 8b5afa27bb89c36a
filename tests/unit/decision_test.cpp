// Proves what decide() says of each cell, on facts made by hand: every outcome, in its order of precedence, also for
// duplicates, roles per cell, parents, and what an atomic refusal takes back.
#include <set>

#include "unit/facts_by_hand.hpp"

namespace decision_test {

using namespace by_hand;

namespace {

/// One line: how to make facts for a command of one cell, and what comes of it. Later rows differ from the plain case
/// `added` in one thing each.
struct Row {
  Outcome outcome;
  const char* statement;
  void (*arrange)(Case&);
};

const Row rows[] = {
    {Outcome::added, "nothing stands against it", [](Case&) {}},
    {Outcome::organization_not_found, "the organization is not there",
     [](Case& c) { c.facts.organizations[0].id = {}; }},
    {Outcome::forbidden, "not there, and hidden",
     [](Case& c) {
       c.facts.organizations[0].id = {};
       c.profile.hides_organizations = true;
     }},
    {Outcome::organization_not_found, "not there, and hidden, but not from staff",
     [](Case& c) {
       c.facts.organizations[0].id = {};
       c.profile.hides_organizations = true;
       c.command.actor.staff = true;
     }},
    {Outcome::forbidden, "the actor is no member", [](Case& c) { c.profile.actor = ActorRule::member; }},
    {Outcome::added, "the actor is a member",
     [](Case& c) {
       c.profile.actor = ActorRule::member;
       c.has_actor(0, "clerk");
     }},
    {Outcome::outranked, "a member, but of a lower role than the one asked for",
     [](Case& c) {
       c.profile.actor = ActorRule::member;
       c.has_actor(0, "guest");
     }},
    {Outcome::outranked, "the member's role is above the actor's",
     [](Case& c) {
       c.profile.actor = ActorRule::member;
       c.profile.on_other_role = OnConflict::replace;
       c.has_actor(0, "clerk");
       c.has_member(0, 0, "chief");
       c.command.roles = role("guest");
     }},
    {Outcome::outranked, "a role that owns is an owner's to give, whatever its rank",
     [](Case& c) {
       c.profile.actor = ActorRule::manager;
       c.has_actor(0, "chief");
       c.command.roles = role("squire");
     }},
    {Outcome::forbidden, "the actor's role does not manage",
     [](Case& c) {
       c.profile.actor = ActorRule::manager;
       c.has_actor(0, "clerk");
     }},
    {Outcome::forbidden, "the actor's role is not in the profile's catalog, whatever the store says of it",
     [](Case& c) {
       c.profile.actor = ActorRule::manager;
       c.knows_role(Role{.id = role("stranger"), .manages = true});
       c.has_actor(0, "stranger");
     }},
    {Outcome::added, "the actor manages",
     [](Case& c) {
       c.profile.actor = ActorRule::manager;
       c.has_actor(0, "chief");
     }},
    {Outcome::forbidden, "parent_manager without a parent",
     [](Case& c) {
       c.profile.actor = ActorRule::parent_manager;
       c.query.parents = true;
       c.has_actor(0, "chief");
     }},
    {Outcome::forbidden, "the actor manages here, not in the parent",
     [](Case& c) {
       c.profile.actor = ActorRule::parent_manager;
       c.query.parents = true;
       c.has_actor(0, "chief");
       c.has_parent(0, "p");
     }},
    {Outcome::added, "the actor manages the parent",
     [](Case& c) {
       c.profile.actor = ActorRule::parent_manager;
       c.query.parents = true;
       c.has_actor(c.has_parent(0, "p"), "chief");
     }},
    {Outcome::added, "the organization acts on itself",
     [](Case& c) {
       c.profile.actor = ActorRule::manager;
       c.profile.organization_is_account = true;
       c.command.actor.id = account("o");
     }},
    {Outcome::forbidden, "the same bytes mean nothing where organizations are no accounts",
     [](Case& c) {
       c.profile.actor = ActorRule::manager;
       c.command.actor.id = account("o");
     }},
    {Outcome::forbidden, "and nothing to the parent's rule",
     [](Case& c) {
       c.profile.actor = ActorRule::parent_manager;
       c.profile.organization_is_account = true;
       c.command.actor.id = account("o");
     }},
    {Outcome::organization_closed, "it is closed", [](Case& c) { c.facts.organizations[0].closed = true; }},
    {Outcome::organization_not_joinable, "it takes no members",
     [](Case& c) { c.facts.organizations[0].joinable = false; }},
    {Outcome::role_not_found, "not in the catalog", [](Case& c) { c.command.roles = role("king"); }},
    {Outcome::role_not_found, "none named, and no default", [](Case& c) { c.profile.default_role = {}; }},
    {Outcome::role_not_assignable, "can be read only", [](Case& c) { c.command.roles = role("ghost"); }},
    {Outcome::role_not_assignable, "also for a member, who has it",
     [](Case& c) {
       c.command.roles = role("ghost");
       c.has_member(0, 0, "ghost");
     }},
    {Outcome::account_not_found, "no such account", [](Case& c) { c.facts.accounts[0].id = {}; }},
    {Outcome::account_not_found, "an unknown id, although unknown addresses get accounts",
     [](Case& c) {
       c.facts.accounts[0].id = {};
       c.profile.on_unknown_account = OnUnknown::create;
     }},
    {Outcome::account_disabled, "disabled", [](Case& c) { c.facts.accounts[0].disabled = true; }},
    {Outcome::account_disabled, "disabled, and a member",
     [](Case& c) {
       c.facts.accounts[0].disabled = true;
       c.has_member(0, 0, "clerk");
     }},
    {Outcome::parent_required, "not in the parent",
     [](Case& c) {
       c.profile.parent = ParentRule::require;
       c.query.parents = true;
       c.has_parent(0, "p");
     }},
    {Outcome::added, "in the parent",
     [](Case& c) {
       c.profile.parent = ParentRule::require;
       c.query.parents = true;
       c.has_member(c.has_parent(0, "p"), 0, "guest");
     }},
    {Outcome::existing, "a member already, whether in the parent or not",
     [](Case& c) {
       c.profile.parent = ParentRule::require;
       c.query.parents = true;
       c.has_parent(0, "p");
       c.has_member(0, 0, "clerk");
     }},
    {Outcome::request_reused, "this request gave another role",
     [](Case& c) {
       c.command.roles = role("guest");
       wrote_it(c.command, role("clerk"), c.has_member(0, 0, "clerk"));
     }},
    {Outcome::replayed, "this request gave this role",
     [](Case& c) { wrote_it(c.command, c.has_member(0, 0, "clerk")); }},
    {Outcome::replayed, "and that holds however strict the profile is",
     [](Case& c) {
       c.profile.on_same_role = OnConflict::reject;
       wrote_it(c.command, c.has_member(0, 0, "chief"));
     }},
    {Outcome::conflict, "a member, and that is rejected",
     [](Case& c) {
       c.profile.on_same_role = OnConflict::reject;
       c.has_member(0, 0, "clerk");
     }},
    {Outcome::role_conflict, "a member with another role, and that is rejected",
     [](Case& c) {
       c.command.roles = role("guest");
       c.has_member(0, 0, "clerk");
     }},
    {Outcome::seats_taken, "the last seat is taken",
     [](Case& c) {
       c.profile.seats = SeatRule::active_and_invited;
       c.facts.organizations[0].counts = {.seats_max = 3, .active = 2, .invited = 1};
     }},
    {Outcome::added, "invitations take no seat here",
     [](Case& c) {
       c.profile.seats = SeatRule::active;
       c.facts.organizations[0].counts = {.seats_max = 3, .active = 2, .invited = 1};
     }},
    {Outcome::seats_taken, "a limit of 0 means that none may join",
     [](Case& c) {
       c.profile.seats = SeatRule::active;
       c.facts.organizations[0].counts.seats_max = 0;
     }},
    {Outcome::last_owner, "the only owner is not made anything else",
     [](Case& c) {
       c.profile.on_other_role = OnConflict::replace;
       c.facts.organizations[0].counts = {.active = 2, .owners = 1};
       c.has_member(0, 0, "squire");
       c.command.roles = role("clerk");
     }},
    {Outcome::replaced, "one of two owners is",
     [](Case& c) {
       c.profile.on_other_role = OnConflict::replace;
       c.facts.organizations[0].counts = {.active = 2, .owners = 2};
       c.has_member(0, 0, "squire");
       c.command.roles = role("clerk");
     }},
    {Outcome::was_suspended, "suspended, and that is refused",
     [](Case& c) { c.has_member(0, 0, "clerk").state = MembershipState::suspended; }},
    {Outcome::was_removed, "removed, and that is refused",
     [](Case& c) {
       c.profile.on_removed = OnFormer::refuse;
       c.has_member(0, 0, "clerk").state = MembershipState::removed;
     }},
    {Outcome::was_removed, "removed since the request was made, whatever the policy",
     [](Case& c) {
       MembershipFact& has = c.has_member(0, 0, "clerk");
       has.state = MembershipState::removed;
       has.outdated = true;
     }},
    {Outcome::added, "removed, and a member anew",
     [](Case& c) { c.has_member(0, 0, "clerk").state = MembershipState::removed; }},
    {Outcome::reactivated, "suspended, and a member again",
     [](Case& c) {
       c.profile.on_suspended = OnFormer::reactivate;
       c.has_member(0, 0, "guest").state = MembershipState::suspended;
     }},
    {Outcome::existing, "a member", [](Case& c) { c.has_member(0, 0, "clerk"); }},
    {Outcome::replaced, "another role, and that is replaced",
     [](Case& c) {
       c.command.roles = role("guest");
       c.profile.on_other_role = OnConflict::replace;
       c.has_member(0, 0, "clerk");
     }},
};

}  // namespace

TEST_CASE("each outcome of a single cell has its cause, and a refusal writes nothing and draws no identifier") {
  for (const Row& row : rows) {
    INFO(row.statement);
    Case c(single());
    row.arrange(c);
    CHECK(c.one() == row.outcome);
    const bool writes = wrote(row.outcome) && row.outcome != Outcome::replayed;
    CHECK(c.decision.changes.empty() != writes);
    if (!writes) {
      CHECK(c.decision.changes.empty());
      CHECK(c.decision.changes.guards.empty());
      CHECK(c.ids.memberships + c.ids.accounts == 0);
    }
    CHECK(c.decision.refusals == (succeeded(row.outcome) ? 0u : 1u));
  }
}

TEST_CASE("every outcome there is was seen: nothing that callers must handle is out of reach") {
  std::set<Outcome> seen;
  for (const Row& row : rows) {
    Case c(single());
    row.arrange(c);
    seen.insert(c.one());
  }
  {  // a group that was not found is a column behind the accounts
    Case c(single());
    c.tile.missing_groups = 1;
    CHECK(c.outcomes() == Outcomes{Outcome::added, Outcome::group_not_found});
    seen.insert(Outcome::group_not_found);
  }
  {
    Profile profile = wide_profile();
    profile.on_unknown_account = OnUnknown::invite;
    Case c(AddMembers(organization("o"), email("new@x.example")), profile);
    seen.insert(c.one());
  }
  {
    Profile profile = wide_profile();
    profile.mode = Mode::atomic;
    Case c(AddMembers(organization("o"), people({"a", "b"})), profile);
    c.facts.accounts[1].disabled = true;
    for (const Outcome outcome : c.outcomes()) seen.insert(outcome);
  }
  {  // the only one that is an operation's to give: it stopped before the second tile
    const Profile profile = wide_profile();
    const AddMembers command(organization("o"), people({"a", "b"}));
    Numbers ids;
    Operation operation(profile, command, {Time{1}, &ids, true}, {.tile_cells_max = 1});
    operation.provide(Desk::answer(operation.query(), operation.facts()));
    operation.committed(success());
    operation.provide(Errc::store_failed);
    const auto report = operation.finish();
    REQUIRE(report.has_value());
    for (const Outcome outcome : report.assume_value().outcomes) seen.insert(outcome);
  }
  // These are for commands about memberships as they are: change_table_test.cpp.
  for (const Outcome outcome : {Outcome::not_verified, Outcome::not_member, Outcome::has_changed,
                                Outcome::inviter_lapsed, Outcome::removed, Outcome::suspended, Outcome::accepted,
                                Outcome::expiry_changed, Outcome::still_invited, Outcome::invitation_renewed}) {
    CHECK(seen.count(outcome) == 0);
    seen.insert(outcome);
  }
  for (const Outcome outcome : outcomes_by_precedence) {
    INFO(name(outcome));
    CHECK(seen.count(outcome) == 1);
  }
  CHECK(seen.size() == outcome_count);
}

TEST_CASE("the first that applies is reported: everything against a cell at once, taken away one by one") {
  Profile profile = wide_profile();
  profile.actor = ActorRule::member;
  profile.parent = ParentRule::require;
  Case c(single("king"), profile);
  c.command.actor.id = account("boss");
  c.has_parent(0, "p");
  c.facts.organizations[0].id = {};
  c.facts.organizations[0].joinable = false;
  c.facts.accounts[0] = {};
  CHECK(c.one() == Outcome::organization_not_found);
  c.facts.organizations[0].id = organization("o");
  CHECK(c.one() == Outcome::forbidden);
  c.has_actor(0, "ghost");
  CHECK(c.one() == Outcome::organization_not_joinable);
  c.facts.organizations[0].joinable = true;
  CHECK(c.one() == Outcome::role_not_found);
  c.command.roles = role("ghost");
  CHECK(c.one() == Outcome::role_not_assignable);
  c.command.roles = role("guest");
  CHECK(c.one() == Outcome::account_not_found);
  c.facts.accounts[0] = {.id = account("a"), .disabled = true};
  CHECK(c.one() == Outcome::account_disabled);
  c.facts.accounts[0].disabled = false;
  CHECK(c.one() == Outcome::parent_required);
  c.has_member(1, 0, "guest");
  CHECK(c.one() == Outcome::added);
}

TEST_CASE("a missing group's column is judged after the row and the role") {
  Case c(single());
  c.tile.missing_groups = 2;
  CHECK(c.outcomes() == Outcomes{Outcome::added, Outcome::group_not_found, Outcome::group_not_found});
  c.command.roles = role("king");
  CHECK(c.outcomes() == Outcomes(3, Outcome::role_not_found));
  c.command.roles = role("guest");
  c.facts.organizations[0].id = {};
  CHECK(c.outcomes() == Outcomes(3, Outcome::organization_not_found));
}

TEST_CASE("an unknown address is created or invited, in the first cell that adds it, and nowhere else") {
  Profile profile = wide_profile();
  profile.on_unknown_account = GENERATE(OnUnknown::create, OnUnknown::invite);
  const bool invites = profile.on_unknown_account == OnUnknown::invite;
  const Outcome fresh = invites ? Outcome::invited : Outcome::added;
  std::vector<AccountSelector> who{email("New@x.example"), email("nEW@X.example")};
  Case c(AddMembers(places({"o1", "o2"}), who), profile);
  CHECK(c.outcomes() == Outcomes{fresh, Outcome::replayed, fresh, Outcome::replayed});
  const ChangeSet& changes = c.decision.changes;
  REQUIRE(changes.created.size() == 1);
  CHECK(changes.created[0].invited == invites);
  CHECK(changes.created[0].email->text() == "New@x.example");
  CHECK(changes.added.size() == 2);
  for (const MemberAdded& added : changes.added) {
    CHECK(added.account == changes.accounts.size());
    CHECK(added.state == (invites ? MembershipState::invited : MembershipState::active));
  }
  CHECK(c.decision.accounts[0].created);
  CHECK_FALSE(c.decision.accounts[1].created);
  CHECK(c.decision.accounts[0].id == c.decision.accounts[1].id);
  CHECK(c.decision.accounts[0].id == changes.created[0].id);
  CHECK(c.ids.accounts == 1);
}

TEST_CASE("an address whose cells are all refused is not created") {
  Profile profile = wide_profile();
  profile.on_unknown_account = OnUnknown::create;
  Case c(AddMembers(organization("o"), email("new@x.example"), role("king")), profile);
  CHECK(c.one() == Outcome::role_not_found);
  CHECK(c.decision.changes.created.empty());
  CHECK(c.decision.accounts[0].id.empty());
  CHECK(c.ids.accounts == 0);
}

TEST_CASE("roles per cell: each cell asks for its own, groups' columns for the first") {
  AddMembers command(places({"o1", "o2"}), people({"a", "b"}));
  command.roles = std::vector<RoleId>{role("guest"), role("chief"), RoleId{}};
  command.cell_roles = {0, 1, 2, 0};
  Case c(std::move(command));
  const std::array from_group{account("g")};
  c.query.group_accounts = from_group;
  c.tile.columns = 3;
  Case::has(c.facts.accounts, {.id = account("g")});
  CHECK(c.outcomes() == Outcomes(6, Outcome::added));
  const char* const given[] = {"guest", "chief", "guest", "clerk", "guest", "guest"};
  for (std::uint32_t i = 0; i < 6; ++i) CHECK(c.written_role(i) == given[i]);
  for (std::uint32_t i = 0; i < 6; ++i) CHECK(c.shown_role(i) == given[i]);
}

TEST_CASE("roles per cell are read at the tile's own place in the command") {
  AddMembers command(places({"o1", "o2"}), people({"a", "b", "c"}));
  command.roles = std::vector<RoleId>{role("guest"), role("chief")};
  command.cell_roles = {0, 0, 0, 0, 0, 1};
  Case c(std::move(command));
  c.tile = {.row = 1, .rows = 1, .column = 2, .columns = 1};
  c.query.organizations = c.query.organizations.subspan(1);
  c.query.accounts = c.query.accounts.subspan(2);
  c.facts.clear();
  Case::has(c.facts.organizations, {.id = organization("o2")});
  Case::has(c.facts.accounts, {.id = account("c")});
  CHECK(c.one() == Outcome::added);
  CHECK(c.written_role(0) == "chief");
}

TEST_CASE("an organization's own catalog is read where the profile has none") {
  Profile profile = wide_profile();
  profile.roles = {};
  profile.default_role = {};
  Case c(AddMembers(places({"o1", "o2", "o3"}), account("a"), role("tutor")), profile);
  const std::array wanted{role("tutor")};
  c.query.roles = wanted;
  const RoleIndex open = c.knows_role(Role{.id = role("tutor"), .rank = 1});
  Case::has(c.facts.roles, {.id = role("tutor"), .assignable = false});
  for (const RoleIndex index : {open, no_role, RoleIndex{1}}) Case::has(c.facts.wanted_roles, index);
  CHECK(c.outcomes() == Outcomes{Outcome::added, Outcome::role_not_found, Outcome::role_not_assignable});
}

}
