// What is known before any cell is looked at: verdicts on rows and columns, roles, duplicates.
#include "add_tile.hpp"

#include "cell_rules.hpp"
#include "closing.hpp"
#include "fold.hpp"
#include "role_rules.hpp"

ROSTER_BEGIN

bool AddTile::prepare() noexcept {
  to_.refusals = 0;
  to_.changes.clear();
  to_.previous.clear();
  work_.own.clear();
  work_.losing.clear();
  const std::size_t cells = std::size_t{tile_.rows} * width_;
  to_.memberships.clear();
  to_.cell_roles.clear();
  if (context_.details && !(to_.memberships.resize(cells, MembershipId{}) && to_.cell_roles.resize(cells, no_role)))
    return false;
  to_.accounts.clear();
  return to_.outcomes.resize_uninitialized(cells) && to_.accounts.resize(width_, AccountReport{});
}

bool AddTile::judge_rows() noexcept {
  const std::uint32_t count = facts_.organizations.size();
  if (!work_.rows.resize_uninitialized(count)) return false;
  bool disclosed = false, parents = false;
  for (std::uint32_t row = 0; row < count; ++row) {
    Standing standing;
    const Outcome verdict = row < tile_.rows ? judge_row(profile_, command_, facts_, row, standing) : no_objection;
    const MemberCounts& counts = facts_.organizations[row].counts;
    work_.rows[row] = {verdict, 0, row, seats_left(profile_, counts), counts.owners, 0};
    disclosed |= row < tile_.rows && discloses(verdict);
    parents |= facts_.organizations[row].parent != no_index;
  }
  pairs_ = parents && profile_.parent != ParentRule::ignore;
  if (disclosed)
    for (std::uint32_t column = 0; column < tile_.columns; ++column)
      if (!is_hidden(profile_, command_, email_of(query_, column)))
        to_.accounts[column].id = facts_.accounts[column].id;
  if (count == 1) return true;
  const auto found = [this](std::uint32_t row, std::uint32_t first) {
    work_.rows[row].first = first;
    pairs_ |= row != first;
  };
  const auto id = [this](std::uint32_t row) -> const OrganizationId& { return facts_.organizations[row].id; };
  if (count <= few_max) {
    fold_few(
        count, [&](std::uint32_t a, std::uint32_t b) { return !id(a).empty() && id(a) == id(b); }, found);
    return true;
  }
  return fold_many(
      count, [&](std::uint32_t row) { return id(row).view(); }, [](std::uint32_t, std::uint32_t) { return true; },
      found, work_.buckets);
}

bool AddTile::judge_columns() noexcept {
  if (!work_.columns.resize_uninitialized(tile_.columns)) return false;
  for (std::uint32_t column = 0; column < tile_.columns; ++column) {
    const AccountFact& fact = facts_.accounts[column];
    const Email* const email = email_of(query_, column);
    work_.columns[column] = {judge_account(profile_, command_, fact, email),
                             joining_state(profile_, command_, fact, email),
                             false,
                             !fact.id.empty(),
                             column,
                             no_index};
    const Workspace::Column& judged = work_.columns[column];
    refuses_columns_ |= judged.verdict != no_objection;
    columns_alike_ &= judged.exists && judged.joins_as == work_.columns[0].joins_as;
  }
  columns_alike_ &= !refuses_columns_;
  if (tile_.columns == 1) return true;
  const auto key_of = [this](std::uint32_t column) { return column_key(query_, facts_, column); };
  const auto same = [this](std::uint32_t a, std::uint32_t b) { return both_exist_or_neither(facts_, a, b); };
  const auto found = [this](std::uint32_t column, std::uint32_t first) {
    work_.columns[column].first = first;
    work_.columns[column].verdict = work_.columns[first].verdict;  // how the first names somebody decides
    pairs_ |= column != first;
  };
  return fold_many(tile_.columns, key_of, same, found, work_.buckets);
}

