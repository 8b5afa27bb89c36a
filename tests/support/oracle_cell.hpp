// One cell of a command, as it can be asked about: the answers come from the world as it was when the command began,
// and about the membership also from what earlier cells have made of it.
#ifndef ROSTER_TESTS_SUPPORT_ORACLE_CELL_HPP
#define ROSTER_TESTS_SUPPORT_ORACLE_CELL_HPP

#include "support/oracle.hpp"

namespace roster_test {

/// One column: an account that is there, an address that may get one, or nobody.
struct Column {
  std::string account;  // empty: not found
  std::string address;  // the one by which it was named, in lower case
  bool missing_group = false;
};

std::vector<Column> lay_out(const World& world, const roster::Command& command);
/// What is wrong with the shape of a command; `end`: of what it writes.
void find_errors(const roster::Profile& profile, const roster::Command& command, roster::Time now, roster::Time end,
                 decltype(Expected::errors)& errors);

/// A command on its way, as far as all its cells see it alike.
struct Asking {
  const World& before;  // when the command began
  const World& now;     // after the cells visited so far
  const roster::Profile& profile;
  const roster::Command& command;
  roster::RequestKey key;  // under which it writes: bound to its actor
  roster::Time at;
  bool sent;
  std::vector<std::string> places = {};  // per row; empty: not found
  std::vector<Column> columns = {};

  roster::Kind kind() const { return command.kind(); }
  bool is_staff() const { return command.actor.staff; }
  std::string actor() const {
    const auto drawn = before.drawn.find(text_of(command.actor.id));
    return drawn == before.drawn.end() ? text_of(command.actor.id) : drawn->second;
  }
  /// When what the command writes ends.
  roster::Time end() const;
  /// Whether who asks has to have a right, and has it there.
  bool is_judged() const;
  bool lets_in(const std::string& place) const;
  /// The role asked for in a cell; empty: the command names none.
  std::string asked(std::size_t row, std::size_t column) const;
  const roster::Role* role_in(const std::string& place, std::string_view role) const {
    return find_role(before, profile.roles, place, role);
  }
  /// What a role lets its holder do and touch; one that is in no catalog lets them do nothing.
  roster::Role held(const std::string& place, std::string_view role) const {
    const roster::Role* const known = role_in(place, role);
    return known != nullptr ? *known : roster::Role{.id = {}, .rank = 0, .assignable = false};
  }
  bool sits(roster::MembershipState state) const;
  /// The actor, who must not know whether that address has an account, has named it by that.
  bool is_hidden(std::size_t column) const;
};

class OneCell final : public Cell {
 public:
  OneCell(const Asking& of, std::size_t row, std::size_t column)
      : of_(of), place_(of.places[row]), column_(of.columns[column]), row_(row), number_(column) {}

  unsigned answer(Question question) override;

  const std::string& place() const { return place_; }
  Pair pair() const { return {place_, column_.account}; }
  /// The membership that is there now; null: none.
  const Member* has() const;
  /// The role asked for, or the default.
  std::string role() const;
  bool is_omitted() const { return of_.asked(row_, number_).empty(); }
  /// What a membership written by it remembers of the request.
  roster::RequestKey remembered() const;

 private:
  bool allowed() const;
  bool actor_carries_request() const;
  Replay replay() const;
  RoleAnswer role_answer() const;
  AccountAnswer account() const;
  StateAnswer state() const;
  Relation relation() const;
  ParentAnswer parent() const;
  bool outranks_actor(const std::string& role) const;
  bool is_outdated() const;
  bool inviter_lapsed() const;
  Replay replay_by(const Member& member) const;
  bool is_to_oneself() const;
  const Member* member_of(const World& world, const std::string& account) const;

  const Asking& of_;
  const std::string& place_;
  const Column& column_;
  const std::size_t row_, number_;
};

}  // namespace roster_test

#endif
