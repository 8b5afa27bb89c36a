// Proves that the tables refuse what must not be in them, whoever writes: which columns may be NULL, what is unique,
// what stands where nothing was said; and that each look-up finds the record that it names and no other.
#include "catch.hpp"
#include "folder.hpp"
#include "numbered_world.hpp"
#include "prop.hpp"

namespace schema_test {

using namespace roster;
using namespace roster_test;
using namespace fixtures;

namespace {

/// The rows of a statement with one column, a line each.
std::string lines(sqlite3* connection, const char* sql) {
  std::string text;
  REQUIRE(sqlite3_exec(
              connection, sql,
              [](void* to, int, char** values, char**) {
                *static_cast<std::string*>(to) += std::string(values[0]) + "\n";
                return 0;
              },
              &text, nullptr) == SQLITE_OK);
  return text;
}

#define OF_EACH_TABLE " FROM (SELECT name AS t FROM sqlite_master WHERE type = 'table' AND name LIKE 'roster%')"

}  // namespace

TEST_CASE("schema: only what may be unknown may be NULL") {
  const SqliteStore store = SqliteStore::open(":memory:").value();
  CHECK(lines(store.connection(), "SELECT t || '.' || c.name" OF_EACH_TABLE
                                  ", pragma_table_info(t) c WHERE c.\"notnull\" = 0 AND c.pk = 0 ORDER BY 1") ==
        "roster_accounts.email\n"
        "roster_accounts.email_key\n"
        "roster_accounts.former_id\n"
        "roster_accounts.username\n"
        "roster_accounts.username_key\n"
        "roster_memberships.previous_idempotency_key\n"
        "roster_memberships.state_changed_by\n"
        "roster_memberships.written_at\n"
        "roster_organizations.parent\n"
        "roster_organizations.seats_max\n"
        "roster_organizations.slug\n"
        "roster_outbox.actor\n"
        "roster_outbox.invitation_until\n"
        "roster_outbox.membership\n"
        "roster_outbox.organization\n"
        "roster_outbox.role\n"
        "roster_outbox.valid_until\n");
}

TEST_CASE("schema: what is said where nothing was said") {
  const SqliteStore store = SqliteStore::open(":memory:").value();
  CHECK(lines(store.connection(), "SELECT t || '.' || c.name || ' ' || c.dflt_value" OF_EACH_TABLE
                                  ", pragma_table_info(t) c WHERE c.dflt_value IS NOT NULL ORDER BY 1") ==
        "roster_accounts.disabled 0\n"
        "roster_accounts.invited 0\n"
        "roster_accounts.verified 0\n"
        "roster_accounts.version 1\n"
        "roster_catalog.takes_seat 1\n"
        "roster_memberships.invitation_until 0\n"
        "roster_organizations.closed 0\n"
        "roster_organizations.counted 0\n"
        "roster_organizations.first_version 1\n"
        "roster_organizations.has_roles 0\n"
        "roster_organizations.joinable 1\n"
        "roster_organizations.version 1\n"
        "roster_roles.has_owned 0\n"
        "roster_schema.first_version 1\n");
}

TEST_CASE("schema: what is unique, and by what the tables are searched") {
  const SqliteStore store = SqliteStore::open(":memory:").value();
  CHECK(lines(store.connection(),
              "SELECT t || ' (' || group_concat(name) || ')' || CASE u WHEN 1 THEN '' ELSE ' not unique' END"
              " FROM (SELECT t, i.name AS index_name, i.\"unique\" AS u, k.name AS name" OF_EACH_TABLE
              ", pragma_index_list(t) i, pragma_index_info(i.name) k ORDER BY t, i.name, k.seqno)"
              " GROUP BY t, index_name ORDER BY 1") ==
        "roster_accounts (email_key)\n"
        "roster_accounts (former_id)\n"
        "roster_accounts (id)\n"
        "roster_accounts (username_key)\n"
        "roster_catalog (organization,role)\n"
        "roster_group_accounts (group_n,place)\n"
        "roster_groups (name)\n"
        "roster_member_counts (organization,role,kind)\n"
        "roster_memberships (account) not unique\n"
        "roster_memberships (organization,account)\n"
        "roster_memberships (organization,invitation_until) not unique\n"
        "roster_organizations (id)\n"
        "roster_organizations (parent,id) not unique\n"
        "roster_organizations (slug)\n"
        "roster_roles (id)\n");
}

TEST_CASE("look-ups: each of several records is found by each of its names, and nothing by another") {
  SqliteStore store = SqliteStore::open(":memory:").value();
  const auto named = [](const char* kind, int n) { return kind + std::to_string(n); };
  for (int n = 0; n < 3; ++n) {
    REQUIRE(store.put_organization(
        {.id = OrganizationId::parse(named("org", n)).value(),
         .slug = Slug::parse(named("slug", n)).value(),
         .parent = n == 0 ? OrganizationId() : OrganizationId::parse(named("org", n - 1)).value()}));
    REQUIRE(store.put_account({.id = AccountId::parse(named("account", n)).value(),
                               .email = Email::parse(named("a", n) + "@x.example").value(),
                               .username = Username::parse(named("user", n)).value()}));
  }
  for (int n = 0; n < 4; ++n) {
    const auto id = OrganizationId::parse(named("org", n)).value();
    std::vector<OrganizationSelector> organizations{id, Slug::parse(named("slug", n)).value()};
    if (n > 0) organizations.push_back(Nested{OrganizationId::parse(named("org", n - 1)).value(), id});
    for (const OrganizationSelector& name : organizations) {
      const auto found = store.organization(name).value();
      REQUIRE(found.has_value() == (n < 3));
      if (found) CHECK(found->id == id);
    }
    const auto account = AccountId::parse(named("account", n)).value();
    for (const AccountSelector& name :
         {AccountSelector(account), AccountSelector(Email::parse(named("a", n) + "@x.example").value()),
          AccountSelector(Username::parse(named("user", n)).value())}) {
      const auto found = store.account(name).value();
      REQUIRE(found.has_value() == (n < 3));
      if (found) CHECK(found->id == account);
    }
  }
  CHECK_FALSE(store.organization(Nested{OrganizationId("org0"), OrganizationId("org2")}).value().has_value());
}

}
