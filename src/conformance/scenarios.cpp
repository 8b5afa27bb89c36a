#include "scenarios.hpp"

#include <array>
#include <utility>

#include "change_set_builder.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;
using Organizations = OneOrMany<OrganizationSelector>;
using Accounts = OneOrMany<AccountSelector>;

constexpr std::array catalog_of_all = {Role{.id = RoleId("member"), .rank = 1},
                                       Role{.id = RoleId("admin"), .rank = 2, .manages = true},
                                       Role{.id = RoleId("owner"), .rank = 3, .manages = true, .owns = true}};

/// Every command has a key of its own, so that each write in the store identifies its command.
IdempotencyKey key(std::string_view text) {
  return IdempotencyKey::of(text);
}

template <class Any, class... Words>
AnyCommand make(Words&&... words) {
  return std::make_shared<Any>(std::forward<Words>(words)...);
}

AnyCommand add(std::string_view name, AccountSelector account, const RoleId& role = {}, const Actor& by = {}) {
  return make<AddMembers>(Organizations(OrganizationSelector(test_organization(0))), Accounts(std::move(account)),
                          OneOrMany<RoleId>(role), by, key(name));
}
AnyCommand invite(std::string_view name, AccountSelector account, const RoleId& role = {}, const Actor& by = {}) {
  return make<Invite>(Organizations(OrganizationSelector(test_organization(0))), Accounts(std::move(account)),
                      OneOrMany<RoleId>(role), by, key(name));
}
AnyCommand role(std::string_view name, std::uint32_t account, const RoleId& to, const Actor& by = {}) {
  return make<ChangeRole>(Organizations(OrganizationSelector(test_organization(0))),
                          Accounts(AccountSelector(test_account(account))), OneOrMany<RoleId>(to), by, key(name));
}
template <class Any>
AnyCommand about(std::string_view name, std::uint32_t account, const Actor& by = {}) {
  return make<Any>(Organizations(OrganizationSelector(test_organization(0))),
                   Accounts(AccountSelector(test_account(account))), by, key(name));
}
template <class Any>
AnyCommand own(std::string_view name, std::uint32_t account) {
  return make<Any>(Organizations(OrganizationSelector(test_organization(0))), test_account(account), key(name));
}
AnyCommand transfer(std::string_view name, std::uint32_t from, std::uint32_t to) {
  return make<TransferOwnership>(Organizations(OrganizationSelector(test_organization(0))),
                                 AccountSelector(test_account(to)), owner, member, Actor{test_account(from)},
                                 key(name));
}

Profile managed_rules() {
  Profile rules = plain_rules();
  rules.actor = ActorRule::manager;
  return rules;
}

Scenario scenario(std::string name, Profile rules, std::vector<AnyCommand> commands,
                  std::uint32_t seats_max = no_limit) {
  Scenario scenario{std::move(name), rules, [seats_max](TestContext& test) { put_fixture_data(test, seats_max); }, {}};
  for (AnyCommand& command : commands) scenario.parts.push_back({std::move(command)});
  return scenario;
}

}  // namespace

Profile plain_rules() {
  Profile rules{.actor = ActorRule::host_decides};
  rules.roles = catalog_of_all;
  rules.default_role = member;
  rules.on_unknown_account = OnUnknown::create;
  rules.accounts_max = rules.organizations_max = 1000;
  rules.mode = Mode::best_effort;
  return rules;
}

Email newcomer(bool shouting) {
  return address(shouting ? "NEW@EXAMPLE.ORG" : "new@example.org");
}

