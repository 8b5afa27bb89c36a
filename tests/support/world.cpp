// What can be looked up in a world.
#include "support/world.hpp"

#include <algorithm>

#include "support/oracle.hpp"

namespace roster_test {

using namespace roster;
using State = MembershipState;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

std::string account_by_address(const World& world, const std::string& address) {
  for (const auto& [id, person] : world.people)
    if (!person.email.empty() && lower(person.email) == address) return id;
  return {};
}

const Role* find_role(const World& world, std::span<const Role> catalog, const std::string& place,
                      std::string_view role) {
  for (const Role& known : catalog)
    if (known.id.view() == role) return &known;
  if (!catalog.empty()) return nullptr;
  const auto& own = world.places.at(place).roles;
  const auto found = own.find(std::string(role));
  return found == own.end() ? nullptr : &found->second;
}

std::uint32_t seats_taken(const World& world, SeatRule rule, const std::string& place) {
  std::uint32_t taken = 0;
  for (const auto& [pair, member] : world.members)
    taken += pair.first == place && (member.state == State::active ||
                                     (member.state == State::invited && rule == SeatRule::active_and_invited));
  return taken;
}

bool is_owner(const World& world, std::span<const Role> catalog, const std::string& place, State state,
              const std::string& role, Time valid_until) {
  if (state != State::active || valid_until != Time{}) return false;
  const Role* const held = find_role(world, catalog, place, role);
  return held != nullptr && held->owns;
}

std::uint32_t owners_of(const World& world, std::span<const Role> catalog, const std::string& place) {
  std::uint32_t owners = 0;
  for (const auto& [pair, member] : world.members)
    owners += pair.first == place && is_owner(world, catalog, place, member.state, member.role, member.valid_until);
  return owners;
}

void verify(World& world, const std::string& address) {
  for (auto& [name, person] : world.people) {
    if (person.email != address) continue;
    person.invited = person.disabled = false;
    person.verified = true;
  }
}

std::string find_place(const World& world, const OrganizationSelector& selector) {
  if (const auto* const id = std::get_if<OrganizationId>(&selector))
    return world.places.count(text_of(*id)) ? text_of(*id) : "";
  if (const auto* const slug = std::get_if<Slug>(&selector)) {
    for (const auto& [id, place] : world.places)
      if (!place.slug.empty() && place.slug == slug->view()) return id;
    return {};
  }
  const auto& nested = std::get<Nested>(selector);
  const auto found = world.places.find(text_of(nested.id));
  return found == world.places.end() || found->second.parent != nested.parent.view() ? std::string() : found->first;
}

}  // namespace roster_test
