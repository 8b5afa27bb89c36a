// The drive: which tile is next, what it needs, and what becomes of it when the store says no.
#include "roster/operation.hpp"

#include <algorithm>
#include <cstring>

#include "admission.hpp"
#include "closing.hpp"
#include "rules/capacity.hpp"
#include "shape.hpp"

ROSTER_BEGIN

namespace {

/// Wide tiles: an organization's members lie together in every store, so a tile takes many accounts at a time.
constexpr std::uint32_t tile_columns_usual = 1024;

}  // namespace

Operation::Operation(Operation&& other) noexcept : OperationParts(std::move(other)) {
  settle_in(other);
}

Operation& Operation::operator=(Operation&& other) noexcept {
  if (this == &other) return *this;
  static_cast<OperationParts&>(*this) = std::move(other);
  settle_in(other);
  return *this;
}

/// What is shown refers to lists that may be inline, and those have moved.
void Operation::settle_in(Operation& from) noexcept {
  query_.roles = std::as_const(wanted_).span();
  query_.owner_roles = std::as_const(owner_roles_).span();
  if (need_ == Need::commit) {
    decision_.changes.owner_roles = query_.owner_roles;
    decision_.changes.organizations = std::as_const(facts_.organizations).span();
    decision_.changes.accounts = std::as_const(facts_.accounts).span();
  }
  from.need_ = Need::nothing;
  from.finished_ = true;
}

Operation::Operation(const Profile& profile, const Command& command, Context context, const Options& options) noexcept
    : OperationParts(profile, command, context, options) {
  named_ = static_cast<std::uint32_t>(std::min<std::size_t>(command.accounts.size(), no_index));
  auto admitted = admit();
  if (!admitted) {
    stop(admitted.assume_error());
    return;
  }
  if (!command_->groups.empty()) {
    query_.groups = command_->groups;
    need_ = Need::facts;
    return;
  }
  auto laid_out = lay_out();
  if (laid_out) {
    advance();
  } else {
    stop(laid_out.assume_error());
  }
}

/// What can be said about a command before anything is asked.
Result<void> Operation::admit() noexcept {
  const auto organizations = command_->organizations.span();
  const auto accounts = command_->accounts.span();
  if (organizations.empty() || (accounts.empty() && command_->groups.empty())) return Errc::batch_empty;
  if (organizations.size() > profile_->organizations_max)
    return Error(Errc::batch_too_large, profile_->organizations_max);
  const bool transfers = command_->kind() == Kind::transfer_ownership;  // two columns, one of them the actor
  if (accounts.size() > profile_->accounts_max && !transfers)
    return Error(Errc::batch_too_large, profile_->accounts_max);
  if (command_->groups.size() > profile_->accounts_max) return Error(Errc::batch_too_large, profile_->accounts_max);
  for (std::size_t i = 0; i < organizations.size(); ++i)
    if (is_blank(organizations[i])) return Error(Errc::id_empty, static_cast<std::uint32_t>(i));
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const auto index = static_cast<std::uint32_t>(i);
    const bool itself = is_own_affair(command_->kind()) || (transfers && i == 1);
    if (!itself && !accepts(*profile_, accounts[i])) return Error(Errc::selector_not_accepted, index);
    if (is_blank(accounts[i]))
      return Error(std::holds_alternative<Email>(accounts[i]) ? Errc::email_empty : Errc::id_empty, index);
  }
  for (std::size_t i = 0; i < command_->groups.size(); ++i)
    if (command_->groups[i].empty()) return Error(Errc::id_empty, static_cast<std::uint32_t>(i));
  if (lacks_actor(*profile_, *command_)) return Errc::actor_missing;
  if (context_.ids == nullptr) return Errc::profile_malformed;
  if (ends_in_the_past(*command_, context_.now)) return Errc::valid_until_passed;
  return admit_kind(*profile_, *command_);
}

/// The limits, now that all columns are known.
Result<void> Operation::admit_columns(std::uint64_t columns) const noexcept {
  if (columns == 0) return Errc::batch_empty;
  if (columns > profile_->accounts_max && command_->kind() != Kind::transfer_ownership)
    return Error(Errc::batch_too_large, profile_->accounts_max);
  const std::uint64_t cells = command_->organizations.size() * columns;
  const std::uint64_t cells_max = std::min<std::uint64_t>(profile_->cells_max, no_index - 1);
  if (cells > cells_max) return Error(Errc::batch_too_large, static_cast<std::uint32_t>(cells_max));
  return success();
}

