#include "scenes.hpp"

#include <array>
#include <utility>

#include "draft.hpp"

ROSTER_BEGIN
namespace conformance {

namespace {

using State = MembershipState;
using Organizations = OneOrMany<OrganizationSelector>;
using Accounts = OneOrMany<AccountSelector>;

constexpr std::array catalog_of_all = {Role{.id = RoleId("member"), .rank = 1},
                                       Role{.id = RoleId("admin"), .rank = 2, .manages = true},
                                       Role{.id = RoleId("owner"), .rank = 3, .manages = true, .owns = true}};

/// Every command has a key of its own, so that each write in the store identifies its command.
RequestKey key(std::string_view text) {
  return RequestKey::of(text);
}

template <class Any, class... Words>
AnyCommand make(Words&&... words) {
  return std::make_shared<Any>(std::forward<Words>(words)...);
}

AnyCommand add(std::string_view name, AccountSelector account, const RoleId& role = {}, const Actor& by = {}) {
  return make<AddMembers>(Organizations(OrganizationSelector(org(0))), Accounts(std::move(account)),
                          OneOrMany<RoleId>(role), by, key(name));
}
AnyCommand invite(std::string_view name, AccountSelector account, const RoleId& role = {}, const Actor& by = {}) {
  return make<Invite>(Organizations(OrganizationSelector(org(0))), Accounts(std::move(account)),
                      OneOrMany<RoleId>(role), by, key(name));
}
AnyCommand role(std::string_view name, std::uint32_t account, const RoleId& to, const Actor& by = {}) {
  return make<ChangeRole>(Organizations(OrganizationSelector(org(0))), Accounts(AccountSelector(who(account))),
                          OneOrMany<RoleId>(to), by, key(name));
}
template <class Any>
AnyCommand about(std::string_view name, std::uint32_t account, const Actor& by = {}) {
  return make<Any>(Organizations(OrganizationSelector(org(0))), Accounts(AccountSelector(who(account))), by, key(name));
}
template <class Any>
AnyCommand own(std::string_view name, std::uint32_t account) {
  return make<Any>(Organizations(OrganizationSelector(org(0))), who(account), key(name));
}
AnyCommand transfer(std::string_view name, std::uint32_t from, std::uint32_t to) {
  return make<TransferOwnership>(Organizations(OrganizationSelector(org(0))), AccountSelector(who(to)), owner, member,
                                 Actor{who(from)}, key(name));
}

Profile managed_rules() {
  Profile rules = plain_rules();
  rules.actor = ActorRule::manager;
  return rules;
}

Scene scene(std::string name, Profile rules, std::vector<AnyCommand> commands, std::uint32_t seats_max = no_limit) {
  Scene scene{std::move(name), rules, [seats_max](Stage& stage) { put_hall(stage, seats_max); }, {}};
  for (AnyCommand& command : commands) scene.parts.push_back({std::move(command)});
  return scene;
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

void put_hall(Stage& stage, std::uint32_t seats_max) {
  stage.put(OrganizationRecord{.id = org(0), .seats_max = seats_max});
  stage.put(OrganizationRecord{.id = org(1)});
  stage.put(OrganizationRecord{.id = org(10), .parent = org(0)});
  stage.put_accounts(6);
  stage.put(AccountRecord{.id = who(6), .email = address("six@example.org"), .verified = true});
  stage.put(AccountRecord{.id = who(7)});
  stage.put(AccountRecord{.id = who(8)});
  stage.watch(AccountSelector(newcomer()));
  Draft first(stage, {org(0), org(1), org(10)}, {who(0), who(1), who(2), who(3), who(7), who(8)});
  first.add(0, 0, owner);
  first.add(0, 1, owner);
  first.add(0, 2, admin);
  first.add(0, 3);
  first.add(0, 4);
  first.add(0, 5);
  first.add(1, 0, owner);
  first.add(2, 3);
  first.succeeds("nobody is a member");
  Draft second(stage, {org(0)}, {who(6), who(7), who(8)}, who(2));
  second.add(0, 0, member, State::invited);
  second.change(0, 1, State::suspended, Event::suspended);
  second.remove(0, 2);
  second.succeeds("the memberships have the versions that were read");
}

std::vector<Scene> pair_scenes() {
  std::vector<Scene> scenes;
  for (const OnMember on_other : {OnMember::keep, OnMember::reject, OnMember::replace, OnMember::raise}) {
    Profile rules = plain_rules();
    rules.on_other_role = on_other;
    rules.on_same_role = OnMember::reject;
    scenes.push_back(scene("two add the same account with different roles", rules,
                           {add("a", who(4), member), add("b", who(4), admin)}));
    rules.mode = Mode::atomic;
    scenes.push_back(scene("three add the same account with different roles", rules,
                           {add("a", who(4), member), add("b", who(4), admin), add("c", who(4), member)}));
  }
  scenes.push_back(scene("one changes the role of a member, another removes it, a third suspends it", plain_rules(),
                         {role("a", 3, admin), about<RemoveMembers>("b", 3), about<Suspend>("c", 3)}));
  return scenes;
}

std::vector<Scene> address_scenes() {
  Profile rejects = plain_rules(), invites = plain_rules();
  rejects.on_same_role = rejects.on_other_role = OnMember::reject;
  invites.on_unknown_account = OnUnknown::invite;
  return {scene("three add an address that nobody has", rejects,
                {add("a", newcomer()), add("b", newcomer(true)), add("c", newcomer(), admin)}),
          scene("one adds, another invites an address that nobody has", plain_rules(),
                {add("a", newcomer()), invite("b", newcomer(true))}),
          scene("two add an address that is invited by that", invites, {add("a", newcomer()), add("b", newcomer())})};
}

std::vector<Scene> owner_scenes() {
  return {scene("both owners leave", plain_rules(), {own<Leave>("a", 0), own<Leave>("b", 1)}),
          scene("each owner takes the other's role away", managed_rules(),
                {role("a", 1, member, {who(0)}), role("b", 0, member, {who(1)})}),
          scene("one owner is suspended, the other removed", plain_rules(),
                {about<Suspend>("a", 0), about<RemoveMembers>("b", 1)}),
          scene("one owner hands over, the other leaves, the heir is removed", managed_rules(),
                {transfer("a", 0, 3), own<Leave>("b", 1), about<RemoveMembers>("c", 3, {who(0)})}),
          scene("both owners hand over to each other and leave", managed_rules(),
                {transfer("a", 0, 1), transfer("b", 1, 0), own<Leave>("c", 0)})};
}

std::vector<Scene> seat_scenes() {
  std::vector<Scene> scenes;
  for (const SeatRule rule : {SeatRule::active, SeatRule::active_and_invited}) {
    Profile rules = plain_rules();
    rules.seats = rule;
    const std::uint32_t one_left = rule == SeatRule::active ? 5 : 6;
    scenes.push_back(
        scene("two are added where one seat is left", rules, {add("a", who(4)), add("b", who(5))}, one_left));
    scenes.push_back(
        scene("one accepts, one comes back, one is added, one is invited, and one seat is left", rules,
              {own<AcceptInvitation>("a", 6), about<Reactivate>("b", 7), add("c", who(4)), invite("d", newcomer())},
              one_left));
    scenes.push_back(scene("one leaves and two come, and no seat is left", rules,
                           {about<RemoveMembers>("a", 3), add("b", who(4)), add("c", newcomer())}, one_left - 1));
  }
  return scenes;
}

std::vector<Scene> actor_scenes() {
  return {scene("an admin adds while an owner takes the admin's role away", managed_rules(),
                {add("a", who(4), member, {who(2)}), role("b", 2, member, {who(0)})}),
          scene("an admin adds twice while an owner removes the admin", managed_rules(),
                {add("a", who(4), member, {who(2)}), add("b", newcomer(), member, {who(2)}),
                 about<RemoveMembers>("c", 2, {who(0)})}),
          scene("an owner suspends an admin, who removes a member", managed_rules(),
                {about<Suspend>("a", 2, {who(0)}), about<RemoveMembers>("b", 3, {who(2)})})};
}

std::vector<Scene> invitation_scenes() {
  return {scene("an invitation is accepted while it is revoked", managed_rules(),
                {own<AcceptInvitation>("a", 6), about<RevokeInvitation>("b", 6, {who(0)})}),
          scene("an invitation is accepted while its sender is removed", managed_rules(),
                {own<AcceptInvitation>("a", 6), about<RemoveMembers>("b", 2, {who(0)})}),
          scene("an invitation is accepted while its sender gets a role that manages nothing", managed_rules(),
                {own<AcceptInvitation>("a", 6), role("b", 2, member, {who(0)})}),
          scene("an invitation is accepted, declined, and added over", plain_rules(),
                {own<AcceptInvitation>("a", 6), own<DeclineInvitation>("b", 6), add("c", who(6), admin)})};
}

std::vector<Scene> former_scenes() {
  std::vector<Scene> scenes;
  for (const OnFormer rule : {OnFormer::refuse, OnFormer::reactivate, OnFormer::restore_role, OnFormer::fresh}) {
    Profile rules = plain_rules();
    rules.on_removed = rules.on_suspended = rule;
    rules.on_other_role = OnMember::reject;
    scenes.push_back(scene("two add who was removed", rules, {add("a", who(8), admin), add("b", who(8))}));
    scenes.push_back(scene("who is suspended is added, reactivated and removed", rules,
                           {add("a", who(7), admin), about<Reactivate>("b", 7), about<RemoveMembers>("c", 7)}));
  }
  Profile forgets = plain_rules();
  forgets.keeps_removed = false;
  scenes.push_back(scene("a member is removed without a trace, added, and added", forgets,
                         {about<RemoveMembers>("a", 3), add("b", who(3), admin), add("c", who(3), owner)}));
  return scenes;
}

std::vector<Scene> bulk_scenes() {
  std::vector<Scene> scenes;
  for (const OnMember on_other : {OnMember::replace, OnMember::reject}) {
    Profile rules = plain_rules();
    rules.mode = Mode::atomic;  // best effort comes in pieces, and others may come in between
    rules.on_other_role = on_other;
    const std::vector<OrganizationSelector> forth = {org(0), org(1), org(10)}, back = {org(10), org(1), org(0)};
    const std::vector<AccountSelector> up = {who(3), who(4), newcomer(), who(5)},
                                       down = {who(5), newcomer(true), who(4), who(3)};
    scenes.push_back(
        scene("two bulks in opposite orders", rules,
              {make<AddMembers>(Organizations(forth), Accounts(up), OneOrMany<RoleId>(member), Actor{}, key("a")),
               make<AddMembers>(Organizations(back), Accounts(down), OneOrMany<RoleId>(admin), Actor{}, key("b"))}));
    scenes.push_back(
        scene("a bulk is added, and removed by another in the opposite order", rules,
              {make<AddMembers>(Organizations(forth), Accounts(up), OneOrMany<RoleId>(member), Actor{}, key("a")),
               make<RemoveMembers>(Organizations(back), Accounts{who(5), who(4), who(3)}, Actor{}, key("b"))}));
  }
  return scenes;
}

std::vector<Scene> expiry_scenes() {
  const auto ends = [](std::string_view name, std::uint32_t account, std::int64_t after) {
    return make<ChangeExpiry>(Organizations(OrganizationSelector(org(0))), Accounts(AccountSelector(who(account))),
                              after == 0 ? Time{} : Time{scenes_begin + after}, Actor{}, key(name));
  };
  const auto adds = [](std::string_view name, AccountSelector account, std::int64_t after) {
    auto command =
        std::make_shared<AddMembers>(Organizations(OrganizationSelector(org(0))), Accounts(std::move(account)),
                                     OneOrMany<RoleId>(member), Actor{}, key(name));
    command->valid_until = Time{scenes_begin + after};
    return AnyCommand(command);
  };
  Scene over = scene("a membership is over when it is added again, and when its end is changed", plain_rules(), {});
  over.parts = {{adds("a", who(4), 500'000), add("b", who(4), admin)}, {add("c", who(5)), ends("d", 4, 0)}};
  return {scene("the last owners get an end, or leave", plain_rules(),
                {ends("a", 0, 5'000'000), ends("b", 1, 5'000'000), own<Leave>("c", 1)}),
          scene("two give a member different ends, another takes the end away", plain_rules(),
                {ends("a", 3, 5'000'000), ends("b", 3, 6'000'000), ends("c", 3, 0)}),
          std::move(over)};
}

std::span<const Scenes> all_scenes() noexcept {
  static constexpr Scenes all[] = {pair_scenes,       address_scenes, owner_scenes, seat_scenes,   actor_scenes,
                                   invitation_scenes, former_scenes,  bulk_scenes,  nested_scenes, expiry_scenes};
  return all;
}

std::vector<Scene> nested_scenes() {
  Profile adds = plain_rules(), requires_parent = plain_rules();
  adds.parent = ParentRule::add;
  adds.parent_role = member;
  requires_parent.parent = ParentRule::require;
  const auto inside = [](std::string_view name, AccountSelector account) {
    return make<AddMembers>(Organizations(OrganizationSelector(Nested{org(0), org(10)})), Accounts(std::move(account)),
                            OneOrMany<RoleId>(member), Actor{}, key(name));
  };
  return {scene("two add an account to a project, one adds it to the organization around it", adds,
                {inside("a", who(4)), inside("b", who(4)), add("c", who(4), admin)}),
          scene("an unknown address is added to a project and to the organization around it", adds,
                {inside("a", newcomer()), add("b", newcomer(true))}),
          scene("a member is added to a project and leaves the organization around it", requires_parent,
                {inside("a", who(2)), own<Leave>("b", 2)})};
}

}  // namespace conformance
ROSTER_END
