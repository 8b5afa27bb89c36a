// What must hold of an organization as a whole after a commit: not more members than seats, and never without its last
// owner. Counted along while cells are carried out; guarded as bounds, so that commits far from them never collide.
#ifndef ROSTER_CORE_RULES_CAPACITY_HPP
#define ROSTER_CORE_RULES_CAPACITY_HPP

#include "core/workspace.hpp"
#include "transitions.hpp"

namespace roster::inline ROSTER_ABI {

enum Bound : std::uint8_t { seats_bound = 1, owners_bound = 2 };

/// What one membership takes of its organization.
struct Occupancy {
  bool occupies_seat = false, owns = false;
};

inline bool occupies_seat(const Profile& profile, MembershipState state) noexcept {
  return state == MembershipState::active ||
         (state == MembershipState::invited && profile.seats == SeatRule::active_and_invited);
}

/// Time alone takes no owner away, so a membership that will end does not count as an owner.
inline Occupancy occupancy_of(const Profile& profile, MembershipState state, bool owns, Time valid_until) noexcept {
  return {occupies_seat(profile, state), owns && state == MembershipState::active && valid_until == Time{}};
}
/// What is over keeps its seat in the store until it is cleared away: who comes back in its place needs no other.
inline Occupancy occupancy_of(const Profile& profile, const MembershipFact& fact, bool owns) noexcept {
  return {occupies_seat(profile, fact.stored_state()), occupancy_of(profile, fact.state, owns, fact.valid_until).owns};
}

/// Less than none, where the limit was lowered below what is taken.
inline std::int64_t seats_left(const Profile& profile, const MemberCounts& counts) noexcept {
  if (profile.seats == SeatRule::unlimited || counts.seats_max == no_limit) return no_limit;
  const std::int64_t taken =
      std::int64_t{counts.active} + (profile.seats == SeatRule::active_and_invited ? counts.invited : 0);
  return counts.seats_max - taken;
}

/// Whether a query has to bring an organization's counts.
inline bool needs_counts(const Profile& profile, CommandKind kind) noexcept {
  return profile.seats != SeatRule::unlimited || !is_add(kind) || profile.on_other_role == OnConflict::replace ||
         profile.on_other_role == OnConflict::raise;
}

inline bool has_seat(const Workspace::Row& row, Occupancy before, Occupancy after) noexcept {
  return row.seats == no_limit || before.occupies_seat || !after.occupies_seat || row.seats > 0;
}
inline bool keeps_an_owner(const Workspace::Row& row, Occupancy before, Occupancy after) noexcept {
  return !before.owns || after.owns || row.owners > 1;
}

/// Counts the change in, and notes which bound the commit must keep.
inline void count(Workspace::Row& row, Occupancy before, Occupancy after) noexcept {
  if (row.seats != no_limit && before.occupies_seat != after.occupies_seat) {
    row.seats += before.occupies_seat ? 1 : -1;
    if (after.occupies_seat) row.bounds |= seats_bound;
  }
  if (before.owns == after.owns) return;
  row.owners += after.owns ? 1u : ~0u;  // modulo 2^32: less one
  if (before.owns) row.bounds |= owners_bound;
}

}  // namespace roster::inline ROSTER_ABI

#endif
