// What a change set says as a whole, and the identifiers: drawn last, when it is certain what is written.
#ifndef ROSTER_CORE_CLOSING_HPP
#define ROSTER_CORE_CLOSING_HPP

#include "roster/decision.hpp"

ROSTER_BEGIN

/// When what a command writes ends by itself; 0: never, or the command has nothing to say about that.
inline Time valid_until(const Command& command) noexcept {
  switch (command.kind()) {
    case Kind::add:
    case Kind::invite: return static_cast<const AddMembers&>(command).valid_until;
    case Kind::change_expiry: return static_cast<const ChangeExpiry&>(command).valid_until;
    default: return Time{};
  }
}

/// The identifiers of accounts to be created. False only when memory is out.
[[nodiscard]] bool name_created(const Context& context, ChangeSet& changes) noexcept;

/// False only when memory is out.
[[nodiscard]] inline bool close(const Profile& profile, const Command& command, const Query& query, const Facts& facts,
                                const Context& context, ChangeSet& changes) noexcept {
  changes.organizations = facts.organizations.span();
  changes.accounts = facts.accounts.span();
  changes.owner_roles = query.owner_roles;
  changes.invited_sits = profile.seats == SeatRule::active_and_invited;
  changes.keeps_removed = profile.keeps_removed;
  changes.actor = command.actor.id;
  changes.at = context.now;
  changes.valid_until = valid_until(command);
  if (!changes.created.empty() && !name_created(context, changes)) return false;
  for (MemberChanged& changed : changes.changed)
    if (changed.anew) context.ids->fill({&changed.becomes, 1});
  if (changes.added.empty()) return true;
  if (!changes.added_ids.resize_uninitialized(changes.added.size())) return false;
  context.ids->fill(changes.added_ids.span());
  return true;
}

/// The key under which a command without one of its own writes. Any fresh identifier will do that nobody else has: the
/// first membership's, or one drawn for it.
inline RequestKey fresh_request(const Context& context, const ChangeSet& changes) noexcept {
  MembershipId fresh;
  if (changes.added_ids.empty())
    context.ids->fill({&fresh, 1});
  else
    fresh = changes.added_ids[0];
  return {fresh.bytes};
}

ROSTER_END

#endif
