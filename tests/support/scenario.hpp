// Scenarios and histories: a world, a profile and commands, written down as bytes. rapidcheck draws the bytes and
// shrinks them towards zero (tests/support/generators.hpp), and libFuzzer mutates them (fuzz/). In a scenario every
// part has a fixed place, so that changing one byte changes one thing; a zero byte, or a missing one, always means the
// plainest choice.
#ifndef ROSTER_TESTS_SUPPORT_SCENARIO_HPP
#define ROSTER_TESTS_SUPPORT_SCENARIO_HPP

#include <array>
#include <iosfwd>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "roster/command.hpp"
#include "roster/facts.hpp"
#include "roster/profile.hpp"

namespace roster_test {

// ---- the world that commands are carried out in, as plainly as it can be written down: maps, and no identifiers that
// are drawn. An account that a command creates is called "new:" and its address; what a store calls it is in `drawn`.

using Pair = std::pair<std::string, std::string>;  // (organization, account)

struct Place {
  std::string slug, parent;  // empty: none
  bool joinable = true;
  std::map<std::string, roster::Role> roles;  // its own catalog, read when the profile has none
  std::uint32_t seats_max = roster::no_limit;
};

struct Person {
  std::string email;  // as written; empty: none
  std::string username;
  bool disabled = false, invited = false, verified = false;
};

struct Member {
  std::string role;
  roster::MembershipState state = roster::MembershipState::active;
  roster::IdempotencyKey idempotency_key{};  // what last wrote it
  roster::Time added_at{};
  roster::Time valid_until{};   // 0: for ever
  std::uint64_t number = 0;     // stands for its id: equal numbers, equal ids
  std::string invited_by = {};  // read while it is invited; empty: not known
  // Read when it is suspended or removed.
  roster::IdempotencyKey before = {};  // what had last written it then
  std::string removed_by = {};
  roster::Time ended_at{};
  // Read when it is neither, but was.
  bool came_back = false;
  roster::IdempotencyKey ended_by = {};  // what had last written it when it came back
  roster::Time back_at{};

  /// As far as a store shows it.
  friend bool operator==(const Member& a, const Member& b) {
    const auto all = [](const Member& m) {
      return std::tie(m.role, m.state, m.idempotency_key, m.added_at, m.valid_until, m.removed_by, m.ended_at);
    };
    return all(a) == all(b);
  }
  bool is_over(roster::Time now) const { return valid_until != roster::Time{} && valid_until <= now; }
  roster::MembershipState state_at(roster::Time now) const {
    return is_over(now) ? roster::MembershipState::removed : state;
  }
};

struct World {
  std::map<std::string, Place> places;
  std::map<std::string, Person> people;
  std::map<std::string, std::vector<std::string>> groups;
  std::map<Pair, Member> members;            // tombstones too
  std::map<std::string, std::string> drawn;  // identifiers of accounts that commands have created, and their names here
  std::uint64_t numbers = 0, keys_drawn = 0;
};

/// One column of a command: an account that is there, an address that may get one, or nobody.
struct Column {
  std::string account;  // empty: not found
  std::string address;  // the one by which it was named, in lower case
  bool missing_group = false;
};

/// ASCII lower case: the rule by which two addresses are one, for the addresses that the tests use.
std::string lower(std::string_view text);
std::string text_of(roster::MembershipState state);
std::string text_of(const auto& id) {
  return std::string(id.view());
}
template <class Tag>
std::string text_of(const roster::Key<Tag>& key) {
  const roster::UuidText text = key.text();
  return key.empty() ? std::string() : std::string(text.data(), text.size());
}

/// A role in the catalog that applies there, the profile's or its own; null: it is in none.
const roster::Role* find_role(const World& world, std::span<const roster::Role> catalog, const std::string& place,
                              std::string_view role);
/// The organization that is meant; empty: there is none.
std::string find_place(const World& world, const roster::OrganizationSelector& selector);
std::vector<Column> find_columns(const World& world, const roster::Command& command);
/// Null: there is none, nor a tombstone.
const Member* find_member(const World& world, const std::string& place, const std::string& account);
bool takes_seat(roster::SeatRule rule, roster::MembershipState state);
std::uint32_t seats_taken(const World& world, roster::SeatRule rule, const std::string& place);
/// What will end by itself does not count: time alone takes no owner away.
bool is_owner(const World& world, std::span<const roster::Role> catalog, const std::string& place,
              const Member& member);
std::uint32_t owners_of(const World& world, std::span<const roster::Role> catalog, const std::string& place);
/// The host has seen that the address is its own.
void verify(World& world, const std::string& address);

// ---- scenarios and histories

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
  std::vector<roster::Role> catalog;                                 // empty: roles belong to organizations
  roster::Profile fields{.actor = roster::ActorRule::host_decides};  // all but `roles`

