// What a change set says as a whole, and the identifiers: drawn last, when it is certain what is written.
#ifndef ROSTER_CORE_CHANGE_ENTRIES_HPP
#define ROSTER_CORE_CHANGE_ENTRIES_HPP

#include "request.hpp"
#include "roster/decision.hpp"
#include "rules/account.hpp"

namespace roster::inline ROSTER_ABI {

/// A membership that gets what a verdict says; its roles are left to be filled in. `sets_expiry`: it gets the command's
/// end.
inline MemberChanged changed_of(const MembershipFact& has, std::uint32_t organization, std::uint32_t account,
                                const Verdict& verdict, bool sets_expiry, std::uint32_t fingerprint) noexcept {
  return {has.id,
          organization,
          account,
          no_role,
          no_role,
          has.version,
          verdict.to,
          has.stored_state(),
          verdict.event,
          sets_expiry,
          verdict.new_identity,
          {},
          fingerprint};
}

/// The identifiers of accounts to be created. False only when memory is out.
[[nodiscard]] bool name_created(const Context& context, ChangeSet& changes) noexcept;

/// False only when memory is out.
[[nodiscard]] inline bool complete_changes(const Profile& profile, const Command& command, const Query& query,
                                           const Facts& facts, const Context& context, ChangeSet& changes) noexcept {
  changes.organizations = facts.organizations.span();
  changes.accounts = facts.accounts.span();
  changes.owner_roles = query.owner_roles;
  changes.invited_occupy_seats = profile.seats == SeatRule::active_and_invited;
  changes.keeps_tombstones = profile.keeps_tombstones;
  changes.actor = command.actor.id;
  changes.at = context.now;
  changes.valid_until = valid_until(command);
  if (!changes.created.empty() && !name_created(context, changes)) return false;
  for (MemberChanged& changed : changes.changed)
    if (changed.new_identity) context.ids->fill({&changed.new_id, 1});
  if (changes.added.empty()) return true;
  if (!changes.added_ids.resize_uninitialized(changes.added.size())) return false;
  context.ids->fill(changes.added_ids.span());
  return true;
}

/// The key under which a command without one of its own writes: an identifier that is nobody else's, the first
/// membership's, or one drawn for it. It is bound to its actor as any key is: that others may be shown it gives them
/// nothing.
inline IdempotencyKey fresh_request(const Context& context, const ChangeSet& changes) noexcept {
  MembershipId fresh;
  if (changes.added_ids.empty())
    context.ids->fill({&fresh, 1});
  else
    fresh = changes.added_ids[0];
  return {fresh.bytes};
}

}  // namespace roster::inline ROSTER_ABI

#endif
