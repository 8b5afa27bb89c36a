// Proves what the change set of each kind of command guards, that the store refuses it whole when any of that no longer
// holds, and that it accepts it when all of it does.
#include <algorithm>

#include "unit/commands.hpp"

namespace change_guards_test {

using namespace fixtures;

namespace {

using Guards = std::vector<std::string>;
constexpr std::uint32_t seats = 9;

std::string text_of(const ChangeSet& changes, const Guard& guard) {
  const auto in = [&] { return std::string(changes.organizations[guard.organization].id.view()); };
  const auto who = [&] { return std::string(changes.accounts[guard.account].id.view()); };
  switch (guard.record) {
    case Guard::Record::organization: return "organization " + in();
    case Guard::Record::account: return "account " + who();
    case Guard::Record::membership: return "membership " + who() + " in " + in();
    case Guard::Record::actor: return "actor in " + in();
    case Guard::Record::inviter: return "inviter of " + who() + " in " + in();
    case Guard::Record::seats: return "seats of " + in() + " at most " + std::to_string(guard.limit);
    case Guard::Record::owners: return "owners of " + in();
  }
  return {};
}

Guards sorted(Guards all) {
  std::sort(all.begin(), all.end());
  return all;
}

/// An operation that has decided and stands before its commit.
struct Decided {
  Decided(AcmeFixture& in, Profile rules, Any what)
      : of(in), profile(std::move(rules)), command(std::move(what)), operation(profile, *command, {Time{7}, &in.ids}) {
    REQUIRE(operation.need() == Operation::Need::facts);
    operation.provide(in.store.fetch(operation.query(), operation.facts()));
    REQUIRE(operation.need() == Operation::Need::commit);
  }
  /// The change set, to be spoiled by hand.
  ChangeSet& changes() { return const_cast<ChangeSet&>(operation.changes()); }
  Guards guards() {
    Guards all;
    for (const Guard& guard : changes().guards) all.push_back(text_of(changes(), guard));
    return sorted(all);
  }
  Errc commit() {
    const auto done = of.store.commit(changes());
    return done ? Errc{} : done.assume_error().code;
  }
  /// It is refused, and nothing is written.
  void is_refused() {
    const auto before = of.exactly();
    CHECK(commit() == Errc::stale);
    CHECK(of.exactly() == before);
    CHECK(of.broken() == "");
  }

