// The standing of whoever asks: what role they hold where the rule about actors looks, and what that lets them give or
// take away. One check for every kind of command.
#ifndef ROSTER_CORE_STANDING_HPP
#define ROSTER_CORE_STANDING_HPP

#include "roster/role.hpp"

ROSTER_BEGIN

/// Not limited: the host has decided, vouches for the actor, or the actor is the organization itself.
struct Standing {
  bool limited = false, owns = false;
  std::uint16_t rank = 0;

  /// Nobody gives, or takes away, a role above their own; an owner's role is an owner's affair.
  bool is_outranked_by(const Role& role) const noexcept {
    return limited && (role.rank > rank || (role.owns && !owns));
  }
};

ROSTER_END

#endif
