// Races of commands that change memberships, or of the host, and the condition on every ending. Each file has the races
// about one rule.
#ifndef ROSTER_TESTS_LAWS_MEMBERSHIP_RACES_HPP
#define ROSTER_TESTS_LAWS_MEMBERSHIP_RACES_HPP

#include <algorithm>

#include "race_setup.hpp"

namespace fixtures {

using State = MembershipState;

struct Race {
  std::string name;
  Setup scenario;
  /// The condition on every ending; empty: only the common ones.
  std::function<bool(const Ended&)> holds;
  bool somebody_loses = true;  // in some order a commit is stale
};

/// An owner remains.
std::vector<Race> races_of_owners();
/// Seats are not exceeded.
std::vector<Race> races_for_seats();
std::vector<Race> races_of_invitations();
/// An expired invitation keeps no seat, and an accepted one no end.
std::vector<Race> races_of_ending_invitations();
/// A late request restores no removed member.
std::vector<Race> races_about_one_membership();
/// The host disables or enables an account.
std::vector<Race> races_of_disabled();

inline Profile seated(SeatRule rule) {
  return with(manager_rules(), [&](Profile& p) { p.seats = rule; });
}
/// One report is the first, each other one the second.
inline std::function<bool(const Ended&)> one_of(std::string first, std::string others) {
  return [=](const Ended& ended) { return ended.count(first) == 1 && ended.count(others) + 1 == ended.answers.size(); };
}
inline std::function<bool(const Ended&)> ends_as(std::string row) {
  return [=](const Ended& ended) {
    const auto all = lines(ended.state);
    return std::find(all.begin(), all.end(), row) != all.end();
  };
}

/// The members before the race: ann, beside the boss.
inline void two_owners(AcmeFixture& in) {
  in.put(ann, owner);
}
inline void clerk_ann(AcmeFixture& in) {
  in.put(ann, clerk);
}
inline void invited_ann(AcmeFixture& in) {
  in.put(ann, clerk, State::invited);
}
inline void suspended_ann(AcmeFixture& in) {
  in.put(ann, clerk, State::suspended);
}
/// The participants with a command about her.
inline Participant accepts() {
  return participant<AcceptInvitation>(acme, ann);
}
inline Participant leaves() {
  return participant<Leave>(acme, ann);
}
inline Participant adds_ann() {
  return participant<AddMembers>(acme, ann, clerk, by(boss));
}
inline Participant removes_ann() {
  return participant<RemoveMembers>(acme, ann, by(boss));
}

}  // namespace fixtures

#endif
