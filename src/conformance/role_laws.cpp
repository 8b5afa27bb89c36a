// The answer of fetch about roles: those of actors and members, and the requested ones.
#include <string>

#include "change_set_builder.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

void role_of_actor(TestContext& test) {
  test.put_organizations(6);
  test.put_accounts(2);
  const std::vector<OrganizationSelector> rows = {test_organization(0), test_organization(1), test_organization(2),
                                                  test_organization(3), test_organization(4), test_organization(5)};
  ChangeSetBuilder builder(test, rows, {test_account(0)});
  builder.add(0, 0, admin);
  builder.add(1, 0, member, MembershipState::invited);
  builder.add(2, 0);
  builder.add(3, 0);
  builder.add(4, 0, owner);
  builder.succeeds("no account is a member");
  ChangeSetBuilder then(test, rows, {test_account(0)});
  then.change(2, 0, MembershipState::suspended, Event::suspended);
  then.remove(3, 0);
  then.succeeds("the memberships have the versions that were read");

  ChangeSetBuilder look(test, rows, {test_account(1), test_account(0)}, test_account(0));
  if (test.broken()) return;
  static constexpr const char* what[] = {"an active member", "only invited", "suspended",
                                         "removed",          "an owner",     "no member"};
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    const OrganizationFact& fact = look.facts().organizations[i];
    const bool is_member = i == 0 || i == 4;
    test.expect(fact.actor_is_member == is_member,
                std::string("the actor is ") + what[i] + ", and is reported otherwise");
    if (!is_member || test.broken()) continue;
    test.expect(look.facts().roles[fact.actor_role].id == (i == 0 ? admin : owner), "the actor has another role");
    test.expect(look.at(i, 1) != nullptr && look.at(i, 1)->version == fact.actor_version,
                "the actor's version is not that of the actor's membership");
  }
  ChangeSetBuilder without_actor(test, rows, {test_account(0)});
  if (test.broken()) return;
  for (const OrganizationFact& fact : without_actor.facts().organizations)
    test.expect(!fact.actor_is_member, "a query without an actor returns one");
  ChangeSetBuilder stranger(test, rows, {test_account(0)}, test_account(98));
  if (test.broken()) return;
  for (const OrganizationFact& fact : stranger.facts().organizations)
    test.expect(!fact.actor_is_member, "an actor without an account is reported as a member");
}

bool has(const Facts& facts, RoleIndex at, const Role& role) {
  return at < facts.roles.size() && facts.roles[at] == role;
}

