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

inline constexpr std::size_t states = 5;  // MembershipState, and then: there is none

/// In the order of Kind from change_role on.
inline constexpr std::array<std::array<Step, states>, 9> steps = [] {
  using O = Outcome;
  using S = MembershipState;
  using E = Event;
  const Step nobody{O::not_member}, member{O::conflict}, same{O::existing}, paused{O::was_suspended};
  const auto removed = [](E event) { return Step{O::removed, S::removed, event}; };
  return std::array<std::array<Step, states>, 9>{{
      // active, invited, suspended, removed, none
      {{{O::replaced, S::active}, {O::replaced, S::invited}, {O::replaced, S::suspended}, nobody, nobody}},
      {{{O::replaced, S::active}, nobody, paused, nobody, nobody}},  // transfer_ownership
      {{{O::suspended, S::suspended, E::suspended}, nobody, same, nobody, nobody}},
      {{same, nobody, {O::reactivated, S::active, E::reactivated}, nobody, nobody}},
      {{removed(E::removed), removed(E::revoked), removed(E::removed), nobody, nobody}},
      {{removed(E::left), removed(E::declined), removed(E::left), nobody, nobody}},
      {{same, {O::accepted, S::active, E::accepted}, paused, {O::was_removed}, nobody}},
      {{member, removed(E::declined), member, nobody, nobody}},
      {{member, removed(E::revoked), member, nobody, nobody}},
  }};
}();

inline const Step& step_of(Kind kind, const MembershipFact* has) noexcept {
  const auto row = static_cast<std::size_t>(kind) - static_cast<std::size_t>(Kind::change_role);
  return steps[row][has == nullptr ? states - 1 : static_cast<std::size_t>(has->state)];
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
constexpr bool leaves(Kind kind, MembershipState state) noexcept {
  switch (kind) {
    case Kind::suspend: return state == MembershipState::suspended;
    case Kind::reactivate:
    case Kind::accept_invitation: return state == MembershipState::active;
    case Kind::remove:
    case Kind::leave:
    case Kind::decline_invitation:
    case Kind::revoke_invitation: return state == MembershipState::removed;
    default: return state != MembershipState::removed;  // the role tells
  }
}

ROSTER_END

#endif
