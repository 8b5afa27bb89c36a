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

// What the decision leaned on must still hold when it is committed. Absence needs no guard: it is a unique key.

bool AddTile::guard_row(std::uint32_t row, std::uint8_t why) noexcept {
  auto& guards = to_.changes.guards;
  if (!guards.push({Guard::Record::organization, row, 0, facts_.organizations[row].version})) return false;
  if ((why & by_rule) == 0 || !is_judged(profile_, command_) || !membership_allows(profile_, facts_, row)) return true;
  const std::uint32_t place = actor_place(profile_, facts_, row);
  return guards.push({Guard::Record::actor, place, 0, facts_.organizations[place].actor_version});
}

bool AddTile::guard_account(std::uint32_t column) noexcept {
  const AccountFact& fact = facts_.accounts[column];
  return fact.id.empty() || to_.changes.guards.push({Guard::Record::account, 0, column, fact.version});
}

/// An atomic answer leans on every membership it found.
bool AddTile::guard_memberships() noexcept {
  if (profile_.mode != Mode::atomic) return true;
  for (const MembershipFact& fact : facts_.memberships)
    if (fact.organization < tile_.rows)
      if (!to_.changes.guards.push({Guard::Record::membership, fact.organization, fact.account, fact.version}))
        return false;
  return true;
}

/// An atomic command leans on all of its rows and columns, for had one of them been refused, nothing would be written.
bool AddTile::guard() noexcept {
  const bool atomic = profile_.mode == Mode::atomic;
  for (std::uint32_t row = 0; row < facts_.organizations.size(); ++row) {
    std::uint8_t why = work_.rows[row].writes;
    if (atomic && row < tile_.rows && work_.rows[row].first == row) why |= by_rule;
    if (why != 0 && !guard_row(row, why)) return false;
  }
  for (std::uint32_t column = 0; column < tile_.columns; ++column) {
    const bool leans = work_.columns[column].writes || (atomic && work_.columns[column].first == column);
    if (leans && !guard_account(column)) return false;
  }
  return guard_memberships();
}

/// What a change set says as a whole, and the identifiers: drawn last, when it is certain what is written.
bool AddTile::close() noexcept {
  ChangeSet& changes = to_.changes;
  changes.organizations = facts_.organizations.span();
  changes.accounts = facts_.accounts.span();
  changes.actor = command_.actor.id;
  changes.at = context_.now;
  if (!changes.created.empty()) {
    List<AccountId, 1> ids;
    if (!ids.resize(changes.created.size(), AccountId{})) return false;
    context_.ids->fill(ids.span());
    for (std::uint32_t i = 0; i < ids.size(); ++i) changes.created[i].id = ids[i];
  }
  if (changes.added.empty()) return true;
  if (!changes.added_ids.resize_uninitialized(changes.added.size())) return false;
  context_.ids->fill(changes.added_ids.span());
  return true;
}

/// The fresh identifiers, where the report shows them.
void AddTile::show_fresh() noexcept {
  const ChangeSet& changes = to_.changes;
  for (std::uint32_t column = 0; column < tile_.columns && !changes.created.empty(); ++column) {
    const std::uint32_t at = work_.columns[work_.columns[column].first].created_at;
    if (at != no_index) to_.accounts[column] = {changes.created[at].id, work_.columns[column].first == column};
  }
  if (context_.details)
    for (const Workspace::Own& own : work_.own)
      if (own.added != no_index) to_.memberships[own.cell] = changes.added_ids[own.added];
}

ROSTER_END
