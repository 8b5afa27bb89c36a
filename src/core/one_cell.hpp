// One cell by itself: one account in one organization, nobody twice, no parent. What several cells need (tables, folds,
// buffers) has no part in it, so that the usual command costs little. The rules are the same functions: a law in
// tests/laws compares a bulk with the fold of its cells added one by one.
#ifndef ROSTER_CORE_ONE_CELL_HPP
#define ROSTER_CORE_ONE_CELL_HPP

#include "bounds.hpp"
#include "cell_rules.hpp"
#include "closing.hpp"
#include "guards.hpp"
#include "role_rules.hpp"
#include "standing.hpp"

ROSTER_BEGIN

/// The cell, judged.
struct OneCell {
  Outcome row;  // on the organization alone
  Outcome outcome;
  MembershipState joins_as;       // what a membership that is written would be
  const RoleId* role;             // what it would have: the role asked for, the default, or the one it had
  const MembershipFact* has;      // null: there is none
  Former former{Outcome::added};  // read where `has` is suspended or removed
  Standing standing;              // of the actor; limited: the cell leans on its membership
  bool hidden;                    // whether there is an account, from the actor
  Workspace::Row bounds;

  bool writes() const noexcept { return wrote(outcome) && outcome != Outcome::replayed; }
  bool is_anew() const noexcept { return has == nullptr || (is_former(*has) && former.anew); }
};

// What is rare stands apart, so that the usual cell does not pay for it.

/// Somebody who was a member before.
[[gnu::noinline]] inline Outcome judge_one_former(const Profile& profile, const Facts& facts, OneCell& cell) noexcept {
  const Role& fact = facts.roles[cell.has->role];
  cell.former = judge_former(profile, cell.joins_as, *cell.has);
  if (!succeeded(cell.former.outcome)) return cell.former.outcome;
  if (cell.former.keeps_role) cell.role = &fact.id;
  if (cell.standing.is_outranked_by(known_role(profile, fact))) return Outcome::outranked;
  cell.bounds.seats = seats_left(profile, facts.organizations[0].counts);
  return take_seat(profile, cell.bounds, sits(profile, *cell.has), cell.joins_as) ? cell.former.outcome
                                                                                  : Outcome::seats_taken;
}

/// A member who would get another role.
[[gnu::noinline]] inline Outcome judge_one_change(const Profile& profile, const Facts& facts, const Role& wanted,
                                                  OneCell& cell) noexcept {
  const Role& had = known_role(profile, facts.roles[cell.has->role]);
  if (cell.standing.is_outranked_by(had)) return Outcome::outranked;
  const auto owned_by = [&](const Role& role) {
    return owns_for_good(role.owns, cell.has->state, cell.has->valid_until);
  };
  cell.bounds.owners = facts.organizations[0].counts.owners;
  return move_owner(cell.bounds, owned_by(had), owned_by(wanted)) ? Outcome::replaced : Outcome::last_owner;
}

/// What an add makes of a membership that is there.
[[gnu::always_inline]] inline Outcome judge_one_member(const Profile& profile, const AddMembers& command,
                                                       const Facts& facts, std::uint32_t asked, const Role& wanted,
                                                       OneCell& cell) noexcept {
  const MembershipFact& has = *cell.has;
  if (is_former(has)) [[unlikely]]
    return judge_one_former(profile, facts, cell);
  const Role& had = facts.roles[has.role];
  const bool same = is_omitted(command, asked) || had.id == *cell.role;
  const bool raises = profile.on_other_role == OnMember::raise;
  const bool higher = raises && wanted.rank > known_role(profile, had).rank;
  const Outcome outcome = judge_member(profile, same, has.written_by_request, higher);
  return outcome == Outcome::replaced ? judge_one_change(profile, facts, wanted, cell) : outcome;
}

/// The actor may not add, or not any more.
[[gnu::noinline]] inline void judge_one_forbidden(const Profile& profile, const AddMembers& command, const Facts& facts,
                                                  std::uint32_t asked, OneCell& cell) noexcept {
  const bool same = is_omitted(command, asked) || facts.roles[cell.has->role].id == *cell.role;
  if (!is_own_doing(profile, command, facts.accounts[0], *cell.has, same)) return;
  cell.outcome = Outcome::replayed;
  cell.row = no_objection;  // whose own membership it is may see it
}

/// The role asked for is above the actor's own, or is so since this very request gave it.
[[gnu::noinline]] inline Outcome judge_one_above(const Profile& profile, const AddMembers& command, const Facts& facts,
                                                 std::uint32_t asked, const OneCell& cell) noexcept {
  if (cell.has == nullptr || !cell.has->written_by_request) return Outcome::outranked;
  const bool same = is_omitted(command, asked) || facts.roles[cell.has->role].id == *cell.role;
  return judge_above(judge_member(profile, same, true, false), is_former(*cell.has));
}

