// Query and Facts: what a decision asks of a store, and what the store answers.
#ifndef ROSTER_FACTS_HPP
#define ROSTER_FACTS_HPP

#include <cstdint>
#include <span>

#include "roster/identity.hpp"
#include "roster/list.hpp"
#include "roster/request.hpp"
#include "roster/role.hpp"

ROSTER_PUBLIC_BEGIN

/// A store's own short name for a record, carried from its facts to its commit so that it need not look the record up
/// again. The core never reads it. 0 where a store has none. A store must not trust it: see Store::commit.
enum class Locator : std::uint64_t {};

inline constexpr std::uint32_t no_index = 0xFFFFFFFFu;

/// What a decision asks. It is either about groups (`groups` is not empty, the other lists are) or about the cells
/// organizations x (accounts, then group_accounts). The spans stay valid until the facts are provided.
struct Query {
  std::span<const OrganizationSelector> organizations;  ///< rows
  std::span<const AccountSelector> accounts;            ///< columns
  std::span<const AccountId> group_accounts;            ///< further columns
  std::span<const RoleId> roles;        ///< to be found in each organization's own catalog; empty under a profile's
  std::span<const GroupName> groups;    ///< whose accounts are they?
  AccountId actor;                      ///< empty: nothing about an actor is asked
  RequestKey request;                   ///< bound() to its actor; empty: no membership carries it
  bool parents = false;                 ///< the organizations' parents, and the memberships there, are asked as well
  bool counts = false;                  ///< OrganizationFact::counts is asked
  std::span<const RoleId> owner_roles;  ///< with counts: the roles that own; empty: as the organization's catalog says
  bool inviters = false;                ///< Facts::inviters is asked
  Time asked_at{};                      ///< when the request was first made; 0: not said

  Query() noexcept {}  ///< asks nothing; defaulted, it would be cleared as one block first, which takes longer
  std::uint32_t rows() const noexcept { return static_cast<std::uint32_t>(organizations.size()); }
  std::uint32_t columns() const noexcept { return static_cast<std::uint32_t>(accounts.size() + group_accounts.size()); }
};

enum class MembershipState : std::uint8_t {
  active,
  invited,    ///< waits to be accepted, and means nothing before
  suspended,  ///< means nothing until it is reactivated
  removed,    ///< a tombstone: who was a member, and is none any more
};
/// Whether a membership with this end is over at this moment; the end itself is the first moment that it is over.
constexpr bool has_expired(Time valid_until, Time now) noexcept {
  return valid_until != Time{} && valid_until <= now;
}
inline constexpr std::uint32_t no_limit = 0xFFFFFFFFu;

/// How many are in an organization; asked with Query::counts.
struct MemberCounts {
  std::uint32_t seats_max = no_limit;  ///< how many it may have
  std::uint32_t active = 0, invited = 0;
  std::uint32_t owners = 0;  ///< active for ever, with a role that owns: time alone takes no owner away
};

struct OrganizationFact {
  OrganizationId id;  ///< empty: not found, and then nothing else here is read
  Locator locator{};
  Version version{};                ///< of the organization and its role catalog; adding members does not raise it
  std::uint32_t parent = no_index;  ///< where the parent stands in Facts::organizations; only if asked
  bool joinable = true;             ///< false: it takes no members
  bool actor_is_member = false;     ///< the rest of this struct is about the actor's membership here
  RoleIndex actor_role = no_role;   ///< into Facts::roles
  Time actor_valid_until{};         ///< 0: for ever
  Locator actor_locator{};
  Version actor_version{};
  MemberCounts counts{};  ///< only if asked
};

struct AccountFact {
  AccountId id;  ///< empty: not found, and then nothing else here is read
  Locator locator{};
  Version version{};
  bool disabled = false;
  bool invited = false;   ///< nobody has accepted yet: a membership that is added waits, as the account does
  bool verified = false;  ///< the host has seen that its e-mail address is its own
};

/// Which of the keys that a membership remembers is that of a request, by same_request().
enum class RequestMatch : std::uint8_t {
  none,
  last,    ///< the one that last wrote it
  before,  ///< the one that had last written it when it was suspended or removed, or came back from there
};

/// A membership that exists, in the cell (organization, account).
struct MembershipFact {
  std::uint32_t organization = 0;  ///< into Facts::organizations
  std::uint32_t account = 0;       ///< into Facts::accounts
  MembershipId id;
  Version version{};
  RoleIndex role = no_role;  ///< into Facts::roles
  MembershipState state = MembershipState::active;
  RequestMatch match = RequestMatch::none;  ///< Query::request; none if that is empty
  /// The request is older than what made the membership what it is: its suspension or removal, or its return from
  /// there. Either its key had written the membership last before that, or Query::asked_at is not after it. False of a
  /// membership that was never away.
  bool outdated = false;
  // Not the store's to say: expire() fills these two in.
  bool expired = false;                            ///< its time is over: `state` is removed, whatever the store has
  MembershipState held = MembershipState::active;  ///< if expired: what the store has
  std::uint32_t fingerprint = 0;                   ///< of the key that matches; not read where none does
  Time valid_until{};                              ///< 0: for ever. A store keeps this and never looks at it

  bool written_by_request() const noexcept { return match == RequestMatch::last; }
  MembershipState stored() const noexcept { return expired ? held : state; }  ///< what the store has
};

/// Who invited somebody, as a member of that organization now.
struct InviterFact {
  bool known = false;      ///< the store remembers who it was
  bool is_member = false;  ///< active; the rest is read only then
  RoleIndex role = no_role;
  Version version{};
  Time valid_until{};  ///< 0: for ever
};

struct GroupFact {
  bool found = false;
  std::uint32_t accounts = 0;  ///< how many of Facts::group_accounts are this group's; they stand in the query's order
};

/// The answer to a Query. A buffer that the operation owns and reuses: clear() keeps the memory.
///
/// About cells: the first rows() entries of `organizations` answer the query's rows in order; the distinct parents come
/// after them, if they were asked. `accounts` answers the columns in order. Each organization's wanted roles stand in
/// `wanted_roles`, one organization after another (parents too), in the order of Query::roles. `memberships` holds only
/// pairs that exist, sorted by (organization, account), each pair once; where two rows or two columns name one record,
/// the store answers each. About groups: `groups` answers Query::groups in order.
struct Facts {
  List<OrganizationFact, 2> organizations;  // one cell in a nested organization: the row and its parent
  List<AccountFact, 1> accounts;
  List<MembershipFact, 1> memberships;
  List<Role, 3> roles;              ///< what RoleIndex means here; under a profile's catalog only `id` is read
  List<RoleIndex, 1> wanted_roles;  ///< no_role: not in that organization's catalog
  List<InviterFact, 0> inviters;    ///< if asked: one for each of `memberships`; unknown unless that one is invited
  List<GroupFact, 0> groups;
  List<AccountId, 0> group_accounts;

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

/// Checks that `facts` has the shape promised above, so that decide() may index without looking.
/// Errors: store_broke_contract. Linear in the facts.
Result<void> check_shape(const Query& query, const Facts& facts) noexcept;

/// Takes memberships whose time is over for removed ones: the cells', the actor's and the inviters'. From here on no
/// rule asks what time it is. `now` is not before `valid_until`: over. Linear in the facts; does not allocate.
void expire(const Query& query, Facts& facts, Time now) noexcept;

ROSTER_END

#endif
