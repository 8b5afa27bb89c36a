// The kinds of command that change memberships as they are: what is wrong with their shape, and where their rules
// begin.
#include "admission.hpp"
#include "change_tile.hpp"
#include "role_rules.hpp"
#include "rules.hpp"

ROSTER_BEGIN

namespace {

const RoleCommand& as_role_command(const Command& command) noexcept {
  return static_cast<const RoleCommand&>(command);
}

/// The one column of a command about oneself is oneself.
bool is_about_itself(const Command& command) noexcept {
  if (command.accounts.size() != 1 || !command.groups.empty()) return false;
  const auto* const id = std::get_if<AccountId>(&command.accounts.span().front());
  return id != nullptr && *id == command.actor.id;
}

/// Two columns, the second the actor, who in every row asks for the second role.
Result<void> admit_transfer(const RoleCommand& command) noexcept {
  const auto accounts = command.accounts.span();
  const auto* const self = accounts.size() == 2 ? std::get_if<AccountId>(&accounts[1]) : nullptr;
  if (self == nullptr || *self != command.actor.id || !command.groups.empty()) return Errc::actor_missing;
  bool fits = command.roles.size() == 2 && command.cell_roles.size() == 2 * command.organizations.size();
  for (std::size_t i = 0; fits && i < command.cell_roles.size(); ++i) fits = command.cell_roles[i] == i % 2;
  if (!fits) return Errc::roles_malformed;
  return success();
}

Result<void> admit_role_change(const Profile& profile, const Command& command) noexcept {
  const RoleCommand& asks = as_role_command(command);
  if (command.kind() == Kind::transfer_ownership) {
    auto admitted = admit_transfer(asks);
    if (!admitted) return admitted;
  }
  return admit_roles(profile, asks);
}

Result<void> admit_state_change(const Profile&, const Command& command) noexcept {
  if (is_own_affair(command.kind()) && !is_about_itself(command)) return Errc::actor_missing;
  return success();
}

Result<void> decide_change(const Profile& profile, const Command& command, const Tile& tile, const Query& query,
                           const Facts& facts, const Context& context, Decision& decision) noexcept {
  if (!ChangeTile(profile, command, tile, query, facts, context, decision).decide()) return Errc::out_of_memory;
  return success();
}

}  // namespace

constinit const Rules change_role_rules = {
    admit_role_change,
    [](const Profile& profile, const Command& command, List<RoleId, 1>& wanted) noexcept {
      return wanted_roles(profile, as_role_command(command), wanted);
    },
    [](const Command& command) noexcept { return !as_role_command(command).cell_roles.empty(); },
    decide_change,
};

constinit const Rules change_state_rules = {
    admit_state_change,
    [](const Profile&, const Command&, List<RoleId, 1>& wanted) noexcept {
      wanted.clear();
      return true;
    },
    [](const Command&) noexcept { return false; },
    decide_change,
};

ROSTER_END
