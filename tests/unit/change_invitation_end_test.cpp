// Proves what the end of an invitation does: until then it is accepted as any, and from then on it is over.
#include "unit/ending_invitation.hpp"

namespace change_invitation_end_test {

using namespace fixtures;

TEST_CASE("a membership does not end with its invitation, and shows neither its end nor its inviter") {
  for (const bool by_add : {false, true})
    for (const Time until : {Time{}, far_off}) {
      AcmeFixture in;
      in.put(bob, admin);
      Invite invites(acme, ann, clerk, by(bob));
      invites.invitation_until = after(in.now, 1'000'000);
      invites.valid_until = until;
      REQUIRE(in.outcome(manager_rules(), invites) == Outcome::invited);
      const Membership waits = of(in, ann);
      CHECK(waits.invitation_until == invites.invitation_until);
      CHECK(waits.valid_until == until);
      CHECK(waits.invited_by == bob);
      const Time last = after(invites.invitation_until, -1);
      const Any accepts = by_add ? make<AddMembers>(acme, ann, RoleId{}, by(boss)) : make<AcceptInvitation>(acme, ann);
      CHECK(outcome_at(in, manager_rules(), *accepts, last) == Outcome::accepted);
      const Membership member = of(in, ann);
      CHECK(member.invitation_until == Time{});
      CHECK(member.invited_by.empty());
      CHECK(member.valid_until == until);
      const AccountRecord account = in.store.account(ann).value().value();
      CHECK(is_effective(member, account, after(invites.invitation_until, 1)));
    }
}

TEST_CASE("an invitation with two ends has the earlier one, for every form of the command") {
  for (const bool bulk : {false, true})
    for (const bool adds : {false, true})  // an add of an account that waits is an invitation too
      for (const std::int64_t own : {0, 5, 9})
        for (const std::int64_t membership : {0, 5, 9}) {
          AcmeFixture in;
          in.put_account({.id = ann, .invited = true});
          std::vector<AccountSelector> who{ann};
          if (bulk) who.emplace_back(cid);
          AddMembers add(acme, who, clerk, by(boss));
          Invite invite(acme, who, clerk, by(boss));
          AddMembers& command = adds ? add : invite;
          if (own != 0) command.invitation_until = after(in.now, own * 1'000'000);
          if (membership != 0) command.valid_until = after(in.now, membership * 1'000'000);
          REQUIRE(in.outcome(manager_rules(), command) == Outcome::invited);
          CHECK(of(in, ann).invitation_until == earlier_end(command.invitation_until, command.valid_until));
          CHECK(of(in, ann).valid_until == command.valid_until);
          if (bulk && adds) CHECK(of(in, cid).invitation_until == Time{});
          CHECK(in.broken() == "");
        }
  CHECK(earlier_end(Time{3}, Time{}) == Time{3});
  CHECK(earlier_end(Time{}, Time{3}) == Time{3});
  CHECK(earlier_end(Time{4}, Time{3}) == Time{3});
  CHECK(earlier_end(Time{}, Time{}) == Time{});
}

TEST_CASE("the end of an invitation follows its expiry only if it was that, or is later") {
  struct Row {
    std::int64_t own, expiry, next, end;
  };
  for (const Row& row : {Row{0, 0, 7, 7},
                         {0, 5, 7, 7},
                         {0, 5, 0, 0},
                         {5, 5, 7, 7},
                         {5, 9, 7, 5},
                         {5, 0, 7, 5},
                         {5, 9, 3, 3},
                         {5, 0, 3, 3},
                         {5, 9, 0, 5},
                         {9, 5, 0, 0}}) {
    AcmeFixture in;
    const auto time = [&](std::int64_t seconds) { return seconds == 0 ? Time{} : Time{seconds * 1'000'000'000}; };
    Invite invites(acme, ann, clerk, by(boss));
    invites.invitation_until = time(row.own);
    invites.valid_until = time(row.expiry);
    REQUIRE(in.outcome(manager_rules(), invites) == Outcome::invited);
    const std::vector<AccountSelector> who{ann, boss};
    REQUIRE(in.outcomes(with(manager_rules(), [](Profile& p) { p.accounts_max = 9; }),
                        ChangeExpiry(acme, who, time(row.next), by(boss)))[0] == Outcome::expiry_changed);
    INFO(row.own << " " << row.expiry << " " << row.next);
    CHECK(of(in, ann).invitation_until == time(row.end));
    CHECK(of(in, ann).valid_until == time(row.next));
    CHECK(of(in, boss).invitation_until == Time{});
  }
}

TEST_CASE("an end that is not later than now is refused, and one without effect is none") {
  for (const bool bulk : {false, true}) {
    AcmeFixture in;
    std::vector<AccountSelector> who{ann};
    if (bulk) who.emplace_back(cid);
    Invite invites(acme, who, clerk, by(boss));
    AddMembers adds(acme, who, clerk, by(boss));
    for (AddMembers* const command : {static_cast<AddMembers*>(&invites), &adds})
      for (const Time end : {Time{1}, Time{-1}, after(in.now, 1'000)}) {  // the fixture adds a millisecond to its clock
        command->invitation_until = end;
        AcmeFixture fresh;
        CHECK(fresh.error(manager_rules(), *command) == Errc::valid_until_passed);
      }
    adds.invitation_until = after(in.now, 2'000);
    CHECK(in.outcome(manager_rules(), adds) == Outcome::added);
    CHECK(of(in, ann).invitation_until == Time{});
    CHECK(of(in, ann).valid_until == Time{});
  }
}

TEST_CASE("the end is part of the request: with another one the key is reused") {
  for (const bool bulk : {false, true}) {
    AcmeFixture in;
    std::vector<AccountSelector> who{ann};
    if (bulk) who.emplace_back(cid);
    Invite invites(acme, who, clerk, by(boss), key("invites"));
    invites.invitation_until = after(in.now, 1'000'000);
    CHECK(in.outcome(manager_rules(), invites) == Outcome::invited);
    CHECK(in.outcome(manager_rules(), invites) == Outcome::replayed);
    invites.invitation_until = after(invites.invitation_until, 1);
    CHECK(in.outcome(manager_rules(), invites) == Outcome::request_reused);
    invites.invitation_until = {};
    CHECK(in.outcome(manager_rules(), invites) == Outcome::request_reused);
    // The two ends are not interchangeable.
    invites.valid_until = after(in.now, 1'000'000);
    CHECK(in.outcome(manager_rules(), invites) == Outcome::request_reused);
  }
}

TEST_CASE("two ends that are equal, or exchanged, are parts of the request like others") {
  AcmeFixture in;
  Invite invites(acme, ann, clerk, by(boss), key("invites"));
  const Time first = after(in.now, 5'000'000), second = after(in.now, 6'000'000);
  invites.valid_until = invites.invitation_until = first;
  CHECK(in.outcome(manager_rules(), invites) == Outcome::invited);
  CHECK(in.outcome(manager_rules(), invites) == Outcome::replayed);
  invites.valid_until = invites.invitation_until = second;
  CHECK(in.outcome(manager_rules(), invites) == Outcome::request_reused);
  Invite other(acme, cid, clerk, by(boss), key("other"));
  other.valid_until = first, other.invitation_until = second;
  CHECK(in.outcome(manager_rules(), other) == Outcome::invited);
  other.valid_until = second, other.invitation_until = first;
  CHECK(in.outcome(manager_rules(), other) == Outcome::request_reused);
}

TEST_CASE("a manager who offers another role in an invitation is its inviter from then on") {
  AcmeFixture in;
  in.put(bob, admin);
  REQUIRE(in.outcome(manager_rules(), Invite(acme, ann, clerk, by(bob))) == Outcome::invited);
  REQUIRE(in.outcome(manager_rules(), ChangeRole(acme, ann, owner, by(boss))) == Outcome::replaced);
  CHECK(of(in, ann).invited_by == boss);
  CHECK(in.outcome(manager_rules(), AcceptInvitation(acme, ann)) == Outcome::accepted);  // bob could not grant it
}

TEST_CASE("an invitation by staff depends on no membership, also if the actor is a member") {
  for (const RoleId& has : {RoleId(), guest}) {
    AcmeFixture in;
    if (!has.empty()) in.put(bob, has);
    REQUIRE(in.outcome(manager_rules(), Invite(acme, ann, owner, {bob, true})) == Outcome::invited);
    CHECK(of(in, ann).invited_by == AccountId());
    CHECK(in.outcome(manager_rules(), AcceptInvitation(acme, ann)) == Outcome::accepted);
  }
  // Staff renews the invitation of an inviter that has left, and an inviter renews that of staff.
  AcmeFixture in;
  in.put(bob, admin);
  REQUIRE(in.outcome(manager_rules(), Invite(acme, ann, clerk, by(bob))) == Outcome::invited);
  REQUIRE(in.outcome(manager_rules(), Leave(acme, bob)) == Outcome::removed);
  REQUIRE(in.outcome(manager_rules(), Invite(acme, ann, clerk, {bob, true})) == Outcome::invitation_renewed);
  CHECK(of(in, ann).invited_by == AccountId());
  REQUIRE(in.outcome(manager_rules(), Invite(acme, ann, clerk, by(boss))) == Outcome::invitation_renewed);
  CHECK(of(in, ann).invited_by == boss);
  CHECK(in.outcome(manager_rules(), AcceptInvitation(acme, ann)) == Outcome::accepted);
}

TEST_CASE("an organization that is stored as an account may invite to itself, and its invitations do not lapse") {
  const Profile rules = with(manager_rules(), [](Profile& p) { p.organization_is_account = true; });
  const AccountId itself("acme");
  AcmeFixture in;
  in.put_account({.id = itself});
  REQUIRE(in.outcome(rules, Invite(acme, ann, owner, by(itself))) == Outcome::invited);
  CHECK(of(in, ann).invited_by == itself);
  const Membership waits = of(in, ann);
  CHECK(invitation_status(rules, {}, waits, nullptr, nullptr, in.now) == InvitationStatus::pending);
  CHECK(invitation_status(manager_rules(), {}, waits, nullptr, nullptr, in.now) == InvitationStatus::lapsed);
  CHECK(in.outcome(rules, AcceptInvitation(acme, ann)) == Outcome::accepted);
}

TEST_CASE("a write by a clock that is behind lets no older request undo it") {
  AcmeFixture in;
  in.put(ann, clerk);
  ChangeRole promotes(acme, ann, admin, by(boss), key("promotes"));
  promotes.asked_at = after(in.now, 2'500'000);
  in.now = after(in.now, 2'600'000);
  REQUIRE(in.outcome(manager_rules(), promotes) == Outcome::replaced);
  const Time ahead = in.now;
  in.now = after(in.now, -200'000);
  REQUIRE(in.outcome(manager_rules(), ChangeRole(acme, ann, clerk, by(boss))) == Outcome::replaced);
  in.now = after(ahead, 1'000'000);
  CHECK(in.outcome(manager_rules(), promotes) == Outcome::has_changed);
}

TEST_CASE("an expired invitation is over: it is not accepted or declined, and is cleared by three commands") {
  struct Row {
    CommandKind kind;
    Outcome outcome;
  };
  const auto over = [](CommandKind kind) {
    AcmeFixture in;
    invite_ann_in_vain(in);
    in.outbox.events.clear();
    const Outcome outcome = in.outcome(manager_rules(), *command_of(kind, ann));
    CHECK(in.at(ann) == (outcome == Outcome::removed ? "clerk removed" : "clerk invited"));
    CHECK(in.outbox.events == (outcome == Outcome::removed ? Events{"expired"} : Events{}));
    CHECK(in.broken() == "");
    return outcome;
  };
  using enum CommandKind;
  for (const Row& row :
       {Row{accept_invitation, Outcome::was_removed}, Row{decline_invitation, Outcome::not_member},
        Row{revoke_invitation, Outcome::removed}, Row{remove, Outcome::removed}, Row{leave, Outcome::removed},
        Row{change_role, Outcome::not_member}, Row{suspend, Outcome::not_member}, Row{reactivate, Outcome::not_member},
        Row{change_expiry, Outcome::not_member}}) {
    INFO(static_cast<int>(row.kind));
    CHECK(over(row.kind) == row.outcome);
  }
  // An expired member is no invitation.
  AcmeFixture in;
  put_expired(in, ann, clerk);
  CHECK(in.outcome(manager_rules(), RevokeInvitation(acme, ann, by(boss))) == Outcome::not_member);
  CHECK(in.at(ann) == "clerk active");
}

TEST_CASE(
    "an account whose invitation has expired or was revoked joins again, under every policy about former members") {
  for (const OnFormer policy : {OnFormer::refuse, OnFormer::reactivate, OnFormer::restore_role, OnFormer::fresh})
    for (const bool invites : {false, true})
      for (const bool cleared : {false, true}) {
        AcmeFixture in;
        invite_ann_in_vain(in);
        if (cleared) REQUIRE(in.outcome(manager_rules(), RevokeInvitation(acme, ann, by(boss))) == Outcome::removed);
        const Profile rules = with(manager_rules(), [&](Profile& p) { p.on_removed = policy; });
        Invite invite(acme, ann, guest, by(boss));
        invite.invitation_until = after(in.now, 9'000'000);
        const AddMembers add(acme, ann, guest, by(boss));
        const Outcome outcome = in.outcome(rules, invites ? static_cast<const AddMembers&>(invite) : add);
        CHECK(outcome == (invites ? Outcome::invited : Outcome::added));  // it has never been a member
        CHECK(of(in, ann).invitation_until == (invites ? invite.invitation_until : Time{}));
        CHECK(of(in, ann).invited_by == (invites ? boss : AccountId()));
        CHECK(in.at(ann) == std::string("guest") + (invites ? " invited" : " active"));
      }
}

TEST_CASE("inviting again before the end renews it, and another role or a kept invitation does not") {
  AcmeFixture in;
  const Time first = invite_ann(in);
  Invite again(acme, ann, guest, by(boss));
  again.invitation_until = after(first, 5'000'000);
  const Profile keeps = with(manager_rules(), [](Profile& p) {
    p.on_reinvite = OnReinvite::keep;
    p.on_invited = OnInvited::keep;
    p.on_other_role = OnConflict::replace;
  });
  CHECK(in.outcome(keeps, again) == Outcome::replaced);
  CHECK(of(in, ann).invitation_until == first);
  CHECK(of(in, ann).invited_by == boss);  // the role is offered by another actor
  CHECK(in.outcome(manager_rules(), ChangeRole(acme, ann, clerk, by(boss))) == Outcome::replaced);
  CHECK(of(in, ann).invitation_until == first);
  CHECK(in.outcome(manager_rules(), again) == Outcome::invitation_renewed);
  CHECK(of(in, ann).invitation_until == again.invitation_until);
  CHECK(of(in, ann).invited_by == boss);
  again.invitation_until = {};
  CHECK(in.outcome(manager_rules(), again) == Outcome::invitation_renewed);
  CHECK(of(in, ann).invitation_until == Time{});
}

TEST_CASE("a late request does not touch an invitation that has expired since") {
  AcmeFixture in;
  const Time end = invite_ann(in);
  AddMembers late(acme, ann, clerk, by(boss));
  late.asked_at = end;
  const Time now = after(end, 2'000'000);
  CHECK(outcome_at(in, manager_rules(), late, now) == Outcome::was_removed);
  late.asked_at = after(end, 1);
  CHECK(outcome_at(in, manager_rules(), late, now) == Outcome::added);
}

}
