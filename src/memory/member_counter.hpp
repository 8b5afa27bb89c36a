// MemberCounter: the member counts of an organization by state and role, and its limit of seats. The first query reads
// every member once, and later writes maintain the numbers. A host without such queries pays for one check of an empty
// list.
#ifndef ROSTER_MEMORY_MEMBER_COUNTER_HPP
#define ROSTER_MEMORY_MEMBER_COUNTER_HPP

#include <cstdint>

#include "members.hpp"
#include "roster/small_vector.hpp"

namespace roster::inline ROSTER_ABI {
namespace memory {

/// The change of an organization's numbers by a change set.
struct Difference {
  std::int64_t active = 0, invited = 0, owners = 0;
  Difference& operator+=(const Difference& other) noexcept {
    active += other.active;
    invited += other.invited;
    owners += other.owners;
    return *this;
  }
};

class MemberCounter {
 public:
  struct OfRole {
    std::uint16_t role;
    std::uint32_t lasting;  ///< active without expiry
  };

  std::uint32_t seats_max = no_limit;
  std::uint32_t removed = 0;  ///< tombstones; always up to date
  bool counted = false;       ///< the fields below are up to date
  std::uint32_t active = 0, invited = 0;
  Difference pending;            ///< the sum of its rows in the change set; used only by Commit::bounds()
  SmallVector<OfRole, 3> roles;  ///< unordered; an organization uses few roles

  /// Counts all members. Returns false if an allocation failed.
  [[nodiscard]] bool count(const Members& members) noexcept {
    for (std::uint32_t i = 0; i < members.positions(); ++i) {
      const MemberRecord& record = members[i];
      if (record.account == no_handle) continue;
      if (!reserve(1)) return false;
      enter(record.state(), record.role(), record.sets_expiry());
    }
    return counted = true;
  }
  /// Allocates memory for new roles, so that enter() cannot fail.
  [[nodiscard]] bool reserve(std::size_t more) noexcept { return roles.reserve(roles.size() + more); }

  void enter(MembershipState state, std::uint16_t role, bool sets_expiry) noexcept {
    if (state == MembershipState::invited) ++invited;
    if (state != MembershipState::active) return;
    ++active;
    if (sets_expiry) return;
    for (OfRole& of : roles)
      if (of.role == role) {
        ++of.lasting;
        return;
      }
    roles.unchecked_push_back({role, 1});
  }
  void leave(MembershipState state, std::uint16_t role, bool sets_expiry) noexcept {
    if (state == MembershipState::invited) --invited;
    if (state != MembershipState::active) return;
    --active;
    if (sets_expiry) return;
    for (OfRole& of : roles)
      if (of.role == role) --of.lasting;
  }
};

}  // namespace memory
}  // namespace roster::inline ROSTER_ABI

#endif
