#include "story.hpp"

#include <fmt/core.h>

#include <array>

#include "roster/format.hpp"
#include "roster/roster.hpp"

namespace quickstart {
namespace {

using roster::AccountId;
using roster::Actor;
using roster::OrganizationId;
using roster::Role;
using roster::RoleId;

constexpr std::array catalog = {Role{.id = RoleId("member"), .rank = 1},
                                Role{.id = RoleId("admin"), .rank = 2, .manages = true},
                                Role{.id = RoleId("owner"), .rank = 3, .manages = true, .owns = true}};

}  // namespace

bool tell_story(roster::IdSource& ids, roster::Time now, const Colours& colours) {
  roster::Profile rules{.actor = roster::ActorRule::host_decides};
  rules.roles = catalog;
  rules.default_role = RoleId("member");
  rules.actor = roster::ActorRule::manager;
  const OrganizationId acme("acme");
  const AccountId ada("ada"), grace("grace"), alan("alan");
  const auto address = roster::Email::parse("alan@example.com");

  roster::MemoryStore store;
  const bool ready =
      address && store.put_organization({.id = acme}) && store.put_account({.id = ada}) &&
      store.put_account({.id = grace}) && store.put_account({.id = alan, .email = address.value(), .verified = true}) &&
      store.put_membership(
          {.id = roster::MembershipId::of("ada"), .organization = acme, .account = ada, .role = RoleId("owner")});
  if (!ready) return false;
  const roster::Engine engine(rules, store, ids);

  const auto tell = [&](std::string_view what, const roster::Command& command) {
    const auto report = engine.run(command, now);
    if (!report) return fmt::print("  {:<54}{}{}{}\n", what, colours.bad, report.error(), colours.none);
    const roster::Outcome outcome = report.value().at(0, 0);
    fmt::print("  {:<54}{}{}{}\n", what, succeeded(outcome) ? colours.good : colours.bad, name(outcome), colours.none);
    if (!succeeded(outcome)) fmt::print("    {}{}{}\n", colours.quiet, describe(outcome), colours.none);
  };
  const Actor by_ada{ada}, by_grace{grace};
  fmt::print("\n{}And then: ada owns acme{}\n", colours.title, colours.none);
  tell("ada adds grace", roster::AddMembers(acme, grace, RoleId{}, by_ada));
  tell("ada makes grace an admin", roster::ChangeRole(acme, grace, RoleId("admin"), by_ada));
  tell("grace makes herself an owner", roster::ChangeRole(acme, grace, RoleId("owner"), by_grace));
  tell("ada leaves", roster::Leave(acme, ada));
  tell("ada makes grace an owner, and herself a member",
       roster::TransferOwnership(acme, grace, RoleId("owner"), RoleId("member"), by_ada));
  tell("ada leaves", roster::Leave(acme, ada));
  tell("grace invites alan@example.com", roster::Invite(acme, address.value(), RoleId{}, by_grace));
  tell("alan accepts", roster::AcceptInvitation(acme, alan));
  tell("alan accepts once more", roster::AcceptInvitation(acme, alan));
  return true;
}

}  // namespace quickstart
