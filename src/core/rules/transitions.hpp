// The transitions of a membership: one table for every kind of command. The profile's policies about members and former
// members select its rows.
#ifndef ROSTER_CORE_RULES_TRANSITIONS_HPP
#define ROSTER_CORE_RULES_TRANSITIONS_HPP

#include <array>

#include "roster/decision.hpp"

namespace roster::inline ROSTER_ABI {

/// The state of a membership in the rules: MembershipState, `none`, and `over` for an expired membership. An expired
/// invitation is `over_invitation`, and a declined, revoked or cleared one is `removed_invitation`.
enum class CellState : std::uint8_t {
  active,
  invited,
  suspended,
  removed,
  none,
  over,
  over_invitation,
  removed_invitation
};
inline constexpr std::size_t cell_states = 8;

/// The requested role or expiry, compared with the current one. `higher` is another role, of a higher rank.
enum class Relation : std::uint8_t { same, other, higher };

/// The result of judging one cell. The fields after `outcome` are read only if it writes.
struct Verdict {
  Outcome outcome;
  MembershipState to = MembershipState::active;
  Event event = Event::role_changed;
  bool new_identity = false;  ///< replaces a removed membership by one with a new id
  bool keeps_role = false;    ///< keeps the previous role instead of the requested one
  bool joins_parent = false;  ///< the account is added to the parent organization too
};

/// The verdict with this outcome, which writes nothing.
template <Outcome outcome>
inline constexpr Verdict plain{outcome};

/// Whether this cell itself writes a membership under this outcome.
constexpr bool writes(Outcome outcome) noexcept {
  return wrote(outcome) && outcome != Outcome::replayed;
}

constexpr bool is_add(CommandKind kind) noexcept {
  return kind == CommandKind::add || kind == CommandKind::invite;
}
constexpr bool names_roles(CommandKind kind) noexcept {
  return is_add(kind) || kind == CommandKind::change_role || kind == CommandKind::transfer_ownership;
}
/// A command of an account about its own memberships, which requires no right.
constexpr bool is_own_affair(CommandKind kind) noexcept {
  return kind == CommandKind::leave || kind == CommandKind::accept_invitation ||
         kind == CommandKind::decline_invitation;
}
/// Kinds that create a member, so the organization must be joinable.
constexpr bool joins(CommandKind kind) noexcept {
  return is_add(kind) || kind == CommandKind::accept_invitation;
}

/// Kinds that create a member, or give one more. A closed organization refuses them. The others end a membership, or
/// suspend it.
constexpr bool needs_open(CommandKind kind) noexcept {
  return joins(kind) || names_roles(kind) || kind == CommandKind::reactivate || kind == CommandKind::change_expiry;
}

/// A row of the table, for one state. Its index is a Relation for a member. For an add of a non-member it is one of the
/// constants below, and for an invitation that an add accepts it is one of those after them.
using Transition = std::array<Verdict, 4>;

/// The state in which an add creates a membership. From `with_parent` on, the parent membership is created too.
inline constexpr std::size_t as_active = 0, as_invited = 1, with_parent = 2;
/// The role that the membership has afterwards. From `with_parent` on, as above.
inline constexpr std::size_t with_its_role = 0, with_requested_role = 1;

namespace transitions {

inline constexpr std::size_t change_kinds = 10;  // from CommandKind::change_role on

struct Table {
  std::array<std::array<Transition, cell_states>, change_kinds> changes{};
  std::array<std::array<std::array<Transition, 4>, 2>, 2>
      members{};                                       // active or invited; same role rejected; OnConflict
  std::array<std::array<Transition, 4>, 2> formers{};  // suspended or removed; OnFormer
  Transition absent{};                                 // no membership
  Transition accepts{}, renews{};                      // an invitation: OnInvited::activate, OnReinvite::renew
};

constexpr Transition any(Verdict verdict) noexcept {
  return {verdict, verdict, verdict, verdict};
}
constexpr Transition step(Outcome outcome, MembershipState to, Event event) noexcept {
  return any({outcome, to, event});
}
/// Writes nothing if the requested value is the current one.
constexpr Transition differs(Outcome outcome, MembershipState to, Event event) noexcept {
  Transition row = step(outcome, to, event);
  row[0] = {Outcome::existing};
  return row;
}

constexpr void fill_changes(Table& table) noexcept {
  using O = Outcome;
  using S = MembershipState;
  using E = Event;
  const Transition nobody = any({O::not_member}), member = any({O::conflict}), same = any({O::existing});
  const Transition paused = any({O::was_suspended}), gone = any({O::was_removed});
  const Transition cleared = step(O::removed, S::removed, E::expired);
  const auto role = [](S state) { return differs(O::replaced, state, E::role_changed); };
  const auto sets_expiry = [](S state) { return differs(O::expiry_changed, state, E::expiry_changed); };
  const auto removed = [](E event) { return step(O::removed, S::removed, event); };
  table.changes = {{
      // active, invited, suspended, removed, none, over, over_invitation; removed_invitation is like removed
      {{role(S::active), role(S::invited), role(S::suspended), nobody, nobody, nobody, nobody}},
      {{role(S::active), nobody, paused, nobody, nobody, nobody, nobody}},  // transfer_ownership
      {{step(O::suspended, S::suspended, E::suspended), nobody, same, nobody, nobody, nobody, nobody}},
      {{same, nobody, step(O::reactivated, S::active, E::reactivated), nobody, nobody, nobody, nobody}},
      {{removed(E::removed), removed(E::revoked), removed(E::removed), nobody, nobody, cleared, cleared}},
      {{removed(E::left), removed(E::declined), removed(E::left), nobody, nobody, cleared, cleared}},
      {{same, step(O::accepted, S::active, E::accepted), paused, gone, nobody, gone, gone}},
      {{member, removed(E::declined), member, nobody, nobody, nobody, nobody}},
      {{member, removed(E::revoked), member, nobody, nobody, nobody, cleared}},
      {{sets_expiry(S::active), sets_expiry(S::invited), sets_expiry(S::suspended), nobody, nobody, nobody, nobody}},
  }};
  for (auto& row : table.changes) row[std::size_t(CellState::removed_invitation)] = row[std::size_t(S::removed)];
}

constexpr void fill_adds(Table& table) noexcept {
  using O = Outcome;
  using S = MembershipState;
  using E = Event;
  for (const S state : {S::active, S::invited})
    for (const bool rejects : {false, true}) {
      const Verdict keep{state == S::invited ? O::still_invited : O::existing};
      const Verdict same = rejects ? Verdict{O::conflict} : keep;
      const Verdict reject{O::role_conflict}, replace{O::replaced, state};
      auto& rows = table.members[std::size_t(state)][rejects];
      rows[std::size_t(OnConflict::keep)] = {same, keep, keep};
      rows[std::size_t(OnConflict::reject)] = {same, reject, reject};
      rows[std::size_t(OnConflict::replace)] = {same, replace, replace};
      rows[std::size_t(OnConflict::raise)] = {same, keep, replace};
    }
  const Verdict accept{O::accepted, S::active, E::accepted},
      renew{O::invitation_renewed, S::invited, E::invitation_renewed};
  table.accepts = any(accept);
  table.renews = any(renew);
  for (Transition* const row : {&table.accepts, &table.renews})
    (*row)[with_its_role].keeps_role = (*row)[with_parent + with_its_role].keeps_role = true;
  table.accepts[with_parent + with_its_role].joins_parent = true;
  table.accepts[with_parent + with_requested_role].joins_parent = true;
  const auto joins_as = [](Verdict active, bool new_identity, bool keeps_role) {
    active.new_identity = new_identity;
    active.keeps_role = keeps_role;
    Verdict invited = active;
    invited.outcome = O::invited;
    invited.to = S::invited;
    invited.event = E::invited;
    Transition row{active, invited, active, invited};
    row[with_parent + as_active].joins_parent = row[with_parent + as_invited].joins_parent = true;
    return row;
  };
  const Verdict added{O::added, S::active, E::added}, again{O::reactivated, S::active, E::reactivated};
  table.absent = joins_as(added, false, false);
  for (const bool removed : {false, true}) {
    auto& rows = table.formers[removed];
    rows[std::size_t(OnFormer::refuse)] = any({removed ? O::was_removed : O::was_suspended});
    rows[std::size_t(OnFormer::reactivate)] = joins_as(again, false, false);
    rows[std::size_t(OnFormer::restore_role)] = joins_as(again, false, true);
    rows[std::size_t(OnFormer::fresh)] = joins_as(added, true, false);
  }
}

inline constexpr Table table = [] {
  Table all;
  fill_changes(all);
  fill_adds(all);
  return all;
}();

}  // namespace transitions

/// The parts of a profile that the judge reads, for one kind of command. `staff`: the actor is staff, and nothing is
/// hidden from it.
struct Policy {
  const Profile& profile;
  CommandKind kind;
  bool staff;

