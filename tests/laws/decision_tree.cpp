// Compares the judge with the oracle on every decision. Both read a cell that forks at the first read of each question.
// The test thus walks the whole tree and compares every leaf.
#include "decision_tree.hpp"

#include <iostream>
#include <set>

#include "../../src/core/rules/judge.hpp"
#include "catch.hpp"

using namespace decisions;

const QuestionText& decisions::text_of(Question question) {
  static const std::vector<QuestionText> texts = {
      {"the organization exists", {"no", "yes"}},
      {"the actor is authorized in the organization", {"no", "yes"}},
      {"this request has written the actor's own membership", {"no", "yes"}},
      {"this operation has sent a commit whose answer was lost", {"no", "yes"}},
      {"the membership was last written",
       {"with another key", "with this key by a different request", "by this request"}},
      {"the organization is closed", {"no", "yes"}},
      {"the organization is joinable", {"no", "yes"}},
      {"the requested role", {"can be granted", "is in no catalog", "is read-only"}},
      {"the account",
       {"is usable", "is only invited", "is not verified", "is disabled", "is an address without an account",
        "does not exist", "comes from a group that does not exist"}},
      {"the account is hidden from the actor", {"no", "yes"}},
      {"the requested role owns", {"no", "yes"}},
      {"the requested role ranks above the actor's role", {"no", "yes"}},
      {"the membership",
       {"is active", "is invited", "is suspended", "is removed", "does not exist", "has expired",
        "is an expired invitation", "is a removed invitation"}},
      {"the requested role or expiry", {"is the current one", "differs", "is a higher role"}},
      {"the parent organization",
       {"does not exist", "has the account as a member", "has no membership of the account", "cannot add the account",
        "has invited the account"}},
      {"the current role of the member ranks above the actor's role", {"no", "yes"}},
      {"the request is older than the membership's last write or expiry", {"no", "yes"}},
      {"the current role of the member is in no catalog", {"no", "yes"}},
      {"the inviter may no longer grant the role", {"no", "yes"}},
      {"the profile has `hides_organizations` and the actor is not staff", {"no", "yes"}},
      {"`on_unknown_account`", {"reject", "create", "invite"}},
      {"`on_same_role`", {"keep", "reject", "replace", "raise"}},
      {"`on_other_role`", {"keep", "reject", "replace", "raise"}},
      {"`on_invited`", {"activate", "keep"}},
      {"`on_reinvite`", {"renew", "keep"}},
      {"`on_suspended`", {"refuse", "reactivate", "restore_role", "fresh"}},
      {"`on_removed`", {"refuse", "reactivate", "restore_role", "fresh"}},
      {"`parent`", {"ignore", "require", "add"}},
  };
  return texts[static_cast<std::size_t>(question)];
}

namespace {

/// The same cell, with the interface that judge() reads.
struct IssuedCommand {
  Fork& cell;
  bool is(Question question) { return cell.answer(question) != 0; }
  template <class Enum>
  Enum as(Question question) {
    return static_cast<Enum>(cell.answer(question));
  }
  bool organization_exists() { return is(Question::organization_exists); }
  bool actor_allowed() { return is(Question::actor_allowed); }
  OwnWrite own_write() {
    if (is(Question::actor_carries_request)) return OwnWrite::gave_up;
    return is(Question::commit_sent) ? OwnWrite::sent : OwnWrite::no;
  }
  Replay replay() { return as<Replay>(Question::replay); }
  bool closed() { return is(Question::closed); }
  bool takes_members() { return !closed() && is(Question::joinable); }
  RoleClass role() { return as<RoleClass>(Question::role); }
  AccountClass account() { return as<AccountClass>(Question::account); }
  bool account_hidden() { return is(Question::account_hidden); }
  bool requests_ownership() { return is(Question::asked_owns); }
  bool outranks(Which which) {
    return is(which == Which::requested ? Question::asked_outranks : Question::held_outranks);
  }
  CellState state() { return as<CellState>(Question::state); }
  Relation relation() { return as<Relation>(Question::relation); }
  ParentClass parent() { return as<ParentClass>(Question::parent); }
  bool outdated() { return is(Question::outdated); }
  bool role_exists() { return !is(Question::role_gone); }
  bool inviter_lapsed() { return is(Question::inviter_lapsed); }
};

/// A profile with the values that the oracle has read, and with `other` for all other fields.
Profile profile_of(const Fork& cell, unsigned other) {
  Profile profile{.actor = ActorRule::host_decides};
  const auto of = [&](Question field) {
    return cell.known(field, other % (field == Question::hides_organizations ? 2 : 3));
  };
  profile.hides_organizations = of(Question::hides_organizations) != 0;
  profile.on_unknown_account = static_cast<OnUnknown>(of(Question::on_unknown_account));
  profile.on_same_role = static_cast<OnConflict>(of(Question::on_same_role));
  profile.on_other_role = static_cast<OnConflict>(of(Question::on_other_role));
  profile.on_invited = static_cast<OnInvited>(of(Question::on_invited));
  profile.on_reinvite = static_cast<OnReinvite>(of(Question::on_reinvite));
  profile.on_suspended = static_cast<OnFormer>(of(Question::on_suspended));
  profile.on_removed = static_cast<OnFormer>(of(Question::on_removed));
  profile.parent = static_cast<ParentRule>(of(Question::parent_rule));
  return profile;
}

std::string words(const roster_test::Verdict& verdict) {
  std::string all(name(verdict.outcome));
  if (!roster_test::is_written(verdict.outcome)) return all;
  all += " to " + std::to_string(static_cast<unsigned>(verdict.to)) + " " + std::string(name(verdict.event));
  return all + (verdict.new_identity ? " anew" : "") + (verdict.keeps_role ? " keeps role" : "") +
         (verdict.joins_parent ? " joins parent" : "");
}

}  // namespace

TEST_CASE("the judge and the oracle agree about every cell there can be, for every kind of command and every profile") {
  std::size_t leaves = 0, wrong = 0;
  std::set<Outcome> met;
  std::string first;
  for (std::size_t kind = 0; kind < kind_names.size(); ++kind) {
    Fork cell;
    do {
      cell.begin();
      const std::string expected = words(roster_test::judge_cell(static_cast<CommandKind>(kind), cell));
      for (unsigned other = 0; other < 3; ++other) {
        // Nothing is hidden from staff: the oracle has read whether this actor is staff.
        const Profile profile = profile_of(cell, other);
        const Policy policy{profile, static_cast<CommandKind>(kind), false};
        IssuedCommand asked{cell};
        const Verdict verdict = judge(policy, asked);
        met.insert(verdict.outcome);
        const std::string found = words({verdict.outcome, verdict.to, verdict.event, verdict.new_identity,
                                         verdict.keeps_role, verdict.joins_parent});
        if (found == expected || ++wrong > 5) continue;
        first += std::string(kind_names[kind]) + ": oracle " + expected + ", judge " + found + "\n" + cell.text();
      }
      ++leaves;
    } while (cell.next());
  }
  INFO(wrong << " of " << leaves << " leaves\n" << first);
  CHECK(wrong == 0);
  std::cout << "decisions: " << leaves << " leaves, " << met.size() << " outcomes\n";
  // The other outcomes depend on other cells, or on the store.
  const std::set<Outcome> beyond = {Outcome::seats_taken, Outcome::last_owner, Outcome::not_attempted,
                                    Outcome::undecided};
  CHECK(met.size() + beyond.size() == outcome_count);
}
