// Scenes and stories in words, for the message of a failing property.
#include <ostream>

#include "support/stage.hpp"

namespace roster_test {

using namespace roster;

namespace {

const char* word(OnMember on) {
  constexpr const char* words[] = {"keep", "reject", "replace", "raise"};
  return words[static_cast<unsigned>(on)];
}
const char* word(OnFormer on) {
  constexpr const char* words[] = {"refuse", "reactivate", "restore role", "fresh"};
  return words[static_cast<unsigned>(on)];
}
void describe(std::ostream& out, const Role& role) {
  out << role.id.view() << ":" << role.rank << (role.manages ? " manages" : "") << (role.owns ? " owns" : "")
      << (role.assignable ? "; " : " read-only; ");
}

std::string text_of(const OrganizationSelector& selector) {
  if (const auto* id = std::get_if<OrganizationId>(&selector)) return std::string(id->view());
  if (const auto* slug = std::get_if<Slug>(&selector)) return "slug " + std::string(slug->view());
  const Nested& nested = std::get<Nested>(selector);
  return std::string(nested.id.view()) + " in " + std::string(nested.parent.view());
}
std::string text_of(const AccountSelector& selector) {
  if (const auto* id = std::get_if<AccountId>(&selector)) return std::string(id->view());
  if (const auto* email = std::get_if<Email>(&selector)) return "<" + std::string(email->text()) + ">";
  return "username " + std::string(std::get<Username>(selector).view());
}

}  // namespace

void describe(std::ostream& out, const World& world) {
  for (const auto& [id, place] : world.places) {
    out << "  " << id << " slug `" << place.slug << "` in `" << place.parent << "`"
        << (place.joinable ? "" : " not joinable") << " seats " << place.seats_max << " roles (";
    for (const auto& [name, role] : place.roles) describe(out, role);
    out << ")\n";
  }
  for (const auto& [id, person] : world.people)
    out << "  " << id << " <" << person.email << "> username `" << person.username << "`"
        << (person.disabled ? " disabled" : "") << (person.invited ? " invited" : "")
        << (person.verified ? "" : " unverified") << "\n";
  for (const auto& [id, members] : world.groups) {
    out << "  group " << id << ":";
    for (const std::string& member : members) out << " `" << member << "`";
    out << "\n";
  }
  out << describe(state_of(world));
}

void describe(std::ostream& out, const OwnProfile& rules) {
  constexpr const char* unknown[] = {"reject", "create", "invite"};
  constexpr const char* actors[] = {"host decides", "member", "manager", "parent manager"};
  constexpr const char* parents[] = {"ignore", "require", "add"};
  constexpr const char* seats[] = {"unlimited", "active", "active and invited"};
  const Profile& fields = rules.fields;
  out << "  by" << (fields.by_id ? " id" : "") << (fields.by_email ? " email" : "")
      << (fields.by_username ? " username" : "")
      << "; unknown: " << unknown[static_cast<unsigned>(fields.on_unknown_account)]
      << "; same role: " << word(fields.on_same_role) << "; other role: " << word(fields.on_other_role)
      << "; suspended: " << word(fields.on_suspended) << "; removed: " << word(fields.on_removed) << "\n  catalog (";
  for (const Role& role : rules.catalog) describe(out, role);
  out << ") default `" << fields.default_role.view() << "`; parent: " << parents[static_cast<unsigned>(fields.parent)]
      << " `" << fields.parent_role.view() << "`\n  actor: " << actors[static_cast<unsigned>(fields.actor)]
      << (fields.organization_is_account ? "; organization is account" : "")
      << (fields.hides_organizations ? "; hides organizations" : "")
      << (fields.hides_accounts ? "; hides accounts" : "") << (fields.keeps_removed ? "" : "; forgets the removed")
      << (fields.rechecks_inviter ? "" : "; trusts inviters") << "; seats "
      << seats[static_cast<unsigned>(fields.seats)] << (fields.mode == Mode::atomic ? "; atomic" : "; best effort")
      << "; accounts_max " << fields.accounts_max << " organizations_max " << fields.organizations_max << " cells_max "
      << fields.cells_max << "\n";
}

void describe(std::ostream& out, const Command& command) {
  constexpr const char* words[] = {"add",    "invite", "change role", "transfer", "suspend", "reactivate",
                                   "remove", "leave",  "accept",      "decline",  "revoke",  "date"};
  out << words[static_cast<unsigned>(command.kind())] << " [";
  for (const auto& selector : command.accounts.span()) out << text_of(selector) << ", ";
  for (const auto& group : command.groups) out << "group " << group.view() << ", ";
  out << "] in [";
  for (const auto& selector : command.organizations.span()) out << text_of(selector) << ", ";
  out << "]";
  if (command.kind() <= Kind::transfer_ownership) {
    const auto& asks = static_cast<const RoleCommand&>(command);
    out << " as [";
    for (const RoleId& role : asks.roles.span()) out << "`" << role.view() << "`, ";
    out << "]";
    for (const RoleIndex role : asks.cell_roles) out << " " << role;
  }
  out << " by `" << command.actor.id.view() << "`" << (command.actor.staff ? " (staff)" : "") << " under `"
      << (command.request.empty() ? std::string() : roster_test::text_of(command.request)) << "`";
  if (command.asked_at != Time{}) out << ", asked at " << static_cast<std::int64_t>(command.asked_at) / 1'000'000;
  out << "\n";
}

void showValue(const Scene& scene, std::ostream& out) {
  out << "\n";
  describe(out, scene.world);
  describe(out, scene.rules);
  for (const AddMembers& command : scene.commands) describe(out, command);
  for (const auto choice : scene.choices) out << " " << static_cast<unsigned>(choice);
  out << "\n";
}

void showValue(const Story& story, std::ostream& out) {
  out << "\n";
  describe(out, story.world);
  describe(out, story.rules);
  for (const Asked& asked : story.asked) {
    if (!asked.verified.empty()) out << "the host verifies " << asked.verified << "\n";
    describe(out << static_cast<std::int64_t>(asked.at) / 1'000'000 << ": ", *asked.command);
  }
}

}  // namespace roster_test
