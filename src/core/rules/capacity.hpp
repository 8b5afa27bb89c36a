// Bounds on an organization as a whole: no more members than seats, and always an owner. The counts of a row follow the
// applied cells. The commit guards them as bounds, so that commits far from a limit never conflict.
#ifndef ROSTER_CORE_RULES_CAPACITY_HPP
#define ROSTER_CORE_RULES_CAPACITY_HPP

#include "core/workspace.hpp"
#include "transitions.hpp"

namespace roster::inline ROSTER_ABI {

enum Bound : std::uint8_t { seats_bound = 1, owners_bound = 2 };

/// How one membership counts in its organization. `may_own`: its role may be that of an owner under another catalog.
struct Occupancy {
  bool occupies_seat = false, owns = false, may_own = false;
  bool ends = false;  ///< the seat is that of an invitation with an end
  bool is_guarded() const noexcept { return owns || may_own; }
};

inline bool occupies_seat(const Profile& profile, MembershipState state, bool takes_seat) noexcept {
  return takes_seat && (state == MembershipState::active ||
                        (state == MembershipState::invited && profile.seats == SeatRule::active_and_invited));
}

/// How a role counts.
struct RoleCount {
  bool owns, takes_seat, may_own;
};
inline RoleCount count_of(const Workspace::RoleUse& role) noexcept {
  return {role.owns, role.takes_seat, role.may_own};
}
inline RoleCount count_of(const Workspace::RequestedRole& role) noexcept {
  return {role.owns, role.takes_seat, false};
}
/// The same of a member that counts as no owner: its account is disabled, or its organization is closed.
inline RoleCount without_ownership(RoleCount role) noexcept {
  return {false, role.takes_seat, false};
}

/// An owner with an expiry does not count as an owner: otherwise an organization would lose its last owner by time
/// alone. Nor does an owner with a disabled account, which cannot act.
inline Occupancy occupancy_of(const Profile& profile, MembershipState state, RoleCount role,
                              Time valid_until) noexcept {
  const bool lasts = state == MembershipState::active && valid_until == Time{};
  return {occupies_seat(profile, state, role.takes_seat), lasts && role.owns, lasts && role.may_own};
}
/// An expired membership keeps its seat in the store until it is removed. An account that rejoins in its place needs no
/// further seat. An expired invitation keeps none, so its state is that of a removed membership.
inline Occupancy occupancy_of(const Profile& profile, const MembershipFact& fact, RoleCount role) noexcept {
  const MembershipState seated = fact.stored_state() == MembershipState::invited ? fact.state : fact.stored_state();
  Occupancy occupancy = occupancy_of(profile, fact.state, role, fact.valid_until);
  occupancy.occupies_seat = occupies_seat(profile, seated, role.takes_seat);
  occupancy.ends = occupancy.occupies_seat && seated == MembershipState::invited && fact.invitation_until != Time{};
  return occupancy;
}

/// Negative if the limit was lowered below the number of seats taken.
inline std::int64_t seats_left(const Profile& profile, const MemberCounts& counts) noexcept {
  if (profile.seats == SeatRule::unlimited || counts.seats_max == no_limit) return no_limit;
  const std::int64_t taken =
      std::int64_t{counts.active} + (profile.seats == SeatRule::active_and_invited ? counts.invited : 0);
  return counts.seats_max - taken;
}

/// Whether a query must request the counts of its organizations.
inline bool needs_counts(const Profile& profile, CommandKind kind) noexcept {
  return profile.seats != SeatRule::unlimited || !is_add(kind) || profile.on_other_role == OnConflict::replace ||
         profile.on_other_role == OnConflict::raise;
}

/// An invitation with an end has its seat only until then. A command with a later time may have given it away already.
/// So a write that keeps the seat for longer needs it to be there, and guards that.
inline bool has_seat(const Workspace::Row& row, Occupancy before, Occupancy after) noexcept {
  if (row.seats == no_limit || !after.occupies_seat) return true;
  return before.occupies_seat ? !before.ends || row.seats >= 0 : row.seats > 0;
}
/// Whether the change takes an owner away, or a member that may be one.
inline bool loses_an_owner(Occupancy before, Occupancy after) noexcept {
  return before.is_guarded() && !after.is_guarded();
}
/// A member that may own is counted nowhere. It may go only if the catalog knows an owner: a catalog that knows none of
/// the stored owners must not drop the guard on the last one.
inline bool keeps_an_owner(const Workspace::Row& row, Occupancy before, Occupancy after) noexcept {
  return !loses_an_owner(before, after) || row.owners > (before.owns ? 1u : 0u);
}

/// Updates the counts, and records which bound the commit must guard.
inline void count(Workspace::Row& row, Occupancy before, Occupancy after) noexcept {
  if (row.seats != no_limit) {
    if (before.occupies_seat != after.occupies_seat) row.seats += before.occupies_seat ? 1 : -1;
    if (after.occupies_seat && (!before.occupies_seat || before.ends)) row.bounds |= seats_bound;
  }
  if (loses_an_owner(before, after)) row.bounds |= owners_bound;
  if (before.owns != after.owns) row.owners += after.owns ? 1u : ~0u;  // adds -1 modulo 2^32
}

}  // namespace roster::inline ROSTER_ABI

#endif
