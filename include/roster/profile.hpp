// Profile: the behaviour of one API, as data. No code branches on the name of a profile.
//
//     Profile mine = profiles::turso;
//     mine.name = "mine";
//     mine.on_same_role = OnConflict::keep;  // a repeated add is `existing` instead of `conflict`
#ifndef ROSTER_PROFILE_HPP
#define ROSTER_PROFILE_HPP

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "roster/identity.hpp"
#include "roster/outcome.hpp"
#include "roster/role.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// OnConflict is the result of an add for an existing member.
enum class OnConflict : std::uint8_t {
  keep,     ///< `existing`: nothing changes
  reject,   ///< `conflict` or `role_conflict`
  replace,  ///< the membership gets the requested role; with the same role the result is `existing`
  raise,    ///< as replace if the requested role has a higher rank, otherwise keep
};

/// OnUnknown is the result of an add for an e-mail address without an account. An unknown id or username is always
/// refused.
enum class OnUnknown : std::uint8_t {
  reject,  ///< `account_not_found`
  create,  ///< an account is created, once for any number of concurrent commands
  invite,  ///< an invited account is created, and its membership is an invitation
};

/// OnFormer is the result of an add or an invitation for a suspended member, or for a removed one with a tombstone.
enum class OnFormer : std::uint8_t {
  refuse,        ///< `was_suspended` or `was_removed`
  reactivate,    ///< `reactivated`, with the requested role
  restore_role,  ///< `reactivated`, with the previous role
  fresh,         ///< as without a former membership: `added`, with a new membership id
};

/// OnInvited is the result of an add for a member in the state `invited`. An account that cannot be an active member
/// yet stays invited under both: an add of it would be an invitation too.
enum class OnInvited : std::uint8_t {
  activate,  ///< `accepted`: an active member, with the requested role, or with that of the invitation if none is named
  keep,      ///< as for an active member by the conflict policies, but `still_invited` in place of `existing`
};

/// OnReinvite is the result of an invitation for a member in the state `invited`.
enum class OnReinvite : std::uint8_t {
  renew,  ///< `invitation_renewed`: the actor is the inviter, with the ends of the command, and with a named role
  keep,   ///< as OnInvited::keep
};

/// SeatRule defines the memberships that count against OrganizationFact::seats_max.
enum class SeatRule : std::uint8_t {
  unlimited,          ///< none: there is no limit
  active,             ///< active members
  active_and_invited  ///< active members and invitations
};

/// ActorRule is the authorization of the actor. Staff passes every rule. An actor authorized by a membership grants no
/// role above the role of that membership, and changes no membership with a higher role: `outranked`.
enum class ActorRule : std::uint8_t {
  host_decides,    ///< the host has authorized the command before
  member,          ///< any member may add and invite; everything else takes a role that manages
  manager,         ///< a member whose role manages
  parent_manager,  ///< a member of the parent organization, with a role that manages; for each row its own parent
};

/// ParentRule relates an add or an invitation in a nested organization to the membership in its parent. It applies to a
/// new or returning member, and not to an existing member or invitation. Under `require` and `add` the outcome is
/// `parent_required` if the membership in the parent was suspended or removed, or has expired.
///
/// An account that is only invited to the parent does not become an active member below. An invitation below stays an
/// invitation. For a membership that would be active, `require` gives `parent_required`. `add` creates an invitation
/// (`invited`), because an add cannot accept the invitation to the parent. Accepting an invitation requires nothing of
/// the parent.
enum class ParentRule : std::uint8_t {
  ignore,   ///< nothing
  require,  ///< `parent_required` unless the account is a member of the parent
  add,      ///< adds the account to the parent too, in the same commit, with Profile::parent_role
};

/// Mode is the unit of success of a command.
enum class Mode : std::uint8_t {
  atomic,       ///< all cells or none: one refusal prevents every write
  best_effort,  ///< each cell independently
};

