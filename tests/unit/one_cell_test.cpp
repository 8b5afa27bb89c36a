// Proves that a command of one cell gets the same answer from Engine::add, from Engine::run and as one cell among
// several: whatever has ended, whichever limit is 0, however the command or the store's answer is malformed.
#include <functional>

#include "unit/facts_by_hand.hpp"

namespace one_cell_test {

using namespace by_hand;

namespace {

constexpr Time noon{1'000};

/// One cell: who asks for what, under which rules, and what the store has to say about it.
struct Scenario {
  Profile profile = [] {
    Profile rules = wide_profile();
    rules.actor = ActorRule::manager;
    return rules;
  }();
  AddMembers command = {organization("o"), account("a"), role("guest"), Actor{account("boss")},
                        IdempotencyKey::of("k")};
  Options options{};
  const char* actor = "chief";            ///< the role of whoever asks; null: no member
  Time actor_until{}, member_until{};     ///< when the two end
  const char* member = nullptr;           ///< the role that the account has there already
  Error commit{};                         ///< what every commit answers
  std::function<void(Facts&)> falsify{};  ///< what is wrong with the answer
};

/// Answers by a scenario. The account that stands beside the cell as a neighbour is there, and is disabled.
class Script final : public Store {
 public:
  explicit Script(const Scenario& scenario) : scenario_(scenario) {}
  Result<void> fetch(const Query& query, Facts& facts) override {
    ++fetches;
    REQUIRE(Desk::answer(query, facts).has_value());
    if (!query.groups.empty()) return success();
    const auto known = [&](const char* id) {
      for (std::uint32_t i = 0; i < facts.roles.size(); ++i)
        if (facts.roles[i].id.view() == id) return static_cast<RoleIndex>(i);
      for (const Role& of : ladder)
        if (of.id.view() == id) Case::has(facts.roles, of);
      return static_cast<RoleIndex>(facts.roles.size() - 1);
    };
    for (Role& of : facts.roles)
      for (const Role& there : ladder)
        if (there.id == of.id) of = there;
    OrganizationFact& in = facts.organizations[0];
    if (scenario_.actor != nullptr) {
      in.actor_is_member = true;
      in.actor_role = known(scenario_.actor);
      in.actor_valid_until = scenario_.actor_until;
    }
    if (scenario_.member != nullptr)
      Case::has(facts.memberships,
                {.id = membership_id(1), .role = known(scenario_.member), .valid_until = scenario_.member_until});
    for (AccountFact& who : facts.accounts) who.disabled = who.id == account("neighbour");
    if (scenario_.falsify) scenario_.falsify(facts);
    return success();
  }
  Result<void> commit(const ChangeSet& changes) override {
    ++commits;
    until = changes.valid_until;
    if (scenario_.commit.code != Errc{}) return scenario_.commit;
    return success();
  }
  unsigned fetches = 0, commits = 0;
  Time until{};

 private:
  const Scenario& scenario_;
};

/// What came of it: an error, or the outcome of the cell.
struct Came {
  Error error{};
  Outcome outcome = Outcome::undecided;
  Time until{};  ///< of what was written
  unsigned commits = 0;
};
std::string text_of(const Came& came) {
  return (came.error.code == Errc{} ? std::string(name(came.outcome)) : std::string(name(came.error.code))) + "/" +
         std::to_string(came.error.detail) + ", " + std::to_string(came.commits) + " commits, until " +
         std::to_string(static_cast<std::int64_t>(came.until));
}

template <class Run>
Came came_of(const Scenario& scenario, Run&& run) {
  Script store(scenario);
  Numbers ids;
  const Engine engine(scenario.profile, store, ids, scenario.options);
  const Result<Report> result = run(engine);
  Came came{.until = store.until, .commits = store.commits};
  if (!result) {
    came.error = result.assume_error();
  } else {
    const Report& report = result.assume_value();
    came.outcome = report.at(0, 0);
    if (report.stopped) came.error = *report.stopped;
    if (store.commits == 0)
      CHECK(report.membership(0, 0).empty() == (scenario.member == nullptr || !succeeded(came.outcome)));
  }
  return came;
}

/// Every way by which this one cell can be asked for; they all come to `expected`.
void all_ways(const char* statement, const Scenario& scenario, const Came& expected) {
  INFO(statement);
  const Came added = came_of(scenario, [&](const Engine& engine) { return engine.add(scenario.command, noon); });
  const Came run = came_of(scenario, [&](const Engine& engine) { return engine.run(scenario.command, noon); });
  CHECK(text_of(added) == text_of(expected));
  CHECK(text_of(run) == text_of(expected));
  if (scenario.command.organizations.size() != 1 || scenario.command.accounts.size() != 1) return;
  if (!scenario.command.cell_roles.empty() || scenario.profile.accounts_max < 2 || scenario.profile.cells_max < 2)
    return;
  Scenario wide = scenario;  // and the same beside a neighbour, who is refused
  wide.command.accounts = std::vector<AccountSelector>{scenario.command.accounts.span()[0], account("neighbour")};
  const Came beside = came_of(wide, [&](const Engine& engine) { return engine.add(wide.command, noon); });
  CHECK(text_of(beside) == text_of(expected));
}

using Change = void (*)(Scenario&);
Scenario changed(Change change) {
  Scenario scenario;
  change(scenario);
  return scenario;
}
Came is(Outcome outcome, Time until = {}) {
  return {.outcome = outcome, .until = until, .commits = wrote(outcome) && outcome != Outcome::replayed ? 1u : 0u};
}
Came fails(Errc code, std::uint32_t detail = 0, unsigned commits = 0) {
  return {.error = Error(code, detail), .commits = commits};
}

}  // namespace

TEST_CASE("one cell: what has ended counts for nothing, the actor's membership as well as the member's") {
  struct Row {
    const char* statement;
    Change change;
    Outcome outcome;
  };
  const Row rows[] = {
      {"the actor stays for ever", [](Scenario&) {}, Outcome::added},
      {"the actor's time is over", [](Scenario& s) { s.actor_until = Time{999}; }, Outcome::forbidden},
      {"the actor's time ends at this moment", [](Scenario& s) { s.actor_until = noon; }, Outcome::forbidden},
      {"the actor has one moment left", [](Scenario& s) { s.actor_until = Time{1'001}; }, Outcome::added},
      {"nobody asks", [](Scenario& s) { s.actor = nullptr; }, Outcome::forbidden},
      {"a plain member asks", [](Scenario& s) { s.actor = "clerk"; }, Outcome::forbidden},
      {"staff asks, and nobody else",
       [](Scenario& s) {
         s.actor = nullptr, s.command.actor = {{}, true};
       },
       Outcome::added},
      {"a member for ever", [](Scenario& s) { s.member = "guest"; }, Outcome::existing},
      {"a member with a moment left", [](Scenario& s) { s.member = "guest", s.member_until = Time{1'001}; },
       Outcome::existing},
      {"a member whose time ends now", [](Scenario& s) { s.member = "guest", s.member_until = noon; }, Outcome::added},
      {"a member whose time is over", [](Scenario& s) { s.member = "guest", s.member_until = Time{999}; },
       Outcome::added},
      {"the same under a profile that refuses who was removed",
       [](Scenario& s) {
         s.member = "guest", s.member_until = noon;
         s.profile.on_removed = OnFormer::refuse;
       },
       Outcome::was_removed},
      {"a member above the actor, over",
       [](Scenario& s) { s.member = "squire", s.member_until = noon, s.actor_until = Time{1'001}; },
       Outcome::outranked},
      {"both are over", [](Scenario& s) { s.member = "guest", s.member_until = s.actor_until = noon; },
       Outcome::forbidden},
      {"another role, where that replaces, of a member with a moment left",
       [](Scenario& s) {
         s.member = "clerk", s.member_until = Time{1'001};
         s.profile.on_other_role = OnConflict::replace;
       },
       Outcome::replaced},
  };
  for (const Row& row : rows) all_ways(row.statement, changed(row.change), is(row.outcome));
}

TEST_CASE("one cell: an end of its own is in the future, is written, and no end is written where none was asked for") {
  for (const std::int64_t until : {-5, 1, 999, 1'000}) {
    Scenario scenario;
    scenario.command.valid_until = Time{until};
    all_ways("an end that is over", scenario, fails(Errc::valid_until_passed));
  }
  Scenario scenario;
  scenario.command.valid_until = Time{1'001};
  all_ways("an end to come", scenario, is(Outcome::added, Time{1'001}));
  scenario.member = "guest";
  all_ways("an end to come, of a member", scenario, is(Outcome::existing));
  scenario.command.valid_until = Time{};
  all_ways("no end", scenario, is(Outcome::existing));
}

TEST_CASE("one cell: a limit of 0 refuses it, a limit of 1 does not") {
  struct Row {
    const char* statement;
    Change change;
    Came came;
  };
  const Row rows[] = {
      {"no accounts", [](Scenario& s) { s.profile.accounts_max = 0; }, fails(Errc::batch_too_large)},
      {"no organizations", [](Scenario& s) { s.profile.organizations_max = 0; }, fails(Errc::batch_too_large)},
      {"no cells", [](Scenario& s) { s.profile.cells_max = 0; }, fails(Errc::batch_too_large)},
      {"one of each",
       [](Scenario& s) { s.profile.accounts_max = s.profile.organizations_max = 1, s.profile.cells_max = 1; },
       is(Outcome::added)},
      {"no cells in a tile", [](Scenario& s) { s.options.tile_cells_max = 0; }, is(Outcome::added)},
      {"no attempts", [](Scenario& s) { s.options.attempts_max = 0; }, is(Outcome::added)},
      {"no attempts, and a rival", [](Scenario& s) { s.options.attempts_max = 0, s.commit = Errc::stale; },
       fails(Errc::contended, 0, 1)},
      {"three attempts, and a rival", [](Scenario& s) { s.options.attempts_max = 3, s.commit = Errc::stale; },
       fails(Errc::contended, 0, 3)},
      {"no second look at a lost answer",
       [](Scenario& s) { s.options.unknown_commit_retries_max = 0, s.commit = Error(Errc::store_failed, 7); },
       fails(Errc::store_failed, 7, 1)},
      {"two more looks at a lost answer",
       [](Scenario& s) { s.options.unknown_commit_retries_max = 2, s.commit = Error(Errc::store_failed, 7); },
       fails(Errc::store_failed, 7, 3)},
      {"a full store", [](Scenario& s) { s.commit = Errc::store_full; }, fails(Errc::store_full, 0, 1)},
      {"a store without memory", [](Scenario& s) { s.commit = Errc::out_of_memory; }, fails(Errc::out_of_memory, 0, 1)},
  };
  for (const Row& row : rows) {
    const Scenario scenario = changed(row.change);
    if (scenario.commit.code == Errc::stale) {  // a neighbour would have the tile halved, so it is tried more often
      const auto add = [&](const Engine& engine) { return engine.add(scenario.command, noon); };
      const auto run = [&](const Engine& engine) { return engine.run(scenario.command, noon); };
      INFO(row.statement);
      CHECK(text_of(came_of(scenario, add)) == text_of(row.came));
      CHECK(text_of(came_of(scenario, run)) == text_of(row.came));
    } else {
      all_ways(row.statement, scenario, row.came);
    }
  }
}

TEST_CASE("one cell: what is malformed about the command or the profile is said before anything is asked") {
  struct Row {
    const char* statement;
    Change change;
    Came came;
  };
  const Row rows[] = {
      {"a role for the cell", [](Scenario& s) { s.command.cell_roles = {0}; }, is(Outcome::added)},
      {"a role that was not listed", [](Scenario& s) { s.command.cell_roles = {1}; }, fails(Errc::roles_malformed)},
      {"a role far outside the list", [](Scenario& s) { s.command.cell_roles = {no_role}; },
       fails(Errc::roles_malformed)},
      {"roles for two cells",
       [](Scenario& s) {
         s.command.cell_roles = {0, 0};
       },
       fails(Errc::roles_malformed)},
      {"the default role for the cell",
       [](Scenario& s) { s.command.roles = OneOrMany<RoleId>(), s.command.cell_roles = {0}; }, is(Outcome::added)},
      {"the second of two roles",
       [](Scenario& s) {
         s.command.roles = {role("king"), role("guest")}, s.command.cell_roles = {1};
       },
       is(Outcome::added)},
      {"the first of two roles, which is none",
       [](Scenario& s) {
         s.command.roles = {role("king"), role("guest")};
       },
       is(Outcome::role_not_found)},
      {"more roles than a dictionary has room for",
       [](Scenario& s) { s.command.roles = std::vector<RoleId>(roles_max + 1, role("guest")); },
       fails(Errc::roles_malformed)},
      {"as many as it has room for",
       [](Scenario& s) { s.command.roles = std::vector<RoleId>(roles_max, role("guest")); }, is(Outcome::added)},
      {"no organization", [](Scenario& s) { s.command.organizations = OneOrMany<OrganizationSelector>(); },
       fails(Errc::batch_empty)},
      {"no account", [](Scenario& s) { s.command.accounts = OneOrMany<AccountSelector>(); }, fails(Errc::batch_empty)},
      {"an organization without a name",
       [](Scenario& s) { s.command.organizations = OrganizationSelector(OrganizationId{}); }, fails(Errc::id_empty)},
      {"an organization with an empty slug",
       [](Scenario& s) { s.command.organizations = OrganizationSelector(Slug{}); }, fails(Errc::id_empty)},
      {"a nested one without a name",
       [](Scenario& s) {
         s.command.organizations = OrganizationSelector(Nested{organization("p"), {}});
       },
       fails(Errc::id_empty)},
      {"a nested one in none",
       [](Scenario& s) {
         s.command.organizations = OrganizationSelector(Nested{{}, organization("o")});
       },
       fails(Errc::id_empty)},
      {"an account without a name", [](Scenario& s) { s.command.accounts = AccountSelector(AccountId{}); },
       fails(Errc::id_empty)},
      {"an account without an address", [](Scenario& s) { s.command.accounts = AccountSelector(Email{}); },
       fails(Errc::email_empty)},
      {"an account with an empty username", [](Scenario& s) { s.command.accounts = AccountSelector(Username{}); },
       fails(Errc::id_empty)},
      {"an id, where ids are not accepted", [](Scenario& s) { s.profile.by_id = false; },
       fails(Errc::selector_not_accepted)},
      {"nobody asks", [](Scenario& s) { s.command.actor = {}; }, fails(Errc::actor_missing)},
      {"a default role that is in no catalog", [](Scenario& s) { s.profile.default_role = role("king"); },
       fails(Errc::profile_malformed)},
      {"a default role that nobody may give", [](Scenario& s) { s.profile.default_role = role("ghost"); },
       fails(Errc::profile_malformed)},
      {"accounts hidden, and unknown ones refused", [](Scenario& s) { s.profile.hides_accounts = true; },
       fails(Errc::profile_malformed)},
  };
  for (const Row& row : rows) all_ways(row.statement, changed(row.change), row.came);
}

TEST_CASE("one cell: an answer that breaks the contract is refused, whatever breaks it, and nothing is written") {
  struct Row {
    const char* statement;
    void (*falsify)(Facts&);
  };
  // The profile has no catalog, so that the answer has a wanted role; the actor and the account are members.
  const Row rows[] = {
      {"no organization", [](Facts& f) { f.organizations.clear(); }},
      {"an organization too many", [](Facts& f) { Case::has(f.organizations, f.organizations[0]); }},
      {"no account", [](Facts& f) { f.accounts.clear(); }},
      {"an account too many", [](Facts& f) { Case::has(f.accounts, f.accounts[0]); }},
      {"no wanted role", [](Facts& f) { f.wanted_roles.clear(); }},
      {"a wanted role too many", [](Facts& f) { Case::has(f.wanted_roles, no_role); }},
      {"a wanted role outside the dictionary",
       [](Facts& f) { f.wanted_roles[0] = static_cast<RoleIndex>(f.roles.size()); }},
      {"the membership twice", [](Facts& f) { Case::has(f.memberships, f.memberships[0]); }},
      {"a membership in another organization", [](Facts& f) { f.memberships[0].organization = 1; }},
      {"a membership of another account", [](Facts& f) { f.memberships[0].account = 2; }},
      {"a membership without an id", [](Facts& f) { f.memberships[0].id = {}; }},
      {"a membership whose role is not in the dictionary",
       [](Facts& f) { f.memberships[0].role = static_cast<RoleIndex>(f.roles.size()); }},
      {"a membership without a role", [](Facts& f) { f.memberships[0].role = no_role; }},
      {"a membership in a state that there is not",
       [](Facts& f) { f.memberships[0].state = static_cast<MembershipState>(4); }},
      {"a membership in an organization that was not found", [](Facts& f) { f.organizations[0] = {}; }},
      {"a membership of an account that was not found", [](Facts& f) { f.accounts[0] = {}; }},
      {"an actor whose role is not in the dictionary",
       [](Facts& f) { f.organizations[0].actor_role = static_cast<RoleIndex>(f.roles.size()); }},
      {"an actor without a role", [](Facts& f) { f.organizations[0].actor_role = no_role; }},
      {"a parent that nobody asked for", [](Facts& f) { f.organizations[0].parent = 1; }},
      {"an organization that is its own parent", [](Facts& f) { f.organizations[0].parent = 0; }},
      {"more roles than a dictionary may have",
       [](Facts& f) { REQUIRE(f.roles.resize(roles_max + 1, Role{.id = role("guest")})); }},
  };
  Scenario scenario;
  scenario.profile.roles = {};
  scenario.member = "guest";
  all_ways("an answer as it should be", scenario, is(Outcome::existing));
  for (const Row& row : rows) {
    scenario.falsify = row.falsify;
    all_ways(row.statement, scenario, fails(Errc::store_broke_contract));
  }
}

TEST_CASE("one cell: a role that the store names in the place of the one asked for is not given") {
  Scenario scenario;
  scenario.profile.roles = {};
  all_ways("the role asked for", scenario, is(Outcome::added));
  scenario.falsify = [](Facts& facts) { facts.roles[facts.wanted_roles[0]].id = role("chief"); };
  all_ways("another role", scenario, is(Outcome::role_not_found));
  scenario.falsify = [](Facts& facts) { facts.wanted_roles[0] = no_role; };
  all_ways("no role", scenario, is(Outcome::role_not_found));
  scenario.falsify = [](Facts& facts) { facts.roles[facts.wanted_roles[0]].assignable = false; };
  all_ways("a role that is not given", scenario, is(Outcome::role_not_assignable));
}

TEST_CASE("one cell: a dry run and a plan say what would come of it, and write nothing") {
  for (const bool new_identity : {true, false}) {
    Scenario scenario;
    scenario.profile.on_other_role = OnConflict::replace;
    scenario.member = new_identity ? nullptr : "clerk";
    const Came planned{.outcome = new_identity ? Outcome::added : Outcome::replaced};
    const auto plan = [&](const Engine& engine) { return engine.plan(scenario.command, noon); };
    const auto outcome_of = [&](const auto& way) {
      Script store(scenario);
      Numbers ids;
      const auto report = way(Engine(scenario.profile, store, ids, scenario.options));
      REQUIRE(report.has_value());
      CHECK(store.commits == 0);
      CHECK(store.fetches == 1);
      return report.assume_value().at(0, 0);
    };
    CHECK(outcome_of(plan) == planned.outcome);
    scenario.options.dry_run = true;
    CHECK(outcome_of([&](const Engine& engine) { return engine.add(scenario.command, noon); }) == planned.outcome);
    CHECK(outcome_of([&](const Engine& engine) { return engine.run(scenario.command, noon); }) == planned.outcome);
  }
}

TEST_CASE("one cell: a group beside it is a column of its own, found or not") {
  Scenario scenario;
  scenario.command.groups = {named<GroupName>("neighbour")};
  Script store(scenario);  // whose groups have one account each, of their own name
  Numbers ids;
  const auto report = Engine(scenario.profile, store, ids).add(scenario.command, noon);
  REQUIRE(report.has_value());
  REQUIRE(report.assume_value().columns == 2);
  CHECK(report.assume_value().at(0, 0) == Outcome::added);
  CHECK(report.assume_value().at(0, 1) == Outcome::account_disabled);
  scenario.profile.accounts_max = 1;
  const auto crowded = Engine(scenario.profile, store, ids).add(scenario.command, noon);
  REQUIRE(crowded.has_error());
  CHECK(crowded.assume_error() == Error(Errc::batch_too_large, 1));
  scenario.command.groups = {GroupName{}};
  const auto nameless = Engine(scenario.profile, store, ids).add(scenario.command, noon);
  REQUIRE(nameless.has_error());
  CHECK(nameless.assume_error() == Error(Errc::id_empty, 0));
}

TEST_CASE("the role that an add gives in the parent is the one that is meant, as the parent's own catalog has it") {
  struct Row {
    const char* statement;
    const char* parent_role;
    const char* named;  // by the store, in the place of the one asked for; null: it is not in the catalog
    Outcome outcome;
  };
  const Row rows[] = {{"the role", "guest", "guest", Outcome::added},
                      {"another role", "guest", "chief", Outcome::role_not_found},
                      {"no role", "guest", nullptr, Outcome::role_not_found},
                      {"a profile without one", "", "guest", Outcome::role_not_found}};
  for (const Row& row : rows) {
    INFO(row.statement);
    Profile rules = wide_profile();
    rules.roles = {};
    rules.parent = ParentRule::add;
    rules.parent_role = role(row.parent_role);
    Case asked(single("clerk"), rules);
    const std::array wanted{role("clerk"), rules.parent_role};
    asked.query.roles = wanted;
    asked.has_parent(0, "above");
    for (int place = 0; place < 2; ++place) {
      Case::has(asked.facts.wanted_roles, asked.knows_role("clerk"));
      Case::has(asked.facts.wanted_roles, place == 0 || row.named == nullptr ? no_role : asked.knows_role(row.named));
    }
    CHECK(asked.outcomes() == Outcomes{row.outcome});
    CHECK(asked.decision.changes.added.size() == (row.outcome == Outcome::added ? 2 : 0));
  }
}

}
