// Judges the cells, row by row. Cells with equal verdict keys share one verdict, as long as it has read no other fact.
// Runs of them are applied at once. Cells that may depend on other cells are judged one by one.
#include <algorithm>
#include <cstring>

#include "facts_checks.hpp"
#include "rules/disclosure.hpp"
#include "tile.hpp"

namespace roster::inline ROSTER_ABI {

Replay TileCell::replay() noexcept {
  dependencies_.bits |= on_membership | on_role;
  const std::uint32_t fingerprint = t_.fingerprint_at(at_.requested);
  if (at_.pair != nullptr && at_.pair->written)  // a repetition of the earlier cell, as in a tile of its own
    return at_.pair->fingerprint == fingerprint ? Replay::idempotency_key : Replay::key;
  if (at_.has == nullptr) return Replay::none;
  if (t_.command.kind() == CommandKind::transfer_ownership && at_.column != at_.first_column &&
      !t_.requests_same_role(at_.requested, at_.has->role))
    return Replay::key;  // a transfer to the actor itself
  // The verdict key has no fingerprint.
  if (at_.has->match != RequestMatch::none) dependencies_.bits |= on_more;
  return replay_of(at_.has, fingerprint);
}

Relation TileCell::relation() noexcept {
  dependencies_.bits |= on_membership | on_role;
  if (t_.command.kind() == CommandKind::change_expiry) {
    dependencies_.bits |= on_more;
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): the judge compares only a membership that exists
    return at_.has->valid_until == t_.until ? Relation::same : Relation::other;
  }
  // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): as above
  if (t_.requests_same_role(at_.requested, at_.has->role)) return Relation::same;
  return at_.requested->rank > t_.work.roles[at_.has->role].rank ? Relation::higher : Relation::other;
}

ParentClass TileCell::parent() noexcept {
  // The same answer for every cell of the row, so cells without a parent stay in runs.
  if (t_.current_row.parent == no_index) return dependencies_.on(on_organization, ParentClass::free);
  dependencies_.bits |= on_parent | on_more;
  const Workspace::PairState& above = t_.pair_at(t_.current_row.parent, at_.first_column);
  if (above.written) return above.waits ? ParentClass::waits : ParentClass::there;
  if (above.fact == no_index) {
    const OrganizationFact& parent = t_.facts.organizations[t_.current_row.parent];
    return parent.joinable && !parent.closed ? ParentClass::absent : ParentClass::closed;
  }
  const CellState there = state_of(&t_.facts.memberships[above.fact]);
  if (is_former(there)) return ParentClass::closed;
  return there == CellState::invited ? ParentClass::waits : ParentClass::there;
}

bool TileCell::inviter_lapsed() noexcept {
  dependencies_.bits |= on_inviter | on_more;
  if (!t_.query.inviters) return false;
  const InviterFact& inviter = t_.facts.inviters[static_cast<std::size_t>(at_.has - t_.facts.memberships.data())];
  if (invites_without_membership(t_.profile, t_.facts.organizations[t_.current_row.row].id, inviter.id)) return false;
  const Workspace::RoleUse& held = t_.work.roles[at_.has->role];
  return has_lapsed(t_.profile, t_.facts, inviter, Role{{}, held.rank, true, false, held.owns});
}

