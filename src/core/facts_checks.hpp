// Checks of single facts, and of all facts about one cell.
#ifndef ROSTER_CORE_FACTS_CHECKS_HPP
#define ROSTER_CORE_FACTS_CHECKS_HPP

#include <cstddef>
#include <cstring>

#include "roster/facts.hpp"

namespace roster::inline ROSTER_ABI {

/// `i` is the index of `fact` among `count` organizations. The first `rows` of them are the rows of the query.
inline bool is_valid(const OrganizationFact& fact, std::size_t i, std::size_t rows, std::size_t count,
                     std::size_t roles, const OrganizationFact* organizations) noexcept {
  if (fact.id.empty()) return i < rows;  // a parent that does not exist is not listed
  if (fact.actor_is_member && fact.actor_role >= roles) return false;
  if (fact.parent == no_index) return true;
  return fact.parent < count && fact.parent != i && !organizations[fact.parent].id.empty();
}

inline bool is_valid_wanted(RoleIndex role, std::size_t roles) noexcept {
  return role == no_role || role < roles;
}

/// The row and the column of a membership, in one word.
constexpr std::uint64_t cell_key(std::uint32_t organization, std::uint32_t account) noexcept {
  return organization | std::uint64_t{account} << 32;
}
inline std::uint64_t cell_key_of(const MembershipFact& fact) noexcept {
  return cell_key(fact.organization, fact.account);
}

/// The fields that a verdict depends on, in one word: the role, the state, and whether this request wrote it. Mostly
/// equal for successive memberships.
inline std::uint32_t verdict_key(const MembershipFact& fact) noexcept {
  std::uint32_t word;
  static_assert(offsetof(MembershipFact, match) == offsetof(MembershipFact, role) + 3);
  std::memcpy(&word, reinterpret_cast<const char*>(&fact) + offsetof(MembershipFact, role), sizeof word);
  return word;
}

/// The caller has checked the row, the column, and that the organization and the account exist.
inline bool is_valid(const MembershipFact& fact, std::size_t roles) noexcept {
  return fact.role < roles && fact.state <= MembershipState::removed && !fact.id.empty();
}

/// validate_facts() for a query of one cell, with no parents and at most one role.
inline bool is_valid_single(const Query& query, const Facts& facts) noexcept {
  const std::size_t roles = facts.roles.size(), wanted = query.roles.size();
  if (facts.organizations.size() != 1 || facts.accounts.size() != 1 || facts.wanted_roles.size() != wanted ||
      facts.memberships.size() > 1 || roles > roles_max)
    return false;
  const OrganizationFact& organization = facts.organizations[0];
  if (!is_valid(organization, 0, 1, 1, roles, &organization)) return false;
  if (wanted != 0 && !is_valid_wanted(facts.wanted_roles[0], roles)) return false;
  if (facts.memberships.empty()) return true;
  const MembershipFact& fact = facts.memberships[0];
  return (fact.organization | fact.account) == 0 && !facts.accounts[0].id.empty() && !organization.id.empty() &&
         is_valid(fact, roles);
}

/// validate_facts(), and expire() if it succeeded, in one pass.
Result<void> accept_facts(const Query& query, Facts& facts, Time now) noexcept;

/// Whether expire() can change the facts about one cell: few memberships have an expiry.
inline bool may_have_ended(const Facts& facts) noexcept {
  if (facts.organizations[0].actor_valid_until != Time{}) return true;
  if (facts.memberships.empty()) return false;
  const MembershipFact& fact = facts.memberships[0];
  return (static_cast<std::uint64_t>(fact.valid_until) | static_cast<std::uint64_t>(fact.invitation_until)) != 0;
}

}  // namespace roster::inline ROSTER_ABI

#endif
