// Scenes: a small world, a profile and a few commands, written down as bytes.
//
// The grammar is here and not in a generator library, because two readers share it: rapidcheck draws the bytes and
// shrinks them towards zero (tests/support/generators.hpp), and libFuzzer mutates them (fuzz/). Every part has a fixed
// place, so that changing one byte changes one thing; a zero byte, or a missing one, always means the plainest choice.
#ifndef ROSTER_TESTS_SUPPORT_SCENE_HPP
#define ROSTER_TESTS_SUPPORT_SCENE_HPP

#include <cstdint>
#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include "roster/command.hpp"
#include "roster/profile.hpp"
#include "support/model.hpp"

namespace roster_test {

using Bytes = std::vector<std::uint8_t>;

/// Reads choices from bytes; beyond the end everything is zero.
class Draw {
 public:
  explicit Draw(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  unsigned byte() { return at_ < bytes_.size() ? bytes_[at_++] : 0u; }
  unsigned below(unsigned count) { return byte() % count; }
  /// True in `percent` of the cases; never for a zero byte.
  bool chance(unsigned percent) { return byte() * 100 >= (100 - percent) * 256; }
  bool ended() const { return at_ >= bytes_.size(); }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

/// A profile together with the catalog that it refers to.
struct OwnProfile {
  std::vector<roster::Role> catalog;  // empty: roles belong to organizations
  roster::Profile fields;             // all but `roles`

  roster::Profile profile() const {
    roster::Profile profile = fields;
    profile.roles = catalog;
    return profile;
  }
};

struct Scene {
  World world;
  OwnProfile rules;
  std::vector<roster::AddMembers> commands;
  Bytes choices;  // what is left: who steps next, which call fails
};

constexpr std::size_t world_bytes = 112, profile_bytes = 32, command_bytes = 56;
constexpr std::size_t scene_bytes(std::size_t commands, std::size_t choices) {
  return world_bytes + profile_bytes + commands * command_bytes + choices;
}

/// The scene of `commands` commands that the bytes stand for.
Scene read_scene(std::span<const std::uint8_t> bytes, std::size_t commands);

World read_world(Draw draw);
OwnProfile read_profile(Draw draw);
/// A command that mostly is well formed and names what is there.
roster::AddMembers read_command(Draw draw, const World& world, const OwnProfile& rules);

/// The request keys that commands carry and memberships remember: request_key(0) is the empty one.
constexpr unsigned request_keys = 4;
roster::RequestKey request_key(unsigned which);
/// "" for the empty key, its number for the keys above, "drawn" for any other.
std::string key_name(const roster::RequestKey& key);

/// Every address that a scene can name, in lower case.
const std::vector<std::string>& all_addresses();

template <class Id>
Id id(std::string_view text) {
  return text.empty() ? Id{} : Id::parse(text).assume_value();
}
roster::Email email(std::string_view text);

void describe(std::ostream& out, const World& world);
void describe(std::ostream& out, const OwnProfile& rules);
void describe(std::ostream& out, const roster::AddMembers& command);
void describe(std::ostream& out, const Scene& scene);
void showValue(const Scene& scene, std::ostream& out);  // rapidcheck's name for it

}  // namespace roster_test

#endif
