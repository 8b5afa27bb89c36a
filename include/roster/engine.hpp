// Engine: the blocking interface, a loop over Operation.
//
//     const Engine engine(profiles::recoup, store, ids);
//     Result<Report> report = engine.run(Suspend(OrganizationId("acme"), AccountId("ann")), now);
//     if (report) inspect(report.value().at(0, 0));  // the outcome of the first cell
#ifndef ROSTER_ENGINE_HPP
#define ROSTER_ENGINE_HPP

#include "roster/set_operation.hpp"
#include "roster/store.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// drive() runs an operation against a blocking store until need() is nothing. An exception from the store counts as
/// store_failed (in a build with exceptions).
/// Errors: as Operation::finish().
Result<Report> drive(Operation& operation, Store& store) noexcept;

/// Engine combines one profile and one store. It is immutable, and as thread-safe as its store and identifiers, which
/// must outlive it. It keeps no state between calls.
class Engine {
 public:
  /// Copies the profile and the options, and refers to the store and the identifiers.
  Engine(const Profile& profile, Store& store, IdSource& ids, Options options = {}) noexcept;

  /// Executes a command of any kind. Refusals are in the report. An error means that no cell was settled. A single add
  /// that changes nothing allocates nothing here.
  /// Errors: as Operation::finish().
  Result<Report> run(const Command& command, Time now) const noexcept;

  /// An alias of run() for adds.
  Result<Report> add(const AddMembers& command, Time now) const noexcept { return run(command, now); }

  /// Returns the report of run() without any write. Each cell is judged on the current state, each tile independently.
  /// Identifiers of new records are drawn, reported and discarded.
  Result<Report> plan(const Command& command, Time now) const noexcept;

  /// Executes a command for a set, page by page: roster/set_operation.hpp.
  /// Errors: as SetOperation::finish().
  Result<SetReport> run(const Command& command, const MembershipSet& set, Time now) const noexcept;

  /// Returns the report of run() for a set without any write. Each page is judged on the state of its time.
  Result<SetReport> plan(const Command& command, const MembershipSet& set, Time now) const noexcept;

  /// Returns the operation for a host that does its own I/O. The command and this engine must outlive it.
  Operation begin(const Command& command, Time now) const& noexcept {
    return Operation(profile_, command, Context{now, ids_, options_.details}, options_);
  }
  Operation begin(Command&&, Time) const& = delete;
  Operation begin(const Command&, Time) const&& = delete;  // the operation refers to this engine's profile

  const Profile& profile() const noexcept { return profile_; }  ///< the profile of this engine

 private:
  bool is_single(const Command& asked, Time now) const noexcept;
  Result<Report> run_any(const Command& command, Time now) const noexcept;
  Result<Report> run_single(const AddMembers& command, Time now) const noexcept;

  Profile profile_;
  Store* store_;
  IdSource* ids_;
  Options options_;
  bool cells_alone_;  ///< a cell can be judged and written independently of others, in a store that counts no trips
};

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
