// decide() for AddMembers: every row, column and role is judged once; a cell costs table look-ups and byte writes.
#include <algorithm>

#include "fold.hpp"
#include "role_rules.hpp"
#include "roster/decision.hpp"
#include "row_rules.hpp"
#include "rules.hpp"

ROSTER_BEGIN

namespace {

using Pair = Workspace::Pair;

using Ask = Workspace::Ask;

/// Outcomes whose cell has a membership that the report may show.
constexpr bool shows(Outcome outcome) noexcept {
  return succeeded(outcome) || outcome == Outcome::conflict || outcome == Outcome::role_conflict;
}

/// Why an organization is written to: a cell of its own row, or ParentRule::add for a row below it.
enum Write : std::uint8_t { by_rule = 1, as_parent = 2 };

/// One tile on its way through the rules. Every method that returns bool returns false only when memory is out.
class Tiled {
 public:
  Tiled(const Profile& profile, const AddMembers& command, const Tile& tile, const Query& query, const Facts& facts,
        const Context& context, Decision& decision) noexcept
      : profile_(profile),
        command_(command),
        tile_(tile),
        query_(query),
        facts_(facts),
        context_(context),
        to_(decision),
        work_(decision.work),
        width_(tile.columns + tile.missing_groups) {}

  [[nodiscard]] bool decide() noexcept;

 private:
  [[nodiscard]] bool prepare() noexcept;
  [[nodiscard]] bool judge_rows() noexcept;
  [[nodiscard]] bool judge_columns() noexcept;
  [[nodiscard]] bool know_roles() noexcept;
  [[nodiscard]] bool know_pairs() noexcept;
  [[nodiscard]] bool judge_cells() noexcept;
  [[nodiscard]] bool make_room() noexcept;
  [[nodiscard]] bool judge_cells_of(std::uint32_t row) noexcept;
  [[nodiscard]] bool judge_pairs_of(std::uint32_t row) noexcept;
  [[nodiscard]] bool ask(std::uint32_t row) noexcept;
  Outcome judge_member(const Ask& ask, RoleIndex has, bool own) const noexcept;
  [[nodiscard]] bool add(std::uint32_t row, std::uint32_t column, const Ask& ask, std::uint32_t cell) noexcept;
  [[nodiscard]] bool add_to_parent(std::uint32_t parent, std::uint32_t column) noexcept;
  [[nodiscard]] bool replace(std::uint32_t row, std::uint32_t column, const MembershipFact& fact,
                             RoleIndex role) noexcept;
  [[nodiscard]] bool written(RoleIndex role, RoleIndex& index) noexcept;
  [[nodiscard]] bool account_of(std::uint32_t column, std::uint32_t& account) noexcept;
  void show(std::uint32_t cell, const MembershipId& id, RoleIndex role) noexcept;
  void refuse_all() noexcept;
  [[nodiscard]] bool guard() noexcept;
  [[nodiscard]] bool draw() noexcept;

  std::uint32_t asked_at(std::uint32_t row, std::uint32_t column) const noexcept {
    if (command_.cell_roles.empty() || tile_.column + column >= named_) return 0;
    return command_.cell_roles[std::size_t{tile_.row + row} * named_ + tile_.column + column];
  }

