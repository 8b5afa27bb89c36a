// Every interleaving of two or three operations, or of an operation and the host. Each must end as the serial execution
// in the order of the last steps.
#include <iostream>

#include "catch.hpp"
#include "company.hpp"
#include "support/schedule.hpp"

using namespace roster;
using namespace roster_test;

namespace {

struct Race {
  std::string name;
  World world;
  OwnProfile rules;
  std::vector<Participant> participants;
  /// False: checks only the consistency of the store. Best effort commits tile by tile, so a bulk may end between the
  /// serial orders.
  bool serial = true;
  Options options{};
};

World with_member(const AccountId& account, const RoleId& role) {
  World world = company();
  world.members[{"o0", text_of(account)}] = {text_of(role), MembershipState::active, {}, now};
  return world;
}

Participant adds(OneOrMany<OrganizationSelector> places, OneOrMany<AccountSelector> people, RoleId role = {},
                 IdempotencyKey key = {}, AccountId actor = boss) {
  return asks<AddMembers>(std::move(places), std::move(people), role, Actor{actor, false}, key);
}

AccountRecord disabled(const char* name) {
  return {.id = id<AccountId>(name), .email = email(std::string(name) + "@x.de"), .disabled = true};
}

std::vector<Race> races() {
  const auto raise = [](Profile& fields) { fields.on_other_role = OnConflict::raise; };
  const auto replace = [](Profile& fields) { fields.on_other_role = OnConflict::replace; };
  const auto reject = [](Profile& fields) { fields.on_same_role = fields.on_other_role = OnConflict::reject; };
  const auto create = [](Profile& fields) { fields.on_unknown_account = OnUnknown::create; };
  const auto invite = [](Profile& fields) { fields.on_unknown_account = OnUnknown::invite; };
  const auto managed = [](Profile& fields) { fields.actor = ActorRule::manager; };
  const auto from_above = [](Profile& fields) { fields.actor = ActorRule::parent_manager; };
  const auto require = [](Profile& fields) { fields.parent = ParentRule::require; };
  const auto above = [](Profile& fields) { fields.parent = ParentRule::add; };
  const auto single = [](Profile& fields) { fields.mode = Mode::best_effort; };
  const std::vector<OrganizationSelector> inner{works, lab}, reni{lab, works}, all{acme, works, lab};
  const std::vector<AccountSelector> both{ann, bob}, htob{bob, ann}, addresses{email("n0@x.de"), email("n1@x.de")},
      sesserdda{email("N1@x.de"), email("N0@x.de")};
  const auto key = request_key(1);
  OwnProfile own = keeping();
  own.catalog.clear();

  std::vector<Race> list{
      {"the same pair by id", company(), keeping(), {adds(acme, ann), adds(acme, ann)}},
      {"the same pair, another role, kept",
       company(),
       with([](Profile& fields) { fields.on_other_role = OnConflict::keep; }),
       {adds(acme, ann, viewer), adds(acme, ann, admin)}},
      {"the same pair, another role, rejected",
       company(),
       keeping(),
       {adds(acme, ann, viewer), adds(acme, ann, admin)}},
      {"the same pair, everything rejected", company(), with(reject), {adds(acme, ann), adds(acme, ann)}},
      {"the same pair, by id and by address", company(), keeping(), {adds(acme, ann), adds(acme, email("A0@X.de"))}},
      {"one unknown address", company(), with(create), {adds(acme, email("n0@x.de")), adds(acme, email("N0@x.de"))}},
      {"one unknown address, two places",
       company(),
       with(create),
       {adds(works, email("n0@x.de")), adds(lab, email("N0@x.de"))}},
      {"two invitations", company(), with(invite), {adds(acme, email("n0@x.de")), adds(acme, email("n0@x.de"))}},
      {"two invitations to two places",
       company(),
       with(invite),
       {adds(works, email("n0@x.de")), adds(lab, email("n0@x.de"))}},
      {"two replacements", with_member(ann, viewer), with(replace), {adds(acme, ann, member), adds(acme, ann, admin)}},
      {"two raises", with_member(ann, viewer), with(raise), {adds(acme, ann, member), adds(acme, ann, admin)}},
      {"two replacements, best effort",
       with_member(ann, viewer),
       with([](Profile& fields) {
         fields.mode = Mode::best_effort;
         fields.on_other_role = OnConflict::replace;
       }),
       {adds(acme, ann, member), adds(acme, ann, admin)}},
      {"two raises, best effort",
       with_member(ann, viewer),
       with([](Profile& fields) {
         fields.mode = Mode::best_effort;
         fields.on_other_role = OnConflict::raise;
       }),
       {adds(acme, ann, admin), adds(acme, ann, member)}},
      {"a raise and a new member", company(), with(raise), {adds(acme, ann, viewer), adds(acme, ann, admin)}},
      {"an atomic bulk and a single add", company(), with(reject), {adds(acme, both), adds(acme, bob)}},
      {"two atomic bulks in opposite order", company(), keeping(), {adds(inner, both), adds(reni, htob)}},
      {"two atomic bulks, everything rejected", company(), with(reject), {adds(inner, both), adds(reni, htob)}},
      {"two atomic bulks of unknown addresses",
       company(),
       with(create),
       {adds(inner, addresses), adds(reni, sesserdda)}},
      {"two best effort bulks", company(), with(single), {adds(all, both), adds(all, htob)}, true},
      {"two best effort bulks in small tiles",
       company(),
       with(single),
       {adds(inner, both), adds(reni, htob)},
       false,
       Options{.tile_cells_max = 2}},
      {"one request key twice", company(), with(reject), {adds(acme, ann, {}, key), adds(acme, ann, {}, key)}},
      {"one request key twice, a bulk",
       company(),
       with(reject),
       {adds(inner, both, {}, key), adds(inner, both, {}, key)}},
      {"one request key, two roles",
       company(),
       with(replace),
       {adds(acme, ann, viewer, key), adds(acme, ann, admin, key)}},
      {"two children of one parent", company(), with(above), {adds(works, ann), adds(lab, ann)}},
      {"a child and its parent", company(), with(above), {adds(works, ann), adds(acme, ann, admin)}},
      {"a child and its parent, which is required", company(), with(require), {adds(works, ann), adds(acme, ann)}},
      {"two children, and an unknown address",
       company(),
       with([](Profile& fields) {
         fields.parent = ParentRule::add;
         fields.on_unknown_account = OnUnknown::invite;
       }),
       {adds(works, email("n0@x.de")), adds(lab, email("n0@x.de"))}},
      {"an actor adds a manager, who adds another",
       company(),
       with(managed),
       {adds(acme, ann, admin), adds(acme, bob, {}, {}, ann)}},
      {"two managers demote each other",
       [] {
         World world = with_member(ann, admin);
         world.members[{"o0", "a1"}] = {"admin", MembershipState::active, {}, now};
         return world;
       }(),
       with([](Profile& fields) {
         fields.actor = ActorRule::manager;
         fields.on_other_role = OnConflict::replace;
       }),
       {adds(acme, bob, viewer, {}, ann), adds(acme, ann, viewer, {}, bob)}},
      {"three adds of one pair", company(), with(reject), {adds(acme, ann), adds(acme, ann), adds(acme, ann)}},
      {"three adds of one address",
       company(),
       with(create),
       {adds(acme, email("n0@x.de")), adds(acme, email("N0@x.de")), adds(works, email("n0@X.de"))}},
      {"three raises",
       with_member(ann, viewer),
       with(raise),
       {adds(acme, ann, member), adds(acme, ann, admin), adds(acme, ann, member)}},
  };

  World crossed = company();
  for (const char* place : {"o1", "o2"})
    for (const char* manager : {"a0", "a1"})
      crossed.members[{place, manager}] = {"admin", MembershipState::active, {}, now};
  const auto keep_and_demote = [](const OrganizationId& here, const OrganizationId& there, AccountId who,
                                  AccountId by) {
    AddMembers command(std::vector<OrganizationSelector>{here, there}, who, std::vector<RoleId>{admin, viewer},
                       Actor{by});
    command.cell_roles = {0, 1};
    return asks<AddMembers>(std::move(command));
  };
  list.push_back({"two managers demote each other in two places",
                  crossed,
                  with([](Profile& fields) {
                    fields.actor = ActorRule::manager;
                    fields.on_other_role = OnConflict::replace;
                  }),
                  {keep_and_demote(lab, works, bob, ann), keep_and_demote(works, lab, ann, bob)}});

  // The host changes a fact that the operation depends on, at every possible moment.
  const auto meanwhile = [&](std::string name, World world, OwnProfile rules, Participant add,
                             std::function<void(MemoryStore&)> act) {
    list.push_back({std::move(name),
                    std::move(world),
                    std::move(rules),
                    {std::move(add), roster_test::meanwhile(std::move(act))}});
  };
  meanwhile("the actor is removed", company(), with(managed), adds(acme, ann),
            [](MemoryStore& store) { REQUIRE(store.erase_membership(acme, boss)); });
  meanwhile("the actor is removed above", company(), with(from_above), adds(works, ann),
            [](MemoryStore& store) { REQUIRE(store.erase_membership(acme, boss)); });
  meanwhile("the account is disabled", company(), keeping(), adds(acme, ann),
            [](MemoryStore& store) { REQUIRE(store.put_account(disabled("a0"))); });
  meanwhile("an account of a bulk is disabled", company(), keeping(), adds(inner, both),
            [](MemoryStore& store) { REQUIRE(store.put_account(disabled("a1"))); });
  meanwhile("the account is disabled while its role is replaced", with_member(ann, viewer), with(replace),
            adds(acme, ann, admin), [](MemoryStore& store) { REQUIRE(store.put_account(disabled("a0"))); });
  meanwhile("the organization is closed", company(), keeping(), adds(acme, ann),
            [](MemoryStore& store) { REQUIRE(store.put_organization({.id = acme, .joinable = false})); });
  meanwhile("the organization moves away from its parent", company(), with(above), adds(works, ann),
            [](MemoryStore& store) { REQUIRE(store.put_organization({.id = works})); });
  meanwhile("the role becomes read-only", company(), own, adds(acme, ann, viewer), [](MemoryStore& store) {
    REQUIRE(store.put_role(acme, Role{viewer, 1, false, false}));
  });
  OwnProfile own_managed = own;
  own_managed.fields.actor = ActorRule::manager;
  meanwhile("the actor's role stops managing", company(), own_managed, adds(acme, ann, viewer), [](MemoryStore& store) {
    REQUIRE(store.put_role(acme, Role{admin, 3, true, false}));
  });
  OwnProfile own_raise = own;
  own_raise.fields.on_other_role = OnConflict::raise;
  meanwhile("the ranks change", with_member(ann, viewer), own_raise, adds(acme, ann, member), [](MemoryStore& store) {
    REQUIRE(store.put_role(acme, Role{viewer, 9, true, false}));
  });
  meanwhile("the membership is removed while it is replaced", with_member(ann, viewer), with(replace),
            adds(acme, ann, admin), [](MemoryStore& store) { REQUIRE(store.erase_membership(acme, ann)); });
  meanwhile("a membership that an atomic bulk depends on is removed", with_member(ann, member), keeping(),
            adds(acme, both), [](MemoryStore& store) { REQUIRE(store.erase_membership(acme, ann)); });
  meanwhile("the membership above, which is required, is removed", with_member(ann, member), with(require),
            adds(works, ann), [](MemoryStore& store) { REQUIRE(store.erase_membership(acme, ann)); });
  meanwhile("the membership above, which would be added, is removed", with_member(ann, member), with(above),
            adds(works, ann), [](MemoryStore& store) { REQUIRE(store.erase_membership(acme, ann)); });
  meanwhile("the address is taken", company(), with(create), adds(acme, email("n0@x.de")), [](MemoryStore& store) {
    const auto put = store.put_account({.id = AccountId("late"), .email = email("n0@x.de")});
    CHECK((put || put.assume_error().code == Errc::exists));  // the second one fails
  });
  return list;
}

}  // namespace

