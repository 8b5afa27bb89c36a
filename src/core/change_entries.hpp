// The fields of a change set as a whole, and its identifiers. Identifiers are drawn last, when it is certain what is
// written.
#ifndef ROSTER_CORE_CHANGE_ENTRIES_HPP
#define ROSTER_CORE_CHANGE_ENTRIES_HPP

#include "request.hpp"
#include "roster/decision.hpp"
#include "rules/account.hpp"

namespace roster::inline ROSTER_ABI {

/// The entry for a membership that a verdict changes. The caller fills in the roles. `sets_expiry`: the entry sets the
/// command's expiry, `until`.
inline MemberChanged changed_of(const MembershipFact& has, std::uint32_t organization, std::uint32_t account,
                                const Verdict& verdict, bool sets_expiry, Time until,
                                std::uint32_t fingerprint) noexcept {
  return {.id = has.id,
          .organization = organization,
          .account = account,
          .version = has.version,
          .state = verdict.to,
          .previous_state = has.stored_state(),
          .event = verdict.event,
          .sets_expiry = sets_expiry,
          .sets_invitation_end = ROSTER_ABI::sets_invitation_end(verdict, has, until),
          .new_identity = verdict.new_identity,
          .fingerprint = fingerprint};
}

/// Draws the identifiers of the accounts to create. Returns false only if memory runs out.
[[nodiscard]] bool name_created(const Context& context, ChangeSet& changes) noexcept;

/// The roles that count are left to the caller: only a query with counts has them. Inlined, because a call costs a new
/// member 30 instructions. Returns false only if memory runs out.
[[nodiscard, gnu::always_inline]] inline bool complete_changes(const Profile& profile, const Command& command,
                                                               const Facts& facts, const Context& context,
                                                               ChangeSet& changes) noexcept {
  changes.organizations = facts.organizations.span();
  changes.accounts = facts.accounts.span();
  changes.invited_occupy_seats = profile.seats == SeatRule::active_and_invited;
  changes.keeps_tombstones = profile.keeps_tombstones;
  changes.host_invites = command.actor.staff;
  changes.actor = command.actor.id;
  changes.at = context.now;
  const Time until = valid_until(command), own = invitation_until(command);
  if ((static_cast<std::uint64_t>(until) | static_cast<std::uint64_t>(own)) != 0) [[unlikely]] {
    changes.valid_until = until;
    changes.invitation_until = earlier_end(own, until);
  }
  if (!changes.created.empty() && !name_created(context, changes)) return false;
  for (MemberChanged& changed : changes.changed)
    if (changed.new_identity) context.ids->fill({&changed.new_id, 1});
  if (changes.added.empty()) return true;
  if (!changes.added_ids.resize_uninitialized(changes.added.size())) return false;
  context.ids->fill(changes.added_ids.span());
  return true;
}

/// A key for a command that has none: the id of the first new membership, or an id drawn for it. The stored key is
/// bound to its actor, so a reader of that id cannot replay the request.
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