void put_fixture_data(TestContext& test, std::uint32_t seats_max) {
  test.put(OrganizationRecord{.id = test_organization(0), .seats_max = seats_max});
  test.put(OrganizationRecord{.id = test_organization(1)});
  test.put(OrganizationRecord{.id = test_organization(10), .parent = test_organization(0)});
  test.put_accounts(6);
  test.put(AccountRecord{.id = test_account(6), .email = address("six@example.org"), .verified = true});
  test.put(AccountRecord{.id = test_account(7)});
  test.put(AccountRecord{.id = test_account(8)});
  test.watch(AccountSelector(newcomer()));
  ChangeSetBuilder first(
      test, {test_organization(0), test_organization(1), test_organization(10)},
      {test_account(0), test_account(1), test_account(2), test_account(3), test_account(7), test_account(8)});
  first.add(0, 0, owner);
  first.add(0, 1, owner);
  first.add(0, 2, admin);
  first.add(0, 3);
  first.add(0, 4);
  first.add(0, 5);
  first.add(1, 0, owner);
  first.add(2, 3);
  first.succeeds("no account is a member");
  ChangeSetBuilder second(test, {test_organization(0)}, {test_account(6), test_account(7), test_account(8)},
                          test_account(2));
  second.add(0, 0, member, State::invited);
  second.change(0, 1, State::suspended, Event::suspended);
  second.remove(0, 2);
  second.succeeds("the memberships have the versions that were read");
}

std::vector<Scenario> pair_scenarios() {
  std::vector<Scenario> scenarios;
  for (const OnConflict on_other : {OnConflict::keep, OnConflict::reject, OnConflict::replace, OnConflict::raise}) {
    Profile rules = plain_rules();
    rules.on_other_role = on_other;
    rules.on_same_role = OnConflict::reject;
    scenarios.push_back(scenario("two add the same account with different roles", rules,
                                 {add("a", test_account(4), member), add("b", test_account(4), admin)}));
    rules.mode = Mode::atomic;
    scenarios.push_back(scenario(
        "three add the same account with different roles", rules,
        {add("a", test_account(4), member), add("b", test_account(4), admin), add("c", test_account(4), member)}));
  }
  scenarios.push_back(scenario("one changes the role of a member, another removes it, a third suspends it",
                               plain_rules(),
                               {role("a", 3, admin), about<RemoveMembers>("b", 3), about<Suspend>("c", 3)}));
  return scenarios;
}

std::vector<Scenario> address_scenarios() {
  Profile rejects = plain_rules(), invites = plain_rules();
  rejects.on_same_role = rejects.on_other_role = OnConflict::reject;
  invites.on_unknown_account = OnUnknown::invite;
  return {
      scenario("three add an address that no account has", rejects,
               {add("a", newcomer()), add("b", newcomer(true)), add("c", newcomer(), admin)}),
      scenario("one adds, another invites an address that no account has", plain_rules(),
               {add("a", newcomer()), invite("b", newcomer(true))}),
      scenario("two add an address that is invited by that", invites, {add("a", newcomer()), add("b", newcomer())})};
}

std::vector<Scenario> owner_scenarios() {
  return {scenario("both owners leave", plain_rules(), {own<Leave>("a", 0), own<Leave>("b", 1)}),
          scenario("each owner demotes the other", managed_rules(),
                   {role("a", 1, member, {test_account(0)}), role("b", 0, member, {test_account(1)})}),
          scenario("one owner is suspended, the other removed", plain_rules(),
                   {about<Suspend>("a", 0), about<RemoveMembers>("b", 1)}),
          scenario("one owner transfers ownership, the other leaves, the new owner is removed", managed_rules(),
                   {transfer("a", 0, 3), own<Leave>("b", 1), about<RemoveMembers>("c", 3, {test_account(0)})}),
          scenario("both owners transfer ownership to each other and leave", managed_rules(),
                   {transfer("a", 0, 1), transfer("b", 1, 0), own<Leave>("c", 0)})};
}

