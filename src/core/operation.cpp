// The drive: which tile is next, what it needs, and what becomes of it when the store says no.
#include "operation.hpp"

#include <algorithm>
#include <new>

#include "admission.hpp"
#include "closing.hpp"
#include "shape.hpp"
#include "tile.hpp"

ROSTER_BEGIN

using Need = Operation::Need;

namespace {

void stop(OperationState& op, Error why) noexcept {
  op.need = Need::nothing;
  op.report.stopped = why;
  op.pending.clear();
}

bool next_tile(OperationState& op, Tile& tile) noexcept {
  const std::uint32_t width = op.report.columns - op.missing_groups;
  if (op.next_row >= op.report.rows) return false;
  tile.row = op.next_row;
  tile.rows = std::min(op.tile_rows, op.report.rows - op.next_row);
  tile.column = op.next_column;
  tile.columns = std::min(op.tile_columns, width - op.next_column);
  op.next_column += tile.columns;
  tile.missing_groups = 0;
  if (op.next_column >= width) {
    tile.missing_groups = op.missing_groups;
    op.next_column = 0;
    op.next_row += tile.rows;
  }
  return true;
}

void ask(OperationState& op) noexcept {
  const Tile& tile = op.now.tile;
  const std::uint32_t end = tile.column + tile.columns;
  op.query.organizations = op.command.organizations.span().subspan(tile.row, tile.rows);
  op.query.accounts = {};
  op.query.group_accounts = {};
  if (tile.column < op.named)
    op.query.accounts = op.command.accounts.span().subspan(tile.column, std::min(op.named, end) - tile.column);
  if (end > op.named) {
    const std::uint32_t from = std::max(tile.column, op.named);
    op.query.group_accounts = std::as_const(op.group_accounts).span().subspan(from - op.named, end - from);
  }
  op.query.request = bound(op.request, op.command.actor.id);
  op.facts.clear();
  op.need = Need::facts;
}

void advance(OperationState& op) noexcept {
  op.need = Need::nothing;
  if (op.whole && op.settled_any) return;
  if (!op.pending.empty()) {
    op.now = op.pending.back();
    op.pending.truncate(op.pending.size() - 1);
  } else {
    op.now = {};
    if (!next_tile(op, op.now.tile)) return;
  }
  ask(op);
}

void judge(OperationState& op) noexcept {
  auto taken_in = take_in(op.query, op.facts, op.context.now);
  if (!taken_in) return stop(op, taken_in.assume_error());
  op.context.sent = op.now.replays != 0;
  const TileInput tile{op.profile, op.command, op.now.tile, op.query, op.facts, op.context};
  auto decided = decide(tile, op.decision, op.work);
  if (!decided) return stop(op, decided.assume_error());
  if (op.withheld && !is_refused_everywhere(op)) return stop(op, *op.withheld);
  ChangeSet& changes = op.decision.changes;
  if (!make_room_for_roles(op)) return stop(op, Errc::out_of_memory);
  if (changes.empty() || op.options.dry_run) {
    settle(op);
    return advance(op);
  }
  if (op.request.empty()) {
    op.request = fresh_request(op.context, changes);
    changes.request = bound(op.request, op.command.actor.id);
  }
  op.need = Need::commit;
}

/// Half a tile meets fewer rivals than a whole one. False: it has no halves, or there is no memory for them.
bool split(OperationState& op) noexcept {
  const Tile tile = op.now.tile;
  OperationState::Pending first = op.now, second = op.now;
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
  if ((op.whole && !lay_out_report(op)) || !op.pending.push(second)) return false;
  op.whole = false;
  op.now = first;
  return true;
}

/// The tile lost a race: nothing of it was written.
void decide_again(OperationState& op) noexcept {
  if (++op.now.attempts < op.options.attempts_max) {
    if (!is_whole(op.profile, op.command)) (void)split(op);
    return ask(op);
  }
  op.report.stopped = Error(Errc::contended);  // these cells stay undecided; the others go on
  advance(op);
}

}  // namespace

void begin(OperationState& op) noexcept {
  op.named = static_cast<std::uint32_t>(std::min<std::size_t>(op.command.accounts.size(), no_index));
  const auto admitted = admit(op);
  if (!admitted) return stop(op, admitted.assume_error());
  if (!op.command.groups.empty()) {
    op.query.groups = op.command.groups;
    op.need = Need::facts;
    return;
  }
  const auto laid_out = lay_out(op);
  if (!laid_out) return stop(op, laid_out.assume_error());
  advance(op);
}

void provide(OperationState& op, Result<void> fetched) noexcept {
  if (op.need != Need::facts) return;
  if (!fetched) {
    const Error error = fetched.assume_error();
    return stop(op, error.code == Errc::out_of_memory ? error : Error(Errc::store_failed, error.detail));
  }
  if (op.query.groups.empty()) return judge(op);
  const auto learned = learn_groups(op);
  if (!learned) return stop(op, learned.assume_error());
  advance(op);
}

void committed(OperationState& op, Result<void> done) noexcept {
  if (op.need != Need::commit) return;
  if (!done) {
    const Error error = done.assume_error();
    if (error.code == Errc::stale) return decide_again(op);
    if (error.code == Errc::out_of_memory || error.code == Errc::store_full) return stop(op, error);  // nothing written
    // The answer is lost: it may have been written. What is there now tells, because it carries our request key.
    if (++op.now.replays > op.options.replays_max) return stop(op, Error(Errc::store_failed, error.detail));
    return ask(op);
  }
  settle(op);
  advance(op);
}

void go_on_after(OperationState& op, const RequestKey& request, Error why) noexcept {
  op.request = request;
  op.need = Need::commit;
  committed(op, why);
}

// ---- the same behind a pointer, for hosts

void destroy(OperationState* state) noexcept {
  delete state;
}

Operation::Operation(const Profile& profile, const Command& command, Context context, const Options& options) noexcept
    : state_(new (std::nothrow) OperationState(profile, command, context, options)), starved_(state_.get() == nullptr) {
  if (!starved_) begin(*state_.get());
}

Need Operation::need() const noexcept {
  return state_.get() == nullptr ? Need::nothing : state_.get()->need;
}

const Query& Operation::query() const noexcept {
  return state_.get()->query;
}

Facts& Operation::facts() noexcept {
  return state_.get()->facts;
}

const ChangeSet& Operation::changes() const noexcept {
  return state_.get()->decision.changes;
}

void Operation::provide(Result<void> fetched) noexcept {
  if (state_.get() != nullptr) ROSTER_ABI::provide(*state_.get(), fetched);
}

void Operation::committed(Result<void> done) noexcept {
  if (state_.get() != nullptr) ROSTER_ABI::committed(*state_.get(), done);
}

Result<Report> Operation::finish() noexcept {
  if (state_.get() != nullptr) return take_report(*state_.get());
  return starved_ ? Errc::out_of_memory : Errc::not_finished;
}

ROSTER_END
