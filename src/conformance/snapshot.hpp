// Snapshot: all that can be seen of a store by fetching, in words, so that two of them can be compared and their
// difference printed.
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
  bool ids = true;  ///< of memberships, and those of accounts found by address
  bool versions = true;
  std::vector<RoleId> owners = {owner};  ///< whose members are counted as owners
};

/// "org-0/acc-1" -> "active member ...", for everything that the test watches.
using Snapshot = std::map<std::string, std::string>;

/// Requires one fetch for each request key and each time that is watched, and one more. Empty if the store fails, which
/// breaks the test.
Snapshot take_snapshot(TestContext& test, Store& store, const SnapshotContent& shown = {});
inline Snapshot take_snapshot(TestContext& test) {
  return take_snapshot(test, test.store());
}

/// The first lines in which they differ; empty if they do not.
std::string difference(const Snapshot& before, const Snapshot& after);

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI

#endif
