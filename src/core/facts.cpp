// Validates the facts that a store returns. decide() indexes without bounds checks, so every index is checked here,
// once.
#include "roster/facts.hpp"

#include "facts_checks.hpp"

namespace roster::inline ROSTER_ABI {

namespace {

bool groups_are_valid(const Query& query, const Facts& facts) noexcept {
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

bool organizations_are_valid(const Query& query, const Facts& facts) noexcept {
  const std::size_t rows = query.organizations.size(), count = facts.organizations.size();
  const std::size_t roles = facts.roles.size(), wanted = query.roles.size();
  if (count < rows || count > (query.parents ? 2 * rows : rows)) return false;
  if (roles > roles_max || facts.wanted_roles.size() != std::uint64_t{count} * wanted) return false;
  const OrganizationFact* const organizations = facts.organizations.data();
  for (std::size_t i = 0; i < count; ++i)
    if (!is_valid(organizations[i], i, rows, count, roles, organizations)) return false;
  for (const RoleIndex role : facts.wanted_roles)
    if (!is_valid_wanted(role, roles)) return false;
  return true;
}

bool all_exist(const Facts& facts) noexcept {
  bool all = true;
  for (const AccountFact& fact : facts.accounts) all &= !fact.id.empty();
  return all;
}

/// `ends`: whether any membership has an expiry, or an end of its invitation.
bool memberships_are_valid(const Query& query, const Facts& facts, bool& ends) noexcept {
  const std::size_t columns = facts.accounts.size(), rows = facts.organizations.size(), roles = facts.roles.size();
  if (columns != query.columns()) return false;
  const OrganizationFact* const organizations = facts.organizations.data();
  const MembershipFact* fact = facts.memberships.begin();
  const MembershipFact* const end = facts.memberships.end();
  std::uint64_t any_end = 0;
  for (std::size_t next_row = 0; fact != end;) {
    const std::uint32_t row = fact->organization;
    if (row < next_row || row >= rows || organizations[row].id.empty()) return false;
    std::uint64_t expected = cell_key(row, 0);  // the lowest valid key of the next entry, and the likely one
    std::uint32_t fit = ~verdict_key(*fact);    // the verdict key checked last
    do {
      if (cell_key_of(*fact) != expected) {
        if (fact->organization != row) break;
        if (cell_key_of(*fact) < expected) return false;
        expected = cell_key_of(*fact);
      }
      if (fact->account >= columns || fact->id.empty()) return false;
      if (verdict_key(*fact) != fit) {
        if (!is_valid(*fact, roles)) return false;
        fit = verdict_key(*fact);
      }
      any_end |= static_cast<std::uint64_t>(fact->valid_until) | static_cast<std::uint64_t>(fact->invitation_until);
      expected += cell_key(0, 1);
    } while (++fact != end);
    next_row = std::size_t{row} + 1;
  }
  ends = any_end != 0;
  // Checked once for all accounts, not for each member: accounts are large, and mostly all of them exist.
  if (!all_exist(facts))
    for (const MembershipFact& member : facts.memberships)
      if (facts.accounts[member.account].id.empty()) return false;
  return true;
}

bool inviters_are_valid(const Query& query, const Facts& facts) noexcept {
  if (!query.inviters) return true;
  if (facts.inviters.size() != facts.memberships.size()) return false;
  for (const InviterFact& inviter : facts.inviters)
    if (inviter.is_member && inviter.role >= facts.roles.size()) return false;
  return true;
}

bool page_is_valid(const SetPage& page, const Facts& facts) noexcept {
  const bool members = page.of == SetPage::Of::members;
  if ((members ? facts.organizations.size() : facts.accounts.size()) != 0) return false;
  if ((members ? facts.accounts.size() : facts.organizations.size()) > page.entries_max) return false;
  for (const OrganizationFact& fact : facts.organizations)
    if (fact.id.empty()) return false;
  return all_exist(facts);
}

bool is_valid(const Query& query, const Facts& facts, bool& ends) noexcept {
  if (query.set != nullptr) return page_is_valid(*query.set, facts);
  if (!query.groups.empty()) return groups_are_valid(query, facts);
  return organizations_are_valid(query, facts) && memberships_are_valid(query, facts, ends) &&
         inviters_are_valid(query, facts);
}

void expire_members(const Query& query, Facts& facts, Time now) noexcept {
  for (MembershipFact& fact : facts.memberships) {
    const Time end = fact.end();
    if (!has_expired(end, now) || fact.state == MembershipState::removed) continue;
    fact.expired = true;
    fact.stored_before_expiry = fact.state;
    fact.state = MembershipState::removed;
    // Like any removal, the expiry makes older requests outdated. The request that wrote the membership is outdated
    // too. A request already outdated by an earlier suspension stays so.
    fact.outdated |= fact.written_by_request() || (query.asked_at != Time{} && query.asked_at <= end);
  }
}

void expire_others(Facts& facts, Time now) noexcept {
  for (OrganizationFact& fact : facts.organizations)
    if (has_expired(fact.actor_valid_until, now)) fact.actor_is_member = false;
  for (InviterFact& fact : facts.inviters)
    if (has_expired(fact.valid_until, now)) fact.is_member = false;
}

}  // namespace

void expire(const Query& query, Facts& facts, Time now) noexcept {
  expire_others(facts, now);
  expire_members(query, facts, now);
}

Result<void> validate_facts(const Query& query, const Facts& facts) noexcept {
  bool ends = false;
  if (!is_valid(query, facts, ends)) return Errc::store_broke_contract;
  return success();
}

Result<void> accept_facts(const Query& query, Facts& facts, Time now) noexcept {
  bool ends = false;
  if (!is_valid(query, facts, ends)) return Errc::store_broke_contract;
  expire_others(facts, now);
  if (ends) expire_members(query, facts, now);
  return success();
}

}  // namespace roster::inline ROSTER_ABI
