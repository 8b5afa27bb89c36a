// The words for outcomes.
#include "roster/outcome.hpp"

ROSTER_BEGIN

namespace {

struct OutcomeWords {
  std::string_view name, sentence;
};

/// A switch without a default: the compiler reports the outcome that was added here too late.
constexpr OutcomeWords words_of(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::organization_not_found:
      return {"organization_not_found", "there is no such organization: check its name"};
    case Outcome::forbidden:
      return {"forbidden", "the actor may not do this in this organization: ask somebody who may"};
    case Outcome::organization_not_joinable:
      return {"organization_not_joinable", "this organization takes no members: choose another"};
    case Outcome::role_not_found:
      return {"role_not_found",
              "there is no such role here: choose one from the catalog, or name one if none was given"};
    case Outcome::role_not_assignable:
      return {"role_not_assignable", "this role can be read but not granted: choose another"};
    case Outcome::group_not_found: return {"group_not_found", "there is no such group: check its name"};
    case Outcome::account_not_found: return {"account_not_found", "there is no such account: check how it is named"};
    case Outcome::account_disabled:
      return {"account_disabled", "the account is disabled: enable it before adding it anywhere"};
    case Outcome::not_verified:
      return {"not_verified", "the e-mail address of this account is not verified: verify it, then accept"};
    case Outcome::parent_required:
      return {"parent_required", "the account is not in the parent organization: add it there first"};
    case Outcome::outranked:
      return {"outranked", "the role is above the actor's own: ask somebody who has a higher one"};
    case Outcome::not_member: return {"not_member", "the account is no member here: there is nothing to change"};
    case Outcome::was_suspended: return {"was_suspended", "the membership is suspended: reactivate it instead"};
    case Outcome::was_removed:
      return {"was_removed",
              "the account was removed from this organization: add it again by a new request, if it may be"};
    case Outcome::has_returned:
      return {"has_returned",
              "the account has come back since this was asked for: ask by a new request, if it still holds"};
    case Outcome::inviter_lapsed:
      return {"inviter_lapsed",
              "whoever sent this invitation may not give that role any more: have it revoked and be invited again"};
    case Outcome::request_reused:
      return {"request_reused",
              "this request key did something else to the membership before: use a new key for a new request"};
    case Outcome::conflict: return {"conflict", "the account is a member already: nothing is left to do"};
    case Outcome::role_conflict:
      return {"role_conflict",
              "the account is a member already, with another role: change that role instead of adding"};
    case Outcome::seats_taken: return {"seats_taken", "the organization is full: remove somebody, or raise its limit"};
    case Outcome::last_owner:
      return {"last_owner", "the organization would have no owner left: make somebody else an owner first"};
    case Outcome::not_attempted:
      return {"not_attempted",
              "nothing was done because another part of the command was refused: mend that and send all again"};
    case Outcome::undecided:
      return {"undecided", "the operation stopped before this was settled: retry with the same request key"};
    case Outcome::added: return {"added", "the account is now a member"};
    case Outcome::invited: return {"invited", "the account is only invited and its membership awaits acceptance"};
    case Outcome::existing: return {"existing", "the account was a member already and nothing changed"};
    case Outcome::replaced: return {"replaced", "the account was a member already and now has the role asked for"};
    case Outcome::removed: return {"removed", "the account was a member, or invited, and is not any more"};
    case Outcome::suspended: return {"suspended", "the account was a member and is suspended now"};
    case Outcome::reactivated: return {"reactivated", "the account is a member again"};
    case Outcome::accepted: return {"accepted", "the invitation was accepted and the account is a member now"};
    case Outcome::expiry_changed: return {"expiry_changed", "the membership ends at another moment now, or never"};
    case Outcome::replayed: return {"replayed", "this very request had done this already"};
  }
  return {"unknown", "this outcome is unknown to this version of roster: compare the versions of its parts"};
}

}  // namespace

std::string_view name(Outcome outcome) noexcept {
  return words_of(outcome).name;
}
std::string_view describe(Outcome outcome) noexcept {
  return words_of(outcome).sentence;
}

Subject subject(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::organization_not_found:
    case Outcome::organization_not_joinable: return Subject::organization;
    case Outcome::forbidden:
    case Outcome::outranked: return Subject::actor;
    case Outcome::role_not_found:
    case Outcome::role_not_assignable: return Subject::role;
    case Outcome::group_not_found: return Subject::group;
    case Outcome::account_not_found:
    case Outcome::account_disabled:
    case Outcome::not_verified: return Subject::account;
    case Outcome::parent_required: return Subject::parent;
    case Outcome::inviter_lapsed: return Subject::inviter;
    case Outcome::request_reused:
    case Outcome::replayed: return Subject::request;
    case Outcome::seats_taken: return Subject::seats;
    case Outcome::last_owner: return Subject::owners;
    case Outcome::not_attempted: return Subject::others;
    case Outcome::undecided: return Subject::store;
    case Outcome::added:
    case Outcome::invited: return Subject::nothing;
    case Outcome::not_member:
    case Outcome::was_suspended:
    case Outcome::was_removed:
    case Outcome::has_returned:
    case Outcome::conflict:
    case Outcome::role_conflict:
    case Outcome::existing:
    case Outcome::replaced:
    case Outcome::removed:
    case Outcome::suspended:
    case Outcome::reactivated:
    case Outcome::accepted:
    case Outcome::expiry_changed: return Subject::membership;
  }
  return Subject::nothing;
}

std::string_view name(Subject subject) noexcept {
  switch (subject) {
    case Subject::nothing: return "nothing";
    case Subject::organization: return "organization";
    case Subject::actor: return "actor";
    case Subject::role: return "role";
    case Subject::group: return "group";
    case Subject::account: return "account";
    case Subject::parent: return "parent";
    case Subject::membership: return "membership";
    case Subject::inviter: return "inviter";
    case Subject::request: return "request";
    case Subject::seats: return "seats";
    case Subject::owners: return "owners";
    case Subject::others: return "others";
    case Subject::store: return "store";
  }
  return "unknown";
}

ROSTER_END
