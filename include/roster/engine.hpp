// Engine: the blocking front door, a loop over Operation.
#ifndef ROSTER_ENGINE_HPP
#define ROSTER_ENGINE_HPP

#include "roster/operation.hpp"
#include "roster/store.hpp"

ROSTER_PUBLIC_BEGIN

/// Runs an operation against a blocking store until it needs nothing more. An exception that escapes from the store
/// counts as store_failed (in a build with exceptions). Errors: as Operation::finish().
Result<Report> drive(Operation& operation, Store& store) noexcept;

/// One profile and one store. Immutable, and as thread-safe as the store and the identifiers it was given, which must
/// outlive it. It keeps no state between calls.
class Engine {
 public:
  Engine(const Profile& profile, Store& store, IdSource& ids, Options options = {}) noexcept;

  /// Carries out a command of any kind. A refusal is in the report; an error means that nothing was settled.
  /// A single add that changes nothing allocates nothing here. Errors: as Operation::finish().
  Result<Report> run(const Command& command, Time now) const noexcept;

  /// The same by its usual name.
  Result<Report> add(const AddMembers& command, Time now) const noexcept { return run(command, now); }

  /// What run() would report now, with nothing written: each cell judged as things stand, each tile by itself.
  /// Identifiers of what would be new are drawn, shown and forgotten.
  Result<Report> plan(const Command& command, Time now) const noexcept;

  /// The same operation for a host that does its own I/O. The command and this engine must outlive it.
  Operation begin(const Command& command, Time now) const& noexcept {
    return Operation(profile_, command, Context{now, ids_, options_.details}, options_);
  }
  Operation begin(Command&&, Time) const& = delete;
  Operation begin(const Command&, Time) const&& = delete;  // the operation refers to this engine's profile

  const Profile& profile() const noexcept { return profile_; }

 private:
  bool is_single(const Command& asked, Time now) const noexcept;
  Result<Report> run_any(const Command& command, Time now) const noexcept;
  Result<Report> run_single(const AddMembers& command, Time now) const noexcept;

  Profile profile_;
  Store* store_;
  IdSource* ids_;
  Options options_;
  bool cells_alone_;  ///< a cell can be judged, and written, without a look at anything else
};

ROSTER_END

#endif
