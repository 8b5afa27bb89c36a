// What went wrong in Recoup, Zitadel, Logto, OpenFGA, SpiceDB, casbin, frontier and GitHub, and does not here.
#include "comparisons/compared_products.hpp"

namespace other_products_test {

using namespace fixtures;
using roster_test::Fault;
using roster_test::FaultyStore;

namespace {

/// What a command says when the store fails in the call with this number.
Errc with_fault(AcmeFixture& in, const Profile& rules, const Command& command, Fault fault, unsigned call) {
  FaultyStore faulty(in.store, [&](unsigned number, bool) { return number == call ? fault : Fault::pass; });
  const auto answer = Engine(rules, faulty, in.ids, {.unknown_commit_retries_max = 0}).run(command, Time{5'000'000});
  return answer.has_value() ? Errc{} : answer.assume_error().code;
}

}  // namespace

TEST_CASE("D25: a call that is documented as idempotent, twice at once") {
  // Recoup: the loser of the unique index gets nothing back, and answers 500.
  const Participant adds = participant<AddMembers>(acme, address("new@x.example"), clerk, by(boss));
  const Profile creates = with(manager_rules(), [](Profile& p) { p.on_unknown_account = OnUnknown::create; });
  in_every_order({no_limit, {}, creates, {adds, adds}}, [](const Ended& ended) {
    CHECK(ended.count("added") == 1);
    CHECK(ended.count("existing") == 1);
  });
}

TEST_CASE("D26, D28: the storage cannot be read") {
  // Recoup: an error reads as an empty list, so the answer is 403 or a second row. Zitadel: an outage is reported as
  // "already exists", or as "no such user".
  for (const Fault fault : {Fault::fail_before, Fault::throw_before, Fault::fail_after, Fault::throw_after}) {
    AcmeFixture in;
    in.put(ann, clerk);
    in.put(bob, clerk, State::invited);
    const auto before = in.exactly();
    const Any commands[] = {make<AddMembers>(acme, ann, clerk, by(boss)),
                            make<AddMembers>(acme, cid, clerk, by(boss)),
                            make<RemoveMembers>(acme, ann, by(boss)),
                            make<ChangeRole>(acme, ann, guest, by(boss)),
                            make<AcceptInvitation>(acme, bob),
                            make<Leave>(acme, ann)};
    for (const Any& command : commands)
      CHECK(with_fault(in, manager_rules(), *command, fault, 0) == Errc::store_failed);
    CHECK(in.exactly() == before);
  }
}

TEST_CASE("D27: an account and its membership are one write") {
  // Recoup: any error reads as "no account", one more is created, and without its membership it stays as an orphan.
  const Profile creates = with(manager_rules(), [](Profile& p) { p.on_unknown_account = OnUnknown::create; });
  for (const bool invites : {false, true})
    for (const Fault fault : {Fault::fail_before, Fault::out_of_memory, Fault::fail_after}) {
      AcmeFixture in;
      const auto accounts = in.store.account_count();
      const Any command = invites ? make<Invite>(acme, address("new@x.example"), clerk, by(boss), key("once"))
                                  : make<AddMembers>(acme, address("new@x.example"), clerk, by(boss), key("once"));
      CHECK(with_fault(in, creates, *command, fault, 1) != Errc{});
      CHECK(in.store.account_count() - accounts == in.count() - 1);  // both, or neither
      CHECK(succeeded(in.outcome(creates, *command)));
      CHECK(in.store.account_count() == accounts + 1);
      CHECK(in.count() == 2);
    }
}

TEST_CASE("D29: a change to the role that is there") {
  // Zitadel: it fails as a failed precondition, though there is nothing left to do.
  AcmeFixture in;
  in.put(ann, clerk);
  const auto before = in.exactly();
  CHECK(in.outcome(manager_rules(), ChangeRole(acme, ann, clerk, by(boss))) == Outcome::existing);
  CHECK(in.exactly() == before);
  CHECK(in.outbox.events.empty());
}

TEST_CASE("D30: a quota, a revocation and an address in capitals, and one name twice") {
  // Logto: the quota is counted outside the transaction; accepting reads the invitation before it, so a revocation in
  // between is lost; addresses are compared letter by letter; duplicates are answered as they came.
  in_every_order(
      {2,
       {},
       seated(SeatRule::active),
       {participant<AddMembers>(acme, ann, clerk, by(boss)), participant<AddMembers>(acme, bob, clerk, by(boss))}},
      [](const Ended& ended) { CHECK(active(ended) == 2); });
  in_every_order({no_limit,
                  [](AcmeFixture& in) { in.put(ann, clerk, State::invited); },
                  manager_rules(),
                  {participant<AcceptInvitation>(acme, ann), participant<RevokeInvitation>(acme, ann, by(boss))}},
                 [](const Ended& ended) {
                   const bool accepted = ended.outcome_of(0) == "accepted";
                   CHECK(ended.outcome_of(1) == (accepted ? "conflict" : "removed"));
                   CHECK(active(ended) == (accepted ? 2u : 1u));
                 });
  AcmeFixture in;
  const std::vector<AccountSelector> twice{address("Ann@X.Example"), address("ann@x.example"), ann};
  CHECK(in.outcomes(manager_rules(), AddMembers(acme, twice, clerk, by(boss))) ==
        Outcomes{Outcome::added, Outcome::replayed, Outcome::replayed});
  CHECK(in.count() == 2);
}

TEST_CASE("D31: what is to be ignored, under a race") {
  // OpenFGA: rows that are not there yet cannot be locked, so "ignore duplicates" still answers 409.
  const Profile ignores = with(manager_rules(), [](Profile& p) { p.on_other_role = OnConflict::keep; });
  in_every_order(
      {no_limit,
       {},
       ignores,
       {participant<AddMembers>(acme, ann, clerk, by(boss)), participant<AddMembers>(acme, ann, guest, by(boss))}},
      [](const Ended& ended) {
        CHECK(ended.count("added") == 1);
        CHECK(ended.count("existing") == 1);
      });
}

TEST_CASE("D32: more than may be asked at once") {
  // SpiceDB: success was answered for a write that was too large and had failed.
  const Profile small = with(manager_rules(), [](Profile& p) { p.accounts_max = 2; });
  const std::vector<AccountSelector> three{ann, bob, cid};
  AcmeFixture in;
  for (const AccountId& who : {ann, bob, cid}) in.put(who, clerk);
  const auto before = in.exactly();
  CHECK(in.error(small, AddMembers(acme, three, clerk, by(boss))) == Errc::batch_too_large);
  CHECK(in.error(small, RemoveMembers(acme, three, by(boss))) == Errc::batch_too_large);
  CHECK(in.error(small, ChangeRole(acme, three, guest, by(boss))) == Errc::batch_too_large);
  CHECK(in.exactly() == before);
}

TEST_CASE("D33: what the storage is given to write") {
  // casbin for Go: the adapter gets all the rules, also those it has, so there are duplicates or errors; and
  // constraints are looked at after the write, which is not taken back.
  AcmeFixture in(4);
  in.put(ann, clerk);
  in.put(bob, clerk, State::suspended);
  std::uint32_t added = 0, changed = 0, commits = 0;
  FaultyStore watched(in.store);
  watched.seen = [&](const ChangeSet& changes) {
    added += changes.added.size();
    changed += changes.changed.size();
    ++commits;
  };
  const Engine engine(seated(SeatRule::active), watched, in.ids);
  REQUIRE(engine.run(AddMembers(acme, std::vector<AccountSelector>{ann, bob, cid}, clerk, by(boss)), Time{5'000'000}));
  CHECK(added == 1);
  CHECK(changed == 1);
  CHECK(commits == 1);
  REQUIRE(engine.run(AddMembers(acme, dora, clerk, by(boss)), Time{5'000'000}));  // there is no seat
  CHECK(commits == 1);
  CHECK(in.at(dora) == "nothing");
}

TEST_CASE("D34: one of a bulk is there already") {
  // casbin-cpp: the whole bulk returns false, and does not say why.
  const std::vector<AccountSelector> three{ann, bob, cid};
  for (const Profile& rules : {manager_rules(), atomic(manager_rules())}) {
    AcmeFixture in;
    in.put(bob, clerk);
    CHECK(in.outcomes(rules, AddMembers(acme, three, clerk, by(boss))) ==
          Outcomes{Outcome::added, Outcome::existing, Outcome::added});
    CHECK(in.outcomes(rules, Suspend(acme, three, by(boss))) == Outcomes(3, Outcome::suspended));
    CHECK(in.outcomes(rules, Suspend(acme, three, by(boss))) == Outcomes(3, Outcome::existing));
  }
}

TEST_CASE("D35: a change of role is one write") {
  // frontier: the old policies are deleted, then the new one is created; a failure in between leaves no role at all.
  for (const Fault fault : roster_test::faults) {
    INFO(roster_test::name(fault));
    AcmeFixture in;
    in.put(ann, clerk);
    FaultyStore faulty(in.store, [&](unsigned, bool commit) { return commit ? fault : Fault::pass; });
    (void)Engine(manager_rules(), faulty, in.ids).run(ChangeRole(acme, ann, guest, by(boss)), Time{5'000'000});
    CHECK((in.at(ann) == "clerk active" || in.at(ann) == "guest active"));
  }
}

TEST_CASE("D36: an owner is named without a role") {
  // GitHub: a PUT without a role means `member`, and an owner who is named so may be demoted.
  for (const OnConflict policy : {OnConflict::keep, OnConflict::reject, OnConflict::replace, OnConflict::raise}) {
    AcmeFixture in;
    in.put(ann, owner);
    const Profile rules = with(manager_rules(), [&](Profile& p) { p.on_other_role = policy; });
    CHECK(in.outcome(rules, AddMembers(acme, ann, RoleId{}, by(boss))) == Outcome::existing);
    CHECK(in.outcome(rules, Invite(acme, ann, RoleId{}, by(boss))) == Outcome::existing);
    CHECK(in.at(ann) == "owner active");
  }
}

}
