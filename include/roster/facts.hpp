// Query and Facts: the input that a decision requires from a store, and the answer of the store.
//
//     for (const OrganizationSelector& name : query.organizations)
//       if (!facts.organizations.try_push_back(find(name))) return Errc::out_of_memory;  // empty id: not found
#ifndef ROSTER_FACTS_HPP
#define ROSTER_FACTS_HPP

#include <cstdint>
#include <span>

#include "roster/identity.hpp"
#include "roster/request.hpp"
#include "roster/role.hpp"
#include "roster/small_vector.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// Locator is a store's own handle of a record, passed from its facts to its commit to save a second look-up. The core
/// never reads it. It is 0 if a store has none. A store must not trust it: see Store::commit.
enum class Locator : std::uint64_t {};

/// An index that refers to nothing.
inline constexpr std::uint32_t no_index = 0xFFFFFFFFu;

/// CountedRoles are the roles on which the counts and bounds of an organization depend, in a Query and in a ChangeSet.
struct CountedRoles {
  std::span<const RoleId> owner_roles;  ///< roles that own
  std::span<const RoleId> free_roles;   ///< roles that take no seat: their memberships are in no count of seats
  /// Returns true if both lists are empty. Then each organization's own catalog defines which roles own, and which take
  /// a seat. A role that it does not have takes one.
  bool counts_by_catalog() const noexcept { return owner_roles.empty() && free_roles.empty(); }
};

/// MembershipState is the state of a membership as a store keeps it.
enum class MembershipState : std::uint8_t {
  active,     ///< a member
  invited,    ///< must be accepted, and grants nothing before
  suspended,  ///< grants nothing until it is reactivated
  removed,    ///< a tombstone of a former member
};

/// SetPage is a page of a set of memberships: of all members of an organization, or of all organizations of an account.
/// A membership or tombstone that carries Query::idempotency_key belongs to the set too, whatever its state and role.
/// Only the key of its last write is compared. The tombstone of an erased account is in no set.
struct SetPage {
  /// Of is the kind of a set.
  enum class Of : std::uint8_t {
    members,        ///< the accounts with a membership in `organization`
    organizations,  ///< the organizations in which `account` has a membership
  };
  Of of = Of::members;                ///< the kind of the set
  bool any_state = true;              ///< false: only memberships whose stored state is `state`
  MembershipState state{};            ///< read unless any_state; not `removed`
  RoleId role;                        ///< only memberships with this stored role; empty: any
  OrganizationId organization;        ///< of the members
  AccountId account;                  ///< of the organizations
  OrganizationId parent;              ///< only organizations directly inside this one; empty: any
  bool with_parent = false;           ///< the parent itself too
  AccountId after_account;            ///< the last member of the page before; empty: none
  OrganizationId after_organization;  ///< likewise
  Locator after{};                    ///< the locator of that record
  std::uint32_t entries_max = 1;      ///< entries of the page
};

/// Query is the input that a decision requires. It is about a page of a set if `set` is not null. It is about groups if
/// `groups` is not empty; the other lists are then empty. Otherwise it is about the cells organizations x (accounts,
/// then group_accounts). The spans are valid until the facts are provided. Its CountedRoles are for `counts`.
struct Query : CountedRoles {
  std::span<const OrganizationSelector> organizations;  ///< rows
  std::span<const AccountSelector> accounts;            ///< columns
  std::span<const AccountId> group_accounts;            ///< further columns
  std::span<const RoleId> roles;      ///< to look up in each organization's own catalog; empty under a profile's
  std::span<const GroupName> groups;  ///< groups whose accounts are requested
  const SetPage* set = nullptr;       ///< a page of a set is requested
  AccountId actor;                    ///< empty: no facts about an actor are requested
  IdempotencyKey idempotency_key;     ///< bound() to its actor; empty: matches no membership
  bool parents = false;               ///< also requests the organizations' parents, and the memberships there
  bool counts = false;                ///< requests OrganizationFact::counts
  bool inviters = false;              ///< requests Facts::inviters
  Time asked_at{};                    ///< time of the first attempt; 0: unknown
  Time now{};  ///< with counts: the time of the command. MemberCounts::invited counts no invitation that is over then