  roster::Profile profile() const {
    roster::Profile profile = fields;
    profile.roles = catalog;
    return profile;
  }
};

/// One command of a history, and when it is carried out.
struct Asked {
  std::shared_ptr<roster::Command> command;
  roster::Time at{};
  std::string verified = {};  // before it the host verifies whoever has this address; empty: nobody
};

/// A few adds, to be carried out at one moment; or a long history of commands of every kind.
struct Scenario {
  World world;
  OwnProfile rules;
  std::vector<roster::AddMembers> commands = {};
  Bytes choices = {};  // what is left: who steps next, which call fails
  std::vector<Asked> asked = {};
};
using CommandHistory = Scenario;

// The names in scenarios and histories. The universe is small on purpose: five organizations, six accounts, five roles
// and eight addresses meet each other, and the same person under several names, in almost every command.
inline constexpr unsigned places_max = 5, people_max = 6, groups_max = 3;
inline constexpr std::array role_names = {"viewer", "member", "admin", "owner"};
std::string place_name(unsigned i);
std::string person_name(unsigned i);
std::string address_name(unsigned i);  // the last two of eight belong to nobody
std::string spelled(std::string address, unsigned spelling);
constexpr roster::Time later_by(roster::Time at, std::int64_t seconds) {
  return roster::Time{static_cast<std::int64_t>(at) + 1'000'000 * seconds};
}

constexpr std::size_t world_bytes = 120, profile_bytes = 40, command_bytes = 56;
constexpr std::size_t scenario_bytes(std::size_t commands, std::size_t choices) {
  return world_bytes + profile_bytes + commands * command_bytes + choices;
}
/// An add that mostly is well formed and names what is there.
roster::AddMembers read_add(Draw draw, const World& world, const OwnProfile& rules);
/// The scenario of `commands` commands that the bytes stand for.
Scenario read_scenario(std::span<const std::uint8_t> bytes, std::size_t commands);

constexpr std::size_t opening_bytes = world_bytes + profile_bytes, asked_bytes = 80, asked_max = 40;
constexpr std::size_t history_bytes = opening_bytes + asked_max * asked_bytes;
CommandHistory read_history(std::span<const std::uint8_t> bytes);
/// The history as it begins; the bytes of the opening.
Scenario read_opening(std::span<const std::uint8_t> bytes, bool lived = true);
/// A command; `earlier` are those that it may repeat or answer.
Asked read_asked(Draw draw, roster::Time at, const World& world, const OwnProfile& rules,
                 const std::vector<Asked>& earlier);

/// What a command of any kind can name.
struct Parts {
  std::vector<roster::OrganizationSelector> places;
  std::vector<roster::AccountSelector> people;
  std::vector<roster::RoleId> roles;
  roster::Actor actor;  // for its own affair where a command is one
  roster::IdempotencyKey key;
  roster::Time end{};
  std::vector<roster::RoleIndex> cell_roles = {};
  std::vector<roster::GroupName> groups = {};
};
std::shared_ptr<roster::Command> make_command(roster::CommandKind kind, const Parts& parts);

/// Has every command asked by somebody whom it does not touch. The actor is judged once a tile, by what it was at the
/// start, so an actor that changes its own membership half way is another history.
void bring_a_clerk(Scenario& scenario);

/// The request keys that commands carry and memberships remember: request_key(0) is the empty one.
constexpr unsigned request_keys = 4;
roster::IdempotencyKey request_key(unsigned which);

/// Names nothing: an empty id, slug, name or address.
bool is_blank(const auto& selector) {
  return std::visit([](const auto& named) { return named == std::decay_t<decltype(named)>{}; }, selector);
}
template <class Id>
Id id(std::string_view text) {
  return text.empty() ? Id{} : Id::parse(text).assume_value();
}
roster::Email email(std::string_view text);

std::string text_of(roster::CommandKind kind);
void describe(std::ostream& out, const World& world);
void describe(std::ostream& out, const OwnProfile& rules);
void describe(std::ostream& out, const roster::Command& command);
void showValue(const Scenario& scenario, std::ostream& out);  // rapidcheck's name for it

}  // namespace roster_test

#endif
