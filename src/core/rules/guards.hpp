// Guards: the facts on which a decision depends must still hold when it is committed. An absent membership needs no
// guard, because the store's key is unique.
#ifndef ROSTER_CORE_RULES_GUARDS_HPP
#define ROSTER_CORE_RULES_GUARDS_HPP

#include "capacity.hpp"
#include "judge.hpp"

namespace roster::inline ROSTER_ABI {

/// The facts that a verdict has read, and on which it depends.
enum Dependency : std::uint8_t {
  on_organization = 1,
  on_actor = 2,
  on_account = 4,
  on_membership = 8,
  on_parent = 16,
  on_inviter = 32,
  on_role = 64,
  on_more = 128,  ///< a fact outside the verdict key, which may differ between cells with equal keys
};

using Guards = decltype(ChangeSet::guards);

// Each function returns false only if memory runs out.

[[nodiscard]] inline bool push_guard(Guards& guards, Guard::Record record, std::uint32_t organization,
                                     std::uint32_t account, Version version, std::uint32_t limit = 0) noexcept {
  if (!guards.reserve(std::uint64_t{guards.size()} + 1)) return false;
  guards.unchecked_append_uninitialized() = {record, organization, account, version, limit};
  return true;
}

/// `dependencies`: the organization itself, and the actor's membership in it. `bounds`: the counts of the organization
/// that the commit must keep.
[[nodiscard]] inline bool guard_organization(Guards& guards, const OrganizationFact& fact, std::uint32_t index,
                                             std::uint8_t dependencies, std::uint8_t bounds) noexcept {
  using Record = Guard::Record;
  if ((dependencies & on_organization) != 0 && !push_guard(guards, Record::organization, index, 0, fact.version))
    return false;
  if ((dependencies & on_actor) != 0 && !push_guard(guards, Record::actor, index, 0, fact.actor_version)) return false;
  if (bounds == 0) return true;
  if ((bounds & seats_bound) != 0 && !push_guard(guards, Record::seats, index, 0, {}, fact.counts.seats_max))
    return false;
  return (bounds & owners_bound) == 0 || push_guard(guards, Record::owners, index, 0, {}, 1);
}

[[nodiscard]] inline bool guard_account(Guards& guards, const AccountFact& fact, std::uint32_t column) noexcept {
  return fact.id.empty() || push_guard(guards, Guard::Record::account, 0, column, fact.version);
}

[[nodiscard]] inline bool guard_membership(Guards& guards, const MembershipFact& fact) noexcept {
  return push_guard(guards, Guard::Record::membership, fact.organization, fact.account, fact.version);
}

}  // namespace roster::inline ROSTER_ABI

#endif