  /// An invitation creates an account under every profile.
  constexpr OnUnknown unknown() const noexcept {
    return kind == CommandKind::invite ? OnUnknown::invite : profile.on_unknown_account;
  }
  constexpr ParentRule parent() const noexcept { return is_add(kind) ? profile.parent : ParentRule::ignore; }
  constexpr bool accepts_invitations() const noexcept { return profile.on_invited == OnInvited::activate; }
  constexpr bool renews_invitations() const noexcept { return profile.on_reinvite == OnReinvite::renew; }
  constexpr bool hides_organizations() const noexcept { return profile.hides_organizations && !staff; }

  [[gnu::always_inline]] constexpr const Transition& at(CellState state) const noexcept {
    const transitions::Table& table = transitions::table;
    const auto at = static_cast<std::size_t>(state);
    if (!is_add(kind)) return table.changes[std::size_t(kind) - std::size_t(CommandKind::change_role)][at];
    switch (state) {
      case CellState::active:
      case CellState::invited:
        return table.members[at][profile.on_same_role == OnConflict::reject][std::size_t(profile.on_other_role)];
      case CellState::suspended: return table.formers[0][std::size_t(profile.on_suspended)];
      case CellState::removed:
      case CellState::over: return table.formers[1][std::size_t(profile.on_removed)];
      // The account has never been a member, so the policy about former members does not apply.
      case CellState::over_invitation:
      case CellState::removed_invitation: return table.formers[1][std::size_t(OnFormer::fresh)];
      case CellState::none: break;
    }
    return table.absent;
  }
};

}  // namespace roster::inline ROSTER_ABI

#endif
