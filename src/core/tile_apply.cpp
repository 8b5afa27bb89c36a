// The effects of a verdict: seats and owners, entries of the change set, the report. Only here do cells change shared
// state.
#include <algorithm>
#include <cstring>

#include "change_entries.hpp"
#include "rules/disclosure.hpp"
#include "tile.hpp"

namespace roster::inline ROSTER_ABI {

void add_dependencies(TileWork& t, std::uint8_t dependencies) noexcept {
  t.dependencies |= dependencies;
  t.work.rows[t.current_row.first].dependencies |= static_cast<std::uint8_t>(dependencies & on_organization);
  if ((dependencies & on_actor) == 0 || !t.current_row.authority.limited) return;
  Workspace::Row* const rows = t.work.rows.data();
  // An organization defines its own roles, unless the profile has a catalog.
  const std::uint32_t at = rows[actor_organization(t.profile, t.facts, t.current_row.row)].first;
  rows[at].dependencies |= static_cast<std::uint8_t>(t.profile.roles.empty() ? on_actor | on_organization : on_actor);
}

void disclose(TileWork& t, std::uint32_t column, Outcome outcome) noexcept {
  const bool hidden = is_hidden(t.profile, t.command, t.query, column);
  if (disclosed(outcome, hidden, false).account) t.to.accounts[column].id = t.facts.accounts[column].id;
}

namespace {

void show(TileWork& t, std::uint32_t cell, const MembershipId& id, RoleIndex role) noexcept {
  if (!t.context.details) return;
  t.to.memberships[cell] = id;
  t.to.cell_roles[cell] = role;
}

/// Reports an outcome that writes nothing.
bool settle(TileWork& t, const CellAt& at, Outcome outcome) noexcept {
  t.to.outcomes[at.cell] = outcome;
  t.to.refusals += succeeded(outcome) ? 0 : 1;
  if (!t.current_row.allowed) disclose(t, at.column, outcome);
  const bool repeats = at.pair != nullptr && at.pair->written;
  if (disclosed(outcome, false, t.context.details).membership)
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): an outcome that shows a membership has one, or repeats one
    show(t, at.cell, at.has != nullptr ? at.has->id : MembershipId{}, repeats ? at.pair->role : at.has->role);
  // An earlier cell of this tile wrote the membership. It is undone together with that cell, and shows the same id.
  return !repeats || outcome != Outcome::replayed ||
         t.work.touched.try_push_back({at.cell, at.pair->added, at.pair->changed});
}

/// Appends a role to ChangeSet::roles at its first use. `known`: its index there.
[[gnu::noinline]] bool push_role(TileWork& t, const RoleId& id, RoleIndex& known) noexcept {
  if (known != no_role) return true;
  known = static_cast<RoleIndex>(t.to.changes.roles.size());
  return t.to.changes.roles.try_push_back(id);
}
/// The index of a decision's role in ChangeSet::roles.
bool write_role(TileWork& t, RoleIndex role, RoleIndex& index) noexcept {
  RoleIndex& known = t.work.roles[t.work.roles[role].first].written;
  if (known == no_role && !push_role(t, t.to.roles[role], known)) return false;
  index = known;
  return true;
}
/// The same for the role of a membership as it is stored, which may be a former id.
bool write_stored_role(TileWork& t, RoleIndex role, RoleIndex& index) noexcept {
  const RoleId& stored = t.facts.roles[role].id;
  if (t.profile.former_roles.empty() || stored == t.to.roles[role]) return write_role(t, role, index);
  RoleIndex& known = t.work.roles[role].written_as_stored;
  if (!push_role(t, stored, known)) return false;
  index = known;
  return true;
}

/// The account of a column, created if necessary.
bool account_of(TileWork& t, std::uint32_t column, std::uint32_t& account) noexcept {
  account = column;
  Workspace::Column& of = t.work.columns[column];
  if (of.exists) return true;
  if (of.created_at == no_index) {
    of.created_at = t.to.changes.created.size();
    if (!t.to.changes.created.try_push_back({{}, email_of(t.query, column), t.policy.unknown() == OnUnknown::invite}))
      return false;
  }
  account = t.tile.columns + of.created_at;
  return true;
}

void note_written(Workspace::PairState& pair, RoleIndex role, MembershipState state,
                  std::uint32_t fingerprint) noexcept {
  pair.role = role;
  pair.waits = state == MembershipState::invited;
  pair.written = true;
  pair.fingerprint = fingerprint;
}

bool push_added(TileWork& t, std::uint32_t row, std::uint32_t column, RoleIndex role, MembershipState state,
                std::uint32_t fingerprint) noexcept {
  MemberAdded added{row, column, no_role, state, fingerprint};
  if (!account_of(t, column, added.account) || !write_role(t, role, added.role)) return false;
  if (t.pairs) {
    Workspace::PairState& pair = t.pair_at(row, column);
    pair.added = t.to.changes.added.size();
    note_written(pair, role, state, fingerprint);
  }
  return t.to.changes.added.try_push_back(added);
}

/// How the membership counts in the parent that a verdict adds there too.
Occupancy occupancy_above(const TileWork& t, const Verdict& verdict) noexcept {
  return {occupies_seat(t.profile, verdict.to, t.current_row.parent_takes_seat)};
}
/// Whether the parent has a seat for an account that is added to it too.
bool has_seat_above(const TileWork& t, const Verdict& verdict) noexcept {
  return !verdict.joins_parent || has_seat(t.work.rows[t.current_row.parent], {}, occupancy_above(t, verdict));
}

/// The effect on the parent of a membership that begins or is restored. It adds a parent membership with its own seat,
/// or guards the existing one. The parent must still be joinable, and its catalog must have the role. A cell of this
/// command in the parent row may request the same role, or omit it as well. By the fingerprint it then counts as a
/// repetition.
bool enter_parent(TileWork& t, const CellAt& at, const Verdict& verdict, std::uint8_t dependencies) noexcept {
  const std::uint32_t parent = t.current_row.parent;
  if ((dependencies & on_parent) == 0 || parent == no_index) return true;
  if (!verdict.joins_parent) {
    const std::uint32_t fact = t.pair_at(parent, at.first_column).fact;
    return fact == no_index || guard_membership(t.to.changes.guards, t.facts.memberships[fact]);
  }
  count(t.work.rows[parent], {}, occupancy_above(t, verdict));
  t.work.rows[parent].dependencies |= on_organization;
  t.to.changes.records_owner_roles |= t.current_row.parent_owns;
  const std::uint32_t fingerprint = at.requested->omitted ? t.fingerprint : t.work.roles[t.parent_role].fingerprint;
  return push_added(t, parent, at.first_column, t.parent_role, verdict.to, fingerprint);
}

bool create(TileWork& t, const CellAt& at, const Verdict& verdict, std::uint8_t dependencies) noexcept {
  Workspace::Row& position = t.work.rows[t.current_row.first];
  const Occupancy share = occupancy_of(t.profile, verdict.to, count_of(*at.requested), t.until);
  if (!has_seat(position, {}, share) || !has_seat_above(t, verdict)) return settle(t, at, Outcome::seats_taken);
  count(position, {}, share);
  t.to.changes.records_owner_roles |= at.requested->owns;
  add_dependencies(t, dependencies);
  t.work.columns[at.first_column].writes = true;
  t.to.outcomes[at.cell] = verdict.outcome;
  if (t.context.details) t.to.cell_roles[at.cell] = at.requested->role;
  return enter_parent(t, at, verdict, dependencies) &&
         t.work.touched.try_push_back({at.cell, t.to.changes.added.size()}) &&
         push_added(t, t.current_row.first, at.first_column, at.requested->role, verdict.to,
                    t.fingerprint_at(at.requested));
}

Event event_of(const TileWork& t, const CellAt& at, const Verdict& verdict) noexcept {
  if (t.command.kind() != CommandKind::transfer_ownership) return verdict.event;
  if (at.requested->owns) return Event::ownership_given;
  return t.work.roles[at.has->role].owns ? Event::ownership_given_up : verdict.event;
}

bool guard_inviter(TileWork& t, const CellAt& at) noexcept {
  const auto index = static_cast<std::size_t>(at.has - t.facts.memberships.data());
  const InviterFact& inviter = t.facts.inviters[index];
  return invites_without_membership(t.profile, t.facts.organizations[t.current_row.first].id, inviter.id) ||
         push_guard(t.to.changes.guards, Guard::Record::inviter, t.current_row.first, at.first_column, inviter.version);
}

/// Adds the entry to the change set, and its membership to the report.
bool push_changed(TileWork& t, const CellAt& at, const Verdict& verdict, RoleIndex role, bool sets_expiry) noexcept {
  const MembershipFact& has = *at.has;
  MemberChanged changed = changed_of(has, t.current_row.first, at.first_column, verdict, sets_expiry, t.until,
                                     t.fingerprint_at(at.requested));
  changed.event = event_of(t, at, verdict);
  // A removal writes no role, so the tombstone keeps the one of before.
  const bool leaves = verdict.to == MembershipState::removed;
  if (!leaves && !write_role(t, role, changed.role)) return false;
  if (!write_stored_role(t, has.role, changed.previous_role)) return false;
  if (leaves) changed.role = changed.previous_role;
  const std::uint32_t new_identity = verdict.new_identity ? t.to.changes.changed.size() : no_index;
  if (at.pair != nullptr) {
    at.pair->changed = new_identity;
    note_written(*at.pair, role, changed.state, changed.fingerprint);
  }
  show(t, at.cell, has.id, role);
  return t.to.changes.changed.try_push_back(changed) &&
         (!verdict.new_identity || t.work.touched.try_push_back({at.cell, no_index, new_identity})) &&
         (!t.context.details || t.to.previous.try_push_back({at.cell, has.role, has.stored_state()}));
}

bool change(TileWork& t, const CellAt& at, const Verdict& verdict, std::uint8_t dependencies, bool last) noexcept {
  const MembershipFact& has = *at.has;
  Workspace::Row& position = t.work.rows[t.current_row.first];
  const bool keeps_role = at.requested == nullptr || verdict.keeps_role;
  const bool no_owner = t.current_row.closed || t.facts.accounts[at.first_column].disabled;
  const auto counted = [no_owner](RoleCount role) noexcept { return no_owner ? without_ownership(role) : role; };
  const RoleCount held = counted(count_of(t.work.roles[has.role]));
  const bool dated = sets_expiry(verdict, t.command.kind(), state_of(&has), t.until);
  const Time until = dated ? t.until : has.valid_until;
  Occupancy before = occupancy_of(t.profile, has, held);
  if (verdict.to == MembershipState::invited && !sets_invitation_end(verdict, has, t.until)) before.ends = false;
  const RoleCount next = keeps_role ? held : counted(count_of(*at.requested));
  const Occupancy after = occupancy_of(t.profile, verdict.to, next, until);
  if (loses_an_owner(before, after) && !last) {
    if (at.pair != nullptr) at.pair->defers = true;
    return t.work.deferred.try_push_back(at);
  }
  if (!has_seat(position, before, after) || !has_seat_above(t, verdict)) return settle(t, at, Outcome::seats_taken);
  if (!keeps_an_owner(position, before, after)) return settle(t, at, Outcome::last_owner);
  count(position, before, after);
  t.to.changes.records_owner_roles |= next.owns || before.owns;
  add_dependencies(t, dependencies);
  t.work.columns[at.first_column].writes = true;
  t.to.outcomes[at.cell] = verdict.outcome;
  if (!t.current_row.allowed) disclose(t, at.column, verdict.outcome);
  return ((dependencies & on_inviter) == 0 || !t.query.inviters || guard_inviter(t, at)) &&
         enter_parent(t, at, verdict, dependencies) &&
         push_changed(t, at, verdict, keeps_role ? has.role : at.requested->role, dated);
}

}  // namespace

