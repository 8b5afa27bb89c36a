// After the cells: the guards of the commit, then the identifiers. Identifiers are drawn last, when it is certain what
// is written. An absent membership needs no guard, because the store's key is unique.
#include <new>

#include "change_entries.hpp"
#include "tile.hpp"

namespace roster::inline ROSTER_ABI {

namespace {

/// Adds the guards of all facts on which the verdicts depend.
bool guard(TileWork& t) noexcept {
  Guards& guards = t.to.changes.guards;
  for (std::uint32_t row = 0; row < t.facts.organizations.size(); ++row)
    if (!guard_organization(guards, t.facts.organizations[row], row, t.work.rows[row].dependencies,
                            t.work.rows[row].bounds))
      return false;
  const bool all = t.atomic && (t.dependencies & on_account) != 0;
  for (std::uint32_t column = 0; column < t.tile.columns; ++column)
    if (t.work.columns[column].writes || (all && t.work.columns[column].first == column))
      if (!guard_account(guards, t.facts.accounts[column], column)) return false;
  if (!t.atomic || (t.dependencies & on_membership) == 0) return true;
  for (const MembershipFact& fact : t.facts.memberships)  // a second guard of a written membership does no harm
    if (fact.organization < t.tile.rows)
      if (!guard_membership(guards, fact)) return false;
  return true;
}

/// Copies the new identifiers into the report, if it shows them.
void show_fresh(TileWork& t) noexcept {
  const ChangeSet& changes = t.to.changes;
  for (std::uint32_t column = 0; column < t.tile.columns && !changes.created.empty(); ++column) {
    const Workspace::Column& of = t.work.columns[column];
    const std::uint32_t at = t.work.columns[of.first].created_at;
    if (at != no_index && !is_hidden(t.profile, t.command, t.query, column))
      t.to.accounts[column] = {changes.created[at].id, of.first == column};
  }
  if (!t.context.details) return;
  for (const Workspace::Touched& touched : t.work.touched) {
    if (touched.added != no_index)
      t.to.memberships[touched.cell] = changes.added_ids[touched.added];
    else if (touched.changed != no_index)
      t.to.memberships[touched.cell] = changes.changed[touched.changed].new_id;
  }
}

}  // namespace

void destroy(Workspace* work) noexcept {
  delete work;
}

IdempotencyKey bound(const IdempotencyKey& key, const AccountId& actor) noexcept {
  return bind(key, actor);
}

bool name_created(const Context& context, ChangeSet& changes) noexcept {
  SmallVector<AccountId, 1> ids;
  if (!ids.resize(changes.created.size(), AccountId{})) return false;
  context.ids->fill(ids.span());
  for (std::uint32_t i = 0; i < ids.size(); ++i) changes.created[i].id = ids[i];
  return true;
}

bool finish(TileWork& t) noexcept {
  if (t.atomic && t.to.refusals != 0) undo_writes(t);
  if (t.to.changes.empty()) return true;
  if (!guard(t) || !complete_changes(t.profile, t.command, t.facts, t.context, t.to.changes)) return false;
  t.to.changes.records_owner_roles &= !t.profile.roles.empty();
  if (t.query.counts || t.to.changes.records_owner_roles) {
    t.to.changes.owner_roles = t.query.owner_roles;
    t.to.changes.free_roles = t.query.free_roles;
  }
  t.to.changes.idempotency_key = t.query.idempotency_key;
  show_fresh(t);
  return true;
}

Result<void> decide(const TileInput& input, Decision& decision, Workspace& work) noexcept {
  TileWork t(input, decision, work);
  if (!(prepare(t) && judge_cells(t) && finish(t))) return Errc::out_of_memory;
  return success();
}

Result<void> decide(const Profile& profile, const Command& command, const Tile& tile, const Query& query,
                    const Facts& facts, const Context& context, Decision& decision) noexcept {
  if (decision.work.get() == nullptr) decision.work = Opaque(new (std::nothrow) Workspace);
  if (decision.work.get() == nullptr) return Errc::out_of_memory;
  return decide({profile, command, tile, query, facts, context}, decision, *decision.work.get());
}

}  // namespace roster::inline ROSTER_ABI
