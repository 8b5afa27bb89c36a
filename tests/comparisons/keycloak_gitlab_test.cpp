// What went wrong in Keycloak and GitLab, and does not here.
#include "comparisons/compared_products.hpp"

namespace keycloak_gitlab_test {

using namespace fixtures;

TEST_CASE("D17: two joins at once, and the key of the table decides") {
  // Keycloak: the data is safe, but the loser fails when everything is flushed, with an error that nobody maps to 409.
  const Profile strict = with(manager_rules(), [](Profile& p) { p.on_same_role = OnConflict::reject; });
  const Participant adds = participant<AddMembers>(acme, ann, clerk, by(boss));
  in_every_order({no_limit, {}, strict, {adds, adds}}, [](const Ended& ended) {
    CHECK(ended.count("added") == 1);
    CHECK(ended.count("conflict") == 1);
  });
  CHECK(strict.status[Outcome::conflict] == 409);
}

TEST_CASE("D18: somebody who has no account here") {
  // Keycloak: a user of another realm is answered 409, already a member.
  AcmeFixture in;
  CHECK(in.outcome(manager_rules(), AddMembers(acme, AccountId("of-another-realm"), clerk, by(boss))) ==
        Outcome::account_not_found);
  CHECK(in.outcome(manager_rules(), RemoveMembers(acme, AccountId("of-another-realm"), by(boss))) ==
        Outcome::account_not_found);
}

TEST_CASE("D19: a removal removes a membership") {
  // Keycloak: removing a managed member deletes the user's account.
  for (const bool keeps : {true, false}) {
    const Profile rules = with(manager_rules(), [&](Profile& p) { p.keeps_tombstones = keeps; });
    AcmeFixture in;
    const auto invited = in.run(rules, Invite(acme, address("new@x.example"), clerk, by(boss)));
    REQUIRE(invited.has_value());
    in.put(ann, clerk);
    in.put(works, ann, clerk);
    const auto accounts = in.store.account_count();
    CHECK(in.outcome(rules, RemoveMembers(acme, address("new@x.example"), by(boss))) == Outcome::removed);
    CHECK(in.outcome(rules, RemoveMembers(acme, ann, by(boss))) == Outcome::removed);
    CHECK(in.store.account_count() == accounts);
    CHECK(in.at(ann, works) == "clerk active");
    CHECK(in.outcome(rules, AddMembers(acme, ann, clerk, by(boss))) == Outcome::added);
  }
}

TEST_CASE("D20: inviting somebody who is a member, or is invited already") {
  // Keycloak: one of the two operations looks at neither, and invites members again.
  const Profile keeps = with(manager_rules(), [](Profile& p) { p.on_reinvite = OnReinvite::keep; });
  const Profile strict = with(keeps, [](Profile& p) { p.on_same_role = OnConflict::reject; });
  for (const State state : {State::active, State::invited}) {
    AcmeFixture in;
    in.put(ann, clerk, state);
    const auto before = in.exactly();
    CHECK(in.outcome(strict, Invite(acme, ann, clerk, by(boss))) == Outcome::conflict);
    CHECK(in.outcome(strict, Invite(acme, address("Ann@X.example"), clerk, by(boss))) == Outcome::conflict);
    CHECK(in.outcome(keeps, Invite(acme, ann, clerk, by(boss))) ==
          (state == State::active ? Outcome::existing : Outcome::still_invited));
    CHECK(in.exactly() == before);
  }
}

TEST_CASE("D21: a name that is malformed, and a name that nobody has") {
  // Keycloak: a body of the wrong shape is answered "User does not exist".
  const Profile rules = manager_rules();
  const auto malformed = select_account(rules, std::string_view("ann\n"), {}, {});
  REQUIRE(malformed.has_error());
  CHECK(malformed.assume_error() == Error(Errc::id_bad_byte, 3));
  const auto nothing = select_account(rules, {}, {}, {});
  REQUIRE(nothing.has_error());
  CHECK(nothing.assume_error().code == Errc::selector_missing);
  const auto unknown = select_account(rules, std::string_view("{\"id\":\"ann\"}"), {}, {});
  REQUIRE(unknown.has_value());
  AcmeFixture in;
  CHECK(in.outcome(rules, AddMembers(acme, unknown.assume_value(), clerk, by(boss))) == Outcome::account_not_found);
}

TEST_CASE("D22: one member alone and the same in a list") {
  // GitLab: one id is answered 409; a list with that id in it silently changes the role.
  const std::vector<AccountSelector> list{bob, ann, cid};
  AcmeFixture in;
  in.put(ann, clerk);
  CHECK(in.outcome(manager_rules(), AddMembers(acme, ann, admin, by(boss))) == Outcome::role_conflict);
  CHECK(in.outcomes(manager_rules(), AddMembers(acme, list, admin, by(boss))) ==
        Outcomes{Outcome::added, Outcome::role_conflict, Outcome::added});
  CHECK(in.at(ann) == "clerk active");
}

TEST_CASE("D23: a bulk with ids that nobody has") {
  // GitLab: they are discarded, and nobody is told.
  const std::vector<AccountSelector> list{ann, AccountId("7777"), bob, AccountId("8888")};
  const Outcomes expected{Outcome::removed, Outcome::account_not_found, Outcome::removed, Outcome::account_not_found};
  AcmeFixture in;
  in.put(ann, clerk);
  in.put(bob, clerk);
  CHECK(in.outcomes(manager_rules(), RemoveMembers(acme, list, by(boss))) == expected);
}

TEST_CASE("D24: addresses and ids in one list") {
  // GitLab: addresses are carried out first, the order is lost, and errors hide in an answer of success.
  const std::vector<AccountSelector> list{ann, address("new@x.example"), stranger, address("BOB@x.example"), cid};
  AcmeFixture in;
  in.put(cid, admin);
  in.put(bob, clerk);
  const auto answer = in.run(manager_rules(), Invite(acme, list, clerk, by(boss)));
  REQUIRE(answer.has_value());
  const Report& report = answer.assume_value();
  CHECK(Outcomes(report.outcomes.begin(), report.outcomes.end()) ==
        Outcomes{Outcome::invited, Outcome::invited, Outcome::invited, Outcome::existing, Outcome::role_conflict});
  CHECK_FALSE(report.succeeded());
  CHECK(report.accounts[0].id == ann);
  CHECK(report.accounts[1].created);
  CHECK(report.accounts[3].id == bob);
}

}
