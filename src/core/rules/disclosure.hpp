// Which details of a cell a report shows to the actor.
#ifndef ROSTER_CORE_RULES_DISCLOSURE_HPP
#define ROSTER_CORE_RULES_DISCLOSURE_HPP

#include "roster/decision.hpp"

namespace roster::inline ROSTER_ABI {

struct Disclosure {
  bool account;     ///< the id of the column's account
  bool membership;  ///< the id of the membership, and its role
};

/// `hidden`: the profile hides from the actor whether the address of this column has an account. The outcomes "not
/// found" and "forbidden" disclose nothing about the organization.
constexpr Disclosure disclosed(Outcome outcome, bool hidden, bool details) noexcept {
  const bool let_in = outcome != Outcome::organization_not_found && outcome != Outcome::forbidden;
  const bool there = succeeded(outcome) || outcome == Outcome::conflict || outcome == Outcome::role_conflict;
  return {let_in && !hidden, there && details};
}

}  // namespace roster::inline ROSTER_ABI

#endif