  AcmeFixture& of;
  Profile profile{.actor = roster::ActorRule::host_decides};
  Any command;
  Operation operation;
};

Profile rules_of(SeatRule rule = SeatRule::active_and_invited) {
  return with(manager_rules(), [&](Profile& p) { p.seats = rule; });
}

}  // namespace

TEST_CASE("guards of each kind: the place, who asks, who is meant, and the bounds that the change comes near") {
  struct Row {
    const char* name;
    const char* had;  // empty: nothing
    State state;
    Any command;
    Guards guards;  // best effort
    SeatRule rule = SeatRule::active_and_invited;
  };
  const Guards own{"organization acme", "account ann"};
  const auto asked = [](std::initializer_list<const char*> more) {
    Guards all{"organization acme", "account ann", "actor in acme"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  const auto alone = [&](std::initializer_list<const char*> more) {
    Guards all = own;
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  const char* const seat = "seats of acme at most 9";
  const char* const one_owner = "owners of acme";
  const Row rows[] = {
      {"add", "", State::active, make<AddMembers>(acme, ann, clerk, by(boss)), asked({seat})},
      {"invite", "", State::active, make<Invite>(acme, ann, clerk, by(boss)), asked({seat})},
      {"invite, where only the active sit", "", State::active, make<Invite>(acme, ann, clerk, by(boss)), asked({}),
       SeatRule::active},
      {"add again", "clerk", State::removed, make<AddMembers>(acme, ann, clerk, by(boss)), asked({seat})},
      {"add over a suspension", "clerk", State::suspended, make<AddMembers>(acme, ann, clerk, by(boss)), asked({seat})},
      {"add of an invited member", "clerk", State::invited, make<AddMembers>(acme, ann, clerk, by(boss)), asked({})},
      {"add of an invited member, where it takes a seat", "clerk", State::invited,
       make<AddMembers>(acme, ann, clerk, by(boss)), asked({seat}), SeatRule::active},
      {"invitation of an invited member", "clerk", State::invited, make<Invite>(acme, ann, guest, by(boss)), asked({})},
      {"change of role", "clerk", State::active, make<ChangeRole>(acme, ann, guest, by(boss)), asked({})},
      {"promotion", "clerk", State::active, make<ChangeRole>(acme, ann, owner, by(boss)), asked({})},
      {"demotion of an owner", "owner", State::active, make<ChangeRole>(acme, ann, guest, by(boss)),
       asked({one_owner})},
      {"of an owner who is only invited", "owner", State::invited, make<ChangeRole>(acme, ann, guest, by(boss)),
       asked({})},
      {"suspension", "clerk", State::active, make<Suspend>(acme, ann, by(boss)), asked({})},
      {"suspension of an owner", "owner", State::active, make<Suspend>(acme, ann, by(boss)), asked({one_owner})},
      {"reactivation", "clerk", State::suspended, make<Reactivate>(acme, ann, by(boss)), asked({seat})},
      {"removal", "clerk", State::active, make<RemoveMembers>(acme, ann, by(boss)), asked({})},
      {"removal of an owner", "owner", State::active, make<RemoveMembers>(acme, ann, by(boss)), asked({one_owner})},
      {"removal of a suspended owner", "owner", State::suspended, make<RemoveMembers>(acme, ann, by(boss)), asked({})},
      {"revocation", "clerk", State::invited, make<RevokeInvitation>(acme, ann, by(boss)), asked({})},
      {"leave", "clerk", State::active, make<Leave>(acme, ann), alone({})},
      {"leave of an owner", "owner", State::active, make<Leave>(acme, ann), alone({one_owner})},
      {"decline", "clerk", State::invited, make<DeclineInvitation>(acme, ann), alone({})},
      {"accept", "clerk", State::invited, make<AcceptInvitation>(acme, ann), alone({"inviter of ann in acme"})},
      {"accept, where it takes a seat", "clerk", State::invited, make<AcceptInvitation>(acme, ann),
       alone({"inviter of ann in acme", seat}), SeatRule::active},
  };
  for (const Row& row : rows)
    for (const bool whole : {false, true}) {
      INFO(row.name << (whole ? ", atomic" : ""));
      AcmeFixture in(seats);
      if (*row.had != 0) in.put(ann, RoleId::parse(row.had).assume_value(), row.state);
      const Profile rules = rules_of(row.rule);
      Decided decided(in, whole ? atomic(rules) : rules, row.command);
      Guards expected = row.guards;
      if (whole && *row.had != 0) expected.push_back("membership ann in acme");
      CHECK(decided.guards() == sorted(expected));
      CHECK(decided.commit() == Errc{});
    }
}

TEST_CASE("guards of a transfer: both memberships, both accounts, and that an owner remains") {
  AcmeFixture in(seats);
  in.put(ann, clerk);
  Decided decided(in, rules_of(), make<TransferOwnership>(acme, ann, owner, admin, by(boss)));
  CHECK(decided.guards() == sorted({"organization acme", "actor in acme", "account ann", "account boss",
                                    "membership ann in acme", "membership boss in acme", "owners of acme"}));
  CHECK(decided.commit() == Errc{});
}

TEST_CASE("guards: nobody's standing is guarded where none was asked about, nor an inviter whom nobody knows") {
  AcmeFixture in(seats);
  in.put(ann, clerk);
  {
    Decided decided(in, host_rules(), make<ChangeRole>(acme, ann, guest, by(boss)));
    CHECK(decided.guards() == Guards{"account ann", "organization acme"});
  }
  {
    Decided decided(in, manager_rules(), make<ChangeRole>(acme, ann, guest, Actor{boss, true}));
    CHECK(decided.guards() == Guards{"account ann", "organization acme"});
  }
  REQUIRE(in.outcome(host_rules(), Invite(acme, bob, clerk)) == Outcome::invited);
  Decided unknown(in, manager_rules(), make<AcceptInvitation>(acme, bob));
  CHECK(unknown.guards() == Guards{"account bob", "organization acme"});
  in.put(cid, clerk, State::invited);
  Decided frozen(in, with(manager_rules(), [](Profile& p) { p.rechecks_inviter = false; }),
                 make<AcceptInvitation>(acme, cid));
  CHECK(frozen.guards() == Guards{"account cid", "organization acme"});
}

TEST_CASE("guards of a bulk: best effort depends on what it writes to, an atomic one on all that it looked at") {
  const std::vector<OrganizationSelector> both{acme, works};
  const std::vector<AccountSelector> people{ann, bob};
  for (const bool whole : {false, true}) {
    INFO((whole ? "atomic" : "best effort"));
    AcmeFixture in(seats);
    in.put(ann, clerk);
    in.put(bob, clerk, State::suspended);
    in.put(works, ann, clerk);
    in.put(works, bob, clerk);
    if (!whole) must(in.store.erase_membership(works, bob).has_value(), "an end");
    // In works nobody is suspended, so nothing is written there.
    Decided decided(in, whole ? atomic(rules_of()) : rules_of(), make<Reactivate>(both, people, by(boss)));
    Guards expected{"account bob", "actor in acme", "organization acme", "seats of acme at most 9"};
    if (whole)
      for (const char* more : {"account ann", "actor in works", "organization works", "membership ann in acme",
                               "membership bob in acme", "membership ann in works", "membership bob in works"})
        expected.push_back(more);
    CHECK(decided.guards() == sorted(expected));
  }
}

TEST_CASE("the store refuses a change set of which any guard does not hold, and writes nothing") {
  struct Scenario {
    const char* name;
    SeatRule rule;
    const char* had;
    State state;
    Any command;
    std::size_t guards;
  };
  const Scenario scenarios[] = {
      {"add", SeatRule::active, "", State::active, make<AddMembers>(acme, ann, clerk, by(boss)), 4},
      {"add again", SeatRule::active, "clerk", State::removed, make<AddMembers>(acme, ann, clerk, by(boss)), 5},
      {"invite", SeatRule::active_and_invited, "", State::active, make<Invite>(acme, ann, clerk, by(boss)), 4},
      {"accept", SeatRule::active, "clerk", State::invited, make<AcceptInvitation>(acme, ann), 5},
      {"reactivate", SeatRule::active, "clerk", State::suspended, make<Reactivate>(acme, ann, by(boss)), 5},
      {"remove", SeatRule::active, "owner", State::active, make<RemoveMembers>(acme, ann, by(boss)), 5},
      {"leave", SeatRule::active, "owner", State::active, make<Leave>(acme, ann), 4},
      {"transfer", SeatRule::active, "clerk", State::active, make<TransferOwnership>(acme, ann, owner, admin, by(boss)),
       7},
  };
  for (const Scenario& scenario : scenarios) {
    INFO(scenario.name);
    AcmeFixture in(seats);
    if (*scenario.had != 0) in.put(ann, RoleId::parse(scenario.had).assume_value(), scenario.state);
    Decided decided(in, atomic(rules_of(scenario.rule)), scenario.command);
    ChangeSet& changes = decided.changes();
    CHECK(changes.guards.size() == scenario.guards);
    for (Guard& guard : changes.guards) {
      INFO(text_of(changes, guard));
      const Guard held = guard;
      if (guard.record == Guard::Record::seats) {
        guard.limit = 1;  // the boss takes it
        decided.is_refused();
        guard = held;
      } else if (guard.record == Guard::Record::owners) {
        const auto ended = in.store.membership(acme, boss).value();  // only the one who goes would be left
        if (!ended || scenario.command->kind() == CommandKind::transfer_ownership) continue;
        must(in.store.erase_membership(acme, boss).has_value(), "an end");
        decided.is_refused();
        must(in.store.put_membership(*ended).has_value(), "a membership");
        for (Guard& actor : changes.guards)  // which has another version now
          if (actor.record == Guard::Record::actor) actor.version = in.store.membership(acme, boss).value()->version;
        continue;
      } else {
        for (const std::uint64_t other : {std::uint64_t{0}, static_cast<std::uint64_t>(held.version) + 1}) {
          guard.version = Version{other};
          decided.is_refused();
        }
        guard = held;
      }
      guard.organization = 7;  // there is no such place in this change set
      if (guard.record != Guard::Record::account) decided.is_refused();
      guard = held;
      guard.account = 7;
      if (guard.record == Guard::Record::account || guard.record == Guard::Record::membership ||
          guard.record == Guard::Record::inviter)
        decided.is_refused();
      guard = held;
    }
    CHECK(decided.commit() == Errc{});  // as it was decided, it is carried out
    CHECK(in.broken() == "");
  }
}

TEST_CASE("the store refuses an entry about a membership that is not the one, or not as it was, and writes nothing") {
  for (const bool new_identity : {false, true}) {
    INFO((new_identity ? "a removed one that becomes a new one" : "a bulk of removals"));
    AcmeFixture in(seats);
    in.put(ann, clerk, new_identity ? State::removed : State::active);
    in.put(bob, clerk, new_identity ? State::removed : State::suspended);
    const std::vector<AccountSelector> people{ann, bob};
    Decided decided(
        in, rules_of(),
        new_identity ? make<AddMembers>(acme, people, clerk, by(boss)) : make<RemoveMembers>(acme, people, by(boss)));
    ChangeSet& changes = decided.changes();
    REQUIRE(changes.changed.size() == 2);
    MemberChanged& last = changes.changed[1];  // the first has been looked at before the last is refused
    const MemberChanged held = last;
    const auto spoiled = [&](auto spoil) {
      spoil();
      decided.is_refused();
      last = held;
    };
    spoiled([&] { last.version = Version{static_cast<std::uint64_t>(held.version) + 1}; });
    spoiled([&] { last.id = changes.changed[0].id; });
    spoiled([&] { last.id = MembershipId{}; });
    spoiled([&] { last.account = 7; });
    spoiled([&] { last.organization = 7; });
    spoiled([&] { last.account = 0; });
    spoiled([&] { last.role = 7; });
    if (new_identity) spoiled([&] { last.new_id = MembershipId{}; });
    {
      INFO("gone altogether");
      AcmeFixture other(seats);
      other.put(ann, clerk);
      Decided late(other, rules_of(), make<RemoveMembers>(acme, ann, by(boss)));
      must(other.store.erase_membership(acme, ann).has_value(), "an end");
      late.is_refused();
      other.put(ann, clerk);  // somebody of the same name, who is not who was meant
      late.is_refused();
    }
    CHECK(decided.commit() == Errc{});
    CHECK(in.broken() == "");
  }
}

TEST_CASE("a bound holds of what a change set leaves behind as a whole, whatever it does on the way") {
  AcmeFixture in(3);
  in.put(ann, clerk);
  in.put(bob, clerk);
  in.put(cid, clerk, State::suspended);
  Decided full(in, rules_of(SeatRule::active), make<Suspend>(acme, ann, by(boss)));
  CHECK(full.commit() == Errc{});
  Decided takes(in, rules_of(SeatRule::active), make<Reactivate>(acme, cid, by(boss)));
  Decided rival(in, rules_of(SeatRule::active), make<AddMembers>(acme, dora, clerk, by(boss)));
  CHECK(takes.commit() == Errc{});
  rival.is_refused();  // there were seats when both looked
  REQUIRE(in.outcome(host_rules(), RemoveMembers(acme, bob)) == Outcome::removed);
  CHECK(rival.commit() == Errc{});  // and there are again: nothing else that it depends on has moved

  AcmeFixture two;
  two.put(ann, owner);
  Decided goes(two, manager_rules(), make<Leave>(acme, ann));
  Decided stays(two, manager_rules(), make<Leave>(acme, boss));
  CHECK(goes.commit() == Errc{});
  stays.is_refused();
  CHECK(two.owners() == 1);
  REQUIRE(two.outcome(host_rules(), AddMembers(acme, bob, owner)) == Outcome::added);
  CHECK(stays.commit() == Errc{});
  CHECK(two.owners() == 1);
}

}
