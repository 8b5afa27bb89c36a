// Scenes: several clients with one or more commands each, which conflict on the same records.
#ifndef ROSTER_CONFORMANCE_SCENES_HPP
#define ROSTER_CONFORMANCE_SCENES_HPP

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "roster/engine.hpp"
#include "stage.hpp"

ROSTER_BEGIN
namespace conformance {

/// When the first command of each client is given. Scenes lie behind all that laws do by hand.
inline constexpr std::int64_t scenes_begin = 1'800'000'000'000'000;

using AnyCommand = std::shared_ptr<const Command>;

struct Scene {
  std::string name;
  Profile profile{.actor = ActorRule::host_decides};
  std::function<void(Stage&)> set_up;
  std::vector<std::vector<AnyCommand>> parts;  ///< of each client, one command after the other
};

/// Roles everywhere the same: member, admin (manages), owner (manages and owns). Anything may be asked by anybody.
Profile plain_rules();

/// The fixture data of all scenes. org(0) has owners who(0) and who(1), admin who(2), member who(3); who(6), verified,
/// is invited there by who(2), who(7) is suspended, who(8) was removed. who(4) and who(5) are not members, and
/// newcomer() has no account. org(1) has who(0) as its owner. org(10) is inside org(0), with who(3).
void put_hall(Stage& stage, std::uint32_t seats_max = no_limit);
Email newcomer(bool shouting = false);

std::vector<Scene> pair_scenes();
std::vector<Scene> address_scenes();
std::vector<Scene> owner_scenes();
std::vector<Scene> seat_scenes();
std::vector<Scene> actor_scenes();
std::vector<Scene> invitation_scenes();
std::vector<Scene> former_scenes();
std::vector<Scene> bulk_scenes();
std::vector<Scene> nested_scenes();
std::vector<Scene> expiry_scenes();
using Scenes = std::vector<Scene> (*)();
/// All of the above.
std::span<const Scenes> all_scenes() noexcept;
/// Any commands by any clients, under any rules.
Scene random_scene(Chance& chance, std::uint32_t clients, std::uint32_t commands);

}  // namespace conformance
ROSTER_END

#endif
