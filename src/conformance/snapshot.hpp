// Snapshot: all observable facts of a store as text, so that two snapshots can be compared and their difference
// printed.
#ifndef ROSTER_CONFORMANCE_SNAPSHOT_HPP
#define ROSTER_CONFORMANCE_SNAPSHOT_HPP

#include <map>
#include <string>
#include <vector>

#include "test_context.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

/// The facts included besides those on which every store must agree.
struct SnapshotContent {
  bool ids = true;  ///< ids of memberships, and of accounts found by address
  bool versions = true;
  std::vector<RoleId> owners = {owner};  ///< roles whose members are counted as owners
};

/// "org-0/acc-1" -> "active member ...", for all observed records.
using Snapshot = std::map<std::string, std::string>;

/// Requires one fetch for each observed idempotency key and each time, and one more. Empty if the store fails, which
/// fails the test.
Snapshot take_snapshot(TestContext& test, Store& store, const SnapshotContent& shown = {});
inline Snapshot take_snapshot(TestContext& test) {
  return take_snapshot(test, test.store());
}

/// The first lines that differ; empty if none does.
std::string difference(const Snapshot& before, const Snapshot& after);

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI

#endif
