// What users of other membership systems suffered from most, and how it goes here.
#include "comparisons/compared_products.hpp"

namespace reported_faults_test {

using namespace fixtures;

TEST_CASE("pain 2: an invitation is accepted by somebody who is a member already") {
  // There: 500, and the invitation stays pending for ever.
  AcmeFixture in;
  in.put(ann, clerk);
  CHECK(in.outcome(manager_rules(), AcceptInvitation(acme, ann)) == Outcome::existing);
  CHECK(in.count(State::invited) == 0);
}

TEST_CASE("pain 3: already a member is an answer that the caller can choose") {
  AcmeFixture in;
  in.put(ann, clerk);
  const auto same = [&](OnConflict policy) {
    return in.outcome(with(manager_rules(), [&](Profile& p) { p.on_same_role = policy; }),
                      AddMembers(acme, ann, clerk, by(boss)));
  };
  CHECK(same(OnConflict::keep) == Outcome::existing);
  CHECK(same(OnConflict::reject) == Outcome::conflict);
}

TEST_CASE("pain 6: a caller that undoes what it did can tell what it did") {
  // There: nothing done looks like something done, so a rollback deletes what was there before.
  AcmeFixture in;
  in.put(ann, clerk);
  const std::vector<AccountSelector> both{ann, bob};
  const auto outcomes = in.outcomes(manager_rules(), AddMembers(acme, both, clerk, by(boss)));
  CHECK(outcomes == Outcomes{Outcome::existing, Outcome::added});
  const auto answer = in.run(replacing(), AddMembers(acme, ann, guest, by(boss)));
  REQUIRE(answer.has_value());
  const Previous* const was = answer.assume_value().before(0, 0);
  REQUIRE(was != nullptr);
  CHECK(in.outcome(manager_rules(), ChangeRole(acme, ann, answer.assume_value().roles[was->role], by(boss))) ==
        Outcome::replaced);
  CHECK(in.at(ann) == "clerk active");
}

TEST_CASE("pain 7: a slow add, then a removal, then the add is tried again") {
  // There: the member is back.
  for (const OnFormer policy : {OnFormer::refuse, OnFormer::reactivate, OnFormer::restore_role, OnFormer::fresh}) {
    const Profile rules = with(manager_rules(), [&](Profile& p) { p.on_removed = policy; });
    const AddMembers slow(acme, ann, clerk, by(boss), key("slow"));
    AcmeFixture in;
    REQUIRE(in.outcome(rules, slow) == Outcome::added);
    REQUIRE(in.outcome(rules, RemoveMembers(acme, ann, by(boss))) == Outcome::removed);
    CHECK(in.outcome(rules, slow) == Outcome::was_removed);
    CHECK(in.at(ann) == "clerk removed");
  }
}

TEST_CASE("pain 8: nothing that changes nothing is announced") {
  AcmeFixture in;
  in.put(ann, clerk);
  in.put(bob, clerk, State::suspended);
  in.outbox.events.clear();
  in.outbox.commits = 0;
  in.outcome(manager_rules(), AddMembers(acme, ann, clerk, by(boss)));
  in.outcome(manager_rules(), ChangeRole(acme, ann, clerk, by(boss)));
  in.outcome(manager_rules(), Suspend(acme, bob, by(boss)));
  in.outcome(manager_rules(), Reactivate(acme, ann, by(boss)));
  in.outcome(manager_rules(), AcceptInvitation(acme, ann));
  in.outcome(manager_rules(), RemoveMembers(acme, cid, by(boss)));
  CHECK(in.outbox.events.empty());
  CHECK(in.outbox.commits == 0);
}

TEST_CASE("pain 9: a bulk that failed in part is run again") {
  // There: no reason for each, and the second run fails on those whom the first had added.
  const std::vector<AccountSelector> people{ann, AccountId("nobody"), bob};
  const AddMembers bulk(acme, people, clerk, by(boss), key("bulk"));
  AcmeFixture in;
  CHECK(in.outcomes(manager_rules(), bulk) == Outcomes{Outcome::added, Outcome::account_not_found, Outcome::added});
  in.put_account({.id = AccountId("nobody")});
  CHECK(in.outcomes(manager_rules(), bulk) == Outcomes{Outcome::replayed, Outcome::added, Outcome::replayed});
  CHECK(in.outcomes(manager_rules(), AddMembers(acme, people, clerk, by(boss))) == Outcomes(3, Outcome::existing));
}

TEST_CASE("pain 10: an address in other letters is the same person") {
  AcmeFixture in;
  REQUIRE(in.outcome(manager_rules(), Invite(acme, address("New@X.example"), clerk, by(boss))) == Outcome::invited);
  CHECK(in.outcome(manager_rules(), Invite(acme, address("nEW@x.EXAMPLE"), clerk, by(boss))) ==
        Outcome::invitation_renewed);
  CHECK(in.outcome(manager_rules(), RevokeInvitation(acme, address("NEW@X.EXAMPLE"), by(boss))) == Outcome::removed);
  CHECK(in.count(State::invited) == 0);
}

TEST_CASE("pain 14: a manager makes nobody an owner, by whatever door") {
  // There: add, invite, update or accept is the one that forgot to look.
  AcmeFixture in;
  in.put(bob, admin);
  in.put(cid, clerk);
  in.put(dora, owner, State::suspended);
  const auto before = in.exactly();
  const Profile open = with(replacing(), [](Profile& p) { p.on_suspended = p.on_removed = OnFormer::restore_role; });
  CHECK(in.outcome(open, AddMembers(acme, ann, owner, by(bob))) == Outcome::outranked);
  CHECK(in.outcome(open, Invite(acme, ann, owner, by(bob))) == Outcome::outranked);
  CHECK(in.outcome(open, Invite(acme, address("new@x.example"), owner, by(bob))) == Outcome::outranked);
  CHECK(in.outcome(open, AddMembers(acme, cid, owner, by(bob))) == Outcome::outranked);
  CHECK(in.outcome(open, ChangeRole(acme, cid, owner, by(bob))) == Outcome::outranked);
  CHECK(in.outcome(open, ChangeRole(acme, bob, owner, by(bob))) == Outcome::outranked);
  CHECK(in.outcomes(open, TransferOwnership(acme, cid, owner, clerk, by(bob)))[0] == Outcome::forbidden);
  CHECK(in.outcome(open, Reactivate(acme, dora, by(bob))) == Outcome::outranked);
  CHECK(in.outcome(open, AddMembers(acme, dora, clerk, by(bob))) == Outcome::outranked);
  CHECK(in.exactly() == before);
  // An invitation that an owner sent while he was one.
  in.put(emil, owner);
  in.put(ann, owner, State::invited, emil);
  REQUIRE(in.outcome(manager_rules(), ChangeRole(acme, emil, admin, by(boss))) == Outcome::replaced);
  CHECK(in.outcome(manager_rules(), AcceptInvitation(acme, ann)) == Outcome::inviter_lapsed);
}

TEST_CASE("pain 15: inviting or adding again demotes nobody, unless that is what was asked for") {
  AcmeFixture in;
  in.put(ann, admin);
  CHECK(in.outcome(manager_rules(), Invite(acme, ann, guest, by(boss))) == Outcome::role_conflict);
  const Profile raises = with(manager_rules(), [](Profile& p) { p.on_other_role = OnConflict::raise; });
  CHECK(in.outcome(raises, AddMembers(acme, ann, guest, by(boss))) == Outcome::existing);
  CHECK(in.at(ann) == "admin active");
  CHECK(in.outcome(raises, AddMembers(acme, ann, owner, by(boss))) == Outcome::replaced);
  CHECK(in.outcome(replacing(), AddMembers(acme, ann, guest, by(boss))) == Outcome::replaced);
}

TEST_CASE("pain 16: an invitation counts itself once") {
  // There: the limit is looked at only when inviting, or the invitation is in its own way when it is accepted.
  AcmeFixture in(2);
  const Profile rules = seated(SeatRule::active_and_invited);
  CHECK(in.outcome(rules, Invite(acme, ann, clerk, by(boss))) == Outcome::invited);
  CHECK(in.outcome(rules, AcceptInvitation(acme, ann)) == Outcome::accepted);
  AcmeFixture late(2);  // there were seats when they were invited
  const Profile active = seated(SeatRule::active);
  CHECK(late.outcome(active, Invite(acme, ann, clerk, by(boss))) == Outcome::invited);
  CHECK(late.outcome(active, Invite(acme, bob, clerk, by(boss))) == Outcome::invited);
  CHECK(late.outcome(active, AcceptInvitation(acme, ann)) == Outcome::accepted);
  CHECK(late.outcome(active, AcceptInvitation(acme, bob)) == Outcome::seats_taken);
  CHECK(late.at(bob) == "clerk invited");
}

TEST_CASE("pain 17: who was removed can be added again, if that is wanted") {
  // There: the unique key of the old row is in the way; or an add revives somebody whom an admin had thrown out.
  AcmeFixture in;
  in.put(ann, clerk, State::removed);
  const Profile never = with(manager_rules(), [](Profile& p) { p.on_removed = OnFormer::refuse; });
  CHECK(in.outcome(never, AddMembers(acme, ann, clerk, by(boss))) == Outcome::was_removed);
  CHECK(in.outcome(never, Invite(acme, address("ann@x.example"), clerk, by(boss))) == Outcome::was_removed);
  CHECK(in.outcome(manager_rules(), AddMembers(acme, ann, clerk, by(boss))) == Outcome::added);
}

TEST_CASE("complaints 19 and 21: an invitation is claimed by whoever has shown that the address is theirs") {
  // There: signing up before clicking strands the user; an address nobody has verified claims invitations; an account
  // that somebody else prepared for an address is taken over.
  AcmeFixture in;
  const auto answer = in.run(manager_rules(), Invite(acme, address("new@x.example"), admin, by(boss)));
  REQUIRE(answer.has_value());
  const AccountId waits = answer.assume_value().accounts[0].id;
  in.put_account({.id = waits, .email = address("new@x.example"), .verified = false});  // signed up, not verified
  CHECK(in.outcome(manager_rules(), AcceptInvitation(acme, waits)) == Outcome::not_verified);
  CHECK(in.outcome(manager_rules(), AcceptInvitation(acme, stranger)) == Outcome::not_member);
  CHECK(in.at(waits) == "admin invited");
  in.put_account({.id = waits, .email = address("new@x.example"), .verified = true});
  CHECK(in.outcome(manager_rules(), AcceptInvitation(acme, waits)) == Outcome::accepted);
  // Meanwhile an invitation grants nothing.
  AcmeFixture other;
  other.put(ann, owner, State::invited);
  CHECK(other.outcome(manager_rules(), AddMembers(acme, bob, clerk, by(ann))) == Outcome::forbidden);
  CHECK(other.outcome(manager_rules(), Leave(acme, boss)) == Outcome::last_owner);
}

TEST_CASE("pain 20: who may not add learns from no command who has an account") {
  const Profile rules = with(manager_rules(), [](Profile& p) { p.hides_organizations = true; });
  AcmeFixture in;
  in.put(ann, clerk);
  const auto ask = [&](auto&& command) {
    const auto answer = in.run(rules, command);
    REQUIRE(answer.has_value());
    const Report& report = answer.assume_value();
    return std::string(name(report.at(0, 0))) + " " + std::string(report.accounts[0].id.view());
  };
  for (const AccountId& actor : {ann, stranger})  // a plain member, and nobody
    for (const char* const text : {"boss@x.example", "nobody@x.example"}) {
      CHECK(ask(AddMembers(acme, address(text), clerk, by(actor))) == "forbidden ");
      CHECK(ask(Invite(acme, address(text), clerk, by(actor))) == "forbidden ");
      CHECK(ask(RemoveMembers(acme, address(text), by(actor))) == "forbidden ");
      CHECK(ask(ChangeRole(acme, address(text), clerk, by(actor))) == "forbidden ");
      CHECK(ask(RemoveMembers(nowhere, address(text), by(actor))) == "forbidden ");
    }
}

TEST_CASE("pain 25: what happened has a name of its own, and a status of its own") {
  // There: "already a member" for an unknown user, and clients that look for the word "already" in a text.
  const StatusTable& status = default_status;
  const auto of = [&](Outcome outcome) { return status[outcome]; };
  CHECK(of(Outcome::account_not_found) == 404);
  CHECK(of(Outcome::not_member) == 404);
  CHECK(of(Outcome::conflict) == 409);
  CHECK(of(Outcome::last_owner) == 409);
  CHECK(of(Outcome::seats_taken) == 409);
  CHECK(of(Outcome::was_removed) == 410);
  CHECK(of(Outcome::outranked) == 403);
  CHECK(name(Outcome::last_owner) == "last_owner");
  CHECK(name(Outcome::inviter_lapsed) == "inviter_lapsed");
}

}
