// A tile of one cell, without the bookkeeping that only several cells need. The rules are the same functions: a law in
// tests/laws compares a bulk with the fold of its cells added one by one.
#include "add_tile.hpp"
#include "cell_rules.hpp"
#include "role_rules.hpp"

ROSTER_BEGIN

bool AddTile::decide_one() noexcept {
  to_.refusals = 0;
  to_.changes.clear();
  to_.outcomes.clear();
  to_.accounts.clear();
  to_.memberships.clear();
  to_.cell_roles.clear();
  to_.roles.clear();

  const std::uint32_t asked = asked_at(0, 0);
  const RoleId& role = asked_role(profile_, command_, asked);
  const AccountFact& account = facts_.accounts[0];
  const Email* const email = email_of(query_, 0);
  const MembershipFact* const has = facts_.memberships.empty() ? nullptr : facts_.memberships.data();
  std::uint16_t rank = 0;

  Outcome outcome = judge_row(profile_, command_, facts_, 0);
  AccountReport* const shown = to_.accounts.emplace();
  if (shown == nullptr) return false;
  if (discloses(outcome)) shown->id = account.id;
  if (outcome == no_objection) outcome = judge_role(profile_, command_, query_, facts_, 0, asked, rank);
  if (outcome == no_objection) outcome = judge_account(profile_, account, email);
  if (outcome == no_objection && has != nullptr) {
    const Role& had = facts_.roles[has->role];
    const bool same = is_omitted(command_, asked) || had.id == role;
    const bool raises = profile_.on_other_role == OnMember::raise;
    const bool higher = raises && rank > known_role(profile_, had).rank;
    outcome = judge_member(profile_, same, has->written_by_request, higher);
  } else if (outcome == no_objection) {
    outcome = joining_outcome(joining_state(profile_, account));
  }
  to_.outcomes.append(outcome);
  to_.refusals = succeeded(outcome) ? 0 : 1;

  const bool adds = outcome == Outcome::added || outcome == Outcome::invited, replaces = outcome == Outcome::replaced;
  if (adds || replaces) {
    ChangeSet& changes = to_.changes;
    if (!changes.roles.push(role)) return false;
    if (replaces) {
      if (!changes.roles.push(facts_.roles[has->role].id)) return false;
      if (!changes.replaced.push({has->id, 0, 0, 0, 1, has->version})) return false;
    } else {
      const bool creates = account.id.empty();
      if (creates && !changes.created.push({{}, email, outcome == Outcome::invited})) return false;
      changes.added.append({0, creates ? 1u : 0u, 0, joining_state(profile_, account)});  // the first is inline
    }
    if (!(guard_row(0, by_rule) && guard_account(0) && guard_memberships() && close())) return false;
    if (!changes.created.empty()) *shown = {changes.created[0].id, true};
  }
  if (!context_.details) return true;
  MembershipId id = has != nullptr && shows(outcome) ? has->id : MembershipId{};
  if (adds) id = to_.changes.added_ids[0];
  const bool has_role = shows(outcome);
  const RoleId& current = has == nullptr || replaces ? role : facts_.roles[has->role].id;
  return to_.memberships.push(id) && to_.cell_roles.push(has_role ? RoleIndex{0} : no_role) &&
         (!has_role || to_.roles.push({current, 0}));
}

ROSTER_END
