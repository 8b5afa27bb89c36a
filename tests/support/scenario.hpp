// Scenarios and histories: a world, a profile and commands, encoded as bytes. rapidcheck draws and shrinks the bytes
// (tests/laws/generators.hpp), and libFuzzer mutates them (fuzz/). In a scenario every part has a fixed offset, so
// that changing one byte changes one thing. A zero or missing byte always means the plainest choice.
#ifndef ROSTER_TESTS_SUPPORT_SCENARIO_HPP
#define ROSTER_TESTS_SUPPORT_SCENARIO_HPP

#include <array>
#include <iosfwd>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "roster/command.hpp"
#include "roster/facts.hpp"
#include "roster/profile.hpp"

namespace roster_test {

// ---- the world of a command, without drawn identifiers. A created account is "new:" and its address; see `drawn`.

using Pair = std::pair<std::string, std::string>;  // (organization, account)

struct Place {
  std::string slug, parent;  // empty: none
  bool joinable = true, closed = false;
  std::map<std::string, roster::Role> roles;  // its own catalog, read when the profile has none
  std::uint32_t seats_max = roster::no_limit;
};

struct Person {
  std::string email;  // as written; empty: no address
  std::string username;
  bool disabled = false, invited = false, verified = false;
};

struct Member {
  std::string role;
  roster::MembershipState state = roster::MembershipState::active;
  roster::IdempotencyKey idempotency_key{};  // of the last write
  roster::Time added_at{};
  roster::Time valid_until{};          // 0: none
  std::uint64_t number = 0;            // replaces its id: equal numbers, equal ids
  std::string invited_by = {};         // read while it is invited; empty: unknown
  roster::IdempotencyKey before = {};  // of the write before the last suspension, removal or return
  std::string removed_by = {};         // read if it is removed
  roster::Time written_at{};           // of the last write
  roster::Time invitation_until{};     // 0 unless it is invited; never after valid_until

  /// Compares the fields that a store shows.
  friend bool operator==(const Member& a, const Member& b) {
    const auto all = [](const Member& m) {
      return std::tie(m.role, m.state, m.idempotency_key, m.added_at, m.valid_until, m.invitation_until, m.invited_by,
                      m.removed_by, m.written_at);
    };
    return all(a) == all(b);
  }
  roster::Time end() const { return state == roster::MembershipState::invited ? invitation_until : valid_until; }
  bool is_over(roster::Time now) const { return end() != roster::Time{} && end() <= now; }
  roster::MembershipState state_at(roster::Time now) const {
    return is_over(now) ? roster::MembershipState::removed : state;
  }
};

struct World {
  std::map<std::string, Place> places;
  std::map<std::string, Person> people;
  std::map<std::string, std::vector<std::string>> groups;
  std::map<Pair, Member> members;            // tombstones too
  std::set<std::string> owner_roles;         // that have owned under an earlier catalog
  std::map<std::string, std::string> drawn;  // ids of created accounts, and their names here
  std::uint64_t numbers = 0, keys_drawn = 0;
};

/// One column of a command: an existing account, an address that may get one, or neither.
struct Column {
  std::string account;  // empty: not found
  std::string address;  // of the selector, in lower case
  bool missing_group = false;
};

/// ASCII lower case. Two addresses of the tests are equal if this is.
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

/// The id of a role now: a former id is that of another role.
std::string meant(const roster::Profile& profile, std::string_view role);
/// A role in the profile's catalog, or in the organization's own; null: the catalog does not have it.
const roster::Role* find_role(const World& world, const roster::Profile& profile, const std::string& place,
                              std::string_view role);
/// The organization that the selector names; empty: none.
std::string find_place(const World& world, const roster::OrganizationSelector& selector);
std::vector<Column> find_columns(const World& world, const roster::Command& command);
/// Null: there is neither a membership nor a tombstone.
const Member* find_member(const World& world, const std::string& place, const std::string& account);
bool takes_seat(const World&, const roster::Profile&, const std::string& place, const Member&, roster::Time now);
std::uint32_t seats_taken(const World&, const roster::Profile&, const std::string& place, roster::Time now);
bool is_disabled(const World& world, const std::string& account);
/// A membership with an expiry does not count: otherwise time alone could remove the last owner. Nor does a disabled
/// one.
bool is_owner(const World&, const roster::Profile&, const Pair&, const Member&);
/// The same of a member whose role the profile's catalog does not know: another catalog may define it as an owner's.
bool may_own(const World&, const roster::Profile&, const Pair&, const Member&);
std::uint32_t owners_of(const World&, const roster::Profile&, const std::string& place);

// ---- scenarios and histories

using Bytes = std::vector<std::uint8_t>;

/// Reads choices from bytes. Beyond the end every byte is zero.
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
  std::vector<roster::FormerRole> former = {};
  roster::Profile fields{.actor = roster::ActorRule::host_decides};  // all but the roles

