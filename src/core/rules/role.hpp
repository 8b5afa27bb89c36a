// Facts about roles: which catalog applies, what a role may do, whether it may be given.
#ifndef ROSTER_CORE_RULES_ROLE_HPP
#define ROSTER_CORE_RULES_ROLE_HPP

#include "judge.hpp"

namespace roster::inline ROSTER_ABI {

/// The entry of the profile's catalog with this id; null if it has none.
inline const Role* find_role(const Profile& profile, const RoleId& id) noexcept {
  for (const Role& role : profile.roles)
    if (role.id == id) return &role;
  return nullptr;
}

inline constexpr Role unknown_role{.id = {}, .rank = 0, .assignable = false};

/// What a role that a membership has means: as the profile's catalog says where there is one, otherwise as the store
/// says. A role that the catalog does not know ranks lowest, manages nothing and owns nothing. Its id may be left out.
inline const Role& known_role(const Profile& profile, const Role& fact) noexcept {
  if (profile.roles.empty()) return fact;
  const Role* const role = find_role(profile, fact.id);
  return role != nullptr ? *role : unknown_role;
}

/// The roles that a command asks for, by position: what its cells may name. At least one, because a command that names
/// none asks for the default.
inline std::uint32_t requested_role_count(const RoleCommand& command) noexcept {
  return command.roles.size() == 0 ? 1 : static_cast<std::uint32_t>(command.roles.size());
}
inline bool is_omitted(const RoleCommand& command, std::uint32_t asked) noexcept {
  return command.roles.size() == 0 || command.roles.span()[asked].empty();
}
inline const RoleId& requested_role(const Profile& profile, const RoleCommand& command, std::uint32_t asked) noexcept {
  return is_omitted(command, asked) ? profile.default_role : command.roles.span()[asked];
}
/// Which of them the cell asks for: an account found through a group, as one that is named alone, for the first.
inline std::uint32_t requested_role_index(const RoleCommand& command, std::size_t row, std::size_t column) noexcept {
  const std::size_t named = command.accounts.size(), cell = row * named + column;
  return column < named && cell < command.cell_roles.size() ? command.cell_roles[cell] : 0;
}
inline const RoleCommand* as_role_command(const Command& command) noexcept {
  return names_roles(command.kind()) ? static_cast<const RoleCommand*>(&command) : nullptr;
}

/// A role in the catalog that applies to this organization, the profile's or its own, where it is the `wanted`th that
/// the query asks for; null: it is in none.
[[gnu::always_inline]] inline const Role* role_here(const Profile& profile, const Query& query, const Facts& facts,
                                                    std::uint32_t organization, std::size_t wanted,
                                                    const RoleId& id) noexcept {
  if (id.empty()) return nullptr;
  if (!profile.roles.empty()) return find_role(profile, id);
  const RoleIndex index = facts.wanted_roles[organization * query.roles.size() + wanted];
  return index != no_role && facts.roles[index].id == id ? &facts.roles[index] : nullptr;
}

/// Ownership can be given by a transfer even where no add may give it, and the first role of a transfer is to give it.
inline RoleClass role_class(CommandKind kind, const Role* role, std::uint32_t asked) noexcept {
  if (role == nullptr) return RoleClass::unknown;
  if (kind == CommandKind::transfer_ownership && role->owns) return RoleClass::grantable;
  if (kind == CommandKind::transfer_ownership && asked == 0) return RoleClass::read_only;
  return role->assignable ? RoleClass::grantable : RoleClass::read_only;
}

}  // namespace roster::inline ROSTER_ABI

#endif
