// Commands about the members of acme.
#ifndef ROSTER_TESTS_UNIT_COMMANDS_HPP
#define ROSTER_TESTS_UNIT_COMMANDS_HPP

#include <memory>

#include "catch.hpp"
#include "shown.hpp"
#include "support/fixture_world.hpp"

namespace fixtures {

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
  parts.places = {acme};
  parts.people = {who};
  parts.roles = {kind == CommandKind::change_role ? guest : clerk};
  if (kind == CommandKind::transfer_ownership) parts.roles = {owner, admin};
  parts.actor = by(roster_test::is_own(kind) ? who : asks);
  parts.key = under;
  if (kind == CommandKind::change_expiry) parts.end = far_off;
  return make_command(kind, parts);
}

/// A member until a moment that has passed; the record is still there.
inline void put_expired(AcmeFixture& in, const AccountId& who, const RoleId& as) {
  in.put(acme, who, as);
  const Time soon{static_cast<std::int64_t>(in.now) + 5'000};
  must(in.outcome(host_rules(), ChangeExpiry(acme, who, soon, by(boss))) == Outcome::expiry_changed, "an end");
  in.now = soon;
}
inline MembershipId id_of(const AcmeFixture& in, const AccountId& who) {
  if (const auto found = in.store.membership(acme, who).value()) return found->id;
  const auto former = in.store.former_membership(acme, who).value();
  return former ? former->membership.id : MembershipId{};
}

}  // namespace fixtures

#endif
