// The usual row of an add, in stretches: cells that ask for one role, members apart from those who are none.
#include <algorithm>
#include <cstddef>

#include "add_tile.hpp"
#include "cell_rules.hpp"
#include "shape.hpp"

ROSTER_BEGIN

/// The usual row: no cell can see what another cell of this command did. It is judged in stretches that ask for one
/// role, and of these the members apart from the others, so that a cell costs a few comparisons.
bool AddTile::judge_cells_of(std::uint32_t row) noexcept {
  const bool one_role = command_.cell_roles.empty();
  for (std::uint32_t from = 0, to; from < tile_.columns; from = to) {
    const std::uint32_t asked = asked_at(row, from);
    to = one_role ? tile_.columns : from + 1;
    while (to < tile_.columns && asked_at(row, to) == asked) ++to;
    if (!judge_stretch(row, from, to, work_.asks[asked])) return false;
  }
  return work_.losing.empty() || judge_losing(row);
}

bool AddTile::judge_stretch(std::uint32_t row, std::uint32_t from, std::uint32_t to, const Ask& ask) noexcept {
  while (from < to) {
    const MembershipFact* const fact = facts_.memberships.data() + fact_;
    const bool more = fact_ < facts_.memberships.size() && fact->organization == row && fact->account < to;
    const std::uint32_t member = more ? fact->account : to;
    if (!add_absent(row, from, member, ask)) return false;
    from = member;
    if (more && !judge_members(row, from, to, ask)) return false;
  }
  return true;
}

/// Nobody is a member in these columns.
bool AddTile::add_absent(std::uint32_t row, std::uint32_t from, std::uint32_t to, const Ask& ask) noexcept {
  Workspace::Row& place = work_.rows[row];
  if (columns_alike_ && ask.verdict == no_objection && !ask.outranks && !ask.owns && place.seats == no_limit) [[likely]]
    return add_alike(row, from, to, ask);
  const bool details = context_.details;
  const std::uint32_t first_cell = row * width_;
  Workspace::Column* const columns = work_.columns.data();
  Outcome* const outcomes = to_.outcomes.data() + first_cell;
  RoleIndex* const cell_roles = to_.cell_roles.data() + first_cell;
  List<MemberAdded, 1>& list = to_.changes.added;  // with room for the whole row, as the list of own cells
  RoleIndex role = no_role;                        // written once something is added
  MemberAdded* next = list.data() + list.size();
  std::uint32_t at = list.size();
  for (std::uint32_t column = from; column < to; ++column) {
    Workspace::Column& of = columns[column];
    if (ask.verdict != no_objection || of.verdict != no_objection) [[unlikely]] {
      outcomes[column] = ask.verdict != no_objection ? ask.verdict : of.verdict;
      ++to_.refusals;
      continue;
    }
    if (ask.outranks || !take_seat(profile_, place, false, of.joins_as)) [[unlikely]] {
      outcomes[column] = ask.outranks ? Outcome::outranked : Outcome::seats_taken;
      ++to_.refusals;
      continue;
    }
    std::uint32_t account = column;
    if (!of.exists && !account_of(column, account)) return false;
    if (role == no_role && !write_role(to_, ask.role, role)) return false;
    if (details) {
      work_.own.append({first_cell + column, at});
      cell_roles[column] = ask.role;
    }
    of.writes = true;
    if (ask.owns) move_owner(place, false, owns_for_good(true, of.joins_as, command_.valid_until));
    outcomes[column] = joining_outcome(of.joins_as);
    next->organization = row;
    next->account = account;
    next->role = role;
    next->state = of.joins_as;
    ++next;
    ++at;
  }
  if (at == list.size()) return true;
  place.writes |= by_rule;
  return list.resize_uninitialized(at);
}

