// The oracle's half about one cell: the questions that can be asked about it, and every outcome with the condition
// under which it is given, in the order in which docs/outcomes.md states them. Clarity before everything else; nothing
// here may be taken over from src/core, or the two could be wrong together.
#ifndef ROSTER_TESTS_SUPPORT_RULES_HPP
#define ROSTER_TESTS_SUPPORT_RULES_HPP

#include <set>
#include <string>
#include <vector>

#include "roster/command.hpp"
#include "roster/decision.hpp"
#include "roster/profile.hpp"

namespace roster_test {

enum class Question : std::uint8_t {
  organization_exists,
  actor_allowed,
  actor_carries_request,
  commit_sent,
  replay,
  joinable,
  role,
  account,
  account_hidden,
  asked_outranks,
  state,
  relation,
  parent,
  held_outranks,
  outdated,
  inviter_lapsed,
  // What the profile says, to an actor who is staff or not.
  hides_organizations,
  on_unknown_account,
  on_same_role,
  on_other_role,
  on_suspended,
  on_removed,
  parent_rule
};
constexpr std::size_t question_count = static_cast<std::size_t>(Question::parent_rule) + 1;

// The answers, where they are more than no (0) and yes (1). For a field of a profile: its value.
enum class Replay : std::uint8_t { none, key, request };
enum class RoleAnswer : std::uint8_t { grantable, unknown, read_only };
enum class AccountAnswer : std::uint8_t { usable, waits, unverified, disabled, address, nobody, no_group };
enum class StateAnswer : std::uint8_t { active, invited, suspended, removed, none, over };
enum class Relation : std::uint8_t { same, other, higher };
enum class ParentAnswer : std::uint8_t { free, there, absent, closed, waits };

/// Somebody who answers. The same question gets the same answer.
class Cell {
 public:
  virtual ~Cell() = default;
  virtual unsigned answer(Question question) = 0;

  bool is(Question question) { return answer(question) != 0; }
  template <class Enum>
  Enum as(Question question) {
    return static_cast<Enum>(answer(question));
  }
  bool account_is(AccountAnswer one) { return as<AccountAnswer>(Question::account) == one; }
  bool state_is(StateAnswer one) { return as<StateAnswer>(Question::state) == one; }
  bool is_same() { return as<Relation>(Question::relation) == Relation::same; }
};

/// What is to become of a membership; everything behind `outcome` is about those that are written.
struct Verdict {
  roster::Outcome outcome = roster::Outcome::undecided;
  roster::MembershipState to = roster::MembershipState::active;
  roster::Event event = roster::Event::role_changed;
  bool anew = false;          // with an id of its own
  bool keeps_role = false;    // the one it had
  bool joins_parent = false;  // and so does the account
};
/// The first outcome whose condition holds.
Verdict judge_cell(roster::Kind kind, Cell& cell);

/// Why a command is malformed. The index is that of the selector for errors about selectors, otherwise 0.
using Errors = std::set<std::pair<roster::Errc, std::uint32_t>>;
/// What is wrong with the shape of a command; `end`: of what it writes.
void find_errors(const roster::Profile& profile, const roster::Command& command, roster::Time now, roster::Time end,
                 Errors& errors);

bool is_add(roster::Kind kind);
bool is_own(roster::Kind kind);  // an account's own affair
bool names_roles(roster::Kind kind);
bool is_written(roster::Outcome outcome);

}  // namespace roster_test

#endif
