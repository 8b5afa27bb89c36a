// The cells: a table look-up, a policy and a byte written for each; nothing here reads text.
#include <algorithm>

#include "add_tile.hpp"
#include "cell_rules.hpp"

ROSTER_BEGIN

Outcome AddTile::judge_as(const Ask& ask, RoleIndex has, bool own) const noexcept {
  const bool same = ask.omitted || to_.roles[has].first == to_.roles[ask.role].first;
  return judge_member(profile_, same, own, ask.rank > to_.roles[has].rank);
}

bool AddTile::written(RoleIndex role, RoleIndex& index) noexcept {
  RoleIndex& known = to_.roles[to_.roles[role].first].written;
  if (known == no_role) {
    known = static_cast<RoleIndex>(to_.changes.roles.size());
    if (!to_.changes.roles.push(to_.roles[role].id)) return false;
  }
  index = known;
  return true;
}

bool AddTile::account_of(std::uint32_t column, std::uint32_t& account) noexcept {
  account = column;
  if (!facts_.accounts[column].id.empty()) return true;
  std::uint32_t& at = work_.columns[column].created_at;
  if (at == no_index) {
    at = to_.changes.created.size();
    if (!to_.changes.created.push({{}, email_of(query_, column), profile_.on_unknown_account == OnUnknown::invite}))
      return false;
  }
  account = tile_.columns + at;
  return true;
}

/// For what one row can add at most: each cell, and for each a membership in the parent.
bool AddTile::make_room() noexcept {
  const std::size_t each = pairs_ ? 2 : 1;
  return to_.changes.added.reserve(to_.changes.added.size() + each * tile_.columns) &&
         (!(context_.details || pairs_) || work_.own.reserve(work_.own.size() + std::size_t{tile_.columns}));
}

bool AddTile::add(std::uint32_t row, std::uint32_t column, const Ask& ask, std::uint32_t cell) noexcept {
  MemberAdded added;
  added.organization = row;
  if (!account_of(column, added.account) || !written(ask.role, added.role)) return false;
  added.state = work_.columns[column].joins_as;
  if (context_.details || pairs_) work_.own.append({cell, to_.changes.added.size()});
  work_.rows[row].writes |= by_rule;
  work_.columns[column].writes = true;
  to_.outcomes[cell] = joining_outcome(added.state);
  if (context_.details) to_.cell_roles[cell] = ask.role;
  to_.changes.added.append(added);
  return true;
}

bool AddTile::add_to_parent(std::uint32_t parent, std::uint32_t column) noexcept {
  MemberAdded added;
  added.organization = parent;
  if (!account_of(column, added.account) || !written(parent_role_, added.role)) return false;
  added.state = work_.columns[column].joins_as;
  work_.rows[parent].writes |= as_parent;
  work_.columns[column].writes = true;
  pair_at(parent, column) = {no_index, to_.changes.added.size(), parent_role_, true, true};
  to_.changes.added.append(added);
  return true;
}

bool AddTile::replace(std::uint32_t row, std::uint32_t column, const MembershipFact& fact, RoleIndex role) noexcept {
  RoleReplaced replaced{fact.id, row, column, no_role, no_role, fact.version};
  if (!written(role, replaced.role) || !written(fact.role, replaced.from)) return false;
  work_.rows[row].writes |= by_rule;
  work_.columns[column].writes = true;
  return to_.changes.replaced.push(replaced);
}

void AddTile::show(std::uint32_t cell, const MembershipId& id, RoleIndex role) noexcept {
  if (!context_.details) return;
  to_.memberships[cell] = id;
  to_.cell_roles[cell] = role;
}

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
  return true;
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
    std::uint32_t account = column;
    if (!of.exists && !account_of(column, account)) return false;
    if (role == no_role && !written(ask.role, role)) return false;
    if (details) {
      work_.own.append({first_cell + column, at});
      cell_roles[column] = ask.role;
    }
    of.writes = true;
    outcomes[column] = joining_outcome(of.joins_as);
    next->organization = row;
    next->account = account;
    next->role = role;
    next->state = of.joins_as;
    ++next;
    ++at;
  }
  if (at == list.size()) return true;
  work_.rows[row].writes |= by_rule;
  return list.resize_uninitialized(at);
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
  bool own_seen = false, more = false, shown = false;  // more: the answer is not all there is to a cell
  RoleIndex role_shown = no_role;
  Outcome answer = ask.verdict;
  std::uint32_t refusals = 0, at = column;
  for (; at < to && fact != end && fact->account == at && fact->organization == row; ++at, ++fact) {
    if (fact->role != role_seen || fact->written_by_request != own_seen) {
      role_seen = fact->role;
      own_seen = fact->written_by_request;
      if (ask.verdict == no_objection) answer = judge_as(ask, role_seen, own_seen);
      shown = details && shows(answer);
      role_shown = answer == Outcome::replaced ? ask.role : role_seen;
      more = looks_at_columns || !succeeded(answer) || answer == Outcome::replaced;
    }
    outcomes[at] = answer;
    if (more) [[unlikely]] {
      if (looks_at_columns && columns[at].verdict != no_objection) {
        outcomes[at] = columns[at].verdict;
        ++refusals;
        continue;
      }
      refusals += succeeded(answer) ? 0 : 1;
      if (answer == Outcome::replaced && !replace(row, at, *fact, ask.role)) return false;
    }
    if (!shown) continue;
    memberships[at] = fact->id;
    cell_roles[at] = role_shown;
  }
  column = at;
  fact_ = static_cast<std::uint32_t>(fact - facts_.memberships.data());
  to_.refusals += refusals;
  return true;
}