  Query() noexcept {}  ///< an empty query; a defaulted constructor would clear it as one block, which takes longer
  /// Returns the number of organizations.
  std::uint32_t rows() const noexcept { return static_cast<std::uint32_t>(organizations.size()); }
  /// Returns the number of accounts, those of groups included.
  std::uint32_t columns() const noexcept { return static_cast<std::uint32_t>(accounts.size() + group_accounts.size()); }
};

/// has_expired() returns whether a membership with this expiry is over at a moment. The expiry itself is the first such
/// moment.
constexpr bool has_expired(Time valid_until, Time now) noexcept {
  return valid_until != Time{} && valid_until <= now;
}
/// earlier_end() returns the earlier of two ends; 0 is no end.
constexpr Time earlier_end(Time one, Time other) noexcept {
  if (one == Time{} || other == Time{}) return one == Time{} ? other : one;
  return one < other ? one : other;
}
/// A number of seats without a limit.
inline constexpr std::uint32_t no_limit = 0xFFFFFFFFu;

/// MemberCounts are the numbers of members of an organization, requested by Query::counts.
struct MemberCounts {
  std::uint32_t seats_max = no_limit;  ///< number of seats
  std::uint32_t active = 0;            ///< active members with a role that takes a seat, expired ones included
  std::uint32_t invited = 0;           ///< likewise, invitations whose `invitation_until` has not passed at Query::now
  /// Active without expiry, with a role that owns and an enabled account. So time alone removes no owner.
  std::uint32_t owners = 0;
};

/// OrganizationFact is one organization of the query.
struct OrganizationFact {
  OrganizationId id;                ///< empty: not found, and the other fields are not read
  Locator locator{};                ///< of the organization
  Version version{};                ///< of the organization and its role catalog; adds of members do not change it
  std::uint32_t parent = no_index;  ///< index of the parent in Facts::organizations; only if requested
  bool joinable = true;             ///< false: it takes no members
  bool closed = false;              ///< it is closed by the host
  /// The actor is an active member here, and its account is enabled. The actor_* fields are about that membership.
  bool actor_is_member = false;
  RoleIndex actor_role = no_role;  ///< into Facts::roles
  Time actor_valid_until{};        ///< 0: never
  Locator actor_locator{};         ///< of the actor's membership
  Version actor_version{};         ///< of the actor's membership
  MemberCounts counts{};           ///< only if requested
};

/// AccountFact is one account of the query.
struct AccountFact {
  AccountId id;           ///< empty: not found, and the other fields are not read
  Locator locator{};      ///< of the account
  Version version{};      ///< of the account
  bool disabled = false;  ///< the account is disabled by the host
  bool invited = false;   ///< no invitation is accepted yet: a new membership is an invitation, like the account
  bool verified = false;  ///< the host has verified its e-mail address
};

/// RequestMatch is the stored key of a membership that matches a request, by same_request().
enum class RequestMatch : std::uint8_t {
  none,    ///< another key, or none
  last,    ///< the key of the last write
  before,  ///< the key from before its last suspension, removal or return
};

/// MembershipFact is an existing membership, in the cell (organization, account).
struct MembershipFact {
  std::uint32_t organization = 0;                   ///< into Facts::organizations
  std::uint32_t account = 0;                        ///< into Facts::accounts
  MembershipId id;                                  ///< id of the membership
  Version version{};                                ///< of the membership
  RoleIndex role = no_role;                         ///< into Facts::roles
  MembershipState state = MembershipState::active;  ///< as stored; expire() may change it
  RequestMatch match = RequestMatch::none;          ///< Query::idempotency_key; none if that is empty
  /// True if Query::asked_at is set and not later than the last write of the membership. True also if the key of the
  /// query is the one from before the last suspension, removal or return.
  bool outdated = false;
  // Not set by the store: expire() sets these two.
  bool expired = false;  ///< it has expired: `state` is removed, for any state in the store
  MembershipState stored_before_expiry = MembershipState::active;  ///< if expired: the state in the store
  std::uint32_t fingerprint = 0;                                   ///< of the matching key; not read without a match
  Time valid_until{};  ///< 0: never. A store keeps this and never evaluates it in a membership
  /// The end of an invitation; 0: never. Kept in the same way. Of a removed membership: the time of its removal if it
  /// was an invitation until then. 0 in every other case.
  Time invitation_until{};

