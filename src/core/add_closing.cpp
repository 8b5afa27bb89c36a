// After the cells: what an atomic refusal takes back, what the commit must check again, and the identifiers.
#include "add_tile.hpp"
#include "closing.hpp"

ROSTER_BEGIN

/// Atomic, and something was refused: nothing is written, and the cells that would have been written say so.
void AddTile::refuse_all() noexcept {
  to_.changes.clear();
  to_.previous.clear();
  const auto take_back = [this](std::uint32_t cell) {
    to_.outcomes[cell] = Outcome::not_attempted;
    show(cell, MembershipId{}, no_role);
    ++to_.refusals;
  };
  for (const Workspace::Own& own : work_.own)
    if (to_.outcomes[own.cell] != Outcome::not_attempted) take_back(own.cell);
  for (std::uint32_t cell = 0; cell < to_.outcomes.size(); ++cell) {
    const Outcome outcome = to_.outcomes[cell];
    if (wrote(outcome) && outcome != Outcome::replayed) take_back(cell);
  }
  work_.own.clear();
}

/// An atomic command leans on all of its rows and columns, for had one of them been refused, nothing would be written.
bool AddTile::guard() noexcept {
  const bool atomic = profile_.mode == Mode::atomic;
  Guards& guards = to_.changes.guards;
  for (std::uint32_t row = 0; row < facts_.organizations.size(); ++row) {
    std::uint8_t why = work_.rows[row].writes;
    if (atomic && row < tile_.rows && work_.rows[row].first == row) why |= by_rule;
    if (why == 0) continue;
    Standing standing;
    const bool leans = (why & by_rule) != 0 && lets_in(profile_, command_, facts_, row, standing) && standing.limited;
    if (!guard_row(facts_, row, leans ? actor_place(profile_, facts_, row) : no_index, guards) ||
        !guard_bounds(work_.rows[row], facts_.organizations[row], row, guards))
      return false;
  }
  for (std::uint32_t column = 0; column < tile_.columns; ++column) {
    const bool leans = work_.columns[column].writes || (atomic && work_.columns[column].first == column);
    if (leans && !guard_account(facts_, column, guards)) return false;
  }
  return !atomic || guard_memberships(facts_, tile_.rows, guards);
}

bool name_created(const Context& context, ChangeSet& changes) noexcept {
  List<AccountId, 1> ids;
  if (!ids.resize(changes.created.size(), AccountId{})) return false;
  context.ids->fill(ids.span());
  for (std::uint32_t i = 0; i < ids.size(); ++i) changes.created[i].id = ids[i];
  return true;
}

/// The fresh identifiers, where the report shows them.
void AddTile::show_fresh() noexcept {
  const ChangeSet& changes = to_.changes;
  for (std::uint32_t column = 0; column < tile_.columns && !changes.created.empty(); ++column) {
    const std::uint32_t at = work_.columns[work_.columns[column].first].created_at;
    if (at != no_index && !is_hidden(profile_, command_, email_of(query_, column)))
      to_.accounts[column] = {changes.created[at].id, work_.columns[column].first == column};
  }
  if (!context_.details) return;
  for (const Workspace::Own& own : work_.own) {
    if (own.added != no_index)
      to_.memberships[own.cell] = changes.added_ids[own.added];
    else if (own.changed != no_index)
      to_.memberships[own.cell] = changes.changed[own.changed].becomes;
  }
}

ROSTER_END
