// Runs a scenario, by turns on one thread or at once on several, and checks that some order of the commands explains
// the result.
//
// An operation has no thread and holds no lock. So every race of two processes on a store is an order of steps. A fetch
// with provide() is one step, a commit with committed() is another.
#ifndef ROSTER_CONFORMANCE_SCHEDULE_HPP
#define ROSTER_CONFORMANCE_SCHEDULE_HPP

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "scenarios.hpp"
#include "snapshot.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

/// One executed command: the answer to its client, and its first and last step.
struct ExecutedCommand {
  std::uint32_t part = 0, at = 0;
  std::string answer;
  std::uint64_t began = 0, ended = 0;
};

/// The command of a client, as text: "change_role acc-3 in org-0 to admin by acc-0".
std::string text_of(const Command& command);
/// The answer to a client: the outcomes in order, or the error.
std::string answer_of(const Result<Report>& result);
/// Executes one command by the usual loop: the `at`-th of a client, which determines the time. Threads may share `ids`.
std::string execute(const Scenario& scenario, const Command& command, Store& store, IdSource& ids,
                    std::uint32_t at = 0);

/// Selects the client of the next step from `movers`.
using Choice = std::function<std::size_t(const std::vector<std::size_t>& movers, std::size_t step)>;
/// Runs the scenario by turns, with its clients spread over the connections of the fixture. Requires a test that has
/// been set up.
std::vector<ExecutedCommand> run_interleaved(TestContext& test, const Scenario& scenario, const Choice& choose);
/// Runs the scenario at once, with one connection and one thread for each client.
std::vector<ExecutedCommand> run_concurrently(TestContext& test, const Scenario& scenario);

/// Fails the test unless some order of the commands explains the result. In that order, each command follows those that
/// ended before it began. The reference returns the same answers in that order, and has the same records at the end.
void expect_explained(TestContext& test, const Scenario& scenario, std::vector<ExecutedCommand> done);

/// The facts on which stores of different kinds must agree.
inline SnapshotContent comparable() {
  return {.ids = false, .versions = false};
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI

#endif
