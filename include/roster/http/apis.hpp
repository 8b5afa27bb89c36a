// The five public "add member" APIs byte for byte, and one of roster's own.
// docs/reference/http.md lists the responses of each.
#ifndef ROSTER_HTTP_APIS_HPP
#define ROSTER_HTTP_APIS_HPP

#include <array>

#include "roster/http/api.hpp"
#include "roster/profiles.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {
namespace http {

extern const Api recoup;  ///< POST /api/organizations/members
extern const Api turso;   ///< POST /v1/organizations/{organizationSlug}/members
extern const Api piper;   ///< POST /v1/organizations/{org_id}/members
extern const Api mem0;    ///< POST /api/v1/orgs/organizations/{org_id}/projects/{project_id}/members/
extern const Api devin;   ///< POST /v2/enterprise/organizations/{org_id}/members

/// POST /organizations/{organization}/members: many members, one result for each. It is for hosts without an API of
/// their own, and docs/openapi.json describes it. Copy it and set `profile` for other rules.
extern const Api bulk;

}  // namespace http

namespace profiles {

/// BulkRole holds the roles of the bulk API.
enum class BulkRole {
  viewer,  ///< rank 1
  member,  ///< rank 2, the default
  admin,   ///< rank 3: manages members
  owner    ///< rank 4: manages members, and is an owner
};

/// The catalog of the bulk API.
consteval auto roster_roles(BulkRole) {
  using Entry = RoleEntry<BulkRole>;
  return std::array{
      Entry{BulkRole::viewer, {.id = RoleId("viewer"), .rank = 1}},
      Entry{BulkRole::member, {.id = RoleId("member"), .rank = 2}, Grant::default_},
      Entry{BulkRole::admin, {.id = RoleId("admin"), .rank = 3, .manages = true}},
      Entry{BulkRole::owner, {.id = RoleId("owner"), .rank = 4, .manages = true, .owns = true}},
  };
}

/// By id, e-mail or username; an unknown address gets an account; managers add; a named role replaces.
inline constexpr Profile bulk = {
    .name = "bulk",
    .on_unknown_account = OnUnknown::create,
    .on_same_role = OnConflict::keep,
    .on_other_role = OnConflict::replace,
    .roles = catalog<BulkRole>,
    .default_role = default_role<BulkRole>,
    .actor = ActorRule::manager,
    .hides_organizations = true,
    .mode = Mode::best_effort,
    .accounts_max = 1'000,
};

}  // namespace profiles
}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
