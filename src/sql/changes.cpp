#include "sql/changes.hpp"

namespace roster::inline ROSTER_ABI {
namespace sql {

bool indexes_fit(const ChangeSet& changes) noexcept {
  const std::size_t organizations = changes.organizations.size(), roles = changes.roles.size();
  const std::size_t accounts = changes.accounts.size() + changes.created.size();
  if (changes.added.size() != changes.added_ids.size()) return false;
  for (const MemberAdded& added : changes.added)
    if (added.organization >= organizations || added.account >= accounts || added.role >= roles) return false;
  for (const MemberChanged& changed : changes.changed)
    if (changed.organization >= organizations || changed.account >= accounts || changed.role >= roles ||
        (changed.new_identity && changed.new_id.empty()))
      return false;
  for (const AccountCreated& created : changes.created)
    if (created.id.empty()) return false;
  for (const Guard& guard : changes.guards) {
    const bool about_account = guard.record == Guard::Record::account || guard.record == Guard::Record::membership ||
                               guard.record == Guard::Record::inviter;
    const bool about_organization = guard.record != Guard::Record::account;
    if ((about_account && guard.account >= accounts) || (about_organization && guard.organization >= organizations))
      return false;
  }
  return true;
}

}  // namespace sql
}  // namespace roster::inline ROSTER_ABI