/// A row some of whose cells may see what an earlier cell did: duplicates, or memberships in parents.
bool AddTile::judge_pairs_of(std::uint32_t row) noexcept {
  const std::uint32_t first_row = work_.rows[row].first;
  const std::uint32_t parent_row = facts_.organizations[row].parent;
  const bool has_parent = profile_.parent != ParentRule::ignore && parent_row != no_index;
  const std::uint32_t parent = has_parent ? work_.rows[parent_row].first : no_index;
  for (std::uint32_t column = 0; column < tile_.columns; ++column) {
    const std::uint32_t cell = row * width_ + column;
    const std::uint32_t first = work_.columns[column].first;
    const Ask& asked = work_.asks[asked_at(row, column)];
    Pair& pair = pair_at(first_row, first);
    Outcome outcome = asked.verdict != no_objection ? asked.verdict : work_.columns[column].verdict;
    if (outcome == no_objection && pair.member) {
      outcome = judge_as(asked, pair.role, pair.own);
      const MembershipFact* const fact = pair.fact == no_index ? nullptr : &facts_.memberships[pair.fact];
      if (outcome == Outcome::replaced) {
        if (!replace(first_row, first, *fact, asked.role)) return false;
        pair.role = asked.role;
        pair.own = true;
      } else if (pair.own && outcome == Outcome::replayed &&
                 (fact == nullptr || !fact->written_by_request)) {  // written by an earlier cell of this very tile
        work_.own.append({cell, pair.added});
      }
      if (shows(outcome)) show(cell, fact != nullptr ? fact->id : MembershipId{}, pair.role);
      to_.outcomes[cell] = outcome;
    } else if (outcome == no_objection) {
      const bool in_parent = !has_parent || pair_at(parent, first).member;
      const bool closed = !in_parent && !facts_.organizations[parent].joinable;
      if (!in_parent && (profile_.parent == ParentRule::require || closed)) {
        outcome = Outcome::parent_required;
        to_.outcomes[cell] = outcome;
      } else {
        if (!in_parent && !add_to_parent(parent, first)) return false;
        pair = {no_index, to_.changes.added.size(), asked.role, true, true};
        if (!add(first_row, first, asked, cell)) return false;
        outcome = to_.outcomes[cell];
        if (in_parent && has_parent) {  // the answer leans on the membership above
          const Pair& above = pair_at(parent, first);
          if (above.fact != no_index && !to_.changes.guards.push({Guard::Record::membership, parent, first,
                                                                  facts_.memberships[above.fact].version}))
            return false;
        }
      }
    } else {
      to_.outcomes[cell] = outcome;
    }
    to_.refusals += succeeded(outcome) ? 0 : 1;
  }
  while (fact_ < facts_.memberships.size() && facts_.memberships[fact_].organization == row) ++fact_;
  return true;
}

bool AddTile::judge_cells() noexcept {
  for (std::uint32_t row = 0; row < tile_.rows; ++row) {
    const Outcome verdict = work_.rows[row].verdict;
    Outcome* const outcomes = to_.outcomes.data() + std::size_t{row} * width_;
    if (verdict != no_objection) {
      std::fill_n(outcomes, width_, verdict);
      to_.refusals += width_;
      while (fact_ < facts_.memberships.size() && facts_.memberships[fact_].organization == row) ++fact_;
      continue;
    }
    if (!ask(row) || !make_room() || !(pairs_ ? judge_pairs_of(row) : judge_cells_of(row))) return false;
    for (std::uint32_t missing = tile_.columns; missing < width_; ++missing) {
      const Outcome role = work_.asks[0].verdict;
      outcomes[missing] = role != no_objection ? role : Outcome::group_not_found;
      ++to_.refusals;
    }
  }
  return true;
}

ROSTER_END
