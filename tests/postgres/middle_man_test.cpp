// Proves that an operation that fails in its last statement leaves nothing, behind a middle-man that ends the
// transaction after each statement outside BEGIN, and that no unit of statements is cut there.
#include "middle_man.hpp"

#include <functional>

#include "scenario.hpp"

namespace middle_man_test {

using namespace postgres_testing;

namespace {

/// Every record, without versions and turns.
std::string rows_of(Session& session) {
  return session.run(
      "SELECT concat_ws(E'\\n', (SELECT string_agg(concat_ws(' ', organization_id, slug, parent_id), ', ' ORDER BY "
      "organization_id) FROM roster_organizations), (SELECT string_agg(concat_ws(' ', slug, organization_id), ', ' "
      "ORDER BY slug) FROM roster_slugs), (SELECT string_agg(concat_ws(' ', organization_id, role_id), ', ' ORDER BY "
      "role_id) FROM roster_roles), (SELECT string_agg(concat_ws(' ', account_id, email_key, username), ', ' ORDER BY "
      "account_id) FROM roster_accounts), (SELECT string_agg(concat_ws(' ', email_key, account_id), ', ' ORDER BY "
      "email_key) FROM roster_emails), (SELECT string_agg(concat_ws(' ', username_key, account_id), ', ' ORDER BY "
      "username_key) FROM roster_usernames), (SELECT string_agg(concat_ws(' ', account_id, role_id, state), ', ' ORDER "
      "BY account_id) FROM roster_memberships), (SELECT count(*) FROM roster_outbox))");
}

struct Scenario {
  Scenario()
      : conninfo(make_database("middle_man", Tables::read_committed)),
        session(conninfo),
        host(conninfo.c_str()),
        middle(conninfo, {.by_statement = true}),
        store(middle.conninfo().c_str(), {.outbox = true}) {
    fill(host, 1, 1);
    must(host, host.put_account({.id = AccountId("zed"), .email = address("zed"), .username = Username("zed")}));
    must(host, host.put_organization({.id = OrganizationId("other"), .slug = Slug("other")}));
    must(host, host.put_role(acme, fixtures::ranks[0], any_version));
  }
  std::string conninfo;
  Session session;
  PostgresStore host;
  MiddleMan middle;
  PostgresStore store;
  UuidSource ids{{1, 2}};
};

/// A commit to which a rival comes first.
Result<void> late(Scenario& scenario, const Command& command, const std::function<void()>& rival) {
  const Profile profile = rules();
  Operation operation(profile, command, {now, &scenario.ids, true});
  operation.provide(scenario.store.fetch(operation.query(), operation.facts()));
  if (operation.need() != Operation::Need::commit) return Errc::out_of_memory;
  rival();
  return scenario.store.commit(operation.changes());
}

}  // namespace

TEST_CASE("an operation that fails in its last statement leaves nothing behind an engine that goes by statements",
          "[postgres][failures]") {
  Scenario scenario;
  PostgresStore& store = scenario.store;
  std::string before;
  const auto refused = [&](const char* what, Errc why, auto&& operation) {
    INFO(what);
    before = rows_of(scenario.session);
    const auto done = operation();
    REQUIRE(done.has_error());
    CHECK(done.error().code == why);
    CHECK(rows_of(scenario.session) == before);
  };
  refused("a commit that creates an account for an address that is taken meanwhile", Errc::stale, [&] {
    return late(scenario, AddMembers(acme, address("zoe"), {}, by(boss)), [&] {
      must(scenario.host, scenario.host.put_account({.id = AccountId("rival"), .email = address("zoe")}));
      before = rows_of(scenario.session);
    });
  });
  refused("an account with a username that is taken", Errc::exists,
          [&] { return store.put_account({.id = AccountId("new"), .username = Username("zed")}); });
  refused("an organization with a slug that is taken", Errc::exists,
          [&] { return store.put_organization({.id = OrganizationId("new"), .slug = Slug("other")}); });
  refused("a change of two accounts to one address", Errc::exists, [&] {
    std::array updates = {AccountUpdate{.id = ann, .change = {.email = address("same")}, .version = any_version},
                          AccountUpdate{.id = bob, .change = {.email = address("same")}, .version = any_version}};
    return store.change_accounts(updates);
  });
  refused("an erase of an account that is a member", Errc::has_members,
          [&] { return store.erase_account(boss, any_version, Mentions::keep); });
  refused("an erase of an organization with a member", Errc::has_members,
          [&] { return store.erase_organization(acme, any_version); });
}

TEST_CASE("no unit of statements is cut by an engine that goes by statements", "[postgres][failures]") {
  Scenario scenario;
  PostgresStore& store = scenario.store;
  const Engine engine(rules(), store, scenario.ids);
  const auto done = [&](const char* what, const auto& result) {
    INFO(what << ": " << store.last_error_message());
    CHECK(result.has_value());
    CHECK(scenario.middle.cuts() == 0);
  };
  const auto ran = [&](const char* what, const Command& command) {
    const auto report = engine.run(command, now);
    done(what, report);
    CHECK(report.value().succeeded());
  };
  ran("an add", AddMembers(acme, ann, {}, by(boss)));
  ran("an add by address", AddMembers(acme, address("zoe"), {}, by(boss)));
  ran("a change of a role", ChangeRole(acme, ann, owner, by(boss)));
  ran("a removal", RemoveMembers(acme, ann, by(boss)));
  done("a child", store.put_organization({.id = OrganizationId("new"), .slug = Slug("s"), .parent = acme}));
  done("a change of an organization", store.change_organization(acme, {.slug = Slug("t")}, any_version));
  done("an erase of an organization", store.erase_organization(OrganizationId("new"), any_version));
  done("a role", store.put_role(acme, fixtures::ranks[1], any_version));
  done("an erase of a role", store.erase_role(acme, fixtures::ranks[1].id, fixtures::ranks[0].id, any_version));
  done("an account", store.overwrite_account({.id = ann, .email = address("ann"), .username = Username("ann")}));
  done("accounts", store.add_accounts(std::array{AccountRecord{.id = AccountId("c1")}}));
  done("a change of an account", store.change_account(ann, {.email = address("anna")}, any_version));
  done("an erase of an account", store.erase_account(AccountId("zed"), any_version, Mentions::erase));
  done("a group", store.overwrite_group(GroupName("pair"), std::array{ann, bob}));
  done("an erase of a membership", store.erase_membership(acme, boss));
}

}  // namespace middle_man_test
