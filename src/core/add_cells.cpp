// The cells: a table look-up, a policy and a byte written for each; nothing here reads text.
#include <algorithm>

#include "add_tile.hpp"
#include "cell_rules.hpp"

ROSTER_BEGIN

Outcome AddTile::judge_as(const Ask& ask, RoleIndex has, bool own) const noexcept {
  const bool same = ask.omitted || to_.roles[has].first == to_.roles[ask.role].first;
  return judge_member(profile_, same, own, ask.rank > to_.roles[has].rank);
}

bool AddTile::account_of(std::uint32_t column, std::uint32_t& account) noexcept {
  account = column;
  if (!facts_.accounts[column].id.empty()) return true;
  std::uint32_t& at = work_.columns[column].created_at;
  if (at == no_index) {
    at = to_.changes.created.size();
    const bool invited = on_unknown(profile_, command_.kind()) == OnUnknown::invite;
    if (!to_.changes.created.push({{}, email_of(query_, column), invited})) return false;
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
  if (!account_of(column, added.account) || !write_role(to_, ask.role, added.role)) return false;
  added.state = work_.columns[column].joins_as;
  if (context_.details || pairs_) work_.own.append({cell, to_.changes.added.size()});
  work_.rows[row].writes |= by_rule;
  work_.columns[column].writes = true;
  move_owner(work_.rows[row], false, owns_for_good(ask.owns, added.state, command_.valid_until));
  to_.outcomes[cell] = joining_outcome(added.state);
  if (context_.details) to_.cell_roles[cell] = ask.role;
  to_.changes.added.append(added);
  return true;
}

bool AddTile::add_to_parent(std::uint32_t parent, std::uint32_t column) noexcept {
  MemberAdded added;
  added.organization = parent;
  if (!account_of(column, added.account) || !write_role(to_, parent_role_, added.role)) return false;
  added.state = work_.columns[column].joins_as;
  work_.rows[parent].writes |= as_parent;
  work_.columns[column].writes = true;
  pair_at(parent, column) = {no_index, to_.changes.added.size(), no_index, parent_role_, true, true, false};
  to_.changes.added.append(added);
  return true;
}

/// Somebody who is there already and would get another role, or a place again. Cells that take an owner away wait for
/// the others, until `last`.
bool AddTile::change(std::uint32_t row, std::uint32_t column, const MembershipFact& fact, const Ask& ask, bool last,
                     std::uint32_t cell, Pair& now) noexcept {
  const RoleUse& had = to_.roles[fact.role];
  const Role had_role{had.id, had.rank, true, false, had.owns};
  const bool rejoins = is_former(fact);
  Workspace::Row& place = work_.rows[row];
  Former former{Outcome::replaced};
  RoleIndex role = ask.role;
  MembershipState to = fact.state;
  if (rejoins) {
    to = work_.columns[column].joins_as;
    former = judge_former(profile_, to, fact);
    if (former.keeps_role) role = fact.role;
  }
  Outcome& outcome = to_.outcomes[cell] = former.outcome;
  if (succeeded(outcome) && standing_.is_outranked_by(had_role)) outcome = Outcome::outranked;
  if (succeeded(outcome) && rejoins && !take_seat(profile_, place, sits(profile_, fact), to))
    outcome = Outcome::seats_taken;
  if (succeeded(outcome) && !rejoins) {
    const bool owned = owns_for_good(had.owns, fact.state, fact.valid_until);
    if (owned && !ask.owns && !last) {
      now.waits = true;
      outcome = Outcome::undecided;
      return work_.losing.push(cell);
    }
    if (!move_owner(place, owned, owns_for_good(ask.owns, fact.state, fact.valid_until))) outcome = Outcome::last_owner;
  }
  if (!succeeded(outcome)) {
    if (shows(outcome)) show(cell, fact.id, fact.role);
    return true;
  }
  if (rejoins)
    move_owner(place, false, owns_for_good(former.keeps_role ? had.owns : ask.owns, to, command_.valid_until));
  const std::uint32_t index = to_.changes.changed.size();
  now.role = role;
  now.own = true;
  now.former = false;
  now.changed = former.anew ? index : no_index;
  if (former.anew && !work_.own.push({cell, no_index, index})) return false;
  MemberChanged changed{fact.id,           row,     column,      no_role, no_role, fact.version, to, fact.stored(),
                        event_of(outcome), rejoins, former.anew, {}};
  if (!write_role(to_, role, changed.role) || !write_role(to_, fact.role, changed.from)) return false;
  place.writes |= by_rule;
  work_.columns[column].writes = true;
  show(cell, fact.id, role);
  if (context_.details && !to_.previous.push({cell, fact.role, fact.stored()})) return false;
  return to_.changes.changed.push(changed);
}

/// The cells that take an owner away, once it is known who becomes one.
bool AddTile::judge_losing(std::uint32_t row) noexcept {
  for (const std::uint32_t cell : work_.losing) {
    const std::uint32_t column = cell - row * width_;
    const std::uint32_t first_row = work_.rows[row].first, first = work_.columns[column].first;
    const Ask& ask = work_.asks[asked_at(row, column)];
    if (!pairs_) {
      Pair alone;
      if (!change(row, column, *membership_at(row, column), ask, true, cell, alone)) return false;
    } else {  // an earlier cell of this command may have changed it since
      Pair& pair = pair_at(first_row, first);
      pair.waits = false;
      if (!meet(first_row, first, ask, true, cell, pair)) return false;
    }
    to_.refusals += succeeded(to_.outcomes[cell]) ? 0 : 1;
  }
  work_.losing.clear();
  return true;
}

const MembershipFact* AddTile::membership_at(std::uint32_t row, std::uint32_t column) const noexcept {
  return std::lower_bound(facts_.memberships.begin(), facts_.memberships.end(), std::pair(row, column),
                          [](const MembershipFact& fact, const std::pair<std::uint32_t, std::uint32_t>& cell) {
                            return std::pair(fact.organization, fact.account) < cell;
                          });
}

void AddTile::show(std::uint32_t cell, const MembershipId& id, RoleIndex role) noexcept {
  if (!context_.details) return;
  to_.memberships[cell] = id;
  to_.cell_roles[cell] = role;
}

/// A pair that is there, or that an earlier cell of this command has put there.
bool AddTile::meet(std::uint32_t row, std::uint32_t column, const Ask& ask, bool last, std::uint32_t cell,
                   Pair& pair) noexcept {
  const MembershipFact* const fact = pair.fact == no_index ? nullptr : &facts_.memberships[pair.fact];
  const Outcome outcome = pair.former ? Outcome::replaced : judge_as(ask, pair.role, pair.own);
  if (outcome == Outcome::replaced) return change(row, column, *fact, ask, last, cell, pair);
  if (pair.own && outcome == Outcome::replayed && (fact == nullptr || !fact->written_by_request || is_former(*fact)))
    work_.own.append({cell, pair.added, pair.changed});  // written by an earlier cell of this very tile
  if (shows(outcome)) show(cell, fact != nullptr ? fact->id : MembershipId{}, pair.role);
  to_.outcomes[cell] = outcome;
  return true;
}

/// Takes the seats that a new membership needs, one of them in the parent if that is to be joined too.
bool AddTile::has_seats(std::uint32_t row, std::uint32_t parent, MembershipState joins_as) noexcept {
  if (parent == no_index) return take_seat(profile_, work_.rows[row], false, joins_as);
  if (!sits(profile_, joins_as)) return true;
  if (work_.rows[row].seats <= 0 || work_.rows[parent].seats <= 0) return false;
  return take_seat(profile_, work_.rows[row], false, joins_as) &&
         take_seat(profile_, work_.rows[parent], false, joins_as);
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
    if (outcome == no_objection && asked.outranks &&
        (!pair.member || judge_above(judge_as(asked, pair.role, pair.own), pair.former) == Outcome::outranked))
      outcome = Outcome::outranked;
    if (outcome == no_objection && pair.waits) {  // cells that name one pair keep their order
      outcome = to_.outcomes[cell] = Outcome::undecided;
      if (!work_.losing.push(cell)) return false;
    } else if (outcome == no_objection && pair.member) {
      if (!meet(first_row, first, asked, false, cell, pair)) return false;
      outcome = to_.outcomes[cell];
    } else if (outcome == no_objection) {
      const Pair* const above = has_parent ? &pair_at(parent, first) : nullptr;
      const bool in_parent = above == nullptr || (above->member && !above->former);
      const bool closed = !in_parent && (above->former || !facts_.organizations[parent].joinable);
      const MembershipState joins_as = work_.columns[first].joins_as;
      if (!in_parent && (profile_.parent == ParentRule::require || closed)) {
        outcome = to_.outcomes[cell] = Outcome::parent_required;
      } else if (!has_seats(first_row, in_parent ? no_index : parent, joins_as)) {
        outcome = to_.outcomes[cell] = Outcome::seats_taken;
      } else {
        if (!in_parent && !add_to_parent(parent, first)) return false;
        pair = {no_index, to_.changes.added.size(), no_index, asked.role, true, true, false};
        if (!add(first_row, first, asked, cell)) return false;
        outcome = to_.outcomes[cell];
        if (in_parent && above != nullptr && above->fact != no_index)  // the answer leans on the membership above
          if (!to_.changes.guards.push(
                  {Guard::Record::membership, parent, first, facts_.memberships[above->fact].version}))
            return false;
      }
    } else {
      to_.outcomes[cell] = outcome;
    }
    to_.refusals += succeeded(outcome) || outcome == Outcome::undecided ? 0 : 1;
  }
  if (!work_.losing.empty() && !judge_losing(row)) return false;
  while (fact_ < facts_.memberships.size() && facts_.memberships[fact_].organization == row) ++fact_;
  return true;
}

