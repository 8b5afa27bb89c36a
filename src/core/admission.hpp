// What can be said about a name in a command before anything is asked.
#ifndef ROSTER_CORE_ADMISSION_HPP
#define ROSTER_CORE_ADMISSION_HPP

#include "change_rules.hpp"
#include "closing.hpp"
#include "roster/profile.hpp"
#include "row_rules.hpp"

ROSTER_BEGIN

inline bool accepts(const Profile& profile, const AccountSelector& selector) noexcept {
  if (std::holds_alternative<AccountId>(selector)) return profile.by_id;
  if (std::holds_alternative<Email>(selector)) return profile.by_email;
  return profile.by_username;
}

/// A name that parse() never gives: the default value of its type.
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

/// A rule about the actor is to be judged, and nobody is named.
inline bool lacks_actor(const Profile& profile, const Command& command) noexcept {
  return (is_judged(profile, command) || is_own_affair(command.kind())) && command.actor.id.empty();
}

/// Whether an add can mean anything under this profile. Errors: profile_malformed.
Result<void> check_profile(const Profile& profile) noexcept;

/// Errors: roles_malformed, profile_malformed.
Result<void> admit_roles(const Profile& profile, const RoleCommand& command) noexcept;

/// Only where the rule about actors looks at the organization itself: then the inviter is judged as an actor would be.
inline bool asks_for_inviters(const Profile& profile, const Command& command) noexcept {
  return command.kind() == Kind::accept_invitation && profile.rechecks_inviter &&
         (profile.actor == ActorRule::member || profile.actor == ActorRule::manager);
}

/// An end that is over already means nothing: whoever wants that removes the membership.
inline bool ends_in_the_past(const Command& command, Time now) noexcept {
  const Time until = valid_until(command);
  return until != Time{} && until <= now;
}

inline bool asks_about_parents(const Profile& profile) noexcept {
  return profile.parent != ParentRule::ignore || profile.actor == ActorRule::parent_manager;
}

ROSTER_END

#endif
