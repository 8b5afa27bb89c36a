// Proves, statement by statement, that profiles::recoup behaves as POST /api/organizations/members says.
#include "apis/seeded.hpp"

namespace recoup_test {

using namespace seeded;

namespace {

/// acme, whose member boss is; ana and bob have accounts; zoe is a stranger.
void furnish(Host& host) {
  host.has_organization("acme");
  host.has_organization("other");
  for (const char* const who : {"boss", "ana", "bob", "zoe"})
    host.has_account(who, std::string(who) + "@label.example");
  host.has_member("acme", "boss", "member");
}

AddMembers to_acme(AccountSelector who, Actor actor = by("boss")) {
  return {organization("acme"), std::move(who), {}, actor};
}

}  // namespace

TEST_CASE("recoup 1: a new account id gets a membership id, and the account id comes back") {
  Host host(profiles::recoup);
  furnish(host);
  const Report report = host.add(to_acme(account("ana")));
  CHECK(report.at(0, 0) == Outcome::added);
  CHECK(host.status(report.at(0, 0)) == 200);
  CHECK_FALSE(report.membership(0, 0).empty());
  CHECK(report.membership(0, 0) == host.membership("acme", account("ana")).id);
  CHECK(text(report.accounts[0].id) == "ana");
  CHECK(host.events == Events{"added ana to acme as member"});
}

TEST_CASE("recoup 2: the same again gives the same membership id, no second row, no event") {
  Host host(profiles::recoup);
  furnish(host);
  const MembershipId first = host.add(to_acme(account("ana"))).membership(0, 0);
  host.take_events();
  const Membership before = host.membership("acme", account("ana"));
  const Report again = host.add(to_acme(account("ana")));
  CHECK(again.at(0, 0) == Outcome::existing);
  CHECK(host.status(Outcome::existing) == 200);
  CHECK(again.membership(0, 0) == first);
  CHECK(text(again.accounts[0].id) == "ana");
  CHECK(host.store.member_count(organization("acme")).value() == 2);
  CHECK(host.membership("acme", account("ana")).version == before.version);
  CHECK(host.events.empty());
}

TEST_CASE("recoup 3: a known e-mail is resolved to its account") {
  Host host(profiles::recoup);
  furnish(host);
  const auto accounts = host.store.account_count();
  const Report report = host.add(to_acme(email("bob@label.example")));
  CHECK(report.at(0, 0) == Outcome::added);
  CHECK(text(report.accounts[0].id) == "bob");
  CHECK_FALSE(report.accounts[0].created);
  CHECK(host.store.account_count() == accounts);
}

TEST_CASE("recoup 4: an unknown e-mail gets an account, then the membership") {
  Host host(profiles::recoup);
  furnish(host);
  const Report report = host.add(to_acme(email("New@Label.example")));
  CHECK(report.at(0, 0) == Outcome::added);
  CHECK(report.accounts[0].created);
  const auto created = host.store.account(email("new@label.example")).value();
  REQUIRE(created.has_value());
  CHECK(created->id == report.accounts[0].id);
  CHECK_FALSE(created->invited);
  CHECK(created->email->text() == "New@Label.example");
  CHECK(host.membership("acme", created->id).state == MembershipState::active);
  CHECK(host.events == Events{"created new@label.example", "added new@label.example to acme as member"});
}

TEST_CASE("recoup 4: N concurrent requests for an unknown e-mail create one account and one membership") {
  const int rivals = GENERATE(2, 3, 7);
  Host host(profiles::recoup);
  furnish(host);
  const auto accounts = host.store.account_count();
  const std::vector<AddMembers> commands(static_cast<std::size_t>(rivals), to_acme(email("new@label.example")));
  const auto reports = host.race(commands);
  int added = 0, created = 0;
  for (const Report& report : reports) {
    CHECK(succeeded(report.at(0, 0)));
    CHECK(report.membership(0, 0) == reports[0].membership(0, 0));
    CHECK(report.accounts[0].id == reports[0].accounts[0].id);
    added += report.at(0, 0) == Outcome::added ? 1 : 0;
    created += report.accounts[0].created ? 1 : 0;
  }
  CHECK(added == 1);
  CHECK(created == 1);
  CHECK(host.store.account_count() == accounts + 1);
  CHECK(host.store.member_count(organization("acme")).value() == 2);
  CHECK(host.events.size() == 2);
}

TEST_CASE("recoup 5: account id and e-mail of one account, in either order, give the same membership id") {
  const bool id_first = GENERATE(true, false);
  Host host(profiles::recoup);
  furnish(host);
  const AddMembers by_id = to_acme(account("ana")), by_email = to_acme(email("ANA@label.example"));
  const Report first = host.add(id_first ? by_id : by_email), second = host.add(id_first ? by_email : by_id);
  CHECK(first.at(0, 0) == Outcome::added);
  CHECK(second.at(0, 0) == Outcome::existing);
  CHECK(first.membership(0, 0) == second.membership(0, 0));
  CHECK(first.accounts[0].id == second.accounts[0].id);
}

TEST_CASE("recoup 6, 7, 9: exactly one of account id and e-mail, and what is given must be well formed") {
  struct Row {
    const char* statement;
    std::optional<std::string_view> id, address, username;
    Errc code;
  };
  const Row rows[] = {
      {"6: both", "ana", "ana@label.example", {}, Errc::selector_ambiguous},
      {"6: neither", {}, {}, {}, Errc::selector_missing},
      {"6: one, the id", "ana", {}, {}, Errc{}},
      {"6: one, the e-mail", {}, "ana@label.example", {}, Errc{}},
      {"7: an e-mail without an @", {}, "ana.label.example", {}, Errc::email_no_at},
      {"7: an e-mail with a space", {}, "a na@label.example", {}, Errc::email_local_part},
      {"7: an e-mail with one label", {}, "ana@label", {}, Errc::email_domain},
      {"7: an id with a line break", "ana\n", {}, {}, Errc::id_bad_byte},
      {"7: an id with a blank behind it", "ana ", {}, {}, Errc::id_blank_at_end},
      {"7: an id with a character that is not seen", "an\u200Ba", {}, {}, Errc::id_invisible},
      {"9: an empty id is malformed, not absent", "", {}, {}, Errc::id_empty},
      {"9: an empty e-mail is malformed, not absent", {}, "", {}, Errc::email_empty},
      {"9: an empty one beside a good one is both", "", "ana@label.example", {}, Errc::selector_ambiguous},
      {"the API has no usernames", {}, {}, "ana", Errc::selector_not_accepted},
  };
  for (const Row& row : rows) {
    INFO(row.statement);
    CHECK(refusal(profiles::recoup, row.id, row.address, row.username) == row.code);
  }
}

TEST_CASE("recoup 7: what this API writes as a UUID is checked by the library's reader, to the byte") {
  std::array<std::uint8_t, 16> bytes{};
  CHECK(parse_uuid("3c90c3cc-0d44-4b50-8888-8dd25736052a", bytes).has_value());
  for (const char* const wrong :
       {"", "acme", "3c90c3cc0d444b5088888dd25736052a", "{3c90c3cc-0d44-4b50-8888-8dd25736052a}",
        "3c90c3cc-0d44-4b50-8888-8dd25736052g", "3c90c3cc-0d44-4b50-8888-8dd25736052a\n"}) {
    INFO(wrong);
    auto parsed = parse_uuid(wrong, bytes);
    REQUIRE(parsed.has_error());
    CHECK(parsed.assume_error().code == Errc::uuid_malformed);
  }
}

TEST_CASE("recoup 7: a missing organization id, or a blank account, is an error of the command, and nothing is asked") {
  Host host(profiles::recoup);
  furnish(host);
  CHECK(host.error({OrganizationId{}, account("ana"), {}, by("boss")}) == Errc::id_empty);
  CHECK(host.error(to_acme(AccountId{})) == Errc::id_empty);
  CHECK(host.error(to_acme(Email{})) == Errc::email_empty);
  CHECK(host.error(to_acme(named<Username>("ana"))) == Errc::selector_not_accepted);
  CHECK(host.events.empty());
}

TEST_CASE("recoup 8: members, the organization's own account and platform administrators may add, others are refused") {
  struct Row {
    const char* statement;
    Actor actor;
    Outcome outcome;
  };
  const Row rows[] = {
      {"a member", by("boss"), Outcome::added},
      {"a member whose role the API does not know", by("kim"), Outcome::added},
      {"a stranger", by("zoe"), Outcome::forbidden},
      {"an account that does not exist", by("nobody"), Outcome::forbidden},
      {"the organization itself", by("acme"), Outcome::added},
      {"another organization's account", by("other"), Outcome::forbidden},
      {"a platform administrator", staff(), Outcome::added},
      {"a platform administrator with an account", {account("zoe"), true}, Outcome::added},
  };
  for (const Row& row : rows) {
    INFO(row.statement);
    Host host(profiles::recoup);
    furnish(host);
    host.has_account("kim", "kim@label.example");
    host.has_member("acme", "kim", "gardener");
    CHECK(host.one(to_acme(account("ana"), row.actor)) == row.outcome);
    CHECK(host.role_of("acme", "ana") == (row.outcome == Outcome::added ? "member" : ""));
    CHECK(host.events.size() == (row.outcome == Outcome::added ? 1u : 0u));
  }
  Host host(profiles::recoup);
  CHECK(host.status(Outcome::forbidden) == 403);
}

TEST_CASE("recoup 8: a request without an actor never reaches the rules: who is not signed in is the host's 401") {
  Host host(profiles::recoup);
  furnish(host);
  CHECK(host.error(to_acme(account("ana"), {})) == Errc::actor_missing);
}

TEST_CASE("recoup 8: a stranger learns nothing about accounts: forbidden comes before account_not_found") {
  Host host(profiles::recoup);
  furnish(host);
  for (const AccountSelector& who : {AccountSelector(account("ana")), AccountSelector(account("nobody")),
                                     AccountSelector(email("ana@label.example"))}) {
    const Report report = host.add(to_acme(who, by("zoe")));
    CHECK(report.at(0, 0) == Outcome::forbidden);
    CHECK(report.accounts[0].id.empty());
    CHECK(report.membership(0, 0).empty());
  }
}

TEST_CASE("recoup (i): an unknown organization looks like one the caller is not in, except to staff") {
  Host host(profiles::recoup);
  furnish(host);
  CHECK(host.one({organization("nowhere"), account("ana"), {}, by("boss")}) == Outcome::forbidden);
  CHECK(host.one({organization("nowhere"), account("ana"), {}, by("nowhere")}) == Outcome::forbidden);
  CHECK(host.one({organization("nowhere"), account("ana"), {}, staff()}) == Outcome::organization_not_found);
  CHECK(host.status(Outcome::forbidden) == 403);
  CHECK(host.status(Outcome::organization_not_found) == 404);
}

TEST_CASE("recoup (ii): an unknown account id is a refusal with the hint 400, and creates nothing") {
  Host host(profiles::recoup);
  furnish(host);
  const auto accounts = host.store.account_count();
  CHECK(host.one(to_acme(account("nobody"))) == Outcome::account_not_found);
  CHECK(host.status(Outcome::account_not_found) == 400);
  CHECK(host.store.account_count() == accounts);
}

TEST_CASE("recoup (iii): addresses that differ in letter case are one account") {
  Host host(profiles::recoup);
  furnish(host);
  const auto accounts = host.store.account_count();
  const Report first = host.add(to_acme(email("new@label.example")));
  const Report second = host.add(to_acme(email("NEW@LABEL.EXAMPLE")));
  CHECK(second.at(0, 0) == Outcome::existing);
  CHECK(second.membership(0, 0) == first.membership(0, 0));
  CHECK(host.store.account_count() == accounts + 1);
}

TEST_CASE("recoup (iv): the host's own automatic join between our look and our commit leaves one membership") {
  Host host(profiles::recoup);
  furnish(host);
  const auto accounts = host.store.account_count();
  host.meanwhile = [&] {
    host.has_account("auto", "new@label.example");
    host.has_member("acme", "auto", "member");
  };
  const Report report = host.add(to_acme(email("new@label.example")));
  CHECK(report.at(0, 0) == Outcome::existing);
  CHECK(text(report.accounts[0].id) == "auto");
  CHECK_FALSE(report.accounts[0].created);
  CHECK(report.membership(0, 0) == host.membership("acme", account("auto")).id);
  CHECK(host.store.account_count() == accounts + 1);
  CHECK(host.store.member_count(organization("acme")).value() == 2);
  CHECK(host.events.empty());
}

TEST_CASE("recoup (iv): an automatic join to another organization leaves the add as it is") {
  Host host(profiles::recoup);
  furnish(host);
  host.meanwhile = [&] {
    host.has_account("auto", "new@label.example");
    host.has_member("other", "auto", "member");
  };
  const Report report = host.add(to_acme(email("new@label.example")));
  CHECK(report.at(0, 0) == Outcome::added);
  CHECK(text(report.accounts[0].id) == "auto");
  CHECK(host.role_of("acme", "auto") == "member");
  CHECK(host.role_of("other", "auto") == "member");
}

TEST_CASE("recoup (v): any plain member may add, also one who was added a moment ago, an invited one may not yet") {
  Host host(profiles::recoup);
  furnish(host);
  CHECK(host.one(to_acme(account("ana"))) == Outcome::added);
  CHECK(host.one(to_acme(account("bob"), by("ana"))) == Outcome::added);
  host.has_account("guest");
  host.has_member("acme", "guest", "member", MembershipState::invited);
  CHECK(host.one(to_acme(account("zoe"), by("guest"))) == Outcome::forbidden);
}

TEST_CASE("recoup (vi): a membership carries the API's one role, there is no other") {
  Host host(profiles::recoup);
  furnish(host);
  const Report report = host.add(to_acme(account("ana")));
  CHECK(report.role(0, 0) == grant<profiles::RecoupRole::member>);
  CHECK(host.one({organization("acme"), account("bob"), role("admin"), by("boss")}) == Outcome::role_not_found);
  CHECK(host.role_of("acme", "bob").empty());
  CHECK(host.one({organization("acme"), account("bob"), role("member"), by("boss")}) == Outcome::added);
}

TEST_CASE("recoup: whoever lost the right to add between look and commit is refused") {
  Host host(profiles::recoup);
  furnish(host);
  host.meanwhile = [&] { REQUIRE(host.store.erase_membership(organization("acme"), account("boss")).has_value()); };
  CHECK(host.one(to_acme(account("ana"))) == Outcome::forbidden);
  CHECK(host.role_of("acme", "ana").empty());
}

TEST_CASE("recoup: one account into one organization, not more, in one request") {
  Host host(profiles::recoup);
  furnish(host);
  const std::vector<AccountSelector> two{account("ana"), account("bob")};
  CHECK(host.error({organization("acme"), two, {}, by("boss")}) == Errc::batch_too_large);
}

}
