// Proves that an expired invitation keeps no seat, and that no two commands get its seat, whatever their clocks.
#include "unit/ending_invitation.hpp"

namespace change_invitation_seats_test {

using namespace fixtures;

TEST_CASE("an expired invitation keeps no seat, and needs a free one when it is written again") {
  for (const bool bulk : {false, true}) {
    AcmeFixture in(3);
    const Time end = invite_ann(in);  // beside the boss and bob
    const Profile rules = seats_by();
    const Time before = after(end, -1);
    std::vector<AccountSelector> who{cid};
    if (bulk) who.emplace_back(dora);
    const AddMembers adds(acme, who, clerk, by(boss));
    CHECK(outcome_at(in, rules, adds, before) == Outcome::seats_taken);
    CHECK(outcome_at(in, seats_by(SeatRule::active), AddMembers(acme, emil, clerk, by(boss)), before) ==
          Outcome::added);
    CHECK(outcome_at(in, seats_by(SeatRule::active), RemoveMembers(acme, emil, by(boss)), before) == Outcome::removed);
    CHECK(outcome_at(in, rules, adds, end) == Outcome::added);
    CHECK(in.count(State::invited) == 1);  // it is not cleared
    Invite again(acme, ann, clerk, by(boss));
    CHECK(outcome_at(in, rules, again, end) == Outcome::seats_taken);
    CHECK(outcome_at(in, rules, AddMembers(acme, ann, clerk, by(boss)), end) == Outcome::seats_taken);
    // Clearing it frees nothing more.
    CHECK(outcome_at(in, rules, RevokeInvitation(acme, ann, by(boss)), end) == Outcome::removed);
    CHECK(outcome_at(in, rules, AddMembers(acme, emil, clerk, by(boss)), end) == Outcome::seats_taken);
    CHECK(outcome_at(in, rules, RemoveMembers(acme, cid, by(boss)), end) == Outcome::removed);
    CHECK(outcome_at(in, rules, again, end) == Outcome::invited);
    CHECK(in.broken() == "");
  }
}

TEST_CASE("no two commands get one seat, though the clock of one is behind the end of an invitation") {
  const auto late = [](const Command& command) {
    AcmeFixture in(3);
    const Time end = invite_ann(in), before = after(end, -1);
    CHECK(outcome_at(in, seats_by(), AddMembers(acme, cid, clerk, by(boss)), end) == Outcome::added);
    const Outcome outcome = outcome_at(in, seats_by(), command, before);
    CHECK(in.count(State::active) <= 3);
    return outcome;
  };
  const AcmeFixture clock;
  CHECK(late(AcceptInvitation(acme, ann)) == Outcome::seats_taken);
  CHECK(late(AddMembers(acme, ann, RoleId{}, by(boss))) == Outcome::seats_taken);
  CHECK(late(Invite(acme, ann, RoleId{}, by(boss))) == Outcome::seats_taken);
  Invite longer(acme, ann, RoleId{}, by(boss));
  longer.invitation_until = far_off;
  CHECK(late(longer) == Outcome::seats_taken);
  // These claim the seat for no longer.
  CHECK(late(ChangeRole(acme, ann, guest, by(boss))) == Outcome::replaced);
  CHECK(late(ChangeExpiry(acme, ann, far_off, by(boss))) == Outcome::expiry_changed);
  CHECK(late(DeclineInvitation(acme, ann)) == Outcome::removed);
}

TEST_CASE("an operation that read an invitation before its end loses its seat to one that read it after") {
  for (const bool renews : {false, true}) {
    AcmeFixture in(3);
    const Time end = invite_ann(in);
    const Profile rules = seats_by();
    const Any late = renews ? make<Invite>(acme, ann, RoleId{}, by(boss)) : make<AcceptInvitation>(acme, ann);
    Operation operation(rules, *late, Context{after(end, -1), &in.ids, true});
    REQUIRE(operation.need() == Operation::Need::facts);
    operation.provide(in.store.fetch(operation.query(), operation.facts()));
    REQUIRE(operation.need() == Operation::Need::commit);
    CHECK(outcome_at(in, rules, AddMembers(acme, cid, clerk, by(boss)), end) == Outcome::added);
    const Report report = drive(operation, in.store).value();
    CHECK(report.at(0, 0) == Outcome::seats_taken);
    CHECK(report.stale == 1);
    CHECK(in.at(ann) == "clerk invited");
  }
}

TEST_CASE("a host puts an invitation with its end and its inviter, who must exist") {
  AcmeFixture in(3);
  Membership row{.id = MembershipId::of("1"),
                 .organization = acme,
                 .account = ann,
                 .role = clerk,
                 .state = State::invited,
                 .invitation_until = Time{9},
                 .invited_by = AccountId("nobody")};
  const auto before = in.exactly();
  CHECK(in.store.put_membership(row).error().code == Errc::not_found);
  CHECK(in.exactly() == before);
  row.invited_by = boss;
  REQUIRE(in.store.put_membership(row));
  CHECK(of(in, ann).invited_by == boss);
  CHECK(of(in, ann).invitation_until == Time{9});
  Membership other = row;
  other.id = MembershipId::of("2");
  other.account = bob;
  other.valid_until = Time{8};
  REQUIRE(in.store.put_membership(other));
  CHECK(of(in, bob).invitation_until == Time{8});
  Membership member = row;
  member.id = MembershipId::of("3");
  member.account = cid;
  member.state = State::active;
  member.invited_by = AccountId("nobody");
  REQUIRE(in.store.put_membership(member));
  CHECK(of(in, cid).invitation_until == Time{});
  CHECK(of(in, cid).invited_by.empty());
  // They take the seats that their ends leave them, counted before and after.
  for (int times = 0; times < 2; ++times) {
    CHECK(outcome_at(in, seats_by(), AddMembers(acme, dora, clerk, by(boss)), Time{7}) == Outcome::seats_taken);
    REQUIRE(in.store.erase_membership(acme, ann));
    REQUIRE(in.store.put_membership(row));
  }
  CHECK(outcome_at(in, seats_by(), AddMembers(acme, dora, clerk, by(boss)), Time{9}) == Outcome::added);
}

}
