// The state of an operation, and its steps.
// operation.cpp: the order of the tiles, and the reaction to each reply of the store.
// operation_layout.cpp: validation, and the layout of the tiles.
// operation_report.cpp: the report.
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

  OperationState(const Profile& by, const Command& requested, const Context& in, const Options& as) noexcept
      : profile(by),
        command(requested),
        context(in),
        options(as),
        rows(requested.organizations.span()),
        idempotency_key(requested.idempotency_key) {}

  const Profile& profile;
  const Command& command;
  Context context;
  const Options options;
  std::span<const OrganizationSelector> rows;  // those of the command, or of a page of a set
  bool is_page = false;                        // a page of a set: the limits of one command do not apply
  Need need = Need::nothing;
  bool settled_any = false;
  bool single_tile = false;  // one tile is the whole command; its decision's lists are moved into the report
  bool finished = false;
  Query query;
  Facts facts;
  Decision decision;
  Workspace work;
  SmallVector<RoleIndex, 4> shown;  // index of each decision role in the report, once a cell shows it

  // The columns: accounts named directly, then group_accounts, then one for each missing group.
  SmallVector<AccountId, 0> group_accounts;
  std::uint32_t direct_columns = 0, missing_groups = 0;
  /// The error of a limit that groups exceed, withheld until the actor is known to be allowed to see it.
  std::optional<Error> hidden_limit_error;
  SmallVector<RoleId, 1> wanted;
  SmallVector<RoleId, 1> owner_roles;  // of the profile's catalog, with their former ids
  SmallVector<RoleId, 1> free_roles;   // likewise

  // Tiles are cut from the front of the command as they are needed. The second halves of stale tiles are kept in
  // `pending`.
  std::uint32_t tile_rows = 0, tile_columns = 0, next_row = 0, next_column = 0;
  Pending current;
  SmallVector<Pending, 1> pending;

  IdempotencyKey idempotency_key;
  Report report;
};

// The steps behind the member functions of Operation. An Engine keeps the state on the stack, so that a command of one
// cell allocates nothing.

void begin(OperationState& op) noexcept;
/// Begins the command for a page of a set. The page replaces the organizations or the accounts of the command, which
/// are empty. The rows must outlive the operation.
void begin_page(OperationState& op, std::span<const OrganizationSelector> rows,
                std::span<const AccountId> accounts) noexcept;
void provide(OperationState& op, Result<void> fetched) noexcept;
void committed(OperationState& op, Result<void> done) noexcept;
/// Resumes after the short path of the Engine has decided the only tile. Its commit ended in `why`.
void resume_after(OperationState& op, const IdempotencyKey& idempotency_key, Error why) noexcept;
/// The report, once the operation needs nothing more.
Result<Report> take_report(OperationState& op) noexcept;

/// Validates a command before the first query.
Result<void> admit(const OperationState& op) noexcept;
/// Checks the limits, and chooses the size of the tiles.
Result<void> plan_tiles(OperationState& op) noexcept;
/// Appends the group accounts as columns: each account once, in the order of its first mention.
Result<void> expand_groups(OperationState& op) noexcept;

// Both return false if memory runs out.

/// Allocates all outcomes before the first commit, so that the result of a commit is never lost for lack of memory.
[[nodiscard]] bool allocate_report(OperationState& op, Outcome outcome = Outcome::undecided) noexcept;
/// Called before the commit, so that settle() cannot fail after it.
[[nodiscard]] bool make_room_for_roles(OperationState& op) noexcept;
/// Copies the outcomes of a tile into the report. Its commit, if it needed one, has succeeded.
void settle(OperationState& op) noexcept;
bool may_hide_groups(const OperationState& op) noexcept;
/// Whether every cell decided so far is `forbidden`.
bool is_refused_everywhere(const OperationState& op) noexcept;

}  // namespace roster::inline ROSTER_ABI

#endif
