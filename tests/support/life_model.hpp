// The model of a membership's life: what every kind of command means, written from the rules alone.
//
// It has one thread, no tiles, no guards and no versions: it visits cell after cell and changes maps. Nothing here may
// be taken over from src/core, or the two could be wrong together. Organizations are flat and there are no groups:
// nested ones and groups are the affair of model.hpp, which knows adds alone.
#ifndef ROSTER_TESTS_SUPPORT_LIFE_MODEL_HPP
#define ROSTER_TESTS_SUPPORT_LIFE_MODEL_HPP

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "roster/command.hpp"
#include "roster/decision.hpp"

namespace roster_test::life {

inline std::string text(const auto& id) {
  return std::string(id.view());
}
/// What differs between the keys of a story.
inline std::string word(const roster::RequestKey& key) {
  const roster::UuidText text = key.text();
  return key.empty() ? "-" : std::string(text.data() + 19, text.size() - 19);
}

using Pair = std::pair<std::string, std::string>;  // (organization, account)

struct Place {
  bool joinable = true;
  std::uint32_t seats_max = roster::no_limit;
};

struct Person {
  std::string email;  // lower case
  bool disabled = false, invited = false, verified = false;
};

struct Member {
  std::string role;
  roster::MembershipState state = roster::MembershipState::active;
  roster::RequestKey request;  // what last wrote it
  roster::Time added_at{};
  std::uint64_t number = 0;    // stands for its id: equal numbers, equal ids
  std::string invited_by;      // read while it is invited; empty: not known
  roster::Time valid_until{};  // 0: for ever
  // Read when it is suspended or removed.
  roster::RequestKey before;  // what had last written it then
  std::string removed_by;
  roster::Time ended_at{};
  // Read when it is neither, but was.
  bool came_back = false;
  roster::RequestKey ended_by;  // what had last written it when it came back
  roster::Time back_at{};

  bool is_over(roster::Time now) const { return valid_until != roster::Time{} && valid_until <= now; }
  roster::MembershipState state_at(roster::Time now) const {
    return is_over(now) ? roster::MembershipState::removed : state;
  }
};

struct Land {
  std::map<std::string, Place> places;
  std::map<std::string, Person> people;
  std::map<Pair, Member> members;  // tombstones too
  std::uint64_t numbers = 0;
};

/// One entry of an outbox.
struct Happening {
  roster::Event event;
  Pair pair;
  std::string role;
  friend bool operator==(const Happening&, const Happening&) = default;
};

/// What an engine draws and a model cannot know.
struct Drawn {
  roster::RequestKey request;                   // under which a command without a key of its own writes
  std::map<std::string, std::string> accounts;  // by address: the ids of those created
};

struct Before {
  std::string role;
  roster::MembershipState state;
  friend bool operator==(const Before&, const Before&) = default;
};

struct Verdict {
  std::uint32_t rows = 0, columns = 0;
  std::vector<roster::Outcome> outcomes;
  std::vector<std::optional<Before>> before;  // per cell
  std::vector<Happening> happenings;
  bool wrote() const { return !happenings.empty(); }
};

/// Carries out a well formed command in `land`. The profile has a catalog, and no rule about parents.
Verdict carry_out(Land& land, const roster::Profile& profile, const roster::Command& command, roster::Time now,
                  const Drawn& drawn);

/// How many sit there, and how many own it.
std::uint32_t seats_taken(const Land& land, const roster::Profile& profile, const std::string& place);
std::uint32_t owners_of(const Land& land, const roster::Profile& profile, const std::string& place);

}  // namespace roster_test::life

#endif
