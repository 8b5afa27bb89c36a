// Plans a command without writing, and explains the outcome of each cell in a sentence.
#include <fmt/core.h>

#include "roster/format.hpp"
#include "roster/roster.hpp"

using namespace roster;

int main() {
  constexpr std::array catalog = {Role{.id = RoleId("member"), .rank = 1},
                                  Role{.id = RoleId("admin"), .rank = 2, .manages = true},
                                  Role{.id = RoleId("owner"), .rank = 3, .manages = true, .owns = true}};
  Profile rules{.actor = ActorRule::host_decides};
  rules.roles = catalog;
  rules.default_role = RoleId("member");
  rules.actor = ActorRule::manager;
  rules.mode = Mode::best_effort;
  rules.accounts_max = 100;

  UuidSource ids({1, 2});
  MemoryStore store;
  const OrganizationId acme("acme");
  const AccountId ann("ann"), bob("bob"), zoe("zoe");
  const bool ready =
      store.put_organization({.id = acme}) && store.put_account({.id = ann}) && store.put_account({.id = bob}) &&
      store.put_account({.id = zoe, .disabled = true}) &&
      store.put_membership(
          {.id = MembershipId::of("1"), .organization = acme, .account = ann, .role = RoleId("admin")}) &&
      store.put_membership(
          {.id = MembershipId::of("2"), .organization = acme, .account = bob, .role = RoleId("owner")});
  if (!ready) return 1;
  const Engine engine(rules, store, ids);

  const AddMembers adds(acme, {ann, bob, zoe, AccountId("nobody")}, OneOrMany<RoleId>(RoleId("admin")), Actor{ann});
  const RemoveMembers removes(acme, bob, Actor{ann});
  const Leave leaves(acme, bob);
  for (const Command* command : {static_cast<const Command*>(&adds), static_cast<const Command*>(&removes),
                                 static_cast<const Command*>(&leaves)}) {
    const auto plan = engine.plan(*command, Time{1});
    if (!plan) return 1;
    for (std::uint32_t column = 0; column < plan.value().columns; ++column)
      if (const auto why = explain(*command, plan.value(), 0, column)) fmt::print("{}\n", *why);
  }
  return store.member_count(acme).value() == 2 ? 0 : 1;
}
