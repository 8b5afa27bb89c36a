// The cells of a change: the table of change_rules.hpp, then ranks and bounds.
#include <algorithm>

#include "cell_rules.hpp"
#include "change_tile.hpp"
#include "closing.hpp"
#include "guards.hpp"
#include "role_rules.hpp"
#include "rules.hpp"

ROSTER_BEGIN

/// The roles asked for, in this row.
void ChangeTile::ask(std::uint32_t row) noexcept {
  for (std::uint32_t i = 0; i < work_.asks.size(); ++i) {
    Workspace::Ask& ask = work_.asks[i];
    ask.role = static_cast<RoleIndex>(facts_.roles.size() + i);
    ask.omitted = is_omitted(*roles_, i);
    const Role* role = nullptr;
    ask.verdict = judge_role(profile_, *roles_, query_, facts_, row, i, role);
    ask.rank = role != nullptr ? role->rank : std::uint16_t{0};
    ask.owns = role != nullptr && role->owns;
    if (command_.kind() != Kind::transfer_ownership || ask.verdict == Outcome::role_not_found) continue;
    // Ownership can be given by a transfer even where no add may give it, and the first role is to give it.
    if (ask.owns)
      ask.verdict = no_objection;
    else if (i == 0)
      ask.verdict = Outcome::role_not_assignable;
  }
}

ChangeTile::Cell ChangeTile::cell_at(std::uint32_t row, std::uint32_t column, const Standing& standing) noexcept {
  Cell cell{};
  cell.row = work_.rows[row].first;
  cell.column = work_.columns[column].first;
  cell.pair = &pair_of(row, column);
  cell.has = membership(cell.row, cell.column);
  if (cell.has != nullptr) {
    cell.had = known_role(profile_, facts_.roles[cell.has->role]);
    cell.role = cell.has->role;
    cell.asked = cell.had;
  }
  if (roles_ != nullptr) {
    const Workspace::Ask& ask = work_.asks[asked_at(row, column)];
    cell.role = ask.role;
    cell.asked = {to_.roles[ask.role].id, ask.rank, true, false, ask.owns};
  }
  cell.step = judge(cell, row, column, standing);
  if (cell.has != nullptr) {
    cell.until = cell.step.outcome == Outcome::expiry_changed ? valid_until(command_) : cell.has->valid_until;
    cell.owned = owns_for_good(cell.had.owns, cell.has->state, cell.has->valid_until);
    cell.owns = writes(cell.step.outcome) && owns_for_good(cell.asked.owns, cell.step.to, cell.until);
  }
  return cell;
}

Step ChangeTile::judge(const Cell& cell, std::uint32_t row, std::uint32_t column,
                       const Standing& standing) const noexcept {
  const Kind kind = command_.kind();
  const MembershipFact* const has = cell.has;
  const bool made = cell.pair->own;  // by an earlier cell: this one is a retry, as it would be in a tile of its own
  const bool same_role = has == nullptr || roles_ == nullptr ||
                         to_.roles[made ? cell.pair->role : has->role].first == to_.roles[cell.role].first;
  const bool same_end = has == nullptr || kind != Kind::change_expiry || has->valid_until == valid_until(command_);
  // Whoever gave up a right by this very request is told that it was done, not that the right is gone.
  if (made ? same_role : has != nullptr && has->written_by_request && leaves(kind, *has) && same_role && same_end)
    return {Outcome::replayed};
  if (work_.rows[row].verdict != no_objection) {
    const bool owned = has != nullptr && same_role && step_of(kind, has).outcome == Outcome::replaced;
    return {owned && gave_up(row) ? Outcome::existing : work_.rows[row].verdict};
  }
  if (roles_ != nullptr && work_.asks[asked_at(row, column)].verdict != no_objection)
    return {work_.asks[asked_at(row, column)].verdict};
  if (work_.columns[column].verdict != no_objection && may_tell(cell.column, has))
    return {work_.columns[column].verdict};
  if (roles_ != nullptr && standing.is_outranked_by(cell.asked)) return {Outcome::outranked};
  if (made) return {Outcome::request_reused};
  const Step step = step_of(kind, has);
  if (step.outcome == Outcome::not_member) return step;
  if (standing.is_outranked_by(cell.had)) return {Outcome::outranked};
  if (has->written_by_request && has->state != MembershipState::removed) return {Outcome::request_reused};
  if (roles_ != nullptr && same_role && step.outcome == Outcome::replaced) return {Outcome::existing};
  if (same_end && step.outcome == Outcome::expiry_changed) return {Outcome::existing};
  if (kind == Kind::transfer_ownership && cell.column != column) return {Outcome::request_reused};  // to oneself
  if (has->outdated && writes(step.outcome) && is_void_after(has->state, kind))
    return {has->state == MembershipState::suspended ? Outcome::was_suspended : Outcome::has_returned};
  if (step.outcome == Outcome::accepted) {
    const Outcome lapsed = judge_inviter(*has, cell.had);
    if (lapsed != no_objection) return {lapsed};
  }
  if (kind == Kind::transfer_ownership && step.outcome == Outcome::replaced)
    return {step.outcome, step.to,
            cell.asked.owns ? Event::ownership_given
            : cell.had.owns ? Event::ownership_given_up
                            : Event::role_changed};
  return step;
}

