// Proves, statement by statement, that profiles::turso behaves as POST /v1/organizations/{slug}/members says.
#include "apis/seeded.hpp"

namespace turso_test {

using namespace seeded;
using profiles::TursoRole;

namespace {

/// The team chirp with an owner, an administrator, a member and a viewer; iku's personal organization; pine outside.
void furnish(Host& host) {
  host.has_organization("o1", {}, "chirp");
  host.has_organization("o2", {}, "iku", false);
  for (const char* const who : {"boss", "adm", "mem", "view", "iku", "pine"}) host.has_account(who, {}, who);
  host.has_member("o1", "boss", "owner");
  host.has_member("o1", "adm", "admin");
  host.has_member("o1", "mem", "member");
  host.has_member("o1", "view", "viewer");
  host.has_member("o2", "iku", "owner");
}

AddMembers to_chirp(std::string_view username, std::string_view as = {}, Actor actor = by("boss")) {
  return {named<Slug>("chirp"), named<Username>(username), role(as), actor};
}

}  // namespace

TEST_CASE("turso 1: an existing user is added, user name and role can be read back as bare strings") {
  Host host(profiles::turso);
  furnish(host);
  const Report report = host.add(to_chirp("iku", "admin"));
  CHECK(report.at(0, 0) == Outcome::added);
  CHECK(host.status(Outcome::added) == 200);
  CHECK(text(report.role(0, 0)) == "admin");
  CHECK(role_as<TursoRole>(report.role(0, 0)) == TursoRole::admin);
  const auto member = host.store.account(report.accounts[0].id).value();
  REQUIRE(member.has_value());
  CHECK(text(member->username) == "iku");
  CHECK(host.events == Events{"added iku to o1 as admin"});
}

TEST_CASE("turso 2: the role defaults to member, admin, member and viewer can be given, nothing else") {
  struct Row {
    const char* asked;
    Outcome outcome;
    const char* given;
    unsigned status;
  };
  const Row rows[] = {
      {"", Outcome::added, "member", 200},
      {"admin", Outcome::added, "admin", 200},
      {"member", Outcome::added, "member", 200},
      {"viewer", Outcome::added, "viewer", 200},
      {"owner", Outcome::role_not_assignable, "", 400},
      {"root", Outcome::role_not_found, "", 400},
      {"Admin", Outcome::role_not_found, "", 400},
      {"admins", Outcome::role_not_found, "", 400},
      {"admin,owner", Outcome::role_not_found, "", 400},
  };
  for (const Row& row : rows) {
    INFO("role `" << row.asked << "`");
    Host host(profiles::turso);
    furnish(host);
    const Outcome outcome = host.one(to_chirp("iku", row.asked));
    CHECK(outcome == row.outcome);
    CHECK(host.status(outcome) == row.status);
    CHECK(host.role_of("o1", "iku") == row.given);
    CHECK(host.events.size() == (row.status == 200 ? 1u : 0u));
  }
}

TEST_CASE("turso 3: an unknown user is not found, and nobody is created") {
  Host host(profiles::turso);
  furnish(host);
  const auto accounts = host.store.account_count();
  CHECK(host.one(to_chirp("nobody")) == Outcome::account_not_found);
  CHECK(host.status(Outcome::account_not_found) == 404);
  CHECK(host.store.account_count() == accounts);
  CHECK(host.events.empty());
}

TEST_CASE("turso 4: a member already is a conflict whatever the role asked for, and keeps the role there is") {
  for (const char* const asked : {"", "member", "admin", "viewer"}) {
    INFO("role `" << asked << "`");
    Host host(profiles::turso);
    furnish(host);
    const Outcome outcome = host.one(to_chirp("mem", asked));
    const bool same = std::string_view(asked).empty() || std::string_view(asked) == "member";
    CHECK(outcome == (same ? Outcome::conflict : Outcome::role_conflict));
    CHECK(host.status(outcome) == 409);
    CHECK(host.role_of("o1", "mem") == "member");
    CHECK(host.events.empty());
  }
}

TEST_CASE("turso 4: a retry of the very same request is no conflict") {
  Host host(profiles::turso);
  furnish(host);
  AddMembers command = to_chirp("iku", "admin");
  command.idempotency_key = IdempotencyKey::of("attempt 1");
  const Report first = host.add(command);
  const Report again = host.add(command);
  CHECK(again.at(0, 0) == Outcome::replayed);
  CHECK(again.membership(0, 0) == first.membership(0, 0));
  command.idempotency_key = IdempotencyKey::of("attempt 2");
  CHECK(host.one(command) == Outcome::conflict);
}

TEST_CASE("turso 4: of two concurrent requests for one user, one adds and the other is told of the conflict") {
  Host host(profiles::turso);
  furnish(host);
  const auto reports = host.race({to_chirp("iku", "viewer"), to_chirp("iku", "admin")});
  CHECK(reports[0].at(0, 0) == Outcome::added);
  CHECK(reports[1].at(0, 0) == Outcome::role_conflict);
  CHECK(host.role_of("o1", "iku") == "viewer");
}

TEST_CASE("turso 5: owners and administrators may add, members, viewers and strangers are refused") {
  struct Row {
    const char* actor;
    Outcome outcome;
  };
  for (const Row& row : {Row{"boss", Outcome::added}, Row{"adm", Outcome::added}, Row{"mem", Outcome::forbidden},
                         Row{"view", Outcome::forbidden}, Row{"pine", Outcome::forbidden}}) {
    INFO(row.actor);
    Host host(profiles::turso);
    furnish(host);
    CHECK(host.one(to_chirp("iku", "viewer", by(row.actor))) == row.outcome);
    CHECK(host.role_of("o1", "iku") == (row.outcome == Outcome::added ? "viewer" : ""));
  }
  Host host(profiles::turso);
  furnish(host);
  CHECK(host.status(Outcome::forbidden) == 403);
  CHECK(host.error(to_chirp("iku", {}, {})) == Errc::actor_missing);
}

TEST_CASE("turso 5: an administrator who is demoted between look and commit adds nobody") {
  Host host(profiles::turso);
  furnish(host);
  host.meanwhile = [&] {
    REQUIRE(host.store.erase_membership(organization("o1"), account("adm")).has_value());
    host.has_member("o1", "adm", "viewer");
  };
  CHECK(host.one(to_chirp("iku", {}, by("adm"))) == Outcome::forbidden);
  CHECK(host.role_of("o1", "iku").empty());
}

TEST_CASE("turso 6: a personal organization takes no members, not even from its owner or staff") {
  Host host(profiles::turso);
  furnish(host);
  for (const Actor& actor : {by("iku"), staff()})
    CHECK(host.one({named<Slug>("iku"), named<Username>("pine"), {}, actor}) == Outcome::organization_not_joinable);
  CHECK(host.status(Outcome::organization_not_joinable) == 400);
  CHECK(host.one({named<Slug>("iku"), named<Username>("pine"), {}, by("boss")}) == Outcome::forbidden);
  CHECK(host.events.empty());
}

TEST_CASE("turso (i): the body has `username`, an e-mail address is not a way to name a user here") {
  CHECK(refusal(profiles::turso, {}, {}, "iku") == Errc{});
  CHECK(refusal(profiles::turso, {}, "iku@chirp.example", {}) == Errc::selector_not_accepted);
  CHECK(refusal(profiles::turso, "iku", {}, {}) == Errc::selector_not_accepted);
  CHECK(refusal(profiles::turso, {}, "iku@chirp.example", "iku") == Errc::selector_ambiguous);
  CHECK(refusal(profiles::turso, {}, {}, {}) == Errc::selector_missing);
  CHECK(refusal(profiles::turso, {}, {}, "") == Errc::id_empty);
  Host host(profiles::turso);
  furnish(host);
  CHECK(host.error({named<Slug>("chirp"), email("iku@chirp.example"), {}, by("boss")}) == Errc::selector_not_accepted);
}

TEST_CASE("turso (ii): owner is read back from members and never granted") {
  Host host(profiles::turso);
  furnish(host);
  const Report report = host.add(to_chirp("boss", {}, by("adm")));
  CHECK(report.at(0, 0) == Outcome::conflict);
  CHECK(role_as<TursoRole>(report.role(0, 0)) == TursoRole::owner);
  CHECK_FALSE(grant_of(TursoRole::owner).has_value());
  for (const TursoRole given : {TursoRole::admin, TursoRole::member, TursoRole::viewer}) CHECK(grant_of(given));
}

TEST_CASE("turso (iv): an unknown slug looks like an organization the caller is not in, except to staff") {
  Host host(profiles::turso);
  furnish(host);
  CHECK(host.one({named<Slug>("nowhere"), named<Username>("iku"), {}, by("boss")}) == Outcome::forbidden);
  CHECK(host.one({named<Slug>("nowhere"), named<Username>("iku"), {}, staff()}) == Outcome::organization_not_found);
  CHECK(host.status(Outcome::organization_not_found) == 404);
}

TEST_CASE("turso (v): a store that folds user names finds every spelling and keeps the one that was given first") {
  const bool folds = GENERATE(true, false);
  Host host(profiles::turso, folds);
  furnish(host);
  host.has_account("mixed", {}, "MiXed");
  const Report report = host.add(to_chirp("mIXED"));
  CHECK(report.at(0, 0) == (folds ? Outcome::added : Outcome::account_not_found));
  if (!folds) return;
  const auto stored = host.store.account(report.accounts[0].id).value();
  REQUIRE(stored.has_value());
  CHECK(text(stored->username) == "MiXed");
  CHECK(host.one(to_chirp("MIXED")) == Outcome::conflict);
}

TEST_CASE("turso (vi): the user is resolved before the membership, the role before the user") {
  Host host(profiles::turso);
  furnish(host);
  CHECK(host.one(to_chirp("nobody", "member")) == Outcome::account_not_found);
  CHECK(host.one(to_chirp("nobody", "owner")) == Outcome::role_not_assignable);
  CHECK(host.one(to_chirp("mem", "root")) == Outcome::role_not_found);
  CHECK(host.one(to_chirp("nobody", "root", by("mem"))) == Outcome::forbidden);
}

}
