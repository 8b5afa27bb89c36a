// What a role means for the counts of an organization: whether it exists, owns, and takes a seat.
#include <algorithm>
#include <string>

#include "change_set_builder.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

/// A membership may have a role that no catalog has: it was put by the host, or under a profile's catalog.
void roles_in_no_catalog(TestContext& test) {
  test.put_organizations(2);
  test.put_accounts(3);
  test.put(test_organization(0), Role{.id = member, .rank = 0, .assignable = false, .takes_seat = false});
  ChangeSetBuilder builder(test, test_organizations(2), test_accounts(3));
  for (std::uint32_t row = 0; row < 2; ++row) {
    builder.add(row, 0, member);
    builder.add(row, 1, admin);
    builder.add(row, 2, admin, MembershipState::invited);
  }
  builder.succeeds("no account is a member");
  for (const bool one_cell : {false, true})
    for (std::uint32_t row = 0; row < 2; ++row)
      for (std::uint32_t column = 0; column < 3; ++column) {
        OwnedQuery query;
        query.organizations = {test_organization(row)};
        query.accounts = one_cell ? std::vector<AccountSelector>{test_account(column)} : test_accounts(3);
        query.actor = test_account(1);
        query.roles = {member};
        Facts facts;
        if (!test.fetch(query, facts)) return;
        const std::uint32_t at = one_cell ? 0 : column;
        if (!test.expect(facts.memberships.size() > at, "a membership is not in the answer")) return;
        const Role& held = facts.roles[facts.memberships[at].role];
        const bool exists = row == 0 && column == 0;
        test.expect(held.exists == exists, exists ? "a role of the catalog is returned as in no catalog"
                                                  : "a role that is in no catalog is returned as existing");
        test.expect(held.takes_seat == !exists, "a role takes a seat unless its catalog frees it");
        test.expect(exists || (held.rank == 0 && !held.assignable && !held.manages && !held.owns),
                    "a role that is in no catalog has rights");
        test.expect(!facts.roles[facts.organizations[0].actor_role].exists,
                    "the actor's role is in no catalog and is returned as existing");
      }
}

/// The roles that own and those that take no seat, as a query or a change set names them.
struct Counted {
  const char* what;
  std::vector<RoleId> owners, free;
  MemberCounts first, second;
};

/// Two organizations with three members and an invitation, which have different catalogs.
void put_counted(TestContext& test) {
  test.put_organizations(2);
  test.put_accounts(6);
  test.put(test_organization(0), Role{.id = member, .rank = 1, .takes_seat = false});
  test.put(test_organization(0), Role{.id = owner, .rank = 3, .owns = true});
  test.put(test_organization(1), Role{.id = owner, .rank = 3, .owns = true, .takes_seat = false});
  ChangeSetBuilder builder(test, test_organizations(2), test_accounts(6));
  for (std::uint32_t row = 0; row < 2; ++row) {
    builder.add(row, 0, owner);
    builder.add(row, 1, admin);
    builder.add(row, 2, member);
    builder.add(row, 3, member, MembershipState::invited);
  }
  builder.succeeds("no account is a member");
}

std::vector<Counted> counted_cases() {
  const RoleId none("x");
  return {
      {"by the catalogs", {}, {}, {no_limit, 2, 0, 1}, {no_limit, 2, 1, 1}},
      {"by lists", {owner}, {member}, {no_limit, 2, 0, 1}, {no_limit, 2, 0, 1}},
      {"with a list of owners only", {owner}, {}, {no_limit, 3, 1, 1}, {no_limit, 3, 1, 1}},
      {"with a list of free roles only", {}, {member, admin}, {no_limit, 1, 0, 0}, {no_limit, 1, 0, 0}},
      {"with a role that owns and takes no seat", {owner}, {owner}, {no_limit, 2, 1, 1}, {no_limit, 2, 1, 1}},
      {"with the last of many free roles", {}, {none, none, none, member}, {no_limit, 2, 0, 0}, {no_limit, 2, 0, 0}},
      {"with a list of roles that no member has", {none}, {none}, {no_limit, 3, 1, 0}, {no_limit, 3, 1, 0}},
      {"with a list of one empty id", {RoleId{}}, {}, {no_limit, 3, 1, 0}, {no_limit, 3, 1, 0}}};
}

void counts_by_role(TestContext& test) {
  put_counted(test);
  for (const Counted& it : counted_cases()) {
    OwnedQuery query;
    query.organizations = test_organizations(2);
    query.accounts = {test_account(99)};
    query.counts = true;
    query.owner_roles = it.owners;
    query.free_roles = it.free;
    Facts facts;
    if (!test.fetch(query, facts)) return;
    for (std::uint32_t row = 0; row < 2; ++row) {
      const MemberCounts &counts = facts.organizations[row].counts, &expected = row == 0 ? it.first : it.second;
      const std::string where = std::string(facts.organizations[row].id.view()) + ", " + it.what;
      test.expect(counts.active == expected.active, "another number of active members takes a seat in " + where);
      test.expect(counts.invited == expected.invited, "another number of invitations takes a seat in " + where);
      test.expect(counts.owners == expected.owners, "another number of owners is in " + where);
    }
  }
}

/// Every case without a free seat, then with one. The added member takes a seat in each of them.
void seats_by_role(TestContext& test) {
  for (const Counted& it : counted_cases())
    for (std::uint32_t row = 0; row < 2; ++row) {
      test.fresh();
      put_counted(test);
      const MemberCounts& counts = row == 0 ? it.first : it.second;
      const std::string where = std::string(" in ") + (row == 0 ? "the first" : "the second") + ", " + it.what;
      const auto commit = [&](const RoleId& role, std::uint32_t column, std::uint32_t limit, bool fits) {
        ChangeSetBuilder builder(test, {test_organization(row)}, test_accounts(6));
        builder.add(0, column, role);
        builder.limit_seats(0, limit);
        builder.changes.owner_roles = it.owners;
        builder.changes.free_roles = it.free;
        if (fits)
          builder.succeeds("a seat is free" + where);
        else
          builder.is_stale("the seats are taken" + where);
      };
      const std::uint32_t taken = counts.active + counts.invited;
      const RoleId other("other");
      commit(other, 4, taken, false);
      commit(other, 4, taken + 1, true);
      ChangeSetBuilder raised(test, {test_organization(row)}, test_accounts(6));
      const bool was_free = it.free.empty() && it.owners.empty()
                                ? row == 0
                                : std::find(it.free.begin(), it.free.end(), member) != it.free.end();
      raised.change(0, 2, MembershipState::active, Event::role_changed, other);
      raised.limit_seats(0, taken + 1);
      raised.changes.owner_roles = it.owners;
      raised.changes.free_roles = it.free;
      if (was_free)
        raised.is_stale("a role that takes a seat replaces one that takes none" + where);
      else
        raised.succeeds("the membership keeps its seat" + where);
      if (test.broken()) return;
    }
}

constexpr Entry counted_role_entries[] = {
    {{"facts/roles-in-no-catalog",
      "fetch marks the role of a membership that the organization's catalog does not have"},
     roles_in_no_catalog},
    {{"facts/counts-by-role",
      "fetch counts owners, and memberships that take a seat, by the roles of the query or by each organization's "
      "catalog"},
     counts_by_role},
    {{"bounds/seats-by-role",
      "a membership whose role takes no seat occupies none, by the roles of the change set or by the organization's "
      "catalog"},
     seats_by_role},
};

}  // namespace

std::span<const Entry> counted_role_laws() noexcept {
  return counted_role_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
