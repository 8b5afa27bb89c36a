// The oracle: the meaning of every command, written from the documentation alone. Tests compare the engine with it.
//
// It has one thread, no tiles, no guards and no versions: it visits cell after cell and changes maps. rules.cpp has the
// outcome of one cell. This header has the questions about a cell, and the effects between cells. No part of it may
// come from src/core: both could then be wrong together. It uses no test framework, because the fuzz targets share it.
#ifndef ROSTER_TESTS_SUPPORT_ORACLE_HPP
#define ROSTER_TESTS_SUPPORT_ORACLE_HPP

#include <optional>
#include <set>

#include "roster/decision.hpp"
#include "support/scenario.hpp"

namespace roster_test {

// ---- one cell: its questions and outcomes, in the order of docs/reference/outcomes.md

// clang-format off
enum class Question : std::uint8_t {
  organization_exists, actor_allowed, actor_carries_request, commit_sent, replay,
  closed, joinable, role, account, account_hidden, asked_owns, asked_outranks,
  state, relation, parent, held_outranks, outdated, role_gone, inviter_lapsed,
  // The fields of the profile, for an actor that is staff or not.
  hides_organizations, on_unknown_account, on_same_role, on_other_role, on_invited, on_reinvite, on_suspended, on_removed,
  parent_rule
};
// clang-format on
constexpr std::size_t question_count = static_cast<std::size_t>(Question::parent_rule) + 1;

// The answers with more than two values, no (0) and yes (1). The answer about a field of a profile is its value.
enum class Replay : std::uint8_t { none, key, idempotency_key };
enum class RoleAnswer : std::uint8_t { grantable, unknown, read_only };
enum class AccountAnswer : std::uint8_t { usable, waits, unverified, disabled, address, nobody, no_group };
enum class StateAnswer : std::uint8_t {
  active,
  invited,
  suspended,
  removed,
  none,
  over,
  over_invitation,
  removed_invitation
};
enum class Relation : std::uint8_t { same, other, higher };
enum class ParentAnswer : std::uint8_t { free, there, absent, closed, waits };

/// The source of the answers. The same question always gets the same answer.
class Cell {
 public:
  virtual ~Cell() = default;
  virtual unsigned answer(Question question) = 0;

  bool is(Question question) { return answer(question) != 0; }
  template <class Enum>
  Enum as(Question question) {
    return static_cast<Enum>(answer(question));
  }
  bool account_is(AccountAnswer one) { return equals(Question::account, one); }
  bool state_is(StateAnswer one) { return equals(Question::state, one); }
  bool is_member() { return state_is(StateAnswer::active) || state_is(StateAnswer::invited); }
  bool is_over() { return state_is(StateAnswer::over) || state_is(StateAnswer::over_invitation); }
  bool is_removed() { return state_is(StateAnswer::removed) || state_is(StateAnswer::removed_invitation); }
  bool is_gone() { return is_removed() || is_over(); }
  bool equals(Question question, auto one) { return answer(question) == static_cast<unsigned>(one); }
  bool is_same() { return equals(Question::relation, Relation::same); }
};

/// The transition of a membership. The fields after `outcome` apply only if it writes.
struct Verdict {
  roster::Outcome outcome = roster::Outcome::undecided;
  roster::MembershipState to = roster::MembershipState::active;
  roster::Event event = roster::Event::role_changed;
  bool new_identity = false;  // the membership gets a new id
  bool keeps_role = false;    // the membership keeps its role
  bool joins_parent = false;  // the account joins the parent too
};
/// The first outcome whose condition holds.
Verdict judge_cell(roster::CommandKind kind, Cell& cell);

/// The reasons why a command is malformed. The index is that of the selector for errors about selectors, otherwise 0.
using Errors = std::set<std::pair<roster::Errc, std::uint32_t>>;
/// Collects the errors in the shape of a command. `end`: the expiry that it writes.
void find_errors(const roster::Profile& profile, const roster::Command& command, roster::Time now, roster::Time end,
                 Errors& errors);

bool is_add(roster::CommandKind kind);
bool is_own(roster::CommandKind kind);  // a command about the actor's own memberships
bool names_roles(roster::CommandKind kind);
bool is_written(roster::Outcome outcome);

// ---- a command

/// What a membership was before a command changed it.
struct Before {
  std::string role;
  roster::MembershipState state;
  friend bool operator==(const Before&, const Before&) = default;
};

/// One entry of an outbox.
struct Happening {
  roster::Event event;
  Pair pair;
  std::string role;
  friend bool operator==(const Happening&, const Happening&) = default;
};

/// A report with the names of the world.
struct Summary {
  std::uint32_t rows = 0, columns = 0, direct_columns = 0;
  std::vector<roster::Outcome> outcomes;
  std::vector<std::string> cell_roles;        // per cell; empty: not shown
  std::vector<std::optional<Before>> before;  // per cell
  std::vector<std::string> accounts;          // per column; empty: not disclosed
  std::vector<bool> created;                  // per column
  friend bool operator==(const Summary&, const Summary&) = default;
};

/// The result of the oracle for one command.
struct Expected : Summary {
  Errors errors;  ///< if there are any, the engine may return any one of them
  std::vector<Happening> happenings;
  bool wrote() const { return !happenings.empty(); }
};

/// Carries out `command` in `world`. `sent`: the operation sent a commit before, and its reply was lost.
Expected carry_out(World& world, const roster::Profile& profile, const roster::Command& command, roster::Time now,
                   bool sent = false);

}  // namespace roster_test

#endif
