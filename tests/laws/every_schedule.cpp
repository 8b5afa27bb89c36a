// Every interleaving of two or three operations, or of an operation and the host. Each must end as the serial execution
// in the order of the last steps.
#include <iostream>

#include "catch.hpp"
#include "support/fixture_world.hpp"

using namespace roster_test;
using namespace fixtures;

namespace {

struct Race {
  std::string name;
  World world;
  Profile rules{.actor = ActorRule::host_decides};
  std::vector<Participant> participants;
  /// False: checks only the consistency of the store. Best effort commits tile by tile, so a bulk may end between the
  /// serial orders.
  bool serial = true;
  Options options{};
};

/// Works and lab inside acme, each with a catalog of its own. Ann and Bob have no membership.
World three_organizations() {
  return fixture_world(
      {.organizations = {acme, works, lab}, .accounts = {ann, bob, boss}, .nested = true, .own_catalogs = true});
}
World with_member(const AccountId& account, const RoleId& role) {
  World world = three_organizations();
  world.members[{"acme", text_of(account)}].role = text_of(role);
  return world;
}

/// Atomic; keeps a member with the same role, and refuses another role.
Profile keeping() {
  return with(atomic(host_rules()), [](Profile& p) { p.parent_role = guest; });
}
Profile keeping_but(void (*change)(Profile&)) {
  return with(keeping(), change);
}

Participant adds(OneOrMany<OrganizationSelector> places, OneOrMany<AccountSelector> people, RoleId role = {},
                 IdempotencyKey key = {}, AccountId actor = boss) {
  return participant<AddMembers>(std::move(places), std::move(people), role, Actor{actor, false}, key);
}

AccountRecord disabled(const char* name) {
  return {.id = id<AccountId>(name), .email = email(std::string(name) + "@x.example"), .disabled = true};
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
  const std::vector<AccountSelector> both{ann, bob}, htob{bob, ann},
      addresses{email("n0@x.example"), email("n1@x.example")}, sesserdda{email("N1@x.example"), email("N0@x.example")};
  const auto key = request_key(1);
  Profile own = keeping();
  own.roles = {};

  std::vector<Race> list{
      {"the same pair by id", three_organizations(), keeping(), {adds(acme, ann), adds(acme, ann)}},
      {"the same pair, another role, kept",
       three_organizations(),
       keeping_but([](Profile& fields) { fields.on_other_role = OnConflict::keep; }),
       {adds(acme, ann, guest), adds(acme, ann, admin)}},
      {"the same pair, another role, rejected",
       three_organizations(),
       keeping(),
       {adds(acme, ann, guest), adds(acme, ann, admin)}},
      {"the same pair, everything rejected",
       three_organizations(),
       keeping_but(reject),
       {adds(acme, ann), adds(acme, ann)}},
      {"the same pair, by id and by address",
       three_organizations(),
       keeping(),
       {adds(acme, ann), adds(acme, email("ANN@X.example"))}},
      {"one unknown address",
       three_organizations(),
       keeping_but(create),
       {adds(acme, email("n0@x.example")), adds(acme, email("N0@x.example"))}},
      {"one unknown address, two places",
       three_organizations(),
       keeping_but(create),
       {adds(works, email("n0@x.example")), adds(lab, email("N0@x.example"))}},
      {"two invitations",
       three_organizations(),
       keeping_but(invite),
       {adds(acme, email("n0@x.example")), adds(acme, email("n0@x.example"))}},
      {"two invitations to two places",
       three_organizations(),
       keeping_but(invite),
       {adds(works, email("n0@x.example")), adds(lab, email("n0@x.example"))}},
      {"two replacements",
       with_member(ann, guest),
       keeping_but(replace),
       {adds(acme, ann, clerk), adds(acme, ann, admin)}},
      {"two raises", with_member(ann, guest), keeping_but(raise), {adds(acme, ann, clerk), adds(acme, ann, admin)}},
      {"two replacements, best effort",
       with_member(ann, guest),
       keeping_but([](Profile& fields) {
         fields.mode = Mode::best_effort;
         fields.on_other_role = OnConflict::replace;
       }),
       {adds(acme, ann, clerk), adds(acme, ann, admin)}},
      {"two raises, best effort",
       with_member(ann, guest),
       keeping_but([](Profile& fields) {
         fields.mode = Mode::best_effort;
         fields.on_other_role = OnConflict::raise;
       }),
       {adds(acme, ann, admin), adds(acme, ann, clerk)}},
      {"a raise and a new member",
       three_organizations(),
       keeping_but(raise),
       {adds(acme, ann, guest), adds(acme, ann, admin)}},
      {"an atomic bulk and a single add",
       three_organizations(),
       keeping_but(reject),
       {adds(acme, both), adds(acme, bob)}},
      {"two atomic bulks in opposite order", three_organizations(), keeping(), {adds(inner, both), adds(reni, htob)}},
      {"two atomic bulks, everything rejected",
       three_organizations(),
       keeping_but(reject),
       {adds(inner, both), adds(reni, htob)}},
      {"two atomic bulks of unknown addresses",
       three_organizations(),
       keeping_but(create),
       {adds(inner, addresses), adds(reni, sesserdda)}},
      {"two best effort bulks", three_organizations(), keeping_but(single), {adds(all, both), adds(all, htob)}, true},
      {"two best effort bulks in small tiles",
       three_organizations(),
       keeping_but(single),
       {adds(inner, both), adds(reni, htob)},
       false,
       Options{.tile_cells_max = 2}},
      {"one request key twice",
       three_organizations(),
       keeping_but(reject),
       {adds(acme, ann, {}, key), adds(acme, ann, {}, key)}},
      {"one request key twice, a bulk",
       three_organizations(),
       keeping_but(reject),
       {adds(inner, both, {}, key), adds(inner, both, {}, key)}},
      {"one request key, two roles",
       three_organizations(),
       keeping_but(replace),
       {adds(acme, ann, guest, key), adds(acme, ann, admin, key)}},
      {"two children of one parent", three_organizations(), keeping_but(above), {adds(works, ann), adds(lab, ann)}},
      {"a child and its parent", three_organizations(), keeping_but(above), {adds(works, ann), adds(acme, ann, admin)}},
      {"a child and its parent, which is required",
       three_organizations(),
       keeping_but(require),
       {adds(works, ann), adds(acme, ann)}},
      {"two children, and an unknown address",
       three_organizations(),
       keeping_but([](Profile& fields) {
         fields.parent = ParentRule::add;
         fields.on_unknown_account = OnUnknown::invite;
       }),
       {adds(works, email("n0@x.example")), adds(lab, email("n0@x.example"))}},
      {"an actor adds a manager, who adds another",
       three_organizations(),
       keeping_but(managed),
       {adds(acme, ann, admin), adds(acme, bob, {}, {}, ann)}},
      {"two managers demote each other",
       [] {
         World world = with_member(ann, admin);
         world.members[{"acme", "bob"}].role = "admin";
         return world;
       }(),
       keeping_but([](Profile& fields) {
         fields.actor = ActorRule::manager;
         fields.on_other_role = OnConflict::replace;
       }),
       {adds(acme, bob, guest, {}, ann), adds(acme, ann, guest, {}, bob)}},
      {"three adds of one pair",
       three_organizations(),
       keeping_but(reject),
       {adds(acme, ann), adds(acme, ann), adds(acme, ann)}},
      {"three adds of one address",
       three_organizations(),
       keeping_but(create),
       {adds(acme, email("n0@x.example")), adds(acme, email("N0@x.example")), adds(works, email("n0@X.example"))}},
      {"three raises",
       with_member(ann, guest),
       keeping_but(raise),
       {adds(acme, ann, clerk), adds(acme, ann, admin), adds(acme, ann, clerk)}},
  };

  World crossed = three_organizations();
  for (const char* place : {"works", "lab"})
    for (const char* manager : {"ann", "bob"}) crossed.members[{place, manager}].role = "admin";
  const auto keep_and_demote = [](const OrganizationId& here, const OrganizationId& there, AccountId who,
                                  AccountId by) {
    AddMembers command(std::vector<OrganizationSelector>{here, there}, who, std::vector<RoleId>{admin, guest},
                       Actor{by});
    command.cell_roles = {0, 1};
    return participant<AddMembers>(std::move(command));
  };
  list.push_back({"two managers demote each other in two places",
                  crossed,
                  keeping_but([](Profile& fields) {
                    fields.actor = ActorRule::manager;
                    fields.on_other_role = OnConflict::replace;
                  }),
                  {keep_and_demote(lab, works, bob, ann), keep_and_demote(works, lab, ann, bob)}});

  // The host changes a fact that the operation depends on, at every possible moment.
  const auto meanwhile = [&](std::string name, World world, Profile rules, Participant add,
                             std::function<void(MemoryStore&)> act) {
    list.push_back({std::move(name),
                    std::move(world),
                    std::move(rules),
                    {std::move(add), roster_test::meanwhile(std::move(act))}});
  };
  meanwhile("the actor is removed", three_organizations(), keeping_but(managed), adds(acme, ann),
            [](MemoryStore& store) { REQUIRE(store.erase_membership(acme, boss)); });
  meanwhile("the actor is removed above", three_organizations(), keeping_but(from_above), adds(works, ann),
            [](MemoryStore& store) { REQUIRE(store.erase_membership(acme, boss)); });
  meanwhile("the account is disabled", three_organizations(), keeping(), adds(acme, ann),
            [](MemoryStore& store) { REQUIRE(store.overwrite_account(disabled("ann"))); });
  meanwhile("an account of a bulk is disabled", three_organizations(), keeping(), adds(inner, both),
            [](MemoryStore& store) { REQUIRE(store.overwrite_account(disabled("bob"))); });
  meanwhile("the account is disabled while its role is replaced", with_member(ann, guest), keeping_but(replace),
            adds(acme, ann, admin), [](MemoryStore& store) { REQUIRE(store.overwrite_account(disabled("ann"))); });
  meanwhile("the organization is closed", three_organizations(), keeping(), adds(acme, ann),
            [](MemoryStore& store) { REQUIRE(store.overwrite_organization({.id = acme, .joinable = false})); });
  meanwhile("the organization moves away from its parent", three_organizations(), keeping_but(above), adds(works, ann),
            [](MemoryStore& store) { REQUIRE(store.overwrite_organization({.id = works})); });
  meanwhile("the role becomes read-only", three_organizations(), own, adds(acme, ann, guest), [](MemoryStore& store) {
    REQUIRE(store.put_role(acme, Role{guest, 1, false, false}, any_version));
  });
  Profile own_managed = own;
  own_managed.actor = ActorRule::manager;
  meanwhile("the actor's role stops managing", three_organizations(), own_managed, adds(acme, ann, guest),
            [](MemoryStore& store) {
              REQUIRE(store.put_role(acme, Role{owner, 4, true, false, true}, any_version));
            });
  Profile own_raise = own;
  own_raise.on_other_role = OnConflict::raise;
  meanwhile("the ranks change", with_member(ann, guest), own_raise, adds(acme, ann, clerk), [](MemoryStore& store) {
    REQUIRE(store.put_role(acme, Role{guest, 9, true, false}, any_version));
  });
  meanwhile("the membership is removed while it is replaced", with_member(ann, guest), keeping_but(replace),
            adds(acme, ann, admin), [](MemoryStore& store) { REQUIRE(store.erase_membership(acme, ann)); });
  meanwhile("a membership that an atomic bulk depends on is removed", with_member(ann, clerk), keeping(),
            adds(acme, both), [](MemoryStore& store) { REQUIRE(store.erase_membership(acme, ann)); });
  meanwhile("the membership above, which is required, is removed", with_member(ann, clerk), keeping_but(require),
            adds(works, ann), [](MemoryStore& store) { REQUIRE(store.erase_membership(acme, ann)); });
  meanwhile("the membership above, which would be added, is removed", with_member(ann, clerk), keeping_but(above),
            adds(works, ann), [](MemoryStore& store) { REQUIRE(store.erase_membership(acme, ann)); });
  meanwhile("the address is taken", three_organizations(), keeping_but(create), adds(acme, email("n0@x.example")),
            [](MemoryStore& store) {
              const auto put = store.put_account({.id = AccountId("late"), .email = email("n0@x.example")});
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
    const Profile profile = race.rules;
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
            << " races with a second decision\n";
  CHECK(all >= 500);
  CHECK(with_retries * 4 >= list.size() * 3);  // a race without a stale commit is none
}

TEST_CASE("the enumeration is complete: participants of fixed length give the binomial number of schedules") {
  // Two adds of different pairs never conflict: two steps each, (2 + 2)! / (2! 2!) = 6 orders. With a third, 6! / (2!
  // 2! 2!) = 90.
  const World world = three_organizations();
  const Profile rules = keeping();
  std::vector<Participant> apart{adds(works, ann), adds(lab, bob)};
  const auto begin = [&] { return std::make_unique<Play>(world, rules, apart); };
  CHECK(every_schedule(begin, [](const Ending&) {}) == 6);
  apart.push_back(adds(acme, ann));
  CHECK(every_schedule(begin, [](const Ending&) {}) == 90);
}
