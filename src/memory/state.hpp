// State: the data of a MemoryStore, and the search for records.
#ifndef ROSTER_MEMORY_STATE_HPP
#define ROSTER_MEMORY_STATE_HPP

#include <cstdint>
#include <mutex>
#include <utility>

#include "chunked.hpp"
#include "hash.hpp"
#include "history_table.hpp"
#include "limits.hpp"
#include "list_pool.hpp"
#include "member_counter.hpp"
#include "records.hpp"
#include "roster/memory_store.hpp"
#include "slot_table.hpp"
#include "string_arena.hpp"

namespace roster::inline ROSTER_ABI {
namespace memory {

/// The error code of success.
inline constexpr Errc done{};
inline Result<void> result_of(Errc code) noexcept {
  if (code == done) return success();
  return Error{code};
}

/// A column of the current query whose account exists.
struct Column {
  std::uint64_t hash;
  Handle account;
  std::uint32_t column;
};

/// An account or organization of the current change set. The record is null if it does not exist.
struct WrittenAccount {
  Account* record;
  std::uint64_t hash;
  Handle handle;
};

struct WrittenOrganization {
  Organization* record;
  Handle handle;
};

/// A record and its handle; null and no_handle for a missing record.
template <class Record>
struct Found {
  Handle handle;
  const Record* record;
};

struct Core {
  explicit Core(const MemoryOptions& given) noexcept : options(given), hasher(given.hash_seed) {}
  ~Core() {
    for (MemberCounter* const member_counter : member_counters) delete member_counter;
  }

  // ---- finding
  /// Compares a slot with an id, and remembers the record compared last. A lambda is inlined less reliably.
  template <class Records, class AnyId>
  struct Named {
    const Records& records;
    const StringArena& strings;
    const AnyId& id;
    decltype(&std::declval<const Records&>()[0])& seen;
    [[gnu::always_inline]] bool operator()(IdSlot slot) const noexcept {
      seen = &records[slot.handle];
      return seen->id.is(id, strings);
    }
  };
  /// Finds the record of an id. `position` is the probe position of its hash.
  [[gnu::always_inline]] Found<Account> seek(const AccountId& id, std::uint32_t hash,
                                             IdTable::ProbePosition position) const noexcept {
    const Account* seen = nullptr;
    const IdSlot slot =
        IdTable::find_from(position, hash, Named<decltype(accounts), AccountId>{accounts, strings, id, seen});
    return {slot.handle, slot.vacant() ? nullptr : seen};
  }
  [[gnu::always_inline]] Found<Organization> seek(const OrganizationId& id, std::uint32_t hash,
                                                  IdTable::ProbePosition position) const noexcept {
    const Organization* seen = nullptr;
    const IdSlot slot = IdTable::find_from(
        position, hash, Named<decltype(organizations), OrganizationId>{organizations, strings, id, seen});
    return {slot.handle, slot.vacant() ? nullptr : seen};
  }
  Found<Account> found_account(Handle handle) const noexcept {
    return {handle, handle == no_handle ? nullptr : &accounts[handle]};
  }
  Found<Organization> found_organization(Handle handle) const noexcept {
    return {handle, handle == no_handle ? nullptr : &organizations[handle]};
  }
  [[gnu::always_inline]] Handle find(const AccountId& id) const noexcept {
    const std::uint32_t hash = hasher.id(id);
    return seek(id, hash, account_ids.position(hash)).handle;
  }
  Handle find_email(std::string_view key) const noexcept { return find_email(key, hasher.text(key)); }
  Handle find_email(std::string_view key, std::uint32_t hash) const noexcept;
  Handle find(const Username& name) const noexcept;
  Handle find(const AccountSelector& selector) const noexcept;
  [[gnu::always_inline]] Handle find(const OrganizationId& id) const noexcept {
    const std::uint32_t hash = hasher.id(id);
    return seek(id, hash, organization_ids.position(hash)).handle;
  }
  [[gnu::always_inline]] bool is(Handle handle, const AccountId& id) const noexcept {
    return accounts[handle].id.is(id, strings);
  }
  Handle find(const Slug& slug) const noexcept;
  Handle find(const OrganizationSelector& selector) const noexcept;
  Handle find_group(const GroupName& name) const noexcept;
  std::uint16_t find_role(const RoleId& id) const noexcept;  ///< no_role: unknown

