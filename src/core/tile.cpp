// Data derived before any cell is judged: organizations and accounts, roles, duplicates.
#include "tile.hpp"

#include "duplicates.hpp"
#include "rules/disclosure.hpp"

namespace roster::inline ROSTER_ABI {

namespace {

bool make_room(TileWork& t) noexcept {
  Decision& to = t.to;
  to.refusals = 0;
  to.changes.clear();
  to.previous.clear();
  to.accounts.clear();
  to.memberships.clear();
  to.cell_roles.clear();
  t.work.touched.clear();
  t.work.deferred.clear();
  const std::size_t cells = std::size_t{t.tile.rows} * t.width;
  if (t.context.details && !(to.memberships.resize(cells, MembershipId{}) && to.cell_roles.resize(cells, no_role)))
    return false;
  return to.outcomes.resize_uninitialized(cells) && to.accounts.resize(t.width, AccountReport{});
}

bool index_rows(TileWork& t) noexcept {
  const auto& organizations = t.facts.organizations;
  const std::uint32_t count = organizations.size();
  if (!t.work.rows.resize_uninitialized(count)) return false;
  bool parents = false;
  for (std::uint32_t row = 0; row < count; ++row) {
    const MemberCounts& counts = organizations[row].counts;
    t.work.rows[row] = {seats_left(t.profile, counts), counts.owners, row, 0, 0};
    parents |= organizations[row].parent != no_index;
  }
  t.pairs = parents && t.policy.parent() != ParentRule::ignore;
  return find_duplicates(
      count, [&](std::uint32_t row) { return organizations[row].id.view(); },
      [](std::uint32_t, std::uint32_t) { return true; },
      [&](std::uint32_t row, std::uint32_t first) {
        t.work.rows[row].first = first;
        t.pairs |= row != first;
      },
      t.work.buckets);
}

/// The key that identifies a column: the id of an account, or the key of an address without one. An id may equal an
/// address key. Two columns are therefore equal only if both have an account or neither has.
std::string_view key_of(const TileWork& t, std::uint32_t column) noexcept {
  if (!t.facts.accounts[column].id.empty()) return t.facts.accounts[column].id.view();
  const Email* const email = email_of(t.query, column);
  return email != nullptr ? email->key() : std::string_view{};
}

bool index_columns(TileWork& t) noexcept {
  auto& columns = t.work.columns;
  if (!columns.resize_uninitialized(t.tile.columns)) return false;
  for (std::uint32_t column = 0; column < t.tile.columns; ++column) {
    const AccountFact& fact = t.facts.accounts[column];
    const auto account = static_cast<std::uint8_t>(account_class(t.command.kind(), fact, t.query, column));
    const std::uint8_t hidden = is_hidden(t.profile, t.command, t.query, column) ? TileCell::hidden_trait : 0;
    columns[column] = {static_cast<std::uint8_t>(account | hidden), false, !fact.id.empty(), column, no_index};
    t.alike &= columns[column].exists && columns[column].traits == columns[0].traits;
  }
  return find_duplicates(
      t.tile.columns, [&](std::uint32_t column) { return key_of(t, column); },
      [&](std::uint32_t a, std::uint32_t b) { return columns[a].exists == columns[b].exists; },
      [&](std::uint32_t column, std::uint32_t first) {
        columns[column].first = first;  // the first column of an account decides how it is disclosed
        t.pairs |= column != first;
      },
      t.work.buckets);
}

/// Whether a member with this role may be an owner under another catalog: the role has owned, or it is unknown to a
/// profile's catalog with a role that owns. An organization's own catalog needs no such look: its store lets no change
/// of it take the last owner away.
[[gnu::noinline]] bool may_own(const Profile& profile, const Role& fact, const Role& role) noexcept {
  if (role.owns || profile.roles.empty()) return false;
  if (role.exists || fact.has_owned) return fact.has_owned;
  for (const Role& each : profile.roles)
    if (each.owns) return true;
  return false;
}

/// The dictionary: the roles of the facts, then the requested ones, then the role granted in a parent.
bool index_roles(TileWork& t) noexcept {
  const std::uint32_t known = t.facts.roles.size(), requested = t.names == nullptr ? 0 : requested_role_count(*t.names);
  const bool adds_to_parent = t.policy.parent() == ParentRule::add;
  const std::uint32_t count = known + requested + (adds_to_parent ? 1 : 0);
  if (!t.to.roles.resize_uninitialized(count) || !t.work.roles.resize_uninitialized(count)) return false;
  RoleId* const ids = t.to.roles.data();
  Workspace::RoleUse* const uses = t.work.roles.data();
  for (std::uint32_t i = 0; i < known; ++i) {
    const Role& role = known_role(t.profile, t.facts.roles[i]);
    ids[i] = current_id(t.profile, t.facts.roles[i].id);
    uses[i] = {.rank = role.rank,
               .owns = role.owns,
               .takes_seat = role.takes_seat,
               .exists = role.exists,
               .may_own = may_own(t.profile, t.facts.roles[i], role)};
  }
  for (std::uint32_t at = known; at < count; ++at) {
    const std::uint32_t i = at - known;
    const RoleId& named = i < requested ? requested_role(t.profile, *t.names, i) : t.profile.parent_role;
    ids[at] = current_id(t.profile, named);
    const bool omitted = i < requested && is_omitted(*t.names, i);
    // By the id that the command names, so that a retry after a renaming has the fingerprint of the first attempt.
    uses[at] = {.fingerprint =
                    omitted ? t.fingerprint : fingerprint_of(t.command.kind(), named, t.until, t.invited_until)};
  }
  if (adds_to_parent) t.parent_role = static_cast<RoleIndex>(count - 1);
  return find_duplicates(
      count, [=](std::uint32_t i) { return ids[i].view(); }, [](std::uint32_t, std::uint32_t) { return true; },
      [=](std::uint32_t role, std::uint32_t first) { uses[role].first = static_cast<RoleIndex>(first); },
      t.work.buckets);
}

bool index_pairs(TileWork& t) noexcept {
  if (!t.pairs) return true;
  t.work.pairs.clear();
  if (!t.work.pairs.resize(std::uint64_t{t.facts.organizations.size()} * t.tile.columns, Workspace::PairState{}))
    return false;
  for (std::uint32_t i = 0; i < t.facts.memberships.size(); ++i) {
    const MembershipFact& fact = t.facts.memberships[i];
    Workspace::PairState& pair = t.pair_at(t.work.rows[fact.organization].first, t.work.columns[fact.account].first);
    if (pair.fact == no_index) pair.fact = i;
  }
  return true;
}

/// The requested roles in this row.
bool index_requested_roles(TileWork& t) noexcept {
  const std::uint32_t count = t.names == nullptr ? 0 : requested_role_count(*t.names), parent = t.current_row.parent;
  if (!t.work.requested_roles.resize_uninitialized(count)) return false;
  bool no_parent_role = false;
  if (t.policy.parent() == ParentRule::add && parent != no_index) {
    const Role* const above =
        role_here(t.profile, t.query, t.facts, parent, t.query.roles.size() - 1, t.profile.parent_role);
    no_parent_role = above == nullptr;
    t.current_row.parent_owns = above != nullptr && above->owns;
    t.current_row.parent_takes_seat = above == nullptr || above->takes_seat;
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    const Role* const role =
        role_here(t.profile, t.query, t.facts, t.current_row.row, i, requested_role(t.profile, *t.names, i));
    const RoleClass found = no_parent_role ? RoleClass::unknown : role_class(t.command.kind(), role, i);
    const Role& means = role != nullptr ? *role : unknown_role;
    t.work.requested_roles[i] = {static_cast<std::uint8_t>(found),
                                 is_omitted(*t.names, i),
                                 static_cast<RoleIndex>(t.facts.roles.size() + i),
                                 means.rank,
                                 means.owns,
                                 means.takes_seat,
                                 t.current_row.authority.is_outranked_by(means.rank, means.owns)};
  }
  return true;
}

/// Whether the actor's own membership in this row carries this request, which took the actor's right away. A cell of a
/// group account does not count, because it would disclose the membership of the group.
bool actor_carries_request(const TileWork& t) noexcept {
  if (!t.command.groups.empty()) return false;
  for (std::uint32_t i = t.fact; i < t.facts.memberships.size(); ++i) {
    const MembershipFact& fact = t.facts.memberships[i];
    if (fact.organization != t.current_row.row) break;
    if (fact.match == RequestMatch::none || !(t.facts.accounts[fact.account].id == t.command.actor.id)) continue;
    if (replay_of(&fact, t.fingerprint_at(t.requested_role_at(
                             t.requested_role_index(t.current_row.row, fact.account)))) == Replay::idempotency_key)
      return true;
  }
  return false;
}

}  // namespace

bool prepare(TileWork& t) noexcept {
  return make_room(t) && index_rows(t) && index_columns(t) && index_roles(t) && index_pairs(t);
}

bool begin_row(TileWork& t, std::uint32_t row) noexcept {
  const OrganizationFact& fact = t.facts.organizations[row];
  auto& current_row = t.current_row;
  current_row = {};
  current_row.row = row;
  current_row.first = t.work.rows[row].first;
  current_row.exists = !fact.id.empty();  // otherwise nothing else in it is read
  if (current_row.exists) {
    current_row.joinable = fact.joinable;
    current_row.closed = fact.closed;
    if (t.policy.parent() != ParentRule::ignore && fact.parent != no_index)
      current_row.parent = t.work.rows[fact.parent].first;
    const bool has = t.fact < t.facts.memberships.size() && t.facts.memberships[t.fact].organization == row;
    current_row.allowed = is_own_affair(t.command.kind())
                              ? authorize_own(t.policy, has)
                              : authorize(t.profile, t.command, t.facts, row, current_row.authority);
  }
  if (!index_requested_roles(t)) return false;
  if (current_row.exists && !current_row.allowed) current_row.replays_request = actor_carries_request(t);
  if (current_row.allowed && !t.disclosed) {
    t.disclosed = true;
    for (std::uint32_t column = 0; column < t.tile.columns; ++column) disclose(t, column, Outcome::existing);
  }
  return true;
}

}  // namespace roster::inline ROSTER_ABI