  const Profile& profile_;
  const AddMembers& command_;
  const Tile& tile_;
  const Query& query_;
  const Facts& facts_;
  const Context& context_;
  Decision& to_;
  Workspace& work_;
  const std::uint32_t width_;
  std::uint32_t named_ = static_cast<std::uint32_t>(command_.accounts.size());
  std::uint32_t fact_ = 0;   // the first membership not yet passed, in the row that is judged
  bool duplicates_ = false;  // two rows, or two columns, name one record
  bool pairs_ = false;       // cells may see what earlier cells did: judge through work_.pairs
  RoleIndex parent_role_ = no_role;
};

bool Tiled::prepare() noexcept {
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

bool Tiled::judge_rows() noexcept {
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

bool Tiled::judge_columns() noexcept {
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

bool Tiled::know_roles() noexcept {
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

bool Tiled::know_pairs() noexcept {
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

bool Tiled::ask(std::uint32_t row) noexcept {
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

/// The conflict policy, in one place. A role that was not asked for by name is no opinion about the one there is.
Outcome Tiled::judge_member(const Ask& ask, RoleIndex has, bool own) const noexcept {
  const bool same = ask.omitted || work_.first_role[has] == work_.first_role[ask.role];
  if (own) return same ? Outcome::replayed : Outcome::request_reused;
  if (same) return profile_.on_same_role == OnMember::reject ? Outcome::conflict : Outcome::existing;
  switch (profile_.on_other_role) {
    case OnMember::keep: return Outcome::existing;
    case OnMember::reject: return Outcome::role_conflict;
    case OnMember::replace: return Outcome::replaced;
    case OnMember::raise: return ask.rank > work_.ranks[has] ? Outcome::replaced : Outcome::existing;
  }
  return Outcome::role_conflict;
}

bool Tiled::written(RoleIndex role, RoleIndex& index) noexcept {
  RoleIndex& known = work_.written_role[work_.first_role[role]];
  if (known == no_role) {
    known = static_cast<RoleIndex>(to_.changes.roles.size());
    if (!to_.changes.roles.push(*to_.roles[role])) return false;
  }
  index = known;
  return true;
}

bool Tiled::account_of(std::uint32_t column, std::uint32_t& account) noexcept {
  account = column;
  if (!facts_.accounts[column].id.empty()) return true;
  std::uint32_t& at = work_.created_at[column];
  if (at == no_index) {
    at = to_.changes.created.size();
    const auto* const email = std::get_if<Email>(&query_.accounts[column]);
    if (!to_.changes.created.push({{}, email, profile_.on_unknown_account == OnUnknown::invite})) return false;
  }
  account = tile_.columns + at;
  return true;
}

/// For what one row can add at most: each cell, and for each a membership in the parent.
bool Tiled::make_room() noexcept {
  const std::size_t each = pairs_ ? 2 : 1;
  return to_.changes.added.reserve(to_.changes.added.size() + each * tile_.columns) &&
         (!(context_.details || pairs_) || work_.own.reserve(work_.own.size() + std::size_t{tile_.columns}));
}

bool Tiled::add(std::uint32_t row, std::uint32_t column, const Ask& ask, std::uint32_t cell) noexcept {
  MemberAdded added;
  added.organization = row;
  if (!account_of(column, added.account) || !written(ask.role, added.role)) return false;
  const bool invited = added.account != column && profile_.on_unknown_account == OnUnknown::invite;
  added.state = invited ? MembershipState::invited : MembershipState::active;
  if (context_.details || pairs_) work_.own.append({cell, to_.changes.added.size()});
  work_.row_writes[row] |= by_rule;
  work_.column_writes[column] = 1;
  to_.outcomes[cell] = invited ? Outcome::invited : Outcome::added;
  if (context_.details) to_.cell_roles[cell] = ask.role;
  to_.changes.added.append(added);
  return true;
}

bool Tiled::add_to_parent(std::uint32_t parent, std::uint32_t column) noexcept {
  MemberAdded added;
  added.organization = parent;
  if (!account_of(column, added.account) || !written(parent_role_, added.role)) return false;
  const bool invited = added.account != column && profile_.on_unknown_account == OnUnknown::invite;
  added.state = invited ? MembershipState::invited : MembershipState::active;
  work_.row_writes[parent] |= as_parent;
  work_.column_writes[column] = 1;
  work_.pairs[std::size_t{parent} * tile_.columns + column] = {no_index, to_.changes.added.size(), parent_role_, true,
                                                               true};
  to_.changes.added.append(added);
  return true;
}

bool Tiled::replace(std::uint32_t row, std::uint32_t column, const MembershipFact& fact, RoleIndex role) noexcept {
  RoleReplaced replaced{fact.id, row, column, no_role, no_role, fact.version};
  if (!written(role, replaced.role) || !written(fact.role, replaced.from)) return false;
  work_.row_writes[row] |= by_rule;
  work_.column_writes[column] = 1;
  return to_.changes.replaced.push(replaced);
}

void Tiled::show(std::uint32_t cell, const MembershipId& id, RoleIndex role) noexcept {
  if (!context_.details) return;
  to_.memberships[cell] = id;
  to_.cell_roles[cell] = role;
}

/// The usual row: no cell can see what another cell of this command did.
bool Tiled::judge_cells_of(std::uint32_t row) noexcept {
  const bool one_role = command_.cell_roles.empty();
  const MembershipFact* fact = facts_.memberships.data() + fact_;
  const MembershipFact* const end = facts_.memberships.end();
  const Outcome* const verdicts = work_.columns.data();
  Outcome* const outcomes = to_.outcomes.data() + std::size_t{row} * width_;
  std::uint32_t refusals = 0;
  for (std::uint32_t column = 0; column < tile_.columns; ++column) {
    const MembershipFact* const has =
        fact != end && fact->organization == row && fact->account == column ? fact++ : nullptr;
    const Ask& ask = work_.asks[one_role ? 0 : asked_at(row, column)];
    const std::uint32_t cell = row * width_ + column;
    if (ask.verdict != no_objection || verdicts[column] != no_objection) {
      outcomes[column] = ask.verdict != no_objection ? ask.verdict : verdicts[column];
      ++refusals;
    } else if (has == nullptr) {
      if (!add(row, column, ask, cell)) return false;
    } else {
      const Outcome outcome = judge_member(ask, has->role, has->written_by_request);
      outcomes[column] = outcome;
      refusals += succeeded(outcome) ? 0 : 1;
      if (shows(outcome)) show(cell, has->id, outcome == Outcome::replaced ? ask.role : has->role);
      if (outcome == Outcome::replaced && !replace(row, column, *has, ask.role)) return false;
    }
  }
  fact_ = static_cast<std::uint32_t>(fact - facts_.memberships.begin());
  to_.refusals += refusals;
  return true;
}

/// A row some of whose cells may see what an earlier cell did: duplicates, or memberships in parents.
bool Tiled::judge_pairs_of(std::uint32_t row) noexcept {
  const std::uint32_t first_row = work_.first_row[row];
  const std::uint32_t parent_row = facts_.organizations[row].parent;
  const bool has_parent = profile_.parent != ParentRule::ignore && parent_row != no_index;
  const std::uint32_t parent = has_parent ? work_.first_row[parent_row] : no_index;
  for (std::uint32_t column = 0; column < tile_.columns; ++column) {
    const std::uint32_t cell = row * width_ + column;
    const std::uint32_t first = work_.first_column[column];
    const Ask& asked = work_.asks[asked_at(row, column)];
    Pair& pair = work_.pairs[std::size_t{first_row} * tile_.columns + first];
    Outcome outcome = asked.verdict != no_objection ? asked.verdict : work_.columns[column];
    if (outcome == no_objection && pair.member) {
      outcome = judge_member(asked, pair.role, pair.own);
      const MembershipFact* const fact = pair.fact == no_index ? nullptr : &facts_.memberships[pair.fact];
      if (outcome == Outcome::replaced) {
        if (!replace(first_row, first, *fact, asked.role)) return false;
        pair.role = asked.role;
        pair.own = true;
      } else if (pair.own && outcome == Outcome::replayed &&
                 (fact == nullptr || !fact->written_by_request)) {  // written by an earlier cell of this very tile
        work_.own.append({cell, pair.added});
      }
      if (shows(outcome)) show(cell, fact != nullptr ? fact->id : MembershipId{}, pair.role);
      to_.outcomes[cell] = outcome;
    } else if (outcome == no_objection) {
      const bool in_parent = !has_parent || work_.pairs[std::size_t{parent} * tile_.columns + first].member;
      if (!in_parent && profile_.parent == ParentRule::require) {
        outcome = Outcome::parent_required;
        to_.outcomes[cell] = outcome;
      } else {
        if (!in_parent && !add_to_parent(parent, first)) return false;
        pair = {no_index, to_.changes.added.size(), asked.role, true, true};
        if (!add(first_row, first, asked, cell)) return false;
        outcome = to_.outcomes[cell];
        if (in_parent && has_parent && profile_.parent == ParentRule::require) {
          const Pair& above = work_.pairs[std::size_t{parent} * tile_.columns + first];
          if (above.fact != no_index && !to_.changes.guards.push({Guard::Record::membership, parent, first,
                                                                  facts_.memberships[above.fact].version}))
            return false;
        }
      }
    } else {
      to_.outcomes[cell] = outcome;
    }
    to_.refusals += succeeded(outcome) ? 0 : 1;
  }
  while (fact_ < facts_.memberships.size() && facts_.memberships[fact_].organization == row) ++fact_;
  return true;
}

bool Tiled::judge_cells() noexcept {
  for (std::uint32_t row = 0; row < tile_.rows; ++row) {
    const Outcome verdict = work_.rows[row];
    Outcome* const outcomes = to_.outcomes.data() + std::size_t{row} * width_;
    if (verdict != no_objection) {
      std::fill_n(outcomes, width_, verdict);
      to_.refusals += width_;
      while (fact_ < facts_.memberships.size() && facts_.memberships[fact_].organization == row) ++fact_;
      continue;
    }
    if (!ask(row) || !make_room() || !(pairs_ ? judge_pairs_of(row) : judge_cells_of(row))) return false;
    for (std::uint32_t missing = tile_.columns; missing < width_; ++missing) {
      const Outcome role = work_.asks[0].verdict;
      outcomes[missing] = role != no_objection ? role : Outcome::group_not_found;
      ++to_.refusals;
    }
  }
  return true;
}

/// Atomic, and something was refused: nothing is written, and the cells that would have been written say so.
void Tiled::refuse_all() noexcept {
  to_.changes.clear();
  const auto take_back = [this](std::uint32_t cell) {
    to_.outcomes[cell] = Outcome::not_attempted;
    show(cell, MembershipId{}, no_role);
    ++to_.refusals;
  };
  for (const Workspace::Own& own : work_.own)
    if (to_.outcomes[own.cell] != Outcome::not_attempted) take_back(own.cell);
  for (std::uint32_t cell = 0; cell < to_.outcomes.size(); ++cell) {
    const Outcome outcome = to_.outcomes[cell];
    if (outcome == Outcome::added || outcome == Outcome::invited || outcome == Outcome::replaced) take_back(cell);
  }
  work_.own.clear();
}

/// What the decision leaned on must still hold when it is committed. Absence needs no guard: it is a unique key.
bool Tiled::guard() noexcept {
  auto& guards = to_.changes.guards;
  for (std::uint32_t row = 0; row < facts_.organizations.size(); ++row) {
    if (work_.row_writes[row] == 0) continue;
    if (!guards.push({Guard::Record::organization, row, 0, facts_.organizations[row].version})) return false;
    if ((work_.row_writes[row] & by_rule) == 0 || !actor_leans_on_membership(profile_, command_, facts_, row)) continue;
    const std::uint32_t place = actor_place(profile_, facts_, row);
    if (!guards.push({Guard::Record::actor, place, 0, facts_.organizations[place].actor_version})) return false;
  }
  for (std::uint32_t column = 0; column < tile_.columns; ++column)
    if (work_.column_writes[column] != 0 && !facts_.accounts[column].id.empty())
      if (!guards.push({Guard::Record::account, 0, column, facts_.accounts[column].version})) return false;
  if (profile_.mode != Mode::atomic) return true;
  for (const MembershipFact& fact : facts_.memberships)
    if (fact.organization < tile_.rows)
      if (!guards.push({Guard::Record::membership, fact.organization, fact.account, fact.version})) return false;
  return true;
}

bool Tiled::draw() noexcept {
  ChangeSet& changes = to_.changes;
  if (!changes.created.empty()) {
    List<AccountId, 1> ids;
    if (!ids.resize(changes.created.size(), AccountId{})) return false;
    context_.ids->fill(ids.span());
    for (std::uint32_t i = 0; i < ids.size(); ++i) changes.created[i].id = ids[i];
    for (std::uint32_t column = 0; column < tile_.columns; ++column) {
      const std::uint32_t at = work_.created_at[work_.first_column[column]];
      if (at != no_index) to_.accounts[column] = {ids[at], work_.first_column[column] == column};
    }
  }
  if (changes.added.empty()) return true;
  if (!changes.added_ids.resize_uninitialized(changes.added.size())) return false;
  context_.ids->fill(changes.added_ids.span());
  if (context_.details)
    for (const Workspace::Own& own : work_.own)
      if (own.added != no_index) to_.memberships[own.cell] = changes.added_ids[own.added];
  return true;
}

bool Tiled::decide() noexcept {
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

}  // namespace

Result<void> decide(const Profile& profile, const AddMembers& command, const Tile& tile, const Query& query,
                    const Facts& facts, const Context& context, Decision& decision) noexcept {
  if (!Tiled(profile, command, tile, query, facts, context, decision).decide()) return Errc::out_of_memory;
  return success();
}

namespace {

const AddMembers& as_add(const Command& command) noexcept {
  return static_cast<const AddMembers&>(command);
}

Result<void> admit(const Profile& profile, const Command& command) noexcept {
  const AddMembers& add = as_add(command);
  if (add.roles.size() > roles_max) return Errc::roles_malformed;
  if (!add.cell_roles.empty()) {
    const std::uint64_t cells = std::uint64_t{add.organizations.size()} * add.accounts.size();
    if (add.cell_roles.size() != cells) return Errc::roles_malformed;
    const std::uint32_t roles = asked_count(add);
    for (std::size_t cell = 0; cell < cells; ++cell)
      if (add.cell_roles[cell] >= roles) return Error(Errc::roles_malformed, static_cast<std::uint32_t>(cell));
  }
  if (profile.parent == ParentRule::add && profile.parent_role.empty()) return Errc::profile_malformed;
  if (profile.roles.empty()) return success();
  if (profile.parent == ParentRule::add && find_role(profile, profile.parent_role) == nullptr)
    return Errc::profile_malformed;
  if (profile.default_role.empty()) return success();
  const Role* const role = find_role(profile, profile.default_role);
  if (role == nullptr || !role->assignable) return Errc::profile_malformed;
  return success();
}

}  // namespace

constinit const Rules add_members_rules = {
    admit,
    [](const Profile& profile, const Command& command, List<RoleId, 1>& wanted) noexcept {
      return wanted_roles(profile, as_add(command), wanted);
    },
    [](const Command& command) noexcept { return !as_add(command).cell_roles.empty(); },
    [](const Profile& profile, const Command& command, const Tile& tile, const Query& query, const Facts& facts,
       const Context& context,
       Decision& decision) noexcept { return decide(profile, as_add(command), tile, query, facts, context, decision); },
};

ROSTER_END