/// The same where nothing is left to ask of a column: each is added, in one state, and no bound is moved.
bool AddTile::add_alike(std::uint32_t row, std::uint32_t from, std::uint32_t to, const Ask& ask) noexcept {
  if (from == to) return true;
  const MembershipState state = work_.columns[0].joins_as;
  RoleIndex role = no_role;
  if (!write_role(to_, ask.role, role)) return false;
  const std::uint32_t first_cell = row * width_, count = to - from;
  List<MemberAdded, 1>& list = to_.changes.added;
  std::uint32_t at = list.size();
  if (!list.resize_uninitialized(std::size_t{at} + count)) return false;
  MemberAdded* next = list.data() + at;
  Workspace::Column* const columns = work_.columns.data();
  for (std::uint32_t column = from; column < to; ++column, ++next) {
    next->organization = row;
    next->account = column;
    next->role = role;
    next->state = state;
    columns[column].writes = true;
  }
  std::fill_n(to_.outcomes.data() + first_cell + from, count, joining_outcome(state));
  work_.rows[row].writes |= by_rule;
  if (!context_.details) return true;
  std::fill_n(to_.cell_roles.data() + first_cell + from, count, ask.role);
  for (std::uint32_t column = from; column < to; ++column) work_.own.append({first_cell + column, at++});
  return true;
}

/// From `column` on, up to the first who is not a member. What is the same from one to the next (the answer to the role
/// last seen) is kept.
bool AddTile::judge_members(std::uint32_t row, std::uint32_t& column, std::uint32_t to, const Ask& ask) noexcept {
  const bool details = context_.details;
  const std::uint32_t first_cell = row * width_;
  const MembershipFact* fact = facts_.memberships.data() + fact_;
  const MembershipFact* const end = facts_.memberships.end();
  const Workspace::Column* const columns = work_.columns.data();
  Outcome* const outcomes = to_.outcomes.data() + first_cell;
  MembershipId* const memberships = to_.memberships.data() + first_cell;  // only with details
  RoleIndex* const cell_roles = to_.cell_roles.data() + first_cell;
  const bool looks_at_columns = ask.verdict == no_objection && refuses_columns_;
  RoleIndex role_seen = no_role;
  std::uint32_t seen = 0xFFFFFFFFu;                   // no membership says this
  bool changes = false, more = false, shown = false;  // more: the answer is not all there is to a cell
  Outcome answer = ask.verdict;
  std::uint32_t refusals = 0, at = column;
  while (at < to && fact != end && place_of(*fact) == place(row, at)) {
    if (leading(*fact) != seen) {
      seen = leading(*fact);
      role_seen = fact->role;
      changes = false;
      if (ask.verdict == no_objection) {
        answer = judge_as(ask, role_seen, fact->written_by_request);
        changes = !ask.outranks && (is_former(*fact) || answer == Outcome::replaced);
        if (ask.outranks) answer = judge_above(answer, is_former(*fact));
      }
      shown = details && shows(answer);
      more = looks_at_columns || !succeeded(answer) || changes;
    }
    if (!more) [[likely]] {  // and so for all who say the same
      const MembershipFact* const stop = fact + std::min<std::ptrdiff_t>(end - fact, to - at);
      std::uint64_t here = place(row, at);
      do {
        outcomes[at] = answer;
        if (shown) {
          memberships[at] = fact->id;
          cell_roles[at] = role_seen;
        }
        ++at;
        here += place(0, 1);
      } while (++fact != stop && place_of(*fact) == here && leading(*fact) == seen);
      continue;
    }
    const MembershipFact& here = *fact++;
    const std::uint32_t cell = at++;
    if (looks_at_columns && columns[cell].verdict != no_objection) {
      outcomes[cell] = columns[cell].verdict;
      ++refusals;
    } else if (changes) {
      Pair now;
      if (!change(row, cell, here, ask, false, first_cell + cell, now)) return false;
      refusals += succeeded(outcomes[cell]) || outcomes[cell] == Outcome::undecided ? 0 : 1;
    } else {
      outcomes[cell] = answer;
      refusals += succeeded(answer) ? 0 : 1;
      if (shown) {
        memberships[cell] = here.id;
        cell_roles[cell] = role_seen;
      }
    }
  }
  column = at;
  fact_ = static_cast<std::uint32_t>(fact - facts_.memberships.data());
  to_.refusals += refusals;
  return true;
}

ROSTER_END
