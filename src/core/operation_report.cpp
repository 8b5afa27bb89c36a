// What the drive reports: the outcomes of each tile as it is settled, and the whole at the end.
#include <algorithm>

#include "roster/operation.hpp"

ROSTER_BEGIN

/// Storage for every outcome, before anything is written: what a commit has done is never lost for want of memory.
bool Operation::lay_out_report() noexcept {
  const std::size_t cells = std::size_t{report_.rows} * report_.columns;
  return report_.outcomes.resize(cells, Outcome::undecided) &&
         report_.accounts.resize(report_.columns, AccountReport{}) &&
         (!context_.details ||
          (report_.memberships.resize(cells, MembershipId{}) && report_.cell_roles.resize(cells, no_role)));
}

/// Before the commit, so that settle() cannot fail after it.
bool Operation::make_room_for_roles() noexcept {
  if (!context_.details) return true;
  const std::size_t changed = decision_.previous.size();
  const std::size_t shown = std::min<std::size_t>(decision_.roles.size(), decision_.outcomes.size() + changed);
  return report_.roles.reserve(report_.roles.size() + shown) &&
         report_.previous.reserve(report_.previous.size() + changed);
}

/// The tile is decided, and committed where there was something to commit: its outcomes stand.
void Operation::settle() noexcept {
  const Tile& tile = now_.tile;
  settled_any_ = true;
  if (context_.details) {
    show_roles(tile);
    show_previous(tile);
  }
  if (whole_) return;  // finish() takes the decision's own lists
  settle_accounts(tile);
  const std::uint32_t width = tile.columns + tile.missing_groups;
  for (std::uint32_t row = 0; row < tile.rows; ++row) {
    const std::size_t from = std::size_t{row} * width;
    const std::size_t to = std::size_t{tile.row + row} * report_.columns + tile.column;
    std::copy_n(decision_.outcomes.data() + from, width, report_.outcomes.data() + to);
    if (!context_.details) continue;
    std::copy_n(decision_.memberships.data() + from, width, report_.memberships.data() + to);
    std::copy_n(decision_.cell_roles.data() + from, width, report_.cell_roles.data() + to);
  }
}

void Operation::settle_accounts(const Tile& tile) noexcept {
  for (std::uint32_t column = 0; column < tile.columns; ++column) {
    AccountReport& account = report_.accounts[tile.column + column];
    const AccountReport& decided = decision_.accounts[column];
    if (!decided.id.empty()) account.id = decided.id;
    account.created |= decided.created;
  }
}

/// The place of one of the decision's roles in the report's dictionary; no_role when that is full.
RoleIndex Operation::shown(RoleIndex role) noexcept {
  RoleUse& use = decision_.roles[role];
  if (use.shown != no_role) return use.shown;
  std::uint32_t known = 0;
  while (known < report_.roles.size() && !(report_.roles[known] == use.id)) ++known;
  if (known == no_role) return no_role;
  if (known == report_.roles.size()) report_.roles.append(use.id);
  return use.shown = static_cast<RoleIndex>(known);
}

/// Cells name roles by their place in the decision; the report has a dictionary of its own, of those that are shown.
void Operation::show_roles(const Tile& tile) noexcept {
  const std::size_t cells = std::size_t{tile.rows} * (tile.columns + tile.missing_groups);
  RoleIndex last = no_role, last_shown = no_role;  // most cells show the role of the one before
  for (RoleIndex& role : decision_.cell_roles.span().first(cells)) {
    if (role != last) {
      last = role;
      last_shown = role == no_role ? no_role : shown(role);
    }
    role = last_shown;
  }
}

/// What the tile's changed cells were before. finish() brings those of several tiles into order.
void Operation::show_previous(const Tile& tile) noexcept {
  const std::uint32_t width = tile.columns + tile.missing_groups;
  for (const Previous& was : decision_.previous) {
    const std::uint32_t row = tile.row + was.cell / width, column = tile.column + was.cell % width;
    report_.previous.append({row * report_.columns + column, shown(was.role), was.state});
  }
}

Result<Report> Operation::finish() noexcept {
  if (need_ != Need::nothing || finished_) return Errc::not_finished;
  finished_ = true;
  if (report_.stopped && !settled_any_) return *report_.stopped;
  if (!hide_groups()) return Errc::out_of_memory;  // nothing was written
  report_.request = request_;
  std::sort(report_.previous.begin(), report_.previous.end(),
            [](const Previous& a, const Previous& b) { return a.cell < b.cell; });
  if (whole_) return take_whole();
  return std::move(report_);
}

bool Operation::may_hide_groups() const noexcept {
  return !command_->groups.empty() && profile_->hides_organizations && !command_->actor.staff;
}

bool Operation::is_refused_everywhere() const noexcept {
  const auto outcomes = whole_ ? decision_.outcomes.span() : report_.outcomes.span();
  return std::all_of(outcomes.begin(), outcomes.end(), [](Outcome outcome) { return outcome == Outcome::forbidden; });
}

/// Whoever is refused everywhere by a profile that hides organizations learns nothing about groups either, neither how
/// large they are nor whether they exist: each is one column then. False when memory is out.
bool Operation::hide_groups() noexcept {
  if (!may_hide_groups() || !is_refused_everywhere()) return true;
  auto& outcomes = whole_ ? decision_.outcomes : report_.outcomes;
  report_.columns = named_ + static_cast<std::uint32_t>(command_->groups.size());
  const std::size_t cells = std::size_t{report_.rows} * report_.columns;
  auto& accounts = whole_ ? decision_.accounts : report_.accounts;
  auto& memberships = whole_ ? decision_.memberships : report_.memberships;
  auto& cell_roles = whole_ ? decision_.cell_roles : report_.cell_roles;
  return outcomes.resize(cells, Outcome::forbidden) && accounts.resize(report_.columns, AccountReport{}) &&
         (!context_.details || (memberships.resize(cells, MembershipId{}) && cell_roles.resize(cells, no_role)));
}

/// The report of a single tile, built where the caller will have it.
Result<Report> Operation::take_whole() noexcept {
  Result<Report> result(BOOST_OUTCOME_V2_NAMESPACE::in_place_type<Report>);
  Report& report = result.assume_value();
  report.rows = report_.rows;
  report.columns = report_.columns;
  report.named = report_.named;
  report.outcomes = std::move(decision_.outcomes);
  report.accounts = std::move(decision_.accounts);
  if (context_.details) {
    report.memberships = std::move(decision_.memberships);
    report.cell_roles = std::move(decision_.cell_roles);
    report.roles = std::move(report_.roles);
    report.previous = std::move(report_.previous);
  }
  report.request = request_;
  report.stopped = report_.stopped;
  return result;
}

ROSTER_END
