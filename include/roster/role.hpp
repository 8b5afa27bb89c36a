// Roles: the rights of a membership, and their mapping to a host's own enum.
#ifndef ROSTER_ROLE_HPP
#define ROSTER_ROLE_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "roster/id.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// Role is one entry of a catalog. A catalog belongs to a profile (the same roles everywhere) or to an organization
/// (kept by the store).
struct Role {
  RoleId id;               ///< unique in its catalog
  std::uint16_t rank = 0;  ///< a higher number ranks higher; OnConflict::raise compares ranks
  bool assignable = true;  ///< false: read only, an add cannot grant it
  bool manages = false;    ///< its members may add and remove members (ActorRule::manager)
  bool owns = false;       ///< its members are owners: an organization never loses its last owner
  bool takes_seat = true;  ///< false: its members and invitations occupy none of the organization's seats
  bool exists = true;      ///< only Facts set it to false: a membership has this role, and no catalog has it
  bool has_owned = false;  ///< only Facts set it, with Query::counts: the role has owned, see Facts::roles
  friend constexpr bool operator==(const Role&, const Role&) = default;  ///< compares all fields
};

/// FormerRole declares an earlier id of a role, for a catalog in which the role was renamed. Memberships that are
/// stored with the former id, and commands that name it, mean the role: Profile::former_roles.
struct FormerRole {
  RoleId former;  ///< an id that the catalog has no longer
  RoleId role;    ///< the role of the catalog that it means
};

/// RoleIndex is a position in a list of roles. Data for each cell holds it instead of an id.
using RoleIndex = std::uint16_t;
/// The position of no role.
inline constexpr RoleIndex no_role = 0xFFFF;
inline constexpr std::size_t roles_max = 0x7FFF;  ///< roles in one list

/// Grant states whether an add may give the role of an enumerator.
enum class Grant : std::uint8_t {
  yes,        ///< an add may give it
  default_,   ///< an add may give it, and gives it if the command names no role
  read_only,  ///< it can be read, never given
};
/// RoleEntry is one role of a host's own enum.
template <class Enum>
struct RoleEntry {
  Enum value;                ///< the enumerator
  Role role;                 ///< the role that it means
  Grant grant = Grant::yes;  ///< whether an add may give it
};

/// A function beside a host's own enum class makes it a catalog. It is in the namespace of the enum and lists its
/// roles. The enum may have any name, even `Role`, because the host writes nothing into roster's namespace.
///
///     namespace host {
///     enum class Role { guest, admin, owner };
///     consteval auto roster_roles(Role) {
///       using Entry = roster::RoleEntry<Role>;
///       return std::array{
///           Entry{Role::guest, {.id = roster::RoleId("guest"), .rank = 1}, roster::Grant::default_},
///           Entry{Role::admin, {.id = roster::RoleId("admin"), .rank = 2, .manages = true}},
///           Entry{Role::owner, {.id = roster::RoleId("owner"), .rank = 3, .manages = true}, roster::Grant::read_only},
///       };
///     }
///     }
///
/// Then catalog<host::Role> is the `roles` of a Profile, and default_role<host::Role> is its `default_role`. The role
/// of a command is grant<host::Role::admin>, and role_as<host::Role>(id) converts the role of a report. In this example
/// grant<host::Role::owner> does not compile.
namespace detail {
/// refused() is not constexpr on purpose: a call at compile time is the error, and its argument is the reason.
void refused(const char* why);

/// The entries of an enum, found by its argument in the namespace of the enum.
template <class Enum>
inline constexpr auto entries = roster_roles(Enum{});

template <class Enum>
consteval auto catalog_of() {
  constexpr auto& from = entries<Enum>;
  std::array<Role, from.size()> to{};
  std::size_t defaults = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    to[i] = from[i].role;
    to[i].assignable = from[i].grant != Grant::read_only;
    if (from[i].grant == Grant::default_) ++defaults;
    for (std::size_t j = 0; j < i; ++j) {
      if (from[j].value == from[i].value) refused("an enumerator has two roles");
      if (from[j].role.id == from[i].role.id) refused("two enumerators have one role");
    }
  }
  if (defaults > 1) refused("a catalog has at most one default role");
  return to;
}
template <class Enum>
consteval RoleId default_of() {
  for (const auto& entry : entries<Enum>)
    if (entry.grant == Grant::default_) return entry.role.id;
  return {};
}
template <class Enum>
consteval RoleId granted(Enum value) {
  for (const auto& entry : entries<Enum>)
    if (entry.value == value) {
      if (entry.grant == Grant::read_only) refused("this role can be read, not granted");
      return entry.role.id;
    }
  refused("roster_roles() has no entry for this enumerator");
  return {};
}
}  // namespace detail

/// catalog holds the roles of an enum, in static storage, for Profile::roles.
template <class Enum>
inline constexpr auto catalog = detail::catalog_of<Enum>();
/// default_role is the role for a command that names none; empty if the enum has no default.
template <class Enum>
inline constexpr RoleId default_role = detail::default_of<Enum>();
/// grant is the id of a role for a command. A read-only role, or an enumerator without an entry, does not compile.
template <auto value>
inline constexpr RoleId grant = detail::granted(value);

/// grant_of() does the same for a value known only at run time. It returns nothing if the role cannot be granted.
template <class Enum>
constexpr std::optional<RoleId> grant_of(Enum value) noexcept {
  for (const auto& entry : detail::entries<Enum>)
    if (entry.value == value && entry.grant != Grant::read_only) return entry.role.id;
  return std::nullopt;
}
/// role_as() returns the enumerator of a role from a report or a store, or nothing for a role without an enumerator.
template <class Enum>
constexpr std::optional<Enum> role_as(const RoleId& id) noexcept {
  for (const auto& entry : detail::entries<Enum>)
    if (entry.role.id == id) return entry.value;
  return std::nullopt;
}

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
