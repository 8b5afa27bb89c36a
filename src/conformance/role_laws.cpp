// The answer of fetch about roles: those of actors, of members, and the wanted ones.
#include <string>

#include "draft.hpp"
#include "laws.hpp"

ROSTER_BEGIN
namespace conformance {

namespace {

void role_of_actor(Stage& stage) {
  stage.put_organizations(6);
  stage.put_accounts(2);
  const std::vector<OrganizationSelector> rows = {org(0), org(1), org(2), org(3), org(4), org(5)};
  Draft draft(stage, rows, {who(0)});
  draft.add(0, 0, admin);
  draft.add(1, 0, member, MembershipState::invited);
  draft.add(2, 0);
  draft.add(3, 0);
  draft.add(4, 0, owner);
  draft.succeeds("nobody is a member");
  Draft then(stage, rows, {who(0)});
  then.change(2, 0, MembershipState::suspended, Event::suspended);
  then.remove(3, 0);
  then.succeeds("the memberships have the versions that were read");

  Draft look(stage, rows, {who(1), who(0)}, who(0));
  if (stage.broken()) return;
  static constexpr const char* what[] = {"an active member", "only invited", "suspended",
                                         "removed",          "an owner",     "no member"};
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    const OrganizationFact& fact = look.facts().organizations[i];
    const bool is_member = i == 0 || i == 4;
    stage.expect(fact.actor_is_member == is_member, std::string("the actor is ") + what[i] + " and is told otherwise");
    if (!is_member || stage.broken()) continue;
    stage.expect(look.facts().roles[fact.actor_role].id == (i == 0 ? admin : owner), "the actor has another role");
    stage.expect(look.at(i, 1) != nullptr && look.at(i, 1)->version == fact.actor_version,
                 "the actor's version is not that of the actor's membership");
  }
  Draft nobody_asks(stage, rows, {who(0)});
  if (stage.broken()) return;
  for (const OrganizationFact& fact : nobody_asks.facts().organizations)
    stage.expect(!fact.actor_is_member, "no actor was asked about, and one is told");
  Draft stranger(stage, rows, {who(0)}, who(98));
  if (stage.broken()) return;
  for (const OrganizationFact& fact : stranger.facts().organizations)
    stage.expect(!fact.actor_is_member, "an actor without an account is told to be a member");
}

bool has(const Facts& facts, RoleIndex at, const Role& role) {
  return at < facts.roles.size() && facts.roles[at] == role;
}

void roles(Stage& stage) {
  stage.put_organizations(3);
  stage.put(OrganizationRecord{.id = org(10), .parent = org(0)});
  stage.put_accounts(1);
  const Role here{.id = admin, .rank = 7, .assignable = false, .manages = true};
  const Role there{.id = admin, .rank = 2, .assignable = true, .owns = true};
  const Role plain{.id = member, .rank = 65535};
  stage.put(org(0), here);
  stage.put(org(1), there);
  stage.put(org(1), plain);
  stage.put(org(10), plain);
  Draft draft(stage, {org(0), org(1), org(2), org(10)}, {who(0)});
  for (std::uint32_t row = 0; row < 4; ++row) draft.add(row, 0, row == 3 ? member : admin);
  draft.succeeds("nobody is a member");

  Ask ask;
  ask.organizations = {org(0), org(1), org(2), org(99), org(10)};
  ask.accounts = {who(0)};
  ask.actor = who(0);
  ask.roles = {member, admin, owner};
  ask.parents = true;
  Facts facts;
  if (!stage.fetch(ask, facts)) return;
  const auto wanted = [&](std::size_t row, std::size_t i) { return facts.wanted_roles[row * 3 + i]; };
  stage.expect(has(facts, wanted(0, 1), here) && has(facts, wanted(1, 1), there) && has(facts, wanted(1, 0), plain) &&
                   has(facts, wanted(4, 0), plain),
               "a wanted role is not as it was put into that organization's catalog");
  stage.expect(wanted(0, 0) == no_role && wanted(0, 2) == no_role && wanted(2, 0) == no_role &&
                   wanted(2, 1) == no_role && wanted(4, 1) == no_role,
               "a role is wanted that is not in that organization's catalog, and one is answered");
  stage.expect(wanted(3, 0) == no_role && wanted(3, 1) == no_role, "an organization that is not there has a role");
  for (std::size_t i = 0; i < 3; ++i) {
    if (facts.organizations[4].parent == no_index || stage.broken()) break;
    stage.expect(wanted(facts.organizations[4].parent, i) == wanted(0, i) ||
                     has(facts, wanted(facts.organizations[4].parent, i), here),
                 "the wanted roles of a parent are not those of its catalog");
  }
  for (const MembershipFact& fact : facts.memberships) {
    const OrganizationId in = facts.organizations[fact.organization].id;
    const bool fits = in == org(0)   ? has(facts, fact.role, here)
                      : in == org(1) ? has(facts, fact.role, there)
                      : in == org(2) ? facts.roles[fact.role].id == admin
                                     : has(facts, fact.role, plain);
    stage.expect(fits, "a member's role in " + std::string(in.view()) + " is not that of the organization's catalog");
  }
  stage.expect(
      has(facts, facts.organizations[0].actor_role, here) && has(facts, facts.organizations[1].actor_role, there),
      "the actor's role is not that of the organization's catalog");

  const Role changed{.id = admin, .rank = 8, .manages = true};
  stage.put(org(0), changed);
  if (stage.fetch(ask, facts))
    stage.expect(has(facts, wanted(0, 1), changed), "a role that was put again is not as it was put last");
}

/// Places of roles are 2 bytes, and a catalog may be long.
void many_roles(Stage& stage) {
  constexpr std::uint32_t count = 300;
  stage.put_organizations(2);
  stage.put_accounts(count);
  std::vector<Role> roles;
  Ask ask;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto rank = static_cast<std::uint16_t>(i);
    roles.push_back({.id = id<RoleId>("role-" + std::to_string(i)), .rank = rank, .manages = i % 3 == 0});
    stage.put(org(0), roles.back());
    ask.roles.push_back(roles.back().id);
  }
  stage.put(org(1), Role{.id = roles[7].id, .rank = 1000});
  Draft draft(stage, orgs(2), people(count));
  for (std::uint32_t i = 0; i < count; ++i) draft.add(0, i, roles[i].id);
  for (std::uint32_t i = 0; i < count; ++i) draft.add(1, i, roles[count - 1 - i].id);
  draft.succeeds("nobody is a member");
  ask.organizations = orgs(2);
  ask.accounts = people(count);
  Facts facts;
  if (!stage.fetch(ask, facts)) return;
  if (!stage.expect(facts.memberships.size() == 2 * count, "there are not as many members as were added")) return;
  for (std::uint32_t i = 0; i < count && !stage.broken(); ++i) {
    const RoleIndex wanted = facts.wanted_roles[i], there = facts.wanted_roles[count + i];
    stage.expect(wanted != no_role && facts.roles[wanted] == roles[i], "one of many wanted roles is not found");
    stage.expect((there != no_role) == (i == 7), "one of many roles is found in a catalog that has another only");
    stage.expect(facts.roles[facts.memberships[i].role] == roles[i], "one of many members has another role");
    stage.expect(facts.roles[facts.memberships[count + i].role].id == roles[count - 1 - i].id,
                 "one of many members has another role");
  }
}

constexpr Entry role_entries[] = {
    {{"facts/actor", "the actor is a member where its membership is active, with that role and version"},
     role_of_actor},
    {{"facts/roles", "a role means what the catalog of its organization says, for members, actors and wanted roles"},
     roles},
    {{"facts/many-roles", "hundreds of roles are told apart, in one catalog and in one answer"}, many_roles},
};

}  // namespace

std::span<const Entry> role_laws() noexcept {
  return role_entries;
}

}  // namespace conformance
ROSTER_END
