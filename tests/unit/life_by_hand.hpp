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
inline Any command_of(CommandKind kind, const AccountId& who, const AccountId& asks = boss,
                      const IdempotencyKey& under = {}) {
  roster_test::Parts parts;
  parts.places = {club};
  parts.people = {who};
  parts.roles = {kind == CommandKind::change_role ? guest : clerk};
  if (kind == CommandKind::transfer_ownership) parts.roles = {owner, admin};
  parts.actor = by(roster_test::is_own(kind) ? who : asks);
  parts.key = under;
  if (kind == CommandKind::change_expiry) parts.end = far_off;
  return make_command(kind, parts);
}

/// A member until a moment that has passed; the record is still there.
inline void put_expired(Club& in, const AccountId& who, const RoleId& as) {
  in.put(club, who, as);
  const Time soon{static_cast<std::int64_t>(in.now) + 5'000};
  must(in.outcome(host_rules(), ChangeExpiry(club, who, soon, by(boss))) == Outcome::expiry_changed, "an end");
  in.now = soon;
}
inline MembershipId id_of(const Club& in, const AccountId& who) {
  if (const auto found = in.store.membership(club, who).value()) return found->id;
  const auto former = in.store.former_membership(club, who).value();
  return former ? former->membership.id : MembershipId{};
}

}  // namespace life

#endif