[[gnu::always_inline]] inline OneCell judge_one_cell(const Profile& profile, const AddMembers& command,
                                                     const Query& query, const Facts& facts,
                                                     std::uint32_t asked) noexcept {
  const AccountFact& account = facts.accounts[0];
  const Email* const email = email_of(query, 0);
  OneCell cell;
  cell.hidden = is_hidden(profile, command, email);
  cell.role = &asked_role(profile, command, asked);
  cell.has = facts.memberships.empty() ? nullptr : facts.memberships.data();
  cell.row = cell.outcome = judge_row(profile, command, facts, 0, cell.standing);
  const Role* role = nullptr;
  if (cell.outcome == no_objection) cell.outcome = judge_role(profile, command, query, facts, 0, asked, role);
  if (cell.outcome == no_objection) cell.outcome = judge_account(profile, command, account, email);
  if (cell.outcome != no_objection) {
    if (cell.row == Outcome::forbidden && cell.has != nullptr) [[unlikely]]
      judge_one_forbidden(profile, command, facts, asked, cell);
    return cell;
  }
  if (cell.standing.is_outranked_by(*role)) [[unlikely]] {
    cell.outcome = judge_one_above(profile, command, facts, asked, cell);
    return cell;
  }
  cell.joins_as = joining_state(profile, command, account, email);
  if (cell.has != nullptr) {
    cell.outcome = judge_one_member(profile, command, facts, asked, *role, cell);
    return cell;
  }
  cell.outcome = joining_outcome(cell.joins_as);
  if (profile.seats == SeatRule::unlimited) return cell;
  cell.bounds.seats = seats_left(profile, facts.organizations[0].counts);
  if (!take_seat(profile, cell.bounds, false, cell.joins_as)) cell.outcome = Outcome::seats_taken;
  return cell;
}

/// What is to be committed for a cell that writes. `changes` is empty. False only when memory is out.
[[nodiscard, gnu::always_inline]] inline bool write_one_cell(const Profile& profile, const AddMembers& command,
                                                             const Query& query, const Facts& facts,
                                                             const Context& context, const OneCell& cell,
                                                             ChangeSet& changes) noexcept {
  // One of each is held inline.
  changes.roles.append(*cell.role);
  if (cell.has == nullptr) {
    const AccountFact& account = facts.accounts[0];
    const bool creates = account.id.empty();
    if (creates) changes.created.append({{}, email_of(query, 0), cell.joins_as == MembershipState::invited});
    changes.added.append({0, creates ? 1u : 0u, 0, cell.joins_as});
  } else {
    changes.roles.append(facts.roles[cell.has->role].id);
    const bool rejoins = is_former(*cell.has);
    changes.changed.append({cell.has->id,
                            0,
                            0,
                            0,
                            1,
                            cell.has->version,
                            rejoins ? cell.joins_as : cell.has->state,
                            cell.has->stored(),
                            event_of(cell.outcome),
                            rejoins,
                            rejoins && cell.former.anew,
                            {}});
  }
  return guard_row(facts, 0, cell.standing.limited ? actor_place(profile, facts, 0) : no_index, changes.guards) &&
         guard_bounds(cell.bounds, facts.organizations[0], 0, changes.guards) &&
         guard_account(facts, 0, changes.guards) &&
         (profile.mode != Mode::atomic || guard_memberships(facts, 1, changes.guards)) &&
         close(profile, command, query, facts, context, changes);
}

/// What a cell that writes gets: the account created for it, if one is, and its membership.
struct Written {
  const AccountId* created;
  MembershipId membership;
};
[[gnu::always_inline]] inline Written written_by(const OneCell& cell, const ChangeSet& changes) noexcept {
  return {changes.created.empty() ? nullptr : &changes.created[0].id, cell.has == nullptr ? changes.added_ids[0]
                                                                      : cell.is_anew()    ? changes.changed[0].becomes
                                                                                          : cell.has->id};
}

/// What a report shows of it: `to` is a Report or a Decision, and its lists are empty. `show_role` gives it a role.
/// `written` is read only if the cell writes.
template <class To, class ShowRole>
[[gnu::always_inline]] inline void show_one_cell(const Facts& facts, const Context& context, const OneCell& cell,
                                                 const Written& written, To& to, ShowRole&& show_role) noexcept {
  const bool writes = cell.writes();
  const AccountId* const created = writes ? written.created : nullptr;
  to.outcomes.append(cell.outcome);
  AccountReport& account = to.accounts.extend();
  account.created = created != nullptr && !cell.hidden;
  if ((created != nullptr || discloses(cell.row)) && !cell.hidden)
    account.id = created != nullptr ? *created : facts.accounts[0].id;
  else
    account.id = {};
  if (!context.details) return;
  if (!shows(cell.outcome)) {
    to.memberships.append({});
    to.cell_roles.append(no_role);
    return;
  }
  to.memberships.append(writes ? written.membership : cell.has->id);
  to.cell_roles.append(RoleIndex{0});
  if (cell.has == nullptr) return show_role(*cell.role);
  const RoleId& had = facts.roles[cell.has->role].id;
  if (!writes) return show_role(had);
  show_role(*cell.role);
  const bool same = had == *cell.role;
  if (!same) show_role(had);
  to.previous.append({0, same ? RoleIndex{0} : RoleIndex{1}, cell.has->stored()});
}

ROSTER_END

#endif
