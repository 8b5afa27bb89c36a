// Proves that a process of the version that knows schema 1 alone goes on beside a newer one: each reads, guards and
// counts what the other wrote, and an invitation ends when the later write of either means it to end.
#include "first_build.hpp"
#include "outbox_events.hpp"
#include "scenario.hpp"

namespace two_builds_test {

using namespace postgres_testing;

namespace {

const std::string first_id = "00000000-0000-4000-8000-00000000000";

std::string micros(Time time) {
  return std::to_string(static_cast<std::int64_t>(time));
}
Time later(std::int64_t seconds) {
  return Time{static_cast<std::int64_t>(now) + seconds * 1'000'000};
}

/// A newer process with an outbox, beside the older one. Both act as the boss.
struct Builds {
  explicit Builds(const std::string& name)
      : conninfo(make_database(name, Tables::read_committed)),
        store(conninfo.c_str(), {.outbox = true}),
        older(conninfo, "boss"),
        session(conninfo) {
    fill(store);
    REQUIRE(older.start());
  }

  Outcome run(const Command& command, Time at = now) {
    const auto report = Engine(rules(), store, ids).run(command, at);
    must(store, report);
    return report.value().at(0, 0);
  }
  Membership membership(const AccountId& account) {
    const auto found = store.membership(acme, account);
    must(store, found);
    REQUIRE(found.value());
    return *found.value();
  }
  std::uint32_t invited(Time at) {
    const OrganizationSelector row = acme;
    Query query;
    query.organizations = {&row, 1};
    query.counts = true;
    query.owner_roles = {&owner, 1};
    query.now = at;
    Facts facts;
    must(store, store.fetch(query, facts));
    return facts.organizations[0].counts.invited;
  }

