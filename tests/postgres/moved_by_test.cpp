// Proves that a row says who moved its member: who invited it while it waits, who suspended or removed it, and nobody
// while it is active. No query asks for all of it, but whoever reads the tables does.
#include "comparisons/reported_all.hpp"
#include "scenario.hpp"

namespace moved_by_test {

using namespace postgres_testing;

TEST_CASE("a row says who invited, suspended or removed its member, whatever else is changed since",
          "[postgres][cells]") {
  const std::string conninfo = make_database("state_changed_by", Tables::read_committed);
  Session session(conninfo);
  PostgresStore store(conninfo.c_str());
  fill(store);
  for (const AccountId& id : {ann, bob}) must(store, store.overwrite_account({.id = id, .verified = true}));
  const AccountId second("second");
  must(store, store.put_account({.id = second}));
  const Profile profile = rules();
  UuidSource ids({1, 2});
  const Engine engine(profile, store, ids);
  const OrganizationSelector in = acme;
  REQUIRE(engine.run(AddMembers(in, second, owner, by(boss)), now).value().succeeded());
  std::int64_t at = static_cast<std::int64_t>(now);
  // One by itself, and with another: a store may write one cell in another way than several.
  for (const bool alone : {true, false}) {
    std::vector<AccountSelector> who{ann};
    if (!alone) who.emplace_back(bob);
    const auto after = [&](const char* step, const Command& command, const std::string& expected) {
      INFO(step << (alone ? ", alone" : ", with another"));
      const auto report = engine.run(command, Time{++at});
      REQUIRE(report.has_value());
      REQUIRE(report.assume_value().succeeded());
      for (const AccountSelector& each : who)
        CHECK(session.run("SELECT coalesce(state_changed_by, 'nobody') FROM roster_memberships WHERE account_id = '" +
                          std::string(std::get<AccountId>(each).view()) + "'") == expected);
    };
    const auto later = [&] { return Time{at + 1'000'000'000}; };
    after("invited", Invite({in}, who, clerk, by(boss)), "boss");
    after("invited, with another end", ChangeExpiry({in}, who, later(), by(second)), "boss");
    after("invited again by another", Invite({in}, who, clerk, by(second)), "second");
    for (const AccountSelector& each : who) {
      const auto accepted = engine.run(AcceptInvitation({in}, std::get<AccountId>(each)), Time{++at});
      REQUIRE(accepted.value().succeeded());
    }
    after("accepted", ChangeExpiry({in}, who, later(), by(second)), "nobody");
    after("suspended", Suspend({in}, who, by(boss)), "boss");
    after("suspended, with another end", ChangeExpiry({in}, who, later(), by(second)), "boss");
    after("taken back", Reactivate({in}, who, by(second)), "nobody");
    after("removed", RemoveMembers({in}, who, by(second)), "second");
    after("added", AddMembers({in}, who, clerk, by(boss)), "nobody");
    after("removed by another", RemoveMembers({in}, who, by(boss)), "boss");
  }
}

TEST_CASE("reports about other systems are answered as by a MemoryStore", "[postgres][cells]") {
  int number = 0;
  const auto replayed = [&number](auto scenario) {
    const std::string conninfo = make_database("reported_" + std::to_string(++number), Tables::read_committed);
    PostgresStore store(conninfo.c_str());
    return scenario(store);
  };
  CHECK(reported::all(replayed) == "");
}

}  // namespace moved_by_test