  roster::Profile profile() const {
    roster::Profile profile = fields;
    profile.roles = catalog;
    profile.former_roles = former;
    return profile;
  }
};

/// One command of a history, and its time.
struct IssuedCommand {
  std::shared_ptr<roster::Command> command;
  roster::Time at{};
  std::string changed = {};  // the address whose account the host changes before it; empty: none
  bool disables = false;     // disables that account, or else enables and verifies it
};
/// Changes the account as the host does before the command.
void change_account(World& world, const IssuedCommand& issued);

/// A few adds at one moment, or a long history of commands of every kind.
struct Scenario {
  World world;
  OwnProfile rules;
  std::vector<roster::AddMembers> commands = {};
  Bytes choices = {};  // further choices: the next participant, the next fault
  std::vector<IssuedCommand> issued = {};
};
using CommandHistory = Scenario;

// The names in scenarios and histories. They are few on purpose: five organizations, six accounts, five roles and eight
// addresses. Almost every command then names a pair that another one names, or one account under several names.
inline constexpr unsigned places_max = 5, people_max = 6, groups_max = 3;
inline constexpr std::array role_names = {"viewer", "member", "admin", "owner"};
std::string place_name(unsigned i);
std::string person_name(unsigned i);
std::string address_name(unsigned i);  // the last two of eight have no account
std::string spelled(std::string address, unsigned spelling);
constexpr roster::Time later_by(roster::Time at, std::int64_t seconds) {
  return roster::Time{static_cast<std::int64_t>(at) + 1'000'000 * seconds};
}

constexpr std::size_t world_bytes = 120, profile_bytes = 40, command_bytes = 56;
constexpr std::size_t scenario_bytes(std::size_t commands, std::size_t choices) {
  return world_bytes + profile_bytes + commands * command_bytes + choices;
}
/// An add that is mostly well formed and mostly names existing records.
roster::AddMembers read_add(Draw draw, const World& world, const OwnProfile& rules);
Scenario read_scenario(std::span<const std::uint8_t> bytes, std::size_t commands);

constexpr std::size_t opening_bytes = world_bytes + profile_bytes, issued_bytes = 80, issued_max = 40;
constexpr std::size_t history_bytes = opening_bytes + issued_max * issued_bytes;
CommandHistory read_history(std::span<const std::uint8_t> bytes);
Scenario read_opening(std::span<const std::uint8_t> bytes, bool lived = true);
/// Reads a command. It may repeat or answer one of `earlier`.
IssuedCommand read_issued(Draw draw, roster::Time at, const World& world, const OwnProfile& rules,
                          const std::vector<IssuedCommand>& earlier);

/// The parts of a command of any kind.
struct Parts {
  std::vector<roster::OrganizationSelector> places;
  std::vector<roster::AccountSelector> people;
  std::vector<roster::RoleId> roles;
  roster::Actor actor;  // also the account of a command about its own memberships
  roster::IdempotencyKey key;
  roster::Time end{}, invitation_end{};
  std::vector<roster::RoleIndex> cell_roles = {};
  std::vector<roster::GroupName> groups = {};
};
std::shared_ptr<roster::Command> make_command(roster::CommandKind kind, const Parts& parts);

/// Gives every command an actor that it does not change. An actor is authorized once for each tile, by its role at the
/// start. An actor that changes its own membership in between would be another history.
void bring_a_clerk(Scenario& scenario);

/// The request keys of commands and memberships; request_key(0) is empty.
constexpr unsigned request_keys = 4;
roster::IdempotencyKey request_key(unsigned which);

/// An empty id, slug, name or address.
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
