#include "admission.hpp"

namespace roster::inline ROSTER_ABI {

namespace {

/// Whether each former id is declared once, is in the catalog no longer, and means a role of the catalog. So a profile
/// without a catalog declares none.
bool are_sound(const Profile& profile) noexcept {
  const auto& former_roles = profile.former_roles;
  for (std::size_t i = 0; i < former_roles.size(); ++i) {
    const FormerRole& each = former_roles[i];
    if (each.former.empty() || find_in(profile.roles, each.former) != nullptr) return false;
    if (find_in(profile.roles, each.role) == nullptr) return false;
    if (&meant_by(former_roles, each.former) != &each.role) return false;  // an earlier entry has the same id
  }
  return true;
}

}  // namespace

Result<void> check_profile(const Profile& profile) noexcept {
  if (profile.parent == ParentRule::add && profile.parent_role.empty()) return Errc::profile_malformed;
  if (profile.hides_accounts && (profile.on_unknown_account != OnUnknown::invite || profile.by_username))
    return Errc::profile_malformed;
  if (!profile.former_roles.empty() && !are_sound(profile)) return Errc::profile_malformed;
  if (profile.roles.empty()) return success();
  if (profile.parent == ParentRule::add && find_role(profile, profile.parent_role) == nullptr)
    return Errc::profile_malformed;
  if (profile.default_role.empty()) return success();
  const Role* const role = find_role(profile, profile.default_role);
  if (role == nullptr || !role->assignable) return Errc::profile_malformed;
  return success();
}

namespace {

Result<void> admit_roles(const Profile& profile, const RoleCommand& command) noexcept {
  if (command.roles.size() > roles_max) return Errc::roles_malformed;
  if (!command.cell_roles.empty()) {
    const std::uint64_t cells = std::uint64_t{command.organizations.size()} * command.accounts.size();
    if (command.cell_roles.size() != cells) return Errc::roles_malformed;
    const std::uint32_t roles = requested_role_count(command);
    for (std::size_t cell = 0; cell < cells; ++cell)
      if (command.cell_roles[cell] >= roles) return Error(Errc::roles_malformed, static_cast<std::uint32_t>(cell));
  }
  return check_profile(profile);
}

/// Whether the only column is the actor itself, by its id.
bool is_about_itself(const Command& command) noexcept {
  if (command.accounts.size() != 1 || !command.groups.empty()) return false;
  const auto* const id = std::get_if<AccountId>(&command.accounts.span().front());
  return id != nullptr && *id == command.actor.id;
}

/// Requires two columns, of which the second is the actor. In every row the second column requests the second role.
Result<void> admit_transfer(const RoleCommand& command) noexcept {
  const auto accounts = command.accounts.span();
  const auto* const self = accounts.size() == 2 ? std::get_if<AccountId>(&accounts[1]) : nullptr;
  if (self == nullptr || *self != command.actor.id || !command.groups.empty()) return Errc::actor_missing;
  bool fits = command.roles.size() == 2 && command.cell_roles.size() == 2 * command.organizations.size();
  for (std::size_t i = 0; fits && i < command.cell_roles.size(); ++i) fits = command.cell_roles[i] == i % 2;
  if (!fits) return Errc::roles_malformed;
  return success();
}

}  // namespace

Result<void> admit_kind(const Profile& profile, const Command& command) noexcept {
  const RoleCommand* const requested_roles = as_role_command(command);
  if (command.kind() == CommandKind::transfer_ownership) {
    auto admitted = admit_transfer(*requested_roles);
    if (!admitted) return admitted;
  }
  if (requested_roles != nullptr) return admit_roles(profile, *requested_roles);
  if (is_own_affair(command.kind()) && !is_about_itself(command)) return Errc::actor_missing;
  return success();
}

bool wanted_roles(const Profile& profile, const Command& command, SmallVector<RoleId, 1>& wanted) noexcept {
  wanted.clear();
  const RoleCommand* const requested_roles = as_role_command(command);
  const std::uint32_t count = requested_roles == nullptr ? 0 : requested_role_count(*requested_roles);
  for (std::uint32_t i = 0; i < count; ++i)
    if (!wanted.try_push_back(requested_role(profile, *requested_roles, i))) return false;
  return !is_add(command.kind()) || profile.parent != ParentRule::add || wanted.try_push_back(profile.parent_role);
}

}  // namespace roster::inline ROSTER_ABI
