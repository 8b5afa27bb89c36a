// A small company, for laws with chosen cases instead of drawn ones.
#ifndef ROSTER_TESTS_SUPPORT_COMPANY_HPP
#define ROSTER_TESTS_SUPPORT_COMPANY_HPP

#include "support/fixture.hpp"

namespace roster_test {

inline constexpr roster::OrganizationId acme{"o0"}, works{"o1"}, lab{"o2"};
inline constexpr roster::AccountId ann{"a0"}, bob{"a1"}, boss{"a2"};
inline constexpr roster::RoleId viewer{"viewer"}, member{"member"}, admin{"admin"};

/// Acme, with the works and the lab inside. Ann and Bob have no membership; the boss manages every organization.
inline World company() {
  World world;
  for (const char* name : {"o0", "o1", "o2"}) {
    auto& organization = world.places[name];
    if (name != std::string("o0")) organization.parent = "o0";
    organization.roles = {
        {"viewer", {viewer, 1, true, false}}, {"member", {member, 2, true, false}}, {"admin", {admin, 3, true, true}}};
    world.members[{name, "a2"}] = {"admin", roster::MembershipState::active, {}, now};
  }
  for (const char* name : {"a0", "a1", "a2"}) world.people[name].email = std::string(name) + "@x.de";
  return world;
}

/// Atomic; keeps a member with the same role, and refuses another role. The default is `member`.
inline OwnProfile keeping() {
  OwnProfile rules;
  rules.catalog = {{viewer, 1, true, false}, {member, 2, true, false}, {admin, 3, true, true}};
  rules.fields.default_role = member;
  rules.fields.parent_role = viewer;
  rules.fields.mode = roster::Mode::atomic;
  rules.fields.accounts_max = rules.fields.organizations_max = 100;
  return rules;
}
inline OwnProfile with(void (*change)(roster::Profile&)) {
  OwnProfile rules = keeping();
  change(rules.fields);
  return rules;
}

}  // namespace roster_test

#endif