  std::string conninfo;
  PostgresStore store;
  FirstBuild older;
  Session session;
  UuidSource ids{{7, 8}};
};

}  // namespace

TEST_CASE("two builds: a process of schema 1 and a newer one change each other's members", "[postgres][trips]") {
  Builds builds("two_builds");
  FirstBuild& older = builds.older;
  REQUIRE(older.put_role("guest"));
  REQUIRE(older.add("ann", first_id + "1", "clerk"));
  REQUIRE(older.create("cyd", "cyd@x.example", first_id + "2", "clerk"));
  CHECK(builds.store.account(AccountSelector(Email::parse("cyd@x.example").value())).value()->id == AccountId("cyd"));
  REQUIRE(builds.run(AddMembers(acme, bob, clerk, by(boss))) == Outcome::added);
  CHECK(older.count("clerk", "0") == "3");
  CHECK_FALSE(older.add("bob", first_id + "3", "clerk"));  // the pair is in use

  // Each changes what the other has written last, and sees its role.
  REQUIRE(builds.run(ChangeRole(acme, ann, owner, by(boss))) == Outcome::replaced);
  CHECK(older.fetch("ann").role == "owner");
  REQUIRE(older.change("ann", {.role = "clerk", .state = "0"}));
  REQUIRE(older.change("bob", {.role = "owner", .state = "0"}));
  CHECK(builds.membership(ann).role == clerk);
  CHECK(builds.membership(bob).role == owner);
  REQUIRE(older.change("bob", {.role = "clerk", .state = "0"}));

  // A removal with a tombstone, one without, and a member that joins again.
  REQUIRE(older.change("ann", {.state = "3"}));
  CHECK(builds.store.former_membership(acme, ann).value()->removed_by == boss);
  REQUIRE(builds.run(AddMembers(acme, ann, clerk, by(boss))) == Outcome::added);
  CHECK(older.fetch("ann").state == "0");
  REQUIRE(older.erase("bob"));
  REQUIRE(builds.run(AddMembers(acme, bob, clerk, by(boss))) == Outcome::added);
  REQUIRE(builds.run(RemoveMembers(acme, bob, by(boss))) == Outcome::removed);
  REQUIRE(older.change("bob", {.new_id = first_id + "4", .state = "0", .valid_until = "0", .returns = true}));
  CHECK(builds.membership(bob).state == MembershipState::active);

  // Neither takes the last owner.
  CHECK_FALSE(older.change("boss", {.role = "clerk", .state = "0"}));
  CHECK(builds.run(ChangeRole(acme, boss, clerk, by(boss))) == Outcome::last_owner);
  CHECK(builds.session.run("SELECT version || ' ' || readable_from FROM roster_schema") == "3 1");
  must(builds.store, builds.store.create_schema());
}

TEST_CASE("two builds: a write of either build makes a decision of the other stale", "[postgres][trips]") {
  Builds builds("two_builds_stale");
  REQUIRE(builds.older.add("ann", first_id + "1", "clerk"));
  const Profile profile = rules();
  const ChangeRole change(acme, ann, owner, by(boss));
  Operation operation(profile, change, {now, &builds.ids, true});
  operation.provide(builds.store.fetch(operation.query(), operation.facts()));
  REQUIRE(operation.need() == Operation::Need::commit);
  REQUIRE(builds.older.change("ann", {.role = "clerk", .state = "2"}));
  operation.committed(builds.store.commit(operation.changes()));
  CHECK(operation.need() == Operation::Need::facts);  // it was stale, and asks again
}

TEST_CASE("two builds: an invitation of a newer process follows an expiry that the older one sets",
          "[postgres][trips]") {
  Builds builds("two_builds_invitation");
  Invite invite(acme, ann, clerk, by(boss));
  invite.valid_until = later(100);
  REQUIRE(builds.run(invite) == Outcome::invited);
  SECTION("it is extended, and accepted after its first end") {
    REQUIRE(builds.older.change("ann", {.state = "1", .valid_until = micros(later(1000))}));
    CHECK(builds.membership(ann).invitation_until == later(1000));
    CHECK(builds.invited(later(500)) == 1);
    CHECK(builds.invited(later(1000)) == 0);
    CHECK(builds.run(AcceptInvitation(acme, ann), later(500)) == Outcome::accepted);
  }
  SECTION("it is shortened, and over then") {
    REQUIRE(builds.older.change("ann", {.state = "1", .valid_until = micros(later(50))}));
    CHECK(builds.invited(later(50)) == 0);
    CHECK(builds.run(AcceptInvitation(acme, ann), later(50)) == Outcome::was_removed);
  }
  SECTION("it is made endless, and then given an end by the newer process") {
    REQUIRE(builds.older.change("ann", {.state = "1", .valid_until = "0"}));
    CHECK(builds.membership(ann).invitation_until == Time{});
    CHECK(builds.invited(later(5000)) == 1);
    REQUIRE(builds.run(ChangeExpiry(acme, ann, later(2000), by(boss))) == Outcome::expiry_changed);
    REQUIRE(builds.older.change("ann", {.state = "1", .valid_until = micros(later(3000))}));
    CHECK(builds.membership(ann).invitation_until == later(3000));
  }
  SECTION("it has an end of its own, which stays") {
    Invite again(acme, bob, clerk, by(boss));
    again.valid_until = later(1000);
    again.invitation_until = later(100);
    REQUIRE(builds.run(again) == Outcome::invited);
    REQUIRE(builds.older.change("bob", {.state = "1", .valid_until = micros(later(2000))}));
    CHECK(builds.membership(bob).invitation_until == later(100));
  }
}

TEST_CASE("two builds: an invitation of the older process ends with its membership", "[postgres][trips]") {
  Builds builds("two_builds_invited");
  REQUIRE(builds.older.invite("ann", first_id + "1", "clerk", micros(later(100))));
  CHECK(builds.membership(ann).invitation_until == later(100));
  CHECK(builds.membership(ann).invited_by == boss);
  CHECK(builds.invited(later(99)) == 1);
  CHECK(builds.invited(later(100)) == 0);
  SECTION("also in the place of the tombstone of an invitation") {
    REQUIRE(builds.run(DeclineInvitation(acme, ann)) == Outcome::removed);
    REQUIRE(builds.older.change(
        "ann",
        {.new_id = first_id + "2", .state = "1", .valid_until = micros(later(200)), .returns = true, .invites = true}));
    CHECK(builds.membership(ann).invitation_until == later(200));
    CHECK(builds.invited(later(199)) == 1);
    CHECK(builds.run(AcceptInvitation(acme, ann), later(150)) == Outcome::accepted);
  }
  SECTION("the older process accepts it") {
    REQUIRE(builds.older.change("ann", {.state = "0"}));
    CHECK(builds.membership(ann).invitation_until == Time{});
    CHECK(builds.run(Suspend(acme, ann, by(boss))) == Outcome::suspended);
  }
}

TEST_CASE("two builds: a reader of the outbox sees the events of both", "[postgres][races]") {
  Builds builds("two_builds_events");
  REQUIRE(builds.older.add("ann", first_id + "1", "clerk"));
  REQUIRE(builds.run(ChangeRole(acme, ann, owner, by(boss))) == Outcome::replaced);
  REQUIRE(builds.older.change("ann", {.role = "clerk", .state = "0"}));
  Published published;
  OutboxReader reader(builds.session.connection());
  read_until(reader, published, 3);
  CHECK(published.names == std::vector<std::string>{"added", "role_changed", "role_changed"});
  CHECK(published.roles == std::vector<std::string>{"clerk", "owner", "clerk"});
}

}  // namespace two_builds_test
