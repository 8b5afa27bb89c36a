// Commands: one struct for each kind of request about memberships.
//
//     AddMembers one(OrganizationId("acme"), AccountId("ann"), RoleId("member"), Actor{AccountId("owner")});
//     Suspend two({OrganizationId("acme")}, {AccountId("ann"), AccountId("ben")}, Actor{AccountId("owner")});
//     one.idempotency_key = IdempotencyKey::of(header);  // from the client, for safe retries
#ifndef ROSTER_COMMAND_HPP
#define ROSTER_COMMAND_HPP

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "roster/identity.hpp"
#include "roster/role.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// OneOrMany owns one value inline, or any number in a vector. So a command of one cell does not allocate.
template <class T>
class OneOrMany {
 public:
  OneOrMany() = default;  ///< no value
  /// Constructs one value in place, from any argument that constructs it.
  template <class U>  // it takes no OneOrMany: NOLINTNEXTLINE(bugprone-forwarding-reference-overload)
  requires(std::is_constructible_v<T, U&&> && !std::is_same_v<std::remove_cvref_t<U>, OneOrMany>) OneOrMany(U&& one)
      : one_(std::in_place, std::forward<U>(one)) {}
  OneOrMany(std::vector<T> many) : many_(std::move(many)) {}  ///< takes the values of the vector
  OneOrMany(std::initializer_list<T> many) : many_(many) {}   ///< copies the values of the list

  /// Returns the values, valid as long as this object is unchanged.
  std::span<const T> span() const noexcept {
    if (one_) return {&*one_, 1};
    return many_;
  }
  std::size_t size() const noexcept { return span().size(); }  ///< number of values

 private:
  // Not a variant of the two: with one, g++ 12 takes 8 % longer to read roster.hpp.
  std::optional<T> one_;
  std::vector<T> many_;
};

/// Actor is the account that requests a command.
struct Actor {
  AccountId id{};      ///< empty: no account; sufficient only under ActorRule::host_decides, or for staff
  bool staff = false;  ///< authorized by the host everywhere: no actor rule applies, nothing is hidden
};

/// CommandKind is the change that a command makes to the memberships of its cells.
enum class CommandKind : std::uint8_t {
  add,                 ///< AddMembers
  invite,              ///< Invite
  change_role,         ///< ChangeRole
  transfer_ownership,  ///< TransferOwnership
  suspend,             ///< Suspend
  reactivate,          ///< Reactivate
  remove,              ///< RemoveMembers
  leave,               ///< Leave
  accept_invitation,   ///< AcceptInvitation
  decline_invitation,  ///< DeclineInvitation
  revoke_invitation,   ///< RevokeInvitation
  change_expiry        ///< ChangeExpiry
};

/// Command holds the fields of every command: accounts, organizations, actor and idempotency key. The cells are all
/// pairs of an organization and an account. A single command is one by one, and uses the same code path.
struct Command {
  OneOrMany<OrganizationSelector> organizations;  ///< rows of the report
  OneOrMany<AccountSelector> accounts;            ///< columns of the report
  std::vector<GroupName> groups;                  ///< their accounts are further columns, after those named directly
  Actor actor;                                    ///< the account that requests the command
  IdempotencyKey idempotency_key;  ///< for safe retries under every policy; empty: the operation draws one
  /// The time of the first attempt, if the request may be delayed; 0: unknown. Then it writes no existing membership
  /// whose last write was at this time or later.
  Time asked_at{};

  CommandKind kind() const noexcept { return kind_; }  ///< kind of this command

 protected:
  /// Constructs a command without cells, for a derived struct.
  explicit Command(CommandKind kind) noexcept : kind_(kind) {}
  /// Constructs a command of the given cells, for a derived struct.
  template <class To, class Accounts>
  Command(CommandKind kind, To&& to, Accounts&& account_selectors, const Actor& by, const IdempotencyKey& key)
      : organizations(std::forward<To>(to)),
        accounts(std::forward<Accounts>(account_selectors)),
        actor(by),
        idempotency_key(key),
        kind_(kind) {}

