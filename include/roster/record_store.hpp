// RecordStore: the set-up interface of every store, for the host's own records.
//
//     store.put_account({.id = AccountId("ann")});                          // create
//
//     auto ann = store.account(AccountId("ann"));                           // read, change, put back
//     if (!ann || !ann.value()) return;
//     ann.value()->username = Username("ann");
//     Result<Version> put = store.put_account(*ann.value());                // stale: it has changed since
//
//     Result<Version> disabled = store.change_account(AccountId("ann"), {.disabled = true}, any_version);
//
// A record carries its version. Each write of a record changes the version, and a version never returns. It is the
// version that a commit guards: a command that was decided on an older version is `stale` and is decided again.
//
// - put_*: conditional. The record is written only if its stored version is the one that was read.
// - change_*: conditional, and of single fields. The other fields stay as they are.
// - erase_*: conditional.
// - overwrite_*: unconditional. It creates the record, or replaces all of its fields, whatever has changed meanwhile.
// - any_version: the unconditional form of a change. The caller writes it out: no change is unconditional by default.
//
// Of several writers who read one version, exactly one succeeds. The others get `stale`, and nothing of theirs is
// written. They read the record again and decide again.
#ifndef ROSTER_RECORD_STORE_HPP
#define ROSTER_RECORD_STORE_HPP

#include <optional>
#include <span>

#include "roster/records.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// any_version is a condition that every stored version fulfils. The record must exist.
inline constexpr Version any_version{~std::uint64_t{0}};

/// RecordStore puts and changes the host's records in one store. A host writes code for this interface once, and uses
/// it with every store.
///
/// A put compares `record.version` with the stored one:
/// - 0 means that the record was not read. It creates a missing record. An existing one is `exists`.
/// - A version is that of a look-up or of a former call. It writes a record with that version. Another version is
///   `stale`, and a missing record is `not_found`.
/// - any_version writes an existing record. A missing record is `not_found`.
/// - A record that is stored with exactly these fields is a success, for any `record.version`. Nothing is written.
///
/// So a start-up may repeat the puts of an earlier start, and a put with a lost answer may be repeated. The condition
/// is checked before anything else. Each call returns the version that the record then has. A chain of changes passes
/// it on and needs no look-up.
///
/// Threads: as the store.
/// Errors of each call, beside those named there: id_empty if an identifier is empty; store_failed if the store failed;
/// out_of_memory; store_full. A refused call writes nothing.
/// Cost: one unit of work of the store. On PostgreSQL one round trip, and another one if nothing was written.
class RecordStore {
 public:
  virtual ~RecordStore() = default;

