// Profiles: the five public "add member" APIs as data. docs/reference/profiles.md gives the source of each value.
//
//     const Engine engine(profiles::devin, store, ids);
#ifndef ROSTER_PROFILES_HPP
#define ROSTER_PROFILES_HPP

#include <array>

#include "roster/profile.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

namespace profiles {

/// StatusChange is one difference of a status table from default_status.
struct StatusChange {
  Outcome outcome;       ///< the outcome to change
  std::uint16_t status;  ///< its HTTP status
};
/// status_with() returns default_status with some changes.
template <std::size_t N>
consteval StatusTable status_with(const StatusChange (&changes)[N]) {
  StatusTable table = default_status;
  for (const auto& [outcome, status] : changes) table[outcome] = status;
  return table;
}

/// RecoupRole holds the one role of the profile `recoup`.
enum class RecoupRole {
  member  ///< rank 0, the default
};
/// TursoRole holds the roles of the profile `turso`.
enum class TursoRole {
  viewer,  ///< rank 1
  member,  ///< rank 2, the default
  admin,   ///< rank 3: manages members
  owner    ///< rank 4: manages members, and is an owner; read only
};
/// Mem0Role holds the roles of the profile `mem0`.
enum class Mem0Role {
  reader,  ///< rank 1
  owner    ///< rank 2: manages members, and is an owner
};
/// DevinRole holds the roles of the profile `devin`.
enum class DevinRole {
  org_member,  ///< rank 1, the default
  org_admin    ///< rank 2: manages members
};

/// The API has no roles, so all have rank 0. Any member may grant it, under any role name of the host.
consteval auto roster_roles(RecoupRole) {
  using Entry = RoleEntry<RecoupRole>;
  return std::array{
      Entry{RecoupRole::member, {.id = RoleId("member")}, Grant::default_},
  };
}

/// `owner` is read only, because the API's role parameter does not list it.
consteval auto roster_roles(TursoRole) {
  using Entry = RoleEntry<TursoRole>;
  return std::array{
      Entry{TursoRole::viewer, {.id = RoleId("viewer"), .rank = 1}},
      Entry{TursoRole::member, {.id = RoleId("member"), .rank = 2}, Grant::default_},
      Entry{TursoRole::admin, {.id = RoleId("admin"), .rank = 3, .manages = true}},
      Entry{TursoRole::owner, {.id = RoleId("owner"), .rank = 4, .manages = true, .owns = true}, Grant::read_only},
  };
}

/// The API requires a role, so there is no default; its values are upper case, to the letter.
consteval auto roster_roles(Mem0Role) {
  using Entry = RoleEntry<Mem0Role>;
  return std::array{
      Entry{Mem0Role::reader, {.id = RoleId("READER"), .rank = 1}},
      Entry{Mem0Role::owner, {.id = RoleId("OWNER"), .rank = 2, .manages = true, .owns = true}},
  };
}

/// `org_member` is the default, because the API's role is optional.
consteval auto roster_roles(DevinRole) {
  using Entry = RoleEntry<DevinRole>;
  return std::array{
      Entry{DevinRole::org_member, {.id = RoleId("org_member"), .rank = 1}, Grant::default_},
      Entry{DevinRole::org_admin, {.id = RoleId("org_admin"), .rank = 2, .manages = true}},
  };
}

/// POST /api/organizations/members. Idempotent; by account id or e-mail; an unknown address gets an account; any member
/// may add. A missing organization is indistinguishable from one without a membership of the caller.
inline constexpr Profile recoup = {
    .name = "recoup",
    .by_username = false,
    .on_unknown_account = OnUnknown::create,
    .on_same_role = OnConflict::keep,
    .on_other_role = OnConflict::keep,
    .roles = catalog<RecoupRole>,
    .default_role = default_role<RecoupRole>,
    .actor = ActorRule::member,
    .organization_is_account = true,
    .hides_organizations = true,
    .status = status_with({{Outcome::account_not_found, 400}}),
};

/// POST /v1/organizations/{slug}/members. By username; 409 for a member of any role; owners and admins may add;
/// personal organizations take no members.
inline constexpr Profile turso = {
    .name = "turso",
    .by_id = false,
    .by_email = false,
    .on_same_role = OnConflict::reject,
    .on_other_role = OnConflict::reject,
    .roles = catalog<TursoRole>,
    .default_role = default_role<TursoRole>,
    .actor = ActorRule::manager,
    .hides_organizations = true,
    .status = status_with({{Outcome::organization_not_joinable, 400},
                           {Outcome::role_not_found, 400},
                           {Outcome::role_not_assignable, 400}}),
};

/// POST /v1/organizations/{org_id}/members. By e-mail and role id; roles belong to organizations, so the store keeps
/// them; an unknown address is invited.
inline constexpr Profile piper = {
    .name = "piper",
    .by_id = false,
    .by_username = false,
    .on_unknown_account = OnUnknown::invite,
    .on_same_role = OnConflict::reject,
    .on_other_role = OnConflict::reject,
    .actor = ActorRule::host_decides,  // its document names no rule
};

/// POST /api/v1/orgs/organizations/{org_id}/projects/{project_id}/members/. By e-mail, into a project; managers add; a
/// repeat with the same role succeeds. Another role is a conflict, because another endpoint changes roles.
inline constexpr Profile mem0 = {
    .name = "mem0",
    .by_id = false,
    .by_username = false,
    .on_same_role = OnConflict::keep,
    .on_other_role = OnConflict::reject,
    .roles = catalog<Mem0Role>,
    .parent = ParentRule::ignore,
    .actor = ActorRule::manager,
    .status = status_with({{Outcome::role_not_found, 400}}),
};

/// POST /v2/enterprise/organizations/{org_id}/members. Many accounts into many organizations, all or nothing; an
/// explicit role replaces; the actor must manage the enterprise, which is the parent of each organization.
inline constexpr Profile devin = {
    .name = "devin",
    .by_email = false,
    .by_username = false,
    .on_same_role = OnConflict::keep,
    .on_other_role = OnConflict::replace,
    .roles = catalog<DevinRole>,
    .default_role = default_role<DevinRole>,
    .actor = ActorRule::parent_manager,
    .mode = Mode::atomic,
    .accounts_max = 10'000,
    .organizations_max = 1'000,
};

}  // namespace profiles

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
