// The set-up operations of MemoryStore for groups and memberships.
#include <algorithm>
#include <bit>
#include <cstring>

#include "core/put_conditions.hpp"
#include "state.hpp"

namespace roster::inline ROSTER_ABI {

using memory::done;
using memory::Group;
using memory::Handle;
using memory::IdSlot;
using memory::Locked;
using memory::MemberRecord;
using memory::Members;
using memory::no_handle;
using memory::Organization;
using memory::Put;
using memory::result_of;

Result<void> MemoryStore::overwrite_group(const GroupName& group, std::span<const AccountId> accounts) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (group.empty()) return Errc::id_empty;
  State& state = *state_;
  const Locked locked(state);
  // Keeps the first of duplicate accounts. Sorting by account and then by position finds the duplicates.
  SmallVector<std::uint64_t, 8> found;
  for (const AccountId& id : accounts) {
    const Handle account = state.search(id);
    if (account == no_handle) return Errc::not_found;
    if (!found.try_push_back(std::uint64_t{account} << 32 | found.size())) return Errc::out_of_memory;
  }
  std::sort(found.begin(), found.end());
  const auto* const last =
      std::unique(found.begin(), found.end(), [](std::uint64_t a, std::uint64_t b) { return a >> 32 == b >> 32; });
  found.truncate(static_cast<std::uint32_t>(last - found.begin()));
  for (std::uint64_t& each : found) each = each << 32 | each >> 32;  // the position above the account
  std::sort(found.begin(), found.end());  // as the first sort, because a second kind of sort is more code
  Handle* const handles = found.empty() ? nullptr : memory::allocate<Handle>(found.size());
  if (handles == nullptr && !found.empty()) return Errc::out_of_memory;
  // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): null only if nothing was found
  for (std::uint32_t i = 0; i < found.size(); ++i) handles[i] = static_cast<Handle>(found[i]);

  Handle handle = state.find_group(group);
  if (handle == no_handle) {
    handle = state.groups.size();
    const std::uint32_t hash = state.hasher.text(group.view());
    const memory::StringArena::Mark mark = state.strings.mark();
    Group* const fresh = state.groups.try_push_back();
    if (fresh != nullptr) fresh->name = state.strings.add(group.view());
    if (fresh == nullptr || fresh->name == memory::no_text ||
        state.list(state.group_names, hash, handle) != Put::done) {
      if (fresh != nullptr) state.groups.pop();
      state.strings.forget(mark);
      memory::release(handles);
      return Errc::out_of_memory;
    }
  }
  memory::release(state.groups[handle].accounts);
  state.groups[handle].accounts = handles;
  state.groups[handle].size = found.size();
  return success();
}

Result<void> MemoryStore::put_membership(const Membership& membership) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (membership.id.empty() || membership.organization.empty() || membership.account.empty() || membership.role.empty())
    return Errc::id_empty;
  State& state = *state_;
  const Locked locked(state);
  const Handle organization = state.search(membership.organization), account = state.search(membership.account);
  if (organization == no_handle || account == no_handle) return Errc::not_found;
  const bool invited = membership.state == MembershipState::invited;
  const Time invitation_end = invited ? earlier_end(membership.invitation_until, membership.valid_until) : Time{};
  const bool has_inviter = invited && !membership.invited_by.empty();
  const Handle inviter = has_inviter ? state.search(membership.invited_by) : no_handle;
  if (has_inviter && inviter == no_handle) return Errc::not_found;
  std::uint16_t role;
  const Errc failed = state.role_of(membership.role, role);
  if (failed != done) return result_of(failed);
  Members& members = state.organizations[organization].members;
  memory::MemberCounter* const member_counter = state.counted(organization);
  if (member_counter != nullptr && !member_counter->reserve(1)) return Errc::out_of_memory;
  if (membership.state == MembershipState::removed) return Errc::not_found;
  MemberRecord* record = nullptr;
  switch (members.add(account, state.hasher.handle(account), state.hasher, record)) {
    case Put::done: break;
    case Put::present: return Errc::exists;
    case Put::no_memory: return Errc::out_of_memory;
    case Put::full: return Errc::store_full;
  }
  record->id = membership.id;
  record->idempotency_key = membership.idempotency_key;
  const bool sets_expiry = membership.valid_until != Time{};
  record->version_and_state = MemberRecord::pack(state.first_version, membership.state, sets_expiry);
  record->time_and_role = MemberRecord::pack(membership.added_at, role);
  const bool remembers = sets_expiry || invitation_end != Time{} || has_inviter;
  memory::HistoryEntry* const history = remembers ? state.histories.put(organization, account) : nullptr;
  if ((remembers && history == nullptr) ||
      !state.lists.append(state.accounts[account].organizations_joined, organization)) {
    if (history != nullptr) state.histories.drop(organization, account);
    members.pop(state.hasher);
    return Errc::out_of_memory;
  }
  if (history != nullptr) {
    history->by = inviter;
    history->valid_until = membership.valid_until;
    history->invitation_until = invitation_end;
    history->written_at = membership.added_at;
  }
  if (member_counter != nullptr)
    member_counter->enter(membership.state, role, sets_expiry, invitation_end, state.accounts[account].disabled);
  ++state.memberships;
  return success();
}

Result<void> MemoryStore::erase_membership(const OrganizationId& organization, const AccountId& account) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  State& state = *state_;
  const Locked locked(state);
  const Handle from = state.search(organization), who = state.search_former(account);
  if (from == no_handle || who == no_handle) return Errc::not_found;
  const std::uint32_t position = state.organizations[from].members.find(who, state.hasher.handle(who));
  if (position == Members::none) return Errc::not_found;
  state.erase_member(from, position);
  return success();
}

Result<void> MemoryStore::reserve_accounts(std::uint32_t accounts) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  const Locked locked(*state_);
  if (!state_->accounts.reserve(accounts)) return Errc::out_of_memory;
  return success();
}

}  // namespace roster::inline ROSTER_ABI
