// Validates a command under a profile, before the first query.
#ifndef ROSTER_CORE_ADMISSION_HPP
#define ROSTER_CORE_ADMISSION_HPP

#include "rules/account.hpp"
#include "rules/organization.hpp"

namespace roster::inline ROSTER_ABI {

inline bool accepts(const Profile& profile, const AccountSelector& selector) noexcept {
  if (std::holds_alternative<AccountId>(selector)) return profile.by_id;
  if (std::holds_alternative<Email>(selector)) return profile.by_email;
  return profile.by_username;
}

/// The default value of a selector's type, which parse() never returns.
inline bool is_blank(const AccountSelector& selector) noexcept {
  if (const auto* const id = std::get_if<AccountId>(&selector)) return id->empty();
  if (const auto* const email = std::get_if<Email>(&selector)) return email->key().empty();
  const auto* const username = std::get_if<Username>(&selector);
  return username == nullptr || username->empty();
}

inline bool is_blank(const OrganizationSelector& selector) noexcept {
  if (const auto* const id = std::get_if<OrganizationId>(&selector)) return id->empty();
  if (const auto* const slug = std::get_if<Slug>(&selector)) return slug->empty();
  const auto* const nested = std::get_if<Nested>(&selector);
  return nested == nullptr || nested->id.empty() || nested->parent.empty();
}

/// Whether a rule about the actor applies but the command names no actor.
inline bool lacks_actor(const Profile& profile, const Command& command) noexcept {
  return (checks_actor(profile, command) || is_own_affair(command.kind())) && command.actor.id.empty();
}

/// Checks that the profile is consistent. Errors: profile_malformed.
Result<void> check_profile(const Profile& profile) noexcept;

/// Checks the rules for the shape of this kind of command. Errors: roles_malformed, actor_missing, profile_malformed.
Result<void> admit_kind(const Profile& profile, const Command& command) noexcept;

/// The roles to find in each organization's own catalog: the requested ones in order, then the parent role if one is
/// granted. Called only if the profile has no catalog. Returns false if memory runs out.
[[nodiscard]] bool wanted_roles(const Profile& profile, const Command& command,
                                SmallVector<RoleId, 1>& wanted) noexcept;

/// All cells or none; the command is one tile.
inline bool is_atomic(const Profile& profile, const Command& command) noexcept {
  return profile.mode == Mode::atomic || command.kind() == CommandKind::transfer_ownership;
}

inline bool needs_parents(const Profile& profile) noexcept {
  return profile.parent != ParentRule::ignore || profile.actor == ActorRule::parent_manager;
}

}  // namespace roster::inline ROSTER_ABI

#endif
