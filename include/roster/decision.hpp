// The rules: decide(), what it gives, and the report that a caller gets in the end.
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

ROSTER_PUBLIC_BEGIN

/// Something that must still hold when the change set is committed.
struct Guard {
  enum class Record : std::uint8_t {
    organization,  ///< ChangeSet::organizations[organization] still has `version`
    account,       ///< ChangeSet::accounts[account] still has `version`
    membership,    ///< the membership of that account in that organization still has `version`
    actor,         ///< the actor's membership in that organization still has `version`
    inviter,       ///< the membership there of whoever invited that account still has `version`
    // Bounds on the state after the commit. Unlike a version, a bound does not make unrelated commits collide.
    seats,   ///< that organization has at most `limit` members: active, and invited if ChangeSet::invited_sits
    owners,  ///< that organization has a member, active for ever, with a role that owns (ChangeSet::owner_roles)
  };
  Record record;
  std::uint32_t organization = 0, account = 0;
  Version version{};
  std::uint32_t limit = 0;
};

/// What happened to a membership, for an outbox.
enum class Event : std::uint8_t {
  added,
  invited,
  role_changed,
  removed,
  left,
  suspended,
  reactivated,
  accepted,
  declined,
  revoked,
  ownership_given,     ///< to the new owner
  ownership_given_up,  ///< by the old one
  expiry_changed,      ///< its time ends at another moment
  expired,             ///< its time was over, and it was cleared away
};
/// Stable machine name, for example "role_changed".
std::string_view name(Event event) noexcept;

/// An account to be created. Its id and the key of its e-mail address must be unused.
struct AccountCreated {
  AccountId id;
  const Email* email = nullptr;  ///< belongs to the command
  bool invited = false;
};

/// A membership to be created: id, and the pair (organization, account), must be unused.
struct MemberAdded {
  std::uint32_t organization = 0, account = 0;
  RoleIndex role = no_role;  ///< into ChangeSet::roles
  MembershipState state = MembershipState::active;
  std::uint32_t fingerprint = 0;  ///< of what was asked for: remembered with ChangeSet::request
};

/// A membership that gets another role or another state, if it still has `version`.
struct MemberChanged {
  MembershipId id;
  std::uint32_t organization = 0, account = 0;
  RoleIndex role = no_role, from = no_role;  ///< into ChangeSet::roles
  Version version{};
  MembershipState state = MembershipState::active, was = MembershipState::active;
  Event event = Event::role_changed;
  bool dated = false;  ///< it gets ChangeSet::valid_until; otherwise it keeps what it has
  bool anew = false;   ///< a removed one becomes a new membership, as if there had been none: it gets the id `becomes`
  MembershipId becomes{};
  std::uint32_t fingerprint = 0;  ///< of what was asked for: remembered with ChangeSet::request

  /// Somebody comes back who was suspended or removed, or whose time was over. Stores remember this: docs/stores.md.
  bool returns() const noexcept {
    return event == Event::added || event == Event::invited || event == Event::reactivated;
  }
};

/// Everything one commit does, all or nothing. `created`, `added` and `changed` are at once the rows to write and the
/// domain events for an outbox; there is none of them where nothing changes.
///
/// `organization` and `account` in its entries index `organizations` and `accounts`; an `account` from accounts.size()
/// on means created[account - accounts.size()]. The spans refer to the facts that were decided on.
struct ChangeSet {
  std::span<const OrganizationFact> organizations;
  std::span<const AccountFact> accounts;
  List<RoleId, 2> roles;
  List<Guard, 4> guards;
  List<AccountCreated, 1> created;
  List<MembershipId, 1> added_ids;  ///< parallel to `added`
  List<MemberAdded, 1> added;
  List<MemberChanged, 1> changed;
  std::span<const RoleId> owner_roles;  ///< for the guard `owners`; empty: as each organization's catalog says
  bool invited_sits = true;             ///< for the guard `seats`
  bool keeps_removed = true;            ///< a membership that becomes `removed` stays as a tombstone
  AccountId actor;
  RequestKey request;  ///< bound() to the actor; each membership written remembers it, with its fingerprint. decide()
                       ///< gives Query::request; where that is empty an operation draws one: none is committed empty
  Time at{};
  Time valid_until{};  ///< of everything in `added`, and of what is `dated` in `changed`; 0: for ever

  bool empty() const noexcept { return created.empty() && added.empty() && changed.empty(); }
  void clear() noexcept;
};

