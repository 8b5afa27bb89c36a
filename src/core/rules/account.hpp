// Facts about one account, and about its membership in one organization.
#ifndef ROSTER_CORE_RULES_ACCOUNT_HPP
#define ROSTER_CORE_RULES_ACCOUNT_HPP

#include "judge.hpp"

ROSTER_BEGIN

/// The address by which a column was named, if it was.
inline const Email* email_of(const Query& query, std::uint32_t column) noexcept {
  return column < query.accounts.size() ? std::get_if<Email>(&query.accounts[column]) : nullptr;
}

/// Whether the actor may not know if there is an account behind the address by which a column was named.
inline bool is_hidden(const Profile& profile, const Command& command, const Query& query,
                      std::uint32_t column) noexcept {
  return profile.hides_accounts && !command.actor.staff && email_of(query, column) != nullptr;
}

inline AccountClass account_class(Kind kind, const AccountFact& fact, const Query& query,
                                  std::uint32_t column) noexcept {
  if (fact.id.empty()) return email_of(query, column) != nullptr ? AccountClass::address : AccountClass::nobody;
  if (fact.disabled) return AccountClass::disabled;
  if (fact.invited) return AccountClass::waits;
  return fact.verified || kind != Kind::accept_invitation ? AccountClass::usable : AccountClass::unverified;
}

/// Null: there is no membership.
inline CellState state_of(const MembershipFact* has) noexcept {
  if (has == nullptr) return CellState::none;
  return has->expired ? CellState::over : static_cast<CellState>(has->state);
}
inline bool is_former(CellState state) noexcept {
  return state == CellState::suspended || state == CellState::removed || state == CellState::over;
}

/// When what a command writes ends by itself; 0: never, or the command has nothing to say about that.
inline Time valid_until(const Command& command) noexcept {
  if (is_add(command.kind())) return static_cast<const AddMembers&>(command).valid_until;
  return command.kind() == Kind::change_expiry ? static_cast<const ChangeExpiry&>(command).valid_until : Time{};
}

/// Where somebody who comes back gets the role they had, a membership need not have the role that was asked for.
inline bool may_restore_role(const Profile& profile, Kind kind) noexcept {
  return is_add(kind) &&
         (profile.on_suspended == OnFormer::restore_role || profile.on_removed == OnFormer::restore_role);
}

/// Of a membership that the request's key wrote last, and that is not over.
inline Replay replay_of_own(const Profile& profile, const Command& command, const MembershipFact& has,
                            bool same_role) noexcept {
  const MembershipState state = has.state;
  bool done = state != MembershipState::removed;
  switch (command.kind()) {
    case Kind::add:
    case Kind::invite:
      done &= state != MembershipState::suspended && (same_role || may_restore_role(profile, command.kind()));
      break;
    case Kind::change_role:
    case Kind::transfer_ownership: done &= same_role; break;
    case Kind::suspend: done = state == MembershipState::suspended; break;
    case Kind::reactivate:
    case Kind::accept_invitation: done = state == MembershipState::active; break;
    case Kind::remove:
    case Kind::leave:
    case Kind::decline_invitation:
    case Kind::revoke_invitation: done = state == MembershipState::removed; break;
    case Kind::change_expiry: done &= has.valid_until == valid_until(command); break;
  }
  return done ? Replay::request : Replay::key;
}

/// What a membership remembers of this request; null: there is none. `same_role()`: it has the role asked for, or none
/// was named; seldom asked.
template <class SameRole>
[[gnu::always_inline]] inline Replay replay_of(const Profile& profile, const Command& command,
                                               const MembershipFact* has, const SameRole& same_role) noexcept {
  if (has == nullptr || !has->written_by_request || has->expired) [[likely]]
    return Replay::none;
  return replay_of_own(profile, command, *has, same_role());
}
ROSTER_END

#endif
