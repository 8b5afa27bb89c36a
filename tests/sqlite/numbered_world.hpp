// The fixture world with numbered records: organizations o0, o1... and accounts a0, a1..., of which a0 owns every
// organization.
#ifndef ROSTER_TESTS_SQLITE_NUMBERED_WORLD_HPP
#define ROSTER_TESTS_SQLITE_NUMBERED_WORLD_HPP

#include "roster/sqlite_store.hpp"
#include "statements.hpp"
#include "support/fixture_world.hpp"

namespace roster_test {

using namespace fixtures;

/// Owners and admins add members, one or many; an existing membership is kept.
inline Profile numbered_rules() {
  return with(manager_rules(), [](Profile& p) {
    p.on_same_role = p.on_other_role = OnConflict::keep;
    p.accounts_max = p.organizations_max = 10'000;
    p.cells_max = 1'000'000;
  });
}

/// False if the store refused a record.
template <class AnyStore>
bool put_numbered(AnyStore& store, unsigned organizations, unsigned accounts) {
  return put_world(store, fixture_world({.organizations = {},
                                         .accounts = {},
                                         .owner = account(0),
                                         .numbered_organizations = organizations,
                                         .numbered_accounts = accounts}));
}

/// Adds every account but a0 to every organization.
inline AddMembers add_all(unsigned organizations, unsigned accounts) {
  std::vector<OrganizationSelector> rows;
  std::vector<AccountSelector> columns;
  for (unsigned i = 0; i < organizations; ++i) rows.emplace_back(organization(i));
  for (unsigned i = 1; i < accounts; ++i) columns.emplace_back(account(i));
  return AddMembers(std::move(rows), std::move(columns), {}, by(account(0)), key("add all"));
}

}  // namespace roster_test

#endif