/// The limits, and the shape of the tiles.
Result<void> Operation::lay_out() noexcept {
  const auto rows = static_cast<std::uint32_t>(command_->organizations.size());
  std::uint64_t asked = std::uint64_t{named_} + group_accounts_.size();
  const auto admitted = admit_columns(asked + missing_groups_);
  if (!admitted) {
    // A limit that groups break says how large they are. First it is asked, about no account, whether the actor is
    // refused everywhere.
    if (!may_hide_groups()) return admitted;
    withheld_ = admitted.assume_error();
    asked = 0;
    missing_groups_ = 1;
  }
  const std::uint64_t columns = asked + missing_groups_, cells = rows * columns;

  report_.rows = rows;
  report_.columns = static_cast<std::uint32_t>(columns);
  report_.named = named_;
  const auto width = static_cast<std::uint32_t>(asked);
  if (is_whole(*profile_, *command_) || cells == 1 || withheld_) {
    tile_rows_ = rows;
    tile_columns_ = width;
  } else {
    const std::uint32_t most = std::max<std::uint32_t>(1, options_.tile_cells_max);
    tile_columns_ = std::min({width, most, tile_columns_usual});
    tile_rows_ = has_cell_roles(*command_) ? 1 : std::min(rows, most / std::max<std::uint32_t>(1, tile_columns_));
    tile_columns_ = std::min(width, most / tile_rows_);
  }
  whole_ = tile_rows_ == rows && tile_columns_ == width;
  if (asks_for_counts(*profile_, command_->kind()))
    for (const Role& role : profile_->roles)
      if (role.owns && !owner_roles_.push(role.id)) return Errc::out_of_memory;
  if (!(whole_ || lay_out_report()) ||
      (profile_->roles.empty() && !ROSTER_ABI::wanted_roles(*profile_, *command_, wanted_)))
    return Errc::out_of_memory;
  return success();
}

/// Group accounts become further columns: each account once, in the order of its first mention.
Result<void> Operation::learn_groups() noexcept {
  auto shape = check_shape(query_, facts_);
  if (!shape) return shape;
  for (const GroupFact& group : facts_.groups) missing_groups_ += group.found ? 0 : 1;
  if (facts_.group_accounts.size() > 0) {
    // Sorted positions find duplicates without a table: a group is read once, and columns are not cells.
    List<std::uint32_t, 0> order;
    if (!order.reserve(facts_.group_accounts.size())) return Errc::out_of_memory;
    const auto& ids = facts_.group_accounts;
    for (std::uint32_t i = 0; i < ids.size(); ++i) order.append(i);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      const auto less = ids[a] <=> ids[b];
      return less != 0 ? less < 0 : a < b;  // NOLINT(modernize-use-nullptr): that 0 is no pointer
    });
    List<std::uint32_t, 0> firsts;
    if (!firsts.reserve(ids.size())) return Errc::out_of_memory;
    for (std::uint32_t i = 0; i < order.size(); ++i)
      if (i == 0 || !(ids[order[i]] == ids[order[i - 1]])) firsts.append(order[i]);
    std::sort(firsts.begin(), firsts.end());
    if (!group_accounts_.reserve(firsts.size())) return Errc::out_of_memory;
    for (const std::uint32_t i : firsts) group_accounts_.append(ids[i]);
  }
  query_.groups = {};
  return lay_out();
}

bool Operation::next_tile(Tile& tile) noexcept {
  const std::uint32_t width = report_.columns - missing_groups_;
  if (next_row_ >= report_.rows) return false;
  tile.row = next_row_;
  tile.rows = std::min(tile_rows_, report_.rows - next_row_);
  tile.column = next_column_;
  tile.columns = std::min(tile_columns_, width - next_column_);
  next_column_ += tile.columns;
  tile.missing_groups = 0;
  if (next_column_ >= width) {
    tile.missing_groups = missing_groups_;
    next_column_ = 0;
    next_row_ += tile.rows;
  }
  return true;
}

void Operation::advance() noexcept {
  if (whole_ && settled_any_) {
    need_ = Need::nothing;
    return;
  }
  if (!pending_.empty()) {
    now_ = pending_.back();
    pending_.truncate(pending_.size() - 1);
  } else {
    now_ = Pending{};
    if (!next_tile(now_.tile)) {
      need_ = Need::nothing;
      return;
    }
  }
  ask();
}

