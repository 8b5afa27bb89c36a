// Proves that an actor who is refused everywhere, under a profile that hides organizations, is told the same of a group
// of any size, and of one that is not there, wherever in the command the store fails.
#include <string>
#include <vector>

#include "catch.hpp"
#include "roster/roster.hpp"
#include "support/fixture.hpp"

namespace hidden_groups_failures_test {

using namespace roster;

namespace {

constexpr std::uint32_t fetches_max = 8;

/// A group of so many accounts; 0: there is none. What is said of a command that names it, when the fetch with that
/// number goes wrong.
std::string answer(std::uint32_t accounts, std::uint32_t fetch, roster_test::Fault fault) {
  static const Role member[] = {{.id = RoleId("member"), .rank = 1}};
  Profile profile{.actor = ActorRule::host_decides};
  profile.roles = member;
  profile.default_role = member[0].id;
  profile.actor = ActorRule::manager;
  profile.hides_organizations = true;
  profile.mode = Mode::best_effort;
  profile.organizations_max = profile.accounts_max = 100;
  MemoryStore inner;
  REQUIRE(inner.put_organization({.id = OrganizationId("o")}).has_value());
  std::vector<AccountId> ids;
  for (std::uint32_t i = 0; i < accounts; ++i) {
    ids.push_back(AccountId::parse("a" + std::to_string(i)).value());
    REQUIRE(inner.put_account({.id = ids.back()}).has_value());
  }
  if (accounts > 0) REQUIRE(inner.overwrite_group(GroupName("g"), ids).has_value());
  roster_test::FaultyStore store(
      inner, [=](unsigned call, bool) { return call + 1 == fetch ? fault : roster_test::Fault::pass; });
  AddMembers add(OrganizationId("o"), AccountId("a0"), {}, Actor{AccountId("stranger")});
  add.groups = {GroupName("g")};
  UuidSource ids_drawn({1, 2});
  const auto report = Engine(profile, store, ids_drawn, {.tile_cells_max = 16}).run(add, Time{1'000});
  if (!report) return std::string(name(report.error().code));
  std::string said = std::to_string(report.value().columns);
  for (const Outcome outcome : report.value().outcomes) said += " " + std::string(name(outcome));
  return said + (report.value().stopped ? " stopped" : "");
}

}  // namespace

TEST_CASE("a store that fails tells an actor who is refused everywhere nothing about groups") {
  const std::string hidden = "2 forbidden forbidden";
  for (const roster_test::Fault fault : roster_test::faults)
    for (std::uint32_t fetch = 1; fetch <= fetches_max; ++fetch)
      for (const std::uint32_t accounts : {0u, 1u, 15u, 16u, 17u, 40u, 90u}) {
        const std::string said = answer(accounts, fetch, fault);
        INFO(accounts << " accounts, fetch " << fetch << " " << roster_test::name(fault) << ": " << said);
        CHECK((said == hidden || said.find(' ') == std::string::npos));
      }
}

}