  /// Finds the account or organization of that id. A correct locator saves the search.
  [[gnu::always_inline]] WrittenAccount locate(const AccountId& id, Locator locator) noexcept {
    const std::uint64_t hint = static_cast<std::uint64_t>(locator) - 1;
    if (hint < accounts.size()) [[likely]] {
      const auto handle = static_cast<Handle>(hint);
      Account* const there = &accounts[handle];
      if (there->id.is(id, strings)) [[likely]]
        return {there, hasher.handle(handle), handle};
    }
    return written_account(search(id));
  }
  [[gnu::always_inline]] WrittenOrganization locate(const OrganizationId& id, Locator locator) noexcept {
    const std::uint64_t hint = static_cast<std::uint64_t>(locator) - 1;
    if (hint < organizations.size()) [[likely]] {
      const auto handle = static_cast<Handle>(hint);
      Organization* const there = &organizations[handle];
      if (there->id.is(id, strings)) [[likely]]
        return {there, handle};
    }
    return written_organization(search(id));
  }
  WrittenAccount written_account(Handle handle) noexcept {
    return handle == no_handle ? WrittenAccount{nullptr, 0, no_handle}
                               : WrittenAccount{&accounts[handle], hasher.handle(handle), handle};
  }
  WrittenOrganization written_organization(Handle handle) noexcept {
    return {handle == no_handle ? nullptr : &organizations[handle], handle};
  }
  Handle search(const AccountId& id) const noexcept;  ///< find(), out of line
  /// The account of that id, or the one that was erased and has left its mentions.
  Handle search_former(const AccountId& id) const noexcept;
  Handle search(const OrganizationId& id) const noexcept;

  // ---- writing; each of these does all or nothing
  /// Finds or registers a role. Most commands have the role of the command before.
  Errc role_of(const RoleId& id, std::uint16_t& role) noexcept {
    if (last_role < roles.size() && same_id(roles[last_role].id, id)) [[likely]] {
      role = last_role;
      return done;
    }
    return learn_role(id, role);
  }
  Errc learn_role(const RoleId& id, std::uint16_t& role) noexcept;
  Errc add_account(const AccountId& id, const Email* email, const Username& username, bool disabled, bool invited,
                   Handle& handle) noexcept;
  /// The expiry of a membership; 0: never.
  Time ends_at(Handle organization, const MemberRecord& record) const noexcept {
    if (!record.sets_expiry()) [[likely]]
      return Time{};
    const HistoryEntry* const history = histories.find(organization, record.account);
    return history == nullptr ? Time{} : history->valid_until;
  }

  /// The id of an account, out of line to keep programs small.
  AccountId account_id(Handle account) const noexcept;
  /// The end of an invitation; 0: never, and for every other state.
  Time invitation_end(Handle organization, const MemberRecord& record) const noexcept;

  /// The counter of an organization, or null. counted() returns it only if its members have been counted.
  MemberCounter* member_counter(Handle organization) const noexcept {
    return organization < member_counters.size() ? member_counters[organization] : nullptr;
  }
  MemberCounter* counted(Handle organization) const noexcept {
    MemberCounter* const found = member_counter(organization);
    return found != nullptr && found->counted ? found : nullptr;
  }
  /// True if the organization has a membership that is not removed.
  bool has_members(Handle organization) const noexcept {
    const MemberCounter* const found = member_counter(organization);
    return organizations[organization].members.size() != (found == nullptr ? 0 : found->removed);
  }
  /// make_member_counter() creates a missing counter, and count() counts the members. Null if an allocation failed.
  MemberCounter* make_member_counter(Handle organization) noexcept;
  MemberCounter* count(Handle organization) noexcept;
  /// True if a role owns in this organization, or takes a seat in it.
  bool owns(const Organization& organization, std::uint16_t role, const CountedRoles& by) const noexcept;
  bool takes_seat(const Organization& organization, std::uint16_t role, const CountedRoles& by) const noexcept;
  /// The counts of an organization whose members have been counted, without the invitations that are over at `now`.
  /// Reads all members if some invitation has an end.
  MemberCounts counts(Handle organization, const CountedRoles& by, Time now) const noexcept;
  /// Erases a membership or its tombstone.
  void erase_member(Handle from, std::uint32_t position) noexcept;
  void drop_last_account() noexcept;
  Errc set_email(Handle handle, const Email* email) noexcept;
  void restore_email(Handle handle, TextRef former) noexcept;  ///< undoes set_email()
  Errc set_username(Handle handle, const Username& username) noexcept;
  void restore_username(Handle handle, TextRef former) noexcept;  ///< undoes set_username()
  Errc set_slug(Handle handle, const Slug& slug) noexcept;

