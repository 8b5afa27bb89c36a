// The part of a commit that changes existing memberships and checks the bounds of organizations.
#include <algorithm>

#include "sqlite/commit.hpp"
#include "sqlite/counts.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

/// Reads the memberships to be changed, and checks their ids and versions.
Code Commit::former() noexcept {
  const std::uint32_t count = changes_.changed.size();
  if (count == 0) return ok;
  if (!former_.resize(count, Former{})) return no_memory;
  const auto write = [this](std::uint32_t row, int column, const Value& to) noexcept {
    const MemberChanged& changed = changes_.changed[row];
    if (column == 0) return to.number(organizations_[changed.organization].number);
    if (column == 1) return to.number(accounts_[changed.account].number);
    if (column == 2) to.number(row);
  };
  const Rows rows = rows_of(count, write);
  Statement found(connection_, Sql::changed_memberships);
  found.rows(1, rows);
  while (found.next()) {
    const std::size_t at = found.position(0);
    const MemberChanged& changed = changes_.changed[at];
    if (found.key<MembershipId>(1) != changed.id || Version{found.index(2)} != changed.version) return stale;
    former_[at] = {found.index(3), changed.version, found.state(4), true, found.number(5) != 0, found.number(6) != 0};
  }
  if (found.code() != ok) return found.code();
  for (const Former& former : former_)
    if (!former.found) return stale;
  return ok;
}

Code Commit::change() noexcept {
  SmallVector<std::uint32_t, 4> staying;
  for (std::uint32_t i = 0; i < changes_.changed.size(); ++i)
    if (!succeeds(changes_.changed[i]) && !staying.try_push_back(i)) return no_memory;
  if (staying.empty()) return ok;
  IdempotencyKey idempotency_key;  // the row being written
  const auto write = [&](std::uint32_t row, int column, const Value& to) noexcept {
    const MemberChanged& changed = changes_.changed[staying[row]];
    const bool leaves = changed.state == MembershipState::removed;
    switch (column) {
      case 0: return to.number(organizations_[changed.organization].number);
      case 1: return to.number(accounts_[changed.account].number);
      case 2: return to.blob(changed.new_identity ? changed.new_id.bytes : changed.id.bytes);
      case 3: return leaves ? to.null() : to.number(roles_[changed.role]);
      case 4: return to.number(static_cast<std::uint32_t>(changed.state));
      case 5: return changed.new_identity ? to.number(static_cast<std::int64_t>(changes_.at)) : to.null();
      case 6: {
        const bool suspends =
            changed.state == MembershipState::suspended && former_[staying[row]].state != changed.state;
        return to.number(leaves || suspends || changed.returns() ? 1u : 0u);
      }
      case 8:
        idempotency_key = remembered(changes_.idempotency_key, changed.fingerprint);
        return to.blob(idempotency_key.bytes);
      case 9: return to.number(changed.invites() ? 1u : 0u);
      case 7:
        return changed.sets_expiry && !leaves ? to.number(static_cast<std::int64_t>(changes_.valid_until)) : to.null();
      case 10:
        return changed.sets_invitation_end ? to.number(static_cast<std::int64_t>(changes_.invitation_until))
                                           : to.null();
      default: return;
    }
  };
  const Rows rows = rows_of(staying.size(), write);
  Statement update(connection_, Sql::update_memberships);
  update.rows(1, rows);
  update.number_if_any(2, actor_.number).number_if_any(4, inviter());
  const Code code = update.number(3, static_cast<std::int64_t>(changes_.at)).salt(salt_).run();
  if (code != ok) return code;
  return stale_if(static_cast<std::uint32_t>(sqlite3_changes(connection_.get())) != staying.size());
}

/// Erases memberships without a tombstone. A later membership of the pair must not get a version of the erased one, nor
/// that of the event of its removal.
Code Commit::erase() noexcept {
  SmallVector<std::uint32_t, 4> going;
  std::int64_t version = 0;
  for (std::uint32_t i = 0; i < changes_.changed.size(); ++i) {
    if (!succeeds(changes_.changed[i])) continue;
    if (!going.try_push_back(i)) return no_memory;
    version = std::max(version, static_cast<std::int64_t>(former_[i].version));
  }
  if (going.empty()) return ok;
  const auto write = [&](std::uint32_t row, int column, const Value& to) noexcept {
    const MemberChanged& changed = changes_.changed[going[row]];
    if (column == 0) return to.number(organizations_[changed.organization].number);
    if (column == 1) to.number(accounts_[changed.account].number);
  };
  const Rows rows = rows_of(going.size(), write);
  Statement raise(connection_, Sql::raise_first_version);
  const Code raised = raise.rows(1, rows).number(2, version + 2 + salt_).run();
  if (raised != ok) return raised;
  Statement erase(connection_, Sql::erase_memberships);
  return erase.rows(1, rows).run();
}

// ---- counts