TEST_CASE("every schedule of every pair ends as its participants would one after the other") {
  std::size_t all = 0, with_retries = 0;
  const auto list = races();
  REQUIRE(list.size() >= 14);
  for (const Race& race : list) {
    const Profile profile = race.rules.profile();
    std::size_t longest = 0, shortest = 1000, wrong = 0;
    const auto begin = [&] { return std::make_unique<Play>(race.world, profile, race.participants, race.options); };
    const std::size_t schedules = every_schedule(begin, [&](const Ending& ending) {
      longest = std::max(longest, ending.steps.size());
      shortest = std::min(shortest, ending.steps.size());
      bool good = ending.state.broken.empty();
      for (const Answer& answer : ending.answers) good = good && !answer.error && !answer.stopped;
      const Ending serial = begin()->one_after_the_other(ending.order());
      if (race.serial) good = good && ending == serial;
      if (good || ++wrong > 1) return;
      FAIL_CHECK("race: " << race.name << "\n  schedule " << text_of(ending) << "\n  " << ending.state.broken
                          << "\n  serial " << text_of(serial));
    });
    INFO(race.name);
    CHECK(wrong == 0);
    CHECK(schedules >= 3);
    CHECK(longest >= 3);
    with_retries += longest > shortest ? 1 : 0;
    all += schedules;
  }
  std::cout << "every schedule: " << list.size() << " races, " << all << " schedules, in " << with_retries
            << " races somebody had to decide again\n";
  CHECK(all >= 500);
  CHECK(with_retries * 4 >= list.size() * 3);  // a race without a stale commit is none
}

TEST_CASE("the enumeration is complete: participants of fixed length give the binomial number of schedules") {
  // Two adds of different pairs never conflict: two steps each, (2 + 2)! / (2! 2!) = 6 orders. With a third, 6! / (2!
  // 2! 2!) = 90.
  const World world = company();
  const OwnProfile rules = keeping();
  std::vector<Participant> apart{adds(works, ann), adds(lab, bob)};
  const auto begin = [&] { return std::make_unique<Play>(world, rules.profile(), apart); };
  CHECK(every_schedule(begin, [](const Ending&) {}) == 6);
  apart.push_back(adds(acme, ann));
  CHECK(every_schedule(begin, [](const Ending&) {}) == 90);
}
