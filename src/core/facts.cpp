// The shape of an answer. decide() indexes without looking, so everything it may index by is checked here, once.
#include "roster/facts.hpp"

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

bool role_fits(const Facts& facts, RoleIndex role) noexcept {
  return role < facts.roles.size();
}

bool organizations_fit(const Query& query, const Facts& facts) noexcept {
  const std::size_t count = facts.organizations.size();
  if (count < query.organizations.size()) return false;
  if (count > query.organizations.size() * (query.parents ? 2u : 1u)) return false;
  if (facts.roles.size() > roles_max || facts.wanted_roles.size() != count * query.roles.size()) return false;
  for (std::size_t i = 0; i < count; ++i) {
    const OrganizationFact& fact = facts.organizations[i];
    if (fact.id.empty()) {
      if (i >= query.organizations.size()) return false;  // a parent that is not there is nobody's parent
      continue;
    }
    if (fact.actor_is_member && !role_fits(facts, fact.actor_role)) return false;
    if (fact.parent == no_index) continue;
    if (fact.parent >= count || facts.organizations[fact.parent].id.empty()) return false;
  }
  for (const RoleIndex role : facts.wanted_roles)
    if (role != no_role && !role_fits(facts, role)) return false;
  return true;
}

bool memberships_fit(const Query& query, const Facts& facts) noexcept {
  if (facts.accounts.size() != query.columns()) return false;
  std::uint64_t next = 0;  // the lowest cell the next entry may stand in
  const std::uint64_t columns = facts.accounts.size();
  for (const MembershipFact& fact : facts.memberships) {
    if (fact.organization >= facts.organizations.size() || fact.account >= columns) return false;
    const std::uint64_t cell = fact.organization * columns + fact.account;
    if (cell < next || !role_fits(facts, fact.role) || fact.id.empty()) return false;
    if (facts.organizations[fact.organization].id.empty() || facts.accounts[fact.account].id.empty()) return false;
    next = cell + 1;
  }
  return true;
}

}  // namespace

Result<void> check_shape(const Query& query, const Facts& facts) noexcept {
  const bool fits = query.groups.empty() ? organizations_fit(query, facts) && memberships_fit(query, facts)
                                         : groups_fit(query, facts);
  if (!fits) return Errc::store_broke_contract;
  return success();
}

ROSTER_END
