// Playing a scene: by turns on one thread, or at once on several; and whether what came of it can be explained.
//
// An operation has no thread and keeps no lock, so every race that two processes can have on a store is an order of
// steps: fetching and providing is one step, committing and hearing of it is another.
#ifndef ROSTER_CONFORMANCE_PLAY_HPP
#define ROSTER_CONFORMANCE_PLAY_HPP

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "picture.hpp"
#include "scenes.hpp"

ROSTER_BEGIN
namespace conformance {

/// One command that was carried out: what was said to its client, and between which moments.
struct Done {
  std::uint32_t part = 0, at = 0;
  std::string answer;
  std::uint64_t began = 0, ended = 0;
};

/// What a client wants, in words: "change_role acc-3 in org-0 to admin by acc-0".
std::string text_of(const Command& command);
/// What a client hears: the outcomes in order, or the error.
std::string answer_of(const Result<Report>& result);
/// Carries out one command by the usual loop: the `at`-th of a client, which says what time it is. Threads may share
/// `ids`.
std::string carry_out(const Scene& scene, const Command& command, Store& store, IdSource& ids, std::uint32_t at = 0);

/// Who of those that can move takes the next step: one of the numbers given.
using Choice = std::function<std::size_t(const std::vector<std::size_t>& movers, std::size_t step)>;
/// Plays the scene by turns, its clients spread over the fixture's connections. The stage has been set up.
std::vector<Done> play_by_turns(Stage& stage, const Scene& scene, const Choice& choose);
/// Plays the scene at once, each client on a connection and a thread of its own.
std::vector<Done> play_at_once(Stage& stage, const Scene& scene);

/// Fails the stage unless there is an order of the commands, such that each comes after those that had ended before it
/// began, in which the reference gives each client the same answer and ends with the same records.
void expect_explained(Stage& stage, const Scene& scene, std::vector<Done> done);

/// What must agree between stores of different kinds.
inline Shown comparable() {
  return {.ids = false, .versions = false};
}

}  // namespace conformance
ROSTER_END

#endif
