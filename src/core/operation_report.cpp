// The report of an operation: the outcomes of each settled tile, and the whole at the end.
#include <algorithm>

#include "operation.hpp"

namespace roster::inline ROSTER_ABI {

namespace {

void settle_accounts(OperationState& op, const Tile& tile) noexcept {
  for (std::uint32_t column = 0; column < tile.columns; ++column) {
    AccountReport& account = op.report.accounts[tile.column + column];
    const AccountReport& decided = op.decision.accounts[column];
    if (!decided.id.empty()) account.id = decided.id;
    account.created |= decided.created;
  }
}

/// The index of a decision's role in the report's dictionary; no_role if that is full.
RoleIndex shown(OperationState& op, RoleIndex role) noexcept {
  RoleIndex& at = op.shown[role];
  if (at != no_role) return at;
  const RoleId& id = op.decision.roles[role];
  std::uint32_t known = 0;
  while (known < op.report.roles.size() && !(op.report.roles[known] == id)) ++known;
  if (known == no_role) return no_role;
  if (known == op.report.roles.size()) op.report.roles.unchecked_push_back(id);
  return at = static_cast<RoleIndex>(known);
}

/// Translates role indexes of the decision into those of the report, whose dictionary has only the roles shown.
void show_roles(OperationState& op, const Tile& tile) noexcept {
  const std::size_t cells = std::size_t{tile.rows} * (tile.columns + tile.missing_groups);
  RoleIndex last = no_role, last_shown = no_role;  // most cells show the role of the cell before
  for (RoleIndex& role : op.decision.cell_roles.span().first(cells)) {
    if (role != last) {
      last = role;
      last_shown = role == no_role ? no_role : shown(op, role);
    }
    role = last_shown;
  }
}

/// Copies the previous states of the tile's changed cells. take_report() sorts those of several tiles.
void show_previous(OperationState& op, const Tile& tile) noexcept {
  const std::uint32_t width = tile.columns + tile.missing_groups;
  for (const Previous& was : op.decision.previous) {
    const std::uint32_t row = tile.row + was.cell / width, column = tile.column + was.cell % width;
    op.report.previous.unchecked_push_back({row * op.report.columns + column, shown(op, was.role), was.state});
  }
}

/// The report of a single tile has the decision's lists.
void take_over(Report& report, Decision& decision) noexcept {
  report.outcomes = std::move(decision.outcomes);
  report.accounts = std::move(decision.accounts);
  report.memberships = std::move(decision.memberships);
  report.cell_roles = std::move(decision.cell_roles);
}

}  // namespace

bool allocate_report(OperationState& op, Outcome outcome) noexcept {
  const std::size_t cells = std::size_t{op.report.rows} * op.report.columns;
  return op.report.outcomes.resize(cells, outcome) && op.report.accounts.resize(op.report.columns, AccountReport{}) &&
         (!op.context.details ||
          (op.report.memberships.resize(cells, MembershipId{}) && op.report.cell_roles.resize(cells, no_role)));
}

bool make_room_for_roles(OperationState& op) noexcept {
  if (!op.context.details) return true;
  const std::size_t changed = op.decision.previous.size();
  const std::size_t roles = op.decision.roles.size();
  op.shown.clear();
  return op.shown.resize(roles, no_role) &&
         op.report.roles.reserve(op.report.roles.size() + std::min(roles, op.decision.outcomes.size() + changed)) &&
         op.report.previous.reserve(op.report.previous.size() + changed);
}

void settle(OperationState& op) noexcept {
  const Tile& tile = op.current.tile;
  op.settled_any = true;
  ++op.report.tiles;
  if (op.context.details) {
    show_roles(op, tile);
    show_previous(op, tile);
  }
  if (op.single_tile) return;  // take_report() moves the decision's lists
  settle_accounts(op, tile);
  const std::uint32_t width = tile.columns + tile.missing_groups;
  for (std::uint32_t row = 0; row < tile.rows; ++row) {
    const std::size_t from = std::size_t{row} * width;
    const std::size_t to = std::size_t{tile.row + row} * op.report.columns + tile.column;
    std::copy_n(op.decision.outcomes.data() + from, width, op.report.outcomes.data() + to);
    if (!op.context.details) continue;
    std::copy_n(op.decision.memberships.data() + from, width, op.report.memberships.data() + to);
    std::copy_n(op.decision.cell_roles.data() + from, width, op.report.cell_roles.data() + to);
  }
}

bool may_hide_groups(const OperationState& op) noexcept {
  return !op.command.groups.empty() && op.profile.hides_organizations && !op.command.actor.staff;
}

bool is_refused_everywhere(const OperationState& op) noexcept {
  const auto outcomes = op.single_tile ? op.decision.outcomes.span() : op.report.outcomes.span();
  return std::all_of(outcomes.begin(), outcomes.end(),
                     [](Outcome outcome) { return outcome == Outcome::forbidden || outcome == Outcome::undecided; });
}

Result<Report> take_report(OperationState& op) noexcept {
  if (op.need != Operation::Need::nothing || op.finished) return Errc::not_finished;
  op.finished = true;
  const bool hidden = may_hide_groups(op) && is_refused_everywhere(op);
  if (op.report.stopped && (hidden || !op.settled_any)) return *op.report.stopped;
  if (op.single_tile) take_over(op.report, op.decision);
  if (hidden) {
    // A profile that hides organizations discloses nothing about groups to an actor refused everywhere. Neither the
    // size nor the existence of a group shows: each group is one column.
    op.report.columns = op.direct_columns + static_cast<std::uint32_t>(op.command.groups.size());
    op.report.tiles = op.report.attempts = 1;
    op.report.stale = 0;
    op.report.round_trips = 0;  // one for each tile, of which a larger group has more
    if (!allocate_report(op, Outcome::forbidden)) return Errc::out_of_memory;  // nothing was written
  }
  op.report.idempotency_key = op.idempotency_key;
  std::sort(op.report.previous.begin(), op.report.previous.end(),
            [](const Previous& a, const Previous& b) { return a.cell < b.cell; });
  return std::move(op.report);
}

}  // namespace roster::inline ROSTER_ABI
