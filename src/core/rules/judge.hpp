// The rules: the one place where the questions about a cell stand in their order, for every kind of command. Pure; it
// counts nothing and reads no text. Seats and the last owner, which depend on other cells, come after it
// (capacity.hpp).
#ifndef ROSTER_CORE_RULES_JUDGE_HPP
#define ROSTER_CORE_RULES_JUDGE_HPP

#include "transitions.hpp"

namespace roster::inline ROSTER_ABI {

/// What a membership remembers of the request that is judged.
enum class Replay : std::uint8_t {
  none,
  key,             ///< its key wrote the membership, asking for something else
  idempotency_key  ///< this very request wrote it
};

/// The role asked for, here.
enum class RoleClass : std::uint8_t { grantable, unknown, read_only };

/// The account of a column.
enum class AccountClass : std::uint8_t {
  usable,
  waits,       ///< invited, and nobody has accepted yet
  unverified,  ///< only told apart where that matters
  disabled,
  address,  ///< an e-mail address that nobody has
  nobody,   ///< an id or a username that nobody has
  no_group  ///< the column stands for a group that does not exist
};

/// Whether what the request has done already is certain to be its own.
enum class OwnWrite : std::uint8_t {
  no,
  sent,     ///< the operation has sent it, and the answer was lost
  gave_up,  ///< the actor gave up its right by it
};

/// Of which role it is asked whether it is above the actor's.
enum class Which : std::uint8_t { requested, current };

/// The membership in the parent organization, where the profile has a rule about it.
enum class ParentClass : std::uint8_t { free, there, absent, closed, waits };  // closed: it cannot be made

// A Cell answers the questions below, each about one fact or a few, and answers alike whenever it is asked. What it was
// asked is what the verdict depends on: the guards of a change set come from that (guards.hpp).

/// What a new membership is: it waits where its account does, whichever command created that account, and where the
/// actor may not be told whether there is one.
template <class Cell>
[[gnu::always_inline]] constexpr MembershipState joining_state(const Policy& policy, Cell& cell) noexcept {
  if (policy.kind == CommandKind::invite || cell.account_hidden()) return MembershipState::invited;
  const AccountClass account = cell.account();
  const bool waits = account == AccountClass::address ? policy.unknown() == OnUnknown::invite  //
                                                      : account == AccountClass::waits;
  return waits ? MembershipState::invited : MembershipState::active;
}

/// What about the account stands against the command; null: nothing.
template <class Cell>
[[gnu::always_inline]] constexpr const Verdict* refuse_account(const Policy& policy, Cell& cell) noexcept {
  const AccountClass account = cell.account();
  if (account == AccountClass::usable) [[likely]]
    return nullptr;
  if (account == AccountClass::no_group) return &plain<Outcome::group_not_found>;
  const CommandKind kind = policy.kind;
  if (is_add(kind)) {  // a hidden address is invited, whoever it is
    if (account == AccountClass::waits || account == AccountClass::unverified || cell.account_hidden()) return nullptr;
    if (account == AccountClass::disabled) return &plain<Outcome::account_disabled>;
    const bool creates = account == AccountClass::address && policy.unknown() != OnUnknown::reject;
    return creates ? nullptr : &plain<Outcome::account_not_found>;
  }
  const Verdict* refusal = nullptr;
  if (account == AccountClass::address || account == AccountClass::nobody)
    refusal = &plain<Outcome::account_not_found>;
  else if (account == AccountClass::disabled)
    refusal = joins(kind) || kind == CommandKind::reactivate ? &plain<Outcome::account_disabled> : nullptr;
  else
    refusal = kind == CommandKind::accept_invitation ? &plain<Outcome::not_verified> : nullptr;
  if (refusal == nullptr || !cell.account_hidden()) return refusal;
  // Of an address that is hidden it may be told only if it is known here.
  const CellState state = cell.state();
  return state == CellState::active || state == CellState::suspended ? refusal : nullptr;
}

/// The row of the table that applies, and in it the entry.
template <class Cell>
[[gnu::always_inline]] constexpr const Verdict& transition(const Policy& policy, Cell& cell) noexcept {
  const CellState state = cell.state();
  const Transition& row = policy.at(state);
  if (is_add(policy.kind) && state != CellState::active && state != CellState::invited)
    return row[joining_state(policy, cell) == MembershipState::invited ? as_invited : as_active];
  const bool requested_roles = names_roles(policy.kind) || policy.kind == CommandKind::change_expiry;
  return row[requested_roles && state != CellState::none ? static_cast<std::size_t>(cell.relation()) : 0];
}

/// What a request is told that is older than what made the membership what it is.
constexpr const Verdict& too_old(CellState state) noexcept {
  if (state == CellState::suspended) return plain<Outcome::was_suspended>;
  const bool there = state == CellState::active || state == CellState::invited;
  return there ? plain<Outcome::has_returned> : plain<Outcome::was_removed>;
}

/// The actor may not do this here, or not any more. Only what its request has done already it is told, if that is
/// certain to be its own.
template <class Cell>
[[gnu::always_inline]] constexpr const Verdict& judge_forbidden(const Policy& policy, Cell& cell) noexcept {
  const OwnWrite own = cell.own_write();
  if (own != OwnWrite::no && cell.replay() == Replay::idempotency_key) return plain<Outcome::replayed>;
  // Who was an owner before ownership was handed on to them carries no key.
  if (own == OwnWrite::gave_up && policy.kind == CommandKind::transfer_ownership && cell.state() == CellState::active &&
      cell.relation() == Relation::same)
    return plain<Outcome::existing>;
  return plain<Outcome::forbidden>;
}

/// An add would make a member of somebody who is none: the rule about the parent organization.
template <class Cell>
[[gnu::always_inline]] constexpr const Verdict& judge_joining(const Policy& policy, Cell& cell, CellState state,
                                                              const Verdict& verdict) noexcept {
  const ParentClass parent = policy.parent() == ParentRule::ignore ? ParentClass::free : cell.parent();
  if (parent == ParentClass::free || parent == ParentClass::there) return verdict;
  const bool waits = parent == ParentClass::waits, invites = verdict.to == MembershipState::invited;
  if (waits && invites) return verdict;
  if (parent == ParentClass::closed || policy.parent() == ParentRule::require) return plain<Outcome::parent_required>;
  // Nobody is let in below before the parent's invitation is accepted: that below waits as well.
  return policy.at(state)[waits ? as_invited : with_parent + (invites ? as_invited : as_active)];
}

template <class Cell>
[[gnu::always_inline]] constexpr const Verdict& judge(const Policy& policy, Cell& cell) noexcept {
  if (!cell.organization_exists())
    return policy.hides_organizations() ? plain<Outcome::forbidden> : plain<Outcome::organization_not_found>;
  if (!cell.actor_allowed()) return judge_forbidden(policy, cell);
  const Replay replay = cell.replay();
  if (replay == Replay::idempotency_key) return plain<Outcome::replayed>;
  if (replay == Replay::key) return plain<Outcome::request_reused>;
  if (joins(policy.kind) && !cell.joinable()) return plain<Outcome::organization_not_joinable>;
  if (names_roles(policy.kind)) {
    const RoleClass role = cell.role();
    if (role == RoleClass::unknown) return plain<Outcome::role_not_found>;
    if (role == RoleClass::read_only) return plain<Outcome::role_not_assignable>;
  }
  if (const Verdict* const refusal = refuse_account(policy, cell)) return *refusal;
  if (names_roles(policy.kind) && cell.outranks(Which::requested)) return plain<Outcome::outranked>;
  const Verdict& verdict = transition(policy, cell);
  if (!writes(verdict.outcome)) return verdict;
  const CellState state = cell.state();
  if (state != CellState::none) {
    if (cell.outranks(Which::current)) return plain<Outcome::outranked>;
    if (verdict.ages && cell.outdated()) return too_old(state);
    if (verdict.outcome == Outcome::accepted && cell.inviter_lapsed()) return plain<Outcome::inviter_lapsed>;
    if (state == CellState::active || state == CellState::invited) return verdict;
  }
  return judge_joining(policy, cell, state, verdict);
}

}  // namespace roster::inline ROSTER_ABI

#endif
