// Commands: what is asked.
#ifndef ROSTER_COMMAND_HPP
#define ROSTER_COMMAND_HPP

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "roster/identity.hpp"
#include "roster/role.hpp"

ROSTER_BEGIN

/// Owns one value inline, or any number in a vector: a command of one cell does not allocate.
template <class T>
class OneOrMany {
 public:
  OneOrMany() = default;
  template <class U>
  requires(std::is_constructible_v<T, U&&> && !std::is_same_v<std::remove_cvref_t<U>, OneOrMany>) OneOrMany(U&& one)
      : one_(std::in_place, std::forward<U>(one)) {}
  OneOrMany(std::vector<T> many) : many_(std::move(many)) {}
  OneOrMany(std::initializer_list<T> many) : many_(many) {}

  std::span<const T> span() const noexcept { return one_ ? std::span<const T>(&*one_, 1) : std::span<const T>(many_); }
  std::size_t size() const noexcept { return one_ ? 1 : many_.size(); }

 private:
  std::optional<T> one_;
  std::vector<T> many_;
};

/// Who asks.
struct Actor {
  AccountId id{};      ///< empty: nobody in particular; enough only under ActorRule::host_decides, or for staff
  bool staff = false;  ///< the host vouches for it everywhere: no actor rule is judged, nothing is hidden
};

/// What every command says: which accounts, in which organizations, asked by whom, under which key.
/// Every account meets every organization: the cells. One by one is the single command; there is no second code path.
struct Command {
  OneOrMany<OrganizationSelector> organizations;  ///< rows of the report
  OneOrMany<AccountSelector> accounts;            ///< columns of the report
  std::vector<GroupName> groups;  ///< the accounts of these are further columns, after those named directly
  Actor actor;
  RequestKey request;  ///< makes retries by the caller safe under every policy; empty: the operation draws its own

  Command() = default;
  template <class To, class Who>
  Command(To&& to, Who&& who, const Actor& by, const RequestKey& key)
      : organizations(std::forward<To>(to)), accounts(std::forward<Who>(who)), actor(by), request(key) {}
};

/// Adds every account to every organization.
struct AddMembers : Command {
  OneOrMany<RoleId> roles;  ///< the roles the cells ask for; an empty id, or no entry, is the profile's default
  /// Empty: every cell asks for roles[0]. Otherwise one index into `roles` per cell, row by row, for the columns named
  /// directly; columns that come from groups ask for roles[0].
  std::vector<RoleIndex> cell_roles;

  AddMembers() = default;
  AddMembers(OneOrMany<OrganizationSelector> to, OneOrMany<AccountSelector> who, OneOrMany<RoleId> as = {},
             const Actor& by = {}, const RequestKey& key = {})
      : Command(std::move(to), std::move(who), by, key), roles(std::move(as)) {}
  /// The single command, built in place.
  template <class To, class Who>
  requires(std::is_constructible_v<OrganizationSelector, To&&>&& std::is_constructible_v<AccountSelector, Who&&>)
      AddMembers(To&& to, Who&& who, const RoleId& as = {}, const Actor& by = {}, const RequestKey& key = {})
      : Command(std::forward<To>(to), std::forward<Who>(who), by, key),
        roles(as.empty() ? OneOrMany<RoleId>() : OneOrMany<RoleId>(as)) {}
};

ROSTER_END

#endif
