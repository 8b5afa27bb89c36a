// A small world for tests: organizations o0, o1... and accounts a0, a1..., of which a0 owns every organization.
#ifndef ROSTER_TESTS_SQLITE_SMALL_WORLD_HPP
#define ROSTER_TESTS_SQLITE_SMALL_WORLD_HPP

#include <sqlite3.h>

#include <string>
#include <vector>

#include "roster/engine.hpp"
#include "roster/profiles.hpp"
#include "roster/sqlite_store.hpp"
#include "support/store_view.hpp"

namespace roster_test {

inline constexpr roster::Time noon{1'700'000'000'000'000};

inline roster::OrganizationId organization(unsigned n) {
  return roster::OrganizationId::parse("o" + std::to_string(n)).value();
}
inline roster::AccountId account(unsigned n) {
  return roster::AccountId::parse("a" + std::to_string(n)).value();
}

inline constexpr std::array small_world_roles = {
    roster::Role{.id = roster::RoleId("member"), .rank = 1},
    roster::Role{.id = roster::RoleId("owner"), .rank = 3, .manages = true, .owns = true}};

/// Owners add members, one by one or as many as there are; who is there already stays.
inline roster::Profile small_world_profile() {
  roster::Profile profile{.actor = roster::ActorRule::host_decides};
  profile.name = "small world";
  profile.mode = roster::Mode::best_effort;
  profile.on_same_role = profile.on_other_role = roster::OnConflict::keep;
  profile.roles = small_world_roles;
  profile.default_role = small_world_roles[0].id;
  profile.actor = roster::ActorRule::manager;
  profile.accounts_max = profile.organizations_max = 10'000;
  profile.cells_max = 1'000'000;
  return profile;
}

inline World small_world(unsigned organizations, unsigned accounts) {
  World world;
  for (unsigned i = 0; i < accounts; ++i) world.people["a" + std::to_string(i)];
  for (unsigned i = 0; i < organizations; ++i) {
    world.places["o" + std::to_string(i)];
    world.members[{"o" + std::to_string(i), "a0"}].role = "owner";
  }
  return world;
}
/// False if the store refused something.
template <class AnyStore>
bool settle(AnyStore& store, unsigned organizations, unsigned accounts) {
  return put_world(store, small_world(organizations, accounts));
}

/// Everybody but a0 into every organization.
inline roster::AddMembers everybody(unsigned organizations, unsigned accounts) {
  std::vector<roster::OrganizationSelector> to;
  std::vector<roster::AccountSelector> who;
  for (unsigned i = 0; i < organizations; ++i) to.emplace_back(organization(i));
  for (unsigned i = 1; i < accounts; ++i) who.emplace_back(account(i));
  return roster::AddMembers(std::move(to), std::move(who), {}, roster::Actor{account(0)},
                            roster::IdempotencyKey::of("everybody"));
}

inline bool run(sqlite3* connection, const char* text) {
  return sqlite3_exec(connection, text, nullptr, nullptr, nullptr) == SQLITE_OK;
}
/// The first column of the first row; -1 if there is none.
inline std::int64_t ask(sqlite3* connection, const char* text) {
  sqlite3_stmt* statement = nullptr;
  std::int64_t number = -1;
  if (sqlite3_prepare_v2(connection, text, -1, &statement, nullptr) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW)
    number = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return number;
}

}  // namespace roster_test

#endif
