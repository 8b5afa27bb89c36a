// After the cells: what an atomic refusal takes back, what the commit must check again, and the identifiers.
#include "add_tile.hpp"

ROSTER_BEGIN

/// Atomic, and something was refused: nothing is written, and the cells that would have been written say so.
void AddTile::refuse_all() noexcept {
  to_.changes.clear();
  const auto take_back = [this](std::uint32_t cell) {
    to_.outcomes[cell] = Outcome::not_attempted;
    show(cell, MembershipId{}, no_role);
    ++to_.refusals;
  };
  for (const Workspace::Own& own : work_.own)
    if (to_.outcomes[own.cell] != Outcome::not_attempted) take_back(own.cell);
  for (std::uint32_t cell = 0; cell < to_.outcomes.size(); ++cell) {
    const Outcome outcome = to_.outcomes[cell];
    if (outcome == Outcome::added || outcome == Outcome::invited || outcome == Outcome::replaced) take_back(cell);
  }
  work_.own.clear();
}

/// What the decision leaned on must still hold when it is committed. Absence needs no guard: it is a unique key.
bool AddTile::guard() noexcept {
  auto& guards = to_.changes.guards;
  for (std::uint32_t row = 0; row < facts_.organizations.size(); ++row) {
    if (work_.row_writes[row] == 0) continue;
    if (!guards.push({Guard::Record::organization, row, 0, facts_.organizations[row].version})) return false;
    if ((work_.row_writes[row] & by_rule) == 0 || !actor_leans_on_membership(profile_, command_, facts_, row)) continue;
    const std::uint32_t place = actor_place(profile_, facts_, row);
    if (!guards.push({Guard::Record::actor, place, 0, facts_.organizations[place].actor_version})) return false;
  }
  for (std::uint32_t column = 0; column < tile_.columns; ++column)
    if (work_.column_writes[column] != 0 && !facts_.accounts[column].id.empty())
      if (!guards.push({Guard::Record::account, 0, column, facts_.accounts[column].version})) return false;
  if (profile_.mode != Mode::atomic) return true;
  for (const MembershipFact& fact : facts_.memberships)
    if (fact.organization < tile_.rows)
      if (!guards.push({Guard::Record::membership, fact.organization, fact.account, fact.version})) return false;
  return true;
}

bool AddTile::draw() noexcept {
  ChangeSet& changes = to_.changes;
  if (!changes.created.empty()) {
    List<AccountId, 1> ids;
    if (!ids.resize(changes.created.size(), AccountId{})) return false;
    context_.ids->fill(ids.span());
    for (std::uint32_t i = 0; i < ids.size(); ++i) changes.created[i].id = ids[i];
    for (std::uint32_t column = 0; column < tile_.columns; ++column) {
      const std::uint32_t at = work_.created_at[work_.first_column[column]];
      if (at != no_index) to_.accounts[column] = {ids[at], work_.first_column[column] == column};
    }
  }
  if (changes.added.empty()) return true;
  if (!changes.added_ids.resize_uninitialized(changes.added.size())) return false;
  context_.ids->fill(changes.added_ids.span());
  if (context_.details)
    for (const Workspace::Own& own : work_.own)
      if (own.added != no_index) to_.memberships[own.cell] = changes.added_ids[own.added];
  return true;
}

ROSTER_END
