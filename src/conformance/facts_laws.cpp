// The answer of fetch: the records, in the order of the query.
#include <algorithm>
#include <string>

#include "change_set_builder.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

const OrganizationSelector absent_organization = test_organization(99);
const AccountSelector absent_account = test_account(99);

void rows_in_order(TestContext& test) {
  test.put_organizations(3);
  test.put_accounts(3);
  test.put(OrganizationRecord{.id = test_organization(7), .slug = Slug("seven")});
  test.put(AccountRecord{.id = test_account(7), .email = address("seven@example.org"), .username = Username("seven")});
  OwnedQuery owned_query;
  owned_query.organizations = {test_organization(2), absent_organization, test_organization(0), Slug("seven"),
                               test_organization(2), Slug("eight"),       test_organization(7)};
  owned_query.accounts = {test_account(1),   absent_account,  address("Seven@example.org"), test_account(1),
                          Username("seven"), test_account(0), address("none@example.org"),  Username("none")};
  owned_query.group_accounts = {test_account(2), test_account(98), test_account(7), test_account(1)};
  const std::vector<OrganizationId> organizations = {
      test_organization(2), {}, test_organization(0), test_organization(7),
      test_organization(2), {}, test_organization(7)};
  const std::vector<AccountId> accounts = {
      test_account(1), {}, test_account(7), test_account(1), test_account(7), test_account(0), {}, {},
      test_account(2), {}, test_account(7), test_account(1)};
  Facts facts;
  if (!test.fetch(owned_query, facts)) return;
  if (!test.expect(facts.organizations.size() == organizations.size(),
                   "the answer has not one organization for each row of the query"))
    return;
  for (std::size_t i = 0; i < organizations.size(); ++i)
    test.expect(facts.organizations[i].id == organizations[i], "row " + std::to_string(i) + ", queried by " +
                                                                   text_of(owned_query.organizations[i]) + ", is `" +
                                                                   std::string(facts.organizations[i].id.view()) + "`");
  for (std::size_t i = 0; i < accounts.size(); ++i)
    test.expect(facts.accounts[i].id == accounts[i],
                "column " + std::to_string(i) + " is answered by `" + std::string(facts.accounts[i].id.view()) + "`");
}

