// The races of those who change memberships: people, or the host, who move at the same time, and what must hold at
// every end. What is about one idea stands in one file.
#ifndef ROSTER_TESTS_LAWS_LIFE_RACES_HPP
#define ROSTER_TESTS_LAWS_LIFE_RACES_HPP

#include <algorithm>

#include "support/club.hpp"

namespace life {

using State = MembershipState;

struct Race {
  std::string name;
  Setup scenario;
  /// What must hold at every end; empty: nothing more than what holds of all.
  std::function<bool(const Ended&)> holds;
  bool somebody_loses = true;  // in some order somebody's commit is refused
};

/// An owner remains.
std::vector<Race> races_of_owners();
/// Seats are kept.
std::vector<Race> races_for_seats();
std::vector<Race> races_of_invitations();
/// Nobody who was removed comes back by a late request.
std::vector<Race> races_about_one_membership();

inline Profile seated(SeatRule rule) {
  return with(club_rules(), [&](Profile& p) { p.seats = rule; });
}
/// One of the answers is the first, each other one the second.
inline std::function<bool(const Ended&)> one_of(std::string first, std::string others) {
  return [=](const Ended& ended) { return ended.count(first) == 1 && ended.count(others) + 1 == ended.answers.size(); };
}
inline std::function<bool(const Ended&)> ends_as(std::string row) {
  return [=](const Ended& ended) {
    const auto all = lines(ended.state);
    return std::find(all.begin(), all.end(), row) != all.end();
  };
}

/// Whom there is before anybody moves: beside the boss, ann.
inline void two_owners(Club& in) {
  in.put(ann, owner);
}
inline void clerk_ann(Club& in) {
  in.put(ann, clerk);
}
inline void invited_ann(Club& in) {
  in.put(ann, clerk, State::invited);
}
inline void suspended_ann(Club& in) {
  in.put(ann, clerk, State::suspended);
}
/// And whoever asks for something about her.
inline Participant accepts() {
  return asks<AcceptInvitation>(club, ann);
}
inline Participant leaves() {
  return asks<Leave>(club, ann);
}
inline Participant adds_ann() {
  return asks<AddMembers>(club, ann, clerk, by(boss));
}
inline Participant removes_ann() {
  return asks<RemoveMembers>(club, ann, by(boss));
}

}  // namespace life

#endif
