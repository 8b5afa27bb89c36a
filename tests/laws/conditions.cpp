// Properties of a scenario's commands, found without running them.
#include "conditions.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "support/oracle_cell.hpp"

namespace roster_test {

using namespace roster;

std::string person(const AccountSelector& selector) {
  if (const auto* const id = std::get_if<AccountId>(&selector)) return std::string(id->view().substr(1));
  if (const auto* const name = std::get_if<Username>(&selector)) return std::string(name->view().substr(1));
  const std::string address = lower(std::get<Email>(selector).text());
  return address[0] == 'a' ? address.substr(1, 1) : address;
}
std::string place(const OrganizationSelector& selector) {
  if (const auto* const id = std::get_if<OrganizationId>(&selector)) return std::string(id->view().substr(1));
  if (const auto* const slug = std::get_if<Slug>(&selector)) return std::string(slug->view().substr(1));
  return std::string(std::get<Nested>(selector).id.view().substr(1));
}

void settle_down(Scenario& scenario) {
  Profile& fields = scenario.rules.fields;
  fields.by_id = fields.by_email = fields.by_username = true;
  fields.accounts_max = fields.organizations_max = 100;
  fields.cells_max = 10'000;
  if (fields.parent == ParentRule::add && fields.parent_role.empty()) fields.parent = ParentRule::ignore;
  bring_a_clerk(scenario);
  for (AddMembers& command : scenario.commands) {
    command.groups.clear();
    std::vector<AccountSelector> people;
    for (const AccountSelector& selector : command.accounts.span()) {
      if (!is_blank(selector)) people.push_back(selector);
    }
    if (people.empty()) people.push_back(AccountId("a0"));
    if (people.size() != command.accounts.size() && !command.cell_roles.empty()) command.cell_roles.clear();
    command.accounts = std::move(people);
    std::vector<OrganizationSelector> places;
    for (const OrganizationSelector& selector : command.organizations.span())
      if (!(selector == OrganizationSelector(OrganizationId{})) && !(selector == OrganizationSelector(Slug{})))
        places.push_back(selector);
    if (places.empty()) places.push_back(OrganizationId("o0"));
    if (places.size() != command.organizations.size()) command.cell_roles.clear();
    if (command.cell_roles.size() != places.size() * command.accounts.size()) command.cell_roles.clear();
    for (RoleIndex& index : command.cell_roles)
      index = static_cast<RoleIndex>(index % std::max<std::size_t>(1, command.roles.size()));
    command.organizations = std::move(places);
  }
}

bool authorizes(const World& world, const Profile& profile, const Command& command, const std::string& place,
                Time now) {
  World same = world;
  return CommandView{world, same, profile, command, {}, now, false}.authorizes(place);
}

RoleId asked_at(const AddMembers& command, std::size_t row, std::size_t column) {
  const std::size_t k = command.cell_roles.empty() ? 0 : command.cell_roles[row * command.accounts.size() + column];
  return k < command.roles.size() ? command.roles.span()[k] : RoleId{};
}

bool contradicts_itself(const AddMembers& command) {
  std::map<std::pair<std::string, std::string>, RoleId> seen;
  for (std::size_t r = 0; r < command.organizations.size(); ++r)
    for (std::size_t c = 0; c < command.accounts.size(); ++c) {
      const auto key = std::pair(place(command.organizations.span()[r]), person(command.accounts.span()[c]));
      const auto [at, fresh] = seen.emplace(key, asked_at(command, r, c));
      if (!fresh && !(at->second == asked_at(command, r, c))) return true;
    }
  return false;
}

bool climbs(const Scenario& scenario, const AddMembers& command) {
  if (scenario.rules.fields.parent == ParentRule::ignore) return false;
  std::set<std::string> rows, parents;
  for (const auto& selector : command.organizations.span()) {
    rows.insert("o" + place(selector));
    const auto found = scenario.world.places.find("o" + place(selector));
    if (found != scenario.world.places.end()) parents.insert(found->second.parent);
  }
  return std::any_of(rows.begin(), rows.end(), [&](const std::string& row) { return parents.count(row) != 0; });
}

Outcome later(Outcome first) {
  return is_written(first) ? Outcome::replayed : first;
}

}  // namespace roster_test
