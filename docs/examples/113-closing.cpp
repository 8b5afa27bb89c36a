// Closes an organization, ends its memberships and invitations by one command, and opens it again.
#include <cstdio>

#include "roster/roster.hpp"

using namespace roster;

namespace {

enum class TeamRole { member, owner };

consteval auto roster_roles(TeamRole) {
  using Entry = RoleEntry<TeamRole>;
  return std::array{
      Entry{TeamRole::member, {.id = RoleId("member"), .rank = 1}, Grant::default_},
      Entry{TeamRole::owner, {.id = RoleId("owner"), .rank = 2, .manages = true, .owns = true}},
  };
}

constexpr Profile rules = {
    .roles = catalog<TeamRole>, .default_role = default_role<TeamRole>, .mode = Mode::best_effort};

const OrganizationId acme("acme");
const AccountId ann("ann"), ben("ben"), cat("cat");

// close begins
/// Closes an organization and ends everything in it. It may be called again after any failure.
Result<SetReport> close(RecordStore& store, const Engine& engine, const OrganizationId& organization,
                        const Actor& actor, Time now) {
  const auto closed = store.change_organization(organization, {.closed = true}, any_version);
  if (!closed) return closed.error();
  const RemoveMembers all(organization, {}, actor, IdempotencyKey::of("the end of this organization, case 4711"));
  const MembershipSet members = MemberSet{};
  return engine.run(all, members, now);
}
// close ends

bool put_member(MemoryStore& store, const char* id, const AccountId& account, const RoleId& role,
                MembershipState state) {
  const Membership membership{
      .id = MembershipId::of(id), .organization = acme, .account = account, .role = role, .state = state};
  return store.put_account({.id = account}) && store.put_membership(membership);
}

}  // namespace

int main() {
  UuidSource ids({1, 2});
  MemoryStore store;
  if (!store.put_organization({.id = acme}) ||
      !put_member(store, "1", ann, grant<TeamRole::owner>, MembershipState::active) ||
      !put_member(store, "2", ben, grant<TeamRole::member>, MembershipState::suspended) ||
      !put_member(store, "3", cat, grant<TeamRole::member>, MembershipState::invited))
    return 1;
  const Engine engine(rules, store, ids);
  const Actor staff{.staff = true};

  const auto ended = close(store, engine, acme, staff, Time{1});
  if (!ended || !ended.value().succeeded()) return 1;
  const auto late = engine.add({acme, ben, {}, staff}, Time{2});
  if (!late || late.value().at(0, 0) != Outcome::organization_closed) return 1;

  // open begins
  // has_members: the end is not complete. Repeat the command for the set first.
  const auto opened = store.change_organization(acme, {.closed = false}, any_version);
  if (!opened) return opened.error().code == Errc::has_members ? 2 : 1;
  const auto first = engine.add({acme, ann, grant<TeamRole::owner>, staff}, Time{3});
  // open ends

  std::printf("%d ended\n", static_cast<int>(ended.value().counts[Outcome::removed]));
  return ended.value().counts[Outcome::removed] == 3 && first && first.value().succeeded() ? 0 : 1;
}
