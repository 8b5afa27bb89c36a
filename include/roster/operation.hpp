// Operation: a sans-I/O state machine that executes one command. need() returns the next input that it requires.
//
//     Operation op(profiles::recoup, command, Context{now, &ids});
//     Result<Report> report = drive(op, store);  // the loop of a blocking host: engine.hpp
#ifndef ROSTER_OPERATION_HPP
#define ROSTER_OPERATION_HPP

#include <cstdint>
#include <optional>

#include "roster/decision.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// Options are the limits of an operation and the extent of its report.
struct Options {
  std::uint32_t tile_cells_max = 16384;          ///< cells of a tile under best effort; an atomic command is one tile
  std::uint32_t attempts_max = 8;                ///< decisions of a tile, each `stale`, before it is `contended`
  std::uint32_t unknown_commit_retries_max = 1;  ///< reads of a tile after a commit whose answer was lost
  bool details = true;                           ///< report membership ids and roles of each cell
  bool dry_run = false;                          ///< never commit: report the outcome that each cell would have now
};

class Store;
struct OperationState;  // private to the operation
/// Frees the state of an operation.
void destroy(OperationState* state) noexcept;

/// Operation executes one command, single or bulk, atomic or best effort:
///
///     for (;;) switch (op.need()) {
///       case Need::facts:   op.provide(store.fetch(op.query(), op.facts())); break;
///       case Need::commit:  op.committed(store.commit(op.changes()));        break;
///       case Need::nothing: return op.finish(); }
///
/// This loop is the whole contract. A blocking host uses it unchanged (engine.hpp), an asynchronous host with an await
/// or a callback at each store call. An operation may be destroyed between any two steps. The committed part then
/// consists of whole tiles, and a repeat with the same IdempotencyKey reports them as `replayed`.
///
/// The operation owns its buffers. It does not own the profile, the command and the identifiers, which must outlive it.
/// It is movable, also between threads between two calls. It never throws; out_of_memory is an ordinary error. A call
/// of provide() or committed() that does not match need() has no effect. Calls of query(), facts() and changes() must
/// match need().
class Operation {
 public:
  /// Need is the next input that an operation requires.
  enum class Need : std::uint8_t {
    facts,   ///< a fetch of query() into facts(), then provide()
    commit,  ///< a commit of changes(), then committed()
    nothing  ///< none: finish() returns the report
  };

  /// Allocates one block of memory. If that fails, need() is nothing and finish() returns out_of_memory.
  Operation(const Profile& profile, const Command& command, Context context, const Options& options = {}) noexcept;
  Operation(const Profile&, Command&&, Context, const Options& = {}) = delete;  // the command must outlive it

  Need need() const noexcept;           ///< `nothing` after a move from it
  const Query& query() const noexcept;  ///< while need() is facts
  Facts& facts() noexcept;              ///< while need() is facts: empty, filled by the store
  /// Continues with the facts, or with the error of the fetch. Any error counts as store_failed.
  void provide(Result<void> fetched) noexcept;
  const ChangeSet& changes() const noexcept;  ///< while need() is commit
  /// Continues with the result of the commit. After stale, out_of_memory or store_full, nothing was written. After
  /// store_failed, or any other error, the change set may have been written.
  void committed(Result<void> done) noexcept;

  /// Returns the report once need() is nothing. The report is moved out: call once.
  /// Errors: not_finished if the operation needs input, or after an earlier finish(). The others are returned only if
  /// no cell was settled. Otherwise Report::stopped holds the error:
  /// - batch_*, roles_malformed, selector_* and valid_until_passed if the command is malformed;
  /// - actor_missing if the actor rule requires an actor;
  /// - profile_malformed if the profile contradicts itself, or the context has no id source;
  /// - contended after attempts_max stale decisions of a tile;
  /// - store_failed if the store failed; store_broke_contract if the facts do not match the query;
  /// - out_of_memory if an allocation failed. Exception: an actor that is refused everywhere, and may not learn of
  ///   groups, gets the error.
  Result<Report> finish() noexcept;

 private:
  friend Result<Report> drive(Operation& operation, Store& store) noexcept;  // engine.hpp

  Opaque<OperationState> state_;
  bool allocation_failed_ = false;  // the allocation of the state failed
};

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
