// MemoryStore::fetch: the answer has the shape of the query and says what is in the store.
#include "memory_store_testing.hpp"

namespace memory_store_fetch_test {

using namespace memory_testing;

TEST_CASE("rows, columns and memberships stand in the order of the query, repeats included", "[memory_store]") {
  MemoryStore store;
  must(store.put_organization({.id = org(0), .slug = Slug("zero")}));
  must(store.put_organization({.id = org(1), .joinable = false}));
  must(store.put_account({.id = who(0), .email = email("zero@x.org"), .username = Username("zero")}));
  must(store.put_account({.id = who(1), .disabled = true}));
  Membership put = membership(5, 0, 0);
  put.idempotency_key = request(3);
  must(store.put_membership(put));
  put = membership(6, 1, 1);
  put.state = MembershipState::invited;
  must(store.put_membership(put));

  IssuedCommand asked;
  asked.organizations = {org(1), Slug("zero"), org(7), org(0), Slug("none")};
  asked.accounts = {email("Zero@x.org"), who(9), Username("zero"), email("nobody@x.org")};
  asked.group_accounts = {who(1), who(0)};
  asked.query.idempotency_key = request(3);
  asked.fetch(store);
  const Facts& facts = asked.facts;
  REQUIRE(facts.organizations.size() == 5);
  CHECK(facts.organizations[0].id == org(1));
  CHECK_FALSE(facts.organizations[0].joinable);
  CHECK(facts.organizations[1].id == org(0));
  CHECK(facts.organizations[1].joinable);
  CHECK(facts.organizations[2].id.empty());
  CHECK(facts.organizations[3].id == org(0));
  CHECK(facts.organizations[4].id.empty());
  REQUIRE(facts.accounts.size() == 6);
  CHECK(facts.accounts[0].id == who(0));
  CHECK(facts.accounts[1].id.empty());
  CHECK(facts.accounts[2].id == who(0));
  CHECK(facts.accounts[3].id.empty());
  CHECK(facts.accounts[4].id == who(1));
  CHECK(facts.accounts[4].disabled);
  CHECK(facts.accounts[5].id == who(0));
  CHECK(facts.accounts[5].version == Version{1});

  const std::pair<std::uint32_t, std::uint32_t> cells[] = {{0, 4}, {1, 0}, {1, 2}, {1, 5}, {3, 0}, {3, 2}, {3, 5}};
  REQUIRE(facts.memberships.size() == std::size(cells));
  for (std::size_t i = 0; i < std::size(cells); ++i) {
    const MembershipFact& fact = facts.memberships[i];
    CHECK(fact.organization == cells[i].first);
    CHECK(fact.account == cells[i].second);
    CHECK(fact.id == key(i == 0 ? 6 : 5));
    CHECK(fact.state == (i == 0 ? MembershipState::invited : MembershipState::active));
    CHECK(fact.written_by_request() == (i != 0));
    CHECK(fact.version == Version{1});
    CHECK(facts.roles[fact.role].id == RoleId("member"));
  }
  CHECK(facts.roles.size() == 1);

  asked.query.idempotency_key = {};
  asked.fetch(store);
  for (const MembershipFact& fact : asked.facts.memberships) CHECK_FALSE(fact.written_by_request());
}

TEST_CASE("no membership carries the empty request", "[memory_store]") {
  MemoryStore store;
  put_organizations(store, 1);
  put_accounts(store, 1);
  must(store.put_membership(membership(1, 0, 0)));  // its request is empty
  IssuedCommand asked;
  asked.organizations = {org(0)};
  asked.accounts = {who(0)};
  asked.fetch(store);
  CHECK_FALSE(asked.at(0, 0)->written_by_request());
}

TEST_CASE("each parent is answered once, behind the rows, with its own memberships", "[memory_store]") {
  MemoryStore store;
  put_organizations(store, 3);
  put_accounts(store, 3);
  for (std::uint64_t i = 10; i < 14; ++i) must(store.put_organization({.id = org(i), .parent = org(i % 2)}));
  must(store.put_membership(membership(1, 0, 0)));
  must(store.put_membership(membership(2, 1, 1)));
  must(store.put_membership(membership(3, 12, 0)));
  IssuedCommand asked;
  asked.accounts = {who(0), who(1)};
  asked.query.actor = who(1);
  for (int turn = 0; turn < 3; ++turn) {  // again and in another order: nothing is left over from the fetch before
    asked.organizations = {org(10), org(2), org(11), org(12), org(0), org(99), org(13)};
    if (turn == 1) std::swap(asked.organizations[0], asked.organizations[2]);
    asked.query.parents = true;
    asked.fetch(store);
    const Facts& facts = asked.facts;
    REQUIRE(facts.organizations.size() == 9);
    const std::uint32_t zero = turn == 1 ? 8 : 7, one = turn == 1 ? 7 : 8;
    CHECK(facts.organizations[zero].id == org(0));
    CHECK(facts.organizations[one].id == org(1));
    CHECK(facts.organizations[zero].parent == no_index);
    CHECK(facts.organizations[turn == 1 ? 2 : 0].parent == zero);
    CHECK(facts.organizations[turn == 1 ? 0 : 2].parent == one);
    CHECK(facts.organizations[1].parent == no_index);
    CHECK(facts.organizations[3].parent == zero);
    CHECK(facts.organizations[4].parent == no_index);
    CHECK(facts.organizations[5].id.empty());
    CHECK(facts.organizations[6].parent == one);
    CHECK(facts.organizations[one].actor_is_member);
    CHECK_FALSE(facts.organizations[zero].actor_is_member);
    CHECK(asked.at(3, 0));
    CHECK(asked.at(4, 0));
    CHECK(asked.at(zero, 0));
    CHECK(asked.at(one, 1));
    CHECK(facts.memberships.size() == 4);
    asked.query.parents = false;
    asked.fetch(store);
    CHECK(asked.facts.organizations.size() == 7);
    CHECK(asked.facts.organizations[0].parent == no_index);
  }
}

TEST_CASE("an actor counts as a member once it is active", "[memory_store]") {
  MemoryStore store;
  put_organizations(store, 3);
  put_accounts(store, 2);
  Membership put = membership(1, 0, 0);
  must(store.put_membership(put));
  put = membership(2, 1, 0);
  put.state = MembershipState::invited;
  must(store.put_membership(put));
  IssuedCommand asked;
  asked.organizations = {org(0), org(1), org(2)};
  asked.accounts = {who(1)};
  asked.query.actor = who(0);
  asked.fetch(store);
  const OrganizationFact& fact = asked.facts.organizations[0];
  CHECK(fact.actor_is_member);
  CHECK(fact.actor_version == Version{1});
  CHECK(asked.facts.roles[fact.actor_role].id == RoleId("member"));
  CHECK_FALSE(asked.facts.organizations[1].actor_is_member);
  CHECK_FALSE(asked.facts.organizations[2].actor_is_member);
  asked.query.actor = who(77);
  asked.fetch(store);
  CHECK_FALSE(asked.facts.organizations[0].actor_is_member);
}

TEST_CASE("a role means what its organization says: one id, several entries", "[memory_store]") {
  MemoryStore store;
  put_organizations(store, 4);
  put_accounts(store, 2);
  must(store.put_role(org(0), {.id = RoleId("admin"), .rank = 5, .assignable = false, .manages = true}, any_version));
  must(store.put_role(org(0), {.id = RoleId("member"), .rank = 1}, any_version));
  must(store.put_role(org(1), {.id = RoleId("admin"), .rank = 9}, any_version));
  must(store.put_role(org(2), {.id = RoleId("admin"), .rank = 9}, any_version));
  std::uint64_t number = 0;
  for (std::uint64_t i = 0; i < 4; ++i) {
    Membership put = membership(++number, i, 0);
    put.role = RoleId("admin");
    must(store.put_membership(put));
    must(store.put_membership(membership(++number, i, 1)));
  }
  IssuedCommand asked;
  asked.organizations = {org(0), org(1), org(2), org(3), org(44)};
  asked.accounts = {who(0), who(1)};
  asked.roles = {RoleId("admin"), RoleId("unheard"), RoleId("member")};
  asked.fetch(store);
  const Facts& facts = asked.facts;
  const auto role = [&](std::uint32_t row, std::uint32_t column) { return facts.roles[asked.at(row, column)->role]; };
  CHECK(role(0, 0) == Role{RoleId("admin"), 5, false, true});
  CHECK(role(0, 1) == Role{RoleId("member"), 1, true, false});
  CHECK(role(1, 0) == Role{RoleId("admin"), 9, true, false});
  CHECK(role(1, 1) == Role{.id = RoleId("member"), .assignable = false, .exists = false});  // not in that catalog
  CHECK(role(3, 0) == Role{.id = RoleId("admin"), .assignable = false, .exists = false});
  CHECK(asked.at(1, 0)->role == asked.at(2, 0)->role);
  CHECK(asked.at(1, 1)->role == asked.at(3, 1)->role);
  CHECK(facts.roles.size() == 5);

  REQUIRE(facts.wanted_roles.size() == 15);
  CHECK(facts.roles[facts.wanted_roles[0]] == Role{RoleId("admin"), 5, false, true});
  CHECK(facts.wanted_roles[1] == no_role);
  CHECK(facts.roles[facts.wanted_roles[2]] == Role{RoleId("member"), 1, true, false});
  CHECK(facts.wanted_roles[3] == asked.at(1, 0)->role);
  for (const std::size_t missing : {4u, 5u, 7u, 8u, 9u, 10u, 11u, 12u, 13u, 14u})
    CHECK(facts.wanted_roles[missing] == no_role);

  must(store.put_role(org(1), {.id = RoleId("admin"), .rank = 2}, any_version));
  asked.fetch(store);
  CHECK(role(1, 0).rank == 2);
  CHECK(role(2, 0).rank == 9);
}

TEST_CASE("a thousand roles in one answer are a thousand entries, each found again", "[memory_store]") {
  MemoryStore store;
  put_organizations(store, 2);
  put_accounts(store, 1000);
  IssuedCommand asked;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const std::uint64_t shuffled = i * 617 % 1000;
    must(store.put_role(org(0), {.id = id<RoleId>('r', shuffled), .rank = static_cast<std::uint16_t>(shuffled)},
                        any_version));
    for (std::uint64_t o = 0; o < 2; ++o) {
      Membership put = membership(2 * i + o + 1, o, i);
      put.role = id<RoleId>('r', (i * 7 + o) % 1000);
      must(store.put_membership(put));
    }
    asked.accounts.push_back(who(i));
    asked.roles.push_back(id<RoleId>('r', i));
  }
  asked.organizations = {org(0), org(1)};
  asked.fetch(store);
  REQUIRE(asked.facts.memberships.size() == 2000);
  for (const MembershipFact& fact : asked.facts.memberships) {
    const std::uint64_t role = (fact.account * 7 + fact.organization) % 1000;
    const bool own = fact.organization == 0;
    CHECK(asked.facts.roles[fact.role] == Role{.id = id<RoleId>('r', role),
                                               .rank = static_cast<std::uint16_t>(own ? role : 0),
                                               .assignable = own,
                                               .exists = own});
  }
  CHECK(asked.facts.roles.size() <= 2000);
  for (std::uint32_t i = 0; i < 1000; ++i)
    CHECK(asked.facts.roles[asked.facts.wanted_roles[i]].id == id<RoleId>('r', i));
  for (std::uint32_t i = 1000; i < 2000; ++i) CHECK(asked.facts.wanted_roles[i] == no_role);
}