/// Whether this very request was a transfer by which the actor gave up its ownership: to whom, it may still be told.
bool ChangeTile::gave_up(std::uint32_t row) const noexcept {
  if (command_.kind() != Kind::transfer_ownership || work_.rows[row].verdict != Outcome::forbidden) return false;
  const MembershipFact* const own = membership(row, 1);
  return own != nullptr && own->written_by_request && leaves(command_.kind(), *own) &&
         to_.roles[own->role].first == to_.roles[work_.asks[asked_at(row, 1)].role].first;
}

/// Whether the actor may be told what stands against the account: of an address that is hidden, only if it is known
/// here.
bool ChangeTile::may_tell(std::uint32_t column, const MembershipFact* has) const noexcept {
  if (!is_hidden(profile_, command_, email_of(query_, column))) return true;
  return has != nullptr && (has->state == MembershipState::active || has->state == MembershipState::suspended);
}

/// What the inviter may do now, by the rule that an add would be judged by. A store that does not know the inviter, or
/// a rule that looks at another organization, leaves it at what was right then.
Outcome ChangeTile::judge_inviter(const MembershipFact& has, const Role& role) const noexcept {
  if (!query_.inviters) return no_objection;
  const InviterFact& inviter = facts_.inviters[static_cast<std::size_t>(&has - facts_.memberships.data())];
  if (!inviter.known) return no_objection;
  if (!inviter.is_member) return Outcome::inviter_lapsed;
  const Role& own = known_role(profile_, facts_.roles[inviter.role]);
  if (!has_right(profile_, Kind::invite, own)) return Outcome::inviter_lapsed;
  return Standing{true, own.owns, own.rank}.is_outranked_by(role) ? Outcome::inviter_lapsed : no_objection;
}

/// First what takes no owner away, then what does: a command that makes one owner and unmakes another is judged by what
/// it leaves behind. Cells that name one pair keep their order.
bool ChangeTile::judge_cells_of(std::uint32_t row) noexcept {
  ask(row);
  Standing standing;
  if (work_.rows[row].verdict == no_objection && !is_own_affair(command_.kind()))
    (void)lets_in(profile_, command_, facts_, row, standing);
  for (const bool losing : {false, true})
    for (std::uint32_t column = 0; column < tile_.columns; ++column) {
      if (to_.outcomes[std::size_t{row} * width_ + column] != Outcome::undecided) continue;
      Cell cell = cell_at(row, column, standing);
      cell.pair->waits |= cell.loses_owner();
      if ((losing || !cell.pair->waits) && !carry_out(row, column, cell)) return false;
    }
  for (std::uint32_t missing = tile_.columns; missing < width_; ++missing) {
    const Outcome verdict = work_.rows[row].verdict;
    const Outcome role = roles_ != nullptr ? work_.asks[0].verdict : no_objection;
    to_.outcomes[std::size_t{row} * width_ + missing] = verdict != no_objection ? verdict
                                                        : role != no_objection  ? role
                                                                                : Outcome::group_not_found;
  }
  return true;
}

