// Store: where organizations, accounts and memberships live. The contract for adapter authors; docs/stores.md teaches
// it.
#ifndef ROSTER_STORE_HPP
#define ROSTER_STORE_HPP

#include "roster/decision.hpp"

ROSTER_PUBLIC_BEGIN

/// Two verbs, both about batches: one cell and a million use the same words.
/// An implementation states its own thread rule. Neither verb should throw; what escapes is taken for store_failed.
class Store {
 public:
  virtual ~Store() = default;

  /// Answers the whole query into `facts`, which is empty. Must compare ids, slugs and keys byte by byte. Need not
  /// lock: what it read is guarded when it is committed. A refusal is not committed, so an answer put together at
  /// several moments may refuse for what was never there at once: one snapshot is better where it costs nothing.
  /// Errors: store_failed, out_of_memory.
  virtual Result<void> fetch(const Query& query, Facts& facts) = 0;

  /// Writes everything in `changes`, or nothing. Must check, in the same unit of work as the writes, that
  ///   - every guard holds, and every membership to be replaced has the version named;
  ///   - every organization and account that is written to still exists under its id (a Locator is only a hint);
  ///   - no new account id, e-mail key or (organization, account) pair is in use. Whether a membership id is may be
  ///   left
  ///     out: those come from the IdSource, which promises it.
  /// Two commits that break each other's checks must never both succeed, from whatever thread or process.
  /// Errors: stale (a check failed), out_of_memory, store_full: nothing was written. store_failed: perhaps written.
  virtual Result<void> commit(const ChangeSet& changes) = 0;
};

ROSTER_END

#endif
