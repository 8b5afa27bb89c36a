// Proves that a host's enum class can stand for a catalog: what is granted, what is only read, and what is the default.
#include "roster/role.hpp"

#include "catch.hpp"

namespace role_test {

namespace {

enum class HostRole { guest, admin, owner, ghost };
enum class Plain { member };

consteval auto roster_roles(HostRole) {
  using Entry = roster::RoleEntry<HostRole>;
  return std::array{
      Entry{HostRole::guest, {.id = roster::RoleId("guest"), .rank = 1}, roster::Grant::default_},
      Entry{HostRole::admin, {.id = roster::RoleId("admin"), .rank = 2, .manages = true}},
      Entry{HostRole::owner, {.id = roster::RoleId("owner"), .rank = 3, .manages = true}, roster::Grant::read_only},
  };
}
consteval auto roster_roles(Plain) {
  using Entry = roster::RoleEntry<Plain>;
  return std::array{
      Entry{Plain::member, {.id = roster::RoleId("member")}},
  };
}

}  // namespace

TEST_CASE("the catalog of an enum has its roles in order, and a role that is read only cannot be assigned") {
  const std::span<const roster::Role> catalog = roster::catalog<HostRole>;
  REQUIRE(catalog.size() == 3);
  CHECK(catalog[0] == roster::Role{roster::RoleId("guest"), 1, true, false});
  CHECK(catalog[1] == roster::Role{roster::RoleId("admin"), 2, true, true});
  CHECK(catalog[2] == roster::Role{roster::RoleId("owner"), 3, false, true});
}

TEST_CASE("an enum has one default role or none") {
  static_assert(roster::default_role<HostRole> == roster::RoleId("guest"));
  static_assert(roster::default_role<Plain>.empty());
  CHECK(roster::default_role<HostRole>.view() == "guest");
}

TEST_CASE("what may be granted is granted, when compiling and when running alike") {
  static_assert(roster::grant<HostRole::admin> == roster::RoleId("admin"));
  static_assert(roster::grant<HostRole::guest> == roster::RoleId("guest"));
  CHECK(roster::grant_of(HostRole::guest) == roster::RoleId("guest"));
  CHECK(roster::grant_of(HostRole::admin) == roster::RoleId("admin"));
  CHECK(!roster::grant_of(HostRole::owner));
  CHECK(!roster::grant_of(HostRole::ghost));
  CHECK(!roster::grant_of(static_cast<HostRole>(99)));
}

TEST_CASE("a role read back is the enumerator, also where it may not be granted, and an unknown one is nothing") {
  CHECK(roster::role_as<HostRole>(roster::RoleId("guest")) == HostRole::guest);
  CHECK(roster::role_as<HostRole>(roster::RoleId("owner")) == HostRole::owner);
  for (const char* unknown : {"Owner", "owner x", "own", "admin,owner", "member"}) {
    CHECK(!roster::role_as<HostRole>(roster::RoleId::parse(unknown).value()));
  }
  CHECK(!roster::role_as<HostRole>(roster::RoleId()));
}

}