bool AddTile::know_roles() noexcept {
  const std::uint32_t known = facts_.roles.size(), asked = asked_count(command_);
  const std::uint32_t count = known + asked + (profile_.parent == ParentRule::add ? 1 : 0);
  if (!to_.roles.resize_uninitialized(count)) return false;
  RoleUse* const roles = to_.roles.data();
  for (std::uint32_t i = 0; i < known; ++i) roles[i] = {facts_.roles[i].id};
  for (std::uint32_t i = 0; i < asked; ++i) roles[known + i] = {asked_role(profile_, command_, i)};
  if (profile_.parent == ParentRule::add) {
    parent_role_ = static_cast<RoleIndex>(known + asked);
    roles[parent_role_] = {profile_.parent_role};
  }
  for (std::uint32_t i = 0; i < known; ++i) {
    const Role& role = known_role(profile_, facts_.roles[i]);
    roles[i].rank = role.rank;
    roles[i].owns = role.owns;
  }

  const auto found = [roles](std::uint32_t role, std::uint32_t first) {
    roles[role].first = static_cast<RoleIndex>(first);
  };
  const auto same = [roles](std::uint32_t a, std::uint32_t b) { return roles[a].id == roles[b].id; };
  if (count <= few_max) {
    fold_few(count, same, found);
    return true;
  }
  return fold_many(
      count, [roles](std::uint32_t i) { return roles[i].id.view(); }, same, found, work_.buckets);
}

/// Only for a command some of whose cells can see what earlier ones did.
bool AddTile::know_pairs() noexcept {
  if (!pairs_) return true;
  work_.pairs.clear();
  if (!work_.pairs.resize(std::size_t{facts_.organizations.size()} * tile_.columns, Pair{})) return false;
  for (std::uint32_t i = 0; i < facts_.memberships.size(); ++i) {
    const MembershipFact& fact = facts_.memberships[i];
    Pair& pair = pair_at(work_.rows[fact.organization].first, work_.columns[fact.account].first);
    if (!pair.member) pair = {i, no_index, no_index, fact.role, true, fact.written_by_request, is_former(fact)};
  }
  return true;
}

bool AddTile::ask(std::uint32_t row) noexcept {
  const std::uint32_t parent = facts_.organizations[row].parent;
  const bool parent_role_missing =
      profile_.parent == ParentRule::add && parent != no_index && !parent_role_exists(profile_, query_, facts_, parent);
  standing_ = {};
  (void)lets_in(profile_, command_, facts_, row, standing_);
  const std::uint32_t count = asked_count(command_);
  if (!work_.asks.resize_uninitialized(count)) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    Ask& ask = work_.asks[i];
    ask.role = static_cast<RoleIndex>(facts_.roles.size() + i);
    ask.omitted = is_omitted(command_, i);
    const Role* role = nullptr;
    ask.verdict = judge_role(profile_, command_, query_, facts_, row, i, role);
    ask.rank = role != nullptr ? role->rank : std::uint16_t{0};
    ask.owns = role != nullptr && role->owns;
    ask.outranks = role != nullptr && standing_.is_outranked_by(*role);
    const bool given = ask.verdict == no_objection || ask.verdict == Outcome::role_not_assignable;
    if (given && parent_role_missing) ask.verdict = Outcome::role_not_found;
  }
  return true;
}

bool AddTile::decide() noexcept {
  if (tile_.rows == 1 && width_ == 1 && tile_.columns == 1 && facts_.organizations.size() == 1) return decide_one();
  if (!(prepare() && judge_rows() && judge_columns() && know_roles() && know_pairs() && judge_cells())) return false;
  if (profile_.mode == Mode::atomic && to_.refusals != 0) refuse_all();
  if (to_.changes.empty()) return true;
  if (!(guard() && close(profile_, command_, query_, facts_, context_, to_.changes))) return false;
  show_fresh();
  return true;
}

ROSTER_END