std::vector<Scenario> seat_scenarios() {
  std::vector<Scenario> scenarios;
  for (const SeatRule rule : {SeatRule::active, SeatRule::active_and_invited}) {
    Profile rules = plain_rules();
    rules.seats = rule;
    const std::uint32_t one_left = rule == SeatRule::active ? 5 : 6;
    scenarios.push_back(scenario("two are added, and one seat is free", rules,
                                 {add("a", test_account(4)), add("b", test_account(5))}, one_left));
    scenarios.push_back(scenario(
        "one accepts, one is reactivated, one is added, one is invited, and one seat is free", rules,
        {own<AcceptInvitation>("a", 6), about<Reactivate>("b", 7), add("c", test_account(4)), invite("d", newcomer())},
        one_left));
    scenarios.push_back(scenario("one leaves and two come, and no seat is left", rules,
                                 {about<RemoveMembers>("a", 3), add("b", test_account(4)), add("c", newcomer())},
                                 one_left - 1));
  }
  return scenarios;
}

std::vector<Scenario> actor_scenarios() {
  return {scenario("an admin adds while an owner demotes the admin", managed_rules(),
                   {add("a", test_account(4), member, {test_account(2)}), role("b", 2, member, {test_account(0)})}),
          scenario("an admin adds twice while an owner removes the admin", managed_rules(),
                   {add("a", test_account(4), member, {test_account(2)}),
                    add("b", newcomer(), member, {test_account(2)}), about<RemoveMembers>("c", 2, {test_account(0)})}),
          scenario("an owner suspends an admin while the admin removes a member", managed_rules(),
                   {about<Suspend>("a", 2, {test_account(0)}), about<RemoveMembers>("b", 3, {test_account(2)})})};
}

std::vector<Scenario> invitation_scenarios() {
  return {scenario("an invitation is accepted while it is revoked", managed_rules(),
                   {own<AcceptInvitation>("a", 6), about<RevokeInvitation>("b", 6, {test_account(0)})}),
          scenario("an invitation is accepted while its sender is removed", managed_rules(),
                   {own<AcceptInvitation>("a", 6), about<RemoveMembers>("b", 2, {test_account(0)})}),
          scenario("an invitation is accepted while its sender gets a role that manages nothing", managed_rules(),
                   {own<AcceptInvitation>("a", 6), role("b", 2, member, {test_account(0)})}),
          scenario("an invitation is renewed by one and accepted by another", managed_rules(),
                   {invite("a", test_account(6), {}, {test_account(0)}), own<AcceptInvitation>("b", 6)}),
          scenario("an invitation is renewed while its first sender is removed", managed_rules(),
                   {invite("a", test_account(6), member, {test_account(0)}),
                    about<RemoveMembers>("b", 2, {test_account(0)})}),
          scenario("an invitation is accepted, declined, and replaced by an add", plain_rules(),
                   {own<AcceptInvitation>("a", 6), own<DeclineInvitation>("b", 6), add("c", test_account(6), admin)})};
}

std::vector<Scenario> former_scenarios() {
  std::vector<Scenario> scenarios;
  for (const OnFormer rule : {OnFormer::refuse, OnFormer::reactivate, OnFormer::restore_role, OnFormer::fresh}) {
    Profile rules = plain_rules();
    rules.on_removed = rules.on_suspended = rule;
    rules.on_other_role = OnConflict::reject;
    scenarios.push_back(
        scenario("two add a removed member", rules, {add("a", test_account(8), admin), add("b", test_account(8))}));
    scenarios.push_back(
        scenario("a suspended member is added, reactivated and removed", rules,
                 {add("a", test_account(7), admin), about<Reactivate>("b", 7), about<RemoveMembers>("c", 7)}));
  }
  Profile forgets = plain_rules();
  forgets.keeps_tombstones = false;
  scenarios.push_back(
      scenario("a member is removed without a trace, added, and added", forgets,
               {about<RemoveMembers>("a", 3), add("b", test_account(3), admin), add("c", test_account(3), owner)}));
  return scenarios;
}

