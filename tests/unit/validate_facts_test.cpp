// Proves that facts which contradict the query are found before the rules look at them, whatever is wrong with them.
#include "unit/facts_by_hand.hpp"

namespace validate_facts_test {

using namespace by_hand;

namespace {

/// Two rows with a parent, two columns and one more from a group, memberships, an actor, wanted roles: all in order.
struct Answer : Case {
  Answer() : Case(AddMembers(places({"o1", "o2"}), people({"a", "b"}))) {
    query.group_accounts = group;
    query.roles = wanted;
    query.parents = true;
    has(facts.accounts, {.id = group[0]});
    has_parent(0, "p");
    has_parent(1, "p");
    has_member(0, 0, "guest");
    has_member(0, 2, "clerk");
    has_member(1, 1, "guest");
    has_member(2, 0, "guest");
    has_actor(0, "chief");
    for (int i = 0; i < 3; ++i) {
      has(facts.wanted_roles, RoleIndex{0});
      has(facts.wanted_roles, no_role);
    }
  }
  const std::array<AccountId, 1> group{account("g")};
  const std::array<RoleId, 2> wanted{role("guest"), role("king")};
};

struct Fault {
  const char* statement;
  void (*apply)(Answer&);
};

const Fault faults[] = {
    {"no organizations", [](Answer& a) { a.facts.organizations.clear(); }},
    {"an organization too few", [](Answer& a) { a.facts.organizations.truncate(1); }},
    {"more parents than rows",
     [](Answer& a) {
       for (int i = 0; i < 2; ++i) {
         Case::has(a.facts.organizations, a.facts.organizations[2]);
         Case::has(a.facts.wanted_roles, no_role);
         Case::has(a.facts.wanted_roles, no_role);
       }
     }},
    {"parents that nobody asked for", [](Answer& a) { a.query.parents = false; }},
    {"a parent that was not found", [](Answer& a) { a.facts.organizations[2].id = {}; }},
    {"a parent outside the answer", [](Answer& a) { a.facts.organizations[0].parent = 3; }},
    {"an organization that is its own parent", [](Answer& a) { a.facts.organizations[0].parent = 0; }},
    {"a parent far outside the answer", [](Answer& a) { a.facts.organizations[0].parent = no_index - 1; }},
    {"no accounts", [](Answer& a) { a.facts.accounts.clear(); }},
    {"an account too few", [](Answer& a) { a.facts.accounts.truncate(2); }},
    {"an account too many", [](Answer& a) { Case::has(a.facts.accounts, {.id = account("z")}); }},
    {"a membership in no organization of the answer", [](Answer& a) { a.facts.memberships[3].organization = 3; }},
    {"a membership of no account of the answer", [](Answer& a) { a.facts.memberships[3].account = 3; }},
    {"memberships one after the other until there is no such account",
     [](Answer& a) {
       for (std::uint32_t i = 1; i <= 3; ++i) {
         MembershipFact next = a.facts.memberships[3];
         next.account = i;
         Case::has(a.facts.memberships, next);
       }
     }},
    {"a membership in an organization that was not found", [](Answer& a) { a.facts.organizations[1] = {}; }},
    {"a membership of an account that was not found", [](Answer& a) { a.facts.accounts[1] = {}; }},
    {"a membership without an id", [](Answer& a) { a.facts.memberships[0].id = {}; }},
    {"a membership whose role is not in the dictionary",
     [](Answer& a) { a.facts.memberships[0].role = static_cast<RoleIndex>(a.facts.roles.size()); }},
    {"a later membership whose role is not in the dictionary",
     [](Answer& a) { a.facts.memberships[1].role = static_cast<RoleIndex>(a.facts.roles.size()); }},
    {"a later membership without an id", [](Answer& a) { a.facts.memberships[3].id = {}; }},
    {"a membership without a role", [](Answer& a) { a.facts.memberships[0].role = no_role; }},
    {"a pair twice", [](Answer& a) { a.facts.memberships[1] = a.facts.memberships[0]; }},
    {"memberships out of order within a row",
     [](Answer& a) { std::swap(a.facts.memberships[0], a.facts.memberships[1]); }},
    {"memberships out of order between rows",
     [](Answer& a) { std::swap(a.facts.memberships[1], a.facts.memberships[2]); }},
    {"an actor whose role is not in the dictionary",
     [](Answer& a) { a.facts.organizations[0].actor_role = static_cast<RoleIndex>(a.facts.roles.size()); }},
    {"an actor without a role", [](Answer& a) { a.facts.organizations[0].actor_role = no_role; }},
    {"a wanted role too few", [](Answer& a) { a.facts.wanted_roles.truncate(5); }},
    {"a wanted role too many", [](Answer& a) { Case::has(a.facts.wanted_roles, no_role); }},
    {"no wanted roles", [](Answer& a) { a.facts.wanted_roles.clear(); }},
    {"a wanted role outside the dictionary",
     [](Answer& a) { a.facts.wanted_roles[5] = static_cast<RoleIndex>(a.facts.roles.size()); }},
    {"more roles than a dictionary may have",
     [](Answer& a) { REQUIRE(a.facts.roles.resize(roles_max + 1, Role{.id = role("guest")})); }},
};

}  // namespace

TEST_CASE("facts in order pass, and each way to break them is found") {
  Answer good;
  CHECK(validate_facts(good.query, good.facts).has_value());
  for (const Fault& fault : faults) {
    INFO(fault.statement);
    Answer answer;
    fault.apply(answer);
    const auto checked = validate_facts(answer.query, answer.facts);
    REQUIRE(checked.has_error());
    CHECK(checked.assume_error() == Error(Errc::store_broke_contract));
  }
}

TEST_CASE("what a fact says of a record that was not found is not read") {
  Answer answer;
  answer.facts.memberships.truncate(2);
  answer.facts.organizations[1] = {.id = {}, .parent = 77, .actor_is_member = true, .actor_role = 77};
  answer.facts.accounts[1] = {.id = {}, .disabled = true};
  CHECK(validate_facts(answer.query, answer.facts).has_value());
}

TEST_CASE("as many roles as a dictionary may have are accepted, and decided on") {
  Answer answer;
  REQUIRE(answer.facts.roles.resize(roles_max, Role{.id = role("guest")}));
  CHECK(validate_facts(answer.query, answer.facts).has_value());
}

TEST_CASE("wanted roles are counted in 64 bits: 2^17 organizations times 2^15 roles are not none of them") {
  const std::vector<OrganizationId> rows(std::size_t{1} << 17, organization("o"));
  const std::vector<RoleId> wanted(std::size_t{1} << 15, role("guest"));
  const std::vector<OrganizationSelector> selectors(rows.begin(), rows.end());
  Query query;
  query.organizations = selectors;
  query.roles = wanted;
  Facts facts;
  REQUIRE(facts.organizations.resize(rows.size(), OrganizationFact{.id = rows[0]}));
  CHECK(validate_facts(query, facts).has_error());
}

TEST_CASE("an answer about groups has one entry a group, whose counts add up to named accounts") {
  const std::array asked{named<GroupName>("g1"), named<GroupName>("g2")};
  struct Row {
    const char* statement;
    bool fits;
    std::vector<GroupFact> groups;
    std::vector<const char*> accounts;
  };
  const Row rows[] = {
      {"both found", true, {{true, 2}, {true, 1}}, {"a", "b", "a"}},
      {"one not found", true, {{true, 1}, {false, 0}}, {"a"}},
      {"found and empty", true, {{true, 0}, {true, 0}}, {}},
      {"a group too few", false, {{true, 1}}, {"a"}},
      {"a group too many", false, {{true, 1}, {true, 0}, {true, 0}}, {"a"}},
      {"no groups", false, {}, {}},
      {"more counted than given", false, {{true, 2}, {true, 1}}, {"a", "b"}},
      {"more given than counted", false, {{true, 1}, {true, 0}}, {"a", "b"}},
      {"accounts of a group that was not found", false, {{false, 1}, {true, 0}}, {"a"}},
      {"counts that add up only in 32 bits", false, {{true, 0xFFFFFFFFu}, {true, 2}}, {"a"}},
      {"an account without a name", false, {{true, 1}, {true, 1}}, {"a", ""}},
  };
  for (const Row& row : rows) {
    INFO(row.statement);
    Query query;
    query.groups = asked;
    Facts facts;
    for (const GroupFact& group : row.groups) Case::has(facts.groups, group);
    for (const char* const who : row.accounts)
      Case::has(facts.group_accounts, *who == '\0' ? AccountId{} : account(who));
    CHECK(validate_facts(query, facts).has_value() == row.fits);
  }
}

TEST_CASE("an answer about inviters has one entry for each membership, and roles of the dictionary") {
  struct Row {
    const char* statement;
    bool fits;
    void (*falsify)(Facts&);
  };
  const Row rows[] = {
      {"one for each", true, [](Facts&) {}},
      {"none", false, [](Facts& f) { f.inviters.clear(); }},
      {"one too few", false, [](Facts& f) { f.inviters.truncate(1); }},
      {"one too many", false, [](Facts& f) { Case::has(f.inviters, InviterFact{}); }},
      {"a role outside the dictionary", false,
       [](Facts& f) { f.inviters[1].role = static_cast<RoleIndex>(f.roles.size()); }},
      {"no role", false, [](Facts& f) { f.inviters[1].role = no_role; }},
      {"no role, of who is no member any more", true,
       [](Facts& f) {
         f.inviters[1].is_member = false;
         f.inviters[1].role = no_role;
       }},
  };
  Profile rules = wide_profile();
  rules.actor = ActorRule::manager;
  for (const Row& row : rows) {
    INFO(row.statement);
    const AcceptInvitation command(places({"o1", "o2"}), account("a"));
    Numbers ids;
    Operation operation(rules, command, {Time{5}, &ids, true});
    REQUIRE(operation.need() == Operation::Need::facts);
    REQUIRE(operation.query().inviters);
    Facts& facts = operation.facts();
    REQUIRE(Desk::answer(operation.query(), facts).has_value());
    facts.accounts[0].verified = true;
    Case::has(facts.roles, Role{.id = role("chief")});
    for (std::uint32_t i = 0; i < 2; ++i) {
      Case::has(facts.memberships, {.organization = i,
                                    .account = 0,
                                    .id = membership_id(static_cast<std::uint8_t>(i + 1)),
                                    .role = 0,
                                    .state = MembershipState::invited});
      Case::has(facts.inviters, InviterFact{.id = AccountId("boss"), .is_member = true, .role = 0});
    }
    row.falsify(facts);
    CHECK(validate_facts(operation.query(), facts).has_value() == row.fits);
    operation.provide(success());
    if (row.fits) {
      CHECK(operation.need() == Operation::Need::commit);
      continue;
    }
    REQUIRE(operation.need() == Operation::Need::nothing);
    const auto finished = operation.finish();
    REQUIRE(finished.has_error());
    CHECK(finished.assume_error() == Error(Errc::store_broke_contract));
  }
}

}
