// Proves that a closed organization only loses members: what is refused there, what is not, and how it ends.
#include "support/fixture_world.hpp"

namespace closed_test {

using namespace fixtures;

namespace {

const Actor staff{{}, true};

/// A member in each state, beside the owner.
struct ClosedAcme : AcmeFixture {
  ClosedAcme() {
    put(ann, clerk);
    put(bob, clerk, MembershipState::invited);
    put(emil, clerk, MembershipState::suspended);
    close();
  }
  void close(bool closed = true, const OrganizationId& in = acme) {
    must(store.change_organization(in, {.closed = closed}, any_version).has_value(), "a change");
  }
  Errc open() {
    const auto opened = store.change_organization(acme, {.closed = false}, any_version);
    return opened ? Errc{} : opened.error().code;
  }
};

}  // namespace

TEST_CASE("in a closed organization nobody joins, and no membership gets further") {
  for (const Profile& rules : {manager_rules(), atomic(manager_rules())}) {
    ClosedAcme in;
    const auto before = in.all();
    const auto closed = [&](const Command& command) {
      for (const Outcome outcome : in.outcomes(rules, command)) CHECK(outcome == Outcome::organization_closed);
    };
    closed(AddMembers(acme, stranger, clerk, by(boss)));
    closed(AddMembers(acme, ann, clerk, staff));      // a member already
    closed(AddMembers(acme, bob, clerk, by(boss)));   // an invitation would become a membership
    closed(AddMembers(acme, emil, clerk, by(boss)));  // a former member would return
    closed(Invite(acme, stranger, clerk, by(boss)));
    closed(Invite(acme, bob, clerk, by(boss)));
    closed(AcceptInvitation(acme, bob));
    closed(Reactivate(acme, emil, by(boss)));
    closed(ChangeRole(acme, ann, admin, by(boss)));
    closed(TransferOwnership(acme, ann, owner, admin, by(boss)));
    closed(ChangeExpiry(acme, ann, Time{90'000'000'000'000'000}, by(boss)));
    CHECK(in.all() == before);
    CHECK(in.outcome(rules, AddMembers(acme, stranger, clerk, by(ann))) == Outcome::forbidden);
  }
}

TEST_CASE("in a closed organization a membership can be suspended and can end, also that of the last owner") {
  ClosedAcme in;
  const Profile rules = manager_rules();
  CHECK(in.outcome(rules, Suspend(acme, ann, by(boss))) == Outcome::suspended);
  CHECK(in.outcome(rules, DeclineInvitation(acme, bob)) == Outcome::removed);
  CHECK(in.outcome(rules, RemoveMembers(acme, emil, by(boss))) == Outcome::removed);
  CHECK(in.outcome(rules, Leave(acme, ann)) == Outcome::removed);
  for (const bool suspends : {false, true}) {
    ClosedAcme other;
    other.close(false, works);
    CHECK(other.outcome(rules, RevokeInvitation(acme, bob, by(boss))) == Outcome::removed);
    const Outcome last =
        suspends ? other.outcome(rules, Suspend(acme, boss, staff)) : other.outcome(rules, Leave(acme, boss));
    CHECK(last == (suspends ? Outcome::suspended : Outcome::removed));
    CHECK(other.owners() == 0);
  }
}

TEST_CASE("a role that may own by another catalog keeps nobody in a closed organization") {
  AcmeFixture in;
  in.put(ann, RoleId("of no catalog"));
  must(in.store.erase_membership(acme, boss).has_value(), "the owner");
  CHECK(in.outcome(host_rules(), RemoveMembers(acme, ann, staff)) == Outcome::last_owner);
  must(in.store.change_organization(acme, {.closed = true}, any_version).has_value(), "a change");
  CHECK(in.outcome(host_rules(), RemoveMembers(acme, ann, staff)) == Outcome::removed);
}

TEST_CASE("one command removes all members of a closed organization, with events, and then it can be opened") {
  for (const Actor& actor : {staff, by(boss)}) {
    ClosedAcme in;
    CHECK(in.open() == Errc::has_members);
    in.outbox.events.clear();
    const Profile rules = with(manager_rules(), [](Profile& p) { p.mode = Mode::best_effort; });
    const RemoveMembers leaves(acme, {}, actor, key("the end of acme"));
    for (const bool again : {false, true}) {
      const auto report = Engine(rules, in.outbox, in.ids, {.tile_cells_max = 2}).run(leaves, MemberSet{}, in.now);
      REQUIRE(report.has_value());
      CHECK(report.value().succeeded());
      const OutcomeTable<std::uint64_t>& counts = report.value().counts;
      // An actor that has given up its own right finds its own cell.
      CHECK(counts[again ? Outcome::replayed : Outcome::removed] == (again && !actor.staff ? 1u : 4u));
    }
    CHECK(in.outbox.events == std::vector<std::string>{"removed", "revoked", "removed", "removed"});
    CHECK(in.count() == 0);
    CHECK(in.open() == Errc{});
    CHECK(in.outcome(host_rules(), AddMembers(acme, boss, owner, staff)) == Outcome::added);
  }
}

TEST_CASE("a write of before the closing is replayed, and its key for another request is reused") {
  AcmeFixture in;
  const Profile rules = manager_rules();
  const AddMembers adds(acme, ann, clerk, by(boss), key("ann joins"));
  CHECK(in.outcome(rules, adds) == Outcome::added);
  must(in.store.change_organization(acme, {.closed = true}, any_version).has_value(), "a change");
  CHECK(in.outcome(rules, adds) == Outcome::replayed);
  CHECK(in.outcome(rules, AddMembers(acme, ann, admin, by(boss), key("ann joins"))) == Outcome::request_reused);
}

TEST_CASE("closed precedes not joinable, and both follow the actor's right") {
  AcmeFixture in;
  must(in.store.overwrite_organization({.id = acme, .joinable = false, .closed = true}).has_value(), "a change");
  CHECK(in.outcome(manager_rules(), AddMembers(acme, ann, clerk, by(boss))) == Outcome::organization_closed);
  CHECK(in.outcome(manager_rules(), AddMembers(acme, bob, clerk, by(ann))) == Outcome::forbidden);
  CHECK(in.outcome(manager_rules(), AddMembers(acme, ann, RoleId("king"), by(boss))) == Outcome::organization_closed);
}

TEST_CASE("a closed parent takes nobody along, and its members still join the organizations inside it") {
  for (const ParentRule rule : {ParentRule::require, ParentRule::add}) {
    AcmeFixture in;
    in.put(ann, clerk);
    must(in.store.overwrite_organization({.id = works, .parent = acme}).has_value(), "one inside");
    must(in.store.change_organization(acme, {.closed = true}, any_version).has_value(), "a change");
    const Profile rules = with(host_rules(), [&](Profile& p) {
      p.parent = rule;
      p.parent_role = guest;
    });
    CHECK(in.outcome(rules, AddMembers(works, bob, clerk, by(boss))) == Outcome::parent_required);
    CHECK(in.outcome(rules, AddMembers(works, ann, clerk, by(boss))) == Outcome::added);
    CHECK(in.outcome(rules, RemoveMembers(acme, ann, staff)) == Outcome::removed);
    CHECK(in.outcome(rules, RemoveMembers(works, ann, staff)) == Outcome::removed);
    CHECK(in.outcome(rules, AddMembers(works, ann, clerk, by(boss))) == Outcome::parent_required);
  }
}

}  // namespace closed_test
