// What must hold of an organization as a whole after a commit: not more members than seats, and never without its last
// owner. Counted along while cells are judged; guarded as bounds, so that commits far from them never collide.
#ifndef ROSTER_CORE_BOUNDS_HPP
#define ROSTER_CORE_BOUNDS_HPP

#include "roster/decision.hpp"

ROSTER_BEGIN

enum Bound : std::uint8_t { seats_bound = 1, owners_bound = 2 };

inline bool sits(const Profile& profile, MembershipState state) noexcept {
  return state == MembershipState::active ||
         (state == MembershipState::invited && profile.seats == SeatRule::active_and_invited);
}

/// What is over keeps its seat in the store until it is cleared away: who comes back in its place needs no other.
inline bool sits(const Profile& profile, const MembershipFact& fact) noexcept {
  return sits(profile, fact.stored());
}

/// Whether a membership counts as an owner: time alone takes no owner away, so what will end does not count.
inline bool owns_for_good(bool owns, MembershipState state, Time valid_until) noexcept {
  return owns && state == MembershipState::active && valid_until == Time{};
}

/// Less than none, where the limit was lowered below what is taken.
inline std::int64_t seats_left(const Profile& profile, const MemberCounts& counts) noexcept {
  if (profile.seats == SeatRule::unlimited || counts.seats_max == no_limit) return no_limit;
  const std::int64_t taken =
      std::int64_t{counts.active} + (profile.seats == SeatRule::active_and_invited ? counts.invited : 0);
  return counts.seats_max - taken;
}

/// Which of an organization's counts a query has to bring.
inline bool asks_for_counts(const Profile& profile, Kind kind) noexcept {
  if (profile.seats != SeatRule::unlimited) return true;
  if (kind != Kind::add && kind != Kind::invite) return true;
  return profile.on_other_role == OnMember::replace || profile.on_other_role == OnMember::raise;
}

/// Takes a seat if the change needs one, and gives one back if it leaves one. False: there is none.
inline bool take_seat(const Profile& profile, Workspace::Row& row, bool sat, MembershipState to) noexcept {
  if (row.seats == no_limit || sat == sits(profile, to)) return true;
  if (sat) {
    ++row.seats;
    return true;
  }
  if (row.seats <= 0) return false;
  --row.seats;
  row.bounds |= seats_bound;
  return true;
}

/// Counts an owner in or out. False: the last one would go.
inline bool move_owner(Workspace::Row& row, bool owned, bool owns) noexcept {
  if (owned == owns) return true;
  if (owns) {
    ++row.owners;
    return true;
  }
  if (row.owners <= 1) return false;
  --row.owners;
  row.bounds |= owners_bound;
  return true;
}

template <class Guards>
[[nodiscard]] bool guard_bounds_met(const Workspace::Row& row, const OrganizationFact& fact, std::uint32_t index,
                                    Guards& guards) noexcept {
  if ((row.bounds & seats_bound) != 0 &&
      !guards.push({Guard::Record::seats, index, 0, Version{}, fact.counts.seats_max}))
    return false;
  return (row.bounds & owners_bound) == 0 || guards.push({Guard::Record::owners, index, 0, Version{}, 1});
}
/// False only when memory is out.
template <class Guards>
[[nodiscard, gnu::always_inline]] inline bool guard_bounds(const Workspace::Row& row, const OrganizationFact& fact,
                                                           std::uint32_t index, Guards& guards) noexcept {
  return row.bounds == 0 || guard_bounds_met(row, fact, index, guards);
}

ROSTER_END

#endif
