// What a verdict does: seats and owners, entries of the change set, what the report shows. The only place with state.
#include <algorithm>
#include <cstring>

#include "closing.hpp"
#include "rules/disclosure.hpp"
#include "tile.hpp"

ROSTER_BEGIN

void lean(TileWork& t, std::uint8_t leans) noexcept {
  t.leans |= leans;
  t.work.rows[t.here.first].leans |= static_cast<std::uint8_t>(leans & on_organization);
  if ((leans & on_actor) == 0 || !t.here.standing.limited) return;
  Workspace::Row* const rows = t.work.rows.data();
  // What a role means stands with the organization where it is held, unless the profile says.
  const std::uint32_t at = rows[actor_place(t.profile, t.facts, t.here.row)].first;
  rows[at].leans |= static_cast<std::uint8_t>(t.profile.roles.empty() ? on_actor | on_organization : on_actor);
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

/// Nothing is written.
bool settle(TileWork& t, const CellAt& at, Outcome outcome) noexcept {
  t.to.outcomes[at.cell] = outcome;
  t.to.refusals += succeeded(outcome) ? 0 : 1;
  if (!t.here.allowed) disclose(t, at.column, outcome);
  const bool repeats = at.pair != nullptr && at.pair->written;
  if (disclosed(outcome, false, t.context.details).membership)
    show(t, at.cell, at.has != nullptr ? at.has->id : MembershipId{}, repeats ? at.pair->role : at.has->role);
  // Written by an earlier cell of this very tile: it is taken back with that, and has the same membership.
  return !repeats || outcome != Outcome::replayed || t.work.touched.push({at.cell, at.pair->added, at.pair->changed});
}

/// Where ChangeSet::roles has a role of Decision::roles, written down at its first use.
bool write_role(TileWork& t, RoleIndex role, RoleIndex& index) noexcept {
  RoleIndex& known = t.work.roles[t.work.roles[role].first].written;
  if (known == no_role) {
    known = static_cast<RoleIndex>(t.to.changes.roles.size());
    if (!t.to.changes.roles.push(t.to.roles[role])) return false;
  }
  index = known;
  return true;
}

/// The account of a column, created if need be.
bool account_of(TileWork& t, std::uint32_t column, std::uint32_t& account) noexcept {
  account = column;
  Workspace::Column& of = t.work.columns[column];
  if (of.exists) return true;
  if (of.created_at == no_index) {
    of.created_at = t.to.changes.created.size();
    if (!t.to.changes.created.push({{}, email_of(t.query, column), t.policy.unknown() == OnUnknown::invite}))
      return false;
  }
  account = t.tile.columns + of.created_at;
  return true;
}

void note_written(Workspace::Pair& pair, RoleIndex role, MembershipState state, std::uint32_t fingerprint) noexcept {
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
    Workspace::Pair& pair = t.pair_at(row, column);
    pair.added = t.to.changes.added.size();
    note_written(pair, role, state, fingerprint);
  }
  return t.to.changes.added.push(added);
}

/// Whether who comes in, or comes back, finds a seat in the parent too, if they join that.
bool has_seat_above(const TileWork& t, const Verdict& verdict, Share after) noexcept {
  return !verdict.joins_parent || has_seat(t.work.rows[t.here.parent], {}, {after.sits, false});
}

/// What a membership that begins, or begins again, does in the parent: one there too, with its seat, or a guard on the
/// one that is there. The parent must still take members, and its catalog have the role. A cell about the parent that
/// asks for the role given there, or likewise for none by name, says the same once more.
bool enter_parent(TileWork& t, const CellAt& at, const Verdict& verdict, Share after, std::uint8_t leans) noexcept {
  const std::uint32_t parent = t.here.parent;
  if ((leans & on_parent) == 0 || parent == no_index) return true;
  if (!verdict.joins_parent) {
    const std::uint32_t fact = t.pair_at(parent, at.first_column).fact;
    return fact == no_index || guard_membership(t.to.changes.guards, t.facts.memberships[fact]);
  }
  count(t.work.rows[parent], {}, {after.sits, false});
  t.work.rows[parent].leans |= on_organization;
  const std::uint32_t fingerprint = at.ask->omitted ? t.fingerprint : t.work.roles[t.parent_role].fingerprint;
  return push_added(t, parent, at.first_column, t.parent_role, verdict.to, fingerprint);
}

bool create(TileWork& t, const CellAt& at, const Verdict& verdict, std::uint8_t leans) noexcept {
  Workspace::Row& place = t.work.rows[t.here.first];
  const Share share = share_of(t.profile, verdict.to, at.ask->owns, t.until);
  if (!has_seat(place, {}, share) || !has_seat_above(t, verdict, share)) return settle(t, at, Outcome::seats_taken);
  count(place, {}, share);
  lean(t, leans);
  t.work.columns[at.first_column].writes = true;
  t.to.outcomes[at.cell] = verdict.outcome;
  if (t.context.details) t.to.cell_roles[at.cell] = at.ask->role;
  return enter_parent(t, at, verdict, share, leans) && t.work.touched.push({at.cell, t.to.changes.added.size()}) &&
         push_added(t, t.here.first, at.first_column, at.ask->role, verdict.to, t.fingerprint_at(at.ask));
}