bool apply(TileWork& t, const CellAt& at, const Verdict& verdict, std::uint8_t dependencies, bool last) noexcept {
  if (!writes(verdict.outcome)) return settle(t, at, verdict.outcome);
  return at.has == nullptr ? create(t, at, verdict, dependencies) : change(t, at, verdict, dependencies, last);
}

bool apply_added(TileWork& t, const CellAt& from, std::uint32_t to, const Verdict& verdict,
                 std::uint8_t dependencies) noexcept {
  RoleIndex written = no_role;
  if (!write_role(t, from.requested->role, written)) return false;
  add_dependencies(t, dependencies);
  const std::uint32_t end = to;
  const MemberAdded alike{t.current_row.first, 0, written, verdict.to,
                          t.fingerprint_at(from.requested)};  // a local that the compiler keeps in a register
  auto& list = t.to.changes.added;
  std::uint32_t at = list.size();
  const std::uint32_t count = to - from.column;
  if (!list.resize_uninitialized(std::size_t{at} + count)) return false;
  MemberAdded* next = list.data() + at;
  Workspace::Column* const columns = t.work.columns.data();
  for (std::uint32_t column = from.column; column < end; ++column, ++next) {
    *next = alike;
    next->account = column;
    columns[column].writes = true;
  }
  std::memset(t.to.outcomes.data() + from.cell, static_cast<int>(verdict.outcome), count);
  if (!t.context.details) return true;
  if (!t.work.touched.reserve(std::size_t{t.work.touched.size()} + count)) return false;
  const RoleIndex shown = from.requested->role;
  std::fill_n(t.to.cell_roles.data() + from.cell, count, shown);
  for (std::uint32_t cell = from.cell; cell < from.cell + count; ++cell)
    t.work.touched.unchecked_push_back({cell, at++});
  return true;
}

/// Covers the cells that the command would have written, and those that repeat such a write.
void undo_writes(TileWork& t) noexcept {
  t.to.changes.clear();
  t.to.previous.clear();
  const auto back = [&t](std::uint32_t cell) {
    if (t.to.outcomes[cell] == Outcome::not_attempted) return;
    t.to.outcomes[cell] = Outcome::not_attempted;
    show(t, cell, MembershipId{}, no_role);
    ++t.to.refusals;
  };
  for (const Workspace::Touched& touched : t.work.touched) back(touched.cell);
  for (std::uint32_t cell = 0; cell < t.to.outcomes.size(); ++cell)
    if (writes(t.to.outcomes[cell])) back(cell);
  t.work.touched.clear();
}

}  // namespace roster::inline ROSTER_ABI
