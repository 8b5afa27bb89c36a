// Pages of sets: the members of an organization, and the organizations of an account.
#include <algorithm>
#include <map>
#include <string>

#include "change_set_builder.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;

constexpr std::uint32_t members_most = 9;

/// Six organizations, the last five inside the first, and accounts in every state. One request wrote the first three
/// memberships of the second organization, and removed one of them.
class Sets {
 public:
  explicit Sets(TestContext& test) : test_(test) {
    test.put(OrganizationRecord{.id = test_organization(0)});
    for (std::uint32_t i = 1; i < 6; ++i)
      test.put(
          OrganizationRecord{.id = test_organization(i), .parent = i < 4 ? test_organization(0) : OrganizationId()});
    test.put_accounts(members_most + 1);
    for (std::uint32_t row = 0; row < 5; ++row)
      for (std::uint32_t column = 0; column < members_most; ++column)
        if (row != 4 || column == 3) write(row, column);
    remove(1, {5, 7});
    remove(2, {3});
  }

  /// All entries of a set, in pages of this size. `between` is called after each page.
  std::vector<std::string> all(SetPage page, std::uint32_t size, const std::function<void()>& between = {}) {
    std::vector<std::string> listed;
    page.entries_max = size;
    for (std::uint32_t pages = 0; pages < 100; ++pages) {
      Query query;
      query.set = &page;
      query.idempotency_key = idempotency_key;
      Facts facts;
      const CallStatus status = call(test_.store(), query, facts);
      if (!test_.expect(status.ok(), "fetch of a page: " + text_of(status))) return listed;
      if (!test_.expect(validate_facts(query, facts).has_value(),
                        "a page has more entries than requested, or an empty id"))
        return listed;
      for (const AccountFact& fact : facts.accounts) listed.emplace_back(fact.id.view());
      for (const OrganizationFact& fact : facts.organizations) listed.emplace_back(fact.id.view());
      if (facts.accounts.size() + facts.organizations.size() < size) return listed;
      if (page.of == SetPage::Of::members) {
        page.after_account = facts.accounts.back().id;
        page.after = facts.accounts.back().locator;
      } else {
        page.after_organization = facts.organizations.back().id;
        page.after = facts.organizations.back().locator;
      }
      if (between) between();
    }
    test_.fail("a set has no end");
    return listed;
  }

  void expect(const SetPage& page, std::vector<std::string> expected, const std::string& what) {
    std::sort(expected.begin(), expected.end());
    for (const std::uint32_t size : {1u, 2u, 4u, 1000u}) {
      std::vector<std::string> listed = all(page, size);
      std::sort(listed.begin(), listed.end());
      std::string text;
      for (const std::string& id : listed) text += (text.empty() ? "" : ", ") + id;
      test_.expect(listed == expected, "in pages of " + std::to_string(size) + ", " + what + ": " + text);
    }
  }

  void write(std::uint32_t row, std::uint32_t column) {
    static constexpr std::array states = {State::active, State::invited, State::active, State::active};
    ChangeSetBuilder builder(test_, {test_organization(row)}, {test_account(column)});
    builder.add(0, 0, column % 3 == 0 ? admin : member, states[column % 4]);
    builder.succeeds("the account is no member");
  }
  void remove(std::uint32_t row, const std::vector<std::uint32_t>& columns) {
    for (const std::uint32_t column : columns) {
      ChangeSetBuilder builder(test_, {test_organization(row)}, {test_account(column)});
      builder.remove(0, 0);
      builder.succeeds("the membership has the version that was read");
      removed_by[{row, column}] = builder.changes.idempotency_key;
    }
  }

  std::map<std::pair<std::uint32_t, std::uint32_t>, IdempotencyKey> removed_by;
  IdempotencyKey idempotency_key{};  // of the queries

 private:
  TestContext& test_;
};

std::vector<std::string> accounts(std::vector<std::uint32_t> numbers) {
  std::vector<std::string> ids;
  for (const std::uint32_t number : numbers) ids.emplace_back(test_account(number).view());
  return ids;
}
std::vector<std::string> organizations(std::vector<std::uint32_t> numbers) {
  std::vector<std::string> ids;
  for (const std::uint32_t number : numbers) ids.emplace_back(test_organization(number).view());
  return ids;
}

void members(TestContext& test) {
  Sets sets(test);
  SetPage page;
  page.organization = test_organization(1);
  sets.expect(page, accounts({0, 1, 2, 3, 4, 6, 8}), "the members of an organization are not all listed once");
  page.any_state = false;
  page.state = State::invited;
  sets.expect(page, accounts({1}), "the invitations of an organization are not all listed once");
  page.state = State::suspended;
  sets.expect(page, {}, "a state without memberships lists some");
  page.any_state = true;
  page.role = admin;
  sets.expect(page, accounts({0, 3, 6}), "the members with a role are not all listed once");
  page.role = owner;
  sets.expect(page, {}, "a role that no member has lists some");
  page.role = {};
  page.organization = test_organization(5);
  sets.expect(page, {}, "an organization without members lists some");
  page.organization = test_organization(77);
  sets.expect(page, {}, "an unknown organization lists some");
}

