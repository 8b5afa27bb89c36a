// The set-up operations of MemoryStore that erase records of the host.
//
// The handle of an erased record is not reused, so its record stays, without an id. Only former_account_ids refers to
// one: to an account whose mentions are kept.
#include <algorithm>
#include <utility>

#include "core/put_conditions.hpp"
#include "state.hpp"

namespace roster::inline ROSTER_ABI {

namespace memory {

namespace {

bool has_children(const Core& core, Handle parent) noexcept {
  for (Handle at = 0; at < core.organizations.size(); ++at)
    if (core.organizations[at].parent == parent) return true;
  return false;
}

/// A membership of another record must never get a version of these.
void forget_members(Core& core, Handle handle) noexcept {
  Members& members = core.organizations[handle].members;
  for (std::uint32_t i = 0; i < members.positions(); ++i) {
    const MemberRecord& record = members[i];
    if (record.account == no_handle) continue;
    core.first_version = std::max(core.first_version, static_cast<std::uint32_t>(record.version()) + 1);
    core.histories.drop(handle, record.account);
  }
  members.clear();
}

Errc erase(Core& core, Handle handle) noexcept {
  Organization& organization = core.organizations[handle];
  if (core.has_members(handle)) return Errc::has_members;
  if (has_children(core, handle)) return Errc::has_children;
  (void)core.set_slug(handle, Slug{});  // an empty slug is never refused
  const std::uint32_t hash = core.hasher.id(organization.id.get<OrganizationId>(core.strings));
  core.unlist(core.organization_ids, hash, handle);
  forget_members(core, handle);
  if (core.member_counter(handle) != nullptr) delete std::exchange(core.member_counters[handle], nullptr);
  release(std::exchange(organization.roles, nullptr));
  organization.role_count = 0;
  organization.parent = no_handle;
  organization.id.clear();
  core.first_record_version = std::max(core.first_record_version, organization.version + 1);
  ++core.erased_organizations;
  return done;
}

/// Erases the tombstones of an account. It is looked up in every organization, because no list has them.
void forget_tombstones(Core& core, Handle handle) noexcept {
  const std::uint64_t hash = core.hasher.handle(handle);
  for (Handle in = 0; in < core.organizations.size(); ++in) {
    const std::uint32_t position = core.organizations[in].members.find(handle, hash);
    if (position != Members::none) core.erase_member(in, position);
  }
}

void leave_groups(Core& core, Handle handle) noexcept {
  for (std::uint32_t i = 0; i < core.groups.size(); ++i) {
    Group& group = core.groups[i];
    group.size =
        static_cast<std::uint32_t>(std::remove(group.accounts, group.accounts + group.size, handle) - group.accounts);
  }
}

/// Another account must never get a version of this one. The handle still names it in the histories of others.
Errc erase(Core& core, Handle handle, Mentions mentions) noexcept {
  Account& account = core.accounts[handle];
  if (account.organizations_joined.size() != 0) return Errc::has_members;
  const std::uint32_t hash = core.hasher.id(core.account_id(handle));
  const bool keeps = mentions == Mentions::keep;
  if (keeps && core.list(core.former_account_ids, hash, handle) != Put::done) return Errc::out_of_memory;
  if (!keeps) forget_tombstones(core, handle);
  leave_groups(core, handle);
  core.unlist_email(handle);
  core.unlist_username(handle);
  core.unlist(core.account_ids, hash, handle);
  if (!keeps) (void)account.id.set(erased_account, core.strings);  // it is short, so it cannot fail
  account.id.hide();
  account.disabled = true;
  core.first_record_version = std::max(core.first_record_version, account.version + 1);
  ++core.erased_accounts;
  return done;
}

}  // namespace
}  // namespace memory

Result<void> MemoryStore::erase_account(const AccountId& id, Version version, Mentions mentions) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (id.empty()) return Errc::id_empty;
  const memory::Locked locked(*state_);
  const memory::Handle handle = state_->search(id);
  const bool exists = handle != memory::no_handle;
  Errc failed = check_change(version, exists ? Version{state_->accounts[handle].version} : Version{});
  if (failed == memory::done) failed = memory::erase(*state_, handle, mentions);
  return memory::result_of(failed);
}

Result<void> MemoryStore::erase_organization(const OrganizationId& id, Version version) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (id.empty()) return Errc::id_empty;
  const memory::Locked locked(*state_);
  const memory::Handle handle = state_->search(id);
  const bool exists = handle != memory::no_handle;
  Errc failed = check_change(version, exists ? Version{state_->organizations[handle].version} : Version{});
  if (failed == memory::done) failed = memory::erase(*state_, handle);
  return memory::result_of(failed);
}

}  // namespace roster::inline ROSTER_ABI