  std::uint32_t hash_of_username(std::string_view name) const noexcept;
  bool same_username(std::string_view a, std::string_view b) const noexcept;
  /// Adds a slot for a name that has none, or erases that of a record. Once for all tables, to keep programs small.
  static Put list(IdTable& table, std::uint32_t hash, Handle handle) noexcept;
  static void unlist(IdTable& table, std::uint32_t hash, Handle handle) noexcept;
  void unlist_email(Handle handle) noexcept;
  void unlist_username(Handle handle) noexcept;

  MemoryOptions options;
  Hasher hasher;
  StringArena strings;
  Chunked<Account, 10> accounts;
  Chunked<Organization, 6> organizations;
  Chunked<KnownRole, 4> roles;
  Chunked<Group, 4> groups;
  IdTable account_ids, emails, usernames, organization_ids, slugs, role_ids, group_names;
  IdTable former_account_ids;  ///< of erased accounts whose mentions are kept
  ListPool lists;
  HistoryTable histories;
  /// Indexed by organization. An organization beyond the end, or with a null entry, has no counter.
  SmallVector<MemberCounter*, 0> member_counters;
  std::uint64_t memberships = 0;
  /// The first version of a new membership. It is above every version of an erased one, so that a guard never holds for
  /// a later membership of the same pair.
  std::uint32_t first_version = 1;
  /// The same for a new organization or account.
  std::uint32_t first_record_version = 1;
  // The records of erased ones stay, because handles are not reused.
  std::uint32_t erased_organizations = 0, erased_accounts = 0;
  std::uint16_t last_role = no_role;
  std::mutex mutex;

  // Working memory, reused between calls. The lock guards it too.
  std::uint64_t stamp = 0;  ///< unique for each fetch, and for each row with a catalog
  SmallVector<Column, 8> columns;
  SmallVector<RoleIndex, 8> next_entry;     ///< per dictionary entry: another entry of the role, or no_role
  SmallVector<std::uint16_t, 8> wanted;     ///< the requested roles
  SmallVector<std::uint32_t, 8> parent_at;  ///< per organization: its possible index in the answer
  SmallVector<WrittenOrganization, 8> written_organizations;
  SmallVector<WrittenAccount, 8> written_accounts;
  SmallVector<std::uint16_t, 8> written_roles;
  /// The organizations that the change set adds members to, one for each run of entries.
  SmallVector<Handle, 8> organizations_joined;
  SmallVector<Difference, 8> differences;  ///< per row of the change set, if a bound is guarded
};

/// Holds the store's one lock during a call, if the store has one.
class Locked {
 public:
  explicit Locked(Core& core) noexcept : core_(core) {
    if (core_.options.thread_safe) core_.mutex.lock();
  }
  ~Locked() {
    if (core_.options.thread_safe) core_.mutex.unlock();
  }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

 private:
  Core& core_;
};

inline Locator locator_of(Handle handle) noexcept {
  return Locator{std::uint64_t{handle} + 1};
}
/// The handle of a locator that this store returned in the current answer.
inline Handle handle_of(Locator locator) noexcept {
  return static_cast<Handle>(static_cast<std::uint64_t>(locator) - 1);
}

}  // namespace memory

struct MemoryStore::State : memory::Core {
  using Core::Core;
};

}  // namespace roster::inline ROSTER_ABI

#endif
