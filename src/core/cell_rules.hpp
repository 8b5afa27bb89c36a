// Rules about one account in one organization: the account itself, and the conflict policy.
#ifndef ROSTER_CORE_CELL_RULES_HPP
#define ROSTER_CORE_CELL_RULES_HPP

#include "roster/decision.hpp"
#include "row_rules.hpp"

ROSTER_BEGIN

/// account_not_found, account_disabled, or no_objection, also for an address that will get an account.
/// `email` is how the account was named, if by address.
inline Outcome judge_account(const Profile& profile, const AccountFact& fact, const Email* email) noexcept {
  if (!fact.id.empty()) return fact.disabled ? Outcome::account_disabled : no_objection;
  const bool creates = profile.on_unknown_account != OnUnknown::reject && email != nullptr;
  return creates ? no_objection : Outcome::account_not_found;
}

/// What a new membership is: it waits where its account does, whichever command created that account.
inline MembershipState joining_state(const Profile& profile, const AccountFact& fact) noexcept {
  const bool invited = fact.id.empty() ? profile.on_unknown_account == OnUnknown::invite : fact.invited;
  return invited ? MembershipState::invited : MembershipState::active;
}
inline Outcome joining_outcome(MembershipState state) noexcept {
  return state == MembershipState::invited ? Outcome::invited : Outcome::added;
}

/// The conflict policy: what an add does about somebody who is a member already.
/// `same`: the role asked for is the one there is, or none was asked for by name, which is no opinion.
/// `own`: this very request wrote the membership. `higher`: the role asked for has a higher rank.
inline Outcome judge_member(const Profile& profile, bool same, bool own, bool higher) noexcept {
  if (own) return same ? Outcome::replayed : Outcome::request_reused;
  if (same) return profile.on_same_role == OnMember::reject ? Outcome::conflict : Outcome::existing;
  switch (profile.on_other_role) {
    case OnMember::keep: return Outcome::existing;
    case OnMember::reject: return Outcome::role_conflict;
    case OnMember::replace: return Outcome::replaced;
    case OnMember::raise: return higher ? Outcome::replaced : Outcome::existing;
  }
  return Outcome::role_conflict;
}

/// Outcomes whose cell has a membership that the report may show.
constexpr bool shows(Outcome outcome) noexcept {
  return succeeded(outcome) || outcome == Outcome::conflict || outcome == Outcome::role_conflict;
}

/// The address by which a column was named, if it was.
inline const Email* email_of(const Query& query, std::uint32_t column) noexcept {
  return column < query.accounts.size() ? std::get_if<Email>(&query.accounts[column]) : nullptr;
}

ROSTER_END

#endif