namespace {

struct JudgedCell {
  const Verdict* verdict;
  std::uint8_t dependencies;
};

JudgedCell judge_at(TileWork& t, const CellAt& at) noexcept {
  TileCell cell(t, at);
  const Verdict& verdict = judge(t.policy, cell);
  if (t.atomic) add_dependencies(t, cell.dependencies());  // a refusal of this cell would have undone all writes
  return {&verdict, cell.dependencies()};
}

CellAt cell_at(const TileWork& t, std::uint32_t column, const Workspace::RequestedRole* requested,
               const MembershipFact* has, Workspace::PairState* pair) noexcept {
  return {t.current_row.row,
          column,
          t.current_row.row * t.width + column,
          t.work.columns[column].first,
          requested,
          has,
          pair};
}

/// The key of the last verdict: a next cell with the same key has the same verdict.
struct Memo {
  static constexpr std::uint32_t absent = 0xFFFFFFFFu, unknown = 0xFFFFFFFEu;  // no verdict key has these values
  std::uint32_t word = unknown;
  std::uint8_t traits = 0;
  JudgedCell last{&plain<Outcome::undecided>, 0};
};

/// Settles cells from `at.column` up to `to` with a verdict that writes nothing, while their verdict keys are equal.
std::uint32_t settle_run(TileWork& t, const CellAt& at, std::uint32_t to, std::uint32_t word,
                         Outcome outcome) noexcept {
  const bool shown = disclosed(outcome, false, t.context.details).membership;
  const std::uint32_t first_cell = t.current_row.row * t.width;
  const MembershipFact* fact = at.has;
  const MembershipFact* const stop = fact + std::min<std::ptrdiff_t>(t.facts.memberships.end() - fact, to - at.column);
  Outcome* const outcomes = t.to.outcomes.data() + first_cell;
  MembershipId* const memberships = t.to.memberships.data() + first_cell;  // only with details
  RoleIndex* const cell_roles = t.to.cell_roles.data() + first_cell;
  const RoleIndex role = fact->role;
  std::uint32_t column = at.column;
  std::uint64_t key = cell_key(t.current_row.row, column);
  do {
    outcomes[column] = outcome;
    if (shown) {
      memberships[column] = fact->id;
      cell_roles[column] = role;
    }
    ++column;
    key += cell_key(0, 1);
  } while (++fact != stop && cell_key_of(*fact) == key && verdict_key(*fact) == word);
  t.fact = static_cast<std::uint32_t>(fact - t.facts.memberships.data());
  return column;
}

/// Settles the cells [at.column, to), which have no membership or whose membership makes no difference.
std::uint32_t settle_alike(TileWork& t, const CellAt& at, std::uint32_t to, Outcome outcome) noexcept {
  std::memset(t.to.outcomes.data() + at.cell, static_cast<int>(outcome), to - at.column);
  const MembershipFact* const end = t.facts.memberships.end();
  const MembershipFact* fact = t.facts.memberships.data() + t.fact;
  while (fact != end && fact->organization == t.current_row.row && fact->account < to) ++fact;
  t.fact = static_cast<std::uint32_t>(fact - t.facts.memberships.data());
  return to;
}

/// Settles cells from `at` on, at most up to `to`, with a verdict that writes nothing. Returns the first column after
/// them.
std::uint32_t settle_many(TileWork& t, const CellAt& at, std::uint32_t to, std::uint32_t word,
                          Outcome outcome) noexcept {
  const std::uint32_t end =
      word != Memo::absent ? settle_run(t, at, to, word, outcome) : settle_alike(t, at, to, outcome);
  t.to.refusals += succeeded(outcome) ? 0 : end - at.column;
  if (!t.current_row.allowed && disclosed(outcome, false, false).account)
    for (std::uint32_t column = at.column; column < end; ++column) disclose(t, column, outcome);
  return end;
}

/// Judges the columns [from, to) of a row, which request one role.
bool judge_run(TileWork& t, std::uint32_t from, std::uint32_t to, const Workspace::RequestedRole* requested) noexcept {
  const Workspace::Column* const columns = t.work.columns.data();
  const bool counted = t.work.rows[t.current_row.first].seats != no_limit || (requested != nullptr && requested->owns);
  Memo memo;
  for (std::uint32_t column = from; column < to;) {
    const MembershipFact* const fact = t.facts.memberships.data() + t.fact;
    const bool more =
        t.fact < t.facts.memberships.size() && fact->organization == t.current_row.row && fact->account < to;
    const bool there = more && fact->account == column;
    const CellAt at = cell_at(t, column, requested, there ? fact : nullptr, nullptr);
    const std::uint32_t word = there ? verdict_key(*fact) : Memo::absent;
    const std::uint8_t traits = columns[column].traits;
    if (memo.word != word || memo.traits != traits) memo = {word, traits, judge_at(t, at)};
    const Verdict& verdict = *memo.last.verdict;
    const std::uint8_t dependencies = memo.last.dependencies;
    // The columns up to `end` are certain to have this verdict.
    std::uint32_t end = column + 1;
    if ((dependencies & on_more) != 0)
      memo.word = Memo::unknown;
    else if (there || !more)
      end = t.alike ? to : end;
    else
      end = t.alike ? fact->account : end;
    if (there && (dependencies & ~(on_organization | on_actor)) == 0) {
      column = settle_many(t, at, to, Memo::absent, verdict.outcome);
    } else if (!writes(verdict.outcome)) {
      column = settle_many(t, at, end, word, verdict.outcome);
    } else if (there || counted || end == column + 1 || !columns[column].exists) {
      if (!apply(t, at, verdict, dependencies, false)) return false;
      t.fact += there ? 1 : 0;
      ++column;
    } else {
      if (!apply_added(t, at, end, verdict, dependencies)) return false;
      column = end;
    }
  }
  return true;
}

bool judge_runs(TileWork& t) noexcept {
  const bool one_role = t.names == nullptr || t.names->cell_roles.empty();
  for (std::uint32_t from = 0, to; from < t.tile.columns; from = to) {
    const std::uint32_t requested = t.requested_role_index(t.current_row.row, from);
    to = one_role ? t.tile.columns : from + 1;
    while (to < t.tile.columns && t.requested_role_index(t.current_row.row, to) == requested) ++to;
    if (!judge_run(t, from, to, t.requested_role_at(requested))) return false;
  }
  return true;
}

/// Judges a row in which a cell may depend on an earlier one.
bool judge_one_by_one(TileWork& t) noexcept {
  for (std::uint32_t column = 0; column < t.tile.columns; ++column) {
    Workspace::PairState& pair = t.pair_at(t.current_row.first, t.work.columns[column].first);
    const MembershipFact* const has = pair.fact == no_index ? nullptr : &t.facts.memberships[pair.fact];
    const CellAt at =
        cell_at(t, column, t.requested_role_at(t.requested_role_index(t.current_row.row, column)), has, &pair);
    if (pair.defers) {  // cells of one pair keep their order
      if (!t.work.deferred.try_push_back(at)) return false;
      continue;
    }
    const JudgedCell judged = judge_at(t, at);
    if (!apply(t, at, *judged.verdict, judged.dependencies, false)) return false;
  }
  return true;
}

/// Judges the cells that take an owner away, after all new owners are known. The order of cells thus does not matter
/// for a command that replaces an owner.
bool judge_deferred(TileWork& t) noexcept {
  for (const CellAt& at : t.work.deferred) {
    const JudgedCell judged = judge_at(t, at);
    if (!apply(t, at, *judged.verdict, judged.dependencies, true)) return false;
  }
  t.work.deferred.clear();
  return true;
}

/// Judges the columns of missing groups.
void judge_missing(TileWork& t) noexcept {
  if (t.tile.missing_groups == 0) return;
  const std::uint32_t first = t.current_row.row * t.width + t.tile.columns;
  const CellAt at{t.current_row.row, t.tile.columns, first, 0, t.requested_role_at(0), nullptr, nullptr};
  TileCell cell(t, at, AccountClass::no_group);
  std::fill_n(t.to.outcomes.data() + first, t.tile.missing_groups, judge(t.policy, cell).outcome);
  t.to.refusals += t.tile.missing_groups;
}

}  // namespace

bool judge_cells(TileWork& t) noexcept {
  for (std::uint32_t row = 0; row < t.tile.rows; ++row) {
    if (!begin_row(t, row)) return false;
    if (!(t.pairs ? judge_one_by_one(t) : judge_runs(t)) || !judge_deferred(t)) return false;
    judge_missing(t);
    while (t.fact < t.facts.memberships.size() && t.facts.memberships[t.fact].organization == row) ++t.fact;
  }
  return true;
}

}  // namespace roster::inline ROSTER_ABI
