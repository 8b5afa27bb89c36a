// Proves that a fetch is of one moment: before each of its statements, in turn, somebody else commits a change to
// everything that it reads; it must have seen all of that change, or nothing.
#include <functional>

#include "catch.hpp"
#include "folder.hpp"
#include "numbered_world.hpp"

namespace moments_test {

using namespace roster;
using namespace roster_test;
using namespace fixtures;

namespace {

/// JustBefore the n-th statement of a connection something else is done, once.
struct JustBefore {
  int left;
  std::function<void()> something;
  static int begins(unsigned, void* self, void*, void*) {
    auto& before = *static_cast<JustBefore*>(self);
    if (--before.left == 0) before.something();
    return 0;
  }
};

}  // namespace

TEST_CASE("a fetch is of one moment, whatever is committed between its statements") {
  const Folder place;
  int statements = 0;
  for (bool interrupted = true; interrupted; ++statements) {
    place.clear();
    SqliteStore writer = SqliteStore::open(place.file("members").c_str()).value();
    SqliteStore reader = SqliteStore::open(place.file("members").c_str()).value();
    REQUIRE(put_numbered(writer, 2, 3));

    const OrganizationSelector in[] = {organization(0), organization(1)};
    const AccountSelector who[] = {account(1), account(9)};
    const RoleId steward("steward");
    Query query;
    query.organizations = in;
    query.accounts = who;
    query.roles = std::span(&steward, 1);
    query.counts = query.parents = query.inviters = true;

    JustBefore before{statements + 1, [&] {
                        UuidSource ids({1, 2});
                        REQUIRE(writer.put_account({.id = account(9)}));
                        REQUIRE(Engine(numbered_rules(), writer, ids).add(add_all(2, 3), now));
                        REQUIRE(writer.put_role(organization(0), {.id = steward, .rank = 2}, any_version));
                        REQUIRE(writer.overwrite_organization({.id = organization(0), .joinable = false}));
                      }};
    sqlite3_trace_v2(reader.connection(), SQLITE_TRACE_STMT, JustBefore::begins, &before);
    Facts facts;
    const auto fetched = reader.fetch(query, facts);
    sqlite3_trace_v2(reader.connection(), 0, nullptr, nullptr);
    interrupted = before.left <= 0;

    INFO("before statement " << statements + 1);
    REQUIRE(fetched.has_value());
    const bool seen = !facts.organizations[0].joinable;
    CHECK((facts.wanted_roles[0] != no_role) == seen);
    CHECK(!facts.accounts[1].id.empty() == seen);
    CHECK((facts.memberships.size() == 2) == seen);
    CHECK((facts.organizations[0].counts.active == 3) == seen);
  }
  CHECK(statements > 5);
}

}