/// In a row where the actor may not add, or not any more.
void AddTile::recognise(std::uint32_t row, const MembershipFact& fact) noexcept {
  const std::uint32_t asked = asked_at(row, fact.account), cell = row * width_ + fact.account;
  const bool same =
      is_omitted(command_, asked) || to_.roles[fact.role].first == to_.roles[facts_.roles.size() + asked].first;
  if (!is_own_doing(profile_, command_, facts_.accounts[fact.account], fact, same)) return;
  to_.outcomes[cell] = Outcome::replayed;
  if (!is_hidden(profile_, command_, email_of(query_, fact.account)))
    to_.accounts[fact.account].id = facts_.accounts[fact.account].id;
  show(cell, fact.id, fact.role);
  --to_.refusals;
}

bool AddTile::judge_cells() noexcept {
  for (std::uint32_t row = 0; row < tile_.rows; ++row) {
    const Outcome verdict = work_.rows[row].verdict;
    Outcome* const outcomes = to_.outcomes.data() + std::size_t{row} * width_;
    if (verdict != no_objection) {
      std::fill_n(outcomes, width_, verdict);
      to_.refusals += width_;
      for (; fact_ < facts_.memberships.size() && facts_.memberships[fact_].organization == row; ++fact_)
        if (verdict == Outcome::forbidden) recognise(row, facts_.memberships[fact_]);
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
