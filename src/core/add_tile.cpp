// What is known before any cell is looked at: verdicts on rows and columns, roles, duplicates.
#include "add_tile.hpp"

#include <algorithm>

#include "fold.hpp"
#include "role_rules.hpp"

ROSTER_BEGIN

bool AddTile::prepare() noexcept {
  to_.refusals = 0;
  to_.changes.clear();
  to_.roles.clear();
  work_.own.clear();
  work_.row_writes.clear();
  work_.column_writes.clear();
  work_.created_at.clear();
  const std::size_t cells = std::size_t{tile_.rows} * width_;
  if (!to_.outcomes.resize_uninitialized(cells)) return false;
  to_.memberships.clear();
  to_.cell_roles.clear();
  if (context_.details && !(to_.memberships.resize(cells, MembershipId{}) && to_.cell_roles.resize(cells, no_role)))
    return false;
  to_.accounts.clear();
  return to_.accounts.resize(width_, AccountReport{}) && work_.row_writes.resize(facts_.organizations.size(), 0) &&
         work_.column_writes.resize(tile_.columns, 0) && work_.created_at.resize(tile_.columns, no_index);
}

bool AddTile::judge_rows() noexcept {
  if (!work_.rows.resize_uninitialized(tile_.rows)) return false;
  bool disclosed = false;
  for (std::uint32_t row = 0; row < tile_.rows; ++row) {
    const Outcome verdict = judge_row(profile_, command_, facts_, row);
    work_.rows[row] = verdict;
    disclosed |= discloses(verdict);
  }
  if (disclosed)
    for (std::uint32_t column = 0; column < tile_.columns; ++column)
      to_.accounts[column].id = facts_.accounts[column].id;
  bool found = false;
  if (!fold(
          facts_.organizations.size(), [this](std::uint32_t i) { return facts_.organizations[i].id.view(); }, same_text,
          work_.first_row, work_.buckets, found))
    return false;
  duplicates_ |= found;
  return true;
}

bool AddTile::judge_columns() noexcept {
  if (!work_.columns.resize_uninitialized(tile_.columns)) return false;
  const bool creates = profile_.on_unknown_account != OnUnknown::reject;
  const auto email_of = [this](std::uint32_t column) -> const Email* {
    return column < query_.accounts.size() ? std::get_if<Email>(&query_.accounts[column]) : nullptr;
  };
  for (std::uint32_t column = 0; column < tile_.columns; ++column) {
    const AccountFact& fact = facts_.accounts[column];
    Outcome verdict = no_objection;
    if (fact.id.empty()) {
      if (!creates || email_of(column) == nullptr) verdict = Outcome::account_not_found;
    } else if (fact.disabled) {
      verdict = Outcome::account_disabled;
    }
    work_.columns[column] = verdict;
  }
  bool found = false;
  const auto key_of = [&](std::uint32_t column) -> std::string_view {
    const AccountFact& fact = facts_.accounts[column];
    if (!fact.id.empty()) return fact.id.view();
    const Email* const email = email_of(column);
    return email != nullptr ? email->key() : std::string_view{};
  };
  // An id may look like the key of an address, so an account that was found is never the same as one that was not.
  const auto same = [this](std::uint32_t a, std::uint32_t b) {
    return facts_.accounts[a].id.empty() == facts_.accounts[b].id.empty();
  };
  if (!fold(tile_.columns, key_of, same, work_.first_column, work_.buckets, found)) return false;
  duplicates_ |= found;
  return true;
}

bool AddTile::know_roles() noexcept {
  const std::uint32_t known = facts_.roles.size();
  const std::uint32_t asked = asked_count(command_);
  if (!to_.roles.reserve(std::size_t{known} + asked + 1)) return false;
  for (const Role& role : facts_.roles) to_.roles.append(&role.id);
  for (std::uint32_t i = 0; i < asked; ++i) to_.roles.append(&asked_role(profile_, command_, i));
  if (profile_.parent == ParentRule::add) {
    parent_role_ = static_cast<RoleIndex>(to_.roles.size());
    to_.roles.append(&profile_.parent_role);
  }
  work_.written_role.clear();
  if (!work_.written_role.resize(to_.roles.size(), no_role)) return false;
  if (profile_.on_other_role == OnMember::raise) {
    work_.ranks.clear();
    for (const Role& role : facts_.roles)
      if (!work_.ranks.push(known_role(profile_, role).rank)) return false;
  }
  bool found = false;
  return fold(
      to_.roles.size(), [this](std::uint32_t i) { return to_.roles[i]->view(); }, same_text, work_.first_role,
      work_.buckets, found);
}

bool AddTile::know_pairs() noexcept {
  const bool parents = profile_.parent != ParentRule::ignore && facts_.organizations.size() > 0 &&
                       std::any_of(facts_.organizations.begin(), facts_.organizations.end(),
                                   [](const OrganizationFact& fact) { return fact.parent != no_index; });
  pairs_ = duplicates_ || parents;
  if (!pairs_) return true;
  work_.pairs.clear();
  const std::size_t columns = tile_.columns;
  if (!work_.pairs.resize(facts_.organizations.size() * columns, Pair{})) return false;
  for (std::uint32_t i = 0; i < facts_.memberships.size(); ++i) {
    const MembershipFact& fact = facts_.memberships[i];
    Pair& pair = work_.pairs[work_.first_row[fact.organization] * columns + work_.first_column[fact.account]];
    if (!pair.member) pair = {i, no_index, fact.role, true, fact.written_by_request};
  }
  return true;
}

bool AddTile::ask(std::uint32_t row) noexcept {
  const std::uint32_t parent = facts_.organizations[row].parent;
  const bool parent_role_missing =
      profile_.parent == ParentRule::add && parent != no_index && !parent_role_exists(profile_, query_, facts_, parent);
  const std::uint32_t count = asked_count(command_);
  if (!work_.asks.resize_uninitialized(count)) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    Ask& ask = work_.asks[i];
    ask.role = static_cast<RoleIndex>(facts_.roles.size() + i);
    ask.omitted = is_omitted(command_, i);
    ask.verdict = judge_role(profile_, command_, query_, facts_, row, i, ask.rank);
    if (ask.verdict == no_objection && parent_role_missing) ask.verdict = Outcome::role_not_found;
  }
  return true;
}

bool AddTile::decide() noexcept {
  if (!(prepare() && judge_rows() && judge_columns() && know_roles() && know_pairs() && judge_cells())) return false;
  if (profile_.mode == Mode::atomic && to_.refusals != 0) refuse_all();
  ChangeSet& changes = to_.changes;
  if (changes.empty()) return true;
  changes.organizations = facts_.organizations.span();
  changes.accounts = facts_.accounts.span();
  changes.actor = command_.actor.id;
  changes.at = context_.now;
  return guard() && draw();
}

ROSTER_END
