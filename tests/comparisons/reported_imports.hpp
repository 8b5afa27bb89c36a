// A public report about the import of a file, replayed with the importer of the quickstart on any store. Its files are
// compiled into the test that includes this.
#ifndef ROSTER_TESTS_COMPARISONS_REPORTED_IMPORTS_HPP
#define ROSTER_TESTS_COMPARISONS_REPORTED_IMPORTS_HPP

#if __has_include(<fmt/core.h>)

#include "../../docs/examples/quickstart/csv.cpp"
#include "../../docs/examples/quickstart/importer.cpp"
#include "../../docs/examples/quickstart/roster_file.cpp"

namespace reported {

/// keycloak#23900, #50988: the team `b/c` of `a` and the team `c` of `a/b` are two teams, and nobody is a member of
/// both.
template <class AnyStore>
std::string teams_of_two_organizations(AnyStore& store) {
  using namespace roster;
  using quickstart::HostRole;
  const auto file = quickstart::read_roster("organization,team,username,role\na,b/c,ada,admin\na/b,c,bob,member\n");
  const quickstart::Plan plan = quickstart::plan_import(file.rows);
  if (plan.places.size() != 4) return "there are not two organizations with a team each";
  UuidSource ids({1, 2});
  const Engine engine(quickstart::import_profile, store, ids);
  for (const OrganizationRecord& place : plan.places)
    if (!store.put_organization(place)) return "an organization is not put";
  for (const Username& person : plan.people)
    if (!store.put_account({.id = AccountId::parse(person.view()).value(), .username = person}))
      return "an account is not put";
  const auto imported = quickstart::run_import(engine, plan, Time{1}, [](std::size_t) {});
  if (!imported || imported.value().total[Outcome::added] != 2) return "the import failed";
  const std::pair<OrganizationId, RoleId> of_ada[] = {{plan.places[0].id, grant_of(HostRole::member).value()},
                                                      {plan.places[2].id, grant_of(HostRole::admin).value()}};
  for (const auto& [place, role] : of_ada) {
    const auto ada = store.membership(place, AccountId("ada")), other = store.membership(place, AccountId("bob"));
    if (!ada || !ada.value() || ada.value()->role != role) return "ada has another role";
    if (!other || other.value()) return "bob is a member of an organization of ada";
  }
  const auto organizations = store.organization_count(AccountId("bob"));
  return organizations && organizations.value() == 2 ? "" : "bob is not a member of his own";
}

}  // namespace reported

#endif

#endif
