// Decision: the rules as one function, decide(), with its result, and the report of a command.
//
//     if (report.at(row, column) == Outcome::added) welcome(report.membership(row, column));
//     std::uint64_t refused = report.count(Outcome::forbidden);
#ifndef ROSTER_DECISION_HPP
#define ROSTER_DECISION_HPP

#include <cstdint>
#include <optional>
#include <span>

#include "roster/command.hpp"
#include "roster/facts.hpp"
#include "roster/id_source.hpp"
#include "roster/opaque.hpp"
#include "roster/outcome.hpp"
#include "roster/profile.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// Guard is a condition that must hold at the commit of the change set.
struct Guard {
  /// Record is the kind of a guard: a record with a version, or a bound.
  enum class Record : std::uint8_t {
    organization,  ///< ChangeSet::organizations[organization] still has `version`
    account,       ///< ChangeSet::accounts[account] still has `version`
    membership,    ///< the membership of that account in that organization still has `version`
    actor,         ///< the actor's membership in that organization still has `version`; its account is enabled
    inviter,       ///< the membership there of that account's inviter still has `version`; its account is enabled
    // Bounds on the state after the commit. Unlike a version, a bound does not make unrelated commits collide.
    /// That organization has at most `limit` members with roles that take a seat (ChangeSet::free_roles): active ones,
    /// and pending invitations if ChangeSet::invited_occupy_seats. An invitation that is over at ChangeSet::at does not
    /// count.
    seats,
    /// That organization has an active member without expiry, whose role owns (ChangeSet::owner_roles) and whose
    /// account is enabled.
    owners,
  };
  Record record;                   ///< kind of the guard
  std::uint32_t organization = 0;  ///< into ChangeSet::organizations
  std::uint32_t account = 0;       ///< into ChangeSet::accounts; for `account`, `membership`, `inviter`
  Version version{};               ///< the version that was read
  std::uint32_t limit = 0;         ///< for `seats`: the number of seats
};

/// Event is the change of a membership, for an outbox.
enum class Event : std::uint8_t {
  added,               ///< a new active member
  invited,             ///< a new invitation
  role_changed,        ///< a member has another role
  removed,             ///< a member was removed by another account
  left,                ///< a member left
  suspended,           ///< a member was suspended
  reactivated,         ///< a suspended or removed member is active again
  accepted,            ///< an invitation was accepted
  declined,            ///< an invitation was declined by its account
  revoked,             ///< an invitation was revoked by the organization
  ownership_given,     ///< to the new owner
  ownership_given_up,  ///< by the old one
  expiry_changed,      ///< its expiry has changed
  expired,             ///< it had expired, and was removed
  invitation_renewed,  ///< an invitation was sent again: by another inviter, or with another role or end
};
/// Stable machine name, for example "role_changed".
std::string_view name(Event event) noexcept;

/// AccountCreated is an account to create. Its id and the key of its e-mail address must be unused.
struct AccountCreated {
  AccountId id;                  ///< id of the new account
  const Email* email = nullptr;  ///< owned by the command
  bool invited = false;          ///< the account is created by an invitation
};

/// MemberAdded is a membership to create. Its id and its pair (organization, account) must be unused.
struct MemberAdded {
  std::uint32_t organization = 0;                   ///< into ChangeSet::organizations
  std::uint32_t account = 0;                        ///< into ChangeSet::accounts, then ChangeSet::created
  RoleIndex role = no_role;                         ///< into ChangeSet::roles
  MembershipState state = MembershipState::active;  ///< `active` or `invited`
  std::uint32_t fingerprint = 0;                    ///< of the request: stored with ChangeSet::idempotency_key
};

/// MemberChanged is a membership that gets another role or another state, if it still has `version`.
struct MemberChanged {
  MembershipId id;                                           ///< id of the membership as it was read
  std::uint32_t organization = 0;                            ///< into ChangeSet::organizations
  std::uint32_t account = 0;                                 ///< into ChangeSet::accounts
  RoleIndex role = no_role;                                  ///< the role after the change, into ChangeSet::roles
  RoleIndex previous_role = no_role;                         ///< the stored role before it, into ChangeSet::roles
  Version version{};                                         ///< the version that was read
  MembershipState state = MembershipState::active;           ///< the state after the change
  MembershipState previous_state = MembershipState::active;  ///< the stored state before the change
  Event event = Event::role_changed;                         ///< the change, for an outbox
  bool sets_expiry = false;          ///< it gets ChangeSet::valid_until; otherwise it keeps its expiry
  bool sets_invitation_end = false;  ///< an invitation gets ChangeSet::invitation_until; otherwise it keeps its end
  bool new_identity = false;         ///< a removed membership becomes a new one, with the id `new_id`
  MembershipId new_id{};             ///< id of the new membership, if `new_identity`
  std::uint32_t fingerprint = 0;     ///< of the request: stored with ChangeSet::idempotency_key

