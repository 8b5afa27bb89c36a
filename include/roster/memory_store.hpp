// MemoryStore: the default store, in memory. No data survives the process.
//
//     MemoryStore store;
//     auto put = store.put_organization({.id = OrganizationId("acme")});
//     Result<std::optional<Membership>> ann = store.membership(OrganizationId("acme"), AccountId("ann"));
#ifndef ROSTER_MEMORY_STORE_HPP
#define ROSTER_MEMORY_STORE_HPP

#include <cstdint>
#include <optional>
#include <span>

#include "roster/membership_reader.hpp"
#include "roster/record_store.hpp"
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
class MemoryStore final : public Store, public MembershipReader, public RecordStore {
 public:
  explicit MemoryStore(const MemoryOptions& options = {}) noexcept;  ///< an empty store
  ~MemoryStore() override;
  MemoryStore(const MemoryStore&) = delete;
  MemoryStore& operator=(const MemoryStore&) = delete;

  Result<void> fetch(const Query& query, Facts& facts) noexcept override;
  Result<void> commit(const ChangeSet& changes) noexcept override;

  // ---- set-up: the calls of RecordStore
  Result<std::optional<OrganizationRecord>> organization(const OrganizationSelector& selector) const noexcept override;
  Result<Version> put_organization(const OrganizationRecord& record) noexcept override;
  Result<Version> overwrite_organization(const OrganizationRecord& record) noexcept override;
  Result<Version> change_organization(const OrganizationId& id, const OrganizationChange& change,
                                      Version version) noexcept override;
  Result<void> erase_organization(const OrganizationId& id, Version version) noexcept override;
  Result<std::size_t> children(const OrganizationId& parent, const OrganizationId& after,
                               std::span<OrganizationId> out) const noexcept override;
  Result<Version> put_role(const OrganizationId& organization, const Role& role, Version version) noexcept override;
  Result<void> record_owner_role(const RoleId& role) noexcept override;
  Result<void> forget_owner_role(const RoleId& role) noexcept override;
  Result<Version> erase_role(const OrganizationId& organization, const RoleId& role, const RoleId& replacement,
                             Version version) noexcept override;
  Result<std::size_t> roles(const OrganizationId& organization, const RoleId& after,
                            std::span<Role> out) const noexcept override;
  Result<std::optional<AccountRecord>> account(const AccountSelector& selector) const noexcept override;
  Result<Version> put_account(const AccountRecord& record) noexcept override;
  Result<Version> overwrite_account(const AccountRecord& record) noexcept override;
  Result<Version> change_account(const AccountId& id, const AccountChange& change, Version version) noexcept override;
  Result<void> change_accounts(std::span<AccountUpdate> updates) noexcept override;
  Result<void> erase_account(const AccountId& id, Version version, Mentions mentions) noexcept override;
  Result<void> overwrite_group(const GroupName& group, std::span<const AccountId> accounts) noexcept override;
  Result<void> put_membership(const Membership& membership) noexcept override;
  Result<void> erase_membership(const OrganizationId& organization, const AccountId& account) noexcept override;
  /// Allocates memory ahead of a bulk of known size. It is never needed for correctness.
  Result<void> reserve_accounts(std::uint32_t accounts) noexcept;

  // ---- look-ups: the calls of MembershipReader, and those of this store
  Result<std::optional<Membership>> membership(const OrganizationId& organization,
                                               const AccountId& account) const noexcept override;
  Result<std::optional<FormerMembership>> former_membership(const OrganizationId& organization,
                                                            const AccountId& account) const noexcept override;
  Result<std::size_t> members(const OrganizationId& organization, const AccountId& after,
                              std::span<Membership> out) const noexcept override;
  Result<std::size_t> members_with_role(const OrganizationId& organization, const RoleId& role, const AccountId& after,
                                        std::span<Membership> out) const noexcept override;
  Result<std::size_t> invitations(const OrganizationId& organization, const AccountId& after,
                                  std::span<Membership> out) const noexcept override;
  Result<std::size_t> organizations_of(const AccountId& account, const OrganizationId& after,
                                       std::span<Membership> out) const noexcept override;
  Result<std::uint64_t> member_count(const OrganizationId& organization) const noexcept override;
  Result<std::uint64_t> organization_count(const AccountId& account) const noexcept override;
  std::uint64_t organization_count() const noexcept;  ///< all organizations
  std::uint64_t account_count() const noexcept;       ///< all accounts
  std::uint64_t membership_count() const noexcept;    ///< all memberships
  MemoryFootprint footprint() const noexcept;         ///< reads the size of every organization

 private:
  struct State;
  State* state_;  ///< null if its allocation failed: every call then returns out_of_memory
};

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