/// The members of an organization are counted at its first guarded bound. Later commits maintain the counts. A host
/// without limits on seats or owners pays nothing.
Code Commit::begin_counting() noexcept {
  if (!bounded_) return ok;
  SmallVector<std::uint32_t, 2> uncounted;
  for (const Guard& guard : changes_.guards) {
    if (guard.record != Guard::Record::seats && guard.record != Guard::Record::owners) continue;
    if (organizations_[guard.organization].counted) continue;
    const Number number = organizations_[guard.organization].number;
    for (Organization& organization : organizations_)
      if (organization.number == number) organization.counted = true;
    if (!uncounted.try_push_back(guard.organization)) return no_memory;
  }
  if (uncounted.empty()) return ok;
  const auto write = [&](std::uint32_t row, int column, const Value& to) noexcept {
    if (column == 0) to.number(organizations_[uncounted[row]].number);
  };
  return count_members(connection_, rows_of(uncounted.size(), write));
}

/// `limited`: as of kind_of().
bool Commit::differ(std::uint32_t organization, Number role, MembershipState state, bool limited,
                    int members) noexcept {
  const Organization& in = organizations_[organization];
  const std::int64_t kind = kind_of(state, limited);
  if (!in.counted || kind == uncounted_kind) return true;
  // Consecutive entries mostly have the same key, so few comparisons are necessary.
  constexpr std::uint32_t looked_at_max = 4;
  for (std::uint32_t i = differences_.size(), looked_at = 0; i > 0 && looked_at < looked_at_max; ++looked_at) {
    Difference& known = differences_[--i];
    if (known.organization != in.number || known.role != role || known.kind != kind) continue;
    known.members += members;
    return true;
  }
  return differences_.try_push_back({in.number, role, kind, members});
}

Code Commit::count() noexcept {
  const auto limited = [](MembershipState state, bool expiry, bool invitation_end) noexcept {
    return state == MembershipState::invited ? invitation_end : expiry;
  };
  const bool expiry = changes_.valid_until != Time{}, invitation_end = changes_.invitation_until != Time{};
  for (const MemberAdded& added : changes_.added)
    if (!differ(added.organization, roles_[added.role], added.state,
                limited(added.state, expiry || accounts_[added.account].disabled, invitation_end), 1))
      return no_memory;
  for (std::uint32_t i = 0; i < changes_.changed.size(); ++i) {
    const MemberChanged& changed = changes_.changed[i];
    const Former& former = former_[i];
    const bool disabled = accounts_[changed.account].disabled;
    const bool before = limited(former.state, former.sets_expiry || disabled, former.invitation_ends);
    const bool after = limited(changed.state, (changed.sets_expiry ? expiry : former.sets_expiry) || disabled,
                               changed.sets_invitation_end ? invitation_end : former.invitation_ends);
    if (!differ(changed.organization, former.role, former.state, before, -1) ||
        !differ(changed.organization, roles_[changed.role], changed.state, after, 1))
      return no_memory;
  }
  if (differences_.empty()) return ok;
  const auto write = [this](std::uint32_t row, int column, const Value& to) noexcept {
    const Difference& difference = differences_[row];
    if (column == 0) return to.number(difference.organization);
    if (column == 1) return to.number(difference.role);
    if (column == 2) return to.number(difference.kind);
    if (column == 3) to.number(difference.members);
  };
  const Rows rows = rows_of(differences_.size(), write);
  Statement add(connection_, Sql::add_to_counts);
  return add.rows(1, rows).run();
}

/// Checks the state after the commit.
Code Commit::bounds() noexcept {
  if (!bounded_) return ok;
  SmallVector<std::uint32_t, 2> guarded;
  SmallVector<MemberCounts, 2> counts;
  for (std::uint32_t i = 0; i < changes_.guards.size(); ++i) {
    const Guard::Record record = changes_.guards[i].record;
    if (record != Guard::Record::seats && record != Guard::Record::owners) continue;
    if (!guarded.try_push_back(i) || !counts.try_push_back(MemberCounts{})) return no_memory;
  }
  const auto write = [&](std::uint32_t row, int column, const Value& to) noexcept {
    if (column == 0) return to.number(organizations_[changes_.guards[guarded[row]].organization].number);
    if (column == 1) to.number(row);
  };
  const Rows rows = rows_of(guarded.size(), write);
  Statement found(connection_, Sql::counts);
  found.rows(1, rows).number(2, static_cast<std::int64_t>(changes_.at));
  while (found.next()) add_counts(found, changes_, counts[found.position(0)]);
  if (found.code() != ok) return found.code();
  for (std::uint32_t i = 0; i < guarded.size(); ++i) {
    const Guard& guard = changes_.guards[guarded[i]];
    const std::uint64_t seated =
        std::uint64_t{counts[i].active} + (changes_.invited_occupy_seats ? counts[i].invited : 0);
    if (guard.record == Guard::Record::owners ? counts[i].owners < 1 : seated > guard.limit) return stale;
  }
  return ok;
}

}  // namespace sqlite
}  // namespace roster::inline ROSTER_ABI