Event event_of(const TileWork& t, const CellAt& at, const Verdict& verdict) noexcept {
  if (t.command.kind() != Kind::transfer_ownership) return verdict.event;
  if (at.ask->owns) return Event::ownership_given;
  return t.work.roles[at.has->role].owns ? Event::ownership_given_up : verdict.event;
}

bool guard_inviter(TileWork& t, const CellAt& at) noexcept {
  const auto index = static_cast<std::size_t>(at.has - t.facts.memberships.data());
  const InviterFact& inviter = t.facts.inviters[index];
  return !inviter.known ||
         push_guard(t.to.changes.guards, Guard::Record::inviter, t.here.first, at.first_column, inviter.version);
}

/// The entry of the change set, and what the report shows of it.
bool push_changed(TileWork& t, const CellAt& at, const Verdict& verdict, RoleIndex role, bool dated) noexcept {
  const MembershipFact& has = *at.has;
  MemberChanged changed = changed_of(has, t.here.first, at.first_column, verdict, dated, t.fingerprint_at(at.ask));
  changed.event = event_of(t, at, verdict);
  if (!write_role(t, role, changed.role) || !write_role(t, has.role, changed.from)) return false;
  const std::uint32_t anew = verdict.anew ? t.to.changes.changed.size() : no_index;
  if (at.pair != nullptr) {
    at.pair->changed = anew;
    note_written(*at.pair, role, changed.state, changed.fingerprint);
  }
  show(t, at.cell, has.id, role);
  return t.to.changes.changed.push(changed) && (!verdict.anew || t.work.touched.push({at.cell, no_index, anew})) &&
         (!t.context.details || t.to.previous.push({at.cell, has.role, has.stored()}));
}

bool change(TileWork& t, const CellAt& at, const Verdict& verdict, std::uint8_t leans, bool last) noexcept {
  const MembershipFact& has = *at.has;
  Workspace::Row& place = t.work.rows[t.here.first];
  const bool keeps_role = at.ask == nullptr || verdict.keeps_role, had_owns = t.work.roles[has.role].owns;
  const bool dated =
      verdict.outcome == Outcome::expiry_changed || (is_add(t.command.kind()) && is_former(state_of(&has)));
  const Share before = share_of(t.profile, has, had_owns);
  const Share after =
      share_of(t.profile, verdict.to, keeps_role ? had_owns : at.ask->owns, dated ? t.until : has.valid_until);
  if (before.owns && !after.owns && !last) {
    if (at.pair != nullptr) at.pair->defers = true;
    return t.work.waiting.push(at);
  }
  if (!has_seat(place, before, after) || !has_seat_above(t, verdict, after)) return settle(t, at, Outcome::seats_taken);
  if (!keeps_an_owner(place, before, after)) return settle(t, at, Outcome::last_owner);
  count(place, before, after);
  lean(t, leans);
  t.work.columns[at.first_column].writes = true;
  t.to.outcomes[at.cell] = verdict.outcome;
  if (!t.here.allowed) disclose(t, at.column, verdict.outcome);
  return ((leans & on_inviter) == 0 || !t.query.inviters || guard_inviter(t, at)) &&
         enter_parent(t, at, verdict, after, leans) &&
         push_changed(t, at, verdict, keeps_role ? has.role : at.ask->role, dated);
}

}  // namespace

bool apply(TileWork& t, const CellAt& at, const Verdict& verdict, std::uint8_t leans, bool last) noexcept {
  if (!writes(verdict.outcome)) return settle(t, at, verdict.outcome);
  return at.has == nullptr ? create(t, at, verdict, leans) : change(t, at, verdict, leans, last);
}

bool apply_added(TileWork& t, const CellAt& from, std::uint32_t to, const Verdict& verdict,
                 std::uint8_t leans) noexcept {
  RoleIndex written = no_role;
  if (!write_role(t, from.ask->role, written)) return false;
  lean(t, leans);
  const std::uint32_t end = to;
  const MemberAdded alike{t.here.first, 0, written, verdict.to, t.fingerprint_at(from.ask)};  // kept in a register
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
  const RoleIndex shown = from.ask->role;
  std::fill_n(t.to.cell_roles.data() + from.cell, count, shown);
  for (std::uint32_t cell = from.cell; cell < from.cell + count; ++cell) t.work.touched.append({cell, at++});
  return true;
}

/// Nothing of this command is left: neither what it would have written, nor what it found written by itself.
void take_back(TileWork& t) noexcept {
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

ROSTER_END
