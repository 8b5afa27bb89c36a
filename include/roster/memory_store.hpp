// MemoryStore: the embedded default store. Everything in memory, nothing survives the process.
#ifndef ROSTER_MEMORY_STORE_HPP
#define ROSTER_MEMORY_STORE_HPP

#include <cstdint>
#include <optional>
#include <span>

#include "roster/records.hpp"
#include "roster/store.hpp"

ROSTER_PUBLIC_BEGIN

struct MemoryOptions {
  std::uint64_t hash_seed = 0x9E3779B97F4A7C15u;  ///< from entropy where ids come from strangers
  bool locked = true;            ///< false: the host promises that only one thread uses the store at a time
  bool folds_usernames = false;  ///< usernames are the same if they differ only in ASCII case; the spelling is kept
};

/// Bytes that the store has asked for and not given back, by what they hold.
struct MemoryFootprint {
  std::uint64_t memberships = 0;    ///< records, and the table by which one is found in its organization
  std::uint64_t by_account = 0;     ///< each account's list of organizations
  std::uint64_t organizations = 0;  ///< records, ids, slugs and their tables
  std::uint64_t accounts = 0;       ///< records, ids, e-mail addresses, usernames and their tables
  std::uint64_t working = 0;        ///< tables of one call that are kept for the next; they grow with the largest command
  std::uint64_t total() const noexcept { return memberships + by_account + organizations + accounts + working; }
};

/// Threads: with MemoryOptions::locked every call may come from any thread; each takes one lock once, whatever its
/// size. Errors: out_of_memory and store_full leave everything as it was. Nothing throws; works without exceptions.
/// Limits: 2^26 - 1 memberships an organization, 2^32 - 2 accounts and as many organizations, 32,766 different roles.
/// Cost: at most 64 bytes a membership with the index by account (tests/bench prints it); growing moves a bounded
/// number of records, so that no single add stalls.
class MemoryStore final : public Store {
 public:
  explicit MemoryStore(const MemoryOptions& options = {}) noexcept;
  ~MemoryStore() override;
  MemoryStore(const MemoryStore&) = delete;
  MemoryStore& operator=(const MemoryStore&) = delete;

  Result<void> fetch(const Query& query, Facts& facts) noexcept override;
  Result<void> commit(const ChangeSet& changes) noexcept override;

  // ---- set-up: the host's own records. A put of an id that is there changes the record and raises its version.
  /// Errors: exists (the slug is another's), not_found (the parent), id_empty.
  Result<void> put_organization(const OrganizationRecord& record) noexcept;
  /// Adds or changes a role in an organization's own catalog, for profiles without one. Errors: not_found, id_empty.
  Result<void> put_role(const OrganizationId& organization, const Role& role) noexcept;
  /// Errors: exists (the e-mail key or username is another's), id_empty.
  Result<void> put_account(const AccountRecord& record) noexcept;
  /// Names a set of accounts; a second put replaces the set. Errors: not_found (an account), id_empty.
  Result<void> put_group(const GroupName& group, std::span<const AccountId> accounts) noexcept;
  /// A membership that is there from the start, such as the owner of a new organization. No rule is judged.
  /// Errors: exists, not_found, id_empty.
  Result<void> put_membership(const Membership& membership) noexcept;
  /// Forgets a membership, and with it the RequestKey it remembered. Errors: not_found.
  Result<void> erase_membership(const OrganizationId& organization, const AccountId& account) noexcept;
  /// Makes room ahead of a bulk of known size. Never needed for correctness.
  Result<void> reserve_accounts(std::uint32_t accounts) noexcept;

  // ---- look-ups
  std::optional<Membership> membership(const OrganizationId& organization, const AccountId& account) const noexcept;
  /// The tombstone of a membership that was removed under a profile that keeps them.
  std::optional<FormerMembership> former_membership(const OrganizationId& organization,
                                                    const AccountId& account) const noexcept;
  /// Fills `out` with members in the order in which they were added, from `cursor` on (0: the first). Returns how many
  /// were written and moves the cursor past them; 0 at the end, or if there is no such organization. Between two pages
  /// members may come and go: who stays is not passed over. If the one to be listed next has gone, it begins again.
  std::size_t members(const OrganizationId& organization, std::uint64_t& cursor,
                      std::span<Membership> out) const noexcept;
  /// The same for the organizations of an account, in the order in which it joined them.
  std::size_t organizations_of(const AccountId& account, std::uint64_t& cursor,
                               std::span<Membership> out) const noexcept;
  std::uint64_t member_count(const OrganizationId& organization) const noexcept;
  std::uint64_t organization_count(const AccountId& account) const noexcept;  ///< how many it is a member of
  std::uint64_t organization_count() const noexcept;
  std::uint64_t account_count() const noexcept;
  std::uint64_t membership_count() const noexcept;
  std::optional<OrganizationRecord> organization(const OrganizationSelector& selector) const noexcept;
  /// Copies the e-mail address; nothing if there is no such account, or no memory for the copy.
  std::optional<AccountRecord> account(const AccountSelector& selector) const noexcept;
  MemoryFootprint footprint() const noexcept;

 private:
  struct State;
  State* state_;  ///< null if there was no memory for it: then every verb says out_of_memory
};

ROSTER_END

#endif
