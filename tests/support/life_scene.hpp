// Stories: a small land, a profile and a long history of commands of every kind, written down as bytes. As in scene.hpp
// every part has a fixed place, and a zero byte means the plainest choice.
#ifndef ROSTER_TESTS_SUPPORT_LIFE_SCENE_HPP
#define ROSTER_TESTS_SUPPORT_LIFE_SCENE_HPP

#include <iosfwd>
#include <memory>

#include "support/life_model.hpp"
#include "support/scene.hpp"

namespace roster_test::life {

/// One command, and when it is carried out.
struct Asked {
  std::shared_ptr<roster::Command> command;
  roster::Time at{};
  std::string verified;  // before it the host verifies whoever has this address; empty: nobody
};

struct Story {
  Land land;
  OwnProfile rules;
  std::vector<Asked> asked;
};

constexpr std::size_t opening_bytes = 96, asked_bytes = 48, asked_max = 40;
constexpr std::size_t story_bytes = opening_bytes + asked_max * asked_bytes;

OwnProfile read_life_profile(Draw& draw);
Land read_land(Draw& draw);
/// A well formed command; `earlier` are those that it may repeat.
Asked read_asked(Draw draw, roster::Time at, const std::vector<Asked>& earlier);
Story read_story(std::span<const std::uint8_t> bytes);

void describe(std::ostream& out, const roster::Command& command);
void describe(std::ostream& out, const Asked& asked);
void showValue(const Story& story, std::ostream& out);

}  // namespace roster_test::life

#endif
