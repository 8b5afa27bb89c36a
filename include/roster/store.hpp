// Store: the interface to the storage of organizations, accounts and memberships. It is the contract for adapter
// authors, which docs/reference/store-contract.md explains.
//
//     class MyStore final : public Store {
//       Result<void> fetch(const Query& query, Facts& facts) override;  // SELECT
//       Result<void> commit(const ChangeSet& changes) override;         // one transaction
//     };
#ifndef ROSTER_STORE_HPP
#define ROSTER_STORE_HPP

#include <cstdint>
#include <optional>

#include "roster/decision.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// Store has two operations, both for batches of any number of cells. An implementation documents its own thread rule.
/// Neither operation should throw; an exception counts as store_failed.
class Store {
 public:
  virtual ~Store() = default;

  /// Writes the answer to the whole query into `facts`, which is empty. It must compare ids, slugs and keys byte by
  /// byte. It need not lock, because commit guards the facts. A refusal is not committed. Without a snapshot it may
  /// depend on records that never existed together. So a snapshot is better if it costs nothing.
  /// Errors: store_failed if the store could not answer; out_of_memory if an allocation failed.
  virtual Result<void> fetch(const Query& query, Facts& facts) = 0;

  /// Writes everything in `changes`, or nothing. It checks the following in the same unit of work as the writes:
  ///   - every guard holds, and every membership to be replaced has the version named;
  ///   - every organization and account that is written to still exists under its id (a Locator is only a hint);
  ///   - no new account id, e-mail key or (organization, account) pair is in use. The check of membership ids may be
  ///     omitted, because the IdSource promises that they are unique.
  /// Two commits that break each other's checks must never both succeed, from any threads or processes.
  /// Errors: stale if a check failed; out_of_memory if an allocation failed; store_full at a limit of the store. In
  /// these cases nothing was written. store_failed for any other failure: the changes may have been written.
  virtual Result<void> commit(const ChangeSet& changes) = 0;

  /// Returns the number of round trips to the storage so far, for Report::round_trips. A store either counts them from
  /// its construction on or always returns nothing, as here.
  virtual std::optional<std::uint64_t> round_trips() const noexcept { return std::nullopt; }
};

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
