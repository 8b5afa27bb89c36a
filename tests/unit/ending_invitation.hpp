// Invitations of ann by bob that have an end, and commands at a given time.
#ifndef ROSTER_TESTS_UNIT_ENDING_INVITATION_HPP
#define ROSTER_TESTS_UNIT_ENDING_INVITATION_HPP

#include "unit/commands.hpp"

namespace fixtures {

inline Time after(Time time, std::int64_t microseconds) {
  return Time{static_cast<std::int64_t>(time) + microseconds};
}
inline Membership of(const AcmeFixture& in, const AccountId& who) {
  return in.store.membership(acme, who).value().value();
}
inline Outcome outcome_at(AcmeFixture& in, const Profile& profile, const Command& command, Time time) {
  return Engine(profile, in.outbox, in.ids).run(command, time).value().at(0, 0);
}
/// Ann is invited by bob, an admin. The end is returned.
inline Time invite_ann(AcmeFixture& in, const RoleId& as = clerk) {
  if (!in.store.membership(acme, bob).value()) in.put(bob, admin);
  Invite invites(acme, ann, as, by(bob));
  invites.invitation_until = after(in.now, 1'000'000);
  must(in.outcome(manager_rules(), invites) == Outcome::invited, "an invitation");
  return invites.invitation_until;
}
/// The same, and its end passes.
inline void invite_ann_in_vain(AcmeFixture& in) {
  in.now = invite_ann(in);
}
inline Profile seats_by(SeatRule rule = SeatRule::active_and_invited) {
  return with(manager_rules(), [&](Profile& p) { p.seats = rule; });
}

}  // namespace fixtures

#endif
