// Scenes in words, for the message of a failing property.
#include <ostream>

#include "support/scene.hpp"

namespace roster_test {

using namespace roster;

namespace {

const char* word(OnMember on) {
  constexpr const char* words[] = {"keep", "reject", "replace", "raise"};
  return words[static_cast<unsigned>(on)];
}

void describe(std::ostream& out, const Role& role) {
  out << role.id.view() << ":" << role.rank << (role.manages ? " manages" : "") << (role.owns ? " owns" : "")
      << (role.assignable ? "" : " read-only");
}

void describe(std::ostream& out, const OrganizationSelector& selector) {
  if (const auto* id = std::get_if<OrganizationId>(&selector)) {
    out << "id " << id->view();
  } else if (const auto* slug = std::get_if<Slug>(&selector)) {
    out << "slug " << slug->view();
  } else {
    out << std::get<Nested>(selector).id.view() << " in " << std::get<Nested>(selector).parent.view();
  }
}

void describe(std::ostream& out, const AccountSelector& selector) {
  if (const auto* id = std::get_if<AccountId>(&selector)) {
    out << "id " << id->view();
  } else if (const auto* email = std::get_if<Email>(&selector)) {
    out << "<" << email->text() << ">";
  } else {
    out << "username " << std::get<Username>(selector).view();
  }
}

}  // namespace

void describe(std::ostream& out, const World& world) {
  for (const auto& [id, organization] : world.organizations) {
    out << "  organization " << id;
    if (!organization.slug.empty()) out << " slug " << organization.slug;
    if (!organization.parent.empty()) out << " in " << organization.parent;
    if (!organization.joinable) out << " not joinable";
    out << " roles (";
    for (const auto& [name, role] : organization.roles) {
      describe(out, role);
      out << "; ";
    }
    out << ")\n";
  }
  for (const auto& [id, account] : world.accounts) {
    out << "  account " << id;
    if (!account.email.empty()) out << " <" << account.email << ">";
    if (!account.username.empty()) out << " username " << account.username;
    out << (account.disabled ? " disabled" : "") << (account.invited ? " invited" : "") << "\n";
  }
  for (const auto& [name, members] : world.groups) {
    out << "  group " << name << ":";
    for (const auto& member : members) out << " " << member;
    out << "\n";
  }
  for (const auto& [pair, membership] : world.memberships)
    out << "  " << pair.second << " in " << pair.first << " as " << membership.role
        << (membership.state == MembershipState::invited ? " (invited)" : "") << " " << key_name(membership.request)
        << "\n";
}

void describe(std::ostream& out, const OwnProfile& rules) {
  constexpr const char* unknown[] = {"reject", "create", "invite"};
  constexpr const char* actors[] = {"host decides", "member", "manager", "parent manager"};
  constexpr const char* parents[] = {"ignore", "require", "add"};
  const Profile& fields = rules.fields;
  out << "  by" << (fields.by_id ? " id" : "") << (fields.by_email ? " email" : "")
      << (fields.by_username ? " username" : "")
      << "; unknown: " << unknown[static_cast<unsigned>(fields.on_unknown_account)]
      << "; same role: " << word(fields.on_same_role) << "; other role: " << word(fields.on_other_role)
      << "\n  catalog (";
  for (const Role& role : rules.catalog) {
    describe(out, role);
    out << "; ";
  }
  out << ") default `" << fields.default_role.view() << "`; parent: " << parents[static_cast<unsigned>(fields.parent)]
      << " `" << fields.parent_role.view() << "`\n  actor: " << actors[static_cast<unsigned>(fields.actor)]
      << (fields.organization_is_account ? "; organization is account" : "")
      << (fields.hides_organizations ? "; hides organizations" : "")
      << (fields.hides_accounts ? "; hides accounts" : "")
      << (fields.mode == Mode::atomic ? "; atomic" : "; best effort") << "; accounts_max " << fields.accounts_max
      << " organizations_max " << fields.organizations_max << " cells_max " << fields.cells_max << "\n";
}

void describe(std::ostream& out, const AddMembers& command) {
  out << "  add [";
  for (const auto& selector : command.accounts.span()) {
    describe(out, selector);
    out << ", ";
  }
  for (const auto& group : command.groups) out << "group " << group.view() << ", ";
  out << "] to [";
  for (const auto& selector : command.organizations.span()) {
    describe(out, selector);
    out << ", ";
  }
  out << "] as [";
  for (const auto& role : command.roles.span()) out << "`" << role.view() << "`, ";
  out << "]";
  if (!command.cell_roles.empty()) {
    out << " cell roles";
    for (const auto index : command.cell_roles) out << " " << index;
  }
  out << " by `" << command.actor.id.view() << "`" << (command.actor.staff ? " (staff)" : "") << " under `"
      << key_name(command.request) << "`\n";
}

void describe(std::ostream& out, const Scene& scene) {
  out << "world\n";
  describe(out, scene.world);
  out << "profile\n";
  describe(out, scene.rules);
  out << "commands\n";
  for (const AddMembers& command : scene.commands) describe(out, command);
  if (!scene.choices.empty()) {
    out << "choices";
    for (const auto choice : scene.choices) out << " " << static_cast<unsigned>(choice);
    out << "\n";
  }
}

void showValue(const Scene& scene, std::ostream& out) {
  out << "\n";
  describe(out, scene);
}

}  // namespace roster_test
