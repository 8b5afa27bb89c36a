// The set-up operations and look-ups of MemoryStore: what was put is read back, and each error leaves everything as it
// was.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "memory_store_testing.hpp"

namespace memory_store_test {

using namespace memory_testing;

TEST_CASE("a membership is read back as it was put", "[memory_store]") {
  MemoryStore store;
  put_organizations(store, 3);
  put_accounts(store, 3);
  Membership put = membership(7, 1, 2);
  put.state = MembershipState::invited;
  put.idempotency_key = request(9);
  put.added_at = Time{1'700'000'000'123'999};
  must(store.put_membership(put));

  const auto got = store.membership(org(1), who(2)).value();
  REQUIRE(got);
  CHECK(got->id == key(7));
  CHECK(got->organization == org(1));
  CHECK(got->account == who(2));
  CHECK(got->role == RoleId("member"));
  CHECK(got->state == MembershipState::invited);
  CHECK(got->idempotency_key == request(9));
  CHECK(got->added_at == Time{1'700'000'000'123'000});
  CHECK(got->version == Version{1});
  CHECK_FALSE(store.membership(org(2), who(2)).value());
  CHECK_FALSE(store.membership(org(1), who(1)).value());
  CHECK_FALSE(store.membership(org(9), who(2)).value());
  CHECK(store.membership_count() == 1);
  CHECK(store.member_count(org(1)).value() == 1);
  CHECK(store.organization_count(who(2)).value() == 1);
}

TEST_CASE("times outside the years that are kept are moved to their ends", "[memory_store]") {
  MemoryStore store;
  put_organizations(store, 1);
  put_accounts(store, 2);
  Membership put = membership(1, 0, 0);
  put.added_at = Time{std::numeric_limits<std::int64_t>::min()};
  must(store.put_membership(put));
  CHECK(store.membership(org(0), who(0)).value()->added_at == Time{0});
  put = membership(2, 0, 1);
  put.added_at = Time{std::numeric_limits<std::int64_t>::max()};
  must(store.put_membership(put));
  CHECK(store.membership(org(0), who(1)).value()->added_at == Time{((std::int64_t{1} << 48) - 1) * 1000});
}

TEST_CASE("put_membership: exists, not_found, id_empty, and nothing written", "[memory_store]") {
  MemoryStore store;
  put_organizations(store, 1);
  put_accounts(store, 1);
  must(store.put_membership(membership(1, 0, 0)));
  CHECK(code(store.put_membership(membership(2, 0, 0))) == Errc::exists);
  CHECK(code(store.put_membership(membership(2, 5, 0))) == Errc::not_found);
  CHECK(code(store.put_membership(membership(2, 0, 5))) == Errc::not_found);
  for (int missing = 0; missing < 4; ++missing) {
    Membership put = membership(2, 0, 0);
    if (missing == 0) put.id = {};
    if (missing == 1) put.organization = {};
    if (missing == 2) put.account = {};
    if (missing == 3) put.role = {};
    CHECK(code(store.put_membership(put)) == Errc::id_empty);
  }
  put_accounts(store, 2);
  Membership gone = membership(2, 0, 1);
  gone.state = MembershipState::removed;  // a removal has a moment and an author, which this operation is not told
  CHECK(code(store.put_membership(gone)) == Errc::not_found);
  CHECK_FALSE(store.membership(org(0), who(1)).value().has_value());
  CHECK_FALSE(store.former_membership(org(0), who(1)).value().has_value());
  CHECK(store.membership_count() == 1);
  CHECK(store.membership(org(0), who(0)).value()->id == key(1));
}

TEST_CASE("an organization is found by id, by slug and inside its parent", "[memory_store]") {
  MemoryStore store;
  must(store.put_organization({.id = org(0), .slug = Slug("top")}));
  must(store.put_organization({.id = org(1), .slug = Slug("project"), .parent = org(0), .joinable = false}));
  const auto got = store.organization(Slug("project")).value();
  REQUIRE(got);
  CHECK(got->id == org(1));
  CHECK(got->slug == Slug("project"));
  CHECK(got->parent == org(0));
  CHECK_FALSE(got->joinable);
  CHECK(store.organization(org(1)).value());
  CHECK(store.organization(Nested{org(0), org(1)}).value());
  CHECK_FALSE(store.organization(Nested{org(1), org(1)}).value());
  CHECK_FALSE(store.organization(Nested{org(1), org(0)}).value());
  CHECK_FALSE(store.organization(Nested{org(0), org(7)}).value());
  CHECK_FALSE(store.organization(Slug("Project")).value());
  CHECK_FALSE(store.organization(OrganizationId{}).value());
  CHECK_FALSE(store.organization(Slug{}).value());
}

TEST_CASE("overwrite_organization changes what is there, moves the slug and raises the version", "[memory_store]") {
  MemoryStore store;
  must(store.overwrite_organization({.id = org(0), .slug = Slug("first")}));
  must(store.overwrite_organization({.id = org(1), .slug = Slug("second")}));
  const auto version = [&] {
    IssuedCommand asked;
    asked.organizations = {org(0)};
    asked.accounts = {who(0)};
    asked.fetch(store);
    return asked.facts.organizations[0].version;
  };
  CHECK(version() == Version{1});
  CHECK(code(store.overwrite_organization({.id = org(0), .slug = Slug("second")})) == Errc::exists);
  CHECK(code(store.overwrite_organization({.id = org(5), .slug = Slug("second")})) == Errc::exists);
  CHECK(code(store.overwrite_organization({.id = org(0), .parent = org(8)})) == Errc::not_found);
  CHECK(code(store.overwrite_organization({.id = org(0), .parent = org(0)})) == Errc::parent_cycle);
  CHECK(code(store.overwrite_organization({.id = org(8), .parent = org(8)})) == Errc::not_found);
  CHECK(code(store.overwrite_organization({})) == Errc::id_empty);
  CHECK(store.organization_count() == 2);
  CHECK_FALSE(store.organization(org(5)).value());
  CHECK(version() == Version{1});
  CHECK(store.organization(Slug("first")).value()->id == org(0));

  must(store.overwrite_organization({.id = org(0), .slug = Slug("third")}));
  CHECK(version() == Version{2});
  CHECK_FALSE(store.organization(Slug("first")).value());
  CHECK(store.organization(Slug("third")).value()->id == org(0));
  must(store.overwrite_organization({.id = org(1), .slug = Slug("first")}));
  must(store.overwrite_organization({.id = org(0)}));
  CHECK_FALSE(store.organization(Slug("third")).value());
  CHECK(store.organization(org(0)).value()->slug.empty());
  must(store.put_role(org(0), {.id = RoleId("member")}, any_version));
  CHECK(version() == Version{4});
  CHECK(code(store.put_role(org(9), {.id = RoleId("member")}, any_version)) == Errc::not_found);
  CHECK(code(store.put_role(org(0), {}, any_version)) == Errc::id_empty);
}

TEST_CASE("an account is found by id, e-mail key and username, as written", "[memory_store]") {
  MemoryStore store;
  must(store.put_account({.id = who(4),
                          .email = email("Ann.Lee@Example.com"),
                          .username = Username("Ann"),
                          .disabled = true,
                          .invited = true}));
  must(store.put_account({.id = who(5)}));
  for (const AccountSelector& selector :
       {AccountSelector{who(4)}, AccountSelector{email("ann.lee@example.COM")}, AccountSelector{Username("Ann")}}) {
    const auto got = store.account(selector).value();
    REQUIRE(got);
    CHECK(got->id == who(4));
    CHECK(got->email->text() == "Ann.Lee@Example.com");
    CHECK(got->email->key() == "ann.lee@example.com");
    CHECK(got->username == Username("Ann"));
    CHECK(got->disabled);
    CHECK(got->invited);
  }
  CHECK_FALSE(store.account(Username("ann")).value());
  CHECK_FALSE(store.account(email("ann@example.com")).value());
  CHECK_FALSE(store.account(AccountId{}).value());
  CHECK_FALSE(store.account(Email{}).value());
  CHECK_FALSE(store.account(Username{}).value());
  CHECK_FALSE(store.account(who(5)).value()->email);
  CHECK(store.account(who(5)).value()->username.empty());
}

TEST_CASE("an address keeps the key that its own rules gave it", "[memory_store]") {
  MemoryStore store;
  const Email quoted =
      Email::parse("\"A b\"@Host", {.grammar = EmailGrammar::mailbox, .letters = EmailCase::fold_domain}).value();
  must(store.put_account({.id = who(0), .email = quoted}));
  const auto got = store.account(who(0)).value();
  REQUIRE(got);
  CHECK(got->email->text() == "\"A b\"@Host");
  CHECK(got->email->key() == "\"A b\"@host");
}

TEST_CASE("usernames that differ in ASCII case only are one where the store folds them", "[memory_store]") {
  MemoryStore store({.case_insensitive_usernames = true});
  must(store.overwrite_account({.id = who(0), .username = Username("AnnLee")}));
  CHECK(code(store.overwrite_account({.id = who(1), .username = Username("annlee")})) == Errc::exists);
  CHECK(store.account(Username("ANNLEE")).value()->username == Username("AnnLee"));
  must(store.overwrite_account({.id = who(0), .username = Username("annLEE")}));
  CHECK(store.account(Username("annlee")).value()->username == Username("annLEE"));
  must(store.overwrite_account({.id = who(0), .username = Username("other")}));
  CHECK_FALSE(store.account(Username("annlee")).value());
  CHECK(store.account_count() == 1);
}

TEST_CASE("usernames and group names of 255 bytes are stored and compared to the last byte", "[memory_store]") {
  const auto name = [](char letter, char last) { return std::string(254, letter) + last; };
  MemoryStore store({.case_insensitive_usernames = true});
  must(store.overwrite_account({.id = who(0), .username = Username::parse(name('n', 'a')).value()}));
  must(store.overwrite_account({.id = who(1), .username = Username::parse(name('n', 'b')).value()}));
  CHECK(store.account(Username::parse(name('N', 'B')).value()).value()->id == who(1));
  CHECK(store.account(Username::parse(name('N', 'B')).value()).value()->username.view() == name('n', 'b'));
  CHECK_FALSE(store.account(Username::parse(name('n', 'c')).value()).value());
  CHECK(code(store.overwrite_account({.id = who(2), .username = Username::parse(name('N', 'A')).value()})) ==
        Errc::exists);
  must(store.overwrite_account({.id = who(0), .username = Username::parse(name('m', 'a')).value()}));
  CHECK_FALSE(store.account(Username::parse(name('n', 'a')).value()).value());
  CHECK(store.account(Username::parse(name('M', 'A')).value()).value()->id == who(0));

  const std::vector<GroupName> groups = {GroupName::parse(name('g', 'a')).value(),
                                         GroupName::parse(name('g', 'b')).value(),
                                         GroupName::parse(name('g', 'c')).value()};
  for (std::size_t i = 0; i < 2; ++i) must(store.overwrite_group(groups[i], std::vector<AccountId>(1, who(i))));
  Query query;
  query.groups = groups;
  Facts facts;
  must(store.fetch(query, facts));
  CHECK(facts.groups[0].found);
  CHECK(facts.groups[1].found);
  CHECK_FALSE(facts.groups[2].found);
  CHECK(facts.group_accounts[0] == who(0));
  CHECK(facts.group_accounts[1] == who(1));
}

TEST_CASE("overwrite_account: a taken address or name changes nothing, not even the other of the two",
          "[memory_store]") {
  MemoryStore store;
  must(store.overwrite_account({.id = who(0), .email = email("a@x.org"), .username = Username("a")}));
  must(store.overwrite_account({.id = who(1), .email = email("b@x.org"), .username = Username("b")}));
  CHECK(code(store.overwrite_account({.id = who(2), .email = email("A@x.org")})) == Errc::exists);
  CHECK(code(store.overwrite_account({.id = who(2), .email = email("c@x.org"), .username = Username("a")})) ==
        Errc::exists);
  CHECK(code(store.overwrite_account({.id = who(1), .email = email("c@x.org"), .username = Username("a")})) ==
        Errc::exists);
  CHECK(code(store.overwrite_account({.id = who(1), .email = email("a@x.org"), .username = Username("c")})) ==
        Errc::exists);
  CHECK(code(store.overwrite_account({})) == Errc::id_empty);
  CHECK(store.account_count() == 2);
  CHECK_FALSE(store.account(email("c@x.org")).value());
  CHECK_FALSE(store.account(Username("c")).value());
  CHECK(store.account(email("b@x.org")).value()->username == Username("b"));

  must(store.overwrite_account({.id = who(1), .email = email("B@x.org"), .disabled = true}));
  CHECK(store.account(email("b@x.org")).value()->email->text() == "B@x.org");
  CHECK(store.account(who(1)).value()->disabled);
  CHECK_FALSE(store.account(Username("b")).value());
  must(store.overwrite_account({.id = who(1)}));
  CHECK_FALSE(store.account(email("b@x.org")).value());
  must(store.overwrite_account({.id = who(2), .email = email("b@x.org"), .username = Username("b")}));
  CHECK(store.account(Username("b")).value()->id == who(2));
}

TEST_CASE("erasing forgets one membership and no other", "[memory_store]") {
  for (const std::size_t count : {3u, 9u, 70u, 300u}) {
    MemoryStore store;
    put_organizations(store, count);
    put_accounts(store, count);
    for (std::uint64_t i = 0; i < count; ++i) {
      must(store.put_membership(membership(i + 1, 0, i)));
      if (i != 0) must(store.put_membership(membership(1000 + i, i, 0)));
    }
    CHECK(code(store.erase_membership(org(1), who(1))) == Errc::not_found);
    CHECK(code(store.erase_membership(org(999), who(1))) == Errc::not_found);
    // All but every third go, from the front, so that the gaps are closed on the way.
    for (std::uint64_t i = 0; i < count; ++i) {
      if (i % 3 == 2) continue;
      must(store.erase_membership(org(0), who(i)));
      CHECK(code(store.erase_membership(org(0), who(i))) == Errc::not_found);
      if (i != 0) must(store.erase_membership(org(i), who(0)));
    }
    const std::size_t left = members_of(store, org(0)).size();
    REQUIRE(left == count / 3);
    REQUIRE(store.member_count(org(0)).value() == left);
    std::set<OrganizationId> organizations;
    for (const Membership& one : organizations_of(store, who(0))) organizations.insert(one.organization);
    REQUIRE(organizations.size() == left);
    for (std::size_t i = 0; i < left; ++i) CHECK(organizations.contains(org(3 * i + 2)));
    for (std::uint64_t i = 0; i < count; ++i) CHECK(bool(store.membership(org(0), who(i)).value()) == (i % 3 == 2));
    must(store.put_membership(membership(5000, 0, 0)));
    CHECK(store.membership_count() == 2 * left + 1);
  }
}

TEST_CASE("a listing is in the order of ids, in pages of any size, also of none", "[memory_store]") {
  MemoryStore store;
  put_organizations(store, 40);
  put_accounts(store, 40);
  std::vector<AccountId> accounts;
  std::vector<OrganizationId> organizations;
  for (std::uint64_t i = 0; i < 40; ++i) {
    must(store.put_membership(membership(i + 1, 0, i * 7 % 40)));
    if (i != 0) must(store.put_membership(membership(1000 + i, i * 7 % 40, 0)));
    accounts.push_back(who(i));
    organizations.push_back(org(i));
  }
  std::sort(accounts.begin(), accounts.end());
  std::sort(organizations.begin(), organizations.end());
  for (const std::size_t size : {1u, 2u, 7u, 39u, 40u, 41u, 100u}) {
    const std::vector<Membership> members = members_of(store, org(0), size);
    REQUIRE(members.size() == 40);
    for (std::size_t i = 0; i < 40; ++i) CHECK(members[i].account == accounts[i]);
    const std::vector<Membership> joined = organizations_of(store, who(0), size);
    REQUIRE(joined.size() == 40);
    for (std::size_t i = 0; i < 40; ++i) CHECK(joined[i].organization == organizations[i]);
  }
  CHECK(store.members(org(0), {}, {}).value() == 0);
  std::array<Membership, 10> reused;  // the id to go on behind may be on the page that is filled
  CHECK(store.members(org(0), {}, reused).value() == 10);
  CHECK(store.members(org(0), reused.back().account, reused).value() == 10);
  for (std::size_t i = 0; i < 10; ++i) CHECK(reused[i].account == accounts[10 + i]);
  std::array<Membership, 3> page;
  CHECK(store.members(org(0), accounts.back(), page).value() == 0);
  CHECK(store.members(org(1000), {}, page).value() == 0);
  CHECK(store.organizations_of(who(999), {}, page).value() == 0);
}

TEST_CASE("members who stay are listed once, whoever joins and leaves between two pages", "[memory_store]") {
  for (const std::uint64_t stays : {1u, 2u, 3u, 1000u}) {  // every so manyeth stays
    INFO("every " << stays << "th stays");
    MemoryStore store;
    put_organizations(store, 1);
    put_accounts(store, 400);
    for (std::uint64_t i = 0; i < 200; ++i) must(store.put_membership(membership(i + 1, 0, i)));
    std::map<AccountId, unsigned> seen;
    std::array<Membership, 7> page;
    AccountId after;
    std::uint64_t joined = 200;
    while (const std::size_t count = store.members(org(0), after, page).value()) {
      after = page[count - 1].account;
      for (std::size_t i = 0; i < count; ++i) ++seen[page[i].account];
      for (std::uint64_t n = 0; n < 200; ++n)
        if (n % stays != stays - 1 && seen.contains(who(n))) (void)store.erase_membership(org(0), who(n));
      for (int i = 0; i < 3 && joined < 400; ++i, ++joined)
        must(store.put_membership(membership(joined + 1, 0, joined)));
    }
    for (std::uint64_t n = 0; n < 200; ++n) CHECK(seen[who(n)] == 1);
    for (const auto& [account, times] : seen) CHECK(times <= 1);
  }
}

}
