// Scenario: several clients with one or more commands each, which conflict on the same records.
#ifndef ROSTER_CONFORMANCE_SCENARIOS_HPP
#define ROSTER_CONFORMANCE_SCENARIOS_HPP

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "roster/engine.hpp"
#include "test_context.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

/// The time of the first command of each client. It is later than every tick() of the other laws.
inline constexpr std::int64_t scenarios_begin_at = 1'800'000'000'000'000;

using AnyCommand = std::shared_ptr<const Command>;

struct Scenario {
  std::string name;
  Profile profile{.actor = ActorRule::host_decides};
  std::function<void(TestContext&)> set_up;
  std::vector<std::vector<AnyCommand>> parts;  ///< the commands of each client, in order
};

/// The same roles in every organization: member, admin (manages), owner (manages and owns). Any account may request any
/// command.
Profile plain_rules();

/// The fixture data of all scenarios. test_organization(0) has the owners test_account(0) and test_account(1), the
/// admin test_account(2) and the member test_account(3). There test_account(6), which is verified, is invited by
/// test_account(2), test_account(7) is suspended, and test_account(8) was removed. test_account(4) and test_account(5)
/// are not members, and newcomer() has no account. test_organization(1) has test_account(0) as its owner.
/// test_organization(10) is inside test_organization(0), with test_account(3).
void put_fixture_data(TestContext& test, std::uint32_t seats_max = no_limit);
Email newcomer(bool shouting = false);

std::vector<Scenario> pair_scenarios();
std::vector<Scenario> address_scenarios();
std::vector<Scenario> owner_scenarios();
std::vector<Scenario> seat_scenarios();
std::vector<Scenario> actor_scenarios();
std::vector<Scenario> invitation_scenarios();
std::vector<Scenario> former_scenarios();
std::vector<Scenario> bulk_scenarios();
std::vector<Scenario> nested_scenarios();
std::vector<Scenario> expiry_scenarios();
using ScenarioList = std::vector<Scenario> (*)();
/// All of the above.
std::span<const ScenarioList> all_scenarios() noexcept;
/// Random commands by `clients` clients, under random rules.
Scenario random_scenario(Rng& rng, std::uint32_t clients, std::uint32_t commands);

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI

#endif