  /// Returns true if a suspended, removed or expired member returns. Stores remember this:
  /// docs/reference/store-contract.md.
  bool returns() const noexcept {
    return event == Event::added || event == Event::invited || event == Event::reactivated;
  }
  /// Returns true if the membership is an invitation of this command, or one that offers another role by it.
  /// ChangeSet::inviter() is then its inviter.
  bool invites() const noexcept {
    return event == Event::invited || event == Event::invitation_renewed ||
           (event == Event::role_changed && state == MembershipState::invited);
  }
};

/// ChangeSet is everything that one commit writes, all or nothing. `created`, `added` and `changed` are both the rows
/// to write and the domain events for an outbox. They are empty if nothing changes.
///
/// `organization` and `account` in its entries index `organizations` and `accounts`; an `account` from accounts.size()
/// on means created[account - accounts.size()]. The spans refer to the facts of the decision. Its CountedRoles are for
/// the guards `owners` and `seats`.
struct ChangeSet : CountedRoles {
  std::span<const OrganizationFact> organizations;  ///< the organizations of the facts, parents included
  std::span<const AccountFact> accounts;            ///< the accounts of the facts
  SmallVector<RoleId, 2> roles;                     ///< the roles to which the entries refer
  SmallVector<Guard, 4> guards;                     ///< conditions that must hold at the commit
  SmallVector<AccountCreated, 1> created;           ///< accounts to create
  SmallVector<MembershipId, 1> added_ids;           ///< parallel to `added`
  SmallVector<MemberAdded, 1> added;                ///< memberships to create
  SmallVector<MemberChanged, 1> changed;            ///< memberships to change
  bool invited_occupy_seats = true;                 ///< for the guard `seats`
  bool keeps_tombstones = true;                     ///< a removed membership stays as a tombstone
  bool host_invites = false;                        ///< staff issued the command: its invitations have no inviter
  bool records_owner_roles = false;  ///< the store records each of `owner_roles` for Role::has_owned, for good
  AccountId actor;                   ///< the actor of the command; empty: no account
  IdempotencyKey idempotency_key;  ///< bound() to the actor; each written membership stores it, with its fingerprint. A
                                   ///< copy of Query::idempotency_key. If that is empty, an operation draws one, so
                                   ///< none is committed empty
  Time at{};                       ///< time of the command
  Time valid_until{};  ///< expiry of everything in `added`, and of the `sets_expiry` entries of `changed`; 0: never
  Time invitation_until{};  ///< end of the invitations in `added`, and of the `sets_invitation_end` entries; 0: never

  /// Returns the inviter of the invitations of this change set: MemberAdded with that state, and the entries of
  /// `changed` for which MemberChanged::invites() is true. Empty: none, because the host authorized them.
  AccountId inviter() const noexcept { return host_invites ? AccountId() : actor; }
  /// Returns true if nothing is to be written.
  bool empty() const noexcept { return created.empty() && added.empty() && changed.empty(); }
  void clear() noexcept;  ///< removes all entries and keeps the memory
};

/// AccountReport is the result for one account of the command: one column.
struct AccountReport {
  AccountId id;          ///< empty if it was not found, or if it is hidden from the actor
  bool created = false;  ///< by this command; false after a lost commit reply: the retry finds the account
};

/// Previous is the state of a membership before a command changed it.
struct Previous {
  std::uint32_t cell = 0;                           ///< row * Report::columns + column
  RoleIndex role = no_role;                         ///< into Report::roles
  MembershipState state = MembershipState::active;  ///< the state in the store before the change
};

