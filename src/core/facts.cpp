// The shape of an answer. decide() indexes without looking, so everything it may index by is checked here, once.
#include "roster/facts.hpp"

#include "shape.hpp"

ROSTER_BEGIN

namespace {

bool groups_fit(const Query& query, const Facts& facts) noexcept {
  if (facts.groups.size() != query.groups.size()) return false;
  std::uint64_t accounts = 0;
  for (const GroupFact& group : facts.groups) {
    if (!group.found && group.accounts != 0) return false;
    accounts += group.accounts;
  }
  if (accounts != facts.group_accounts.size()) return false;
  for (const AccountId& id : facts.group_accounts)
    if (id.empty()) return false;
  return true;
}

bool organizations_fit(const Query& query, const Facts& facts) noexcept {
  const std::size_t rows = query.organizations.size(), count = facts.organizations.size();
  const std::size_t roles = facts.roles.size(), wanted = query.roles.size();
  if (count < rows || count > (query.parents ? 2 * rows : rows)) return false;
  if (roles > roles_max || facts.wanted_roles.size() != (wanted == 0 ? 0 : count * wanted)) return false;
  const OrganizationFact* const organizations = facts.organizations.data();
  for (std::size_t i = 0; i < count; ++i)
    if (!fits(organizations[i], i, rows, count, roles, organizations)) return false;
  for (const RoleIndex role : facts.wanted_roles)
    if (!fits_wanted(role, roles)) return false;
  return true;
}

bool memberships_fit(const Query& query, const Facts& facts) noexcept {
  const std::size_t columns = facts.accounts.size(), rows = facts.organizations.size(), roles = facts.roles.size();
  if (columns != query.columns()) return false;
  const OrganizationFact* const organizations = facts.organizations.data();
  const AccountFact* const accounts = facts.accounts.data();
  // Looked at once here, and not for each member: accounts are large, and mostly all of them are there.
  bool all_exist = true;
  for (std::size_t i = 0; i < columns; ++i) all_exist &= !accounts[i].id.empty();
  const MembershipFact* fact = facts.memberships.begin();
  const MembershipFact* const end = facts.memberships.end();
  for (std::size_t next_row = 0; fact != end;) {
    const std::uint32_t row = fact->organization;
    if (row < next_row || row >= rows || organizations[row].id.empty()) return false;
    std::size_t next = 0;  // the lowest column the next entry of this row may stand in
    for (; fact != end && fact->organization == row; ++fact) {
      if (fact->account < next || fact->account >= columns || !fits(*fact, roles)) return false;
      if (!all_exist && accounts[fact->account].id.empty()) return false;
      next = std::size_t{fact->account} + 1;
    }
    next_row = std::size_t{row} + 1;
  }
  return true;
}

bool inviters_fit(const Query& query, const Facts& facts) noexcept {
  if (!query.inviters) return true;
  if (facts.inviters.size() != facts.memberships.size()) return false;
  for (const InviterFact& inviter : facts.inviters)
    if (inviter.is_member && inviter.role >= facts.roles.size()) return false;
  return true;
}

/// At that moment it is over.
bool is_over(Time valid_until, Time now) noexcept {
  return valid_until != Time{} && valid_until <= now;
}

}  // namespace

void expire(const Query& query, Facts& facts, Time now) noexcept {
  for (OrganizationFact& fact : facts.organizations)
    if (is_over(fact.actor_valid_until, now)) fact.actor_is_member = false;
  for (InviterFact& fact : facts.inviters)
    if (is_over(fact.valid_until, now)) fact.is_member = false;
  for (MembershipFact& fact : facts.memberships) {
    if (!is_over(fact.valid_until, now) || fact.state == MembershipState::removed) continue;
    fact.expired = true;
    fact.held = fact.state;
    fact.state = MembershipState::removed;
    // As with any removal: who asked before it, or wrote what is over now, does not undo it. Nor does what was older
    // already than a suspension before.
    fact.outdated |= fact.written_by_request || (query.asked_at != Time{} && query.asked_at <= fact.valid_until);
  }
}

Result<void> check_shape(const Query& query, const Facts& facts) noexcept {
  const bool fits = query.groups.empty()
                        ? organizations_fit(query, facts) && memberships_fit(query, facts) && inviters_fit(query, facts)
                        : groups_fit(query, facts);
  if (!fits) return Errc::store_broke_contract;
  return success();
}

ROSTER_END
