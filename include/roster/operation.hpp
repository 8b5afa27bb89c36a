// Operation: one command on its way. It says what it needs, is given it, and goes on. It does no I/O.
#ifndef ROSTER_OPERATION_HPP
#define ROSTER_OPERATION_HPP

#include <cstdint>
#include <optional>

#include "roster/decision.hpp"

ROSTER_PUBLIC_BEGIN

struct Options {
  std::uint32_t tile_cells_max = 16384;  ///< best effort: cells decided and committed together; atomic is one tile
  std::uint32_t attempts_max = 8;        ///< how often a tile is decided, `stale` each time, before it is `contended`
  std::uint32_t replays_max = 1;         ///< how often a tile is read again after a commit whose answer was lost
  bool details = true;                   ///< report membership ids and roles per cell
  bool dry_run = false;                  ///< never commit: report what would become of each cell now
};

class Store;
struct OperationState;  // the operation's own
void destroy(OperationState* state) noexcept;

/// Drives one command, single or bulk, atomic or best effort:
///
///     for (;;) switch (op.need()) {
///       case Need::facts:   op.provide(store.fetch(op.query(), op.facts())); break;
///       case Need::commit:  op.committed(store.commit(op.changes()));        break;
///       case Need::nothing: return op.finish(); }
///
/// This loop is the whole contract: a blocking host writes it as it is (engine.hpp), an asynchronous one with an await
/// or a callback in the middle. An operation may be dropped between any two steps: what was committed is whole tiles,
/// and a repeat with the same RequestKey reports them as `replayed`.
///
/// Owns its buffers; does not own the profile, the command and the identifiers, which must outlive it. Movable, also
/// between threads between two calls. Never throws; the end of memory is a result like any other.
/// A call of provide() or committed() that does not fit need() changes nothing. query(), facts() and changes() must
/// fit.
class Operation {
 public:
  enum class Need : std::uint8_t { facts, commit, nothing };

  /// Takes one block of memory. Without it, need() is nothing and finish() returns out_of_memory.
  Operation(const Profile& profile, const Command& command, Context context, const Options& options = {}) noexcept;
  Operation(const Profile&, Command&&, Context, const Options& = {}) = delete;  // the command must outlive it

  Need need() const noexcept;           ///< nothing, if it was moved from
  const Query& query() const noexcept;  ///< while need() is facts
  Facts& facts() noexcept;              ///< while need() is facts: empty, to be filled by the store
  /// The facts are filled in, or could not be had. An error other than store_failed is taken for store_failed.
  void provide(Result<void> fetched) noexcept;
  const ChangeSet& changes() const noexcept;  ///< while need() is commit
  /// stale, out_of_memory, store_full: nothing was written. store_failed, or any other error: it may have been.
  void committed(Result<void> done) noexcept;

  /// The report, once need() is nothing. It is moved out: call once.
  /// Errors: not_finished; and, only if no cell was settled: batch_*, roles_malformed, actor_missing, selector_*,
  /// profile_malformed, valid_until_passed, contended, store_failed, store_broke_contract, out_of_memory. Otherwise
  /// these stand in Report::stopped; only, an actor who is refused everywhere, and may not know of groups, gets the
  /// error.
  Result<Report> finish() noexcept;

 private:
  friend Result<Report> drive(Operation& operation, Store& store) noexcept;  // engine.hpp

  Opaque<OperationState> state_;
  bool starved_ = false;  // there was no memory for the state
};

ROSTER_END

#endif
