// What is known before any cell is looked at: verdicts on rows and columns, roles, duplicates.
#include "change_tile.hpp"

#include "cell_rules.hpp"
#include "closing.hpp"
#include "fold.hpp"
#include "role_rules.hpp"
#include "rules.hpp"

ROSTER_BEGIN

bool ChangeTile::prepare() noexcept {
  to_.refusals = 0;
  to_.changes.clear();
  to_.previous.clear();
  to_.memberships.clear();
  to_.cell_roles.clear();
  to_.accounts.clear();
  to_.outcomes.clear();
  const std::size_t cells = std::size_t{tile_.rows} * width_;
  if (context_.details && !(to_.memberships.resize(cells, MembershipId{}) && to_.cell_roles.resize(cells, no_role)))
    return false;
  return to_.outcomes.resize(cells, Outcome::undecided) && to_.accounts.resize(width_, AccountReport{});
}

Outcome ChangeTile::judge_row(std::uint32_t row) const noexcept {
  const OrganizationFact& fact = facts_.organizations[row];
  if (fact.id.empty()) return unknown_organization(profile_, command_);
  if (is_own_affair(command_.kind())) {
    // Who has no part in a hidden organization hears what they would hear if it were not there.
    if (profile_.hides_organizations && !command_.actor.staff && membership(row, 0) == nullptr)
      return Outcome::forbidden;
    const bool joins = command_.kind() == Kind::accept_invitation;
    return joins && !fact.joinable ? Outcome::organization_not_joinable : no_objection;
  }
  Standing standing;
  return lets_in(profile_, command_, facts_, row, standing) ? no_objection : Outcome::forbidden;
}

bool ChangeTile::judge_rows() noexcept {
  const std::uint32_t count = facts_.organizations.size();
  if (!work_.rows.resize_uninitialized(count)) return false;
  bool disclosed = false;
  for (std::uint32_t row = 0; row < count; ++row) {
    const MemberCounts& counts = facts_.organizations[row].counts;
    const Outcome verdict = row < tile_.rows ? judge_row(row) : no_objection;
    work_.rows[row] = {verdict, 0, row, seats_left(profile_, counts), counts.owners, 0};
    disclosed |= row < tile_.rows && discloses(verdict);
  }
  if (disclosed)
    for (std::uint32_t column = 0; column < tile_.columns; ++column)
      if (!is_hidden(profile_, command_, email_of(query_, column)))
        to_.accounts[column].id = facts_.accounts[column].id;
  return fold_many(
      count, [this](std::uint32_t row) { return facts_.organizations[row].id.view(); },
      [](std::uint32_t, std::uint32_t) { return true; },
      [this](std::uint32_t row, std::uint32_t first) { work_.rows[row].first = first; }, work_.buckets);
}

bool ChangeTile::judge_columns() noexcept {
  if (!work_.columns.resize_uninitialized(tile_.columns)) return false;
  const bool joins = command_.kind() == Kind::accept_invitation || command_.kind() == Kind::reactivate;
  for (std::uint32_t column = 0; column < tile_.columns; ++column) {
    const AccountFact& fact = facts_.accounts[column];
    Outcome verdict = no_objection;
    if (fact.id.empty())
      verdict = Outcome::account_not_found;
    else if (fact.disabled && joins)
      verdict = Outcome::account_disabled;
    else if ((fact.invited || !fact.verified) && command_.kind() == Kind::accept_invitation)
      verdict = Outcome::not_verified;
    work_.columns[column] = {verdict, MembershipState::active, false, true, column, no_index};
  }
  return fold_many(
      tile_.columns, [this](std::uint32_t column) { return column_key(query_, facts_, column); },
      [this](std::uint32_t a, std::uint32_t b) { return both_exist_or_neither(facts_, a, b); },
      [this](std::uint32_t column, std::uint32_t first) { work_.columns[column].first = first; }, work_.buckets);
}

/// The dictionary: the roles of the facts, and behind them those asked for.
bool ChangeTile::know_roles() noexcept {
  const std::uint32_t known = facts_.roles.size(), asked = roles_ == nullptr ? 0 : asked_count(*roles_);
  if (!to_.roles.resize_uninitialized(std::size_t{known} + asked) || !work_.asks.resize_uninitialized(asked))
    return false;
  RoleUse* const roles = to_.roles.data();
  for (std::uint32_t i = 0; i < known; ++i) roles[i] = {facts_.roles[i].id};
  for (std::uint32_t i = 0; i < asked; ++i) roles[known + i] = {asked_role(profile_, *roles_, i)};
  return fold_many(
      known + asked, [roles](std::uint32_t i) { return roles[i].id.view(); },
      [](std::uint32_t, std::uint32_t) { return true; },
      [roles](std::uint32_t role, std::uint32_t first) { roles[role].first = static_cast<RoleIndex>(first); },
      work_.buckets);
}

bool ChangeTile::know_memberships() noexcept {
  work_.pairs.clear();
  if (!work_.pairs.resize(std::size_t{facts_.organizations.size()} * tile_.columns, Workspace::Pair{})) return false;
  for (std::uint32_t i = 0; i < facts_.memberships.size(); ++i) {
    const MembershipFact& fact = facts_.memberships[i];
    work_.pairs[std::size_t{fact.organization} * tile_.columns + fact.account].fact = i;
  }
  return true;
}

bool ChangeTile::decide() noexcept {
  if (!(prepare() && know_memberships() && judge_rows() && judge_columns() && know_roles())) return false;
  for (std::uint32_t row = 0; row < tile_.rows; ++row)
    if (!judge_cells_of(row)) return false;
  for (const Outcome outcome : to_.outcomes) to_.refusals += succeeded(outcome) ? 0 : 1;
  if (is_whole(profile_, command_) && to_.refusals != 0) refuse_all();
  if (to_.changes.empty()) return true;
  return guard() && close(profile_, command_, query_, facts_, context_, to_.changes);
}

ROSTER_END
