// A small small world in a database, and the profile under which the tests of PostgresStore act on it.
#ifndef ROSTER_TESTS_POSTGRES_SCENARIO_HPP
#define ROSTER_TESTS_POSTGRES_SCENARIO_HPP

#include <array>
#include <string>
#include <vector>

#include "catch.hpp"
#include "database.hpp"
#include "roster/roster.hpp"

namespace postgres_testing {

inline constexpr OrganizationId club{"club"};
inline constexpr AccountId ann{"ann"}, bob{"bob"}, boss{"boss"};
inline constexpr RoleId member{"member"}, owner{"owner"};
inline constexpr std::array catalog_of_club = {Role{.id = member, .rank = 1},
                                               Role{.id = owner, .rank = 2, .manages = true, .owns = true}};
inline constexpr Time now{1'700'000'000'000'000};

/// Best effort, managers act, an unknown address gets an account, a member is a conflict: so that a repeat which is not
/// recognised as one is seen.
inline Profile rules() {
  Profile rules{.actor = roster::ActorRule::host_decides};
  rules.name = "club";
  rules.roles = catalog_of_club;
  rules.default_role = member;
  rules.on_unknown_account = OnUnknown::create;
  rules.on_same_role = rules.on_other_role = OnConflict::reject;
  rules.actor = ActorRule::manager;
  rules.mode = Mode::best_effort;
  rules.accounts_max = 10'000;
  rules.organizations_max = 1'000;
  return rules;
}

template <class AnyId>
AnyId numbered(const char* kind, int number) {
  return AnyId::parse(kind + std::to_string(number)).value();
}
inline Email address(const std::string& name) {
  return Email::parse(name + "@example.com").value();
}
inline IdempotencyKey request(const std::string& text) {
  return IdempotencyKey::of(text);
}

/// Fails the test with the server's own words.
inline void must(const PostgresStore& store, const Result<void>& done) {
  INFO(store.last_error_message());
  REQUIRE(done.has_value());
}

/// The club with its boss, an owner; Ann and Bob; `more` accounts a0, a1... and as many organizations o0, o1... in
/// which the boss is an owner too.
inline void fill(PostgresStore& store, int organizations = 0, int accounts = 0, std::uint32_t seats_max = no_limit) {
  UuidSource ids({7, 7});
  std::vector<AccountRecord> people{{.id = ann}, {.id = bob}, {.id = boss}};
  for (int i = 0; i < accounts; ++i) people.push_back({.id = numbered<AccountId>("a", i)});
  must(store, store.add_accounts(people));
  for (int i = -1; i < organizations; ++i) {
    const OrganizationId in = i < 0 ? club : numbered<OrganizationId>("o", i);
    must(store, store.put_organization({.id = in, .seats_max = seats_max}));
    MembershipId id;
    ids.fill({&id, 1});
    must(store, store.put_membership({.id = id, .organization = in, .account = boss, .role = owner}));
  }
}

inline Actor by(const AccountId& account) {
  return {.id = account};
}

}  // namespace postgres_testing

#endif
