// Public reports about sets of memberships, replayed on any store as in reported.hpp.
#ifndef ROSTER_TESTS_COMPARISONS_REPORTED_SETS_HPP
#define ROSTER_TESTS_COMPARISONS_REPORTED_SETS_HPP

#include "comparisons/reported.hpp"

namespace reported {

inline constexpr OrganizationId website{"website"}, shop{"shop"};

/// A command for a set, whose cells all have one outcome. `cells`: their number.
template <class AnyStore>
void expect_set(Replay<AnyStore>& in, AnyStore& store, const char* what, const Command& command,
                const MembershipSet& set, Outcome right, std::uint64_t cells, const Profile& profile) {
  const auto report = Engine(profile, store, in.ids, {.tile_cells_max = 2}).run(command, set, in.in(1));
  in.wait_until(in.in(1));
  if (!report) return in.fail(std::string(what) + ": " + std::string(name(report.error().code)));
  OutcomeTable<std::uint64_t> expected{};
  expected[right] = cells;
  if (report.value().counts != expected) in.fail(std::string(what) + ": other outcomes");
}

/// che#7701, onadata#3004: an account is removed from the organization, and is still an administrator of a project
/// inside it. One command removes it from both, in one commit.
template <class AnyStore>
std::string member_of_projects(AnyStore& store) {
  Replay in(store);
  Profile together = rules;
  together.mode = Mode::atomic;
  const Actor host{{}, true};
  for (const OrganizationId& id : {website, shop})
    if (!store.put_organization({.id = id, .parent = acme})) return "a project is not put";
  for (const OrganizationId& id : {website, shop}) {
    in.expect("an owner of a project", AddMembers(id, boss, owner, host), Outcome::added);
    in.expect("an administrator of a project", AddMembers(id, ann, admin, host), Outcome::added);
  }
  in.expect("a member of the organization", AddMembers(acme, ann, admin, by_boss), Outcome::added);
  const RemoveMembers leaves({}, ann, by_boss, IdempotencyKey::of("ann leaves"));
  const MembershipSet inside = OrganizationSet{.parent = acme, .with_parent = true};
  expect_set(in, store, "the removal", leaves, inside, Outcome::removed, 3, together);
  expect_set(in, store, "its repeat", leaves, inside, Outcome::replayed, 3, together);
  in.expect("an add by the removed one", AddMembers(website, bob, member, Actor{ann}), Outcome::forbidden);
  in.expect("a last owner of a project", AddMembers(website, cyd, member, by_boss), Outcome::added);
  const auto last = Engine(together, store, in.ids).run(RemoveMembers({}, boss, host), inside, in.in(1));
  if (!last || last.value().counts[Outcome::last_owner] == 0 || last.value().counts[Outcome::removed] != 0)
    in.fail("the removal of the last owner is not refused as a whole");
  return in.wrong;
}

/// A person leaves every organization, in pages of two. A repeat after a part completes it.
template <class AnyStore>
std::string offboarded_person(AnyStore& store) {
  Replay in(store);
  Profile each = rules;
  each.mode = Mode::best_effort;
  const Actor host{{}, true};
  const std::array organizations = {OrganizationId("o1"), OrganizationId("o2"), OrganizationId("o3"),
                                    OrganizationId("o4"), OrganizationId("o5")};
  for (const OrganizationId& id : organizations) {
    if (!store.put_organization({.id = id})) return "an organization is not put";
    in.expect("an owner", AddMembers(id, boss, owner, host), Outcome::added);
    in.expect("a member", AddMembers(id, ann, id == organizations[3] ? owner : member, host), Outcome::added);
  }
  in.expect("the other owner leaves", Leave(organizations[3], boss), Outcome::removed);
  const RemoveMembers leaves({}, ann, host, IdempotencyKey::of("offboarding"));
  const auto report = Engine(each, store, in.ids, {.tile_cells_max = 2}).run(leaves, OrganizationSet{}, in.in(1));
  in.wait_until(in.in(1));
  if (!report) return "the offboarding failed";
  if (report.value().counts[Outcome::removed] != 4 || report.value().refusals.size() != 1 ||
      report.value().refusals[0].organization != organizations[3] ||
      report.value().refusals[0].outcome != Outcome::last_owner)
    in.fail("the report does not name the organization of the last owner");
  in.expect("another owner", AddMembers(organizations[3], bob, owner, host), Outcome::added);
  const auto again = Engine(each, store, in.ids, {.tile_cells_max = 3}).run(leaves, OrganizationSet{}, in.in(1));
  if (!again || again.value().counts[Outcome::removed] != 1 || again.value().counts[Outcome::replayed] != 4)
    in.fail("a repeat does not complete the offboarding");
  if (const auto left = store.organization_count(ann); !left || left.value() != 0) in.fail("a membership is left");
  return in.wrong;
}

/// group-membership-management#28: a group was {ann, bob, cyd} and becomes {bob}. These and no others stay.
template <class AnyStore>
std::string these_and_no_others(AnyStore& store) {
  Replay in(store);
  Profile each = rules;
  each.mode = Mode::best_effort;
  for (const AccountId& id : {ann, bob, cyd})
    in.expect("a member", AddMembers(acme, id, member, by_boss), Outcome::added);
  const AccountId these[] = {bob, boss};
  const RemoveMembers removal(acme, {}, by_boss);
  expect_set(in, store, "the others", removal, MemberSet{.except = these}, Outcome::removed, 2, each);
  // One of two is erased. A repeat with the key finds the other one.
  in.expect("a member again", AddMembers(acme, cyd, member, Actor{{}, true}), Outcome::was_removed);
  for (const AccountId& id : {AccountId("dan"), AccountId("eve")}) {
    if (!store.put_account({.id = id})) return "an account is not put";
    in.expect("a member", AddMembers(acme, id, member, by_boss), Outcome::added);
  }
  const RemoveMembers keyed(acme, {}, by_boss, IdempotencyKey::of("the others again"));
  expect_set(in, store, "the others", keyed, MemberSet{.except = these}, Outcome::removed, 2, each);
  if (!store.erase_account(AccountId("dan"), any_version, Mentions::keep)) in.fail("an account is not erased");
  expect_set(in, store, "a repeat after an erase", keyed, MemberSet{.except = these}, Outcome::replayed, 1, each);
  expect_set(in, store, "an empty set", removal, MemberSet{.except = these}, Outcome::removed, 0, each);
  in.expect_member("the one that stays", bob, member, MembershipState::active);
  return in.wrong;
}

}  // namespace reported

#endif
