// The statements of a store. Each is prepared at its first use and then kept.
#ifndef ROSTER_SQLITE_STATEMENTS_HPP
#define ROSTER_SQLITE_STATEMENTS_HPP

#include <array>
#include <cstddef>
#include <cstdint>

#include "roster/version.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

enum class Sql : std::uint8_t {
  // Transactions.
  begin_read,
  begin_write,
  end,
  undo,
  begin_nested,
  end_nested,
  undo_nested,
  // One cell; by_id_by_email finds the organization by id and the account by e-mail, and so on.
  cell_by_id_by_id,
  cell_by_id_by_email,
  cell_by_id_by_username,
  cell_by_slug_by_id,
  cell_by_slug_by_email,
  cell_by_slug_by_username,
  add_cell,
  // Facts.
  organizations_by_id,
  organizations_by_slug,
  organizations_nested,
  organizations_by_number,
  accounts_by_id,
  accounts_by_email,
  accounts_by_username,
  catalogs,
  roles_by_id,
  roles_by_number,
  actor_memberships,
  members_between,
  members_one_by_one,
  inviters,
  counts,
  groups,
  members_of_set,
  organizations_of_set,
  // Commits.
  checked_organizations,
  checked_accounts,
  checked_memberships,
  checked_inviters,
  last_account,
  insert_roles,
  record_owner_role,
  insert_accounts,
  insert_memberships,
  changed_memberships,
  update_memberships,
  erase_memberships,
  raise_first_version,
  count_members,
  mark_counted,
  add_to_counts,
  insert_events,
  // Set-up.
  compare_organization,
  upsert_organization,
  change_organization,
  keeps_closed,
  number_of_organization,
  is_inside,
  in_use_organization,
  erase_organization,
  erase_members_of,
  erase_counts_of,
  erase_catalog_of,
  raise_first_record_version,
  in_use_account,
  erase_account,
  revive_account,
  former_number_of_account,
  raise_first_versions_of_account,
  erase_tombstones_of_account,
  leave_groups,
  erase_events_of_account,
  erase_account_from_events,
  compare_account,
  upsert_account,
  change_account,
  release_email,
  release_username,
  number_of_account,
  recount_account,
  upsert_role,
  raise_organization,
  role_in_catalog,
  members_of_role,
  owners_by_role,
  insert_role_events,
  replace_role,
  move_counts,
  clear_counts,
  erase_role,
  forget_owner_role,
  upsert_group,
  clear_group,
  insert_group_account,
  insert_membership,
  // Look-ups.
  one_membership,
  one_membership_of_erased,
  members_after,
  members_with_role_after,
  invitations_after,
  organizations_after,
  count_of_members,
  count_of_joined,
  count_of_organizations,
  count_of_accounts,
  count_of_memberships,
  roles_after,
  children_after,
  organization_by_id,
  organization_by_slug,
  organization_nested,
  account_by_id,
  account_by_email,
  account_by_username,
};
inline constexpr std::size_t sql_count = static_cast<std::size_t>(Sql::account_by_username) + 1;

const char* text_of(Sql which) noexcept;

}  // namespace sqlite
}  // namespace roster::inline ROSTER_ABI

#endif
