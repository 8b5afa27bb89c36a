// Proves what is promised about allocations: an add that changes nothing makes none at all, and a new one makes none in
// the core; what a new membership needs, the store takes.
#include "faults/allocations.hpp"
#include "faults/fault_cases.hpp"
#include "roster/profiles.hpp"

namespace no_allocation_test {

using namespace faults;

namespace {

/// Allocations of one add, all of them or without those inside the store. The report is inside the count.
std::uint64_t allocations(const Engine& engine, const AddMembers& command, Outcome expected) {
  Outcome outcome = Outcome::undecided;
  {
    const WatchedAllocations watched;
    auto result = engine.add(command, Time{1'000});
    if (result.has_value()) outcome = result.assume_value().at(0, 0);
  }
  CHECK(std::string(name(outcome)) == std::string(name(expected)));
  return WatchedAllocations::count();
}

/// Hides what its store allocates.
class Unwatched final : public Store {
 public:
  explicit Unwatched(Store& inner) : inner_(&inner) {}
  Result<void> fetch(const Query& query, Facts& facts) override {
    {
      const UnwatchedAllocations hidden;
      auto fetched = inner_->fetch(query, facts_);
      if (!fetched) return fetched;
    }
    // The lists of the facts are the operation's: what they need counts.
    const bool room = facts.organizations.assign(facts_.organizations.span()) &&
                      facts.accounts.assign(facts_.accounts.span()) &&
                      facts.memberships.assign(facts_.memberships.span()) && facts.roles.assign(facts_.roles.span()) &&
                      facts.wanted_roles.assign(facts_.wanted_roles.span());
    facts_.clear();
    if (!room) return Errc::out_of_memory;
    return success();
  }
  Result<void> commit(const ChangeSet& changes) override {
    const UnwatchedAllocations hidden;
    return inner_->commit(changes);
  }

 private:
  Store* inner_;
  Facts facts_;
};

}  // namespace

TEST_CASE("an allocation is counted: the counter itself works") {
  const WatchedAllocations watched;
  delete new int(1);
  const UnwatchedAllocations hidden;
  delete new int(2);
  CHECK(WatchedAllocations::count() == 1);
}

TEST_CASE("an add that changes nothing allocates nothing: by id, by address, by user name, with an actor, refused") {
  TestFixture fixture(world_of_adds());
  Profile profile = adds()[0].rules;
  profile.on_other_role = OnConflict::reject;
  const Engine engine(profile, fixture.store, fixture.ids);
  const OrganizationId acme("acme");
  const AddMembers by_id(acme, AccountId("old")), by_address(acme, named<Email>("OLD@x.example")),
      by_name(Slug("second"), Username("old")), nobody(acme, AccountId("nobody")), ill(acme, AccountId("ill")),
      other(acme, AccountId("old"), RoleId("admin")), role(acme, AccountId("ann"), RoleId("king"));
  CHECK(allocations(engine, by_id, Outcome::existing) == 0);
  CHECK(allocations(engine, by_address, Outcome::existing) == 0);
  CHECK(allocations(engine, by_name, Outcome::existing) == 0);
  CHECK(allocations(engine, nobody, Outcome::account_not_found) == 0);
  CHECK(allocations(engine, ill, Outcome::account_disabled) == 0);
  CHECK(allocations(engine, other, Outcome::role_conflict) == 0);
  CHECK(allocations(engine, role, Outcome::role_not_found) == 0);
  profile.actor = ActorRule::member;
  profile.mode = Mode::atomic;
  const Engine strict(profile, fixture.store, fixture.ids);
  AddMembers by_member = by_id, by_stranger = by_id;
  by_member.actor.id = AccountId("old");
  by_stranger.actor.id = AccountId("ann");
  CHECK(allocations(strict, by_member, Outcome::existing) == 0);
  CHECK(allocations(strict, by_stranger, Outcome::forbidden) == 0);
}

TEST_CASE("a single add allocates nothing in the core, new or again, under each of the five profiles") {
  struct Row {
    const char* name;
    Profile profile{.actor = roster::ActorRule::host_decides};
    AddMembers command;
    Outcome outcome;
  };
  const Actor manager{AccountId("boss"), false};
  const OrganizationId acme("acme");
  const Row rows[] = {
      {"recoup, by id", profiles::recoup, {acme, AccountId("ann"), {}, manager}, Outcome::added},
      {"recoup, a new address", profiles::recoup, {acme, named<Email>("new1@x.example"), {}, manager}, Outcome::added},
      {"turso", profiles::turso, {Slug("second"), Username("ann"), RoleId("viewer"), manager}, Outcome::added},
      {"piper, a known address",
       profiles::piper,
       {acme, named<Email>("ann@x.example"), RoleId("tutor")},
       Outcome::added},
      {"piper, invited", profiles::piper, {acme, named<Email>("new1@x.example"), RoleId("tutor")}, Outcome::invited},
      {"mem0",
       profiles::mem0,
       {Nested{OrganizationId("parent"), OrganizationId("child")}, named<Email>("ann@x.example"), RoleId("READER"),
        manager},
       Outcome::added},
      {"devin", profiles::devin, {OrganizationId("child"), AccountId("ann"), {}, manager}, Outcome::added},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    TestFixture fixture(world_of_adds());
    const bool managed_above = row.profile.actor == ActorRule::parent_manager;
    REQUIRE(fixture.store.put_account({.id = AccountId("boss")}).has_value());
    for (const char* const place : {"acme", "works", "child", "parent"}) {
      if (managed_above != (std::string_view(place) == "parent")) continue;
      Membership membership;
      fixture.ids.fill(std::span<MembershipId>(&membership.id, 1));
      membership.organization = named<OrganizationId>(place);
      membership.account = AccountId("boss");
      membership.role = RoleId("member");
      for (const Role& role : row.profile.roles)
        if (role.manages) membership.role = role.id;
      REQUIRE(fixture.store.put_membership(membership).has_value());
    }
    Unwatched store(fixture.store);
    CHECK(allocations(Engine(row.profile, store, fixture.ids), row.command, row.outcome) == 0);
    Profile lenient = row.profile;
    lenient.on_same_role = OnConflict::keep;
    const Outcome again = row.outcome == Outcome::invited ? Outcome::still_invited : Outcome::existing;
    CHECK(allocations(Engine(lenient, store, fixture.ids), row.command, again) == 0);
    if (!managed_above)  // a store that looks at parents may need room for them
      CHECK(allocations(Engine(lenient, fixture.store, fixture.ids), row.command, again) == 0);
  }
}

}