void Operation::ask() noexcept {
  const Tile& tile = now_.tile;
  const std::uint32_t end = tile.column + tile.columns;
  query_.organizations = command_->organizations.span().subspan(tile.row, tile.rows);
  query_.accounts = {};
  query_.group_accounts = {};
  if (tile.column < named_)
    query_.accounts = command_->accounts.span().subspan(tile.column, std::min(named_, end) - tile.column);
  if (end > named_) {
    const std::uint32_t from = std::max(tile.column, named_);
    query_.group_accounts = std::as_const(group_accounts_).span().subspan(from - named_, end - from);
  }
  query_.roles = std::as_const(wanted_).span();
  query_.owner_roles = std::as_const(owner_roles_).span();
  query_.parents = asks_about_parents(*profile_);
  query_.counts = asks_for_counts(*profile_, command_->kind());
  query_.inviters = asks_for_inviters(*profile_, *command_);
  query_.asked_at = command_->asked_at;
  query_.actor = is_judged(*profile_, *command_) && !is_own_affair(command_->kind()) ? command_->actor.id : AccountId{};
  query_.request = bound(request_, command_->actor.id);
  facts_.clear();
  need_ = Need::facts;
}

void Operation::provide(Result<void> fetched) noexcept {
  if (need_ != Need::facts) return;
  if (!fetched) {
    const Error error = fetched.assume_error();
    return stop(error.code == Errc::out_of_memory ? error : Error(Errc::store_failed, error.detail));
  }
  if (query_.groups.empty()) return judge();
  auto learned = learn_groups();
  if (!learned) return stop(learned.assume_error());
  advance();
}

void Operation::judge() noexcept {
  auto taken_in = take_in(query_, facts_, context_.now);
  if (!taken_in) return stop(taken_in.assume_error());
  context_.sent = now_.replays != 0;
  auto decided = decide(*profile_, *command_, now_.tile, query_, facts_, context_, decision_);
  if (!decided) return stop(decided.assume_error());
  if (withheld_ && !is_refused_everywhere()) return stop(*withheld_);
  ChangeSet& changes = decision_.changes;
  if (!make_room_for_roles()) return stop(Errc::out_of_memory);
  if (changes.empty() || options_.dry_run) {
    settle();
    return advance();
  }
  if (request_.empty()) request_ = fresh_request(context_, changes);
  changes.request = bound(request_, command_->actor.id);
  need_ = Need::commit;
}

/// The only tile has been decided once, by somebody else and with these facts: its commit ended in `why`.
void Operation::go_on_after(const RequestKey& request, Error why) noexcept {
  request_ = request;
  need_ = Need::commit;
  committed(why);
}

void Operation::committed(Result<void> done) noexcept {
  if (need_ != Need::commit) return;
  if (!done) {
    const Error error = done.assume_error();
    if (error.code == Errc::stale) return decide_again(Errc::contended);
    if (error.code == Errc::out_of_memory || error.code == Errc::store_full) return stop(error);  // nothing was written
    // The answer is lost: it may have been written. What is there now tells, because it carries our request key.
    if (++now_.replays > options_.replays_max) return stop(Error(Errc::store_failed, error.detail));
    return ask();
  }
  settle();
  advance();
}

/// The tile lost a race: nothing of it was written. Half a tile meets fewer rivals than a whole one.
void Operation::decide_again(Errc why) noexcept {
  if (++now_.attempts < options_.attempts_max) {
    if (is_whole(*profile_, *command_) || !split()) ask();
    return;
  }
  report_.stopped = Error(why);  // these cells stay undecided; the others go on
  advance();
}

bool Operation::split() noexcept {
  const Tile tile = now_.tile;
  Pending first = now_, second = now_;
  if (tile.rows > 1) {
    first.tile.rows = tile.rows / 2;
    second.tile.row = tile.row + first.tile.rows;
    second.tile.rows = tile.rows - first.tile.rows;
  } else if (tile.columns > 1) {
    first.tile.columns = tile.columns / 2;
    first.tile.missing_groups = 0;
    second.tile.column = tile.column + first.tile.columns;
    second.tile.columns = tile.columns - first.tile.columns;
  } else {
    return false;
  }
  // Without memory for halves the whole is tried again.
  if ((whole_ && !lay_out_report()) || !pending_.push(second)) return false;
  whole_ = false;
  now_ = first;
  ask();
  return true;
}

void Operation::stop(Error why) noexcept {
  need_ = Need::nothing;
  report_.stopped = why;
  pending_.clear();
}

ROSTER_END
