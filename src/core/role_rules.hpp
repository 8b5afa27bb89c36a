// Rules about roles: which catalog applies, what a role may do, whether it may be given.
#ifndef ROSTER_CORE_ROLE_RULES_HPP
#define ROSTER_CORE_ROLE_RULES_HPP

#include "roster/decision.hpp"

ROSTER_BEGIN

/// What a verdict says where no rule stands against the row, the column or the role.
inline constexpr Outcome no_objection{};

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

inline bool manages(const Profile& profile, const Role& fact) noexcept {
  if (profile.roles.empty()) return fact.manages;
  const Role* const role = find_role(profile, fact.id);
  return role != nullptr && role->manages;
}

/// The roles that a command asks for, by position: what its cells may name. At least one, because a command that names
/// none asks for the default.
inline std::uint32_t asked_count(const RoleCommand& command) noexcept {
  return command.roles.size() == 0 ? 1 : static_cast<std::uint32_t>(command.roles.size());
}
inline bool is_omitted(const RoleCommand& command, std::uint32_t asked) noexcept {
  return command.roles.size() == 0 || command.roles.span()[asked].empty();
}
inline const RoleId& asked_role(const Profile& profile, const RoleCommand& command, std::uint32_t asked) noexcept {
  return is_omitted(command, asked) ? profile.default_role : command.roles.span()[asked];
}

/// What is to be found in an organization's own catalog: the roles asked for, in order, then the parent role if one is
/// to be given. Asked only where the profile has no catalog. False when memory is out.
[[nodiscard]] bool wanted_roles(const Profile& profile, const RoleCommand& command, List<RoleId, 1>& wanted) noexcept;

/// role_not_found, role_not_assignable, or no_objection for the role asked for in this organization.
/// `role` becomes the role, if there is one.
inline Outcome judge_role(const Profile& profile, const RoleCommand& command, const Query& query, const Facts& facts,
                          std::uint32_t organization, std::uint32_t asked, const Role*& role) noexcept {
  const RoleId& id = asked_role(profile, command, asked);
  if (id.empty()) return Outcome::role_not_found;
  role = nullptr;
  if (!profile.roles.empty()) {
    role = find_role(profile, id);
  } else {
    const RoleIndex index = facts.wanted_roles[organization * query.roles.size() + asked];
    if (index != no_role && facts.roles[index].id == id) role = &facts.roles[index];
  }
  if (role == nullptr) return Outcome::role_not_found;
  return role->assignable ? no_objection : Outcome::role_not_assignable;
}

/// Whether the role that ParentRule::add gives exists in the parent.
bool parent_role_exists(const Profile& profile, const Query& query, const Facts& facts, std::uint32_t parent) noexcept;

/// Where ChangeSet::roles has a role of Decision::roles, written down at its first use. False only when memory is out.
[[nodiscard]] inline bool write_role(Decision& decision, RoleIndex role, RoleIndex& index) noexcept {
  RoleIndex& known = decision.roles[decision.roles[role].first].written;
  if (known == no_role) {
    known = static_cast<RoleIndex>(decision.changes.roles.size());
    if (!decision.changes.roles.push(decision.roles[role].id)) return false;
  }
  index = known;
  return true;
}

ROSTER_END

#endif
