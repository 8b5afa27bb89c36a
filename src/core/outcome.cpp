// The names and descriptions of outcomes.
#include "roster/outcome.hpp"

namespace roster::inline ROSTER_ABI {

namespace {

struct OutcomeWords {
  Outcome outcome;
  Subject subject;
  std::string_view name, sentence;
};

/// Ordered by precedence. The last entry is for any other number.
constexpr auto outcome_words = [] {
  using enum Outcome;
  using S = Subject;
  return std::array<OutcomeWords, outcome_count + 1>{{
      {organization_not_found, S::organization, "organization_not_found",
       "there is no such organization: check its name"},
      {forbidden, S::actor, "forbidden", "the actor may not do this in this organization: ask somebody who may"},
      {organization_closed, S::organization, "organization_closed",
       "this organization is closed: open it again first, or choose another"},
      {organization_not_joinable, S::organization, "organization_not_joinable",
       "this organization takes no members: choose another"},
      {role_not_found, S::role, "role_not_found",
       "there is no such role here: choose one from the catalog, or name one if none was given"},
      {role_not_assignable, S::role, "role_not_assignable", "this role can be read but not granted: choose another"},
      {group_not_found, S::group, "group_not_found", "there is no such group: check its name"},
      {account_not_found, S::account, "account_not_found", "there is no such account: check how it is named"},
      {account_disabled, S::account, "account_disabled",
       "the account is disabled: enable it before adding it anywhere"},
      {not_verified, S::account, "not_verified",
       "the e-mail address of this account is not verified: verify it, then accept"},
      {outranked, S::actor, "outranked", "the role is above the actor's own: ask somebody who has a higher one"},
      {parent_required, S::parent, "parent_required",
       "the account is not in the parent organization: add it there first"},
      {not_member, S::membership, "not_member", "the account is no member here: there is nothing to change"},
      {request_reused, S::request, "request_reused",
       "this idempotency key did something else to the membership before: use a new key for a new request"},
      {was_suspended, S::membership, "was_suspended", "the membership is suspended: reactivate it instead"},
      {was_removed, S::membership, "was_removed",
       "the account was removed from this organization: add it again by a new request, if it may be"},
      {has_changed, S::membership, "has_changed",
       "the membership was changed after this request was made: make a new request, if it is still wanted"},
      {inviter_lapsed, S::inviter, "inviter_lapsed",
       "the inviter may not give that role any more: have another member invite again"},
      {conflict, S::membership, "conflict", "the account is a member already: nothing is left to do"},
      {role_conflict, S::membership, "role_conflict",
       "the account is a member already, with another role: change that role instead of adding"},
      {seats_taken, S::seats, "seats_taken", "the organization is full: remove somebody, or raise its limit"},
      {last_owner, S::owners, "last_owner",
       "the organization would have no owner left: make somebody else an owner first"},
      {not_attempted, S::others, "not_attempted",
       "nothing was done because another part of the command was refused: mend that and send all again"},
      {undecided, S::store, "undecided",
       "the operation stopped before this was settled: retry with the same idempotency key"},
      {added, S::nothing, "added", "the account is now a member"},
      {invited, S::nothing, "invited", "the account is only invited and its membership awaits acceptance"},
      {existing, S::membership, "existing", "the account was a member already and nothing changed"},
      {still_invited, S::membership, "still_invited",
       "the account is invited and has not accepted yet: nothing changed"},
      {replaced, S::membership, "replaced", "the account was a member already and now has the role asked for"},
      {removed, S::membership, "removed", "the account was a member, or invited, and is not any more"},
      {suspended, S::membership, "suspended", "the account was a member and is suspended now"},
      {reactivated, S::membership, "reactivated", "the account is a member again"},
      {accepted, S::membership, "accepted", "the invitation was accepted and the account is a member now"},
      {invitation_renewed, S::membership, "invitation_renewed", "the account was invited before and is invited again"},
      {expiry_changed, S::membership, "expiry_changed", "the membership ends at another moment now, or never"},
      {replayed, S::request, "replayed", "this very request had done this already"},
      {Outcome{}, S::nothing, "unknown",
       "this outcome is unknown to this version of roster: compare the versions of its parts"},
  }};
}();
static_assert([] {
  for (std::size_t i = 0; i < outcome_count; ++i)
    if (outcome_words[i].outcome != outcomes_by_precedence[i]) return false;
  return true;
}());

const OutcomeWords& words_of(Outcome outcome) noexcept {
  return outcome_words[ordinal(outcome)];
}

}  // namespace

std::string_view name(Outcome outcome) noexcept {
  return words_of(outcome).name;
}
std::string_view describe(Outcome outcome) noexcept {
  return words_of(outcome).sentence;
}

Subject subject(Outcome outcome) noexcept {
  return words_of(outcome).subject;
}

std::string_view name(Subject subject) noexcept {
  static constexpr std::array<std::string_view, 14> names = {
      "nothing",    "organization", "actor",   "role",  "group",  "account", "parent",
      "membership", "inviter",      "request", "seats", "owners", "others",  "store"};
  static_assert(names.size() == std::size_t(Subject::store) + 1);
  const auto at = static_cast<std::size_t>(subject);
  return at < names.size() ? names[at] : "unknown";
}

}  // namespace roster::inline ROSTER_ABI
