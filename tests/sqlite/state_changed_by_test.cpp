// Proves that a row says who moved its member: who invited it while it waits, who suspended or removed it, and nobody
// while it is active. No query asks for all of it, but whoever reads the tables does.
#include <functional>

#include "catch.hpp"
#include "comparisons/reported_all.hpp"
#include "numbered_world.hpp"
#include "prop.hpp"

namespace state_changed_by_test {

using namespace roster;
using namespace roster_test;
using namespace fixtures;

TEST_CASE("a row says who invited, suspended or removed its member, whatever else is changed since") {
  SqliteStore store = SqliteStore::open(":memory:").value();
  REQUIRE(put_numbered(store, 1, 5));
  REQUIRE(store.overwrite_account({.id = account(1), .verified = true}));
  REQUIRE(store.overwrite_account({.id = account(3), .verified = true}));
  const Profile rules = numbered_rules();
  UuidSource ids({1, 2});
  const Engine engine(rules, store, ids);
  const OrganizationSelector in = organization(0);
  const Actor first{account(0)}, second{account(2)};
  REQUIRE(engine.run(AddMembers(in, account(2), owner, first), now).value().succeeded());
  std::int64_t at = static_cast<std::int64_t>(now);
  // One by itself, and with another: a store may write one cell in another way than several.
  for (const bool alone : {true, false}) {
    std::vector<AccountSelector> who{account(1)};
    if (!alone) who.emplace_back(account(3));
    const auto after = [&](const char* step, const Command& command, const std::string& expected) {
      INFO(step << (alone ? ", alone" : ", with another"));
      const auto report = engine.run(command, Time{++at});
      REQUIRE(report.has_value());
      REQUIRE(report.assume_value().succeeded());
      for (const AccountSelector& each : who) {
        const std::string id(std::get<AccountId>(each).view());
        const std::string text =
            "SELECT coalesce((SELECT substr(b.id, 2) FROM roster_accounts b WHERE b.n = m.state_changed_by), -1) FROM "
            "roster_memberships m JOIN roster_accounts a ON a.n = m.account WHERE a.id = '" +
            id + "'";
        CHECK(std::to_string(read_number(store.connection(), text.c_str())) == expected);
      }
    };
    const std::string nobody = "-1";
    after("invited", Invite({in}, who, clerk, first), "0");
    after("invited, with another end", ChangeExpiry({in}, who, Time{at + 1'000'000'000}, second), "0");
    after("invited again by another", Invite({in}, who, clerk, second), "2");
    for (const AccountSelector& each : who) {
      const auto accepted = engine.run(AcceptInvitation({in}, std::get<AccountId>(each)), Time{++at});
      REQUIRE(accepted.value().succeeded());
    }
    after("accepted", ChangeExpiry({in}, who, Time{at + 2'000'000'000}, second), nobody);
    after("suspended", Suspend({in}, who, first), "0");
    after("suspended, with another end", ChangeExpiry({in}, who, Time{at + 3'000'000'000}, second), "0");
    after("taken back", Reactivate({in}, who, second), nobody);
    after("removed", RemoveMembers({in}, who, second), "2");
    after("added", AddMembers({in}, who, clerk, first), nobody);
    after("removed by another", RemoveMembers({in}, who, first), "0");
  }
}

TEST_CASE("reports about other systems are answered as by a MemoryStore") {
  const auto replayed = [](auto scenario) {
    SqliteStore store = SqliteStore::open(":memory:").value();
    return scenario(store);
  };
  CHECK(reported::all(replayed) == "");
}

}