void records(TestContext& test) {
  test.put(OrganizationRecord{.id = test_organization(0)});
  test.put(
      OrganizationRecord{.id = test_organization(1), .joinable = false, .closed = true, .seats_max = 3'000'000'000});
  test.put(AccountRecord{.id = test_account(0)});
  test.put(AccountRecord{.id = test_account(1), .disabled = true});
  test.put(AccountRecord{.id = test_account(2), .invited = true});
  test.put(AccountRecord{.id = test_account(3), .verified = true});
  OwnedQuery owned_query;
  owned_query.organizations = {test_organization(0), test_organization(1)};
  for (std::uint32_t i = 0; i < 4; ++i) owned_query.accounts.emplace_back(test_account(i));
  owned_query.counts = true;
  Facts facts;
  if (!test.fetch(owned_query, facts)) return;
  test.expect(facts.organizations[1].counts.seats_max == 3'000'000'000, "`seats_max` is not as it was put");
  test.expect(facts.organizations[0].joinable && !facts.organizations[1].joinable, "`joinable` is not as it was put");
  test.expect(!facts.organizations[0].closed && facts.organizations[1].closed, "`closed` is not as it was put");
  for (std::uint32_t i = 0; i < 4; ++i) {
    const AccountFact& fact = facts.accounts[i];
    test.expect(fact.disabled == (i == 1),
                "`disabled` of " + text_of(owned_query.accounts[i]) + " is not as it was put");
    test.expect(fact.invited == (i == 2), "`invited` of " + text_of(owned_query.accounts[i]) + " is not as it was put");
    test.expect(fact.verified == (i == 3),
                "`verified` of " + text_of(owned_query.accounts[i]) + " is not as it was put");
  }
  // A repeated put makes a new version of the record, with its memberships and the new fields.
  const Version organization = facts.organizations[1].version, account = facts.accounts[1].version;
  test.put(OrganizationRecord{.id = test_organization(1), .joinable = true});
  test.put(AccountRecord{.id = test_account(1), .verified = true});
  if (!test.fetch(owned_query, facts)) return;
  test.expect(facts.organizations[1].joinable && !facts.organizations[1].closed &&
                  facts.organizations[1].version != organization,
              "an organization that was put again is not another version");
  test.expect(!facts.accounts[1].disabled && facts.accounts[1].verified && facts.accounts[1].version != account,
              "an account that was put again is not another version");
}

void nested(TestContext& test) {
  test.put_organizations(3);
  for (std::uint32_t i = 10; i < 13; ++i)
    test.put(OrganizationRecord{.id = test_organization(i), .parent = test_organization(i == 12 ? 1 : 0)});
  test.put(OrganizationRecord{.id = test_organization(20), .parent = test_organization(10)});
  test.put_accounts(2);
  ChangeSetBuilder members(test, {test_organization(0), test_organization(10), test_organization(12)},
                           {test_account(0), test_account(1)});
  members.add(0, 1, admin);
  members.add(1, 0);
  members.add(2, 0);
  members.succeeds("no account is a member");

  OwnedQuery owned_query;
  owned_query.organizations = {Nested{test_organization(0), test_organization(10)},
                               Nested{test_organization(1), test_organization(10)},
                               Nested{test_organization(0), test_organization(99)},
                               Nested{test_organization(99), test_organization(10)},
                               Nested{test_organization(10), test_organization(0)},
                               Nested{test_organization(0), test_organization(11)},
                               Nested{test_organization(1), test_organization(12)},
                               test_organization(2),
                               test_organization(10),
                               Nested{test_organization(0), test_organization(20)},
                               Nested{test_organization(10), test_organization(10)}};
  const std::vector<OrganizationId> found = {
      test_organization(10), {}, {}, {}, {}, test_organization(11), test_organization(12), test_organization(2),
      test_organization(10), {}, {}};
  const std::vector<OrganizationId> parents = {
      test_organization(0), {}, {}, {}, {}, test_organization(0), test_organization(1), {},
      test_organization(0), {}, {}};
  owned_query.accounts = {test_account(0), test_account(1)};
  owned_query.actor = test_account(1);
  Facts facts;
  OwnedQuery inner;
  inner.organizations = {Nested{test_organization(10), test_organization(20)}};
  inner.accounts = {test_account(0)};
  if (!test.fetch(inner, facts)) return;
  test.expect(facts.organizations[0].id == test_organization(20), "a project inside of a project is not found there");
  for (const bool requested : {false, true}) {
    owned_query.parents = requested;
    if (!test.fetch(owned_query, facts)) return;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const OrganizationFact& fact = facts.organizations[i];
      const std::string name = text_of(owned_query.organizations[i]);
      test.expect(fact.id == found[i], name + " is answered by `" + std::string(fact.id.view()) + "`");
      if (!requested || fact.id.empty()) continue;
      const OrganizationId parent = fact.parent == no_index ? OrganizationId() : facts.organizations[fact.parent].id;
      test.expect(parent == parents[i],
                  "the parent of " + name + " is returned as `" + std::string(parent.view()) + "`");
    }
  }
  // Two distinct parents, each once, after the rows, with their memberships and those of the actor.
  test.expect(facts.organizations.size() == found.size() + 2, "the parents are not appended to the rows, each once");
  bool member_found = false, actor_found = false;
  for (const MembershipFact& fact : facts.memberships)
    member_found |= fact.organization >= found.size() &&
                    facts.organizations[fact.organization].id == test_organization(0) && fact.account == 1;
  for (std::size_t i = found.size(); i < facts.organizations.size(); ++i)
    actor_found |= facts.organizations[i].id == test_organization(0) && facts.organizations[i].actor_is_member;
  test.expect(member_found, "a membership in a parent is not in the answer");
  test.expect(actor_found, "the actor's membership in a parent is not in the answer");
}

void memberships(TestContext& test) {
  constexpr std::uint32_t rows = 5, columns = 40;
  test.put_organizations(rows);
  test.put_accounts(columns);
  std::vector<OrganizationSelector> organizations;
  std::vector<AccountSelector> accounts;
  for (std::uint32_t i = 0; i < rows; ++i) organizations.emplace_back(test_organization(i));
  for (std::uint32_t i = 0; i < columns; ++i) accounts.emplace_back(test_account(i));
  std::vector<std::uint32_t> cells;
  for (std::uint32_t cell = 0; cell < rows * columns; ++cell)
    if (test.rng.one_in(2)) cells.push_back(cell);
  test.rng.shuffle(cells);  // the order of joining differs from the order of an answer
  ChangeSetBuilder builder(test, organizations, accounts);
  std::vector<MembershipId> ids(rows * columns);
  for (const std::uint32_t cell : cells) ids[cell] = builder.add(cell / columns, cell % columns);
  builder.succeeds("no account is a member");

  OwnedQuery owned_query;
  owned_query.organizations = organizations;
  owned_query.accounts = accounts;
  std::vector<std::uint32_t> row_order(rows), column_order(columns);
  for (std::uint32_t i = 0; i < rows; ++i) row_order[i] = i;
  for (std::uint32_t i = 0; i < columns; ++i) column_order[i] = i;
  test.rng.shuffle(row_order);
  test.rng.shuffle(column_order);
  for (std::uint32_t i = 0; i < rows; ++i) owned_query.organizations[i] = test_organization(row_order[i]);
  for (std::uint32_t i = 0; i < columns; ++i) owned_query.accounts[i] = test_account(column_order[i]);
  owned_query.accounts.emplace_back(test_account(column_order[0]));  // two columns of one account both have facts
  column_order.push_back(column_order[0]);
  Facts facts;
  if (!test.fetch(owned_query, facts)) return;
  std::size_t at = 0;
  for (std::uint32_t row = 0; row < rows; ++row)
    for (std::uint32_t column = 0; column <= columns; ++column) {
      const MembershipId id = ids[row_order[row] * columns + column_order[column]];
      if (id.empty()) continue;
      const bool fits = at < facts.memberships.size() && facts.memberships[at].organization == row &&
                        facts.memberships[at].account == column && facts.memberships[at].id == id;
      if (!test.expect(fits, "the memberships are not those that exist, sorted by (organization, account): see entry " +
                                 std::to_string(at)))
        return;
      ++at;
    }
  test.expect(at == facts.memberships.size(), "there are memberships in the answer that do not exist");
}

void groups(TestContext& test) {
  test.put_organizations(1);
  test.put_accounts(5);
  test.put(GroupName("even"), {test_account(4), test_account(0), test_account(2)});
  test.put(GroupName("none"), {});
  test.put(GroupName("odd"), {test_account(3)});
  test.put(GroupName("odd"), {test_account(1), test_account(3)});  // a second put replaces the group
  test.put(GroupName("some"), {test_account(3), test_account(2)});
  OwnedQuery owned_query;
  owned_query.groups = {GroupName("odd"),  GroupName("gone"), GroupName("none"),
                        GroupName("even"), GroupName("odd"),  GroupName("some")};
  const std::vector<std::vector<AccountId>> expected = {{test_account(1), test_account(3)},
                                                        {},
                                                        {},
                                                        {test_account(4), test_account(0), test_account(2)},
                                                        {test_account(1), test_account(3)},
                                                        {test_account(3), test_account(2)}};
  Facts facts;
  if (!test.fetch(owned_query, facts)) return;
  std::size_t at = 0;
  for (std::size_t i = 0; i < expected.size() && !test.broken(); ++i) {
    const std::string name(owned_query.groups[i].view());
    test.expect(facts.groups[i].found == (i != 1), "whether group " + name + " is there is answered wrongly");
    if (!test.expect(facts.groups[i].accounts == expected[i].size(), "group " + name + " has another size")) return;
    for (const AccountId& account : expected[i])
      test.expect(facts.group_accounts[at++] == account, "group " + name + " has others in it, or in another order");
  }
}

void same_answer_twice(TestContext& test) {
  rows_in_order(test);
  if (test.broken()) return;
  // An operation reuses its buffer: earlier contents must not appear.
  OwnedQuery large, small;
  for (std::uint32_t i = 0; i < 3; ++i)
    large.organizations.emplace_back(test_organization(i)), large.accounts.emplace_back(test_account(i));
  ChangeSetBuilder members(test, large.organizations, large.accounts);
  for (std::uint32_t i = 0; i < 3; ++i) members.add(i, i);
  members.succeeds("no account is a member");
  large.actor = test_account(0);
  large.roles = {member};
  large.counts = large.inviters = large.parents = true;
  small.organizations = {absent_organization, test_organization(2)};
  small.accounts = {absent_account, test_account(0)};
  Facts reused, fresh;
  test.fetch(large, reused);
  test.fetch(small, reused);
  test.fetch(small, fresh);
  if (test.broken()) return;
  const auto same = [&](const OrganizationFact& a, const OrganizationFact& b) {
    return a.id == b.id && a.parent == b.parent && a.actor_is_member == b.actor_is_member &&
           (a.id.empty() || (a.version == b.version && a.joinable == b.joinable && a.closed == b.closed));
  };
  bool equal = reused.organizations.size() == fresh.organizations.size() && reused.memberships.size() == 0 &&
               fresh.memberships.size() == 0;
  for (std::uint32_t i = 0; equal && i < fresh.organizations.size(); ++i)
    equal = same(reused.organizations[i], fresh.organizations[i]);
  for (std::uint32_t i = 0; equal && i < fresh.accounts.size(); ++i)
    equal = reused.accounts[i].id == fresh.accounts[i].id && reused.accounts[i].disabled == fresh.accounts[i].disabled;
  test.expect(equal, "an answer into a buffer that held another differs from one into a new buffer");
}

constexpr Entry facts_entries[] = {
    {{"facts/rows-in-order",
      "fetch returns one fact for each id, slug, address or username of the query, in order, with an empty id if the "
      "record is missing"},
     rows_in_order},
    {{"facts/records",
      "fetch returns the fields of an organization or account as they were put, and another version after a second "
      "put"},
     records},
    {{"facts/nested",
      "fetch finds a nested organization only directly inside the named parent, and appends each distinct parent once "
      "behind the rows"},
     nested},
    {{"facts/memberships", "fetch returns exactly the existing memberships, sorted by (organization, account)"},
     memberships},
    {{"facts/groups",
      "fetch returns the groups in the order of the query, each with its existence and its accounts in the order of "
      "the put"},
     groups},
    {{"facts/same-answer-twice", "the answer of fetch does not depend on the earlier contents of its buffer"},
     same_answer_twice},
};

}  // namespace

std::span<const Entry> facts_laws() noexcept {
  return facts_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
