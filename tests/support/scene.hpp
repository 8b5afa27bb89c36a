// Scenes and stories: a world, a profile and commands, written down as bytes. rapidcheck draws the bytes and shrinks
// them towards zero (tests/support/generators.hpp), and libFuzzer mutates them (fuzz/). In a scene every part has a
// fixed place, so that changing one byte changes one thing; a zero byte, or a missing one, always means the plainest
// choice.
#ifndef ROSTER_TESTS_SUPPORT_SCENE_HPP
#define ROSTER_TESTS_SUPPORT_SCENE_HPP

#include <iosfwd>
#include <memory>
#include <span>

#include "roster/command.hpp"
#include "roster/profile.hpp"
#include "support/world.hpp"

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

/// A few adds, to be carried out at one moment.
struct Scene {
  World world;
  OwnProfile rules;
  std::vector<roster::AddMembers> commands;
  Bytes choices;  // what is left: who steps next, which call fails
};

constexpr std::size_t world_bytes = 120, profile_bytes = 40, command_bytes = 56;
constexpr std::size_t scene_bytes(std::size_t commands, std::size_t choices) {
  return world_bytes + profile_bytes + commands * command_bytes + choices;
}
/// The scene of `commands` commands that the bytes stand for.
Scene read_scene(std::span<const std::uint8_t> bytes, std::size_t commands);

/// One command of a story, and when it is carried out.
struct Asked {
  std::shared_ptr<roster::Command> command;
  roster::Time at{};
  std::string verified;  // before it the host verifies whoever has this address; empty: nobody
};

/// A long history of commands of every kind.
struct Story {
  World world;
  OwnProfile rules;
  std::vector<Asked> asked;
};

constexpr std::size_t opening_bytes = world_bytes + profile_bytes, asked_bytes = 80, asked_max = 40;
constexpr std::size_t story_bytes = opening_bytes + asked_max * asked_bytes;
Story read_story(std::span<const std::uint8_t> bytes);
/// The story as it begins; the bytes of the opening.
Story read_opening(std::span<const std::uint8_t> bytes);
/// A command; `earlier` are those that it may repeat or answer.
Asked read_asked(Draw draw, roster::Time at, const World& world, const OwnProfile& rules,
                 const std::vector<Asked>& earlier);

/// The request keys that commands carry and memberships remember: request_key(0) is the empty one.
constexpr unsigned request_keys = 4;
roster::RequestKey request_key(unsigned which);
/// Every address that a scene can name, in lower case; those that belong to nobody are the last two.
const std::vector<std::string>& all_addresses();

template <class Id>
Id id(std::string_view text) {
  return text.empty() ? Id{} : Id::parse(text).assume_value();
}
roster::Email email(std::string_view text);

void describe(std::ostream& out, const World& world);
void describe(std::ostream& out, const OwnProfile& rules);
void describe(std::ostream& out, const roster::Command& command);
void showValue(const Scene& scene, std::ostream& out);  // rapidcheck's name for it
void showValue(const Story& story, std::ostream& out);

}  // namespace roster_test

#endif
