#include "faults/fault_cases.hpp"

#include <algorithm>

#include "support/fixture_world.hpp"

namespace faults {

namespace {

using fixtures::acme, fixtures::works, fixtures::lab, fixtures::ann, fixtures::bob;
constexpr OrganizationId closed{"closed"}, parent{"parent"}, child{"child"};
constexpr AccountId old{"old"}, rex{"rex"}, ill{"ill"};
/// Longer than what an e-mail address holds inline, so that each copy of it is an allocation.
const std::string long_address = "a.rather.long.name@" + std::string(50, 'x') + "." + std::string(50, 'y') + ".example";
constexpr const char* new_addresses[] = {"new1@x.example", "new2@x.example"};
constexpr unsigned many_accounts = 600;

Profile rules() {
  return fixtures::with(fixtures::host_rules(), [](Profile& p) {
    p.default_role = fixtures::guest;
    p.on_unknown_account = OnUnknown::create;
    p.on_other_role = OnConflict::replace;
  });
}

OrganizationSelector place(std::string_view id) {
  return named<OrganizationId>(id);
}
AccountSelector person(std::string_view id) {
  return named<AccountId>(id);
}
AccountSelector address(std::string_view text) {
  return named<Email>(text);
}

}  // namespace

World world_of_adds(bool with_many_accounts) {
  World world = fixtures::fixture_world({.organizations = {acme, works, lab, closed, parent, child},
                                         .accounts = {ann, bob, old, rex, ill},
                                         .owner = {},
                                         .numbered_accounts = with_many_accounts ? many_accounts : 0});
  world.places["works"].slug = "second";
  world.places["closed"].joinable = false;
  world.places["child"].parent = "parent";
  for (const char* const id : {"acme", "parent", "child"}) {
    const bool is_managed = id != std::string_view("acme");
    world.places[id].roles["tutor"] = {.id = RoleId("tutor"), .rank = 1, .manages = is_managed};
    if (is_managed) world.members[{id, "rex"}].role = "tutor";
  }
  world.people["ill"].disabled = true;
  world.groups["crew"] = {"bob", "rex", "bob"};
  for (const char* const id : {"acme", "works", "parent"}) world.members[{id, "old"}].role = "clerk";
  return world;
}

std::vector<FaultCase> adds() {
  const auto profile = [](auto change) {
    Profile changed = rules();
    change(changed);
    return changed;
  };
  using Places = std::vector<OrganizationSelector>;
  using People = std::vector<AccountSelector>;
  const auto atomic = [](Profile& p) { p.mode = Mode::atomic; };
  std::vector<FaultCase> all;
  const auto one = [&](const char* name, Profile how, AddMembers command, Options options = {},
                       bool with_many_accounts = false) {
    command.idempotency_key = IdempotencyKey::of(name);
    all.push_back({name, std::move(how), std::make_shared<AddMembers>(std::move(command)),
                   [=] { return std::make_shared<TestFixture>(world_of_adds(with_many_accounts), options); },
                   options.details, true});
  };
  one("add by id", rules(), {place("acme"), person("ann")});
  one("add by a known address", rules(), {place("acme"), address("Ann@x.example")});
  one("add by user name and slug", rules(), {named<Slug>("second"), named<Username>("bob")});
  one("add by a new address", rules(), {place("acme"), address(new_addresses[0])});
  one("add by a new address that is long", rules(), {place("acme"), address(long_address)});
  one("invite, with the organization's own roles", profile([](Profile& p) {
        p.roles = {};
        p.on_unknown_account = OnUnknown::invite;
      }),
      {place("acme"), address(new_addresses[0]), named<RoleId>("tutor")});
  const Places three{place("acme"), place("works"), place("lab")};
  const People two{person("ann"), address(new_addresses[1])};
  one("bulk 3 x 2", rules(), {three, two});
  one("bulk 3 x 2, cell by cell", rules(), {three, two}, {.tile_cells_max = 1});
  one("bulk 3 x 2 without details", rules(), {three, two}, {.tile_cells_max = 2, .details = false});
  one("atomic 3 x 2", profile(atomic), {three, two});
  one("atomic, refused", profile(atomic), {three, People{person("ann"), person("nobody"), person("old")}});
  one("bulk with refusals", rules(),
      {Places{place("acme"), place("closed"), place("nowhere")},
       People{person("ann"), person("ill"), person("nobody")}});
  {
    AddMembers command(Places{place("acme"), place("works")}, person("ann"));
    command.groups = {named<GroupName>("crew"), named<GroupName>("gone")};
    one("groups", rules(), command);
    one("groups, atomic and refused", profile(atomic), command);
  }
  const auto nested = Nested{named<OrganizationId>("parent"), named<OrganizationId>("child")};
  one("nested, added to the parent too", profile([](Profile& p) {
        p.parent = ParentRule::add;
        p.parent_role = RoleId("guest");
      }),
      {nested, People{person("ann"), address(new_addresses[0])}, named<RoleId>("clerk")});
  one("nested, the parent required", profile([](Profile& p) { p.parent = ParentRule::require; }),
      {nested, People{person("ann"), person("old")}});
  one("replace", rules(), {place("acme"), person("old"), named<RoleId>("admin")});
  one("raise, in several places", profile([](Profile& p) { p.on_other_role = OnConflict::raise; }),
      {three, People{person("old"), person("ann")}, named<RoleId>("clerk")});
  one("again", rules(), {place("acme"), person("old")});
  one("again, by address, atomic", profile(atomic), {place("acme"), address("old@x.example")});
  one("one person three times", rules(),
      {place("acme"), People{address(new_addresses[0]), address("NEW1@x.example"), address(new_addresses[0])}});
  {
    AddMembers command(Places{place("acme"), place("works")}, People{person("ann"), person("bob")});
    command.roles = std::vector<RoleId>{RoleId("guest"), RoleId("clerk"), RoleId("admin")};
    command.cell_roles = {0, 1, 2, 0};
    command.actor.id = AccountId("old");
    one("roles per cell, by a manager", profile([](Profile& p) { p.actor = ActorRule::member; }), command);
  }
  People many;
  for (unsigned i = 0; i < many_accounts; ++i) many.emplace_back(fixtures::account(i));
  many[17] = address(new_addresses[0]);
  one("members rejected", profile([](Profile& p) { p.on_same_role = p.on_other_role = OnConflict::reject; }),
      {three, People{person("ann"), person("old"), address(new_addresses[0])}}, {.tile_cells_max = 3});
  {
    AddMembers command(Places{nested, place("acme")}, People{person("ann"), person("bob")}, RoleId("tutor"));
    command.actor.id = AccountId("rex");
    one("own catalogs, parents and a manager", profile([](Profile& p) {
          p.roles = {};
          p.actor = ActorRule::manager;
          p.parent = ParentRule::add;
          p.parent_role = RoleId("tutor");
        }),
        command, {.tile_cells_max = 2});
  }
  one("600 columns", rules(), {Places{place("acme"), place("works")}, many}, {.tile_cells_max = 256}, true);
  one("600 columns, atomic", profile(atomic), {place("acme"), many}, {}, true);
  return all;
}

View view_of(const State& state) {
  View view = lines(state);
  for (const auto& [name, invited] : state.accounts) view.push_back("account " + name + (invited ? " invited" : ""));
  std::sort(view.begin(), view.end());
  return view;
}

std::string miscounted(TestFixture& fixture, const State& state, const Profile& rules) {
  std::vector<RoleId> owning;
  for (const Role& role : rules.roles)
    if (role.owns) owning.push_back(role.id);
  for (const auto& [name, ignored] : fixture.base.places) {
    const OrganizationSelector place = named<OrganizationId>(name);
    const AccountSelector anybody = named<AccountId>(fixture.base.people.begin()->first);
    Query query;
    query.organizations = {&place, 1};
    query.accounts = {&anybody, 1};
    query.counts = true;
    query.owner_roles = owning;
    Facts facts;
    REQUIRE(fixture.store.fetch(query, facts).has_value());
    const MemberCounts& counts = facts.organizations[0].counts;
    std::size_t owners = 0;
    for (const RoleId& role : owning) owners += members_of(state, name, MembershipState::active, role.view());
    if (counts.active != members_of(state, name, MembershipState::active)) return "the active are counted wrongly";
    if (counts.invited != members_of(state, name, MembershipState::invited)) return "the invited are counted wrongly";
    if (counts.owners != owners) return "owners are counted wrongly";
    if (counts.seats_max != fixture.store.organization(place).value()->seats_max) return "seats are forgotten";
  }
  return {};
}

Reference::Reference(const FaultCase& fault_case) : fault_case_(fault_case) {
  const auto fixture = fault_case.begin();
  REQUIRE(fixture->filled);
  expected = fixture->run(fault_case.rules, *fault_case.command, nullptr, Time{8'000'000});
  REQUIRE_FALSE(expected.error.has_value());
  const State state = fixture->state();
  end = view_of(state);
  check_whole(*fixture, state);
}

void Reference::check_whole(TestFixture& fixture, const State& state) const {
  CHECK(state.broken == "");
  CHECK(miscounted(fixture, state, fault_case_.rules) == "");
}

void Reference::check_nothing_new(const State& before, const State& after) const {
  const View was = view_of(before);
  for (const std::string& line : view_of(after))
    if (!std::binary_search(was.begin(), was.end(), line) && !std::binary_search(end.begin(), end.end(), line))
      FAIL_CHECK(line);
}

void Reference::check_report(const Answer& answer, const State& before, const State& after, TestFixture& fixture,
                             bool lost) const {
  CHECK(contradiction(*fault_case_.command, answer, fixture.store) == "");
  for (std::size_t cell = 0; cell < answer.outcomes.size(); ++cell) {
    const Outcome now = answer.outcomes[cell], then = expected.outcomes[cell];
    const bool replayed = lost && wrote(then) && now == Outcome::replayed;
    if (now != Outcome::undecided && now != then && !replayed && !is_forgotten(then, now))
      FAIL_CHECK("cell " << cell << " is " << name(now));
  }
  const auto undecided = std::count(answer.outcomes.begin(), answer.outcomes.end(), Outcome::undecided);
  CHECK((undecided == 0) != answer.stopped.has_value());
  if (!fault_case_.only_adds || fault_case_.rules.parent == ParentRule::add || lost) return;
  // What was not reported as written was not: the store has exactly the rows that the report has.
  const auto reported = std::count_if(answer.outcomes.begin(), answer.outcomes.end(), [](Outcome outcome) {
    return outcome == Outcome::added || outcome == Outcome::invited;
  });
  CHECK(after.rows.size() == before.rows.size() + static_cast<std::size_t>(reported));
}

Answer Reference::converges(TestFixture& fixture) const {
  const Answer again = fixture.run(fault_case_.rules, *fault_case_.command, nullptr, Time{9'000'000});
  REQUIRE_FALSE(again.error.has_value());
  REQUIRE(again.outcomes.size() == expected.outcomes.size());
  for (std::size_t cell = 0; cell < again.outcomes.size(); ++cell) {
    const Outcome now = again.outcomes[cell], then = expected.outcomes[cell];
    if (now != then && !(wrote(then) && now == Outcome::replayed) && !is_forgotten(then, now) &&
        then != Outcome::not_attempted)
      FAIL_CHECK("again, cell " << cell << " is " << name(now));
  }
  CHECK(contradiction(*fault_case_.command, again, fixture.store) == "");
  const State state = fixture.state();
  CHECK(view_of(state) == end);
  check_whole(fixture, state);
  return again;
}

}  // namespace faults
