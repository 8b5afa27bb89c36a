// The names in scenes and stories. The universe is small on purpose: five organizations, six accounts, five roles and
// eight addresses meet each other, and the same person under several names, in almost every command.
#ifndef ROSTER_TESTS_SUPPORT_UNIVERSE_HPP
#define ROSTER_TESTS_SUPPORT_UNIVERSE_HPP

#include <array>

#include "support/scene.hpp"

namespace roster_test {

inline constexpr unsigned places_max = 5, people_max = 6, groups_max = 3;
inline constexpr std::array role_names = {"viewer", "member", "admin", "owner"};
inline constexpr roster::Time story_begins{1'700'000'000'000'000};
constexpr roster::Time later_by(roster::Time at, std::int64_t seconds) {
  return roster::Time{static_cast<std::int64_t>(at) + 1'000'000 * seconds};
}

inline std::string place_name(unsigned i) {
  return "o" + std::to_string(i);
}
inline std::string person_name(unsigned i) {
  return "a" + std::to_string(i);
}
inline std::string address_name(unsigned i) {  // the last two belong to nobody
  return i < people_max ? person_name(i) + "@x.de" : "n" + std::to_string(i - people_max) + "@x.de";
}

inline std::string spelled(std::string address, unsigned spelling) {
  for (std::size_t i = 0; i < address.size(); ++i) {
    const bool upper = spelling == 1 || (spelling == 2 && i % 2 == 0) || (spelling == 3 && i > 2);
    if (upper && address[i] >= 'a' && address[i] <= 'z') address[i] = static_cast<char>(address[i] - 'a' + 'A');
  }
  return address;
}

/// An add that mostly is well formed and names what is there.
roster::AddMembers read_add(Draw draw, const World& world, const OwnProfile& rules);

}  // namespace roster_test

#endif
