// Finds records of a world.
#include <algorithm>
#include <set>

#include "support/scenario.hpp"

namespace roster_test {

using namespace roster;
using State = MembershipState;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

std::string meant(const Profile& profile, std::string_view role) {
  for (const FormerRole& each : profile.former_roles)
    if (each.former.view() == role) return text_of(each.role);
  return std::string(role);
}

const Role* find_role(const World& world, const Profile& profile, const std::string& place, std::string_view role) {
  for (const Role& known : profile.roles)
    if (known.id.view() == meant(profile, role)) return &known;
  if (!profile.roles.empty()) return nullptr;
  const auto& own = world.places.at(place).roles;
  const auto found = own.find(std::string(role));
  return found == own.end() ? nullptr : &found->second;
}

const Member* find_member(const World& world, const std::string& place, const std::string& account) {
  const auto found = world.members.find({place, account});
  return found == world.members.end() ? nullptr : &found->second;
}

bool takes_seat(const World& world, const Profile& profile, const std::string& place, const Member& member, Time now) {
  const Role* const held = find_role(world, profile, place, member.role);
  if (profile.seats == SeatRule::unlimited || (held != nullptr && !held->takes_seat)) return false;
  return member.state == State::active ||
         (profile.seats == SeatRule::active_and_invited && member.state == State::invited && !member.is_over(now));
}

std::uint32_t seats_taken(const World& world, const Profile& profile, const std::string& place, Time now) {
  std::uint32_t taken = 0;
  for (const auto& [pair, member] : world.members)
    taken += pair.first == place && takes_seat(world, profile, place, member, now);
  return taken;
}

bool is_disabled(const World& world, const std::string& account) {
  const auto found = world.people.find(account);
  return found != world.people.end() && found->second.disabled;
}

/// Whether it is active for ever, with an enabled account.
static bool lasts(const World& world, const Pair& pair, const Member& member) {
  return member.state == State::active && member.valid_until == Time{} && !is_disabled(world, pair.second);
}

static bool has_owned(const World& world, const std::string& role) {
  if (world.owner_roles.count(role) != 0) return true;
  for (const auto& [name, place] : world.places)
    if (const auto own = place.roles.find(role); own != place.roles.end() && own->second.owns) return true;
  return false;
}

bool may_own(const World& world, const Profile& profile, const Pair& pair, const Member& member) {
  const auto owns = [](const Role& role) { return role.owns; };
  if (profile.roles.empty() || !lasts(world, pair, member)) return false;
  const Role* const held = find_role(world, profile, pair.first, member.role);
  if (held != nullptr && held->owns) return false;
  return has_owned(world, member.role) ||
         (held == nullptr && std::any_of(profile.roles.begin(), profile.roles.end(), owns));
}

bool is_owner(const World& world, const Profile& profile, const Pair& pair, const Member& member) {
  if (!lasts(world, pair, member)) return false;
  const Role* const held = find_role(world, profile, pair.first, member.role);
  return held != nullptr && held->owns;
}

std::uint32_t owners_of(const World& world, const Profile& profile, const std::string& place) {
  std::uint32_t owners = 0;
  for (const auto& [pair, member] : world.members)
    owners += pair.first == place && is_owner(world, profile, pair, member);
  return owners;
}

void change_account(World& world, const IssuedCommand& issued) {
  for (auto& [name, person] : world.people) {
    if (person.email != issued.changed || issued.changed.empty()) continue;
    person.disabled = issued.disables;
    if (!issued.disables) person.invited = false, person.verified = true;
  }
}

std::string find_place(const World& world, const OrganizationSelector& selector) {
  const auto* const id = std::get_if<OrganizationId>(&selector);
  const auto* const slug = std::get_if<Slug>(&selector);
  const auto* const nested = std::get_if<Nested>(&selector);
  for (const auto& [name, place] : world.places)
    if ((id && name == id->view()) || (slug && !place.slug.empty() && place.slug == slug->view()) ||
        (nested && name == nested->id.view() && place.parent == nested->parent.view()))
      return name;
  return {};
}

static Column find_account(const World& world, const AccountSelector& selector) {
  const auto* const id = std::get_if<AccountId>(&selector);
  const auto* const username = std::get_if<Username>(&selector);
  const auto* const email = std::get_if<Email>(&selector);
  Column column{.account = "", .address = email ? lower(email->text()) : ""};
  for (const auto& [name, person] : world.people)
    if ((id && name == id->view()) || (username && !username->empty() && person.username == username->view()) ||
        (email && !person.email.empty() && lower(person.email) == column.address))
      column.account = name;
  const auto drawn = id ? world.drawn.find(text_of(*id)) : world.drawn.end();
  return drawn == world.drawn.end() ? column : Column{.account = drawn->second, .address = ""};
}

std::vector<Column> find_columns(const World& world, const Command& command) {
  std::vector<Column> columns;
  for (const AccountSelector& selector : command.accounts.span()) columns.push_back(find_account(world, selector));
  std::set<std::string> seen;
  std::uint32_t missing = 0;
  for (const GroupName& name : command.groups) {
    const auto group = world.groups.find(text_of(name));
    missing += group == world.groups.end() ? 1 : 0;
    if (group == world.groups.end()) continue;
    for (const std::string& account : group->second)
      if (seen.insert(account).second) columns.push_back(Column{account, "", false});
  }
  columns.insert(columns.end(), missing, Column{"", "", true});
  return columns;
}

}  // namespace roster_test
