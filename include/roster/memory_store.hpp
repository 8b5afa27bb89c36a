// MemoryStore: the default store, in memory. No data survives the process.
//
//     MemoryStore store;
//     auto put = store.put_organization({.id = OrganizationId("acme")});
//     std::optional<Membership> ann = store.membership(OrganizationId("acme"), AccountId("ann"));
#ifndef ROSTER_MEMORY_STORE_HPP
#define ROSTER_MEMORY_STORE_HPP

#include <cstdint>
#include <optional>
#include <span>

#include "roster/membership_reader.hpp"
#include "roster/store.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// MemoryOptions are the choices of a host at the construction of a MemoryStore.
struct MemoryOptions {
  std::uint64_t hash_seed = 0x9E3779B97F4A7C15u;  ///< from entropy, if ids come from clients
  bool thread_safe = true;  ///< false: the host promises that only one thread uses the store at a time
  bool case_insensitive_usernames =
      false;  ///< usernames that differ only in ASCII case are equal; the spelling is kept
};

/// MemoryFootprint is the memory that the store has allocated and not freed, in bytes, by content.
struct MemoryFootprint {
  std::uint64_t memberships = 0;    ///< records, and the table of each organization
  std::uint64_t by_account = 0;     ///< each account's list of organizations
  std::uint64_t organizations = 0;  ///< records, ids, slugs and their tables
  std::uint64_t accounts = 0;       ///< records, ids, e-mail addresses, usernames and their tables
  std::uint64_t working = 0;        ///< buffers kept between calls; the largest command sets their size
  /// Returns the sum.
  std::uint64_t total() const noexcept { return memberships + by_account + organizations + accounts + working; }
};

/// MemoryStore keeps all records in memory.
/// Threads: with MemoryOptions::thread_safe every call may come from any thread. Each call takes one lock once, for any
/// size.
/// Errors: out_of_memory if an allocation fails; store_full at a limit. Both leave the store unchanged. Nothing throws,
/// and it works without exceptions.
/// Limits: 2^26 - 1 memberships an organization, 2^32 - 2 accounts and as many organizations, 32,766 different roles.
/// Cost: at most 64 bytes for a membership, with the index by account (tests/bench prints it). Growth moves a bounded
/// number of records, so that no single add stalls.
class MemoryStore final : public Store, public MembershipReader {
 public:
  explicit MemoryStore(const MemoryOptions& options = {}) noexcept;  ///< an empty store
  ~MemoryStore() override;
  MemoryStore(const MemoryStore&) = delete;
  MemoryStore& operator=(const MemoryStore&) = delete;

  Result<void> fetch(const Query& query, Facts& facts) noexcept override;
  Result<void> commit(const ChangeSet& changes) noexcept override;

  // ---- set-up: the host's own records. A put of an existing id changes the record and its version.
  /// Adds or changes an organization.
  /// Errors: exists if another organization has the slug; not_found if the parent does not exist; id_empty.
  Result<void> put_organization(const OrganizationRecord& record) noexcept;
  /// Adds or changes a role in an organization's own catalog, for profiles without a catalog.
  /// Errors: not_found if the organization does not exist; id_empty.
  Result<void> put_role(const OrganizationId& organization, const Role& role) noexcept;
  /// Adds or changes an account.
  /// Errors: exists if another account has the e-mail key or username; id_empty.
  Result<void> put_account(const AccountRecord& record) noexcept;
  /// Names a set of accounts. A second put replaces the set.
  /// Errors: not_found if an account does not exist; id_empty.
  Result<void> put_group(const GroupName& group, std::span<const AccountId> accounts) noexcept;
  /// Puts an initial membership, such as the owner of a new organization. No rule applies.
  /// Errors: exists if the pair has a membership; not_found if the organization or account does not exist, or the state
  /// is `removed`; id_empty.
  Result<void> put_membership(const Membership& membership) noexcept;
  /// Erases a membership, and with it its stored IdempotencyKey.
  /// Errors: not_found if there is none.
  Result<void> erase_membership(const OrganizationId& organization, const AccountId& account) noexcept;
  /// Allocates memory ahead of a bulk of known size. It is never needed for correctness.
  Result<void> reserve_accounts(std::uint32_t accounts) noexcept;

  // ---- look-ups: the calls of MembershipReader, and those of this store
  Result<std::optional<Membership>> membership(const OrganizationId& organization,
                                               const AccountId& account) const noexcept override;
  Result<std::optional<FormerMembership>> former_membership(const OrganizationId& organization,
                                                            const AccountId& account) const noexcept override;
  Result<std::size_t> members(const OrganizationId& organization, const AccountId& after,
                              std::span<Membership> out) const noexcept override;
  Result<std::size_t> organizations_of(const AccountId& account, const OrganizationId& after,
                                       std::span<Membership> out) const noexcept override;
  Result<std::uint64_t> member_count(const OrganizationId& organization) const noexcept override;
  Result<std::uint64_t> organization_count(const AccountId& account) const noexcept override;
  std::uint64_t organization_count() const noexcept;  ///< all organizations
  std::uint64_t account_count() const noexcept;       ///< all accounts
  std::uint64_t membership_count() const noexcept;    ///< all memberships
  /// Returns the organization of that name, or nothing.
  std::optional<OrganizationRecord> organization(const OrganizationSelector& selector) const noexcept;
  /// Copies the e-mail address. Returns nothing if there is no such account, or no memory for the copy.
  std::optional<AccountRecord> account(const AccountSelector& selector) const noexcept;
  MemoryFootprint footprint() const noexcept;  ///< reads the size of every organization

 private:
  struct State;
  State* state_;  ///< null if its allocation failed: every call then returns out_of_memory
};

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
