// Records: organizations, accounts and memberships as a host puts them into a store and reads them back. They are the
// same for every store, and roster/record_store.hpp writes them. Facts (facts.hpp) are the answers of a store to the
// engine.
//
//   store.put_organization({.id = OrganizationId("acme"), .seats_max = 50});
//   store.put_account({.id = AccountId("ann"), .email = Email::parse("ann@acme.example").value(), .verified = true});
//   store.change_account(AccountId("ann"), {.disabled = true}, any_version);
//
// Ownership: plain values that own all their parts. Only an e-mail address of more than 86 bytes allocates.
// Threads: as any value.
// Errors: none of their own; roster/record_store.hpp lists the records that a store refuses. An empty identifier, slug,
// username or address means that there is none.
#ifndef ROSTER_RECORDS_HPP
#define ROSTER_RECORDS_HPP

#include <cstdint>
#include <optional>

#include "roster/facts.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// OrganizationRecord is an organization as the host stores it. Its catalog of roles, if it has one, is put role by
/// role.
struct OrganizationRecord {
  OrganizationId id;        ///< must not be empty
  Slug slug{};              ///< empty: none
  OrganizationId parent{};  ///< empty: none; otherwise it must exist
  bool joinable = true;     ///< false: it takes no members
  /// A closed organization takes no members, and no membership in it gets further. Its last owner may be removed. It is
  /// opened again only without memberships: see RecordStore::change_organization().
  bool closed = false;
  std::uint32_t seats_max = no_limit;  ///< number of seats, for profiles with a SeatRule; 0: no account can join
  Version version{};                   ///< set by a look-up, compared by a put; 0: was not read
};

/// OrganizationChange is a change of single fields: `{.seats_max = 10}`. A field without a value stays as it is.
struct OrganizationChange {
  std::optional<Slug> slug{};                ///< empty: none
  std::optional<OrganizationId> parent{};    ///< empty: none; otherwise it must exist
  std::optional<bool> joinable{};            ///< as OrganizationRecord::joinable
  std::optional<bool> closed{};              ///< as OrganizationRecord::closed
  std::optional<std::uint32_t> seats_max{};  ///< no_limit: no limit
};

/// AccountRecord is an account as the host stores it.
struct AccountRecord {
  AccountId id;                  ///< must not be empty
  std::optional<Email> email{};  ///< nothing: none
  Username username{};           ///< empty: none
  /// A disabled account joins no organization, has no right as an actor, and counts as no owner. Its invitations cannot
  /// be accepted. All of this ends when it is enabled. Its memberships stay.
  bool disabled = false;
  bool invited = false;   ///< created by an invitation that is not accepted yet
  bool verified = false;  ///< its e-mail address is verified: only then can it accept invitations
  Version version{};      ///< set by a look-up, compared by a put; 0: was not read
};

/// AccountChange is a change of single fields: `{.disabled = true}`. A field without a value stays as it is. One
/// exception: an address with another key is not verified, unless the same change sets `verified`.
struct AccountChange {
  std::optional<Email> email{};        ///< Email(): none
  std::optional<Username> username{};  ///< empty: none
  std::optional<bool> disabled{};      ///< as AccountRecord::disabled
  std::optional<bool> invited{};       ///< as AccountRecord::invited
  std::optional<bool> verified{};      ///< as AccountRecord::verified
};

/// AccountUpdate is one of several changes of accounts that are written together.
struct AccountUpdate {
  AccountId id;            ///< must not be empty, and is named once
  AccountChange change{};  ///< the fields to change
  Version version{};       ///< the version that was read; a successful call sets the version that the account then has
};

/// Mentions are the places that name an erased account. They are its tombstones, the memberships of others that it
/// invited or ended, and the events of an outbox.
enum class Mentions : std::uint8_t {
  keep,   ///< they stay, and still name its id
  erase,  ///< none of them names it any more: its tombstones are erased, and the others name erased_account
};
/// erased_account stands for an account that was erased with its mentions. It is the id of no account, because
/// AccountId::parse() refuses it. So no look-up finds it, and an invitation by it has lapsed.
inline constexpr AccountId erased_account{"erased account\xC2\xA0"};

/// Membership is an account in an organization. A host puts the memberships that existed before; afterwards commands
/// write them.
struct Membership {
  MembershipId id;                                  ///< of the membership
  OrganizationId organization;                      ///< the organization of the pair
  AccountId account;                                ///< the account of the pair
  RoleId role;                                      ///< the role of the account there
  MembershipState state = MembershipState::active;  ///< as stored: an expired membership keeps its state
  IdempotencyKey idempotency_key{};                 ///< the key of the last write
  Time added_at{};     ///< microseconds since 1970; kept to the millisecond, from 1970 to the year 10889
  Version version{};   ///< set by the store; a put does not read it
  Time valid_until{};  ///< expiry; 0: never. An expired membership is still listed until it is removed
  /// End of an invitation; 0: never, and for every other state. A put keeps the earlier one of this and `valid_until`.
  Time invitation_until{};
  /// The inviter of an invitation; empty: staff, unknown, or another state. erased_account: it was erased since.
  AccountId invited_by{};
};

/// is_effective() returns whether a membership gives access at a moment: it is active, it has not expired, and its
/// account is enabled. A host checks access by it and not by the state alone. An expired membership is still listed as
/// active, and so is one of a disabled account. Both records belong to one account.
///
/// No look-up of a store filters by it, because a page may show expired members too. invitation_status() applies it to
/// the inviter.
///
///     if (!is_effective(*membership, *account, now)) return forbidden();
inline bool is_effective(const Membership& membership, const AccountRecord& account, Time now) noexcept {
  return membership.state == MembershipState::active && !account.disabled && !has_expired(membership.valid_until, now);
}

/// FormerMembership is the tombstone of a removed membership. The id, role, `added_at` and expiry of `membership` are
/// those before the removal. Its state is `removed`. Its idempotency key and version are those of the removal. Its
/// `invitation_until` is `removed_at` if it was an invitation until then, and 0 otherwise.
struct FormerMembership {
  Membership membership;  ///< as the removal left it
  AccountId removed_by;   ///< the actor of the removal; empty: unknown; erased_account: it was erased since
  Time removed_at{};      ///< time of the removal

  /// Returns true if an invitation was removed and not a membership: it was declined, revoked or cleared. A membership
  /// from before that invitation is not remembered.
  bool was_invitation() const noexcept { return membership.invitation_until != Time{}; }
};

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
