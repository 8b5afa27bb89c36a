// Commands: what is asked.
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

ROSTER_PUBLIC_BEGIN

/// Owns one value inline, or any number in a vector: a command of one cell does not allocate.
template <class T>
class OneOrMany {
 public:
  OneOrMany() = default;
  template <class U>  // it takes no OneOrMany: NOLINTNEXTLINE(bugprone-forwarding-reference-overload)
  requires(std::is_constructible_v<T, U&&> && !std::is_same_v<std::remove_cvref_t<U>, OneOrMany>) OneOrMany(U&& one)
      : one_(std::in_place, std::forward<U>(one)) {}
  OneOrMany(std::vector<T> many) : many_(std::move(many)) {}
  OneOrMany(std::initializer_list<T> many) : many_(many) {}

  std::span<const T> span() const noexcept {
    if (one_) return {&*one_, 1};
    return many_;
  }
  std::size_t size() const noexcept { return span().size(); }

 private:
  // Not a variant of the two: with one, g++ 12 takes 8 % longer to read roster.hpp.
  std::optional<T> one_;
  std::vector<T> many_;
};

/// Who asks.
struct Actor {
  AccountId id{};      ///< empty: nobody in particular; enough only under ActorRule::host_decides, or for staff
  bool staff = false;  ///< the host vouches for it everywhere: no actor rule is judged, nothing is hidden
};

/// What is to be done with the memberships in the cells.
enum class Kind : std::uint8_t {
  add,
  invite,
  change_role,
  transfer_ownership,
  suspend,
  reactivate,
  remove,
  leave,
  accept_invitation,
  decline_invitation,
  revoke_invitation,
  change_expiry
};

/// What every command says: which accounts, in which organizations, asked by whom, under which key.
/// Every account meets every organization: the cells. One by one is the single command; there is no second code path.
struct Command {
  OneOrMany<OrganizationSelector> organizations;  ///< rows of the report
  OneOrMany<AccountSelector> accounts;            ///< columns of the report
  std::vector<GroupName> groups;  ///< the accounts of these are further columns, after those named directly
  Actor actor;
  RequestKey request;  ///< makes retries by the caller safe under every policy; empty: the operation draws its own
  Time asked_at{};  ///< when the request was first made, if it may have waited since: it undoes no later end or return

  Kind kind() const noexcept { return kind_; }

 protected:
  explicit Command(Kind kind) noexcept : kind_(kind) {}
  template <class To, class Who>
  Command(Kind kind, To&& to, Who&& who, const Actor& by, const RequestKey& key)
      : organizations(std::forward<To>(to)), accounts(std::forward<Who>(who)), actor(by), request(key), kind_(kind) {}

 private:
  Kind kind_;
};

/// A command whose cells ask for roles.
struct RoleCommand : Command {
  OneOrMany<RoleId> roles;  ///< the roles the cells ask for; an empty id, or no entry, is the profile's default
  /// Empty: every cell asks for roles[0]. Otherwise one index into `roles` per cell, row by row, for the columns named
  /// directly; columns that come from groups ask for roles[0].
  std::vector<RoleIndex> cell_roles;

 protected:
  using Command::Command;
  template <class To, class Who>
  RoleCommand(Kind kind, To&& to, Who&& who, OneOrMany<RoleId> as, const Actor& by, const RequestKey& key)
      : Command(kind, std::forward<To>(to), std::forward<Who>(who), by, key), roles(std::move(as)) {}
};

/// Adds every account to every organization.
struct AddMembers : RoleCommand {
  /// When the memberships that are added end by themselves; 0: never. Who is a member already keeps what they have.
  Time valid_until{};

  AddMembers() noexcept : RoleCommand(Kind::add) {}
  AddMembers(OneOrMany<OrganizationSelector> to, OneOrMany<AccountSelector> who, OneOrMany<RoleId> as = {},
             const Actor& by = {}, const RequestKey& key = {})
      : RoleCommand(Kind::add, std::move(to), std::move(who), std::move(as), by, key) {}
  /// The single command, built in place.
  template <class To, class Who>
  requires(std::is_constructible_v<OrganizationSelector, To&&>&& std::is_constructible_v<AccountSelector, Who&&>)
      AddMembers(To&& to, Who&& who, const RoleId& as = {}, const Actor& by = {}, const RequestKey& key = {})
      : RoleCommand(Kind::add, std::forward<To>(to), std::forward<Who>(who),
                    as.empty() ? OneOrMany<RoleId>() : OneOrMany<RoleId>(as), by, key) {}