/// Report has one outcome for each cell, row by row: the cell (row, column) is outcomes[row * columns + column].
/// Columns are the accounts named directly, then the distinct accounts of the groups, then one for each group that was
/// not found. Exception: if every cell is `forbidden` and the profile hides organizations, each group is one column, so
/// the report does not reveal its size.
/// `memberships` and `cell_roles` are filled only with Options::details, 18 bytes a cell. `roles` has the first 65,535
/// different roles; cells with any other role have none.
///
/// `tiles`, `attempts`, `stale` and `round_trips` are figures for metrics. If a profile hides the size of groups, they
/// are those of one tile, without round trips. Engine and drive() fill `round_trips`, a loop of the host does not.
struct Report {
  std::uint32_t rows = 0;                    ///< number of organizations
  std::uint32_t columns = 0;                 ///< number of accounts, and of groups that were not found
  std::uint32_t direct_columns = 0;          ///< number of columns named directly
  std::uint32_t tiles = 0;                   ///< number of settled tiles
  std::uint32_t attempts = 0;                ///< number of decisions: one for each tile, and one for each repeat of it
  std::uint32_t stale = 0;                   ///< number of commits that the store refused as stale
  std::uint64_t round_trips = 0;             ///< to the storage; 0 if the store does not count them
  SmallVector<Outcome, 8> outcomes;          ///< one for each cell, row by row
  SmallVector<AccountReport, 1> accounts;    ///< per column
  SmallVector<MembershipId, 1> memberships;  ///< one for each cell; empty if the cell has no membership to report
  SmallVector<RoleIndex, 4> cell_roles;      ///< one for each cell, into `roles`; the current role of the membership
  SmallVector<RoleId, 2> roles;              ///< the roles to which `cell_roles` and `previous` refer
  SmallVector<Previous, 1> previous;  ///< with details, for cells whose membership was changed, in order of cells
  IdempotencyKey idempotency_key;     ///< of its writes: the command's own key, or the one drawn for it
  std::optional<Error> stopped;       ///< the reason why cells are `undecided`

  Report() noexcept {}  ///< no report; a defaulted constructor would clear all inline memory
  /// Returns the outcome of a cell, which must exist.
  Outcome at(std::uint32_t row, std::uint32_t column) const noexcept {
    return outcomes[std::size_t{row} * columns + column];
  }
  /// Returns the membership of a cell; empty without details, or if there is none.
  MembershipId membership(std::uint32_t row, std::uint32_t column) const noexcept;
  /// Returns the role of a cell's membership; empty without details, or if there is none.
  RoleId role(std::uint32_t row, std::uint32_t column) const noexcept;
  /// Returns the previous state of a cell's membership; null without details, or if it was not changed.
  const Previous* before(std::uint32_t row, std::uint32_t column) const noexcept;
  /// Returns the number of cells with this outcome. Linear.
  std::uint64_t count(Outcome outcome) const noexcept;
  /// Returns true if every cell succeeded.
  bool succeeded() const noexcept;
};

/// Context holds the other inputs of a decision: the time, identifiers, and the extent of the report.
struct Context {
  Time now{};                         ///< the time of the command, read by the host
  IdSource* ids = nullptr;            ///< used only if something is written
  bool details = true;                ///< as Options::details
  bool after_unknown_commit = false;  ///< a commit of this tile was sent before and its answer lost: memberships with
                                      ///< the key were written by it
};

/// Tile is a rectangle of a command's cells that is decided and committed together.
struct Tile {
  std::uint32_t row = 0;             ///< the first row of the command
  std::uint32_t rows = 0;            ///< number of rows
  std::uint32_t column = 0;          ///< the first column of the accounts, those of groups included
  std::uint32_t columns = 0;         ///< number of those columns
  std::uint32_t missing_groups = 0;  ///< further columns, for groups that were not found
};

struct Workspace;  // private to the rules
/// Frees the working memory.
void destroy(Workspace* work) noexcept;

/// Decision is the result of decide() for one tile.
struct Decision {
  SmallVector<Outcome, 8> outcomes;          ///< tile.rows x (tile.columns + tile.missing_groups), row by row
  SmallVector<AccountReport, 1> accounts;    ///< one for each column of the tile
  SmallVector<MembershipId, 1> memberships;  ///< per cell, with details
  SmallVector<RoleIndex, 4> cell_roles;      ///< per cell, with details; into `roles`
  SmallVector<Previous, 1> previous;         ///< of cells of the tile, with details; roles are into `roles`
  SmallVector<RoleId, 4> roles;              ///< those of the facts, then the requested ones
  ChangeSet changes;                         ///< the writes of the tile; empty if nothing changes
  std::uint32_t refusals = 0;                ///< cells that did not succeed
  Opaque<Workspace> work;  ///< working memory of the rules, allocated by the first decision and reused by the next
};

/// decide() applies the rules, for every kind of command. It is pure and total: equal arguments (and equal identifiers
/// from context.ids) give equal decisions. `query` and `facts` are about the rows and columns of the tile. Before it,
/// validate_facts(query, facts) must have succeeded, and expire(query, facts, context.now) must have been called. The
/// work for each cell is table look-ups and byte writes.
/// Errors: out_of_memory if an allocation fails; `decision` is then unspecified.
Result<void> decide(const Profile& profile, const Command& command, const Tile& tile, const Query& query,
                    const Facts& facts, const Context& context, Decision& decision) noexcept;

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
