// MemberCounter: the member counts of an organization by state and role, and its limit of seats. The first query reads
// every member once, and later writes maintain the numbers. A host without such queries pays for one check of an empty
// list. An organization with an invitation that has an end is read once for each query and bound, because time changes
// the number of invitations.
//
// Only members with an enabled account count as lasting. So a change of AccountRecord::disabled updates the counters of
// all organizations of that account: one look-up for each that is counted (write() in put_records.cpp).
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
    std::uint32_t active = 0, invited = 0;
    std::uint32_t lasting = 0;  ///< active without expiry, with an enabled account
  };

  std::uint32_t seats_max = no_limit;
  std::uint32_t removed = 0;              ///< tombstones; always up to date
  bool counted = false;                   ///< the fields below are up to date
  std::uint32_t active = 0, invited = 0;  ///< of all roles; invitations that are over included
  std::uint32_t ending = 0;               ///< invitations with an end
  Difference pending;                     ///< the sum of its rows in the change set; used only by Commit::bounds()
  SmallVector<OfRole, 3> roles;           ///< unordered; an organization uses few roles

  /// Allocates memory for new roles, so that enter() cannot fail.
  [[nodiscard]] bool reserve(std::size_t more) noexcept { return roles.reserve(roles.size() + more); }

  /// `invitation_until`: the end of an invitation. `disabled`: whether the account is.
  void enter(MembershipState state, std::uint16_t role, bool sets_expiry, Time invitation_until,
             bool disabled) noexcept {
    add(state, role, sets_expiry || disabled, invitation_until, 1);
  }
  void leave(MembershipState state, std::uint16_t role, bool sets_expiry, Time invitation_until,
             bool disabled) noexcept {
    add(state, role, sets_expiry || disabled, invitation_until, ~std::uint32_t{0});  // adds -1 modulo 2^32
  }
  /// The account of an active member without expiry is enabled (1), or disabled (-1). enter() has made its entry.
  void enable(std::uint16_t role, int by) noexcept {
    for (OfRole& of : roles)
      if (of.role == role) of.lasting += static_cast<std::uint32_t>(by);
  }

 private:
  void add(MembershipState state, std::uint16_t role, bool limited, Time invitation_until, std::uint32_t by) noexcept;
};

}  // namespace memory
}  // namespace roster::inline ROSTER_ABI

#endif