  // ---- organizations
  /// Returns the organization of that name with its version, or nothing.
  virtual Result<std::optional<OrganizationRecord>> organization(
      const OrganizationSelector& selector) const noexcept = 0;
  /// Puts an organization, if its stored version is record.version.
  /// Errors: exists, stale and not_found as above. Then has_members if it would open a closed organization with
  /// members. Further exists if another organization has the slug. Further not_found if the parent does not exist, and
  /// parent_cycle if it is the organization or is inside it.
  virtual Result<Version> put_organization(const OrganizationRecord& record) noexcept = 0;
  /// Adds an organization or replaces it, and does not read record.version. An update of another writer may be lost.
  /// Errors: has_members if it would open a closed organization with members. Further exists if another organization
  /// has the slug. Further not_found if the parent does not exist, and parent_cycle if it is the organization or is
  /// inside it.
  virtual Result<Version> overwrite_organization(const OrganizationRecord& record) noexcept = 0;
  /// Changes the fields that are set in `change`, if the organization has that version.
  ///
  /// It closes the organization by `{.closed = true}`, which is never refused. A command that was decided before, and
  /// commits after this call has returned, is `stale`. So nobody joins any more, and RemoveMembers for a MemberSet ends
  /// all memberships. It opens the organization by `{.closed = false}`, once it has no membership in any state but
  /// `removed`. An expired membership still counts.
  /// Errors: stale if it has another version; not_found if it does not exist. Then has_members if it would open a
  /// closed organization with members. Further exists if another organization has the slug. Further not_found if the
  /// new parent does not exist, and parent_cycle if it is the organization or is inside it.
  virtual Result<Version> change_organization(const OrganizationId& id, const OrganizationChange& change,
                                              Version version) noexcept = 0;
  /// Erases an organization, if it has that version. Its slug, its catalog and its tombstones are erased in the same
  /// unit, with their stored keys. Afterwards its id and its slug are free. An organization that is put with that id
  /// later is another one, with a version that this one never had. The events in an outbox stay.
  ///
  /// Memberships are not ended here, because commands end them with events. A membership in any state but `removed`
  /// keeps the organization: active, suspended, invited, and also one that has expired. A tombstone does not.
  /// A command that was decided on the organization, and commits afterwards, is `stale`. Its next attempt finds no
  /// organization.
  /// Errors: not_found if it does not exist, stale if it has another version. Then has_members, and has_children if an
  /// organization is inside it. They are checked in this order. After a lost answer, look the organization up.
  /// Cost: linear in its tombstones and its catalog. MemoryStore also reads all organizations, for those inside.
  virtual Result<void> erase_organization(const OrganizationId& id, Version version) noexcept = 0;
  /// Fills `out` with the ids of the organizations directly inside `parent`. They are in the order of ids, byte by
  /// byte, from the first id greater than `after`. Returns their number, which is less than out.size() at the end. Pass
  /// the last id of a page as the next `after`. Organizations that stay inside throughout are listed exactly once,
  /// whatever is moved between two pages. An unknown parent contains none. Cost: an index range on SQLite and
  /// PostgreSQL. MemoryStore reads all organizations for each page.
  virtual Result<std::size_t> children(const OrganizationId& parent, const OrganizationId& after,
                                       std::span<OrganizationId> out) const noexcept = 0;
  /// Adds or replaces a role in the organization's own catalog, for profiles without a catalog, if the organization has
  /// that version. The version covers the catalog, so the organization has another version afterwards.
  /// Errors: stale if it has another version; not_found if it does not exist. Further owner_last if the role owned, the
  /// new one does not, and its members are the last owners. Owners whose accounts are disabled count if there is no
  /// other.
  virtual Result<Version> put_role(const OrganizationId& organization, const Role& role, Version version) noexcept = 0;
  /// Erases a role from the organization's own catalog, if the organization has that version. In the same unit of work
  /// every membership with the role gets `replacement`, and with it another version: invitations, suspended memberships
  /// and tombstones too. A renaming is put_role() of the new role, then erase_role() of the old one with the new one as
  /// its replacement. A store with an outbox writes a `role_changed` event for each of these memberships, in the same
  /// unit, but none for a tombstone.
  ///
  /// An empty `replacement` erases a role that no membership has.
  /// Errors: not_found if the organization does not exist, stale if it has another version. Then not_found if its
  /// catalog has no `role`, or no other role `replacement`. Then role_in_use if `replacement` is empty and a membership
  /// has the role. Last, owner_last if the organization has an owner and would have none. They are checked in this
  /// order.
  virtual Result<Version> erase_role(const OrganizationId& organization, const RoleId& role, const RoleId& replacement,
                                     Version version) noexcept = 0;
  /// Records a role as one that has owned (Role::has_owned), as a commit does that writes an owner. A repetition
  /// changes nothing. After an import by put_membership(), call it for each role that owns and each of its former ids.
  /// So after an upgrade from a store that recorded no roles.
  virtual Result<void> record_owner_role(const RoleId& role) noexcept = 0;
  /// Removes a role from those that have owned (Role::has_owned), for every organization. Until then members with the
  /// role keep their place in an organization without an owner, under any catalog of a profile. Call it if this role
  /// was meant to lose the ownership, after the last process with a catalog in which it owns has ended.
  ///
  /// Errors: not_found if the role is not recorded.
  virtual Result<void> forget_owner_role(const RoleId& role) noexcept = 0;
  /// Fills `out` with roles of the organization's own catalog in the order of their ids, byte by byte, from the first
  /// id greater than `after`. Returns their number, which is less than out.size() at the end. An unknown organization
  /// has none.
  virtual Result<std::size_t> roles(const OrganizationId& organization, const RoleId& after,
                                    std::span<Role> out) const noexcept = 0;

