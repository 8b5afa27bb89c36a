// MembershipReader: the read interface of every store, for pages that list members and for access checks.
//
//     AccountId after;  // empty: from the first
//     std::array<Membership, 100> page;
//     for (;;) {
//       Result<std::size_t> count = store.members(OrganizationId("acme"), after, page);
//       if (!count || count.value() == 0) break;
//       show(std::span(page).first(count.value()));
//       after = page[count.value() - 1].account;
//     }
#ifndef ROSTER_MEMBERSHIP_READER_HPP
#define ROSTER_MEMBERSHIP_READER_HPP

#include <cstdint>
#include <optional>
#include <span>

#include "roster/records.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// MembershipReader reads the memberships of one store. A host writes code for this interface once, and uses it with
/// every store. Each record carries the version of the membership.
///
/// A listing contains invitations, suspended memberships and expired ones, because all of them are in the store. It
/// contains no tombstones. is_effective() decides whether a membership gives access.
/// Threads: as the store.
/// Errors of each call: store_failed if the store failed; out_of_memory. An unknown organization or account is an empty
/// answer.
class MembershipReader {
 public:
  virtual ~MembershipReader() = default;

  /// Returns the membership of a pair, or nothing.
  virtual Result<std::optional<Membership>> membership(const OrganizationId& organization,
                                                       const AccountId& account) const noexcept = 0;
  /// Returns the tombstone of a removed membership, if the profile keeps tombstones.
  virtual Result<std::optional<FormerMembership>> former_membership(const OrganizationId& organization,
                                                                    const AccountId& account) const noexcept = 0;
  /// Fills `out` with members in the order of their account ids, byte by byte, from the first id greater than `after`.
  /// Returns their number, which is less than out.size() at the end. Pass the last account of a page as the next
  /// `after`. Members who stay throughout are listed exactly once, whatever is added or removed between two pages.
  /// Cost: an index range on PostgreSQL; MemoryStore and SqliteStore read all members of the organization for each
  /// page.
  virtual Result<std::size_t> members(const OrganizationId& organization, const AccountId& after,
                                      std::span<Membership> out) const noexcept = 0;
  /// Does the same for the members with one role. `role` is compared with the stored role of a membership: a former id
  /// of a profile's catalog is listed under itself.
  virtual Result<std::size_t> members_with_role(const OrganizationId& organization, const RoleId& role,
                                                const AccountId& after, std::span<Membership> out) const noexcept = 0;
  /// Does the same for the pending invitations of an organization, expired ones included. invitation_status()
  /// distinguishes them.
  virtual Result<std::size_t> invitations(const OrganizationId& organization, const AccountId& after,
                                          std::span<Membership> out) const noexcept = 0;
  /// Does the same as members() for the organizations of an account, in the order of their ids.
  virtual Result<std::size_t> organizations_of(const AccountId& account, const OrganizationId& after,
                                               std::span<Membership> out) const noexcept = 0;
  /// Returns the number of memberships that members() lists.
  virtual Result<std::uint64_t> member_count(const OrganizationId& organization) const noexcept = 0;
  /// Returns the number of memberships that organizations_of() lists.
  virtual Result<std::uint64_t> organization_count(const AccountId& account) const noexcept = 0;
};

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
