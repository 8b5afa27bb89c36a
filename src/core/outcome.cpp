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
      return {"forbidden", "the actor may not add members to this organization: ask somebody who may"};
    case Outcome::organization_not_joinable:
      return {"organization_not_joinable", "this organization takes no members: choose another"};
    case Outcome::role_not_found:
      return {"role_not_found",
              "there is no such role here: choose one from the catalog, or name one if none was given"};
    case Outcome::role_not_assignable:
      return {"role_not_assignable", "this role cannot be granted by adding somebody: choose another"};
    case Outcome::group_not_found: return {"group_not_found", "there is no such group: check its name"};
    case Outcome::account_not_found: return {"account_not_found", "there is no such account: check how it is named"};
    case Outcome::account_disabled:
      return {"account_disabled", "the account is disabled: enable it before adding it anywhere"};
    case Outcome::parent_required:
      return {"parent_required", "the account is not in the parent organization: add it there first"};
    case Outcome::request_reused:
      return {"request_reused",
              "this request key gave the membership another role before: use a new key for a new request"};
    case Outcome::conflict: return {"conflict", "the account is a member already: nothing is left to do"};
    case Outcome::role_conflict:
      return {"role_conflict",
              "the account is a member already, with another role: change that role instead of adding"};
    case Outcome::not_attempted:
      return {"not_attempted",
              "nothing was done because another part of the command was refused: mend that and send all again"};
    case Outcome::undecided:
      return {"undecided", "the operation stopped before this was settled: retry with the same request key"};
    case Outcome::added: return {"added", "the account is now a member"};
    case Outcome::invited:
      return {"invited", "an account was created for this address and its membership awaits acceptance"};
    case Outcome::existing: return {"existing", "the account was a member already and nothing changed"};
    case Outcome::replaced: return {"replaced", "the account was a member already and now has the role asked for"};
    case Outcome::replayed: return {"replayed", "this request had made the account a member already"};
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

ROSTER_END
