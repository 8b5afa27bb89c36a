// The set-up operations of MemoryStore for roles.
#include <algorithm>

#include "core/put_conditions.hpp"
#include "state.hpp"

namespace roster::inline ROSTER_ABI {

using memory::done;
using memory::Handle;
using memory::Locked;
using memory::MemberCounter;
using memory::MemberRecord;
using memory::Members;
using memory::no_handle;
using memory::Organization;
using memory::OwnRole;

namespace {

/// Checks that the organization has an owner with another role, or none with this one. An owner whose account is
/// disabled counts if there is no other, because it may be enabled again. Linear in the members.
Errc keep_an_owner(memory::Core& core, Handle handle, std::uint16_t role) noexcept {
  const Organization& organization = core.organizations[handle];
  const OwnRole* const own = organization.own_role(role);
  if (own == nullptr || !own->owns) return done;
  struct {
    bool with_role = false, with_another = false;
  } enabled, all;
  for (std::uint32_t i = 0; i < organization.members.positions(); ++i) {
    const MemberRecord& record = organization.members[i];
    if (record.account == no_handle || !record.active() || record.sets_expiry()) continue;
    const OwnRole* const has = organization.own_role(record.role());
    if (has == nullptr || !has->owns) continue;
    (record.role() == role ? all.with_role : all.with_another) = true;
    if (!core.accounts[record.account].disabled)
      (record.role() == role ? enabled.with_role : enabled.with_another) = true;
  }
  const bool loses = (enabled.with_role && !enabled.with_another) || (all.with_role && !all.with_another);
  return loses ? Errc::owner_last : done;
}

/// Gives every member with one role the other, and a new version. Returns whether there was one. Without another role
/// nothing is written.
bool replace_role(memory::Core& core, Handle handle, std::uint16_t role, std::uint16_t other) noexcept {
  Members& members = core.organizations[handle].members;
  bool found = false;
  for (std::uint32_t i = 0; i < members.positions(); ++i) {
    MemberRecord& record = members[i];
    if (record.account == no_handle || record.role() != role) continue;
    found = true;
    if (other == no_role) break;
    record.time_and_role = MemberRecord::pack(record.time(), other);
    record.move_to(record.state(), record.sets_expiry(), record.returned());
  }
  // The next query counts the members again.
  if (MemberCounter* const counter = core.member_counter(handle); counter != nullptr && other != no_role)
    counter->counted = false;
  return found;
}

}  // namespace

Result<Version> MemoryStore::put_role(const OrganizationId& organization, const Role& role, Version version) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (organization.empty() || role.id.empty()) return Errc::id_empty;
  State& state = *state_;
  const Locked locked(state);
  const Handle handle = state.search(organization);
  if (handle == no_handle) return Errc::not_found;
  Organization& to = state.organizations[handle];
  std::uint16_t known;
  Errc failed = check_change(version, Version{to.version});
  if (failed == done) failed = state.role_of(role.id, known);
  if (failed == done && !role.owns) failed = keep_an_owner(state, handle, known);
  if (failed != done) return failed;
  const OwnRole own{known, role.rank, role.assignable, role.manages, role.owns, role.takes_seat};
  OwnRole* const end = to.roles + to.role_count;
  OwnRole* at = std::lower_bound(to.roles, end, known, [](const OwnRole& a, std::uint16_t b) { return a.role < b; });
  if (at != end && at->role == known) {
    *at = own;
  } else {
    const auto position = static_cast<std::size_t>(at - to.roles);
    if ((to.role_count & (to.role_count - 1)) == 0) {  // full: its capacity is always a power of two
      auto* const fresh = memory::allocate<OwnRole>(to.role_count == 0 ? 1 : std::size_t{to.role_count} * 2);
      if (fresh == nullptr) return Errc::out_of_memory;
      std::copy(to.roles, end, fresh);
      memory::release(to.roles);
      to.roles = fresh;
    }
    std::copy_backward(to.roles + position, to.roles + to.role_count, to.roles + to.role_count + 1);
    to.roles[position] = own;
    ++to.role_count;
  }
  if (role.owns) state.roles[known].has_owned = true;
  ++to.version;
  return Version{to.version};
}

Result<void> MemoryStore::record_owner_role(const RoleId& role) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (role.empty()) return Errc::id_empty;
  const Locked locked(*state_);
  std::uint16_t known;
  const Errc failed = state_->role_of(role, known);
  if (failed != done) return failed;
  state_->roles[known].has_owned = true;
  return success();
}

Result<void> MemoryStore::forget_owner_role(const RoleId& role) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (role.empty()) return Errc::id_empty;
  const Locked locked(*state_);
  const std::uint16_t known = state_->find_role(role);
  if (known == no_role || !state_->roles[known].has_owned) return Errc::not_found;
  state_->roles[known].has_owned = false;
  return success();
}

Result<Version> MemoryStore::erase_role(const OrganizationId& organization, const RoleId& role,
                                        const RoleId& replacement, Version version) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (organization.empty() || role.empty()) return Errc::id_empty;
  State& state = *state_;
  const Locked locked(state);
  const Handle handle = state.search(organization);
  if (handle == no_handle) return Errc::not_found;
  Organization& in = state.organizations[handle];
  Errc failed = check_change(version, Version{in.version});
  if (failed != done) return failed;
  const std::uint16_t known = state.find_role(role), other = state.find_role(replacement);
  const OwnRole *const own = in.own_role(known), *const instead = in.own_role(other);
  const bool replaces = !replacement.empty();
  if (own == nullptr || (replaces && (instead == nullptr || instead == own))) return Errc::not_found;
  if (!replaces && replace_role(state, handle, known, no_role)) return Errc::role_in_use;
  if (replaces && !instead->owns) failed = keep_an_owner(state, handle, known);
  if (failed != done) return failed;
  if (replaces) replace_role(state, handle, known, other);
  std::copy(own + 1, static_cast<const OwnRole*>(in.roles + in.role_count), in.roles + (own - in.roles));
  --in.role_count;
  ++in.version;
  return Version{in.version};
}

/// `core`: null if its allocation failed.
[[gnu::noinline]] static Result<std::size_t> list_roles(memory::Core* core, const OrganizationId& organization,
                                                        const RoleId& after, std::span<Role> out) noexcept {
  if (core == nullptr) return Errc::out_of_memory;
  const Locked locked(*core);
  const Handle handle = core->search(organization);
  if (handle == no_handle) return std::size_t{0};
  const Organization& in = core->organizations[handle];
  const RoleId from = after;  // it may be an id in `out`
  std::size_t count = 0;
  // A catalog is short. Each place takes the lowest id that is left.
  for (std::string_view last = from.view(); count < out.size(); last = out[count++].id.view()) {
    const OwnRole* next = nullptr;
    std::string_view lowest;
    for (const OwnRole* at = in.roles; at != in.roles + in.role_count; ++at) {
      const std::string_view id = core->roles[at->role].id.view();
      if (id <= last || (next != nullptr && id >= lowest)) continue;
      next = at;
      lowest = id;
    }
    if (next == nullptr) break;
    Role& role = out[count];
    role.id = core->roles[next->role].id;
    next->write_to(role);
  }
  return count;
}

Result<std::size_t> MemoryStore::roles(const OrganizationId& organization, const RoleId& after,
                                       std::span<Role> out) const noexcept {
  return list_roles(state_, organization, after, out);
}

}  // namespace roster::inline ROSTER_ABI
