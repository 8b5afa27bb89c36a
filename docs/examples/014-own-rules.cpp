// Defines the roles of the host, and authorizes actors by their role.
#include <cstdio>
#include <string>

#include "roster/roster.hpp"

using namespace roster;

namespace {

// rules begin
enum class WikiRole { reader, editor, owner };

consteval auto roster_roles(WikiRole) {
  using Entry = RoleEntry<WikiRole>;
  return std::array{
      Entry{WikiRole::reader, {.id = RoleId("reader"), .rank = 1}, Grant::default_},
      Entry{WikiRole::editor, {.id = RoleId("editor"), .rank = 2, .manages = true}},
      Entry{WikiRole::owner, {.id = RoleId("owner"), .rank = 3, .manages = true, .owns = true}},
  };
}

constexpr Profile rules = {.name = "wiki",
                           .on_other_role = OnConflict::keep,  // an add never changes the role of a member
                           .roles = catalog<WikiRole>,
                           .default_role = default_role<WikiRole>,
                           .actor = ActorRule::manager};
// rules end

bool gives(const Result<Report>& report, Outcome expected) {
  if (!report) return false;
  const Outcome outcome = report.value().at(0, 0);
  std::puts(std::string(name(outcome)).c_str());
  return outcome == expected;
}

}  // namespace

int main() {
  UuidSource ids({1, 2});
  MemoryStore store;
  const OrganizationId acme("acme");
  const AccountId ann("ann"), ben("ben"), cyd("cyd");

  // The host puts the first owner, because no member exists that could add it.
  if (!store.put_organization({.id = acme}) || !store.put_account({.id = ann}) || !store.put_account({.id = ben}) ||
      !store.put_account({.id = cyd}) ||
      !store.put_membership(
          {.id = MembershipId::of("founder"), .organization = acme, .account = ann, .role = grant<WikiRole::owner>}))
    return 1;
  const Engine engine(rules, store, ids);

  const bool owner_adds = gives(engine.add({acme, ben, grant<WikiRole::editor>, Actor{ann}}, Time{1}), Outcome::added);
  const bool editor_adds = gives(engine.add({acme, cyd, {}, Actor{ben}}, Time{2}), Outcome::added);
  // An editor manages, but removes no member of a higher role. A reader does not manage.
  const bool above = gives(engine.run(RemoveMembers(acme, ann, Actor{ben}), Time{3}), Outcome::outranked);
  const bool reader = gives(engine.run(RemoveMembers(acme, ben, Actor{cyd}), Time{4}), Outcome::forbidden);

  const auto member = store.membership(acme, cyd).value();
  const bool is_reader = member && role_as<WikiRole>(member->role) == WikiRole::reader;
  return owner_adds && editor_adds && above && reader && is_reader ? 0 : 1;
}
