// Facts about roles: which catalog applies, what a role may do, whether it may be given.
#ifndef ROSTER_CORE_RULES_ROLE_HPP
#define ROSTER_CORE_RULES_ROLE_HPP

#include "judge.hpp"

namespace roster::inline ROSTER_ABI {

/// The role that a former id means. Another id is returned as it is. Out of line: few profiles declare former ids.
[[gnu::noinline]] inline const RoleId& meant_by(std::span<const FormerRole> former_roles, const RoleId& id) noexcept {
  for (const FormerRole& each : former_roles)
    if (each.former.view() == id.view()) return each.role;
  return id;
}
/// The id by which a role is compared, reported and written.
[[gnu::always_inline]] inline const RoleId& current_id(const Profile& profile, const RoleId& id) noexcept {
  return profile.former_roles.empty() ? id : meant_by(profile.former_roles, id);
}

/// The entry of a catalog with exactly this id; null if it has none. Out of line likewise, and small.
[[gnu::noinline]] inline const Role* find_in(std::span<const Role> catalog, const RoleId& id) noexcept {
  for (const Role& role : catalog)
    if (role.id.view() == id.view()) return &role;
  return nullptr;
}
/// find_role() for an id that is mostly a former one.
inline const Role* find_former_role(const Profile& profile, const RoleId& id) noexcept {
  return find_in(profile.roles, meant_by(profile.former_roles, id));
}
/// The entry of the profile's catalog with this id, or with the id that a former one means; null if it has none.
inline const Role* find_role(const Profile& profile, const RoleId& id) noexcept {
  for (const Role& role : profile.roles)
    if (role.id == id) return &role;
  return profile.former_roles.empty() ? nullptr : find_former_role(profile, id);
}

inline constexpr Role unknown_role{.id = {}, .rank = 0, .assignable = false, .exists = false};

/// The rank and rights of a role that a membership has: from the profile's catalog, or from the store if the profile
/// has none. A role missing from the catalog ranks lowest, neither manages nor owns, and takes a seat. Its id may be
/// empty.
inline const Role& known_role(const Profile& profile, const Role& fact) noexcept {
  if (profile.roles.empty()) return fact;
  const Role* const role = find_role(profile, fact.id);
  return role != nullptr ? *role : unknown_role;
}

/// Whether a catalog has a role that a membership has. Out of line: only a revival of the role calls it.
[[gnu::noinline]] inline bool role_exists(const Profile& profile, const Role& fact) noexcept {
  return profile.roles.empty() ? fact.exists : find_former_role(profile, fact.id) != nullptr;
}

/// The number of requested roles, which the cells refer to by position. It is at least 1: a command that names no role
/// requests the default.
inline std::uint32_t requested_role_count(const RoleCommand& command) noexcept {
  return command.roles.size() == 0 ? 1 : static_cast<std::uint32_t>(command.roles.size());
}
inline bool is_omitted(const RoleCommand& command, std::uint32_t requested) noexcept {
  return command.roles.size() == 0 || command.roles.span()[requested].empty();
}
inline const RoleId& requested_role(const Profile& profile, const RoleCommand& command,
                                    std::uint32_t requested) noexcept {
  return is_omitted(command, requested) ? profile.default_role : command.roles.span()[requested];
}
/// The position of the role that a cell requests. A cell of a group account requests the first role, like one without
/// an entry of its own.
inline std::uint32_t requested_role_index(const RoleCommand& command, std::size_t row, std::size_t column) noexcept {
  const std::size_t named = command.accounts.size(), cell = row * named + column;
  return column < named && cell < command.cell_roles.size() ? command.cell_roles[cell] : 0;
}
inline const RoleCommand* as_role_command(const Command& command) noexcept {
  return names_roles(command.kind()) ? static_cast<const RoleCommand*>(&command) : nullptr;
}

/// A requested role in the catalog of this organization: the profile's catalog, or the organization's own. `wanted` is
/// the role's position in Query::roles. Null: the catalog does not have it.
[[gnu::always_inline]] inline const Role* role_here(const Profile& profile, const Query& query, const Facts& facts,
                                                    std::uint32_t organization, std::size_t wanted,
                                                    const RoleId& id) noexcept {
  if (id.empty()) return nullptr;
  if (!profile.roles.empty()) return find_role(profile, id);
  const RoleIndex index = facts.wanted_roles[organization * query.roles.size() + wanted];
  return index != no_role && facts.roles[index].id == id ? &facts.roles[index] : nullptr;
}

/// A transfer grants ownership even through a role that no add may grant. The first role of a transfer must own.
inline RoleClass role_class(CommandKind kind, const Role* role, std::uint32_t requested) noexcept {
  if (role == nullptr) return RoleClass::unknown;
  if (kind == CommandKind::transfer_ownership && role->owns) return RoleClass::grantable;
  if (kind == CommandKind::transfer_ownership && requested == 0) return RoleClass::read_only;
  return role->assignable ? RoleClass::grantable : RoleClass::read_only;
}

}  // namespace roster::inline ROSTER_ABI

#endif
