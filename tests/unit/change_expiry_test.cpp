// Proves that a membership ends by itself at its moment and not before, that what has ended counts for nothing but its
// seat, and that time alone takes no owner away.
#include "unit/commands.hpp"

namespace change_expiry_test {

using namespace fixtures;

namespace {

Time after(const AcmeFixture& in, std::int64_t microseconds) {
  return Time{static_cast<std::int64_t>(in.now) + microseconds};
}

AddMembers add_until(const AccountId& who, Time end, const RoleId& as = clerk, const IdempotencyKey& under = {}) {
  AddMembers command(acme, who, as, by(boss), under);
  command.valid_until = end;
  return command;
}

const Profile seated = with(manager_rules(), [](Profile& p) { p.seats = SeatRule::active; });

}  // namespace

TEST_CASE("a membership counts up to its last microsecond, and from its end on its holder has no right left") {
  AcmeFixture in;
  const Time end = after(in, 10'000);
  REQUIRE(in.outcome(manager_rules(), add_until(ann, end, admin)) == Outcome::added);
  CHECK(in.store.membership(acme, ann).value()->valid_until == end);
  in.now = Time{static_cast<std::int64_t>(end) - 1'001};  // run() lets a millisecond pass
  CHECK(in.outcome(manager_rules(), AddMembers(acme, bob, guest, by(ann))) == Outcome::added);
  in.now = Time{static_cast<std::int64_t>(end) - 1'000};
  CHECK(in.outcome(manager_rules(), AddMembers(acme, cid, guest, by(ann))) == Outcome::forbidden);
  CHECK(in.outcome(manager_rules(), ChangeRole(acme, bob, clerk, by(ann))) == Outcome::forbidden);
  CHECK(in.outcome(manager_rules(), ChangeRole(acme, ann, clerk, by(boss))) == Outcome::not_member);
}

TEST_CASE("an end that is not after now is an error and nothing is written, whatever the kind and the size") {
  AcmeFixture in;
  in.put(bob, clerk);
  const auto before = in.exactly();
  const Time passed = after(in, 1'000);  // run() lets a millisecond pass: this is now
  CHECK(in.error(manager_rules(), add_until(ann, passed)) == Errc::valid_until_passed);
  CHECK(in.error(manager_rules(), ChangeExpiry(acme, bob, Time{-5}, by(boss))) == Errc::valid_until_passed);
  AddMembers many({acme, works}, {ann, cid}, OneOrMany<RoleId>(clerk), by(boss));
  many.valid_until = Time{1};
  CHECK(in.error(manager_rules(), many) == Errc::valid_until_passed);
  const Engine engine(manager_rules(), in.store, in.ids);
  const auto single = engine.add(add_until(ann, in.now), in.now);
  REQUIRE(single.has_error());
  CHECK(single.assume_error().code == Errc::valid_until_passed);
  CHECK(in.exactly() == before);
}

TEST_CASE("an end is for the memberships that are added: who is there already keeps what they have") {
  AcmeFixture in;
  in.put(ann, clerk);
  REQUIRE(in.outcome(manager_rules(), add_until(ann, far_off)) == Outcome::existing);
  CHECK(in.store.membership(acme, ann).value()->valid_until == Time{});
  const Profile replaces = with(manager_rules(), [](Profile& p) { p.on_other_role = OnConflict::replace; });
  REQUIRE(in.outcome(replaces, add_until(ann, far_off, guest)) == Outcome::replaced);
  CHECK(in.store.membership(acme, ann).value()->valid_until == Time{});

  AddMembers many(acme, {ann, bob, cid}, OneOrMany<RoleId>(guest), by(boss));
  many.valid_until = far_off;
  REQUIRE(in.outcomes(manager_rules(), many) == Outcomes{Outcome::existing, Outcome::added, Outcome::added});
  CHECK(in.store.membership(acme, ann).value()->valid_until == Time{});
  CHECK(in.store.membership(acme, bob).value()->valid_until == far_off);
  CHECK(in.store.membership(acme, cid).value()->valid_until == far_off);
}

TEST_CASE("an end can be moved, taken away, and asked for again, the same end is no change, and no event") {
  AcmeFixture in;
  in.put(ann, clerk);
  REQUIRE(in.outcome(manager_rules(), ChangeExpiry(acme, ann, far_off, by(boss), key("k"))) == Outcome::expiry_changed);
  CHECK(in.store.membership(acme, ann).value()->valid_until == far_off);
  in.outbox.events.clear();
  CHECK(in.outcome(manager_rules(), ChangeExpiry(acme, ann, far_off, by(boss), key("k"))) == Outcome::replayed);
  CHECK(in.outcome(manager_rules(), ChangeExpiry(acme, ann, far_off, by(boss))) == Outcome::existing);
  CHECK(in.outcome(manager_rules(), ChangeExpiry(acme, ann, Time{}, by(boss), key("k"))) == Outcome::request_reused);
  CHECK(in.outbox.events.empty());
  CHECK(in.outcome(manager_rules(), ChangeRole(acme, ann, guest, by(boss))) == Outcome::replaced);
  CHECK(in.store.membership(acme, ann).value()->valid_until == far_off);
  CHECK(in.outcome(manager_rules(), ChangeExpiry(acme, ann, Time{}, by(boss))) == Outcome::expiry_changed);
  CHECK(in.store.membership(acme, ann).value()->valid_until == Time{});
}

TEST_CASE("what a membership has of time stays with it while it is suspended, and an invitation ends as well") {
  AcmeFixture in;
  const Time end = after(in, 50'000);
  REQUIRE(in.outcome(manager_rules(), add_until(ann, end)) == Outcome::added);
  Invite invites(acme, bob, clerk, by(boss));
  invites.valid_until = end;
  REQUIRE(in.outcome(manager_rules(), invites) == Outcome::invited);
  REQUIRE(in.outcome(manager_rules(), Suspend(acme, ann, by(boss))) == Outcome::suspended);
  CHECK(in.store.membership(acme, ann).value()->valid_until == end);
  REQUIRE(in.outcome(manager_rules(), Reactivate(acme, ann, by(boss))) == Outcome::reactivated);
  CHECK(in.store.membership(acme, ann).value()->valid_until == end);
  in.now = end;
  CHECK(in.outcome(manager_rules(), AcceptInvitation(acme, bob)) == Outcome::was_removed);
  CHECK(in.outcome(manager_rules(), Suspend(acme, ann, by(boss))) == Outcome::not_member);
}

TEST_CASE("time alone takes no owner away: who will end is no owner to count on") {
  AcmeFixture in;
  CHECK(in.outcome(manager_rules(), ChangeExpiry(acme, boss, far_off, by(boss))) == Outcome::last_owner);
  REQUIRE(in.outcome(manager_rules(), add_until(ann, far_off, owner)) == Outcome::added);
  CHECK(in.outcome(manager_rules(), Leave(acme, boss)) == Outcome::last_owner);
  CHECK(in.outcome(manager_rules(), ChangeExpiry(acme, boss, far_off, by(boss))) == Outcome::last_owner);
  CHECK(in.outcomes(manager_rules(), TransferOwnership(acme, ann, owner, guest, by(boss))) ==
        Outcomes{Outcome::existing, Outcome::last_owner});
  // One becomes an owner for good in the same command in which the other gets an end: judged by what is left.
  REQUIRE(in.outcome(manager_rules(), ChangeExpiry(acme, ann, Time{}, by(boss))) == Outcome::expiry_changed);
  CHECK(in.outcome(manager_rules(), ChangeExpiry(acme, boss, far_off, by(boss))) == Outcome::expiry_changed);
  CHECK(in.outcome(manager_rules(), Leave(acme, ann)) == Outcome::last_owner);
  CHECK(in.outcome(manager_rules(), ChangeExpiry(acme, ann, far_off, by(ann))) == Outcome::last_owner);
}

TEST_CASE("two owners who get an end at the same time, each leaning on the other: one is refused") {
  AcmeFixture in;
  in.put(ann, owner);
  const Profile rules = manager_rules();
  const ChangeExpiry first(acme, ann, far_off, by(boss)), second(acme, boss, far_off, by(ann));
  Operation a(rules, first, {in.now, &in.ids, true}), b(rules, second, {in.now, &in.ids, true});
  a.provide(in.store.fetch(a.query(), a.facts()));
  b.provide(in.store.fetch(b.query(), b.facts()));
  a.committed(in.store.commit(a.changes()));
  const auto lost = in.store.commit(b.changes());
  REQUIRE(lost.has_error());
  CHECK(lost.assume_error().code == Errc::stale);
  b.committed(lost);
  const auto answer = drive(b, in.store);
  REQUIRE(answer.has_value());
  CHECK(answer.assume_value().at(0, 0) == Outcome::last_owner);
}

TEST_CASE("what has ended keeps its seat until it is cleared away, and whoever comes back needs no other") {
  AcmeFixture in;
  in.put_acme(2);  // the boss has one
  REQUIRE(in.outcome(seated, add_until(ann, after(in, 5'000))) == Outcome::added);
  in.now = after(in, 10'000);
  CHECK(in.outcome(seated, AddMembers(acme, bob, clerk, by(boss))) == Outcome::seats_taken);
  CHECK(in.outcome(seated, AddMembers(acme, ann, clerk, by(boss))) == Outcome::added);
  CHECK(in.store.membership(acme, ann).value()->valid_until == Time{});
  REQUIRE(in.outcome(seated, ChangeExpiry(acme, ann, after(in, 5'000), by(boss))) == Outcome::expiry_changed);
  in.now = after(in, 10'000);
  in.outbox.events.clear();
  REQUIRE(in.outcome(seated, RemoveMembers(acme, ann, by(boss))) == Outcome::removed);
  CHECK(in.outbox.events == Events{"expired"});
  CHECK(in.outcome(seated, AddMembers(acme, bob, clerk, by(boss))) == Outcome::added);
}

TEST_CASE("nobody comes back after their end by what was asked before it") {
  AcmeFixture in;
  const Time end = after(in, 20'000);
  REQUIRE(in.outcome(manager_rules(), add_until(ann, end)) == Outcome::added);
  AddMembers late(acme, ann, clerk, by(boss), key("late"));
  late.asked_at = in.now;
  in.now = end;
  CHECK(in.outcome(manager_rules(), late) == Outcome::was_removed);
  late.asked_at = after(in, 1);
  CHECK(in.outcome(manager_rules(), late) == Outcome::added);
  REQUIRE(in.outcome(manager_rules(), ChangeExpiry(acme, ann, after(in, 5'000), by(boss), key("ends"))) ==
          Outcome::expiry_changed);
  in.now = after(in, 10'000);
  CHECK(in.outcome(manager_rules(), AddMembers(acme, ann, clerk, by(boss), key("ends"))) == Outcome::was_removed);
}

TEST_CASE(
    "an add that was asked for before a suspension does not undo it, nor does one that had written the membership") {
  AcmeFixture in;
  const AddMembers adds(acme, ann, clerk, by(boss), key("add"));
  REQUIRE(in.outcome(manager_rules(), adds) == Outcome::added);
  AddMembers late(acme, ann, clerk, by(boss), key("late"));
  late.asked_at = in.now;
  REQUIRE(in.outcome(manager_rules(), Suspend(acme, ann, by(boss))) == Outcome::suspended);
  const auto suspended = in.exactly();
  CHECK(in.outcome(manager_rules(), adds) == Outcome::replayed);  // what it wrote is there still
  CHECK(in.outcome(manager_rules(), AddMembers(acme, ann, {}, by(boss), key("add"))) == Outcome::was_suspended);
  CHECK(in.outcome(manager_rules(), late) == Outcome::was_suspended);
  CHECK(in.exactly() == suspended);
  late.asked_at = after(in, 1);
  CHECK(in.outcome(manager_rules(), late) == Outcome::reactivated);
}

TEST_CASE("an add that a suspension has made void stays void when the time of the suspended is over") {
  AcmeFixture in;
  const AddMembers adds(acme, ann, clerk, by(boss), key("add"));
  REQUIRE(in.outcome(manager_rules(), adds) == Outcome::added);
  REQUIRE(in.outcome(manager_rules(), Suspend(acme, ann, by(boss))) == Outcome::suspended);
  const Time end = after(in, 5'000);
  REQUIRE(in.outcome(manager_rules(), ChangeExpiry(acme, ann, end, by(boss))) == Outcome::expiry_changed);
  in.now = end;
  const auto before = in.exactly();
  CHECK(in.outcome(manager_rules(), adds) == Outcome::was_removed);
  CHECK(in.outcomes(manager_rules(), AddMembers(acme, std::vector<AccountSelector>{ann, boss}, clerk, by(boss),
                                                key("add")))[0] == Outcome::was_removed);
  CHECK(in.exactly() == before);
}

TEST_CASE("an invitation is worth nothing once the membership of whoever sent it has ended") {
  AcmeFixture in;
  REQUIRE(in.outcome(manager_rules(), add_until(bob, after(in, 20'000), admin)) == Outcome::added);
  in.put(ann, guest, State::invited, bob);
  const AcceptInvitation accepts(acme, ann);
  in.now = after(in, 30'000);
  CHECK(in.outcome(manager_rules(), accepts) == Outcome::inviter_lapsed);
}

}