bool ChangeTile::carry_out(std::uint32_t row, std::uint32_t column, Cell& cell) noexcept {
  const std::uint32_t at = row * width_ + column;
  Step& step = cell.step;
  if (writes(step.outcome)) {
    Workspace::Row& place = work_.rows[cell.row];
    if (!take_seat(profile_, place, sits(profile_, *cell.has), step.to))
      step.outcome = Outcome::seats_taken;
    else if (!move_owner(place, cell.owned, cell.owns))
      step.outcome = Outcome::last_owner;
  }
  to_.outcomes[at] = step.outcome;
  // Also where the actor has no right any more: what was done by its request it may see.
  if (succeeded(step.outcome) && !is_hidden(profile_, command_, email_of(query_, column)))
    to_.accounts[column].id = facts_.accounts[column].id;
  if (context_.details && cell.has != nullptr && shows(step.outcome)) {
    to_.memberships[at] = cell.has->id;
    to_.cell_roles[at] = writes(step.outcome) ? cell.role : cell.pair->own ? cell.pair->role : cell.has->role;
  }
  if (!writes(step.outcome)) return true;
  cell.pair->own = true;
  cell.pair->role = cell.role;
  MemberChanged changed{cell.has->id, cell.row,
                        cell.column,  no_role,
                        no_role,      cell.has->version,
                        step.to,      cell.has->stored(),
                        step.event,   step.outcome == Outcome::expiry_changed,
                        false,        {}};
  if (!write_role(to_, cell.role, changed.role) || !write_role(to_, cell.has->role, changed.from)) return false;
  work_.rows[cell.row].writes |= by_rule;
  work_.columns[cell.column].writes = true;
  if (context_.details && !to_.previous.push({at, cell.has->role, cell.has->stored()})) return false;
  return to_.changes.changed.push(changed);
}

/// Atomic, and something was refused: nothing is written, and the cells that would have been written say so.
void ChangeTile::refuse_all() noexcept {
  to_.changes.clear();
  to_.previous.clear();
  for (std::uint32_t row = 0; row < tile_.rows; ++row)
    for (std::uint32_t column = 0; column < tile_.columns; ++column) {
      const std::size_t at = std::size_t{row} * width_ + column;
      const bool repeats = to_.outcomes[at] == Outcome::replayed && pair_of(row, column).own;
      if (!writes(to_.outcomes[at]) && !repeats) continue;
      to_.outcomes[at] = Outcome::not_attempted;
      ++to_.refusals;
      if (!context_.details) continue;
      to_.memberships[at] = {};
      to_.cell_roles[at] = no_role;
    }
}

bool ChangeTile::guard() noexcept {
  const bool whole = is_whole(profile_, command_);
  Guards& guards = to_.changes.guards;
  for (std::uint32_t row = 0; row < tile_.rows; ++row) {
    if (work_.rows[row].first != row || (work_.rows[row].writes == 0 && !whole)) continue;
    Standing standing;
    const bool leans =
        !is_own_affair(command_.kind()) && lets_in(profile_, command_, facts_, row, standing) && standing.limited;
    if (!guard_row(facts_, row, leans ? actor_place(profile_, facts_, row) : no_index, guards) ||
        !guard_bounds(work_.rows[row], facts_.organizations[row], row, guards))
      return false;
  }
  for (std::uint32_t column = 0; column < tile_.columns; ++column)
    if ((work_.columns[column].writes || whole) && work_.columns[column].first == column)
      if (!guard_account(facts_, column, guards)) return false;
  if (query_.inviters)
    for (const MemberChanged& changed : to_.changes.changed) {
      const MembershipFact* const has = membership(changed.organization, changed.account);
      const InviterFact& inviter = facts_.inviters[static_cast<std::size_t>(has - facts_.memberships.data())];
      if (changed.event == Event::accepted && inviter.known)
        if (!guards.push({Guard::Record::inviter, changed.organization, changed.account, inviter.version}))
          return false;
    }
  return !whole || guard_memberships(facts_, tile_.rows, guards);
}

ROSTER_END
