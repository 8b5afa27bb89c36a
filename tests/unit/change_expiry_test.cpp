// Proves that a membership ends by itself at its moment and not before, that what has ended counts for nothing but its
// seat, and that time alone takes no owner away.
#include "unit/life_by_hand.hpp"

using namespace life;

namespace {

Time after(const Club& in, std::int64_t microseconds) {
  return Time{static_cast<std::int64_t>(in.now) + microseconds};
}

AddMembers add_until(const AccountId& who, Time end, const RoleId& as = clerk, const IdempotencyKey& under = {}) {
  AddMembers command(club, who, as, by(boss), under);
  command.valid_until = end;
  return command;
}

const Profile seated = with(club_rules(), [](Profile& p) { p.seats = SeatRule::active; });

}  // namespace

TEST_CASE("a membership counts up to its last microsecond, and from its end on its holder has no right left") {
  Club in;
  const Time end = after(in, 10'000);
  REQUIRE(in.outcome(club_rules(), add_until(ann, end, admin)) == Outcome::added);
  CHECK(in.store.membership(club, ann).value()->valid_until == end);
  in.now = Time{static_cast<std::int64_t>(end) - 1'001};  // run() lets a millisecond pass
  CHECK(in.outcome(club_rules(), AddMembers(club, bob, guest, by(ann))) == Outcome::added);
  in.now = Time{static_cast<std::int64_t>(end) - 1'000};
  CHECK(in.outcome(club_rules(), AddMembers(club, cid, guest, by(ann))) == Outcome::forbidden);
  CHECK(in.outcome(club_rules(), ChangeRole(club, bob, clerk, by(ann))) == Outcome::forbidden);
  CHECK(in.outcome(club_rules(), ChangeRole(club, ann, clerk, by(boss))) == Outcome::not_member);
}

TEST_CASE("an end that is not after now is an error and nothing is written, whatever the kind and the size") {
  Club in;
  in.put(bob, clerk);
  const auto before = in.exactly();
  const Time passed = after(in, 1'000);  // run() lets a millisecond pass: this is now
  CHECK(in.error(club_rules(), add_until(ann, passed)) == Errc::valid_until_passed);
  CHECK(in.error(club_rules(), ChangeExpiry(club, bob, Time{-5}, by(boss))) == Errc::valid_until_passed);
  AddMembers many({club, annex}, {ann, cid}, OneOrMany<RoleId>(clerk), by(boss));
  many.valid_until = Time{1};
  CHECK(in.error(club_rules(), many) == Errc::valid_until_passed);
  const Engine engine(club_rules(), in.store, in.ids);
  const auto single = engine.add(add_until(ann, in.now), in.now);
  REQUIRE(single.has_error());
  CHECK(single.assume_error().code == Errc::valid_until_passed);
  CHECK(in.exactly() == before);
}

TEST_CASE("an end is for the memberships that are added: who is there already keeps what they have") {
  Club in;
  in.put(ann, clerk);
  REQUIRE(in.outcome(club_rules(), add_until(ann, far_off)) == Outcome::existing);
  CHECK(in.store.membership(club, ann).value()->valid_until == Time{});
  const Profile replaces = with(club_rules(), [](Profile& p) { p.on_other_role = OnConflict::replace; });
  REQUIRE(in.outcome(replaces, add_until(ann, far_off, guest)) == Outcome::replaced);
  CHECK(in.store.membership(club, ann).value()->valid_until == Time{});

  AddMembers many(club, {ann, bob, cid}, OneOrMany<RoleId>(guest), by(boss));
  many.valid_until = far_off;
  REQUIRE(in.outcomes(club_rules(), many) == Outcomes{Outcome::existing, Outcome::added, Outcome::added});
  CHECK(in.store.membership(club, ann).value()->valid_until == Time{});
  CHECK(in.store.membership(club, bob).value()->valid_until == far_off);
  CHECK(in.store.membership(club, cid).value()->valid_until == far_off);
}

TEST_CASE("an end can be moved, taken away, and asked for again; the same end is no change, and no event") {
  Club in;
  in.put(ann, clerk);
  REQUIRE(in.outcome(club_rules(), ChangeExpiry(club, ann, far_off, by(boss), key("k"))) == Outcome::expiry_changed);
  CHECK(in.store.membership(club, ann).value()->valid_until == far_off);
  in.outbox.events.clear();
  CHECK(in.outcome(club_rules(), ChangeExpiry(club, ann, far_off, by(boss), key("k"))) == Outcome::replayed);
  CHECK(in.outcome(club_rules(), ChangeExpiry(club, ann, far_off, by(boss))) == Outcome::existing);
  CHECK(in.outcome(club_rules(), ChangeExpiry(club, ann, Time{}, by(boss), key("k"))) == Outcome::request_reused);
  CHECK(in.outbox.events.empty());
  CHECK(in.outcome(club_rules(), ChangeRole(club, ann, guest, by(boss))) == Outcome::replaced);
  CHECK(in.store.membership(club, ann).value()->valid_until == far_off);
  CHECK(in.outcome(club_rules(), ChangeExpiry(club, ann, Time{}, by(boss))) == Outcome::expiry_changed);
  CHECK(in.store.membership(club, ann).value()->valid_until == Time{});
}

TEST_CASE("what a membership has of time stays with it while it is suspended, and an invitation ends as well") {
  Club in;
  const Time end = after(in, 50'000);
  REQUIRE(in.outcome(club_rules(), add_until(ann, end)) == Outcome::added);
  Invite invites(club, bob, clerk, by(boss));
  invites.valid_until = end;
  REQUIRE(in.outcome(club_rules(), invites) == Outcome::invited);
  REQUIRE(in.outcome(club_rules(), Suspend(club, ann, by(boss))) == Outcome::suspended);
  CHECK(in.store.membership(club, ann).value()->valid_until == end);
  REQUIRE(in.outcome(club_rules(), Reactivate(club, ann, by(boss))) == Outcome::reactivated);
  CHECK(in.store.membership(club, ann).value()->valid_until == end);
  in.now = end;
  CHECK(in.outcome(club_rules(), AcceptInvitation(club, bob)) == Outcome::was_removed);
  CHECK(in.outcome(club_rules(), Suspend(club, ann, by(boss))) == Outcome::not_member);
}

TEST_CASE("time alone takes no owner away: who will end is no owner to count on") {
  Club in;
  CHECK(in.outcome(club_rules(), ChangeExpiry(club, boss, far_off, by(boss))) == Outcome::last_owner);
  REQUIRE(in.outcome(club_rules(), add_until(ann, far_off, owner)) == Outcome::added);
  CHECK(in.outcome(club_rules(), Leave(club, boss)) == Outcome::last_owner);
  CHECK(in.outcome(club_rules(), ChangeExpiry(club, boss, far_off, by(boss))) == Outcome::last_owner);
  CHECK(in.outcomes(club_rules(), TransferOwnership(club, ann, owner, guest, by(boss))) ==
        Outcomes{Outcome::existing, Outcome::last_owner});
  // One becomes an owner for good in the same command in which the other gets an end: judged by what is left.
  REQUIRE(in.outcome(club_rules(), ChangeExpiry(club, ann, Time{}, by(boss))) == Outcome::expiry_changed);
  CHECK(in.outcome(club_rules(), ChangeExpiry(club, boss, far_off, by(boss))) == Outcome::expiry_changed);
  CHECK(in.outcome(club_rules(), Leave(club, ann)) == Outcome::last_owner);
  CHECK(in.outcome(club_rules(), ChangeExpiry(club, ann, far_off, by(ann))) == Outcome::last_owner);
}

TEST_CASE("two owners who get an end at the same time, each leaning on the other: one is refused") {
  Club in;
  in.put(ann, owner);
  const Profile rules = club_rules();
  const ChangeExpiry first(club, ann, far_off, by(boss)), second(club, boss, far_off, by(ann));
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
  Club in;
  in.put_club(2);  // the boss has one
  REQUIRE(in.outcome(seated, add_until(ann, after(in, 5'000))) == Outcome::added);
  in.now = after(in, 10'000);
  CHECK(in.outcome(seated, AddMembers(club, bob, clerk, by(boss))) == Outcome::seats_taken);
  CHECK(in.outcome(seated, AddMembers(club, ann, clerk, by(boss))) == Outcome::added);
  CHECK(in.store.membership(club, ann).value()->valid_until == Time{});
  REQUIRE(in.outcome(seated, ChangeExpiry(club, ann, after(in, 5'000), by(boss))) == Outcome::expiry_changed);
  in.now = after(in, 10'000);
  in.outbox.events.clear();
  REQUIRE(in.outcome(seated, RemoveMembers(club, ann, by(boss))) == Outcome::removed);
  CHECK(in.outbox.events == Events{"expired"});
  CHECK(in.outcome(seated, AddMembers(club, bob, clerk, by(boss))) == Outcome::added);
}

TEST_CASE("nobody comes back after their end by what was asked before it") {
  Club in;
  const Time end = after(in, 20'000);
  REQUIRE(in.outcome(club_rules(), add_until(ann, end)) == Outcome::added);
  AddMembers late(club, ann, clerk, by(boss), key("late"));
  late.asked_at = in.now;
  in.now = end;
  CHECK(in.outcome(club_rules(), late) == Outcome::was_removed);
  late.asked_at = after(in, 1);
  CHECK(in.outcome(club_rules(), late) == Outcome::added);
  REQUIRE(in.outcome(club_rules(), ChangeExpiry(club, ann, after(in, 5'000), by(boss), key("ends"))) ==
          Outcome::expiry_changed);
  in.now = after(in, 10'000);
  CHECK(in.outcome(club_rules(), AddMembers(club, ann, clerk, by(boss), key("ends"))) == Outcome::was_removed);
}

TEST_CASE(
    "an add that was asked for before a suspension does not undo it, nor does one that had written the membership") {
  Club in;
  const AddMembers adds(club, ann, clerk, by(boss), key("add"));
  REQUIRE(in.outcome(club_rules(), adds) == Outcome::added);
  AddMembers late(club, ann, clerk, by(boss), key("late"));
  late.asked_at = in.now;
  REQUIRE(in.outcome(club_rules(), Suspend(club, ann, by(boss))) == Outcome::suspended);
  const auto suspended = in.exactly();
  CHECK(in.outcome(club_rules(), adds) == Outcome::replayed);  // what it wrote is there still
  CHECK(in.outcome(club_rules(), AddMembers(club, ann, {}, by(boss), key("add"))) == Outcome::was_suspended);
  CHECK(in.outcome(club_rules(), late) == Outcome::was_suspended);
  CHECK(in.exactly() == suspended);
  late.asked_at = after(in, 1);
  CHECK(in.outcome(club_rules(), late) == Outcome::reactivated);
}

TEST_CASE("an add that a suspension has made void stays void when the time of the suspended is over") {
  Club in;
  const AddMembers adds(club, ann, clerk, by(boss), key("add"));
  REQUIRE(in.outcome(club_rules(), adds) == Outcome::added);
  REQUIRE(in.outcome(club_rules(), Suspend(club, ann, by(boss))) == Outcome::suspended);
  const Time end = after(in, 5'000);
  REQUIRE(in.outcome(club_rules(), ChangeExpiry(club, ann, end, by(boss))) == Outcome::expiry_changed);
  in.now = end;
  const auto before = in.exactly();
  CHECK(in.outcome(club_rules(), adds) == Outcome::was_removed);
  CHECK(in.outcomes(club_rules(), AddMembers(club, std::vector<AccountSelector>{ann, boss}, clerk, by(boss),
                                             key("add")))[0] == Outcome::was_removed);
  CHECK(in.exactly() == before);
}

TEST_CASE("an invitation is worth nothing once the membership of whoever sent it has ended") {
  Club in;
  REQUIRE(in.outcome(club_rules(), add_until(bob, after(in, 20'000), admin)) == Outcome::added);
  in.put(ann, guest, State::invited, bob);
  const AcceptInvitation accepts(club, ann);
  in.now = after(in, 30'000);
  CHECK(in.outcome(club_rules(), accepts) == Outcome::inviter_lapsed);
}