/// StatusTable holds an HTTP status for each outcome.
using StatusTable = OutcomeTable<std::uint16_t>;
/// default_status is an HTTP status for each outcome, for hosts without a table of their own.
inline constexpr StatusTable default_status = [] {
  StatusTable table;
  table[Outcome{}] = 500;
  for (const Outcome outcome : outcomes_by_precedence) table[outcome] = succeeded(outcome) ? 200 : 409;
  for (const Outcome outcome : {Outcome::forbidden, Outcome::not_verified, Outcome::outranked, Outcome::inviter_lapsed})
    table[outcome] = 403;
  for (const Outcome outcome : {Outcome::organization_not_found, Outcome::group_not_found, Outcome::account_not_found,
                                Outcome::parent_required, Outcome::not_member})
    table[outcome] = 404;
  for (const Outcome outcome : {Outcome::role_not_found, Outcome::role_not_assignable, Outcome::request_reused})
    table[outcome] = 422;
  table[Outcome::was_removed] = 410;
  table[Outcome::not_attempted] = 424;
  table[Outcome::undecided] = 503;
  return table;
}();

/// Profile is a value and cheap to copy. The text, the catalog and the canonicalizer that it refers to must outlive it.
/// The five public profiles (profiles.hpp) are constants. Copy one and change a field to define another API.
struct Profile {
  std::string_view name{};  ///< for people; no code depends on it

  // The ways of naming an account that select_account() and an operation accept.
  bool by_id = true;        ///< by AccountId
  bool by_email = true;     ///< by Email
  bool by_username = true;  ///< by Username
  EmailRules email{};       ///< the accepted addresses

  OnUnknown on_unknown_account = OnUnknown::reject;  ///< an unknown e-mail address
  OnConflict on_same_role = OnConflict::keep;        ///< an existing member with the requested role
  /// Applies only if the command names a role. Otherwise on_same_role applies to every existing role.
  OnConflict on_other_role = OnConflict::reject;

  OnInvited on_invited = OnInvited::activate;  ///< an add for an invited member
  OnReinvite on_reinvite = OnReinvite::renew;  ///< an invitation for an invited member

  std::span<const Role> roles{};  ///< the catalog; empty: each organization has its own, kept by the store
  /// Earlier ids of roles of the catalog. A stored or requested former id is read as the role that it means, with its
  /// rank and rights. Reports show the current id, and writes store it. Requires a catalog.
  std::span<const FormerRole> former_roles{};
  RoleId default_role{};  ///< the role for a command that names none; empty: such a command is `role_not_found`

  ParentRule parent = ParentRule::ignore;  ///< applies to nested organizations only
  RoleId parent_role{};                    ///< for ParentRule::add; must be in the catalog, if there is one

  ActorRule actor = ActorRule::manager;  ///< a profile without a rule must not let every actor in
  bool organization_is_account = false;  ///< an organization is also an account (same id bytes), and may act on itself
  /// `organization_not_found` is reported as `forbidden`, except to staff. An actor that is forbidden everywhere also
  /// learns nothing about groups, not even by a limit that they exceed.
  bool hides_organizations = false;
  /// Hides from all actors except staff whether an e-mail address has an account. Adding by e-mail always invites. The
  /// report omits the account id. `account_disabled` is reported only for existing members. It requires
  /// OnUnknown::invite, and excludes usernames. docs/reference/outcomes.md states the guarantee.
  bool hides_accounts = false;

  OnFormer on_suspended = OnFormer::refuse;  ///< an add for a suspended member
  OnFormer on_removed = OnFormer::fresh;     ///< an add for a removed member
  bool keeps_tombstones = true;              ///< false: a removal leaves no tombstone, and a retry cannot recognise it
  /// The memberships that take a seat.
  SeatRule seats = SeatRule::unlimited;
  /// Accepting an invitation checks again that the inviter may grant the role. false: the check at the invitation is
  /// final.
  bool rechecks_inviter = true;

  Mode mode = Mode::atomic;  ///< all cells or none, or each by itself
  /// Accounts of one command. Those of groups count, and so does each named group.
  std::uint32_t accounts_max = 1;
  std::uint32_t organizations_max = 1;  ///< organizations of one command
  std::uint64_t cells_max = 1u << 24;   ///< accounts x organizations

  StatusTable status = default_status;  ///< an HTTP status for each outcome
};

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
