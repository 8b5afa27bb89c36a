// The records of organizations, accounts, roles and groups.
#ifndef ROSTER_MEMORY_RECORDS_HPP
#define ROSTER_MEMORY_RECORDS_HPP

#include <cstdint>

#include "list_pool.hpp"
#include "members.hpp"
#include "packed_id.hpp"
#include "roster/role.hpp"
#include "string_arena.hpp"

namespace roster::inline ROSTER_ABI {
namespace memory {

/// One cache line: a single add touches this and its list.
struct alignas(64) Account {
  PackedId id;
  bool disabled = false, invited = false, verified = false;
  std::uint32_t version = 1;
  TextRef email = no_text, username = no_text;
  HandleList organizations_joined;  ///< the organizations of the account
};
static_assert(sizeof(Account) == 64);

/// A role of an organization's own catalog. What it grants may differ between organizations.
struct OwnRole {
  std::uint16_t role;
  std::uint16_t rank;
  bool assignable, manages, owns, takes_seat;

  /// Writes all but the id.
  void write_to(Role& to) const noexcept {
    to.rank = rank;
    to.assignable = assignable;
    to.manages = manages;
    to.owns = owns;
    to.takes_seat = takes_seat;
    to.exists = true;
  }
};

/// Two cache lines: the organization, and its members.
struct alignas(64) Organization {
  PackedId id;
  static constexpr std::uint8_t closed_flag = 2;  ///< the highest one
  std::uint8_t flags = 1;                         ///< 1: it is joinable; 2: it is closed
  std::uint16_t role_count = 0;
  std::uint32_t version = 1;
  Handle parent = no_handle;
  TextRef slug = no_text;
  OwnRole* roles = nullptr;  ///< sorted by role; the capacity is the next power of two
  Members members;

  ~Organization() { release(roles); }

  bool joinable() const noexcept { return (flags & 1) != 0; }
  bool closed() const noexcept { return flags >= closed_flag; }
  void set_joinable(bool joinable) noexcept { flags = static_cast<std::uint8_t>((flags & closed_flag) + joinable); }
  void set_closed(bool closed) noexcept { flags = static_cast<std::uint8_t>((flags & 1) + closed * closed_flag); }

  const OwnRole* own_role(std::uint16_t role) const noexcept {
    std::uint32_t low = 0, count = role_count;
    while (count > 0) {
      const std::uint32_t half = count / 2;
      if (roles[low + half].role < role) {
        low += half + 1;
        count -= half + 1;
      } else {
        count = half;
      }
    }
    return low < role_count && roles[low].role == role ? roles + low : nullptr;
  }
};
static_assert(sizeof(Organization) == 128);

/// A role id that some membership or catalog uses. They store its position in place of the id.
struct KnownRole {
  RoleId id;
  bool has_owned = false;
  // The indexes of this role in the answer to the current fetch. Each is valid only if its stamp is of that fetch.
  std::uint64_t row_stamp = 0, foreign_stamp = 0, own_stamp = 0;
  RoleIndex row_index = no_role;      ///< for the current row
  RoleIndex foreign_index = no_role;  ///< for organizations whose catalog does not have the role
  RoleIndex own_index = no_role;      ///< for the last organization whose catalog has it
};

struct Group {
  TextRef name = no_text;
  Handle* accounts = nullptr;
  std::uint32_t size = 0;
  ~Group() { release(accounts); }
};

}  // namespace memory
}  // namespace roster::inline ROSTER_ABI

#endif
