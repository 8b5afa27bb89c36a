// The fixture world in a database, and the profile of the tests of PostgresStore.
#ifndef ROSTER_TESTS_POSTGRES_SCENARIO_HPP
#define ROSTER_TESTS_POSTGRES_SCENARIO_HPP

#include <string>

#include "catch.hpp"
#include "database.hpp"
#include "roster/roster.hpp"
#include "support/fixture_world.hpp"

namespace postgres_testing {

using fixtures::acme, fixtures::ann, fixtures::bob, fixtures::boss, fixtures::by, fixtures::clerk, fixtures::owner;
using roster_test::now;

/// Best effort, managers act, an unknown address gets an account. A member is a conflict, so that a retry which is not
/// recognised is seen.
inline Profile rules() {
  return fixtures::with(fixtures::manager_rules(), [](Profile& p) {
    p.on_unknown_account = OnUnknown::create;
    p.on_same_role = p.on_other_role = OnConflict::reject;
    p.accounts_max = 10'000;
  });
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

/// Fails the test with the error message of the server.
template <class T>
void must(const PostgresStore& store, const Result<T>& done) {
  INFO(store.last_error_message());
  REQUIRE(done.has_value());
}

/// Acme with its boss, an owner; Ann and Bob; `accounts` accounts a0, a1... and as many organizations o0, o1... in
/// which the boss is an owner too.
inline void fill(PostgresStore& store, unsigned organizations = 0, unsigned accounts = 0,
                 std::uint32_t seats_max = no_limit) {
  INFO(store.last_error_message());
  REQUIRE(roster_test::put_world(store, fixtures::fixture_world({.organizations = {acme},
                                                                 .accounts = {ann, bob, boss},
                                                                 .seats_max = seats_max,
                                                                 .numbered_organizations = organizations,
                                                                 .numbered_accounts = accounts})));
}

}  // namespace postgres_testing

#endif
