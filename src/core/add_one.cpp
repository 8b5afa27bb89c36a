// A tile of one cell, for an operation; the engine goes through one_cell.hpp without a tile.
#include "add_tile.hpp"
#include "one_cell.hpp"

ROSTER_BEGIN

bool AddTile::decide_one() noexcept {
  to_.changes.clear();
  to_.outcomes.clear();
  to_.accounts.clear();
  to_.memberships.clear();
  to_.cell_roles.clear();
  to_.roles.clear();
  to_.previous.clear();
  const OneCell cell = judge_one_cell(profile_, command_, query_, facts_, asked_at(0, 0));
  if (cell.writes() && !write_one_cell(profile_, command_, query_, facts_, context_, cell, to_.changes)) return false;
  to_.refusals = succeeded(cell.outcome) ? 0 : 1;
  const Written written = cell.writes() ? written_by(cell, to_.changes) : Written{};
  show_one_cell(facts_, context_, cell, written, to_, [this](const RoleId& id) {
    to_.roles.append({id, static_cast<RoleIndex>(to_.roles.size())});
  });
  return true;
}

ROSTER_END
