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

namespace detail {

enum class Need : std::uint8_t { facts, commit, nothing };

/// What an operation holds, apart from how it behaves, so that moving it is one expression.
struct OperationParts {
  struct Pending {
    Tile tile;
    std::uint32_t attempts = 0, replays = 0;
  };

  OperationParts(const Profile& profile, const Command& command, const Context& context,
                 const Options& options) noexcept
      : profile_(&profile), command_(&command), context_(context), options_(options), request_(command.request) {}

  const Profile* profile_;
  const Command* command_;
  Context context_;
  Options options_;
  Need need_ = Need::nothing;
  bool settled_any_ = false;
  bool whole_ = false;  // one tile is the whole command: the decision's lists become the report's
  bool finished_ = false;
  Query query_;
  Facts facts_;
  Decision decision_;

  // The accounts asked about: those named directly, then group_accounts_. Behind them, missing_groups_ columns.
  List<AccountId, 0> group_accounts_;
  std::uint32_t named_ = 0, missing_groups_ = 0;
  std::optional<Error> withheld_;  // what a limit says about groups, until it is clear that the actor may hear it
  List<RoleId, 1> wanted_;
  List<RoleId, 2> owner_roles_;  // of the profile's catalog

  // Tiles are cut from the front of the command as they are needed; halves of stale ones wait in pending_.
  std::uint32_t tile_rows_ = 0, tile_columns_ = 0, next_row_ = 0, next_column_ = 0;
  Pending now_;
  List<Pending, 1> pending_;

  RequestKey request_;
  Report report_;
};

}  // namespace detail

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
/// A call that does not fit need() changes nothing.
class Operation : detail::OperationParts {
  friend class Engine;

 public:
  using Need = detail::Need;

  Operation(const Profile& profile, const Command& command, Context context, const Options& options = {}) noexcept;
  Operation(const Profile&, Command&&, Context, const Options& = {}) = delete;  // the command must outlive it
  Operation(Operation&& other) noexcept;
  Operation& operator=(Operation&& other) noexcept;
  ~Operation() = default;

  Need need() const noexcept { return need_; }
  const Query& query() const noexcept { return query_; }  ///< while need() is facts
  Facts& facts() noexcept { return facts_; }              ///< empty, to be filled by the store
  /// The facts are filled in, or could not be had. An error other than store_failed is taken for store_failed.
  void provide(Result<void> fetched) noexcept;
  const ChangeSet& changes() const noexcept { return decision_.changes; }  ///< while need() is commit
  /// stale, out_of_memory, store_full: nothing was written. store_failed, or any other error: it may have been.
  void committed(Result<void> done) noexcept;

  /// The report, once need() is nothing. It is moved out: call once.
  /// Errors: not_finished; and, only if no cell was settled: batch_*, roles_malformed, actor_missing, selector_*,
  /// profile_malformed, valid_until_passed, contended, store_failed, store_broke_contract, out_of_memory. Otherwise
  /// these stand in Report::stopped.
  Result<Report> finish() noexcept;

 private:
  void settle_in(Operation& from) noexcept;
  void go_on_after(const RequestKey& request, Error why) noexcept;
  Result<void> admit() noexcept;
  Result<void> learn_groups() noexcept;
  Result<void> lay_out() noexcept;
  Result<void> admit_columns(std::uint64_t columns) const noexcept;
  bool next_tile(Tile& tile) noexcept;
  void advance() noexcept;
  void ask() noexcept;
  void judge() noexcept;
  bool lay_out_report() noexcept;
  bool make_room_for_roles() noexcept;
  void settle() noexcept;
  void settle_accounts(const Tile& tile) noexcept;
  RoleIndex shown(RoleIndex role) noexcept;
  void show_roles(const Tile& tile) noexcept;
  void show_previous(const Tile& tile) noexcept;
  void decide_again(Errc why) noexcept;
  bool split() noexcept;
  void stop(Error why) noexcept;
  bool may_hide_groups() const noexcept;
  bool is_refused_everywhere() const noexcept;
  bool hide_groups() noexcept;
  Result<Report> take_whole() noexcept;
};

ROSTER_END

#endif
