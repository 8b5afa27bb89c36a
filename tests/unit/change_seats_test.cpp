// Proves which changes take a seat, and which give one back, under each rule of counting; and what a transfer of
// ownership says of its two columns.
#include "unit/commands.hpp"

namespace change_seats_test {

using namespace fixtures;

namespace {

Profile seated(SeatRule rule) {
  return with(manager_rules(), [&](Profile& p) { p.seats = rule; });
}
constexpr std::array rules_of_seats = {SeatRule::unlimited, SeatRule::active, SeatRule::active_and_invited};
constexpr const char* seat_names[] = {"unlimited", "active", "active and invited"};

}  // namespace

TEST_CASE("each way of taking a place asks for a seat, under the rules that count that state, and no other does") {
  // The boss has a seat already: so many seats leave one fewer.
  for (const SeatRule rule : rules_of_seats)
    for (const std::uint32_t seats : {0u, 1u, 2u, 3u, no_limit}) {
      const Profile rules = seated(rule);
      const bool limited = rule != SeatRule::unlimited, invited_sit = rule == SeatRule::active_and_invited;
      INFO(seat_names[static_cast<unsigned>(rule)] << ", " << seats << " seats");
      const bool room = !limited || seats >= 2;
      const auto at = [&](State state, const Command& command, Outcome success) {
        for (const Profile& how : {rules, atomic(rules)}) {
          AcmeFixture in;  // filled without a limit, which is lowered then
          if (state != State::removed) in.put(ann, clerk, state);
          in.put_acme(seats);
          const Outcome outcome = in.outcome(how, command);
          CHECK((outcome == success || outcome == Outcome::seats_taken));
          if (outcome == Outcome::seats_taken)
            CHECK(in.at(ann) == (state == State::removed ? "nothing" : "clerk " + text_of(state)));
          CHECK(in.broken() == "");
          if (outcome != success) return false;
        }
        return true;
      };
      CHECK(at(State::removed, AddMembers(acme, ann, clerk, by(boss)), Outcome::added) == room);
      CHECK(at(State::removed, Invite(acme, ann, clerk, by(boss)), Outcome::invited) == (room || !invited_sit));
      CHECK(at(State::suspended, Reactivate(acme, ann, by(boss)), Outcome::reactivated) == room);
      CHECK(at(State::suspended, AddMembers(acme, ann, clerk, by(boss)), Outcome::reactivated) == room);
      CHECK(at(State::suspended, Invite(acme, ann, clerk, by(boss)), Outcome::invited) == (room || !invited_sit));
      CHECK(at(State::invited, AcceptInvitation(acme, ann), Outcome::accepted) == (room || invited_sit));
      CHECK(at(State::invited, AddMembers(acme, ann, clerk, by(boss)), Outcome::accepted) == (room || invited_sit));
      // These need none, even in an organization that is more than full.
      CHECK(at(State::active, ChangeRole(acme, ann, guest, by(boss)), Outcome::replaced));
      CHECK(at(State::invited, Invite(acme, ann, clerk, by(boss)), Outcome::invitation_renewed));
      CHECK(at(State::invited, ChangeRole(acme, ann, guest, by(boss)), Outcome::replaced));
      CHECK(at(State::active, Suspend(acme, ann, by(boss)), Outcome::suspended));
      CHECK(at(State::active, RemoveMembers(acme, ann, by(boss)), Outcome::removed));
      CHECK(at(State::active, Leave(acme, ann), Outcome::removed));
      CHECK(at(State::invited, DeclineInvitation(acme, ann), Outcome::removed));
      CHECK(at(State::active, AddMembers(acme, ann, clerk, by(boss)), Outcome::existing));
      CHECK(at(State::active, TransferOwnership(acme, ann, owner, admin, by(boss)), Outcome::replaced));
    }
}

TEST_CASE("an invitation that is accepted is counted once, whoever goes gives the seat back") {
  const Profile rules = seated(SeatRule::active_and_invited);
  AcmeFixture in(2);
  CHECK(in.outcome(rules, Invite(acme, ann, clerk, by(boss))) == Outcome::invited);
  CHECK(in.outcome(rules, Invite(acme, bob, clerk, by(boss))) == Outcome::seats_taken);
  CHECK(in.outcome(rules, AcceptInvitation(acme, ann)) == Outcome::accepted);
  CHECK(in.outcome(rules, AddMembers(acme, bob, clerk, by(boss))) == Outcome::seats_taken);
  for (const bool removes : {false, true}) {
    if (removes)
      CHECK(in.outcome(rules, RemoveMembers(acme, ann, by(boss))) == Outcome::removed);
    else
      CHECK(in.outcome(rules, Suspend(acme, ann, by(boss))) == Outcome::suspended);
    CHECK(in.outcome(rules, AddMembers(acme, bob, clerk, by(boss))) == Outcome::added);
    if (!removes) CHECK(in.outcome(rules, Reactivate(acme, ann, by(boss))) == Outcome::seats_taken);
    CHECK(in.outcome(rules, RemoveMembers(acme, bob, by(boss))) == Outcome::removed);
    if (!removes) CHECK(in.outcome(rules, Reactivate(acme, ann, by(boss))) == Outcome::reactivated);
  }
  CHECK(in.outcome(rules, Invite(acme, cid, clerk, by(boss))) == Outcome::invited);
  CHECK(in.outcome(rules, RevokeInvitation(acme, cid, by(boss))) == Outcome::removed);
  CHECK(in.outcome(rules, Invite(acme, dora, clerk, by(boss))) == Outcome::invited);
  CHECK(in.outcome(rules, DeclineInvitation(acme, dora)) == Outcome::removed);
  CHECK(in.outcome(rules, AddMembers(acme, emil, clerk, by(boss))) == Outcome::added);
}

TEST_CASE("a bulk fills the seats that there are, in order, an atomic one fills them all or none") {
  const std::vector<AccountSelector> people{ann, bob, cid, dora};
  const Profile rules = seated(SeatRule::active);
  for (const std::uint32_t seats : {1u, 2u, 3u, 4u, 5u}) {
    INFO(seats << " seats");
    const std::size_t room = seats - 1;
    Outcomes expected(4, Outcome::seats_taken);
    std::fill_n(expected.begin(), room, Outcome::added);
    for (const std::uint32_t tile : {100u, 1u}) {
      AcmeFixture in(seats);
      CHECK(in.outcomes(rules, AddMembers(acme, people, clerk, by(boss)), {.tile_cells_max = tile}) == expected);
      CHECK(in.count() == seats);
    }
    AcmeFixture whole(seats);
    const auto outcomes = whole.outcomes(atomic(rules), AddMembers(acme, people, clerk, by(boss)));
    CHECK(whole.count() == (room == 4 ? 5u : 1u));
    CHECK(succeeded(outcomes[0]) == (room == 4));
    AcmeFixture back;
    for (const AccountId& who : {ann, bob, cid, dora}) back.put(who, clerk, State::suspended);
    back.put_acme(seats);
    for (Outcome& outcome : expected) outcome = outcome == Outcome::added ? Outcome::reactivated : outcome;
    CHECK(back.outcomes(rules, Reactivate(acme, people, by(boss))) == expected);
    CHECK(back.count(State::active) == seats);
  }
}

TEST_CASE("who comes back invited, after their time was over, leaves the seat to the next of the same command") {
  const Profile rules = seated(SeatRule::active);
  for (const std::uint32_t seats : {1u, 2u}) {
    AcmeFixture in;
    put_expired(in, ann, clerk);
    in.put_acme(seats);
    INFO(seats << " seats, of which the boss and ann have two");
    const Invite both(acme, std::vector<AccountSelector>{ann, bob}, clerk, by(boss));
    CHECK(in.outcomes(rules, both) == Outcomes{Outcome::invited, Outcome::invited});
    const AddMembers third(acme, cid, clerk, by(boss));
    CHECK(in.outcome(rules, third) == (seats == 2 ? Outcome::added : Outcome::seats_taken));
  }
  for (const std::uint32_t seats : {1u, 2u, 3u}) {
    AcmeFixture in;
    in.put_account({.id = ann, .invited = true});  // an add makes an invitation of it
    put_expired(in, ann, clerk);
    in.put_acme(seats);
    INFO(seats << " seats, of which the boss and ann have two");
    const AddMembers all(acme, std::vector<AccountSelector>{bob, ann, cid, dora}, clerk, by(boss));
    const auto added = [&](std::uint32_t least) { return seats >= least ? Outcome::added : Outcome::seats_taken; };
    CHECK(in.outcomes(rules, all) == Outcomes{added(3), Outcome::invited, added(2), added(4)});
    CHECK(in.broken() == "");
  }
}

TEST_CASE("a transfer: first the new owner, then the actor, both or neither, whatever the profile's mode") {
  for (const Profile& rules : {manager_rules(), atomic(manager_rules())}) {
    const auto transfer = [&](AcmeFixture& in, const RoleId& as, const RoleId& afterwards) {
      return in.outcomes(rules, TransferOwnership(acme, ann, as, afterwards, by(boss)));
    };
    const auto ends = [](AcmeFixture& in, const char* her, const char* his) {
      CHECK(in.at(ann) == her);
      CHECK(in.at(boss) == his);
      CHECK(in.owners() >= 1);
    };
    AcmeFixture plain;
    plain.put(ann, clerk);
    CHECK(transfer(plain, owner, guest) == Outcomes{Outcome::replaced, Outcome::replaced});
    ends(plain, "owner active", "guest active");

    AcmeFixture to_owner;
    to_owner.put(ann, owner);
    CHECK(transfer(to_owner, owner, admin) == Outcomes{Outcome::existing, Outcome::replaced});
    ends(to_owner, "owner active", "admin active");

    AcmeFixture by_default;
    by_default.put(ann, clerk);
    CHECK(transfer(by_default, owner, RoleId{}) == Outcomes{Outcome::replaced, Outcome::replaced});
    ends(by_default, "owner active", "clerk active");

    AcmeFixture stays;  // the actor stays an owner
    stays.put(ann, clerk);
    CHECK(transfer(stays, owner, owner) == Outcomes{Outcome::replaced, Outcome::existing});
    ends(stays, "owner active", "owner active");

    AcmeFixture nobody;
    CHECK(transfer(nobody, owner, admin) == Outcomes{Outcome::not_member, Outcome::last_owner});
    ends(nobody, "nothing", "owner active");

    AcmeFixture unknown_role;
    unknown_role.put(ann, clerk);
    CHECK(transfer(unknown_role, RoleId("king"), admin) == Outcomes{Outcome::role_not_found, Outcome::last_owner});
    ends(unknown_role, "clerk active", "owner active");

    AcmeFixture no_owner;  // a role that does not own
    no_owner.put(ann, clerk);
    CHECK(transfer(no_owner, admin, guest) == Outcomes{Outcome::role_not_assignable, Outcome::last_owner});
    no_owner.put(bob, owner);
    CHECK(transfer(no_owner, admin, guest) == Outcomes{Outcome::role_not_assignable, Outcome::not_attempted});
    ends(no_owner, "clerk active", "owner active");

    // While she is not made an owner, he would be the last one to give it up; with another there, he is merely left
    // alone.
    for (const State state : {State::invited, State::suspended, State::removed})
      for (const bool other_owner : {false, true}) {
        AcmeFixture away;
        away.put(ann, clerk, state);
        if (other_owner) away.put(bob, owner);
        const auto before = away.exactly();
        CHECK(transfer(away, owner, admin) ==
              Outcomes{state == State::suspended ? Outcome::was_suspended : Outcome::not_member,
                       other_owner ? Outcome::not_attempted : Outcome::last_owner});
        CHECK(away.exactly() == before);
      }

    for (const bool other_owner : {false, true})
      for (const AccountSelector& self : {AccountSelector(boss), AccountSelector(address("boss@x.example"))}) {
        AcmeFixture oneself;
        if (other_owner) oneself.put(bob, owner);
        const auto before = oneself.exactly();
        CHECK(oneself.outcomes(rules, TransferOwnership(acme, self, owner, admin, by(boss))) ==
              Outcomes{Outcome::existing, Outcome::request_reused});
        CHECK(oneself.exactly() == before);
      }
  }
}

TEST_CASE("a transfer to who is an owner already is recognised when it is asked for again, with who they are") {
  for (const Profile& rules : {manager_rules(), atomic(manager_rules())}) {
    AcmeFixture in;
    in.put(ann, owner);
    in.put(bob, owner);
    const TransferOwnership steps_down(acme, address("ann@x.example"), owner, admin, by(boss), key("down"));
    CHECK(in.outcomes(rules, steps_down) == Outcomes{Outcome::existing, Outcome::replaced});
    const auto before = in.exactly();
    const auto again = in.run(rules, steps_down);
    REQUIRE(again.has_value());
    const Report& report = again.assume_value();
    CHECK(Outcomes(report.outcomes.begin(), report.outcomes.end()) == Outcomes{Outcome::existing, Outcome::replayed});
    CHECK(report.accounts[0].id == ann);
    CHECK(report.accounts[1].id == boss);
    CHECK(in.exactly() == before);
    // By another key, to another, or for another role it is a transfer by who is no owner.
    for (const AccountId& to : {ann, bob, cid})
      for (const char* under : {"down", "other"}) {
        const auto others = in.outcomes(rules, TransferOwnership(acme, to, owner, guest, by(boss), key(under)));
        CHECK(others == Outcomes{Outcome::forbidden, Outcome::forbidden});
      }
    CHECK(in.outcomes(rules, TransferOwnership(acme, cid, owner, admin, by(boss), key("down")))[0] ==
          Outcome::forbidden);
    CHECK(in.exactly() == before);
  }
}

TEST_CASE("a transfer has two columns, the new owner and the actor, and tells of ownership only who had it") {
  AcmeFixture in;
  in.put(ann, clerk);
  in.put(bob, guest);
  const auto before = in.exactly();
  const auto changed = [&](auto&& change) {
    TransferOwnership transfer(acme, ann, owner, admin, by(boss));
    change(transfer);
    return in.error(with(host_rules(), [](Profile& p) { p.accounts_max = 1; }), transfer);
  };
  CHECK(changed([](TransferOwnership& t) { t.actor = by(bob); }) == Errc::actor_missing);
  CHECK(changed([](TransferOwnership& t) { t.accounts = AccountSelector(boss); }) == Errc::actor_missing);
  CHECK(changed([](TransferOwnership& t) { t.accounts = {ann, bob, boss}; }) == Errc::actor_missing);
  CHECK(changed([](TransferOwnership& t) { t.groups = {GroupName("all")}; }) == Errc::actor_missing);
  CHECK(changed([](TransferOwnership& t) { t.roles = owner; }) == Errc::roles_malformed);
  CHECK(changed([](TransferOwnership& t) { t.cell_roles = {1, 0}; }) == Errc::roles_malformed);
  CHECK(changed([](TransferOwnership& t) { t.cell_roles = {}; }) == Errc::roles_malformed);
  CHECK(in.exactly() == before);

  in.outbox.events.clear();
  CHECK(in.outcomes(host_rules(), TransferOwnership(acme, ann, owner, clerk, by(bob))) ==
        Outcomes{Outcome::replaced, Outcome::replaced});
  CHECK(in.outbox.events == Events{"ownership_given", "role_changed"});
}

TEST_CASE("a transfer may give a role that no add may give, and only if that role owns") {
  std::array closed = ranks;
  for (Role& role : closed) role.assignable = role.id == clerk || role.id == admin;
  const Profile rules = with(manager_rules(), [&](Profile& p) { p.roles = closed; });
  AcmeFixture in;
  in.put(ann, clerk);
  CHECK(in.outcome(rules, AddMembers(acme, bob, owner, by(boss))) == Outcome::role_not_assignable);
  CHECK(in.outcome(rules, ChangeRole(acme, ann, owner, by(boss))) == Outcome::role_not_assignable);
  CHECK(in.outcomes(rules, TransferOwnership(acme, ann, guest, admin, by(boss)))[0] == Outcome::role_not_assignable);
  CHECK(in.outcomes(rules, TransferOwnership(acme, ann, owner, admin, by(boss))) ==
        Outcomes{Outcome::replaced, Outcome::replaced});
}

TEST_CASE("a transfer over several organizations is one: refused in one, it is done in none") {
  const std::vector<OrganizationSelector> both{acme, works};
  AcmeFixture in;
  in.put(ann, clerk);
  CHECK(in.outcomes(manager_rules(), TransferOwnership(both, ann, owner, admin, by(boss))) ==
        Outcomes{Outcome::not_attempted, Outcome::not_attempted, Outcome::not_member, Outcome::last_owner});
  CHECK(in.at(ann) == "clerk active");
  in.put(works, ann, guest);
  CHECK(in.outcomes(manager_rules(), TransferOwnership(both, ann, owner, admin, by(boss))) ==
        Outcomes(4, Outcome::replaced));
  CHECK(in.at(ann, works) == "owner active");
  CHECK(in.at(boss, works) == "admin active");
}

}