 private:
  CommandKind kind_;
};

/// RoleCommand is a command whose cells request roles.
struct RoleCommand : Command {
  OneOrMany<RoleId> roles;  ///< the requested roles; an empty id, or no entry, is the profile's default
  /// Empty: every cell requests roles[0]. Otherwise one index into `roles` for each cell, row by row, for the columns
  /// named directly. Columns from groups request roles[0].
  std::vector<RoleIndex> cell_roles;

 protected:
  /// The constructors of Command, for a derived struct.
  using Command::Command;
  /// Constructs a command of the given cells and roles, for a derived struct.
  template <class To, class Accounts>
  RoleCommand(CommandKind kind, To&& to, Accounts&& account_selectors, OneOrMany<RoleId> as, const Actor& by,
              const IdempotencyKey& key)
      : Command(kind, std::forward<To>(to), std::forward<Accounts>(account_selectors), by, key), roles(std::move(as)) {}
};

/// Adds every account to every organization.
struct AddMembers : RoleCommand {
  /// Expiry of the memberships this command creates; 0: never. Existing memberships keep their expiry, with two
  /// exceptions. A renewed invitation gets this one. An accepted invitation gets it unless it is 0.
  Time valid_until{};
  /// End of the invitations that this command creates or renews; 0: never. An invitation cannot be accepted from this
  /// time on, and keeps no seat. An acceptance clears it, so a membership does not end with its invitation. An
  /// invitation with both ends stores the earlier one.
  Time invitation_until{};

  /// Constructs a command without cells.
  AddMembers() noexcept : RoleCommand(CommandKind::add) {}
  /// Adds every account of `account_selectors` to every organization of `to`, with the first role of `as`.
  AddMembers(OneOrMany<OrganizationSelector> to, OneOrMany<AccountSelector> account_selectors,
             OneOrMany<RoleId> as = {}, const Actor& by = {}, const IdempotencyKey& key = {})
      : RoleCommand(CommandKind::add, std::move(to), std::move(account_selectors), std::move(as), by, key) {}
  /// Constructs the single command in place.
  template <class To, class Accounts>
  requires(std::is_constructible_v<OrganizationSelector, To&&>&& std::is_constructible_v<AccountSelector, Accounts&&>)
      AddMembers(To&& to, Accounts&& account_selectors, const RoleId& as = {}, const Actor& by = {},
                 const IdempotencyKey& key = {})
      : RoleCommand(CommandKind::add, std::forward<To>(to), std::forward<Accounts>(account_selectors),
                    as.empty() ? OneOrMany<RoleId>() : OneOrMany<RoleId>(as), by, key) {}

 protected:
  /// The constructors of RoleCommand, for a derived struct.
  using RoleCommand::RoleCommand;
};

/// Invite is AddMembers with memberships in the state `invited`. An unknown e-mail address gets an invited account too,
/// under every OnUnknown of the profile.
struct Invite : AddMembers {
  /// Constructs a command without cells.
  Invite() noexcept : AddMembers(CommandKind::invite) {}
  /// Invites every account of `account_selectors` to every organization of `to`, with the first role of `as`.
  Invite(OneOrMany<OrganizationSelector> to, OneOrMany<AccountSelector> account_selectors, OneOrMany<RoleId> as = {},
         const Actor& by = {}, const IdempotencyKey& key = {})
      : AddMembers(CommandKind::invite, std::move(to), std::move(account_selectors), std::move(as), by, key) {}
};

/// ChangeRole gives every account the requested role, in every organization of which it is a member.
struct ChangeRole : RoleCommand {
  /// Constructs a command without cells.
  ChangeRole() noexcept : RoleCommand(CommandKind::change_role) {}
  /// Gives every account of `account_selectors` the first role of `to`, in every organization of `in`.
  ChangeRole(OneOrMany<OrganizationSelector> in, OneOrMany<AccountSelector> account_selectors, OneOrMany<RoleId> to,
             const Actor& by = {}, const IdempotencyKey& key = {})
      : RoleCommand(CommandKind::change_role, std::move(in), std::move(account_selectors), std::move(to), by, key) {}

