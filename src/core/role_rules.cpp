#include "role_rules.hpp"

ROSTER_BEGIN

bool wanted_roles(const Profile& profile, const RoleCommand& command, List<RoleId, 1>& wanted) noexcept {
  wanted.clear();
  const std::uint32_t count = asked_count(command);
  for (std::uint32_t i = 0; i < count; ++i)
    if (!wanted.push(asked_role(profile, command, i))) return false;
  return profile.parent != ParentRule::add || wanted.push(profile.parent_role);
}

bool parent_role_exists(const Profile& profile, const Query& query, const Facts& facts, std::uint32_t parent) noexcept {
  if (profile.parent_role.empty()) return false;
  if (!profile.roles.empty()) return find_role(profile, profile.parent_role) != nullptr;
  const std::size_t wanted = query.roles.size();  // the parent role stands last
  const RoleIndex index = facts.wanted_roles[parent * wanted + wanted - 1];
  return index != no_role && facts.roles[index].id == profile.parent_role;
}

ROSTER_END