void organizations_of(TestContext& test) {
  Sets sets(test);
  SetPage page;
  page.of = SetPage::Of::organizations;
  page.account = test_account(3);
  sets.expect(page, organizations({0, 1, 3, 4}), "the organizations of an account are not all listed once");
  page.parent = test_organization(0);
  sets.expect(page, organizations({1, 3}), "the organizations inside another one are not all listed once");
  page.with_parent = true;
  sets.expect(page, organizations({0, 1, 3}), "an organization and those inside it are not all listed once");
  page.parent = test_organization(5);
  sets.expect(page, {}, "a parent of which the account is no member lists some");
  page.parent = test_organization(77);
  sets.expect(page, {}, "an unknown parent lists some");
  page.parent = {};
  page.with_parent = false;
  page.role = member;
  sets.expect(page, {}, "a role that the account has nowhere lists some");
  page.account = test_account(4);
  sets.expect(page, organizations({0, 1, 2, 3}),
              "the organizations where an account has a role are not all listed once");
  page.any_state = false;
  page.state = State::invited;
  sets.expect(page, {}, "a state that the account has nowhere lists some");
  page = {};
  page.of = SetPage::Of::organizations;
  page.account = test_account(members_most);
  sets.expect(page, {}, "an account without memberships lists some");
  page.account = test_account(77);
  sets.expect(page, {}, "an unknown account lists some");
}

/// What a request wrote is in its sets, whatever the state and role.
void of_request(TestContext& test) {
  Sets sets(test);
  SetPage page;
  page.organization = test_organization(1);
  sets.idempotency_key = bound(IdempotencyKey::of("another request"), AccountId());
  sets.expect(page, accounts({0, 1, 2, 3, 4, 6, 8}), "tombstones of other requests are listed");
  sets.idempotency_key = sets.removed_by[{1, 5}];
  sets.expect(page, accounts({0, 1, 2, 3, 4, 5, 6, 8}), "a tombstone that carries the key is not listed once");
  page.role = owner;
  sets.expect(page, accounts({5}), "a tombstone that carries the key is not listed with a role");
  page.role = {};
  page.any_state = false;
  page.state = State::invited;
  sets.expect(page, accounts({1, 5}), "a tombstone that carries the key is not listed with a state");
  page = {};
  page.of = SetPage::Of::organizations;
  page.account = test_account(3);
  sets.idempotency_key = sets.removed_by[{2, 3}];
  sets.expect(page, organizations({0, 1, 2, 3, 4}),
              "a tombstone that carries the key is not listed among organizations");
  page.parent = test_organization(0);
  sets.expect(page, organizations({1, 2, 3}), "a tombstone that carries the key is not listed inside a parent");
  page.parent = test_organization(4);
  sets.expect(page, {}, "a tombstone that carries the key is listed inside another parent");
}

/// Members that stay are listed once, while others begin and end between the pages.
void while_others_change(TestContext& test) {
  for (const bool keeps : {true, false}) {
    test.fresh();
    Sets sets(test);
    SetPage page;
    page.organization = test_organization(3);
    std::uint32_t changes = 0;
    const auto change = [&] {
      // Accounts 1, 2 and 4 go, in any order; the last one begins.
      static constexpr std::array going = {4u, 1u, 2u};
      if (changes < going.size()) {
        ChangeSetBuilder builder(test, {test_organization(3)}, {test_account(going[changes])});
        builder.changes.keeps_tombstones = keeps;
        builder.remove(0, 0);
        builder.succeeds("the membership has the version that was read");
      } else if (changes == going.size()) {
        sets.write(3, members_most);
      }
      ++changes;
    };
    const std::vector<std::string> listed = sets.all(page, 2, change);
    for (const std::string& id : accounts({0, 3, 5, 6, 7, 8}))
      test.expect(std::count(listed.begin(), listed.end(), id) == 1,
                  "`" + id + "` stays and is not listed exactly once");
  }
}

constexpr Entry set_entries[] = {
    {{"sets/members",
      "a page of a set lists the members of an organization, each once, with the state and the role of the set"},
     members},
    {{"sets/organizations",
      "a page of a set lists the organizations of an account, each once, with the state, role and parent of the set"},
     organizations_of},
    {{"sets/of-request", "a set contains the memberships and tombstones that carry the key of its query"}, of_request},
    {{"sets/while-others-change", "a member that stays is on exactly one page, whatever is written between two pages"},
     while_others_change},
};

}  // namespace

std::span<const Entry> set_laws() noexcept {
  return set_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
