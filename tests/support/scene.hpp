// Scenes and stories: a world, a profile and commands, written down as bytes. rapidcheck draws the bytes and shrinks
// them towards zero (tests/support/generators.hpp), and libFuzzer mutates them (fuzz/). In a scene every part has a
// fixed place, so that changing one byte changes one thing; a zero byte, or a missing one, always means the plainest
// choice.
#ifndef ROSTER_TESTS_SUPPORT_SCENE_HPP
#define ROSTER_TESTS_SUPPORT_SCENE_HPP

#include <array>
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

/// One command of a story, and when it is carried out.
struct Asked {
  std::shared_ptr<roster::Command> command;
  roster::Time at{};
  std::string verified = {};  // before it the host verifies whoever has this address; empty: nobody
};

/// A few adds, to be carried out at one moment; or a story, a long history of commands of every kind.
struct Scene {
  World world;
  OwnProfile rules;
  std::vector<roster::AddMembers> commands = {};
  Bytes choices = {};  // what is left: who steps next, which call fails
  std::vector<Asked> asked = {};
};
using Story = Scene;

// The names in scenes and stories. The universe is small on purpose: five organizations, six accounts, five roles and
// eight addresses meet each other, and the same person under several names, in almost every command.
inline constexpr unsigned places_max = 5, people_max = 6, groups_max = 3;
inline constexpr std::array role_names = {"viewer", "member", "admin", "owner"};
std::string place_name(unsigned i);
std::string person_name(unsigned i);
std::string address_name(unsigned i);  // the last two belong to nobody
std::string spelled(std::string address, unsigned spelling);
constexpr roster::Time later_by(roster::Time at, std::int64_t seconds) {
  return roster::Time{static_cast<std::int64_t>(at) + 1'000'000 * seconds};
}

constexpr std::size_t world_bytes = 120, profile_bytes = 40, command_bytes = 56;
constexpr std::size_t scene_bytes(std::size_t commands, std::size_t choices) {
  return world_bytes + profile_bytes + commands * command_bytes + choices;
}
/// An add that mostly is well formed and names what is there.
roster::AddMembers read_add(Draw draw, const World& world, const OwnProfile& rules);
/// The scene of `commands` commands that the bytes stand for.
Scene read_scene(std::span<const std::uint8_t> bytes, std::size_t commands);

constexpr std::size_t opening_bytes = world_bytes + profile_bytes, asked_bytes = 80, asked_max = 40;
constexpr std::size_t story_bytes = opening_bytes + asked_max * asked_bytes;
Story read_story(std::span<const std::uint8_t> bytes);
/// The story as it begins; the bytes of the opening.
Story read_opening(std::span<const std::uint8_t> bytes);
/// A command; `earlier` are those that it may repeat or answer.
Asked read_asked(Draw draw, roster::Time at, const World& world, const OwnProfile& rules,
                 const std::vector<Asked>& earlier);

/// What a command of any kind can name.
struct Parts {
  std::vector<roster::OrganizationSelector> places;
  std::vector<roster::AccountSelector> people;
  std::vector<roster::RoleId> roles;
  roster::Actor actor;  // for its own affair where a command is one
  roster::RequestKey key;
  roster::Time end{};
  std::vector<roster::RoleIndex> cell_roles = {};
  std::vector<roster::GroupName> groups = {};
};
std::shared_ptr<roster::Command> make_command(roster::Kind kind, const Parts& parts);

/// Has every command asked by somebody whom it does not touch. The actor is judged once a tile, by what it was at the
/// start, so an actor that changes its own membership half way is another story.
void bring_a_clerk(Scene& scene);

/// The request keys that commands carry and memberships remember: request_key(0) is the empty one.
constexpr unsigned request_keys = 4;
roster::RequestKey request_key(unsigned which);
/// Every address that a scene can name, in lower case; those that belong to nobody are the last two.
const std::vector<roster::Email>& all_addresses();

template <class Id>
Id id(std::string_view text) {
  return text.empty() ? Id{} : Id::parse(text).assume_value();
}
roster::Email email(std::string_view text);

std::string text_of(roster::Kind kind);
void describe(std::ostream& out, const World& world);
void describe(std::ostream& out, const OwnProfile& rules);
void describe(std::ostream& out, const roster::Command& command);
void showValue(const Scene& scene, std::ostream& out);  // rapidcheck's name for it

}  // namespace roster_test

#endif