std::vector<Scenario> bulk_scenarios() {
  std::vector<Scenario> scenarios;
  for (const OnConflict on_other : {OnConflict::replace, OnConflict::reject}) {
    Profile rules = plain_rules();
    rules.mode = Mode::atomic;  // a best-effort command has several commits, with others between them
    rules.on_other_role = on_other;
    const std::vector<OrganizationSelector> forth = {test_organization(0), test_organization(1), test_organization(10)},
                                            back = {test_organization(10), test_organization(1), test_organization(0)};
    const std::vector<AccountSelector> up = {test_account(3), test_account(4), newcomer(), test_account(5)},
                                       down = {test_account(5), newcomer(true), test_account(4), test_account(3)};
    scenarios.push_back(
        scenario("two bulks in opposite orders", rules,
                 {make<AddMembers>(Organizations(forth), Accounts(up), OneOrMany<RoleId>(member), Actor{}, key("a")),
                  make<AddMembers>(Organizations(back), Accounts(down), OneOrMany<RoleId>(admin), Actor{}, key("b"))}));
    scenarios.push_back(
        scenario("a bulk is added, and removed by another in the opposite order", rules,
                 {make<AddMembers>(Organizations(forth), Accounts(up), OneOrMany<RoleId>(member), Actor{}, key("a")),
                  make<RemoveMembers>(Organizations(back), Accounts{test_account(5), test_account(4), test_account(3)},
                                      Actor{}, key("b"))}));
  }
  return scenarios;
}

std::vector<Scenario> expiry_scenarios() {
  const auto ends = [](std::string_view name, std::uint32_t account, std::int64_t after) {
    return make<ChangeExpiry>(Organizations(OrganizationSelector(test_organization(0))),
                              Accounts(AccountSelector(test_account(account))),
                              after == 0 ? Time{} : Time{scenarios_begin_at + after}, Actor{}, key(name));
  };
  const auto adds = [](std::string_view name, AccountSelector account, std::int64_t after) {
    auto command =
        std::make_shared<AddMembers>(Organizations(OrganizationSelector(test_organization(0))),
                                     Accounts(std::move(account)), OneOrMany<RoleId>(member), Actor{}, key(name));
    command->valid_until = Time{scenarios_begin_at + after};
    return AnyCommand(command);
  };
  Scenario over = scenario("an expired membership is added again, and its expiry is changed", plain_rules(), {});
  over.parts = {{adds("a", test_account(4), 500'000), add("b", test_account(4), admin)},
                {add("c", test_account(5)), ends("d", 4, 0)}};
  return {scenario("the last owners get an expiry, or leave", plain_rules(),
                   {ends("a", 0, 5'000'000), ends("b", 1, 5'000'000), own<Leave>("c", 1)}),
          scenario("two set different expiries of a member, another removes the expiry", plain_rules(),
                   {ends("a", 3, 5'000'000), ends("b", 3, 6'000'000), ends("c", 3, 0)}),
          std::move(over)};
}

std::span<const ScenarioList> all_scenarios() noexcept {
  static constexpr ScenarioList all[] = {pair_scenarios,   address_scenarios,    owner_scenarios,  seat_scenarios,
                                         actor_scenarios,  invitation_scenarios, former_scenarios, bulk_scenarios,
                                         nested_scenarios, expiry_scenarios};
  return all;
}

std::vector<Scenario> nested_scenarios() {
  Profile adds = plain_rules(), requires_parent = plain_rules();
  adds.parent = ParentRule::add;
  adds.parent_role = member;
  requires_parent.parent = ParentRule::require;
  const auto inside = [](std::string_view name, AccountSelector account) {
    return make<AddMembers>(Organizations(OrganizationSelector(Nested{test_organization(0), test_organization(10)})),
                            Accounts(std::move(account)), OneOrMany<RoleId>(member), Actor{}, key(name));
  };
  return {scenario("two add an account to a project, one adds it to the organization around it", adds,
                   {inside("a", test_account(4)), inside("b", test_account(4)), add("c", test_account(4), admin)}),
          scenario("an unknown address is added to a project and to the organization around it", adds,
                   {inside("a", newcomer()), add("b", newcomer(true))}),
          scenario("a member is added to a project and leaves the organization around it", requires_parent,
                   {inside("a", test_account(2)), own<Leave>("b", 2)})};
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
