// A club and the words in which Catch shows what became of it.
#ifndef ROSTER_TESTS_UNIT_LIFE_BY_HAND_HPP
#define ROSTER_TESTS_UNIT_LIFE_BY_HAND_HPP

#include <memory>

#include "catch.hpp"
#include "support/club.hpp"

template <>
struct Catch::StringMaker<roster::Outcome> {
  static std::string convert(roster::Outcome outcome) { return std::string(roster::name(outcome)); }
};
template <>
struct Catch::StringMaker<roster::Errc> {
  static std::string convert(roster::Errc code) { return std::string(roster::name(code)); }
};

namespace life {

using Outcomes = std::vector<Outcome>;
using Events = std::vector<std::string>;
using State = MembershipState;
using Any = std::shared_ptr<const Command>;

template <class Of, class... Args>
Any make(Args&&... args) {
  return std::make_shared<const Of>(std::forward<Args>(args)...);
}

/// The command of that kind about `who`, asked by the boss, or by themselves where it is their own affair.
inline Any command_of(Kind kind, const AccountId& who, const AccountId& asks = boss, const RequestKey& under = {}) {
  switch (kind) {
    case Kind::add: return make<AddMembers>(club, who, clerk, by(asks), under);
    case Kind::invite: return make<Invite>(club, who, clerk, by(asks), under);
    case Kind::change_role: return make<ChangeRole>(club, who, guest, by(asks), under);
    case Kind::transfer_ownership: return make<TransferOwnership>(club, who, owner, admin, by(asks), under);
    case Kind::suspend: return make<Suspend>(club, who, by(asks), under);
    case Kind::reactivate: return make<Reactivate>(club, who, by(asks), under);
    case Kind::remove: return make<RemoveMembers>(club, who, by(asks), under);
    case Kind::leave: return make<Leave>(club, who, under);
    case Kind::accept_invitation: return make<AcceptInvitation>(club, who, under);
    case Kind::decline_invitation: return make<DeclineInvitation>(club, who, under);
    case Kind::revoke_invitation: return make<RevokeInvitation>(club, who, by(asks), under);
    case Kind::change_expiry: return make<ChangeExpiry>(club, who, far_off, by(asks), under);
  }
  return {};
}

inline std::string text_of(Kind kind) {
  constexpr const char* names[] = {
      "add",    "invite", "change role",       "transfer ownership", "suspend",           "reactivate",
      "remove", "leave",  "accept invitation", "decline invitation", "revoke invitation", "change expiry"};
  return names[static_cast<unsigned>(kind)];
}

}  // namespace life

#endif
