// Contention: many clients with the same command, of which only some can succeed. Too many orders exist for a search,
// so the results are counted. The clients run in threads and in processes.
#ifndef ROSTER_CONFORMANCE_CONTENTION_HPP
#define ROSTER_CONFORMANCE_CONTENTION_HPP

#include <functional>
#include <string>
#include <vector>

#include "schedule.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

struct ContentionScenario {
  Scenario scenario;  ///< one part for each client
  /// Returns the error in the unordered answers; empty: none.
  std::function<std::string(const std::vector<ExecutedCommand>&)> wrong;
  /// Returns the error in the store; empty: none.
  std::function<std::string(TestContext&)> wrong_there;
};

ContentionScenario address_contention(std::uint32_t clients);
ContentionScenario pair_contention(std::uint32_t clients);
ContentionScenario owner_contention(std::uint32_t clients);
ContentionScenario seat_contention(std::uint32_t clients);
ContentionScenario bulk_contention(std::uint32_t clients);

/// Fails the test if anything is wrong.
void expect_right(TestContext& test, const ContentionScenario& contention, const std::vector<ExecutedCommand>& done);

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI

#endif
