// Records: what a host puts into a store, and reads back from it. Facts are what a store answers to the engine; these
// are the same things as a host knows them, whatever store it uses.
//
//   store.put_organization({.id = OrganizationId("acme"), .seats_max = 50});
//   store.put_account({.id = AccountId("ann"), .email = Email::parse("ann@acme.example").value(), .verified = true});
//   store.put_role(OrganizationId("acme"), {.id = RoleId("editor"), .rank = 2});  // roster/role.hpp
//
// Ownership: plain values. They keep copies of all that they are given, and refer to nothing; only an e-mail address of
// more than 86 bytes allocates. Threads: as any value. Errors: none of their own; each store says in its header
// what it refuses. An empty identifier, slug or username means that there is none.
#ifndef ROSTER_RECORDS_HPP
#define ROSTER_RECORDS_HPP

#include <cstdint>
#include <optional>

#include "roster/facts.hpp"

ROSTER_PUBLIC_BEGIN

/// A group of people that others can be added to. Its catalog of roles, where it has one, is put role by role.
struct OrganizationRecord {
  OrganizationId id;
  Slug slug{};              ///< empty: none
  OrganizationId parent{};  ///< empty: none; otherwise it must exist
  bool joinable = true;
  std::uint32_t seats_max = no_limit;  ///< for profiles with a SeatRule; 0: none may join
};

/// Somebody who can be a member.
struct AccountRecord {
  AccountId id;
  std::optional<Email> email{};
  Username username{};  ///< empty: none
  bool disabled = false;
  bool invited = false;   ///< created by an invitation that nobody has accepted yet
  bool verified = false;  ///< its e-mail address is its own: only then may it accept invitations
};

/// An account in an organization. A host puts those that it had before; after that commands write them.
struct Membership {
  MembershipId id;
  OrganizationId organization;
  AccountId account;
  RoleId role;
  MembershipState state = MembershipState::active;
  RequestKey request{};  ///< what last wrote it
  Time added_at{};       ///< microseconds since 1970; kept to the millisecond, from 1970 to the year 10889
  Version version{};
  Time valid_until{};  ///< when it ends by itself; 0: never. Past that moment it is still listed, until it is removed
};

/// Whether a membership gives access at this moment: it is active, its end has not come, and its account is enabled. A
/// host that checks access asks this and not the state alone: a membership that is over, or whose account is disabled,
/// is still listed as active. Both records are of one account.
///
///     if (is_effective(*membership, *account, now)) let_in();
inline bool is_effective(const Membership& membership, const AccountRecord& account, Time now) noexcept {
  return membership.state == MembershipState::active && !account.disabled && !has_expired(membership.valid_until, now);
}

/// What is left of a membership that was removed.
struct FormerMembership {
  Membership membership;  ///< as it was, but for its state
  AccountId removed_by;   ///< empty: not known
  Time removed_at{};
};

ROSTER_END

#endif
