// Proves that the tables refuse what must not be in them, whoever writes: which columns may be NULL, what is unique,
// what stands where nothing was said; and that each look-up finds the record that it names and no other.
#include "scenario.hpp"

namespace schema_test {

using namespace postgres_testing;

namespace {
std::string lines(Session& session, const std::string& sql) {
  return session.run("SELECT string_agg(line, E'\\n' ORDER BY line COLLATE \"C\") FROM (" + sql + ") x (line)");
}
}  // namespace

TEST_CASE("schema: only what may be unknown may be NULL, what is unique, and what stands where nothing was said",
          "[postgres][trips]") {
  Session session(make_database("schema", Tables::read_committed));
  CHECK(lines(session,
              "SELECT table_name || '.' || column_name FROM information_schema.columns"
              " WHERE table_name LIKE 'roster%' AND is_nullable = 'YES'") ==
        "roster_accounts.email\n"
        "roster_accounts.email_key\n"
        "roster_accounts.username\n"
        "roster_accounts.username_key\n"
        "roster_memberships.idempotency_key\n"
        "roster_memberships.previous_idempotency_key\n"
        "roster_memberships.state_changed_by\n"
        "roster_memberships.written_at\n"
        "roster_organizations.parent_id\n"
        "roster_organizations.slug\n"
        "roster_outbox.actor_id\n"
        "roster_outbox.idempotency_key\n"
        "roster_outbox.invitation_until\n"
        "roster_outbox.previous_role_id\n"
        "roster_outbox.role_id\n"
        "roster_outbox.valid_until");
  CHECK(lines(session,
              "SELECT table_name || '.' || column_name || ' ' || column_default FROM information_schema.columns"
              " WHERE table_name LIKE 'roster%' AND column_default IS NOT NULL") ==
        "roster_accounts.disabled false\n"
        "roster_accounts.invited false\n"
        "roster_accounts.verified false\n"
        "roster_accounts.version 1\n"
        "roster_memberships.invitation_until 0\n"
        "roster_memberships.valid_until 0\n"
        "roster_organizations.closed false\n"
        "roster_organizations.lock_count 0\n"
        "roster_roles.takes_seat true");
  CHECK(lines(session,
              "SELECT tablename || substring(indexdef FROM ' \\(.*$') ||"
              " CASE WHEN indexdef LIKE 'CREATE UNIQUE%' THEN '' ELSE ', not unique' END"
              " FROM pg_indexes WHERE tablename LIKE 'roster%'") ==
        "roster_accounts (account_id)\n"
        "roster_emails (email_key)\n"
        "roster_groups (group_name)\n"
        "roster_memberships (account_id, organization_id), not unique\n"
        "roster_memberships (membership_id, organization_id)\n"
        "roster_memberships (organization_id, account_id)\n"
        "roster_memberships (role_id, organization_id) WHERE ((state = 0) AND (valid_until = 0)), not unique\n"
        "roster_memberships (state_changed_by, organization_id) WHERE (state_changed_by IS NOT NULL), not unique\n"
        "roster_organizations (organization_id)\n"
        "roster_organizations (parent_id, organization_id) WHERE (parent_id IS NOT NULL), not unique\n"
        "roster_outbox (organization_id, record, version)\n"
        "roster_outbox (seq), not unique\n"
        "roster_owner_roles (role_id)\n"
        "roster_roles (organization_id, role_id)\n"
        "roster_schema (part)\n"
        "roster_slugs (slug)\n"
        "roster_usernames (username_key)");
}

TEST_CASE("schema: tables of a later version are accepted while this version may use them", "[postgres][trips]") {
  const std::string conninfo = make_database("later", Tables::read_committed);
  Session session(conninfo);
  PostgresStore store(conninfo.c_str());
  session.run("UPDATE roster_schema SET version = 99");
  CHECK(store.create_schema());
  session.run("UPDATE roster_schema SET readable_from = 4");
  const auto refused = store.create_schema();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::store_failed);
  CHECK(refused.error().detail == PostgresStore::schema_differs);
}

TEST_CASE("versions: none comes again after a host has deleted rows by a statement of its own", "[postgres][trips]") {
  const std::string conninfo = make_database("versions", Tables::read_committed);
  Session session(conninfo);
  PostgresStore store(conninfo.c_str());
  fill(store);
  Version versions[3] = {};
  for (int round = 0; round < 3; ++round) {
    INFO("round " << round);
    session.run("DELETE FROM roster_memberships; DELETE FROM roster_organizations; DELETE FROM roster_accounts");
    session.run("DELETE FROM roster_emails; DELETE FROM roster_usernames");
    const Version now[] = {store.put_organization({.id = acme}).value(), store.put_account({.id = ann}).value(), {}};
    const Membership membership{
        .id = MembershipId{{1}}, .organization = acme, .account = ann, .role = clerk, .version = {}};
    must(store, store.put_membership(membership));
    for (int record = 0; record < 3; ++record) {
      const Version version = record < 2 ? now[record] : store.membership(acme, ann).value()->version;
      CHECK(version > versions[record]);
      versions[record] = version;
    }
  }
}

TEST_CASE("look-ups: each of several records is found by each of its names, and nothing by another",
          "[postgres][trips]") {
  PostgresStore store(make_database("lookups", Tables::read_committed).c_str());
  const auto named = [](const char* kind, int n) { return kind + std::to_string(n); };
  for (int n = 0; n < 3; ++n) {
    OrganizationRecord organization{.id = numbered<OrganizationId>("org", n), .slug = numbered<Slug>("slug", n)};
    if (n > 0) organization.parent = numbered<OrganizationId>("org", n - 1);
    must(store, store.put_organization(organization));
    must(store, store.put_account({.id = numbered<AccountId>("account", n),
                                   .email = Email::parse(named("a", n) + "@x.example").value(),
                                   .username = numbered<Username>("user", n)}));
  }
  for (int n = 0; n < 4; ++n) {
    const auto id = numbered<OrganizationId>("org", n);
    std::vector<OrganizationSelector> organizations{id, numbered<Slug>("slug", n)};
    if (n > 0) organizations.push_back(Nested{numbered<OrganizationId>("org", n - 1), id});
    for (const OrganizationSelector& name : organizations) {
      const auto found = store.organization(name).value();
      REQUIRE(found.has_value() == (n < 3));
      if (found) CHECK(found->id == id);
    }
    const auto account = numbered<AccountId>("account", n);
    for (const AccountSelector& name :
         {AccountSelector(account), AccountSelector(Email::parse(named("a", n) + "@x.example").value()),
          AccountSelector(numbered<Username>("user", n))}) {
      const auto found = store.account(name).value();
      REQUIRE(found.has_value() == (n < 3));
      if (found) CHECK(found->id == account);
    }
  }
  CHECK_FALSE(store.organization(Nested{OrganizationId("org0"), OrganizationId("org2")}).value().has_value());
}

TEST_CASE("look-ups: a name that the store never writes is a failure of the store, not of memory",
          "[postgres][trips]") {
  const std::string conninfo = make_database("unreadable", Tables::read_committed);
  PostgresStore store(conninfo.c_str());
  must(store, store.put_account({.id = AccountId("ann"), .email = Email::parse("ann@x.example").value()}));
  for (const char* const damage : {"username = repeat('x', 300)", "username = NULL, email = 'no address'"}) {
    INFO(damage);
    Session(conninfo).run(std::string("UPDATE roster_accounts SET ") + damage);
    const auto found = store.account(AccountId("ann"));
    REQUIRE_FALSE(found);
    CHECK(found.error().code == Errc::store_failed);
  }
}

}  // namespace schema_test