TEST_CASE("a group is answered with its accounts, each once", "[memory_store]") {
  MemoryStore store;
  put_accounts(store, 5);
  const std::vector<AccountId> some = {who(3), who(1), who(3), who(2), who(1)};
  must(store.overwrite_group(GroupName("some"), some));
  must(store.overwrite_group(GroupName("none"), {}));
  const std::vector<AccountId> broken = {who(3), who(8)};
  CHECK(code(store.overwrite_group(GroupName("some"), broken)) == Errc::not_found);
  CHECK(code(store.overwrite_group(GroupName{}, some)) == Errc::id_empty);

  const std::vector<GroupName> names = {GroupName("none"), GroupName("some"), GroupName("unheard"), GroupName("some")};
  IssuedCommand asked;
  asked.query.groups = names;
  asked.fetch(store);
  const Facts& facts = asked.facts;
  REQUIRE(facts.groups.size() == 4);
  CHECK(facts.groups[0].found);
  CHECK(facts.groups[0].accounts == 0);
  CHECK(facts.groups[1].accounts == 3);
  CHECK_FALSE(facts.groups[2].found);
  REQUIRE(facts.group_accounts.size() == 6);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(facts.group_accounts[3 * i] == who(3));
    CHECK(facts.group_accounts[3 * i + 1] == who(1));
    CHECK(facts.group_accounts[3 * i + 2] == who(2));
  }
  const std::vector<AccountId> other = {who(4)};
  must(store.overwrite_group(GroupName("some"), other));
  asked.fetch(store);
  CHECK(asked.facts.groups[1].accounts == 1);
  CHECK(asked.facts.group_accounts[0] == who(4));
}

