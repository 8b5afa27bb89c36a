// Roles: what a membership grants here, and how a host's own enum stands for them.
#ifndef ROSTER_ROLE_HPP
#define ROSTER_ROLE_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "roster/id.hpp"

ROSTER_PUBLIC_BEGIN

/// One role of a catalog. A catalog is a profile's (the same roles everywhere) or an organization's (kept by the
/// store).
struct Role {
  RoleId id;
  std::uint16_t rank = 0;  ///< a higher rank is more; OnMember::raise compares ranks
  bool assignable = true;  ///< false: it can be read but never granted by an add
  bool manages = false;    ///< its holder may add and remove members (ActorRule::manager)
  bool owns = false;       ///< its holder is an owner: an organization that has one never loses the last of them
  friend constexpr bool operator==(const Role&, const Role&) = default;
};

/// A position in a dictionary of roles. What exists once per cell carries this instead of an id.
using RoleIndex = std::uint16_t;
inline constexpr RoleIndex no_role = 0xFFFF;
inline constexpr std::size_t roles_max = 0x7FFF;  ///< roles in one dictionary

/// How an enumerator stands for a role.
enum class Grant : std::uint8_t {
  yes,        ///< an add may give it
  default_,   ///< an add may give it, and gives it when the command names no role
  read_only,  ///< it can be read back, never given
};
template <class Enum>
struct RoleEntry {
  Enum value;
  Role role;
  Grant grant = Grant::yes;
};

/// A host's own enum class is a catalog by a function beside it, in the same namespace, that lists its roles. The name
/// of the enum may be any, `Role` too: nothing of the host's is written into roster's namespace.
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
/// Then catalog<host::Role> is a Profile's `roles`, default_role<host::Role> its `default_role`,
/// grant<host::Role::admin> what a command asks for, and role_as<host::Role>(id) turns a report's role back.
/// grant<host::Role::owner> does not compile.
namespace detail {
/// Not constexpr on purpose: reaching it while compiling is the error, and its argument says which.
void refused(const char* why);

/// The entries of an enum, found beside it.
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
      if (from[j].value == from[i].value) refused("an enumerator stands for two roles");
      if (from[j].role.id == from[i].role.id) refused("two enumerators stand for one role");
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

/// The roles of an enum as a catalog: static storage, for Profile::roles.
template <class Enum>
inline constexpr auto catalog = detail::catalog_of<Enum>();
/// The role given when a command names none; empty when the enum has no default.
template <class Enum>
inline constexpr RoleId default_role = detail::default_of<Enum>();
/// The role a command asks for. A role that is read-only, or an enumerator without an entry, does not compile.
template <auto value>
inline constexpr RoleId grant = detail::granted(value);

/// The same for a value known only at run time; nothing if it may not be granted.
template <class Enum>
constexpr std::optional<RoleId> grant_of(Enum value) noexcept {
  for (const auto& entry : detail::entries<Enum>)
    if (entry.value == value && entry.grant != Grant::read_only) return entry.role.id;
  return std::nullopt;
}
/// The enumerator of a role read back from a report or a store; nothing for a role this enum does not know.
template <class Enum>
constexpr std::optional<Enum> role_as(const RoleId& id) noexcept {
  for (const auto& entry : detail::entries<Enum>)
    if (entry.role.id == id) return entry.value;
  return std::nullopt;
}

ROSTER_END

#endif
