// The world that commands are carried out in, as plainly as it can be written down: maps, and no identifiers that are
// drawn. An account that a command creates is called "new:" and its address; what a store calls it is in `drawn`.
#ifndef ROSTER_TESTS_SUPPORT_WORLD_HPP
#define ROSTER_TESTS_SUPPORT_WORLD_HPP

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "roster/command.hpp"
#include "roster/facts.hpp"
#include "roster/profile.hpp"
#include "roster/role.hpp"

namespace roster_test {

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
  roster::RequestKey request;  // what last wrote it
  roster::Time added_at{};
  roster::Time valid_until{};   // 0: for ever
  std::uint64_t number = 0;     // stands for its id: equal numbers, equal ids
  std::string invited_by = {};  // read while it is invited; empty: not known
  // Read when it is suspended or removed.
  roster::RequestKey before = {};  // what had last written it then
  std::string removed_by = {};
  roster::Time ended_at{};
  // Read when it is neither, but was.
  bool came_back = false;
  roster::RequestKey ended_by = {};  // what had last written it when it came back
  roster::Time back_at{};

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
              roster::MembershipState state, const std::string& role, roster::Time valid_until);
std::uint32_t owners_of(const World& world, std::span<const roster::Role> catalog, const std::string& place);
/// The host has seen that the address is its own.
void verify(World& world, const std::string& address);

}  // namespace roster_test

#endif