TEST_CASE("members are found in whatever order they are asked for, and strangers among them are not",
          "[memory_store]") {
  constexpr std::uint64_t members = 300, everybody = 400;
  MemoryStore store;
  put_organizations(store, 1);
  put_accounts(store, everybody);
  for (std::uint64_t i = 0; i < members; ++i) must(store.put_membership(membership(i + 1, 0, i)));
  std::vector<std::uint64_t> orders[6];
  for (std::uint64_t i = 0; i < members; ++i) {
    orders[0].push_back(i);                // as they joined
    orders[1].push_back(members - 1 - i);  // the other way round
    orders[2].push_back(i);                // with strangers between
    if (i % 3 == 0) orders[2].push_back(members + i / 3);
    orders[3].push_back((i + 64) % members);                       // from the second chunk of records on
    orders[4].push_back(i / 2 * 2 + 1 - i % 2);                    // in pairs that changed places
    if (i % 64 != 63) orders[5].push_back(i / 64 * 128 + i % 64);  // each second chunk, up to its last but one
  }
  for (const bool with_gaps : {false, true}) {
    for (const std::uint64_t gone : {5u, 64u, 127u, 299u})
      if (with_gaps) must(store.erase_membership(org(0), who(gone)));
    for (const auto& order : orders) {
      IssuedCommand asked;
      asked.organizations = {org(0)};
      for (const std::uint64_t i : order) asked.accounts.push_back(who(i % everybody));
      asked.fetch(store);
      std::uint32_t found = 0;
      for (std::uint32_t column = 0; column < order.size(); ++column) {
        const std::uint64_t number = order[column] % everybody;
        if (!store.membership(org(0), who(number)).value()) continue;
        REQUIRE(found < asked.facts.memberships.size());
        CHECK(asked.facts.memberships[found].account == column);
        CHECK(asked.facts.memberships[found++].id == key(number + 1));
      }
      CHECK(found == asked.facts.memberships.size());
    }
  }
}

}
