// The state machine of an operation: the next tile, its query, and the reaction to an error of the store.
#include "operation.hpp"

#include <algorithm>
#include <new>

#include "admission.hpp"
#include "change_entries.hpp"
#include "facts_checks.hpp"
#include "tile.hpp"

namespace roster::inline ROSTER_ABI {

using Need = Operation::Need;

namespace {

void fail(OperationState& op, Error why) noexcept {
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

void request_facts(OperationState& op) noexcept {
  const Tile& tile = op.current.tile;
  const std::uint32_t end = tile.column + tile.columns;
  op.query.organizations = op.rows.subspan(tile.row, tile.rows);
  op.query.accounts = {};
  op.query.group_accounts = {};
  if (tile.column < op.direct_columns)
    op.query.accounts = op.command.accounts.span().subspan(tile.column, std::min(op.direct_columns, end) - tile.column);
  if (end > op.direct_columns) {
    const std::uint32_t from = std::max(tile.column, op.direct_columns);
    op.query.group_accounts = std::as_const(op.group_accounts).span().subspan(from - op.direct_columns, end - from);
  }
  op.query.idempotency_key = bound(op.idempotency_key, op.command.actor.id);
  op.facts.clear();
  op.need = Need::facts;
}

void advance(OperationState& op) noexcept {
  op.need = Need::nothing;
  if (!op.pending.empty()) {
    op.current = op.pending.back();
    op.pending.truncate(op.pending.size() - 1);
  } else {
    op.current = {};
    if (!next_tile(op, op.current.tile)) return;
  }
  request_facts(op);
}

void judge(OperationState& op) noexcept {
  auto accepted = accept_facts(op.query, op.facts, op.context.now);
  if (!accepted) return fail(op, accepted.assume_error());
  op.context.after_unknown_commit = op.current.replays != 0;
  const TileInput tile{op.profile, op.command, op.current.tile, op.query, op.facts, op.context};
  auto decided = decide(tile, op.decision, op.work);
  if (!decided) return fail(op, decided.assume_error());
  ++op.report.attempts;
  if (op.hidden_limit_error && !is_refused_everywhere(op)) return fail(op, *op.hidden_limit_error);
  ChangeSet& changes = op.decision.changes;
  if (!make_room_for_roles(op)) return fail(op, Errc::out_of_memory);
  if (changes.empty() || op.options.dry_run) {
    settle(op);
    return advance(op);
  }
  if (op.idempotency_key.empty()) {
    op.idempotency_key = fresh_request(op.context, changes);
    changes.idempotency_key = bound(op.idempotency_key, op.command.actor.id);
  }
  op.need = Need::commit;
}

/// A half tile conflicts with fewer commits than a whole one. Returns false if the tile is one cell, or if memory runs
/// out.
bool split(OperationState& op) noexcept {
  const Tile tile = op.current.tile;
  OperationState::Pending first = op.current, second = op.current;
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
  if ((op.single_tile && !allocate_report(op)) || !op.pending.try_push_back(second)) return false;
  op.single_tile = false;
  op.current = first;
  return true;
}

/// The commit was stale: nothing of the tile was written.
void retry_decision(OperationState& op) noexcept {
  if (++op.current.attempts < op.options.attempts_max) {
    if (!is_atomic(op.profile, op.command)) (void)split(op);
    return request_facts(op);
  }
  op.report.stopped = Error(Errc::contended);  // these cells stay undecided; other tiles continue
  advance(op);
}

}  // namespace

void begin(OperationState& op) noexcept {
  op.direct_columns = static_cast<std::uint32_t>(std::min<std::size_t>(op.command.accounts.size(), no_index));
  const auto admitted = admit(op);
  if (!admitted) return fail(op, admitted.assume_error());
  if (!op.command.groups.empty()) {
    op.query.groups = op.command.groups;
    op.need = Need::facts;
    return;
  }
  const auto planned = plan_tiles(op);
  if (!planned) return fail(op, planned.assume_error());
  advance(op);
}

void begin_page(OperationState& op, std::span<const OrganizationSelector> rows,
                std::span<const AccountId> accounts) noexcept {
  op.is_page = true;
  if (!rows.empty()) op.rows = rows;
  if (!op.group_accounts.assign(accounts)) return fail(op, Errc::out_of_memory);
  begin(op);
}

void provide(OperationState& op, Result<void> fetched) noexcept {
  if (op.need != Need::facts) return;
  if (!fetched) {
    const Error error = fetched.assume_error();
    return fail(op, error.code == Errc::out_of_memory ? error : Error(Errc::store_failed, error.detail));
  }
  if (op.query.groups.empty()) return judge(op);
  const auto expanded = expand_groups(op);
  if (!expanded) return fail(op, expanded.assume_error());
  advance(op);
}

void committed(OperationState& op, Result<void> done) noexcept {
  if (op.need != Need::commit) return;
  if (!done) {
    const Error error = done.assume_error();
    if (error.code == Errc::stale) {
      ++op.report.stale;
      return retry_decision(op);
    }
    if (error.code == Errc::out_of_memory || error.code == Errc::store_full) return fail(op, error);  // nothing written
    // The reply is lost, so the commit may have been written. The next facts show it by the request key.
    if (++op.current.replays > op.options.unknown_commit_retries_max)
      return fail(op, Error(Errc::store_failed, error.detail));
    return request_facts(op);
  }
  settle(op);
  advance(op);
}

void resume_after(OperationState& op, const IdempotencyKey& idempotency_key, Error why) noexcept {
  op.idempotency_key = idempotency_key;
  op.report.attempts = 1;
  op.need = Need::commit;
  committed(op, why);
}

// ---- the public class, with the state behind a pointer

void destroy(OperationState* state) noexcept {
  delete state;
}

Operation::Operation(const Profile& profile, const Command& command, Context context, const Options& options) noexcept
    : state_(new (std::nothrow) OperationState(profile, command, context, options)),
      allocation_failed_(state_.get() == nullptr) {
  if (!allocation_failed_) begin(*state_.get());
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
  return allocation_failed_ ? Errc::out_of_memory : Errc::not_finished;
}

}  // namespace roster::inline ROSTER_ABI
