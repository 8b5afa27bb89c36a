// Proves how often PostgresStore goes to the server: once a fetch and once a commit, whatever is asked, however much it
// is, and also the first time, when statements are still to be prepared.
#include "scenario.hpp"

namespace round_trips_test {

using namespace postgres_testing;

namespace {

struct Scenario {
  explicit Scenario(const PostgresOptions& options = {})
      : conninfo(make_database("round_trips", Tables::read_committed)), store(conninfo.c_str(), options) {
    PostgresStore host(conninfo.c_str());
    fill(host, 16, 2048);
  }
  /// How many trips a command takes.
  std::uint64_t trips(const Command& command, const Profile& profile = rules()) {
    const std::uint64_t before = *store.round_trips();
    auto report = Engine(profile, store, ids).run(command, now);
    INFO(store.last_error_message());
    REQUIRE(report.has_value());
    CHECK(report.value().succeeded());
    return *store.round_trips() - before;
  }
  std::string conninfo;
  PostgresStore store;
  UuidSource ids{{1, 2}};
};

template <class AnyId, class Selector>
std::vector<Selector> range(const char* kind, int count) {
  std::vector<Selector> all;
  for (int i = 0; i < count; ++i) all.push_back(numbered<AnyId>(kind, i));
  return all;
}

}  // namespace

TEST_CASE("an operation takes two round trips, and one if it changes nothing", "[postgres][trips]") {
  for (const bool prepares : {true, false}) {
    Scenario scenario({.outbox = true, .use_prepared_statements = prepares});
    Profile keeps = rules();
    keeps.on_same_role = OnConflict::keep;
    keeps.seats = SeatRule::active;
    // The first of each kind prepares its statements on the way.
    CHECK(scenario.trips(AddMembers(acme, ann, {}, by(boss))) == 2);
    CHECK(scenario.trips(AddMembers(acme, ann, {}, by(boss)), keeps) == 1);
    CHECK(scenario.trips(AddMembers(acme, bob, {}, by(boss)), keeps) == 2);
    CHECK(scenario.trips(AddMembers(acme, address("zoe"), {}, by(boss))) == 2);
    CHECK(scenario.trips(ChangeRole(acme, ann, owner, by(boss))) == 2);
    CHECK(scenario.trips(Suspend(acme, ann, by(boss))) == 2);
    CHECK(scenario.trips(RemoveMembers(acme, bob, by(boss))) == 2);
    CHECK(scenario.trips(Invite(acme, bob, {}, by(boss))) == 2);
  }
}

TEST_CASE("a tile takes two round trips, whatever its size", "[postgres][trips]") {
  Scenario scenario;
  const auto everybody = range<AccountId, AccountSelector>("a", 2048);
  const auto everywhere = range<OrganizationId, OrganizationSelector>("o", 16);
  // 16 x 2048 cells are two tiles of 16 x 1024.
  CHECK(scenario.trips(AddMembers(everywhere, everybody, {}, by(boss))) == 4);
  Profile keeps = rules();
  keeps.on_same_role = OnConflict::keep;
  CHECK(scenario.trips(AddMembers(everywhere, everybody, {}, by(boss)), keeps) == 2);
  Profile removes = rules();
  removes.keeps_tombstones = false;
  CHECK(scenario.trips(RemoveMembers(everywhere, everybody, by(boss)), removes) == 4);
}

TEST_CASE("a set-up operation and a look-up take one round trip", "[postgres][trips]") {
  Scenario scenario;
  const auto once = [&](auto&& operation) {
    const std::uint64_t before = *scenario.store.round_trips();
    const bool done = operation().has_value();
    INFO(scenario.store.last_error_message());
    CHECK(done);
    CHECK(*scenario.store.round_trips() - before == 1);
  };
  PostgresStore& store = scenario.store;
  once([&] { return store.put_organization({.id = OrganizationId("new"), .slug = Slug("s"), .parent = acme}); });
  once([&] { return store.put_role(acme, fixtures::ranks[1], any_version); });
  const Version read = store.account(ann).value()->version;
  once([&] { return store.put_account({.id = ann, .username = Username("ann"), .version = read}); });
  once([&] { return store.change_account(ann, {.email = address("ann"), .verified = true}, any_version); });
  once([&] { return store.overwrite_account({.id = ann, .email = address("ann"), .username = Username("ann")}); });
  once([&] { return store.change_organization(acme, {.slug = Slug("t"), .seats_max = 900}, any_version); });
  once([&] { return store.overwrite_group(GroupName("pair"), std::array{ann, bob}); });
  once([&] { return store.membership(acme, boss); });
  once([&] { return store.member_count(acme); });
  once([&] { return store.account(address("ann")); });
  once([&] { return store.organization(Nested{acme, OrganizationId("new")}); });
}

TEST_CASE("a unit that fails takes one round trip more for its ROLLBACK, and none if it is one statement",
          "[postgres][trips]") {
  Scenario scenario;
  PostgresStore& store = scenario.store;
  const auto refused = [&](std::uint64_t trips, Errc why, auto&& operation) {
    const std::uint64_t before = *store.round_trips();
    const auto done = operation();
    REQUIRE(done.has_error());
    CHECK(done.error().code == why);
    CHECK(*store.round_trips() - before == trips);
  };
  must(store, store.put_organization({.id = OrganizationId("new"), .slug = Slug("s")}));
  refused(2, Errc::exists, [&] { return store.put_organization({.id = OrganizationId("more"), .slug = Slug("s")}); });
  refused(1, Errc::not_found, [&] { return store.erase_membership(acme, bob); });
  refused(1, Errc::not_found, [&] { return store.overwrite_group(GroupName("g"), std::array{AccountId("nobody")}); });
}

}  // namespace round_trips_test