/// What became of one account of the command: one column.
struct AccountReport {
  AccountId id;          ///< empty where it was not found, or where the actor may not know
  bool created = false;  ///< by this command; false once a lost answer is settled, for then the account is found
};

/// What a membership was before a command changed it.
struct Previous {
  std::uint32_t cell = 0;    ///< row * Report::columns + column
  RoleIndex role = no_role;  ///< into Report::roles
  MembershipState state = MembershipState::active;
};

/// One outcome per cell, row by row: the cell (row, column) is outcomes[row * columns + column].
/// Columns are the accounts named directly, then the distinct accounts of the groups, then one for each group that
/// was not found; only, who is forbidden everywhere by a profile that hides organizations gets one column for each
/// group, found or not. `memberships` and `cell_roles` are filled only with Options::details, 18 bytes a cell. `roles`
/// has the first 65,535 different roles; cells with any other show none.
struct Report {
  std::uint32_t rows = 0, columns = 0;
  std::uint32_t named = 0;  ///< how many of the columns were named directly
  List<Outcome, 8> outcomes;
  List<AccountReport, 1> accounts;    ///< per column
  List<MembershipId, 1> memberships;  ///< per cell; empty key where the cell has no membership to show
  List<RoleIndex, 4> cell_roles;      ///< per cell, into `roles`; what the membership has now
  List<RoleId, 2> roles;
  List<Previous, 1> previous;    ///< with details, for cells whose membership was changed, in order of cells
  RequestKey request;            ///< the key under which it wrote: the command's own, or the one drawn for it
  std::optional<Error> stopped;  ///< why cells are `undecided`

  Report() noexcept {}  ///< no report; defaulted, it would clear all its inline room first
  Outcome at(std::uint32_t row, std::uint32_t column) const noexcept {
    return outcomes[std::size_t{row} * columns + column];
  }
  /// The membership of a cell; empty without details, or where there is none.
  MembershipId membership(std::uint32_t row, std::uint32_t column) const noexcept;
  /// The role of a cell's membership; empty without details, or where there is none.
  RoleId role(std::uint32_t row, std::uint32_t column) const noexcept;
  /// What the membership of a cell was before; null without details, or where none was changed.
  const Previous* before(std::uint32_t row, std::uint32_t column) const noexcept;
  /// How many cells had this outcome. Linear.
  std::uint64_t count(Outcome outcome) const noexcept;
  /// True if every cell succeeded.
  bool succeeded() const noexcept;
};

/// What comes from outside besides facts: the time, identifiers, and how much to report.
struct Context {
  Time now{};
  IdSource* ids = nullptr;  ///< drawn from only when something is written
  bool details = true;
  bool sent = false;  ///< a commit of this tile was sent before, and its answer lost: what carries the key is ours
};

/// A rectangle of a command's cells that is decided and committed together.
struct Tile {
  std::uint32_t row = 0, rows = 0;
  std::uint32_t column = 0, columns = 0;  ///< of the accounts asked, groups' included
  std::uint32_t missing_groups = 0;       ///< columns behind those, for groups that were not found
};

struct Workspace;  // the rules' own
void destroy(Workspace* work) noexcept;

/// What decide() says about one tile.
struct Decision {
  List<Outcome, 8> outcomes;          ///< tile.rows x (tile.columns + tile.missing_groups), row by row
  List<AccountReport, 1> accounts;    ///< per column of the tile
  List<MembershipId, 1> memberships;  ///< per cell, with details
  List<RoleIndex, 4> cell_roles;      ///< per cell, with details; into `roles`
  List<Previous, 1> previous;         ///< of cells of the tile, with details; roles are into `roles`
  List<RoleId, 4> roles;              ///< those of the facts, then those the command asks for
  ChangeSet changes;
  std::uint32_t refusals = 0;  ///< cells that did not succeed
  Opaque<Workspace> work;      ///< the rules' working memory, made by the first decision and kept for the next
};

/// The rules, for every kind of command. Pure and total: equal arguments (and equal identifiers from context.ids) give
/// equal decisions. `query` and `facts` are about the tile's rows and columns; check_shape(query, facts) must have
/// succeeded, and expire(query, facts, context.now) must have been called. Does no work per cell but table look-ups and
/// byte writes. Errors: out_of_memory, and then `decision` means nothing.
Result<void> decide(const Profile& profile, const Command& command, const Tile& tile, const Query& query,
                    const Facts& facts, const Context& context, Decision& decision) noexcept;

ROSTER_END

#endif
