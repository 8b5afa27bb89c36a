// Tracks the last write of each membership. A request that is not later writes that membership no more, whatever it
// asks for. Without tombstones a store forgets a removed membership, and cannot refuse such requests.
#ifndef ROSTER_TESTS_LAWS_LATE_REQUESTS_HPP
#define ROSTER_TESTS_LAWS_LATE_REQUESTS_HPP

#include "support/fixture.hpp"

namespace roster_test {

class LateRequests {
 public:
  /// Applies an entry of a commit; `world` is the one before it. Returns the error as text; empty: none.
  std::string read(const roster::Command& command, const Entry& entry, const roster::ChangeSet& changes,
                   const World& world, const roster::Profile& profile) {
    const auto& [event, pair, role] = entry.happening;
    const auto last = written_at_.find(pair);
    const Member* const held = find_member(world, pair.first, pair.second);
    const bool late = entry.before && last != written_at_.end() && command.asked_at <= last->second;
    const bool over = held != nullptr && held->is_over(changes.at) && command.asked_at <= held->end();
    written_at_[pair] = changes.at;
    const bool removes = event == roster::Event::removed || event == roster::Event::left ||
                         event == roster::Event::declined || event == roster::Event::revoked ||
                         event == roster::Event::expired;
    if (removes && !profile.keeps_tombstones) written_at_.erase(pair);
    return late || over ? pair.second + " in " + pair.first + " was written after that request was made"
                        : std::string();
  }

 private:
  std::map<Pair, roster::Time> written_at_;
};

}  // namespace roster_test

#endif
