// A club: one organization with a catalog of five roles and a few accounts. The tests of several programs share it to
// go through the life of a membership step by step.
#ifndef ROSTER_TESTS_SUPPORT_CLUB_HPP
#define ROSTER_TESTS_SUPPORT_CLUB_HPP

#include "support/schedule.hpp"
#include "support/store_view.hpp"

namespace life {

using namespace roster;
using roster_test::asks;
using roster_test::meanwhile;
using roster_test::Participant;
using roster_test::text_of;
using Ended = roster_test::Ending;

inline constexpr OrganizationId club{"club"}, annex{"annex"}, nowhere{"nowhere"};
inline constexpr AccountId ann{"ann"}, bob{"bob"}, cid{"cid"}, dora{"dora"}, emil{"emil"};
/// A time later than every command here.
inline constexpr Time far_off{9'000'000'000'000'000};
inline constexpr AccountId boss{"boss"};          // an owner of every club
inline constexpr AccountId stranger{"stranger"};  // an account without memberships
inline constexpr RoleId guest{"guest"}, clerk{"clerk"}, admin{"admin"}, owner{"owner"}, ghost{"ghost"};

/// guest < clerk < admin < owner. An admin manages, an owner owns too; no command may grant ghost.
inline constexpr std::array ranks = {
    Role{.id = guest, .rank = 1},
    Role{.id = clerk, .rank = 2},
    Role{.id = admin, .rank = 3, .manages = true},
    Role{.id = owner, .rank = 4, .manages = true, .owns = true},
    Role{.id = ghost, .rank = 1, .assignable = false},
};

/// The host decides every right; best effort; an add restores a suspended or removed member.
inline Profile host_rules() {
  Profile profile{.actor = ActorRule::host_decides};
  profile.roles = ranks;
  profile.default_role = clerk;
  profile.mode = Mode::best_effort;
  profile.accounts_max = profile.organizations_max = 1000;
  profile.on_suspended = OnFormer::reactivate;
  return profile;
}
template <class Change>
Profile with(Profile profile, Change&& change) {
  change(profile);
  return profile;
}
/// The same, but the actor's role must manage.
inline Profile club_rules() {
  return with(host_rules(), [](Profile& p) { p.actor = ActorRule::manager; });
}
inline Profile atomic(const Profile& profile) {
  return with(profile, [](Profile& p) { p.mode = Mode::atomic; });
}

inline Actor by(const AccountId& account) {
  return {account, false};
}
inline IdempotencyKey key(std::string_view text) {
  return text.empty() ? IdempotencyKey{} : IdempotencyKey::of(text);
}
inline Email address(std::string_view text) {
  return Email::parse(text).assume_value();
}

/// Fails if a step of the set-up failed: then the test is wrong, not the code under test.
inline void must(bool done, const char* what) {
  if (!done) throw std::logic_error(what);
}

/// The club and its annex, both owned by the boss, and accounts without memberships.
inline roster_test::World club_world(std::uint32_t seats_max = no_limit) {
  roster_test::World world;
  for (const OrganizationId& place : {club, annex}) {
    world.places[text_of(place)].seats_max = place == club ? seats_max : no_limit;
    world.members[{text_of(place), text_of(boss)}].role = text_of(owner);
  }
  for (const AccountId& who : {ann, bob, cid, dora, emil, boss, stranger}) {
    world.people[text_of(who)] = {.email = text_of(who) + "@x.example", .username = "", .verified = true};
  }
  return world;
}

/// A fixture with a clock, and short functions that read its state.
class Club : public roster_test::TestFixture {
 public:
  explicit Club(std::uint32_t seats_max = no_limit) : TestFixture(club_world(seats_max)) { must(filled, "a club"); }

  void put_club(std::uint32_t seats_max) {
    must(store.put_organization({.id = club, .seats_max = seats_max}).has_value(), "a club");
  }
  void put_account(AccountRecord record) {
    if (!record.email) record.email = address(text_of(record.id) + "@x.example");
    must(store.put_account(record).has_value(), "an account");
    base.people[text_of(record.id)];
  }
  void put(const OrganizationId& in, const AccountId& who, const RoleId& as) {
    Membership membership{.id = {}, .organization = in, .account = who, .role = as};
    ids.fill({&membership.id, 1});
    must(store.put_membership(membership).has_value(), "a membership");
  }
  /// Puts an account into that state through commands; `inviter` sends the invitation.
  void put(const AccountId& who, const RoleId& as, MembershipState state = MembershipState::active,
           const AccountId& inviter = boss) {
    if (state == MembershipState::invited)
      return must(outcome(host_rules(), Invite(club, who, as, by(inviter))) == Outcome::invited, "an invitation");
    put(club, who, as);
    if (state == MembershipState::suspended)
      must(outcome(host_rules(), Suspend(club, who, by(boss))) == Outcome::suspended, "a suspension");
    if (state == MembershipState::removed)
      must(outcome(host_rules(), RemoveMembers(club, who, by(boss))) == Outcome::removed, "a removal");
  }
  Result<Report> run(const Profile& profile, const Command& command, Options with = {}) {
    now = Time{static_cast<std::int64_t>(now) + 1'000};
    return Engine(profile, outbox, ids, with).run(command, now);
  }
  std::vector<Outcome> outcomes(const Profile& profile, const Command& command, Options with = {}) {
    const auto report = run(profile, command, with);
    must(report.has_value(), "a report");
    return {report.assume_value().outcomes.begin(), report.assume_value().outcomes.end()};
  }
  /// The outcome of the first cell.
  Outcome outcome(const Profile& profile, const Command& command) { return outcomes(profile, command).front(); }
  Errc error(const Profile& profile, const Command& command) {
    const auto report = run(profile, command);
    return report.has_value() ? Errc{} : report.assume_error().code;
  }

  /// "clerk active", "clerk removed", or "nothing".
  std::string at(const AccountId& who, const OrganizationId& in = club) const {
    if (const auto found = store.membership(in, who).value()) return text_of(found->role) + " " + text_of(found->state);
    const auto former = store.former_membership(in, who).value();
    return former ? text_of(former->membership.role) + " removed" : "nothing";
  }
  /// The number of members of the club; in that state, and with that role.
  std::size_t count(std::optional<MembershipState> state = {}, const RoleId& role = {}) const {
    return roster_test::members_of(this->state(), text_of(club), state, text_of(role));
  }
  std::size_t owners() const { return count(MembershipState::active, owner); }
  /// All memberships, one line each.
  std::vector<std::string> all() const { return lines(roster_test::Look(store, base).all()); }
  /// The inconsistency of the store; empty: none.
  std::string broken() const { return state().broken; }

  Time now{1'000'000};
};

inline std::size_t owners(const Ended& ended) {
  return roster_test::members_of(ended.state, text_of(club), MembershipState::active, text_of(owner));
}
inline std::size_t active(const Ended& ended) {
  return roster_test::members_of(ended.state, text_of(club), MembershipState::active);
}
inline std::size_t invited(const Ended& ended) {
  return roster_test::members_of(ended.state, text_of(club), MembershipState::invited);
}

/// A club before a race, its profile, and the participants.
struct Setup {
  std::uint32_t seats = no_limit;
  std::function<void(Club&)> before;
  Profile rules{.actor = ActorRule::host_decides};
  std::vector<Participant> players;
};

inline std::unique_ptr<roster_test::Play> begin(const Setup& scenario) {
  const auto in = std::make_shared<Club>();
  if (scenario.before) scenario.before(*in);
  if (scenario.seats != no_limit) in->put_club(scenario.seats);
  return std::make_unique<roster_test::Play>(in, scenario.rules, scenario.players, roster_test::FaultyStore::Script{},
                                             Time{9'000'000});
}
inline std::size_t every_schedule(const Setup& scenario, const std::function<void(const Ended&)>& check) {
  return roster_test::every_schedule([&] { return begin(scenario); }, check);
}

}  // namespace life

#endif
