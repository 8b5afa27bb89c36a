// An operation on its way: what it holds, and its steps. operation.cpp: which tile is next, and what becomes of it.
// operation_layout.cpp: what is checked and laid out before the first. operation_report.cpp: what is shown in the end.
#ifndef ROSTER_CORE_OPERATION_HPP
#define ROSTER_CORE_OPERATION_HPP

#include "roster/operation.hpp"
#include "workspace.hpp"

namespace roster::inline ROSTER_ABI {

struct OperationState {
  using Need = Operation::Need;
  struct Pending {
    Tile tile;
    std::uint32_t attempts = 0, replays = 0;
  };

  OperationState(const Profile& by, const Command& asked, const Context& in, const Options& as) noexcept
      : profile(by), command(asked), context(in), options(as), idempotency_key(asked.idempotency_key) {}

  const Profile& profile;
  const Command& command;
  Context context;
  const Options options;
  Need need = Need::nothing;
  bool settled_any = false;
  bool single_tile = false;  // one tile is the whole command: the decision's lists become the report's
  bool finished = false;
  Query query;
  Facts facts;
  Decision decision;
  Workspace work;
  SmallVector<RoleIndex, 4> shown;  // for each of the decision's roles: its place in the report's, once a cell shows it

  // The accounts asked about: those named directly, then group_accounts. Behind them, missing_groups columns.
  SmallVector<AccountId, 0> group_accounts;
  std::uint32_t direct_columns = 0, missing_groups = 0;
  /// The error of a limit that groups exceed, until it is certain that the actor may know it.
  std::optional<Error> hidden_limit_error;
  SmallVector<RoleId, 1> wanted;
  SmallVector<RoleId, 2> owner_roles;  // of the profile's catalog

  // Tiles are cut from the front of the command as they are needed; halves of stale ones wait in pending.
  std::uint32_t tile_rows = 0, tile_columns = 0, next_row = 0, next_column = 0;
  Pending current;
  SmallVector<Pending, 1> pending;

  IdempotencyKey idempotency_key;
  Report report;
};

// The steps, as Operation has them. An Engine keeps the state where it runs, so that no command of one cell allocates.

void begin(OperationState& op) noexcept;
void provide(OperationState& op, Result<void> fetched) noexcept;
void committed(OperationState& op, Result<void> done) noexcept;
/// The only tile has been decided once, by somebody else and with these facts: its commit ended in `why`.
void resume_after(OperationState& op, const IdempotencyKey& idempotency_key, Error why) noexcept;
/// The report of an operation that needs nothing more.
Result<Report> take_report(OperationState& op) noexcept;

// What they consist of.

/// What can be said about a command before anything is asked.
Result<void> admit(const OperationState& op) noexcept;
/// The limits, and the shape of the tiles.
Result<void> plan_tiles(OperationState& op) noexcept;
/// Group accounts become further columns: each account once, in the order of its first mention.
Result<void> expand_groups(OperationState& op) noexcept;

// False when memory is out.

/// Storage for every outcome, before anything is written: what a commit has done is never lost for want of memory.
[[nodiscard]] bool allocate_report(OperationState& op, Outcome outcome = Outcome::undecided) noexcept;
/// Before the commit, so that settle() cannot fail after it.
[[nodiscard]] bool make_room_for_roles(OperationState& op) noexcept;
/// The tile is decided, and committed where there was something to commit: its outcomes stand.
void settle(OperationState& op) noexcept;
bool may_hide_groups(const OperationState& op) noexcept;
/// As far as it is decided.
bool is_refused_everywhere(const OperationState& op) noexcept;

}  // namespace roster::inline ROSTER_ABI

#endif
