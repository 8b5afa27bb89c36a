// Tracks removals and returns with their times. A request from before a removal restores no member. A request from
// before a return neither removes nor changes one. Without tombstones a store cannot refuse such requests.
#ifndef ROSTER_TESTS_LAWS_RETURNS_HPP
#define ROSTER_TESTS_LAWS_RETURNS_HPP

#include "support/fixture.hpp"

namespace roster_test {

class Returns {
 public:
  /// Applies an entry of a commit; `world` is the one before it. Returns the error as text; empty: none.
  std::string read(const roster::Command& command, const Entry& entry, const roster::ChangeSet& changes,
                   const World& world, const roster::Profile& profile) {
    using roster::Event;
    const auto& [event, pair, role] = entry.happening;
    const bool removes = event == Event::removed || event == Event::left || event == Event::declined ||
                         event == Event::revoked || event == Event::expired;
    const bool joins = event == Event::added || event == Event::invited || event == Event::reactivated;
    const auto back = back_at_.find(pair);
    const bool undoes = back != back_at_.end() && !is_add(command.kind()) && event != Event::expired;
    if (undoes && command.asked_at <= back->second)
      return pair.second + " came back to " + pair.first + " after that request was made";
    if (removes || event == Event::suspended) {
      gone_at_[pair] = changes.at;
      back_at_.erase(pair);
      return {};
    }
    if (!joins) return {};
    if (entry.before) back_at_[pair] = changes.at;
    const auto gone = gone_at_.find(pair);
    const bool is_known =
        profile.keeps_tombstones || (entry.before && entry.before->state == roster::MembershipState::suspended);
    const Member* const held = find_member(world, pair.first, pair.second);
    const bool late = gone != gone_at_.end() && is_known && command.asked_at <= gone->second;
    const bool over = held != nullptr && held->is_over(changes.at) && command.asked_at <= held->valid_until;
    const std::string wrong = pair.second + " is back in " + pair.first + " by a request that is older than the end";
    return late || over ? wrong : std::string();
  }

 private:
  std::map<Pair, roster::Time> gone_at_, back_at_;
};

}  // namespace roster_test

#endif
