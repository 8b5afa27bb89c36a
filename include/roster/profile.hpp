// Profile: how one API behaves, as data. No code branches on a profile's name.
#ifndef ROSTER_PROFILE_HPP
#define ROSTER_PROFILE_HPP

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "roster/identity.hpp"
#include "roster/outcome.hpp"
#include "roster/role.hpp"

ROSTER_PUBLIC_BEGIN

/// What an add does about somebody who is a member already.
enum class OnMember : std::uint8_t {
  keep,     ///< `existing`: nothing changes
  reject,   ///< `conflict` or `role_conflict`
  replace,  ///< the membership gets the role asked for; with the same role there is nothing to replace: `existing`
  raise,    ///< as replace if the role asked for has a higher rank, otherwise keep
};

/// What an add does about an e-mail address that belongs to no account. An unknown id or username is always refused.
enum class OnUnknown : std::uint8_t {
  reject,  ///< `account_not_found`
  create,  ///< an account is created, once however many ask at the same time
  invite,  ///< an account is created as invited, and so is its membership
};

/// What an add, or an invitation, does about somebody who was a member before: suspended, or removed with a tombstone.
enum class OnFormer : std::uint8_t {
  refuse,        ///< `was_suspended` or `was_removed`
  reactivate,    ///< `reactivated`, with the role asked for
  restore_role,  ///< `reactivated`, with the role there was
  fresh,         ///< as if there had been none: `added`, a membership with an id of its own
};

/// Whose memberships count against OrganizationFact::seats_max.
enum class SeatRule : std::uint8_t { unlimited, active, active_and_invited };

/// Who may add. Where a rule is judged, an actor marked as staff passes, and whoever may only because of a membership
/// gives no role above that membership's own, nor touches a membership with a higher one: `outranked`.
enum class ActorRule : std::uint8_t {
  host_decides,    ///< the host has authorised the command before it came here
  member,          ///< any member may add and invite; everything else takes a role that manages
  manager,         ///< a member whose role manages
  parent_manager,  ///< a member of the parent organization whose role manages: each organization is judged by its own
};

/// What an add or an invitation to a nested organization asks of, or does to, the membership in its parent. It is about
/// everybody who would come in or come back: who is a member, or invited, already is not asked for. Under both rules it
/// is `parent_required` where that membership was suspended or removed, or its time is over.
///
/// Who is only invited to the parent has not come in there, so nobody is made an active member below: what would be an
/// invitation below stays one. Of what would be active, `require` says `parent_required`, and `add` makes an invitation
/// (`invited`), because nobody accepts one for somebody else. To accept an invitation asks nothing of the parent.
enum class ParentRule : std::uint8_t {
  ignore,   ///< nothing
  require,  ///< `parent_required` unless the account is a member there
  add,      ///< adds the account to the parent too, in the same commit, with Profile::parent_role
};

enum class Mode : std::uint8_t {
  atomic,       ///< all cells or none: one refusal and nothing is written
  best_effort,  ///< each cell by itself
};

using StatusTable = OutcomeTable<std::uint16_t>;
/// A status like HTTP's for each outcome, for hosts that have no opinion of their own.
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

/// A value, cheap to copy; the text, the catalog and the canonicalizer it refers to must outlive it. The five public
/// profiles (profiles.hpp) are constants. Copy one and change a field to get another API.
struct Profile {
  std::string_view name{};  ///< for people; nothing depends on it

  // Which ways of naming an account select_account() and an operation accept.
  bool by_id = true, by_email = true, by_username = true;
  EmailRules email{};

  OnUnknown on_unknown_account = OnUnknown::reject;
  OnMember on_same_role = OnMember::keep;
  /// A command that names no role has no opinion about an existing one: then on_same_role applies.
  OnMember on_other_role = OnMember::reject;

  std::span<const Role> roles{};  ///< the catalog; empty: roles belong to organizations and the store knows them
  RoleId default_role{};          ///< given when a command names none; empty: such a command gets `role_not_found`

  ParentRule parent = ParentRule::ignore;
  RoleId parent_role{};  ///< for ParentRule::add; must be in the catalog where there is one

  ActorRule actor = ActorRule::manager;  ///< so that a profile without a rule lets nobody in by accident
  bool organization_is_account = false;  ///< an organization is an account too, and may act on itself (same id bytes)
  /// `organization_not_found` is reported as `forbidden`, except to staff. Who is forbidden everywhere learns nothing
  /// about groups either, not by a limit that they break.
  bool hides_organizations = false;
  /// Nobody but staff learns from a command whether an e-mail address has an account: whoever is named by an address is
  /// invited, a report does not say which account that is, and only a member can be told to be disabled. It needs
  /// OnUnknown::invite, and accounts that are not named by username. docs/outcomes.md says what it promises.
  bool hides_accounts = false;

  OnFormer on_suspended = OnFormer::refuse;
  OnFormer on_removed = OnFormer::fresh;
  bool keeps_removed = true;  ///< false: nothing is left of a removed membership, and a retry cannot recognise it
  SeatRule seats = SeatRule::unlimited;
  /// Accepting an invitation asks again whether the inviter may give that role; false: what was right then stays right.
  bool rechecks_inviter = true;

  Mode mode = Mode::atomic;
  /// Per command. Accounts found through groups count, and so does each group that is named.
  std::uint32_t accounts_max = 1, organizations_max = 1;
  std::uint64_t cells_max = 1u << 24;  ///< accounts x organizations

  StatusTable status = default_status;
};

ROSTER_END

#endif
