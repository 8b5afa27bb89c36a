// Facts about one account, and about its membership in one organization.
#ifndef ROSTER_CORE_RULES_ACCOUNT_HPP
#define ROSTER_CORE_RULES_ACCOUNT_HPP

#include "judge.hpp"

namespace roster::inline ROSTER_ABI {

/// The address that names this column; null if an id or a username does.
inline const Email* email_of(const Query& query, std::uint32_t column) noexcept {
  return column < query.accounts.size() ? std::get_if<Email>(&query.accounts[column]) : nullptr;
}

/// Whether the profile hides from the actor if the address of this column has an account.
inline bool is_hidden(const Profile& profile, const Command& command, const Query& query,
                      std::uint32_t column) noexcept {
  return profile.hides_accounts && !command.actor.staff && email_of(query, column) != nullptr;
}

inline AccountClass account_class(CommandKind kind, const AccountFact& fact, const Query& query,
                                  std::uint32_t column) noexcept {
  if (fact.id.empty()) return email_of(query, column) != nullptr ? AccountClass::address : AccountClass::nobody;
  if (fact.disabled) return AccountClass::disabled;
  if (fact.invited) return AccountClass::waits;
  return fact.verified || kind != CommandKind::accept_invitation ? AccountClass::usable : AccountClass::unverified;
}

/// The state of a membership that has ended. A function of its own, because most cells do not reach it.
[[gnu::noinline]] inline CellState state_of_ended(const MembershipFact& has) noexcept {
  if (!has.expired) return has.was_invitation() ? CellState::removed_invitation : CellState::removed;
  return has.stored_before_expiry == MembershipState::invited ? CellState::over_invitation : CellState::over;
}
/// `has` is null if there is no membership.
inline CellState state_of(const MembershipFact* has) noexcept {
  if (has == nullptr) return CellState::none;
  if (has->state != MembershipState::removed) [[likely]]  // an expired one is removed
    return static_cast<CellState>(has->state);
  return state_of_ended(*has);
}
inline bool is_former(CellState state) noexcept {
  return state == CellState::suspended || state == CellState::removed || state >= CellState::over;
}

/// The expiry that the command sets on the memberships it writes. 0: none, or the command sets no expiry.
inline Time valid_until(const Command& command) noexcept {
  if (is_add(command.kind())) return static_cast<const AddMembers&>(command).valid_until;
  return command.kind() == CommandKind::change_expiry ? static_cast<const ChangeExpiry&>(command).valid_until : Time{};
}

/// The end that the command requests for the invitations it writes. 0: none.
inline Time invitation_until(const Command& command) noexcept {
  return is_add(command.kind()) ? static_cast<const AddMembers&>(command).invitation_until : Time{};
}

/// Whether a verdict about an existing membership sets the end of an invitation. Its end follows a change of the expiry
/// to `until` if it was the former expiry, or if the new expiry is earlier.
inline bool sets_invitation_end(const Verdict& verdict, const MembershipFact& has, Time until) noexcept {
  if (verdict.to != MembershipState::invited) return false;
  if (verdict.event == Event::invited || verdict.event == Event::invitation_renewed) return true;
  return verdict.outcome == Outcome::expiry_changed &&
         (has.invitation_until == has.valid_until || earlier_end(has.invitation_until, until) != has.invitation_until);
}

/// Whether a verdict sets that expiry on an existing membership. A membership that an add accepts keeps its own unless
/// the command has one.
inline bool sets_expiry(const Verdict& verdict, CommandKind kind, CellState state, Time until) noexcept {
  if (verdict.outcome == Outcome::expiry_changed || verdict.outcome == Outcome::invitation_renewed) return true;
  return is_add(kind) && (is_former(state) || (verdict.outcome == Outcome::accepted && until != Time{}));
}

/// Compares the request keys of a membership with this request; null: there is no membership. A suspended membership
/// also keeps the key that wrote it before. What that request wrote still holds.
[[gnu::always_inline]] inline Replay replay_of(const MembershipFact* has, std::uint32_t fingerprint) noexcept {
  if (has == nullptr || has->match == RequestMatch::none || has->expired) [[likely]]
    return Replay::none;
  const bool same = has->fingerprint == fingerprint;
  if (has->match == RequestMatch::last) return same ? Replay::idempotency_key : Replay::key;
  return same && has->state == MembershipState::suspended ? Replay::idempotency_key : Replay::none;
}

}  // namespace roster::inline ROSTER_ABI

#endif
