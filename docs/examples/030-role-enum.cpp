// Uses the host's own enum as roles: misspelt or ungrantable roles do not compile.
#include "roster/roster.hpp"

namespace host {
enum class Seat { guest, editor, owner };
}

template <>
struct roster::RoleEnum<host::Seat> {
  static constexpr std::array roles = {
      RoleOf<host::Seat>{host::Seat::guest, {.id = RoleId("guest"), .rank = 1}, Grant::default_},
      RoleOf<host::Seat>{host::Seat::editor, {.id = RoleId("editor"), .rank = 2, .manages = true}},
      RoleOf<host::Seat>{host::Seat::owner, {.id = RoleId("owner"), .rank = 3, .manages = true}, Grant::read_only},
  };
};

int main() {
  using namespace roster;
  using host::Seat;
  constexpr Profile profile = {
      .name = "seats",
      .roles = catalog<Seat>,
      .default_role = default_role<Seat>,
  };
  UuidSource ids({1, 2});
  MemoryStore store;
  if (!store.put_organization({.id = OrganizationId("acme")})) return 1;
  if (!store.put_account({.id = AccountId("ada")}) || !store.put_account({.id = AccountId("bob")})) return 1;
  const Engine engine(profile, store, ids);

  // The role in the program text. grant<Seat::owner> would not compile: it is read only.
  const AddMembers as_editor(OrganizationId("acme"), AccountId("ada"), grant<Seat::editor>);
  const auto ada = engine.add(as_editor, Time{0});
  if (!ada || ada.value().at(0, 0) != Outcome::added) return 1;
  if (role_as<Seat>(ada.value().role(0, 0)) != Seat::editor) return 1;  // and back to the enum

  // No role: the default of the enum.
  const AddMembers with_default(OrganizationId("acme"), AccountId("bob"));
  const auto bob = engine.add(with_default, Time{0});
  if (!bob || role_as<Seat>(bob.value().role(0, 0)) != Seat::guest) return 1;

  // A role that comes from a request is known only at run time: text that is no role is an outcome, not an error.
  const auto from_request = RoleId::parse("Editor");
  if (!from_request) return 1;
  const AddMembers misspelt(OrganizationId("acme"), AccountId("bob"), from_request.value());
  const auto refused = engine.add(misspelt, Time{0});
  if (!refused || refused.value().at(0, 0) != Outcome::role_not_found) return 1;
  return grant_of(Seat::owner) ? 1 : 0;
}
