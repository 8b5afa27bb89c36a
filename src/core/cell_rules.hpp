// Rules about one account in one organization: the account itself, and the conflict policy.
#ifndef ROSTER_CORE_CELL_RULES_HPP
#define ROSTER_CORE_CELL_RULES_HPP

#include "roster/decision.hpp"
#include "row_rules.hpp"

ROSTER_BEGIN

/// An invitation makes an account for an unknown address whatever the profile says.
inline OnUnknown on_unknown(const Profile& profile, Kind kind) noexcept {
  return kind == Kind::invite ? OnUnknown::invite : profile.on_unknown_account;
}

/// The address by which a column was named, if it was.
inline const Email* email_of(const Query& query, std::uint32_t column) noexcept {
  return column < query.accounts.size() ? std::get_if<Email>(&query.accounts[column]) : nullptr;
}

/// Whether the actor may not know if there is an account behind this address; null: the account was named otherwise.
inline bool is_hidden(const Profile& profile, const Command& command, const Email* email) noexcept {
  return profile.hides_accounts && email != nullptr && !command.actor.staff;
}

/// By what a column is recognised: an account by its id, nobody's address by its key. An id may look like a key, so two
/// columns are the same only if both are accounts or neither is.
inline std::string_view column_key(const Query& query, const Facts& facts, std::uint32_t column) noexcept {
  if (!facts.accounts[column].id.empty()) return facts.accounts[column].id.view();
  const Email* const email = email_of(query, column);
  return email != nullptr ? email->key() : std::string_view{};
}
inline bool both_exist_or_neither(const Facts& facts, std::uint32_t a, std::uint32_t b) noexcept {
  return facts.accounts[a].id.empty() == facts.accounts[b].id.empty();
}

/// account_not_found, account_disabled, or no_objection, also for an address that will get an account.
/// `email` is how the account was named, if by address.
inline Outcome judge_account(const Profile& profile, const Command& command, const AccountFact& fact,
                             const Email* email) noexcept {
  if (is_hidden(profile, command, email)) return no_objection;
  if (!fact.id.empty()) return fact.disabled ? Outcome::account_disabled : no_objection;
  const bool creates = on_unknown(profile, command.kind()) != OnUnknown::reject && email != nullptr;
  return creates ? no_objection : Outcome::account_not_found;
}

/// What a new membership is: it waits where its account does, whichever command created that account, and where it may
/// not be told whether there is one.
inline MembershipState joining_state(const Profile& profile, const Command& command, const AccountFact& fact,
                                     const Email* email) noexcept {
  const bool invited = command.kind() == Kind::invite || is_hidden(profile, command, email) ||
                       (fact.id.empty() ? profile.on_unknown_account == OnUnknown::invite : fact.invited);
  return invited ? MembershipState::invited : MembershipState::active;
}
inline Outcome joining_outcome(MembershipState state) noexcept {
  return state == MembershipState::invited ? Outcome::invited : Outcome::added;
}

/// Where somebody who comes back gets the role they had, a membership need not have the role that was asked for.
inline bool may_restore_role(const Profile& profile) noexcept {
  return profile.on_suspended == OnFormer::restore_role || profile.on_removed == OnFormer::restore_role;
}

/// The conflict policy: what an add does about somebody who is a member already.
/// `same`: the role asked for is the one there is, or none was asked for by name, which is no opinion.
/// `own`: this very request wrote the membership. `higher`: the role asked for has a higher rank.
inline Outcome judge_member(const Profile& profile, bool same, bool own, bool higher) noexcept {
  if (own) return same || may_restore_role(profile) ? Outcome::replayed : Outcome::request_reused;
  if (same) return profile.on_same_role == OnMember::reject ? Outcome::conflict : Outcome::existing;
  switch (profile.on_other_role) {
    case OnMember::keep: return Outcome::existing;
    case OnMember::reject: return Outcome::role_conflict;
    case OnMember::replace: return Outcome::replaced;
    case OnMember::raise: return higher ? Outcome::replaced : Outcome::existing;
  }
  return Outcome::role_conflict;
}

/// Whether this membership is the actor's own, and this very request wrote it as it is: who gave up the right to add by
/// it is told that it was done, not that the right is gone. Not through a group, of which it would learn that it is
/// there. `same`: as for judge_member().
inline bool is_own_doing(const Profile& profile, const Command& command, const AccountFact& account,
                         const MembershipFact& has, bool same) noexcept {
  return has.written_by_request && account.id == command.actor.id && command.groups.empty() &&
         has.state != MembershipState::suspended && has.state != MembershipState::removed &&
         (same || may_restore_role(profile));
}

/// What is asked for is above the actor's own role. Only, where this very request has given that, the actor might do so
/// then: it is told that it was done. `as_member`: by judge_member().
inline Outcome judge_above(Outcome as_member, bool former) noexcept {
  return as_member == Outcome::replayed && !former ? Outcome::replayed : Outcome::outranked;
}

/// What an add makes of somebody who was a member before, suspended or removed.
struct Former {
  Outcome outcome;
  bool anew = false;        ///< a new membership; otherwise the old one, active again
  bool keeps_role = false;  ///< the role it had
};
inline Former judge_former(const Profile& profile, MembershipState joins_as, const MembershipFact& has) noexcept {
  const bool removed = has.state == MembershipState::removed;
  const Outcome refusal = removed ? Outcome::was_removed : Outcome::was_suspended;
  // No add leaves anybody so: the key is that of the suspension, or of the removal.
  if (has.written_by_request && !has.expired) return {Outcome::request_reused};
  if (has.outdated) return {refusal};
  const Outcome back = joins_as == MembershipState::invited ? Outcome::invited : Outcome::reactivated;
  switch (removed ? profile.on_removed : profile.on_suspended) {
    case OnFormer::refuse: return {refusal};
    case OnFormer::reactivate: return {back};
    case OnFormer::restore_role: return {back, false, true};
    case OnFormer::fresh: return {joining_outcome(joins_as), true};
  }
  return {refusal};
}
inline bool is_former(const MembershipFact& has) noexcept {
  return has.state == MembershipState::suspended || has.state == MembershipState::removed;
}

/// What an add tells the outbox about a membership that it changes.
inline Event event_of(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::added: return Event::added;
    case Outcome::invited: return Event::invited;
    case Outcome::reactivated: return Event::reactivated;
    default: return Event::role_changed;
  }
}

/// Outcomes whose cell has a membership that the report may show.
constexpr bool shows(Outcome outcome) noexcept {
  return succeeded(outcome) || outcome == Outcome::conflict || outcome == Outcome::role_conflict;
}

ROSTER_END

#endif
