// Proves that the example programs leave what is in a file that is in use as it is.
#include "../../docs/examples/http_host/directory.hpp"
#include "../../docs/examples/quickstart/chosen_store.hpp"
#include "catch.hpp"
#include "folder.hpp"
#include "roster/sqlite_store.hpp"
#define QUICKSTART_HAS_SQLITE
#include "../../docs/examples/quickstart/chosen_store.cpp"

namespace examples_test {

using namespace roster;
using namespace roster_test;

TEST_CASE("quickstart: records that are in the file already keep what a roster file does not know") {
  const Folder place;
  const std::string file = place.file("roster.db");
  const Email email = Email::parse("ada@example.com").value();
  {
    SqliteStore host = SqliteStore::open(file.c_str(), {.case_insensitive_usernames = true}).value();
    REQUIRE(
        host.put_organization({.id = OrganizationId("acme"), .slug = Slug("a"), .joinable = false, .seats_max = 3}));
    REQUIRE(host.put_account({.id = AccountId("ada"), .email = email, .disabled = true}));
    REQUIRE(host.put_account({.id = AccountId("7"), .email = {}, .username = Username("Bob"), .disabled = true}));
  }
  std::string why;
  const auto chosen = quickstart::choose_store("sqlite:" + file, 1, why);
  REQUIRE(chosen);
  REQUIRE(chosen->put({{.id = OrganizationId("acme")}, {.id = OrganizationId("new"), .parent = OrganizationId("acme")}},
                      {{.id = AccountId("ada"), .email = {}, .username = Username("ada")},
                       {.id = AccountId("bob"), .email = {}, .username = Username("bob")},
                       {.id = AccountId("eve"), .email = {}, .username = Username("eve")}}));

  const SqliteStore host = SqliteStore::open(file.c_str(), {.case_insensitive_usernames = true}).value();
  const auto acme = host.organization(OrganizationId("acme")).value();
  CHECK(acme->slug == Slug("a"));
  CHECK(acme->seats_max == 3);
  CHECK_FALSE(acme->joinable);
  CHECK(host.organization(OrganizationId("new")).value()->parent == OrganizationId("acme"));
  const auto ada = host.account(AccountId("ada")).value();
  CHECK(ada->email == email);
  CHECK(ada->disabled);
  CHECK(host.account(Username("bob")).value()->id == AccountId("7"));
  CHECK(host.account(Username("eve")).value()->id == AccountId("eve"));
  CHECK(host.account_count().value() == 3);
}

TEST_CASE("http_host: a directory that is put again changes nobody") {
  SqliteStore store = SqliteStore::open(":memory:").value();
  UuidSource ids({1, 2});
  REQUIRE(http_host::fill(store, ids));
  REQUIRE(store.overwrite_account({.id = http_host::grace, .email = {}, .disabled = true}));
  REQUIRE(store.overwrite_organization({.id = http_host::acme, .seats_max = 3}));
  REQUIRE(http_host::fill(store, ids));
  const auto grace = store.account(http_host::grace).value();
  CHECK(grace->disabled);
  CHECK_FALSE(grace->email);
  CHECK(store.organization(http_host::acme).value()->seats_max == 3);
  CHECK(store.membership_count().value() == 5);
}

}
