// The rules: the one place that fixes the precedence of all conditions on a cell, for every kind of command. They are
// pure: they count nothing and read no text. Seats and the last owner depend on other cells, so they come later
// (capacity.hpp).
#ifndef ROSTER_CORE_RULES_JUDGE_HPP
#define ROSTER_CORE_RULES_JUDGE_HPP

#include "transitions.hpp"

namespace roster::inline ROSTER_ABI {

/// The result of comparing a membership's request keys with the request that is judged.
enum class Replay : std::uint8_t {
  none,
  key,             ///< the same key wrote the membership for a different request
  idempotency_key  ///< the same request wrote it
};

/// The requested role in this organization.
enum class RoleClass : std::uint8_t { grantable, unknown, read_only };

/// The account of a column.
enum class AccountClass : std::uint8_t {
  usable,
  waits,       ///< invited, and no invitation is accepted yet
  unverified,  ///< usable, except to accept an invitation
  disabled,
  address,  ///< an e-mail address without an account
  nobody,   ///< an id or a username without an account
  no_group  ///< the column of a group that does not exist
};

/// Whether an earlier write of this request is certain to be the actor's own.
enum class OwnWrite : std::uint8_t {
  no,
  sent,     ///< the operation sent a commit, and its reply was lost
  gave_up,  ///< the write took the actor's own right away
};

/// The role that is compared with the actor's.
enum class Which : std::uint8_t { requested, current };

/// The account's membership in the parent organization, if the profile has a rule about it. `free`: the rule does not
/// apply. `closed`: no membership can be created there.
enum class ParentClass : std::uint8_t { free, there, absent, closed, waits };

// A Cell has the member functions that are called below. Each reads a few facts, and returns the same value on every
// call. The functions called are what a verdict depends on; guards.hpp turns them into the guards of a change set.

/// The state of a new membership. It is an invitation in three cases:
/// - the command is Invite;
/// - the profile hides the address;
/// - the account itself is only invited, or will be.
/// The command that created the account makes no difference.
template <class Cell>
[[gnu::always_inline]] constexpr MembershipState joining_state(const Policy& policy, Cell& cell) noexcept {
  if (policy.kind == CommandKind::invite || cell.account_hidden()) return MembershipState::invited;
  const AccountClass account = cell.account();
  const bool waits = account == AccountClass::address ? policy.unknown() == OnUnknown::invite  //
                                                      : account == AccountClass::waits;
  return waits ? MembershipState::invited : MembershipState::active;
}

/// Whether a change would make the account a member again, or an owner. A disabled account may get another role: that
/// grants it nothing until it is enabled, and takes rights away before that.
template <class Cell>
constexpr bool grants_access(CommandKind kind, Cell& cell) noexcept {
  return kind == CommandKind::accept_invitation || kind == CommandKind::reactivate ||
         (kind == CommandKind::transfer_ownership && cell.requests_ownership());
}

/// The refusal that the account causes; null: none.
template <class Cell>
[[gnu::always_inline]] constexpr const Verdict* refuse_account(const Policy& policy, Cell& cell) noexcept {
  const AccountClass account = cell.account();
  if (account == AccountClass::usable) [[likely]]
    return nullptr;
  if (account == AccountClass::no_group) return &plain<Outcome::group_not_found>;
  const CommandKind kind = policy.kind;
  if (is_add(kind)) {  // a hidden address is always invited
    if (account == AccountClass::waits || account == AccountClass::unverified || cell.account_hidden()) return nullptr;
    if (account == AccountClass::disabled) return &plain<Outcome::account_disabled>;
    const bool creates = account == AccountClass::address && policy.unknown() != OnUnknown::reject;
    return creates ? nullptr : &plain<Outcome::account_not_found>;
  }
  const Verdict* refusal = nullptr;
  if (account == AccountClass::address || account == AccountClass::nobody)
    refusal = &plain<Outcome::account_not_found>;
  else if (account == AccountClass::disabled)
    refusal = grants_access(kind, cell) ? &plain<Outcome::account_disabled> : nullptr;
  else
    refusal = kind == CommandKind::accept_invitation ? &plain<Outcome::not_verified> : nullptr;
  if (refusal == nullptr || !cell.account_hidden()) return refusal;
  // A refusal about a hidden address is disclosed only for an active or suspended member.
  const CellState state = cell.state();
  return state == CellState::active || state == CellState::suspended ? refusal : nullptr;
}

/// The transition of an invitation by an add: it is accepted, renewed, or stays as it is. An add whose new membership
/// would be an invitation too accepts none.
template <class Cell>
[[gnu::always_inline]] constexpr const Verdict& transition_of_invitation(const Policy& policy, Cell& cell) noexcept {
  const Relation relation = cell.relation();
  const std::size_t role = relation == Relation::same ? with_its_role : with_requested_role;
  if (policy.kind == CommandKind::invite)
    return policy.renews_invitations() ? transitions::table.renews[role]
                                       : policy.at(CellState::invited)[std::size_t(relation)];
  const bool accepts = policy.accepts_invitations() && joining_state(policy, cell) == MembershipState::active &&
                       (policy.parent() != ParentRule::add || cell.parent() != ParentClass::waits);
  return accepts ? transitions::table.accepts[role] : policy.at(CellState::invited)[std::size_t(relation)];
}

/// Selects the row of the transition table, and the entry in it.
template <class Cell>
[[gnu::always_inline]] constexpr const Verdict& transition(const Policy& policy, Cell& cell) noexcept {
  const CellState state = cell.state();
  if (is_add(policy.kind) && state != CellState::active) [[unlikely]] {
    if (state == CellState::invited) return transition_of_invitation(policy, cell);
    return policy.at(state)[joining_state(policy, cell) == MembershipState::invited ? as_invited : as_active];
  }
  const Transition& row = policy.at(state);
  const bool requested_roles = names_roles(policy.kind) || policy.kind == CommandKind::change_expiry;
  return row[requested_roles && state != CellState::none ? static_cast<std::size_t>(cell.relation()) : 0];
}

/// The refusal of a request that is older than the last write of the membership.
constexpr const Verdict& too_old(CellState state) noexcept {
  if (state == CellState::suspended) return plain<Outcome::was_suspended>;
  const bool there = state == CellState::active || state == CellState::invited;
  return there ? plain<Outcome::has_changed> : plain<Outcome::was_removed>;
}

/// The actor has no right here, or has lost it. An earlier write of the same request is still reported, if it is
/// certain to be the actor's own.
template <class Cell>
[[gnu::always_inline]] constexpr const Verdict& judge_forbidden(const Policy& policy, Cell& cell) noexcept {
  const OwnWrite own = cell.own_write();
  if (own != OwnWrite::no && cell.replay() == Replay::idempotency_key) return plain<Outcome::replayed>;
  // An account that already owned before the transfer was not written, so its membership carries no key.
  if (own == OwnWrite::gave_up && policy.kind == CommandKind::transfer_ownership && cell.state() == CellState::active &&
      cell.relation() == Relation::same)
    return plain<Outcome::existing>;
  return plain<Outcome::forbidden>;
}

/// Whether the verdict makes a membership active, or offers it, with the role that it has.
constexpr bool revives_role(const Policy& policy, const Verdict& verdict) noexcept {
  return verdict.keeps_role || policy.kind == CommandKind::accept_invitation || policy.kind == CommandKind::reactivate;
}

/// The rule about the parent organization, for an add that creates, restores or activates a membership.
template <class Cell>
[[gnu::always_inline]] constexpr const Verdict& judge_joining(const Policy& policy, Cell& cell, CellState state,
                                                              const Verdict& verdict) noexcept {
  const ParentClass parent = policy.parent() == ParentRule::ignore ? ParentClass::free : cell.parent();
  if (parent == ParentClass::free || parent == ParentClass::there) return verdict;
  const bool waits = parent == ParentClass::waits, invites = verdict.to == MembershipState::invited;
  if (waits && invites) return verdict;
  if (parent == ParentClass::closed || policy.parent() == ParentRule::require) return plain<Outcome::parent_required>;
  if (state == CellState::invited)
    return transitions::table.accepts[with_parent + (verdict.keeps_role ? with_its_role : with_requested_role)];
  // While the parent's invitation is pending, the new membership is an invitation too.
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
  if (joins(policy.kind)) {
    if (!cell.takes_members()) [[unlikely]]
      return cell.closed() ? plain<Outcome::organization_closed> : plain<Outcome::organization_not_joinable>;
  } else if (needs_open(policy.kind) && cell.closed()) {
    return plain<Outcome::organization_closed>;
  }
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
    if (cell.outdated()) return too_old(state);
    if (revives_role(policy, verdict) && !cell.role_exists()) [[unlikely]]
      return plain<Outcome::role_not_found>;
    if (policy.kind == CommandKind::accept_invitation && cell.inviter_lapsed()) return plain<Outcome::inviter_lapsed>;
    if (state == CellState::active || (state == CellState::invited && verdict.outcome != Outcome::accepted))
      return verdict;
  }
  return judge_joining(policy, cell, state, verdict);
}

}  // namespace roster::inline ROSTER_ABI

#endif
