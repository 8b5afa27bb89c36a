// What each kind of command makes of a membership in each state: a table, and the two questions it cannot answer.
#ifndef ROSTER_CORE_CHANGE_RULES_HPP
#define ROSTER_CORE_CHANGE_RULES_HPP

#include "roster/decision.hpp"

ROSTER_BEGIN

/// What becomes of a membership. `to` and `event` are read only where the outcome writes.
struct Step {
  Outcome outcome;
  MembershipState to = MembershipState::active;
  Event event = Event::role_changed;
};

/// Outcomes under which a membership is written.
constexpr bool writes(Outcome outcome) noexcept {
  return wrote(outcome) && outcome != Outcome::replayed;
}

inline constexpr std::size_t states = 6;  // MembershipState; there is none; its time is over

/// In the order of Kind from change_role on.
inline constexpr std::array<std::array<Step, states>, 10> steps = [] {
  using O = Outcome;
  using S = MembershipState;
  using E = Event;
  const Step nobody{O::not_member}, member{O::conflict}, same{O::existing}, paused{O::was_suspended};
  const auto removed = [](E event) { return Step{O::removed, S::removed, event}; };
  const Step gone{O::was_removed}, cleared = removed(E::expired);
  const auto dated = [](S state) { return Step{O::expiry_changed, state, E::expiry_changed}; };
  return std::array<std::array<Step, states>, 10>{{
      // active, invited, suspended, removed, none, its time is over
      {{{O::replaced, S::active}, {O::replaced, S::invited}, {O::replaced, S::suspended}, nobody, nobody, nobody}},
      {{{O::replaced, S::active}, nobody, paused, nobody, nobody, nobody}},  // transfer_ownership
      {{{O::suspended, S::suspended, E::suspended}, nobody, same, nobody, nobody, nobody}},
      {{same, nobody, {O::reactivated, S::active, E::reactivated}, nobody, nobody, nobody}},
      {{removed(E::removed), removed(E::revoked), removed(E::removed), nobody, nobody, cleared}},
      {{removed(E::left), removed(E::declined), removed(E::left), nobody, nobody, cleared}},
      {{same, {O::accepted, S::active, E::accepted}, paused, gone, nobody, gone}},
      {{member, removed(E::declined), member, nobody, nobody, nobody}},
      {{member, removed(E::revoked), member, nobody, nobody, nobody}},
      {{dated(S::active), dated(S::invited), dated(S::suspended), nobody, nobody, nobody}},
  }};
}();

inline const Step& step_of(Kind kind, const MembershipFact* has) noexcept {
  const auto row = static_cast<std::size_t>(kind) - static_cast<std::size_t>(Kind::change_role);
  const std::size_t state = has == nullptr ? states - 2 : has->expired ? states - 1 : std::size_t(has->state);
  return steps[row][state];
}

/// Whether this kind of command, asked before a membership became what it is, has lost its sense by that: anything
/// about somebody who came back, and of those who were suspended since the reactivation alone, for a removal still
/// holds.
constexpr bool is_void_after(MembershipState state, Kind kind) noexcept {
  if (state == MembershipState::suspended) return kind == Kind::reactivate;
  return state != MembershipState::removed;
}

/// Whether a command gives roles, and whether it is the account's own affair.
constexpr bool gives_roles(Kind kind) noexcept {
  return kind == Kind::change_role || kind == Kind::transfer_ownership;
}
constexpr bool is_own_affair(Kind kind) noexcept {
  return kind == Kind::leave || kind == Kind::accept_invitation || kind == Kind::decline_invitation;
}

/// The state in which this kind of command leaves a membership: where it stands there under the same request key, the
/// request has been carried out before.
constexpr bool leaves(Kind kind, const MembershipFact& has) noexcept {
  const MembershipState state = has.state;
  if (has.expired) return false;
  switch (kind) {
    case Kind::suspend: return state == MembershipState::suspended;
    case Kind::reactivate:
    case Kind::accept_invitation: return state == MembershipState::active;
    case Kind::remove:
    case Kind::leave:
    case Kind::decline_invitation:
    case Kind::revoke_invitation: return state == MembershipState::removed;
    default: return state != MembershipState::removed;  // the role tells, or the end
  }
}

ROSTER_END

#endif
