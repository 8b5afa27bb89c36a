// A program of another project: adds a member, and a second time.
#include <cstdio>

#include "roster/roster.hpp"
#if defined(HOST_HAS_FORMAT)
#include <fmt/core.h>

#include "roster/format.hpp"
#endif

#if defined(HOST_HAS_CONFORMANCE)
#include "roster/conformance.hpp"
#endif

#if defined(HOST_HAS_HTTP)
#include "roster/http/apis.hpp"
#include "roster/http/handler.hpp"
#endif

#if defined(HOST_HAS_SQLITE)
#include "roster/sqlite_store.hpp"
#endif

#if defined(HOST_HAS_POSTGRES)
#include "roster/postgres_store.hpp"
#endif

#if ROSTER_VERSION < 100 || ROSTER_VERSION / 10000 != ROSTER_VERSION_MAJOR
#error "one number for the version"
#endif

int main() {
  using namespace roster;
  MemoryStore store;
  if (!store.put_organization({.id = OrganizationId("acme")})) return 1;
  if (!store.put_account({.id = AccountId("ann")})) return 2;

  UuidSource ids({1, 2});
  Profile profile = profiles::recoup;
  profile.actor = ActorRule::host_decides;
  const Engine engine(profile, store, ids);
  const AddMembers command(OrganizationId("acme"), AccountId("ann"));

  auto first = engine.add(command, Time{1});
  auto second = engine.add(command, Time{2});
  if (!first || first.assume_value().at(0, 0) != Outcome::added) return 3;
  if (!second || second.assume_value().at(0, 0) != Outcome::existing) return 4;
#if defined(HOST_HAS_FORMAT)
  if (fmt::format("{}", first.assume_value().at(0, 0)) != "added") return 5;
#endif
#if defined(HOST_HAS_CONFORMANCE)
  if (conformance::laws().empty()) return 7;
#endif
#if defined(HOST_HAS_HTTP)
  const http::Handler handler(http::recoup, store, ids);
  if (handler.handle({"POST", "/api/organizations/members", {}, "{}"}, {Actor{{}, true}}, Time{3}).status != 400)
    return 8;
#endif
#if defined(HOST_HAS_SQLITE)
  auto file = SqliteStore::open(":memory:");
  if (!file || !file.assume_value().put_account({.id = AccountId("ann")})) return 9;
#endif
#if defined(HOST_HAS_POSTGRES)
  PostgresStore nowhere("host=/nowhere connect_timeout=1");  // no server, so libpq must say so
  const auto put = nowhere.put_account({.id = AccountId("ann")});
  if (put || put.assume_error().code != Errc::store_failed || nowhere.last_error_message().empty()) return 10;
#endif
  std::puts("added, then existing");
  return store.membership_count() == 1 ? 0 : 6;
}
