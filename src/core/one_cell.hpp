// One cell by itself: one account in one organization, nobody twice, no parent. What several cells need (tables, folds,
// buffers) has no part in it, so that the usual command costs little. The rules are the same functions: a law in
// tests/laws compares a bulk with the fold of its cells added one by one.
#ifndef ROSTER_CORE_ONE_CELL_HPP
#define ROSTER_CORE_ONE_CELL_HPP

#include "cell_rules.hpp"
#include "closing.hpp"
#include "guards.hpp"
#include "role_rules.hpp"

ROSTER_BEGIN

/// The cell, judged.
struct OneCell {
  Outcome row;  // on the organization alone
  Outcome outcome;
  const RoleId* role;         // asked for, or the default
  const MembershipFact* has;  // null: not a member

  bool adds() const noexcept { return outcome == Outcome::added || outcome == Outcome::invited; }
  bool writes() const noexcept { return adds() || outcome == Outcome::replaced; }
};

[[gnu::always_inline]] inline OneCell judge_one_cell(const Profile& profile, const AddMembers& command,
                                                     const Query& query, const Facts& facts,
                                                     std::uint32_t asked) noexcept {
  const AccountFact& account = facts.accounts[0];
  OneCell cell;
  cell.role = &asked_role(profile, command, asked);
  cell.has = facts.memberships.empty() ? nullptr : facts.memberships.data();
  cell.row = cell.outcome = judge_row(profile, command, facts, 0);
  std::uint16_t rank = 0;
  if (cell.outcome == no_objection) cell.outcome = judge_role(profile, command, query, facts, 0, asked, rank);
  if (cell.outcome == no_objection) cell.outcome = judge_account(profile, account, email_of(query, 0));
  if (cell.outcome != no_objection) return cell;
  if (cell.has == nullptr) {
    cell.outcome = joining_outcome(joining_state(profile, account));
    return cell;
  }
  const Role& had = facts.roles[cell.has->role];
  const bool same = is_omitted(command, asked) || had.id == *cell.role;
  const bool raises = profile.on_other_role == OnMember::raise;
  const bool higher = raises && rank > known_role(profile, had).rank;
  cell.outcome = judge_member(profile, same, cell.has->written_by_request, higher);
  return cell;
}

/// What is to be committed for a cell that writes. `changes` is empty. False only when memory is out.
[[nodiscard, gnu::always_inline]] inline bool write_one_cell(const Profile& profile, const AddMembers& command,
                                                             const Query& query, const Facts& facts,
                                                             const Context& context, const OneCell& cell,
                                                             ChangeSet& changes) noexcept {
  // One of each is held inline.
  changes.roles.append(*cell.role);
  if (cell.adds()) {
    const AccountFact& account = facts.accounts[0];
    const bool creates = account.id.empty();
    const MembershipState state = joining_state(profile, account);
    if (creates) changes.created.append({{}, email_of(query, 0), state == MembershipState::invited});
    changes.added.append({0, creates ? 1u : 0u, 0, state});
  } else {
    changes.roles.append(facts.roles[cell.has->role].id);
    changes.replaced.append({cell.has->id, 0, 0, 0, 1, cell.has->version});
  }
  return guard_row(profile, command, facts, 0, by_rule, changes.guards) && guard_account(facts, 0, changes.guards) &&
         guard_memberships(profile, facts, 1, changes.guards) && close(command, facts, context, changes);
}

/// What a report shows of it: `to` is a Report or a Decision, and its lists are empty. `show_role` gives it a role.
/// `changes` is null for a cell that does not write.
template <class To, class ShowRole>
[[gnu::always_inline]] inline void show_one_cell(const Facts& facts, const Context& context, const OneCell& cell,
                                                 const ChangeSet* changes, To& to, ShowRole&& show_role) noexcept {
  to.outcomes.append(cell.outcome);
  const bool created = changes != nullptr && !changes->created.empty();
  if (created || discloses(cell.row))
    to.accounts.append({created ? changes->created[0].id : facts.accounts[0].id, created});
  else
    to.accounts.append({});
  if (!context.details) return;
  const bool shown = shows(cell.outcome);
  const bool member = cell.has != nullptr;
  to.memberships.append(!shown ? MembershipId{} : member ? cell.has->id : changes->added_ids[0]);
  to.cell_roles.append(shown ? RoleIndex{0} : no_role);
  if (shown) show_role(member && cell.outcome != Outcome::replaced ? facts.roles[cell.has->role].id : *cell.role);
}

ROSTER_END

#endif
