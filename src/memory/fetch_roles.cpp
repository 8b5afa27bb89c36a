// The dictionary of roles in an answer.
#include "fetch.hpp"

namespace roster::inline ROSTER_ABI {
namespace memory {

bool Fetch::first_in_row(const Organization& organization, KnownRole& known, std::uint16_t role) noexcept {
  const OwnRole* const own = organization.role_count == 0 ? nullptr : organization.own_role(role);
  if (own != nullptr) {
    if (!own_entry(known, *own)) return false;
  } else {
    if (known.foreign_stamp != fetch_stamp_) {
      if (!add_entry(known, OwnRole{role, 0, false, false, false, true}, false)) return false;
      known.foreign_stamp = fetch_stamp_;
      known.foreign_index = static_cast<RoleIndex>(facts_.roles.size() - 1);
    }
    known.row_index = known.foreign_index;
  }
  known.row_stamp = row_stamp_;
  return true;
}

/// Sets row_index. Entries of one role with different rights are chained. Organizations seldom differ, so a chain is
/// short.
bool Fetch::own_entry(KnownRole& known, const OwnRole& own) noexcept {
  if (known.own_stamp != fetch_stamp_) {
    known.own_stamp = fetch_stamp_;
    known.own_index = no_role;
  }
  for (RoleIndex at = known.own_index; at != no_role; at = core_.next_entry[at]) {
    const Role& entry = facts_.roles[at];
    if (entry.rank != own.rank || entry.assignable != own.assignable || entry.manages != own.manages ||
        entry.owns != own.owns || entry.takes_seat != own.takes_seat)
      continue;
    known.row_index = at;
    return true;
  }
  const std::uint32_t size = facts_.roles.size();
  if (!core_.next_entry.resize_uninitialized(std::size_t{size} + 1) || !add_entry(known, own, true)) return false;
  core_.next_entry[size] = known.own_index;
  known.row_index = known.own_index = static_cast<RoleIndex>(size);
  return true;
}

inline bool Fetch::add_entry(const KnownRole& known, const OwnRole& own, bool exists) noexcept {
  const std::uint32_t size = facts_.roles.size();
  if (size >= roles_max || !facts_.roles.resize_uninitialized(std::size_t{size} + 1)) return false;
  Role& entry = facts_.roles[size];
  entry.id = known.id;
  own.write_to(entry);
  entry.exists = exists;
  entry.has_owned = query_.counts && known.has_owned;
  return true;
}

Errc Fetch::wanted_roles() noexcept {
  if (query_.roles.empty()) return done;
  core_.wanted.clear();
  for (const RoleId& id : query_.roles)
    if (!core_.wanted.try_push_back(core_.find_role(id))) return Errc::out_of_memory;
  const std::uint64_t entries = std::uint64_t{facts_.organizations.size()} * query_.roles.size();
  if (!facts_.wanted_roles.reserve(entries)) return Errc::out_of_memory;
  for (const OrganizationFact& fact : facts_.organizations) {
    const Organization* const organization =
        fact.id.empty() ? nullptr : &core_.organizations[static_cast<Handle>(fact.locator) - 1];
    if (organization != nullptr) read_row(*organization);
    for (const std::uint16_t wanted : core_.wanted) {
      RoleIndex index = no_role;
      if (organization != nullptr && wanted != no_role && organization->own_role(wanted) != nullptr &&
          !role(*organization, wanted, index))
        return Errc::out_of_memory;
      facts_.wanted_roles.unchecked_push_back(index);
    }
  }
  return done;
}

}  // namespace memory
}  // namespace roster::inline ROSTER_ABI