void roles(TestContext& test) {
  test.put_organizations(3);
  test.put(OrganizationRecord{.id = test_organization(10), .parent = test_organization(0)});
  test.put_accounts(1);
  const Role here{.id = admin, .rank = 7, .assignable = false, .manages = true};
  const Role there{.id = admin, .rank = 2, .assignable = true, .owns = true};
  const Role plain{.id = member, .rank = 65535};
  test.put(test_organization(0), here);
  test.put(test_organization(1), there);
  test.put(test_organization(1), plain);
  test.put(test_organization(10), plain);
  ChangeSetBuilder builder(test,
                           {test_organization(0), test_organization(1), test_organization(2), test_organization(10)},
                           {test_account(0)});
  for (std::uint32_t row = 0; row < 4; ++row) builder.add(row, 0, row == 3 ? member : admin);
  builder.succeeds("no account is a member");

  OwnedQuery owned_query;
  owned_query.organizations = {test_organization(0), test_organization(1), test_organization(2), test_organization(99),
                               test_organization(10)};
  owned_query.accounts = {test_account(0)};
  owned_query.actor = test_account(0);
  owned_query.roles = {member, admin, owner};
  owned_query.parents = true;
  Facts facts;
  if (!test.fetch(owned_query, facts)) return;
  const auto wanted = [&](std::size_t row, std::size_t i) { return facts.wanted_roles[row * 3 + i]; };
  test.expect(has(facts, wanted(0, 1), here) && has(facts, wanted(1, 1), there) && has(facts, wanted(1, 0), plain) &&
                  has(facts, wanted(4, 0), plain),
              "a wanted role is not as it was put into that organization's catalog");
  test.expect(wanted(0, 0) == no_role && wanted(0, 2) == no_role && wanted(2, 0) == no_role &&
                  wanted(2, 1) == no_role && wanted(4, 1) == no_role,
              "a role that is not in that organization's catalog is returned");
  test.expect(wanted(3, 0) == no_role && wanted(3, 1) == no_role, "an organization that is not there has a role");
  for (std::size_t i = 0; i < 3; ++i) {
    if (facts.organizations[4].parent == no_index || test.broken()) break;
    test.expect(wanted(facts.organizations[4].parent, i) == wanted(0, i) ||
                    has(facts, wanted(facts.organizations[4].parent, i), here),
                "the wanted roles of a parent are not those of its catalog");
  }
  for (const MembershipFact& fact : facts.memberships) {
    const OrganizationId in = facts.organizations[fact.organization].id;
    const bool fits = in == test_organization(0)   ? has(facts, fact.role, here)
                      : in == test_organization(1) ? has(facts, fact.role, there)
                      : in == test_organization(2) ? facts.roles[fact.role].id == admin
                                                   : has(facts, fact.role, plain);
    test.expect(fits, "a member's role in " + std::string(in.view()) + " is not that of the organization's catalog");
  }
  test.expect(
      has(facts, facts.organizations[0].actor_role, here) && has(facts, facts.organizations[1].actor_role, there),
      "the actor's role is not that of the organization's catalog");

  const Role changed{.id = admin, .rank = 8, .manages = true};
  test.put(test_organization(0), changed);
  if (test.fetch(owned_query, facts))
    test.expect(has(facts, wanted(0, 1), changed), "a role that was put again is not as it was put last");
}

/// The index of a role has 2 bytes, and a catalog may be long.
void many_roles(TestContext& test) {
  constexpr std::uint32_t count = 300;
  test.put_organizations(2);
  test.put_accounts(count);
  std::vector<Role> roles;
  OwnedQuery owned_query;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto rank = static_cast<std::uint16_t>(i);
    roles.push_back({.id = id<RoleId>("role-" + std::to_string(i)), .rank = rank, .manages = i % 3 == 0});
    test.put(test_organization(0), roles.back());
    owned_query.roles.push_back(roles.back().id);
  }
  test.put(test_organization(1), Role{.id = roles[7].id, .rank = 1000});
  ChangeSetBuilder builder(test, test_organizations(2), test_accounts(count));
  for (std::uint32_t i = 0; i < count; ++i) builder.add(0, i, roles[i].id);
  for (std::uint32_t i = 0; i < count; ++i) builder.add(1, i, roles[count - 1 - i].id);
  builder.succeeds("no account is a member");
  owned_query.organizations = test_organizations(2);
  owned_query.accounts = test_accounts(count);
  Facts facts;
  if (!test.fetch(owned_query, facts)) return;
  if (!test.expect(facts.memberships.size() == 2 * count, "there are not as many members as were added")) return;
  for (std::uint32_t i = 0; i < count && !test.broken(); ++i) {
    const RoleIndex wanted = facts.wanted_roles[i], there = facts.wanted_roles[count + i];
    test.expect(wanted != no_role && facts.roles[wanted] == roles[i], "one of many wanted roles is not found");
    test.expect((there != no_role) == (i == 7), "one of many roles is found in a catalog that has another only");
    test.expect(facts.roles[facts.memberships[i].role] == roles[i], "one of many members has another role");
    test.expect(facts.roles[facts.memberships[count + i].role].id == roles[count - 1 - i].id,
                "one of many members has another role");
  }
}

constexpr Entry role_entries[] = {
    {{"facts/actor",
      "fetch reports the actor as a member only if its membership is active, with the role and version of that "
      "membership"},
     role_of_actor},
    {{"facts/roles",
      "fetch returns the roles of members, of the actor and of the query as the catalog of each organization defines "
      "them"},
     roles},
    {{"facts/many-roles", "fetch distinguishes hundreds of roles in one catalog and in one answer"}, many_roles},
};

}  // namespace

std::span<const Entry> role_laws() noexcept {
  return role_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