  /// Returns the moment from which the membership is over; 0: never.
  Time end() const noexcept {
    return state == MembershipState::invited ? earlier_end(invitation_until, valid_until) : valid_until;
  }
  /// Returns true if this request was the last to write the membership.
  bool written_by_request() const noexcept { return match == RequestMatch::last; }
  /// Returns true if an invitation was removed, and not a membership. An expired invitation is none.
  bool was_invitation() const noexcept {
    return state == MembershipState::removed && !expired && invitation_until != Time{};
  }
  /// Returns the state in the store.
  MembershipState stored_state() const noexcept { return expired ? stored_before_expiry : state; }
};

/// InviterFact is the inviter's current membership in that organization.
struct InviterFact {
  AccountId id;              ///< empty: the store has no inviter, and the other fields are not read
  bool is_member = false;    ///< active, and its account is enabled; the other fields are read only then
  RoleIndex role = no_role;  ///< into Facts::roles
  Version version{};         ///< of the inviter's membership
  Time valid_until{};        ///< 0: never
};

/// GroupFact is one group of the query.
struct GroupFact {
  bool found = false;          ///< false: there is no such group
  std::uint32_t accounts = 0;  ///< its entries in Facts::group_accounts, which are in the query's order
};

/// Facts is the answer to a Query. The operation owns and reuses this buffer: clear() keeps the memory.
///
/// For a query about cells:
/// - `organizations`: the first rows() entries answer the query's rows in order. The distinct parents follow, if
///   requested.
/// - `accounts` answers the columns in order.
/// - `wanted_roles`: the entries of one organization after another, parents included, in the order of Query::roles.
/// - `memberships` holds only existing pairs, sorted by (organization, account), each pair once. If two rows or two
///   columns name one record, the store answers each.
///
/// For a query about groups, `groups` answers Query::groups in order.
///
/// For a query about a page of a set, `accounts` lists the members, or `organizations` the organizations. Of each entry
/// only the id and the locator are read. A store may order a set in any way. A record that stays must be on exactly one
/// page, whatever is written between two pages. Fewer than SetPage::entries_max entries end the set. An unknown
/// organization or account is an empty set.
struct Facts {
  SmallVector<OrganizationFact, 2> organizations;  ///< the rows, then the distinct parents
  SmallVector<AccountFact, 1> accounts;            ///< the columns
  SmallVector<MembershipFact, 1> memberships;      ///< the existing memberships of the cells
  /// The roles that RoleIndex refers to. Under a profile's catalog only `id` is read, and with Query::counts also
  /// `has_owned`. The store sets that for the role of an active membership if the role is recorded. A commit records
  /// roles (ChangeSet::records_owner_roles). So does a put of a role that owns into an organization's catalog.
  SmallVector<Role, 3> roles;
  SmallVector<RoleIndex, 1> wanted_roles;  ///< no_role: not in that organization's catalog
  SmallVector<InviterFact, 0> inviters;    ///< if requested: one for each of `memberships`, known only of an invitation
  SmallVector<GroupFact, 0> groups;        ///< the groups of the query
  SmallVector<AccountId, 0> group_accounts;  ///< the accounts of all found groups, one group after another

  /// Removes all entries and keeps the memory.
  void clear() noexcept {
    organizations.clear();
    accounts.clear();
    memberships.clear();
    roles.clear();
    wanted_roles.clear();
    inviters.clear();
    groups.clear();
    group_accounts.clear();
  }
};

/// validate_facts() checks that `facts` matches the query as documented above, so that decide() can index without
/// checks. Linear in the facts.
/// Errors: store_broke_contract if it does not match.
Result<void> validate_facts(const Query& query, const Facts& facts) noexcept;

/// expire() treats expired memberships as removed: those of the cells, the actor's and the inviters'. Afterwards no
/// rule reads the time. A membership has expired if `now` is not before `valid_until`. An invitation has also expired
/// if `now` is not before `invitation_until`. Linear in the facts; does not allocate.
void expire(const Query& query, Facts& facts, Time now) noexcept;

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
