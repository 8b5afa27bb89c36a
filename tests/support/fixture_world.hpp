// The fixture world: the organizations, accounts and roles that the tests of all programs share, and the one function
// that builds them. AcmeFixture is a store that is filled with them; tests take its memberships through their states.
#ifndef ROSTER_TESTS_SUPPORT_FIXTURE_WORLD_HPP
#define ROSTER_TESTS_SUPPORT_FIXTURE_WORLD_HPP

#include "support/schedule.hpp"
#include "support/store_view.hpp"

namespace fixtures {

using namespace roster;
using roster_test::meanwhile;
using roster_test::participant;
using roster_test::Participant;
using roster_test::text_of;
using roster_test::World;

inline constexpr OrganizationId acme{"acme"}, works{"works"}, lab{"lab"}, nowhere{"nowhere"};
inline constexpr AccountId ann{"ann"}, bob{"bob"}, cid{"cid"}, dora{"dora"}, emil{"emil"};
inline constexpr AccountId boss{"boss"};          // an owner of every organization
inline constexpr AccountId stranger{"stranger"};  // an account without memberships
inline constexpr RoleId guest{"guest"}, clerk{"clerk"}, admin{"admin"}, owner{"owner"}, ghost{"ghost"};
/// A time later than every command here.
inline constexpr Time far_off{9'000'000'000'000'000};

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
inline Profile manager_rules() {
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

/// o0, o1... and a0, a1...: the names of the tests with many records.
inline OrganizationId organization(unsigned n) {
  return roster_test::id<OrganizationId>("o" + std::to_string(n));
}
inline AccountId account(unsigned n) {
  return roster_test::id<AccountId>("a" + std::to_string(n));
}

/// The records of a fixture world.
struct WorldShape {
  std::vector<OrganizationId> organizations = {acme, works};
  std::vector<AccountId> accounts = {ann, bob, cid, dora, emil, boss, stranger};
  AccountId owner = boss;              // of every organization; empty: nobody is a member
  bool nested = false;                 // acme contains the other organizations
  bool own_catalogs = false;           // each organization has the roles of `ranks`
  std::uint32_t seats_max = no_limit;  // of acme
  unsigned numbered_organizations = 0, numbered_accounts = 0;
};
inline World fixture_world(WorldShape shape = {}) {
  for (unsigned i = 0; i < shape.numbered_organizations; ++i) shape.organizations.push_back(organization(i));
  for (unsigned i = 0; i < shape.numbered_accounts; ++i) shape.accounts.push_back(account(i));
  World world;
  for (const OrganizationId& each : shape.organizations) {
    roster_test::Place& place = world.places[text_of(each)];
    if (each == acme) place.seats_max = shape.seats_max;
    if (shape.nested && !(each == acme)) place.parent = text_of(acme);
    for (const Role& role : ranks)
      if (shape.own_catalogs) place.roles[text_of(role.id)] = role;
    if (!shape.owner.empty()) world.members[{text_of(each), text_of(shape.owner)}].role = text_of(owner);
  }
  for (const AccountId& each : shape.accounts)
    world.people[text_of(each)] = {.email = text_of(each) + "@x.example", .username = text_of(each), .verified = true};
  return world;
}

/// A fixture with a clock, and short functions that read its state.
class AcmeFixture : public roster_test::TestFixture {
 public:
  explicit AcmeFixture(std::uint32_t seats_max = no_limit) : TestFixture(fixture_world({.seats_max = seats_max})) {
    must(filled, "a world");
  }

  void put_acme(std::uint32_t seats_max) {
    must(store.overwrite_organization({.id = acme, .seats_max = seats_max}).has_value(), "acme");
  }
  void put_account(AccountRecord record) {
    if (!record.email) record.email = address(text_of(record.id) + "@x.example");
    must(store.overwrite_account(record).has_value(), "an account");
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
      return must(outcome(host_rules(), Invite(acme, who, as, by(inviter))) == Outcome::invited, "an invitation");
    put(acme, who, as);
    if (state == MembershipState::suspended)
      must(outcome(host_rules(), Suspend(acme, who, by(boss))) == Outcome::suspended, "a suspension");
    if (state == MembershipState::removed)
      must(outcome(host_rules(), RemoveMembers(acme, who, by(boss))) == Outcome::removed, "a removal");
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
  std::string at(const AccountId& who, const OrganizationId& in = acme) const {
    if (const auto found = store.membership(in, who).value()) return text_of(found->role) + " " + text_of(found->state);
    const auto former = store.former_membership(in, who).value();
    return former ? text_of(former->membership.role) + " removed" : "nothing";
  }
  /// The number of members of acme; in that state, and with that role.
  std::size_t count(std::optional<MembershipState> state = {}, const RoleId& role = {}) const {
    return roster_test::members_of(this->state(), text_of(acme), state, text_of(role));
  }
  std::size_t owners() const { return count(MembershipState::active, owner); }
  /// All memberships, one line each.
  std::vector<std::string> all() const { return lines(roster_test::Look(store, base).all()); }
  /// The inconsistency of the store; empty: none.
  std::string broken() const { return state().broken; }

  Time now{1'000'000};
};

}  // namespace fixtures

#endif
