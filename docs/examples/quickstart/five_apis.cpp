#include "five_apis.hpp"

#include <fmt/core.h>

#include "roster/format.hpp"
#include "roster/roster.hpp"

namespace quickstart {
namespace {

using roster::AccountId;
using roster::Actor;
using roster::AddMembers;
using roster::Email;
using roster::Engine;
using roster::grant;
using roster::Nested;
using roster::OrganizationId;
using roster::Slug;
using roster::Username;
namespace profiles = roster::profiles;

/// Puts the records before the requests: an enterprise with organizations, a project, and their members.
bool fill(roster::MemoryStore& store) {
  const auto member = [&](OrganizationId where, AccountId who, roster::RoleId role, std::string_view id) {
    return store
        .put_membership({.id = roster::MembershipId::of(id), .organization = where, .account = who, .role = role})
        .has_value();
  };
  return store.put_organization({.id = OrganizationId("enterprise")}) &&
         store.put_organization(
             {.id = OrganizationId("acme"), .slug = Slug("acme"), .parent = OrganizationId("enterprise")}) &&
         store.put_organization({.id = OrganizationId("globex"), .parent = OrganizationId("enterprise")}) &&
         store.put_organization({.id = OrganizationId("initech"), .parent = OrganizationId("enterprise")}) &&
         store.put_organization({.id = OrganizationId("search"), .parent = OrganizationId("acme")}) &&
         store.put_role(OrganizationId("globex"), {.id = roster::RoleId("editor"), .rank = 1}, roster::any_version) &&
         store.put_account({.id = AccountId("u1"), .email = Email::parse("ada@example.com").value()}) &&
         store.put_account({.id = AccountId("u2"),
                            .email = Email::parse("grace@example.com").value(),
                            .username = Username("grace")}) &&
         member(OrganizationId("enterprise"), AccountId("u1"), grant<profiles::DevinRole::org_admin>, "1") &&
         member(OrganizationId("acme"), AccountId("u1"), grant<profiles::TursoRole::admin>, "2") &&
         member(OrganizationId("search"), AccountId("u1"), grant<profiles::Mem0Role::owner>, "3") &&
         member(OrganizationId("initech"), AccountId("u2"), grant<profiles::DevinRole::org_member>, "4");
}

class Desk {
 public:
  Desk(roster::MemoryStore& store, roster::IdSource& ids, roster::Time now, const Colours& colours)
      : store_(&store), ids_(&ids), now_(now), colours_(colours) {}

  /// Executes one request and prints two lines: the request with its outcome and status, and the meaning of the
  /// outcome.
  roster::MembershipId ask(const roster::Profile& profile, std::string_view request, const AddMembers& command) {
    const auto report = Engine(profile, *store_, *ids_).add(command, now_);
    if (!report) {
      fmt::print("  {:<8}{:<46}{}{}{}\n", profile.name, request, colours_.bad, report.error(), colours_.none);
      return {};
    }
    const roster::Report& done = report.value();
    const bool bulk = done.outcomes.size() > 1;
    const roster::Outcome first = done.at(0, 0);
    const std::uint16_t status = profile.status[first];
    fmt::print("  {}{:<8}{}{:<46}{}{:<14}{} {}\n", colours_.title, profile.name, colours_.none, request,
               done.succeeded() ? colours_.good : colours_.bad, bulk ? "in bulk" : name(first), colours_.none, status);
    if (bulk) {
      fmt::print("  {:<8}{}{}{}\n", "", colours_.quiet, done, colours_.none);
    } else {
      fmt::print("  {:<8}{}{}{}\n", "", colours_.quiet, describe(first), colours_.none);
    }
    return done.membership(0, 0);
  }

 private:
  roster::MemoryStore* store_;
  roster::IdSource* ids_;
  roster::Time now_;
  Colours colours_;
};

}  // namespace

bool show_five_apis(roster::IdSource& ids, roster::Time now, const Colours& colours) {
  roster::MemoryStore store;
  if (!fill(store)) return false;
  Desk desk(store, ids, now, colours);
  const Actor ada{AccountId("u1")}, grace{AccountId("u2")};
  const OrganizationId acme("acme"), globex("globex");
  const Nested search{acme, OrganizationId("search")};

  fmt::print("\n{}One add under each of five APIs{}\n", colours.title, colours.none);
  const auto zoe = Email::parse("Zoe@Example.com").value();
  const auto first = desk.ask(profiles::recoup, "Zoe@Example.com, who has no account", {acme, zoe, {}, ada});
  const auto again = desk.ask(profiles::recoup, "the same request again", {acme, zoe, {}, ada});
  fmt::print("  {:<8}{}{} membership id both times: {}{}\n", "", colours.quiet, first == again ? "the same" : "another",
             first, colours.none);

  const AddMembers by_name{Slug("acme"), Username("grace"), grant<profiles::TursoRole::viewer>, ada};
  desk.ask(profiles::turso, "username `grace` as viewer", by_name);
  desk.ask(profiles::turso, "the same request again", by_name);

  const auto max = Email::parse("max@example.com").value();
  desk.ask(profiles::piper, "max@example.com, with globex's own role", {globex, max, roster::RoleId("editor"), {}});

  const auto her = Email::parse("grace@example.com").value();
  desk.ask(profiles::mem0, "grace@example.com to a project as READER",
           {search, her, grant<profiles::Mem0Role::reader>, ada});
  desk.ask(profiles::mem0, "the same request again", {search, her, grant<profiles::Mem0Role::reader>, ada});
  desk.ask(profiles::mem0, "the same person as OWNER", {search, her, grant<profiles::Mem0Role::owner>, ada});

  AddMembers bulk;
  bulk.organizations = {globex, OrganizationId("initech")};
  bulk.accounts = {AccountId("u1"), AccountId("u2")};
  bulk.roles = grant<profiles::DevinRole::org_member>;
  bulk.actor = ada;
  desk.ask(profiles::devin, "two people into two organizations", bulk);

  fmt::print("\n{}Refusals{}\n", colours.title, colours.none);
  desk.ask(profiles::mem0, "zoe is added by grace, a READER", {search, zoe, grant<profiles::Mem0Role::reader>, grace});
  constexpr std::string_view wrong = "a..b@example.com";
  const auto parsed = Email::parse(wrong);
  fmt::print("  {:<8}{}\n", "", parsed ? std::string("accepted") : describe(parsed.error(), wrong));
  return true;
}

}  // namespace quickstart
