// A command before its cells: whom it names, and what is wrong with its shape.
#include <algorithm>

#include "support/oracle_cell.hpp"

namespace roster_test {

using namespace roster;

namespace {

Column find_account(const World& world, const AccountSelector& selector) {
  Column column;
  if (const auto* const id = std::get_if<AccountId>(&selector)) {
    const auto drawn = world.drawn.find(text_of(*id));
    if (world.people.count(text_of(*id))) column.account = text_of(*id);
    if (drawn != world.drawn.end()) column.account = drawn->second;
  } else if (const auto* const name = std::get_if<Username>(&selector)) {
    for (const auto& [known, person] : world.people)
      if (!person.username.empty() && person.username == name->view()) column.account = known;
  } else {
    column.address = lower(std::get<Email>(selector).text());
    column.account = account_by_address(world, column.address);
  }
  return column;
}

}  // namespace

std::vector<Column> lay_out(const World& world, const Command& command) {
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

namespace {

using Errors = decltype(Expected::errors);

void find_errors_in_names(const Profile& profile, const Command& command, Errors& errors) {
  const auto accounts = command.accounts.span();
  const bool transfers = command.kind() == Kind::transfer_ownership;
  for (std::uint32_t i = 0; i < accounts.size(); ++i) {
    const bool itself = is_own(command.kind()) || (transfers && i == 1);
    const auto* const id = std::get_if<AccountId>(&accounts[i]);
    const auto* const email = std::get_if<Email>(&accounts[i]);
    const bool accepted = id ? profile.by_id : email ? profile.by_email : profile.by_username;
    if (!accepted && !itself) errors.insert({Errc::selector_not_accepted, i});
    if (email && email->text().empty()) errors.insert({Errc::email_empty, i});
    if (id ? id->empty() : !email && std::get<Username>(accounts[i]).empty()) errors.insert({Errc::id_empty, i});
  }
  const auto organizations = command.organizations.span();
  for (std::uint32_t i = 0; i < organizations.size(); ++i) {
    const auto* const id = std::get_if<OrganizationId>(&organizations[i]);
    const auto* const slug = std::get_if<Slug>(&organizations[i]);
    const auto* const nested = std::get_if<Nested>(&organizations[i]);
    if ((id && id->empty()) || (slug && slug->empty()) || (nested && (nested->id.empty() || nested->parent.empty())))
      errors.insert({Errc::id_empty, i});
  }
}

void find_errors_in_roles(const Profile& profile, const RoleCommand& command, Errors& errors) {
  if (!command.cell_roles.empty()) {
    bool fits = command.cell_roles.size() == command.organizations.size() * command.accounts.size();
    for (const RoleIndex index : command.cell_roles)
      fits = fits && index < std::max<std::size_t>(1, command.roles.size());
    if (!fits) errors.insert({Errc::roles_malformed, 0});
  }
  bool sound = profile.parent != ParentRule::add || !profile.parent_role.empty();
  if (profile.hides_accounts) sound = sound && profile.on_unknown_account == OnUnknown::invite && !profile.by_username;
  if (!profile.roles.empty()) {
    bool default_fits = profile.default_role.empty(), parent_fits = profile.parent != ParentRule::add;
    for (const Role& role : profile.roles) {
      default_fits = default_fits || (role.id == profile.default_role && role.assignable);
      parent_fits = parent_fits || role.id == profile.parent_role;
    }
    sound = sound && default_fits && parent_fits;
  }
  if (!sound) errors.insert({Errc::profile_malformed, 0});
}

}  // namespace

void find_errors(const Profile& profile, const Command& command, Time now, Time end,
                 decltype(Expected::errors)& errors) {
  const std::size_t rows = command.organizations.size(), named = command.accounts.size();
  const bool transfers = command.kind() == Kind::transfer_ownership;
  if (rows == 0 || (named == 0 && command.groups.empty())) errors.insert({Errc::batch_empty, 0});
  if (rows > profile.organizations_max || (named > profile.accounts_max && !transfers))
    errors.insert({Errc::batch_too_large, 0});
  find_errors_in_names(profile, command, errors);
  if (names_roles(command.kind())) find_errors_in_roles(profile, static_cast<const RoleCommand&>(command), errors);
  const bool needs_actor = is_own(command.kind()) || (!command.actor.staff && profile.actor != ActorRule::host_decides);
  if (command.actor.id.empty() && needs_actor) errors.insert({Errc::actor_missing, 0});
  if (end != Time{} && end <= now) errors.insert({Errc::valid_until_passed, 0});
}

}  // namespace roster_test
