// Commands for sets: these members and no others, and the removal from an organization with everything inside it.
#include <array>
#include <cstdio>

#include "roster/roster.hpp"

using namespace roster;

namespace {

constexpr Role roles[] = {Role{.id = RoleId("member"), .rank = 1},
                          Role{.id = RoleId("admin"), .rank = 2, .manages = true}};
constexpr Profile rules = {.roles = roles, .default_role = RoleId("member"), .mode = Mode::best_effort};

const OrganizationId acme("acme"), website("website"), shop("shop");
const AccountId ann("ann"), ben("ben"), cid("cid"), dan("dan");
constexpr Actor staff{.staff = true};

// others begin
/// Removes every member of the organization but these. A dry run returns the same numbers and writes nothing.
Result<SetReport> keep_only(const Engine& engine, const OrganizationId& in, std::span<const AccountId> these,
                            bool dry_run, Time now) {
  const RemoveMembers removal(in, {}, staff);
  const MembershipSet others = MemberSet{.except = these};
  return dry_run ? engine.plan(removal, others, now) : engine.run(removal, others, now);
}
// others end

bool filled(MemoryStore& store, const Engine& engine) {
  bool done = store.put_organization({.id = acme}).has_value();
  for (const OrganizationId& id : {website, shop})
    done = done && store.put_organization({.id = id, .parent = acme}).has_value();
  for (const AccountId& id : {ann, ben, cid, dan}) {
    done = done && store.put_account({.id = id}).has_value();
    for (const OrganizationId& in : {acme, website, shop}) {
      const auto added = engine.run(AddMembers(in, id, RoleId("member"), staff), Time{1});
      done = done && added && added.value().succeeded();
    }
  }
  return done;
}

}  // namespace

int main() {
  UuidSource ids({1, 2});
  MemoryStore store;
  const Engine engine(rules, store, ids);
  if (!filled(store, engine)) return 1;

  const std::array team = {ann, ben};
  const auto plan = keep_only(engine, website, team, true, Time{2});
  const auto done = keep_only(engine, website, team, false, Time{3});
  if (!plan || !done || plan.value().counts != done.value().counts) return 1;

  // inside begin
  // An atomic profile writes all of it in one commit, or none: the projects first, then the organization itself.
  Profile together = rules;
  together.mode = Mode::atomic;
  const RemoveMembers leaves({}, ben, staff, IdempotencyKey::of("ben leaves acme"));
  const MembershipSet inside = OrganizationSet{.parent = acme, .with_parent = true};
  const auto left = Engine(together, store, ids).run(leaves, inside, Time{4});
  if (!left || !left.value().succeeded()) return 1;
  // inside end

  std::printf("removed %d, then %d\n", static_cast<int>(done.value().counts[Outcome::removed]),
              static_cast<int>(left.value().counts[Outcome::removed]));
  return done.value().counts[Outcome::removed] == 2 && left.value().counts[Outcome::removed] == 3 ? 0 : 1;
}