  // ---- accounts
  /// Returns the account of that name with its version, or nothing.
  virtual Result<std::optional<AccountRecord>> account(const AccountSelector& selector) const noexcept = 0;
  /// Puts an account, if its stored version is record.version.
  /// Errors: exists, stale and not_found as above. Further exists if another account has the e-mail key or the
  /// username.
  virtual Result<Version> put_account(const AccountRecord& record) noexcept = 0;
  /// Adds an account or replaces it, and does not read record.version. An update of another writer may be lost: an
  /// account that was disabled meanwhile is enabled again.
  /// Errors: exists if another account has the e-mail key or the username.
  virtual Result<Version> overwrite_account(const AccountRecord& record) noexcept = 0;
  /// Changes the fields that are set in `change`, if the account has that version. A store that keeps numbers of owners
  /// updates them with `disabled`, in every set-up operation. That is linear in the organizations of the account.
  /// Errors: stale if it has another version; not_found if it does not exist. Further exists if another account has the
  /// e-mail key or the username.
  virtual Result<Version> change_account(const AccountId& id, const AccountChange& change,
                                         Version version) noexcept = 0;
  /// Changes fields of several accounts as change_account() does, all of them or none. Names are compared after all are
  /// written. So accounts can exchange their addresses, and one can take the address that another one gives up. Sets
  /// the version of each entry. Errors: not_found and stale as above, for the first entry whose condition does not
  /// hold. An account that is named twice is stale. Further exists if an e-mail key or a username would belong to two
  /// accounts. Cost: as one change, and linear in the entries.
  virtual Result<void> change_accounts(std::span<AccountUpdate> updates) noexcept = 0;
  /// Erases an account, if it has that version. Its address and its username are free afterwards, and it leaves every
  /// group. An account with that address is another one, also if an invitation creates it.
  ///
  /// Memberships are not ended here, because commands end them with events. A membership in any state but `removed`
  /// keeps the account, also one that has expired. A tombstone does not.
  /// - With Mentions::keep its tombstones are still read by former_membership(), and others name it. An account that is
  ///   put with the same id later finds them as its own.
  /// - With Mentions::erase nothing in the store names it, and an account with the same id is another one. The events
  ///   in the outbox of an SQL store then name erased_account, and those about the account alone are deleted. So let
  ///   the readers of the outbox come to its end first, and let no command of the account be in flight.
  ///
  /// With either, an invitation that it sent has lapsed. A later account never has a version that this one had. A
  /// command that was decided on the account, and commits afterwards, is `stale`. Its next attempt finds no account.
  /// Errors: not_found if it does not exist, stale if it has another version. Then has_members. They are checked in
  /// this order. After a lost answer, look the account up.
  ///
  /// Cost: linear in its tombstones and in the entries of all groups. With Mentions::erase also linear in the outbox.
  /// MemoryStore then looks the account up in every organization, and keeps a record of 64 bytes.
  virtual Result<void> erase_account(const AccountId& id, Version version, Mentions mentions) noexcept = 0;

  // ---- groups and memberships
  /// Names a set of accounts, or replaces the whole set. A group has no version, because a store does not return it:
  /// nobody can have read what is replaced. Duplicate accounts count once.
  /// Errors: not_found if an account does not exist.
  virtual Result<void> overwrite_group(const GroupName& group, std::span<const AccountId> accounts) noexcept = 0;
  /// Puts an initial membership, such as the owner of a new organization. No rule applies. Commands change it later.
  /// Its id must be one that no membership has had, also none that was erased. Errors: exists if the pair has a
  /// membership; not_found if the organization, account or inviter does not exist, or the state is `removed`.
  virtual Result<void> put_membership(const Membership& membership) noexcept = 0;
  /// Erases a membership, and with it its stored IdempotencyKey.
  /// Errors: not_found if there is none.
  virtual Result<void> erase_membership(const OrganizationId& organization, const AccountId& account) noexcept = 0;
};

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