 protected:
  using RoleCommand::RoleCommand;
};

/// The same with memberships that wait to be accepted. An unknown e-mail address gets an account that waits as well,
/// whatever the profile says about unknown addresses.
struct Invite : AddMembers {
  Invite() noexcept : AddMembers(Kind::invite) {}
  Invite(OneOrMany<OrganizationSelector> to, OneOrMany<AccountSelector> who, OneOrMany<RoleId> as = {},
         const Actor& by = {}, const RequestKey& key = {})
      : AddMembers(Kind::invite, std::move(to), std::move(who), std::move(as), by, key) {}
};

/// Gives every account, in every organization of which it is a member, the role asked for.
struct ChangeRole : RoleCommand {
  ChangeRole() noexcept : RoleCommand(Kind::change_role) {}
  ChangeRole(OneOrMany<OrganizationSelector> in, OneOrMany<AccountSelector> who, OneOrMany<RoleId> to,
             const Actor& by = {}, const RequestKey& key = {})
      : RoleCommand(Kind::change_role, std::move(in), std::move(who), std::move(to), by, key) {}

 protected:
  using RoleCommand::RoleCommand;
};

/// The actor, an owner, makes a member an owner and takes another role itself: both or neither, whatever the profile's
/// mode. Columns: the new owner, then the actor.
struct TransferOwnership : ChangeRole {
  TransferOwnership(OneOrMany<OrganizationSelector> of, AccountSelector to, const RoleId& owner,
                    const RoleId& afterwards, const Actor& by, const RequestKey& key = {})
      : ChangeRole(Kind::transfer_ownership, std::move(of),
                   OneOrMany<AccountSelector>{std::move(to), AccountSelector(by.id)},
                   OneOrMany<RoleId>{owner, afterwards}, by, key) {
    for (std::size_t row = 0; row < organizations.size(); ++row) cell_roles.insert(cell_roles.end(), {0, 1});
  }
};

/// A command about memberships as they are.
template <Kind kind_of>
struct MemberCommand : Command {
  MemberCommand() noexcept : Command(kind_of) {}
  MemberCommand(OneOrMany<OrganizationSelector> in, OneOrMany<AccountSelector> who, const Actor& by = {},
                const RequestKey& key = {})
      : Command(kind_of, std::move(in), std::move(who), by, key) {}
};
using Suspend = MemberCommand<Kind::suspend>;
using Reactivate = MemberCommand<Kind::reactivate>;
using RemoveMembers = MemberCommand<Kind::remove>;
using RevokeInvitation = MemberCommand<Kind::revoke_invitation>;

/// Says when memberships end by themselves. From that moment on a membership counts for nothing, as if it had been
/// removed; it keeps its seat until RemoveMembers clears it away. The last owner cannot be given an end.
struct ChangeExpiry : MemberCommand<Kind::change_expiry> {
  Time valid_until{};  ///< 0: never

  ChangeExpiry(OneOrMany<OrganizationSelector> in, OneOrMany<AccountSelector> who, Time until, const Actor& by = {},
               const RequestKey& key = {})
      : MemberCommand(std::move(in), std::move(who), by, key), valid_until(until) {}
};

/// A command of an account about its own memberships: the actor is the one column, and needs no right for it.
template <Kind kind_of>
struct OwnCommand : Command {
  OwnCommand(OneOrMany<OrganizationSelector> in, const AccountId& self, const RequestKey& key = {})
      : Command(kind_of, std::move(in), AccountSelector(self), Actor{self}, key) {}
};
using Leave = OwnCommand<Kind::leave>;
using AcceptInvitation = OwnCommand<Kind::accept_invitation>;
using DeclineInvitation = OwnCommand<Kind::decline_invitation>;

ROSTER_END

#endif
