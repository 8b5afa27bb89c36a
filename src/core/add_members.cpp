// AddMembers as a kind of command: what is wrong with its shape, and where its rules begin.
#include "add_tile.hpp"
#include "admission.hpp"
#include "role_rules.hpp"
#include "rules.hpp"

ROSTER_BEGIN

Result<void> decide(const Profile& profile, const AddMembers& command, const Tile& tile, const Query& query,
                    const Facts& facts, const Context& context, Decision& decision) noexcept {
  if (!AddTile(profile, command, tile, query, facts, context, decision).decide()) return Errc::out_of_memory;
  return success();
}

Result<void> check_profile(const Profile& profile) noexcept {
  if (profile.parent == ParentRule::add && profile.parent_role.empty()) return Errc::profile_malformed;
  if (profile.hides_accounts && (profile.on_unknown_account != OnUnknown::invite || profile.by_username))
    return Errc::profile_malformed;
  if (profile.roles.empty()) return success();
  if (profile.parent == ParentRule::add && find_role(profile, profile.parent_role) == nullptr)
    return Errc::profile_malformed;
  if (profile.default_role.empty()) return success();
  const Role* const role = find_role(profile, profile.default_role);
  if (role == nullptr || !role->assignable) return Errc::profile_malformed;
  return success();
}

Result<void> admit_roles(const Profile& profile, const RoleCommand& command) noexcept {
  if (command.roles.size() > roles_max) return Errc::roles_malformed;
  if (!command.cell_roles.empty()) {
    const std::uint64_t cells = std::uint64_t{command.organizations.size()} * command.accounts.size();
    if (command.cell_roles.size() != cells) return Errc::roles_malformed;
    const std::uint32_t roles = asked_count(command);
    for (std::size_t cell = 0; cell < cells; ++cell)
      if (command.cell_roles[cell] >= roles) return Error(Errc::roles_malformed, static_cast<std::uint32_t>(cell));
  }
  return check_profile(profile);
}

namespace {

const AddMembers& as_add(const Command& command) noexcept {
  return static_cast<const AddMembers&>(command);
}

Result<void> admit(const Profile& profile, const Command& command) noexcept {
  return admit_roles(profile, as_add(command));
}

}  // namespace

constinit const Rules add_members_rules = {
    admit,
    [](const Profile& profile, const Command& command, List<RoleId, 1>& wanted) noexcept {
      return wanted_roles(profile, as_add(command), wanted);
    },
    [](const Command& command) noexcept { return !as_add(command).cell_roles.empty(); },
    [](const Profile& profile, const Command& command, const Tile& tile, const Query& query, const Facts& facts,
       const Context& context,
       Decision& decision) noexcept { return decide(profile, as_add(command), tile, query, facts, context, decision); },
};

ROSTER_END