 protected:
  /// The constructors of RoleCommand, for a derived struct.
  using RoleCommand::RoleCommand;
};

/// TransferOwnership makes a member an owner, and gives the actor, an owner, another role. Both happen or neither,
/// under every mode of the profile. Columns: the new owner, then the actor.
struct TransferOwnership : ChangeRole {
  /// Makes `to` an owner of every organization of `of`, and gives the actor the role `afterwards`.
  TransferOwnership(OneOrMany<OrganizationSelector> of, AccountSelector to, const RoleId& owner,
                    const RoleId& afterwards, const Actor& by, const IdempotencyKey& key = {})
      : ChangeRole(CommandKind::transfer_ownership, std::move(of),
                   OneOrMany<AccountSelector>{std::move(to), AccountSelector(by.id)},
                   OneOrMany<RoleId>{owner, afterwards}, by, key) {
    for (std::size_t row = 0; row < organizations.size(); ++row) cell_roles.insert(cell_roles.end(), {0, 1});
  }
};

/// MemberCommand is a command about existing memberships, without a role.
template <CommandKind kind_of>
struct MemberCommand : Command {
  /// Constructs a command without cells.
  MemberCommand() noexcept : Command(kind_of) {}
  /// Applies to the memberships of every account of `account_selectors` in every organization of `in`.
  MemberCommand(OneOrMany<OrganizationSelector> in, OneOrMany<AccountSelector> account_selectors, const Actor& by = {},
                const IdempotencyKey& key = {})
      : Command(kind_of, std::move(in), std::move(account_selectors), by, key) {}
};
/// Suspend makes members inactive until they are reactivated.
using Suspend = MemberCommand<CommandKind::suspend>;
/// Reactivate makes suspended members active again.
using Reactivate = MemberCommand<CommandKind::reactivate>;
/// RemoveMembers ends memberships, and clears expired ones.
using RemoveMembers = MemberCommand<CommandKind::remove>;
/// RevokeInvitation ends memberships that are still invitations, and clears expired ones.
using RevokeInvitation = MemberCommand<CommandKind::revoke_invitation>;

/// ChangeExpiry sets the expiry of memberships. An expired membership counts as removed. It keeps its seat until
/// RemoveMembers clears it. The last owner cannot have an expiry. An invitation ends with its membership, and an
/// earlier end of its own stays.
struct ChangeExpiry : MemberCommand<CommandKind::change_expiry> {
  Time valid_until{};  ///< 0: never

  /// Sets the expiry of the memberships of every account of `account_selectors` to `until`; 0: never.
  ChangeExpiry(OneOrMany<OrganizationSelector> in, OneOrMany<AccountSelector> account_selectors, Time until,
               const Actor& by = {}, const IdempotencyKey& key = {})
      : MemberCommand(std::move(in), std::move(account_selectors), by, key), valid_until(until) {}
};

/// OwnCommand is a command of an account about its own memberships. The actor is the only column, and needs no
/// authorization.
template <CommandKind kind_of>
struct OwnCommand : Command {
  /// Applies to the memberships of the account `self` in every organization of `in`.
  OwnCommand(OneOrMany<OrganizationSelector> in, const AccountId& self, const IdempotencyKey& key = {})
      : Command(kind_of, std::move(in), AccountSelector(self), Actor{self}, key) {}
};
/// Leave ends the actor's own memberships.
using Leave = OwnCommand<CommandKind::leave>;
/// AcceptInvitation turns the actor's own invitations into memberships.
using AcceptInvitation = OwnCommand<CommandKind::accept_invitation>;
/// DeclineInvitation ends the actor's own invitations.
using DeclineInvitation = OwnCommand<CommandKind::decline_invitation>;

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
