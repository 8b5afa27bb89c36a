// What a report shows of a cell, and to whom.
#ifndef ROSTER_CORE_RULES_DISCLOSURE_HPP
#define ROSTER_CORE_RULES_DISCLOSURE_HPP

#include "roster/decision.hpp"

namespace roster::inline ROSTER_ABI {

struct Disclosure {
  bool account;     ///< which account the column is
  bool membership;  ///< the membership and its role
};

/// `hidden`: the actor may not know whether the address of this column has an account. Who is told "not found" or
/// "forbidden" learns nothing about what is in that organization.
constexpr Disclosure disclosed(Outcome outcome, bool hidden, bool details) noexcept {
  const bool let_in = outcome != Outcome::organization_not_found && outcome != Outcome::forbidden;
  const bool there = succeeded(outcome) || outcome == Outcome::conflict || outcome == Outcome::role_conflict;
  return {let_in && !hidden, there && details};
}

}  // namespace roster::inline ROSTER_ABI

#endif
