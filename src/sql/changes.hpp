// Converts a change set into rows of an outbox, and checks its indexes.
#ifndef ROSTER_SQL_CHANGES_HPP
#define ROSTER_SQL_CHANGES_HPP

#include <cstdint>
#include <string_view>

#include "roster/decision.hpp"

namespace roster::inline ROSTER_ABI {
namespace sql {

/// One entry of a change set as an event. The change set owns the ids.
struct EventRow {
  std::string_view event;
  const AccountId* account = nullptr;
  const OrganizationId* organization = nullptr;  ///< null: an event of the account alone
  const RoleId* role = nullptr;
  const MembershipId* membership = nullptr;
  bool stays = false;  ///< a membership that is not removed
};

/// The account of an entry of a change set.
inline const AccountId& account_of(const ChangeSet& changes, std::uint32_t account) noexcept {
  const std::size_t known = changes.accounts.size();
  return account < known ? changes.accounts[account].id : changes.created[account - known].id;
}

/// The events of a change set, in the order created, added, changed. Its indexes must have been checked.
inline std::uint32_t event_count(const ChangeSet& changes) noexcept {
  return changes.created.size() + changes.added.size() + changes.changed.size();
}
inline EventRow event(const ChangeSet& changes, std::uint32_t at) noexcept {
  if (at < changes.created.size()) return {"account_created", &changes.created[at].id};
  at -= changes.created.size();
  if (at < changes.added.size()) {
    const MemberAdded& added = changes.added[at];
    const Event what = added.state == MembershipState::invited ? Event::invited : Event::added;
    return {name(what),
            &account_of(changes, added.account),
            &changes.organizations[added.organization].id,
            &changes.roles[added.role],
            &changes.added_ids[at],
            true};
  }
  const MemberChanged& changed = changes.changed[at - changes.added.size()];
  return {name(changed.event),
          &account_of(changes, changed.account),
          &changes.organizations[changed.organization].id,
          &changes.roles[changed.role],
          changed.new_identity ? &changed.new_id : &changed.id,
          changed.state != MembershipState::removed};
}

/// True if every index in the change set is in range, so that later code need not check them.
bool indexes_fit(const ChangeSet& changes) noexcept;

}  // namespace sql
}  // namespace roster::inline ROSTER_ABI

#endif
