// The set-up operations of MemoryStore that erase records of the host.
//
// The handle of an erased record is not reused, so its record stays. It has no id, and no table refers to it.
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
  const MemberCounter* const counter = core.member_counter(handle);
  if (organization.members.size() != (counter == nullptr ? 0 : counter->removed)) return Errc::has_members;
  if (has_children(core, handle)) return Errc::has_children;
  (void)core.set_slug(handle, Slug{});  // an empty slug is never refused
  const std::uint32_t hash = core.hasher.id(organization.id.get<OrganizationId>(core.strings));
  core.unlist(core.organization_ids, hash, handle);
  forget_members(core, handle);
  if (counter != nullptr) delete std::exchange(core.member_counters[handle], nullptr);
  release(std::exchange(organization.roles, nullptr));
  organization.role_count = 0;
  organization.parent = no_handle;
  organization.id.clear();
  core.first_record_version = std::max(core.first_record_version, organization.version + 1);
  ++core.erased_organizations;
  return done;
}

}  // namespace
}  // namespace memory

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
