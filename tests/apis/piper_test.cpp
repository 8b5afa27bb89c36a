// Proves, statement by statement, that profiles::piper behaves as POST /v1/organizations/{org_id}/members says.
#include "apis/seeded.hpp"

namespace piper_test {

using namespace seeded;

namespace {

constexpr std::string_view system_role = "3c90c3cc-0d44-4b50-8888-8dd257360501",
                           own_role = "3c90c3cc-0d44-4b50-8888-8dd257360502",
                           foreign_role = "3c90c3cc-0d44-4b50-8888-8dd257360503",
                           closed_role = "3c90c3cc-0d44-4b50-8888-8dd257360504";

/// Two organizations: a system role in both, a role of its own in each, and in the first one that nobody can be given.
void furnish(Host& host) {
  for (const char* const place : {"o1", "o2"}) {
    host.has_organization(place);
    host.has_role(place, {.id = role(system_role), .rank = 1});
  }
  host.has_role("o1", {.id = role(own_role), .rank = 2});
  host.has_role("o1", {.id = role(closed_role), .rank = 3, .assignable = false});
  host.has_role("o2", {.id = role(foreign_role), .rank = 2});
  host.has_account("jane", "jsmith@example.com");
  host.has_account("gone", "gone@example.com", {}, true);
}

AddMembers add(std::string_view address, std::string_view as, std::string_view place = "o1") {
  return {organization(place), email(address), role(as)};
}

}  // namespace

TEST_CASE("piper 1, 2: an e-mail and a role id give a membership whose every part agrees with the request") {
  Host host(profiles::piper);
  furnish(host);
  const Report report = host.add(add("JSmith@Example.com", own_role));
  CHECK(report.at(0, 0) == Outcome::added);
  CHECK(host.status(Outcome::added) == 200);
  const Membership membership = host.membership("o1", report.accounts[0].id);
  CHECK_FALSE(membership.id.empty());
  CHECK(membership.id == report.membership(0, 0));
  CHECK(text(membership.account) == "jane");
  CHECK(text(membership.organization) == "o1");
  CHECK(text(membership.role) == own_role);
  CHECK(text(report.role(0, 0)) == own_role);
  CHECK(membership.added_at == now);
  CHECK(membership.state == MembershipState::active);
  const auto user = host.store.account(membership.account).value();
  REQUIRE(user.has_value());
  REQUIRE(user->email.has_value());
  CHECK(*user->email == email("JSmith@Example.com"));
}

TEST_CASE("piper 3: a missing role is refused, a missing or malformed e-mail is an error") {
  Host host(profiles::piper);
  furnish(host);
  CHECK(host.one(add("jsmith@example.com", "")) == Outcome::role_not_found);
  CHECK(host.status(Outcome::role_not_found) == 422);
  CHECK(host.events.empty());
  CHECK(refusal(profiles::piper, {}, {}, {}) == Errc::selector_missing);
  CHECK(refusal(profiles::piper, {}, "jsmith", {}) == Errc::email_no_at);
  CHECK(refusal(profiles::piper, {}, "jsmith@example.com", {}) == Errc{});
  CHECK(refusal(profiles::piper, "jane", {}, {}) == Errc::selector_not_accepted);
  CHECK(refusal(profiles::piper, {}, {}, "jane") == Errc::selector_not_accepted);
  CHECK(IdempotencyKey::parse(own_role).has_value());  // the reader by which a host checks that an id is a UUID
  CHECK(IdempotencyKey::parse("not-a-uuid").has_error());
}

TEST_CASE("piper 4: roles belong to organizations, unknown, foreign and unassignable ones write nothing") {
  struct Row {
    const char* statement;
    std::string_view place, as;
    Outcome outcome;
  };
  const Row rows[] = {
      {"a system role is in the first organization", "o1", system_role, Outcome::added},
      {"and in the second", "o2", system_role, Outcome::added},
      {"an organization's own role", "o1", own_role, Outcome::added},
      {"the other organization's own role", "o2", foreign_role, Outcome::added},
      {"a role of another organization", "o1", foreign_role, Outcome::role_not_found},
      {"and the other way round", "o2", own_role, Outcome::role_not_found},
      {"a role of no organization", "o1", "3c90c3cc-0d44-4b50-8888-8dd2573605ff", Outcome::role_not_found},
      {"an unassignable role", "o1", closed_role, Outcome::role_not_assignable},
  };
  for (const Row& row : rows) {
    INFO(row.statement);
    Host host(profiles::piper);
    furnish(host);
    const Outcome outcome = host.one(add("jsmith@example.com", row.as, row.place));
    CHECK(outcome == row.outcome);
    CHECK(host.status(outcome) == (row.outcome == Outcome::added ? 200u : 422u));
    CHECK(host.role_of(row.place, "jane") == (row.outcome == Outcome::added ? row.as : ""));
    CHECK(host.events.size() == (row.outcome == Outcome::added ? 1u : 0u));
  }
}

TEST_CASE("piper 4: a role that is refused invites nobody") {
  Host host(profiles::piper);
  furnish(host);
  const auto accounts = host.store.account_count();
  CHECK(host.one(add("new@example.com", foreign_role)) == Outcome::role_not_found);
  CHECK(host.store.account_count() == accounts);
}

TEST_CASE("piper 4: a role that is closed between look and commit is not given") {
  Host host(profiles::piper);
  furnish(host);
  host.meanwhile = [&] { host.has_role("o1", {.id = role(own_role), .rank = 2, .assignable = false}); };
  CHECK(host.one(add("jsmith@example.com", own_role)) == Outcome::role_not_assignable);
  CHECK(host.role_of("o1", "jane").empty());
}

TEST_CASE("piper 5: the token is the host's to judge: no actor is needed and nobody is forbidden") {
  Host host(profiles::piper);
  furnish(host);
  AddMembers command = add("jsmith@example.com", system_role);
  CHECK(host.one(command) == Outcome::added);
  command.actor = by("stranger");
  CHECK(host.one(command) == Outcome::conflict);
  CHECK(host.status(Outcome::forbidden) == 403);
}

TEST_CASE("piper: an unknown organization is not found") {
  Host host(profiles::piper);
  furnish(host);
  CHECK(host.one(add("jsmith@example.com", system_role, "nowhere")) == Outcome::organization_not_found);
  CHECK(host.status(Outcome::organization_not_found) == 404);
}

TEST_CASE("piper (i): an unknown e-mail is invited: a pending account with a pending membership") {
  Host host(profiles::piper);
  furnish(host);
  const Report report = host.add(add("New@Example.com", own_role));
  CHECK(report.at(0, 0) == Outcome::invited);
  CHECK(host.status(Outcome::invited) == 200);
  CHECK(report.accounts[0].created);
  const auto user = host.store.account(report.accounts[0].id).value();
  REQUIRE(user.has_value());
  CHECK(user->invited);
  CHECK(user->email->text() == "New@Example.com");
  const Membership membership = host.membership("o1", user->id);
  CHECK(membership.state == MembershipState::invited);
  CHECK(membership.added_at == now);
  CHECK(text(membership.role) == own_role);
  CHECK(host.events ==
        Events{"created new@example.com, invited", "added new@example.com to o1 as " + std::string(own_role)});
}

TEST_CASE("piper (i): concurrent invitations of one address make one account and one membership") {
  Host host(profiles::piper);
  furnish(host);
  const auto accounts = host.store.account_count();
  const auto reports = host.race({add("new@example.com", own_role), add("NEW@example.com", system_role)});
  CHECK(reports[0].at(0, 0) == Outcome::invited);
  CHECK(reports[1].at(0, 0) == Outcome::role_conflict);
  CHECK(host.store.account_count() == accounts + 1);
  CHECK(host.store.member_count(organization("o1")).value() == 1);
}

TEST_CASE("piper (i): whoever has not accepted yet waits in a second organization as well") {
  Host host(profiles::piper);
  furnish(host);
  const Report first = host.add(add("new@example.com", system_role));
  const Report second = host.add(add("new@example.com", system_role, "o2"));
  CHECK(second.at(0, 0) == Outcome::invited);
  CHECK(second.accounts[0].id == first.accounts[0].id);
  CHECK(host.membership("o2", second.accounts[0].id).state == MembershipState::invited);
}

TEST_CASE("piper (i): a host that wants no invitations changes one field") {
  Profile strict = profiles::piper;
  strict.on_unknown_account = OnUnknown::reject;
  Host host(strict);
  furnish(host);
  CHECK(host.one(add("new@example.com", own_role)) == Outcome::account_not_found);
  CHECK(host.events.empty());
}

TEST_CASE("piper (ii): a member already is a conflict, a host may have it that only another role is one") {
  Host host(profiles::piper);
  furnish(host);
  CHECK(host.one(add("jsmith@example.com", own_role)) == Outcome::added);
  CHECK(host.one(add("jsmith@example.com", own_role)) == Outcome::conflict);
  CHECK(host.one(add("jsmith@example.com", system_role)) == Outcome::role_conflict);
  CHECK(host.status(Outcome::conflict) == 409);
  CHECK(host.status(Outcome::role_conflict) == 409);
  host.profile.on_same_role = OnConflict::keep;
  CHECK(host.one(add("jsmith@example.com", own_role)) == Outcome::existing);
  CHECK(host.one(add("jsmith@example.com", system_role)) == Outcome::role_conflict);
  CHECK(host.role_of("o1", "jane") == own_role);
}

TEST_CASE("piper (ii): an invited member is a member already, and stays invited") {
  Host host(profiles::piper);
  furnish(host);
  const Report first = host.add(add("new@example.com", own_role));
  const auto accounts = host.store.account_count();
  CHECK(host.one(add("new@example.com", own_role)) == Outcome::conflict);
  CHECK(host.store.account_count() == accounts);
  CHECK(host.membership("o1", first.accounts[0].id).state == MembershipState::invited);
}

TEST_CASE("piper (iii): ownership is a field of the organization, not a role, so no add can give it") {
  Host host(profiles::piper);
  furnish(host);
  CHECK(host.one(add("jsmith@example.com", "owner")) == Outcome::role_not_found);
  CHECK(host.role_of("o1", "jane").empty());
}

TEST_CASE("piper (iv): a disabled user is refused, also when it is disabled between look and commit") {
  Host host(profiles::piper);
  furnish(host);
  CHECK(host.one(add("gone@example.com", own_role)) == Outcome::account_disabled);
  CHECK(host.status(Outcome::account_disabled) == 409);
  host.meanwhile = [&] { host.has_account("jane", "jsmith@example.com", {}, true); };
  CHECK(host.one(add("jsmith@example.com", own_role)) == Outcome::account_disabled);
  CHECK(host.role_of("o1", "jane").empty());
  CHECK(host.events.empty());
}

}
