// Proves who may change a membership: by which rule, by which rank, in whose own affairs, and who is kept in the dark.
#include "unit/commands.hpp"

namespace change_actors_test {

using namespace fixtures;

namespace {

/// The kinds for which somebody else than the account itself asks, and that need something to be there.
constexpr std::array managed = {CommandKind::change_role, CommandKind::suspend,           CommandKind::reactivate,
                                CommandKind::remove,      CommandKind::revoke_invitation, CommandKind::change_expiry};

}  // namespace

TEST_CASE("who may: a role that manages, for a transfer one that owns, and the host's word") {
  struct Who {
    const char* name;
    ActorRule rule;
    const char* as;  // the actor's role in acme, empty: none
    MembershipState state;
    bool staff, may, may_transfer;
  };
  const Who all[] = {
      {"an owner", ActorRule::manager, "owner", State::active, false, true, true},
      {"a manager", ActorRule::manager, "admin", State::active, false, true, false},
      {"a plain member", ActorRule::manager, "clerk", State::active, false, false, false},
      {"a manager, where any member may add", ActorRule::member, "admin", State::active, false, true, false},
      {"a plain member, where any member may add", ActorRule::member, "clerk", State::active, false, false, false},
      {"a suspended owner", ActorRule::manager, "owner", State::suspended, false, false, false},
      {"an invited owner", ActorRule::manager, "owner", State::invited, false, false, false},
      {"a removed owner", ActorRule::manager, "owner", State::removed, false, false, false},
      {"a stranger", ActorRule::manager, "", State::active, false, false, false},
      {"staff", ActorRule::manager, "", State::active, true, true, true},
      {"anybody, where the host decides", ActorRule::host_decides, "", State::active, false, true, true},
  };
  for (const Who& who : all) {
    const Profile rules = with(host_rules(), [&](Profile& p) { p.actor = who.rule; });
    for (const CommandKind kind : managed) {
      INFO(who.name << ", " << text_of(kind));
      AcmeFixture in;
      if (*who.as != 0) in.put(bob, RoleId::parse(who.as).assume_value(), who.state);
      in.put(ann, guest,
             kind == CommandKind::reactivate          ? State::suspended
             : kind == CommandKind::revoke_invitation ? State::invited
                                                      : State::active);
      const auto before = in.exactly();
      Any command;  // staff is a mark on the actor, so each is made by hand
      const Actor actor{bob, who.staff};
      if (kind == CommandKind::change_role) command = make<ChangeRole>(acme, ann, clerk, actor);
      if (kind == CommandKind::suspend) command = make<Suspend>(acme, ann, actor);
      if (kind == CommandKind::reactivate) command = make<Reactivate>(acme, ann, actor);
      if (kind == CommandKind::remove) command = make<RemoveMembers>(acme, ann, actor);
      if (kind == CommandKind::revoke_invitation) command = make<RevokeInvitation>(acme, ann, actor);
      if (kind == CommandKind::change_expiry) command = make<ChangeExpiry>(acme, ann, far_off, actor);
      const Outcome outcome = in.outcome(rules, *command);
      CHECK((outcome == Outcome::forbidden) == !who.may);
      CHECK(succeeded(outcome) == who.may);
      if (!who.may) CHECK(in.exactly() == before);
    }
    INFO(who.name << ", transfer");
    AcmeFixture in;
    if (*who.as != 0) in.put(bob, RoleId::parse(who.as).assume_value(), who.state);
    if (*who.as == 0) in.put(bob, owner);
    in.put(ann, guest);
    const Actor actor{who.name == std::string("a stranger") ? stranger : bob, who.staff};
    const auto outcomes = in.outcomes(rules, TransferOwnership(acme, ann, owner, admin, actor));
    if (who.may_transfer)
      CHECK(outcomes == Outcomes{Outcome::replaced, Outcome::replaced});
    else
      CHECK(outcomes[0] == Outcome::forbidden);
    CHECK(in.at(ann) == (who.may_transfer ? "owner active" : "guest active"));
  }
}

TEST_CASE("leaving, accepting and declining are the account's own affair: no rule about actors is asked") {
  for (const ActorRule rule : {ActorRule::host_decides, ActorRule::member, ActorRule::manager}) {
    const Profile rules = with(host_rules(), [&](Profile& p) { p.actor = rule; });
    AcmeFixture in;
    in.put(ann, guest);
    in.put(bob, guest, State::invited);
    in.put(cid, guest, State::invited);
    CHECK(in.outcome(rules, Leave(acme, ann)) == Outcome::removed);
    CHECK(in.outcome(rules, AcceptInvitation(acme, bob)) == Outcome::accepted);
    CHECK(in.outcome(rules, DeclineInvitation(acme, cid)) == Outcome::removed);
    CHECK(in.error(rules, Leave(acme, AccountId{})) != Errc{});
    CHECK(in.outcome(rules, Leave(nowhere, ann)) == Outcome::organization_not_found);
  }
}

TEST_CASE(
    "a profile that hides organizations does not tell a stranger by a leave, an accept or a decline which there are") {
  const Profile rules = with(manager_rules(), [](Profile& p) { p.hides_organizations = true; });
  for (const CommandKind kind : {CommandKind::leave, CommandKind::accept_invitation, CommandKind::decline_invitation}) {
    INFO(text_of(kind));
    const auto ask = [&](const OrganizationId& in, AcmeFixture& of) {
      if (kind == CommandKind::leave) return of.run(rules, Leave(in, stranger));
      if (kind == CommandKind::accept_invitation) return of.run(rules, AcceptInvitation(in, stranger));
      return of.run(rules, DeclineInvitation(in, stranger));
    };
    AcmeFixture of;
    of.put_account({.id = stranger, .verified = false});
    const auto there = ask(acme, of), absent = ask(nowhere, of);
    REQUIRE((there.has_value() && absent.has_value()));
    CHECK(there.assume_value().at(0, 0) == absent.assume_value().at(0, 0));
    CHECK(there.assume_value().accounts[0].id == absent.assume_value().accounts[0].id);
  }
}

TEST_CASE("ranks: nobody gives a role above their own, nor touches a membership that has one") {
  struct Try {
    const char* actor;  // the actor's role
    const char* had;    // the member's
    const char* asked;
    Outcome change, remove;
  };
  const Try tries[] = {
      {"admin", "guest", "clerk", Outcome::replaced, Outcome::removed},
      {"admin", "clerk", "admin", Outcome::replaced, Outcome::removed},
      {"admin", "clerk", "owner", Outcome::outranked, Outcome::removed},    // would give what it has not
      {"admin", "owner", "clerk", Outcome::outranked, Outcome::outranked},  // would touch what is above it
      {"admin", "admin", "clerk", Outcome::replaced, Outcome::removed},     // an equal
      {"owner", "owner", "clerk", Outcome::replaced, Outcome::removed},
      {"owner", "guest", "owner", Outcome::replaced, Outcome::removed},
  };
  for (const Try& test : tries) {
    INFO(test.actor << " turns a " << test.had << " into a " << test.asked);
    const auto role = [](const char* text) { return RoleId::parse(text).assume_value(); };
    for (const bool removes : {false, true}) {
      AcmeFixture in;
      in.put(bob, role(test.actor));
      in.put(ann, role(test.had));
      const Any command =
          removes ? make<RemoveMembers>(acme, ann, by(bob)) : make<ChangeRole>(acme, ann, role(test.asked), by(bob));
      CHECK(in.outcome(manager_rules(), *command) == (removes ? test.remove : test.change));
      const std::string there = in.at(ann);
      if ((removes ? test.remove : test.change) == Outcome::outranked)
        CHECK(there == std::string(test.had) + " active");
    }
    AcmeFixture in;  // the same by an add that replaces
    in.put(bob, role(test.actor));
    in.put(ann, role(test.had));
    const Profile replaces = with(manager_rules(), [](Profile& p) { p.on_other_role = OnConflict::replace; });
    CHECK(in.outcome(replaces, AddMembers(acme, ann, role(test.asked), by(bob))) == test.change);
    CHECK(in.outcome(host_rules(), AddMembers(acme, cid, role(test.asked), by(bob))) == Outcome::added);
  }
  for (const State state : {State::suspended, State::invited, State::removed}) {
    AcmeFixture in;
    in.put(bob, admin);
    in.put(ann, owner, state);
    const auto before = in.exactly();
    if (state != State::removed)
      CHECK(in.outcome(manager_rules(), RemoveMembers(acme, ann, by(bob))) == Outcome::outranked);
    if (state == State::suspended)
      CHECK(in.outcome(manager_rules(), Reactivate(acme, ann, by(bob))) == Outcome::outranked);
    const Profile restores =
        with(manager_rules(), [](Profile& p) { p.on_removed = p.on_suspended = OnFormer::restore_role; });
    if (state != State::invited)
      CHECK(in.outcome(restores, AddMembers(acme, ann, guest, by(bob))) ==
            Outcome::outranked);  // an owner would be back
    CHECK(in.exactly() == before);
  }
}

TEST_CASE("an add of a role that the actor gave when it might, and might not give now, is replayed under its key") {
  const Profile replaces = with(manager_rules(), [](Profile& p) { p.on_other_role = OnConflict::replace; });
  for (const Profile& rules : {replaces, atomic(replaces)}) {
    AcmeFixture in;
    in.put(bob, owner);
    AddMembers steps_down(acme, std::vector<AccountSelector>{bob, cid}, owner, by(bob), key("down"));
    steps_down.roles = {admin, owner};
    steps_down.cell_roles = {0, 1};
    REQUIRE(in.outcomes(rules, steps_down) == std::vector{Outcome::replaced, Outcome::added});
    CHECK(in.outcomes(rules, steps_down) == std::vector{Outcome::replayed, Outcome::replayed});
  }
  for (const bool twice : {false, true}) {  // where nobody is named twice, and where somebody is
    AcmeFixture in;
    in.put(bob, owner);
    const AddMembers one(acme, cid, owner, by(bob), key("one"));
    const AddMembers many(acme,
                          twice ? std::vector<AccountSelector>{dora, dora} : std::vector<AccountSelector>{dora, emil},
                          owner, by(bob), key("many"));
    REQUIRE(in.outcome(replaces, one) == Outcome::added);
    REQUIRE(in.outcomes(replaces, many)[0] == Outcome::added);
    REQUIRE(in.outcome(replaces, ChangeRole(acme, bob, admin, by(boss))) == Outcome::replaced);
    CHECK(in.outcome(replaces, one) == Outcome::replayed);
    CHECK(in.outcomes(replaces, many) == std::vector{Outcome::replayed, Outcome::replayed});
    // Under another key it is no retry.
    CHECK(in.outcome(replaces, AddMembers(acme, cid, owner, by(bob), key("other"))) == Outcome::outranked);
    CHECK(in.outcome(replaces, AddMembers(acme, ann, owner, by(bob), key("one"))) == Outcome::outranked);
  }
}

TEST_CASE(
    "an add that names one owner twice is judged in the order of its cells, whichever of them gives up ownership") {
  static constexpr RoleId founder{"founder"};
  static constexpr std::array two_own = {ranks[0], ranks[1], ranks[2], ranks[3],
                                         Role{.id = founder, .rank = 4, .manages = true, .owns = true}};
  const Profile rules = with(host_rules(), [](Profile& p) {
    p.roles = two_own;
    p.on_other_role = OnConflict::replace;
  });
  const std::array<RoleId, 4> given = {owner, founder, admin, guest};
  for (std::size_t which = 0; which < 64; ++which)
    for (const bool alone : {false, true}) {  // whether boss is the only owner
      AcmeFixture bulk, fold;
      AddMembers thrice(acme, std::vector<AccountSelector>{boss, boss, boss}, owner, by(ann), key("thrice"));
      thrice.roles = {given[which % 4], given[which / 4 % 4], given[which / 16]};
      thrice.cell_roles = {0, 1, 2};
      if (!alone) {
        bulk.put(bob, owner);
        fold.put(bob, owner);
      }
      std::vector<Outcome> one_by_one;
      for (const RoleId& role : thrice.roles.span())
        one_by_one.push_back(fold.outcome(rules, AddMembers(acme, boss, role, by(ann), key("thrice"))));
      INFO(which << (alone ? " alone" : ""));
      CHECK(bulk.outcomes(rules, thrice) == one_by_one);
      CHECK(bulk.at(boss) == fold.at(boss));
    }
}

}
