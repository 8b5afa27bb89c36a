// The answer of fetch: the records, in the order of the query.
#include <algorithm>
#include <string>

#include "draft.hpp"
#include "laws.hpp"

ROSTER_BEGIN
namespace conformance {

namespace {

const OrganizationSelector absent_organization = org(99);
const AccountSelector absent_account = who(99);

void rows_in_order(Stage& stage) {
  stage.put_organizations(3);
  stage.put_accounts(3);
  stage.put(OrganizationRecord{.id = org(7), .slug = Slug("seven")});
  stage.put(AccountRecord{.id = who(7), .email = address("seven@example.org"), .username = Username("seven")});
  Ask ask;
  ask.organizations = {org(2), absent_organization, org(0), Slug("seven"), org(2), Slug("eight"), org(7)};
  ask.accounts = {who(1),
                  absent_account,
                  address("Seven@example.org"),
                  who(1),
                  Username("seven"),
                  who(0),
                  address("none@example.org"),
                  Username("none")};
  ask.group_accounts = {who(2), who(98), who(7), who(1)};
  const std::vector<OrganizationId> organizations = {org(2), {}, org(0), org(7), org(2), {}, org(7)};
  const std::vector<AccountId> accounts = {who(1), {}, who(7), who(1), who(7), who(0),
                                           {},     {}, who(2), {},     who(7), who(1)};
  Facts facts;
  if (!stage.fetch(ask, facts)) return;
  if (!stage.expect(facts.organizations.size() == organizations.size(), "not one organization for each that was asked"))
    return;
  for (std::size_t i = 0; i < organizations.size(); ++i)
    stage.expect(facts.organizations[i].id == organizations[i],
                 "row " + std::to_string(i) + ", asked as " + text_of(ask.organizations[i]) + ", is answered by `" +
                     std::string(facts.organizations[i].id.view()) + "`");
  for (std::size_t i = 0; i < accounts.size(); ++i)
    stage.expect(facts.accounts[i].id == accounts[i],
                 "column " + std::to_string(i) + " is answered by `" + std::string(facts.accounts[i].id.view()) + "`");
}

void records(Stage& stage) {
  stage.put(OrganizationRecord{.id = org(0)});
  stage.put(OrganizationRecord{.id = org(1), .joinable = false, .seats_max = 3'000'000'000});
  stage.put(AccountRecord{.id = who(0)});
  stage.put(AccountRecord{.id = who(1), .disabled = true});
  stage.put(AccountRecord{.id = who(2), .invited = true});
  stage.put(AccountRecord{.id = who(3), .verified = true});
  Ask ask;
  ask.organizations = {org(0), org(1)};
  for (std::uint32_t i = 0; i < 4; ++i) ask.accounts.emplace_back(who(i));
  ask.counts = true;
  Facts facts;
  if (!stage.fetch(ask, facts)) return;
  stage.expect(facts.organizations[1].counts.seats_max == 3'000'000'000, "`seats_max` is not as it was put");
  stage.expect(facts.organizations[0].joinable && !facts.organizations[1].joinable, "`joinable` is not as it was put");
  for (std::uint32_t i = 0; i < 4; ++i) {
    const AccountFact& fact = facts.accounts[i];
    stage.expect(fact.disabled == (i == 1), "`disabled` of " + text_of(ask.accounts[i]) + " is not as it was put");
    stage.expect(fact.invited == (i == 2), "`invited` of " + text_of(ask.accounts[i]) + " is not as it was put");
    stage.expect(fact.verified == (i == 3), "`verified` of " + text_of(ask.accounts[i]) + " is not as it was put");
  }
  // A record that is put again is another version of it, with the old membership and the new fields.
  const Version organization = facts.organizations[1].version, account = facts.accounts[1].version;
  stage.put(OrganizationRecord{.id = org(1), .joinable = true});
  stage.put(AccountRecord{.id = who(1), .verified = true});
  if (!stage.fetch(ask, facts)) return;
  stage.expect(facts.organizations[1].joinable && facts.organizations[1].version != organization,
               "an organization that was put again is not another version");
  stage.expect(!facts.accounts[1].disabled && facts.accounts[1].verified && facts.accounts[1].version != account,
               "an account that was put again is not another version");
}

void nested(Stage& stage) {
  stage.put_organizations(3);
  for (std::uint32_t i = 10; i < 13; ++i) stage.put(OrganizationRecord{.id = org(i), .parent = org(i == 12 ? 1 : 0)});
  stage.put(OrganizationRecord{.id = org(20), .parent = org(10)});
  stage.put_accounts(2);
  Draft members(stage, {org(0), org(10), org(12)}, {who(0), who(1)});
  members.add(0, 1, admin);
  members.add(1, 0);
  members.add(2, 0);
  members.succeeds("nobody is a member");

  Ask ask;
  ask.organizations = {Nested{org(0), org(10)},
                       Nested{org(1), org(10)},
                       Nested{org(0), org(99)},
                       Nested{org(99), org(10)},
                       Nested{org(10), org(0)},
                       Nested{org(0), org(11)},
                       Nested{org(1), org(12)},
                       org(2),
                       org(10),
                       Nested{org(0), org(20)},
                       Nested{org(10), org(10)}};
  const std::vector<OrganizationId> found = {org(10), {}, {}, {}, {}, org(11), org(12), org(2), org(10), {}, {}};
  const std::vector<OrganizationId> parents = {org(0), {}, {}, {}, {}, org(0), org(1), {}, org(0), {}, {}};
  ask.accounts = {who(0), who(1)};
  ask.actor = who(1);
  Facts facts;
  Ask inner;
  inner.organizations = {Nested{org(10), org(20)}};
  inner.accounts = {who(0)};
  if (!stage.fetch(inner, facts)) return;
  stage.expect(facts.organizations[0].id == org(20), "a project inside of a project is not found there");
  for (const bool asked : {false, true}) {
    ask.parents = asked;
    if (!stage.fetch(ask, facts)) return;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const OrganizationFact& fact = facts.organizations[i];
      const std::string name = text_of(ask.organizations[i]);
      stage.expect(fact.id == found[i], name + " is answered by `" + std::string(fact.id.view()) + "`");
      if (!asked || fact.id.empty()) continue;
      const OrganizationId parent = fact.parent == no_index ? OrganizationId() : facts.organizations[fact.parent].id;
      stage.expect(parent == parents[i],
                   "the parent of " + name + " is answered as `" + std::string(parent.view()) + "`");
    }
  }
  // Two distinct parents of rows, each once, behind the rows, with their memberships and the actor's.
  stage.expect(facts.organizations.size() == found.size() + 2, "the parents do not stand behind the rows, each once");
  bool told = false, led = false;
  for (const MembershipFact& fact : facts.memberships)
    told |=
        fact.organization >= found.size() && facts.organizations[fact.organization].id == org(0) && fact.account == 1;
  for (std::size_t i = found.size(); i < facts.organizations.size(); ++i)
    led |= facts.organizations[i].id == org(0) && facts.organizations[i].actor_is_member;
  stage.expect(told, "a membership in a parent is not in the answer");
  stage.expect(led, "the actor's membership in a parent is not in the answer");
}

void memberships(Stage& stage) {
  constexpr std::uint32_t rows = 5, columns = 40;
  stage.put_organizations(rows);
  stage.put_accounts(columns);
  std::vector<OrganizationSelector> organizations;
  std::vector<AccountSelector> accounts;
  for (std::uint32_t i = 0; i < rows; ++i) organizations.emplace_back(org(i));
  for (std::uint32_t i = 0; i < columns; ++i) accounts.emplace_back(who(i));
  std::vector<std::uint32_t> cells;
  for (std::uint32_t cell = 0; cell < rows * columns; ++cell)
    if (stage.chance.one_in(2)) cells.push_back(cell);
  stage.chance.shuffle(cells);  // the order of joining is not the order of an answer
  Draft draft(stage, organizations, accounts);
  std::vector<MembershipId> ids(rows * columns);
  for (const std::uint32_t cell : cells) ids[cell] = draft.add(cell / columns, cell % columns);
  draft.succeeds("nobody is a member");

  Ask ask;
  ask.organizations = organizations;
  ask.accounts = accounts;
  std::vector<std::uint32_t> row_order(rows), column_order(columns);
  for (std::uint32_t i = 0; i < rows; ++i) row_order[i] = i;
  for (std::uint32_t i = 0; i < columns; ++i) column_order[i] = i;
  stage.chance.shuffle(row_order);
  stage.chance.shuffle(column_order);
  for (std::uint32_t i = 0; i < rows; ++i) ask.organizations[i] = org(row_order[i]);
  for (std::uint32_t i = 0; i < columns; ++i) ask.accounts[i] = who(column_order[i]);
  ask.accounts.emplace_back(who(column_order[0]));  // two columns that name one account are both answered
  column_order.push_back(column_order[0]);
  Facts facts;
  if (!stage.fetch(ask, facts)) return;
  std::size_t at = 0;
  for (std::uint32_t row = 0; row < rows; ++row)
    for (std::uint32_t column = 0; column <= columns; ++column) {
      const MembershipId id = ids[row_order[row] * columns + column_order[column]];
      if (id.empty()) continue;
      const bool fits = at < facts.memberships.size() && facts.memberships[at].organization == row &&
                        facts.memberships[at].account == column && facts.memberships[at].id == id;
      if (!stage.expect(fits,
                        "the memberships are not those that exist, sorted by (organization, account): see entry " +
                            std::to_string(at)))
        return;
      ++at;
    }
  stage.expect(at == facts.memberships.size(), "there are memberships in the answer that do not exist");
}

void groups(Stage& stage) {
  stage.put_organizations(1);
  stage.put_accounts(5);
  stage.put(GroupName("even"), {who(4), who(0), who(2)});
  stage.put(GroupName("none"), {});
  stage.put(GroupName("odd"), {who(3)});
  stage.put(GroupName("odd"), {who(1), who(3)});  // a second put replaces
  stage.put(GroupName("some"), {who(3), who(2)});
  Ask ask;
  ask.groups = {GroupName("odd"),  GroupName("gone"), GroupName("none"),
                GroupName("even"), GroupName("odd"),  GroupName("some")};
  const std::vector<std::vector<AccountId>> expected = {
      {who(1), who(3)}, {}, {}, {who(4), who(0), who(2)}, {who(1), who(3)}, {who(3), who(2)}};
  Facts facts;
  if (!stage.fetch(ask, facts)) return;
  std::size_t at = 0;
  for (std::size_t i = 0; i < expected.size() && !stage.broken(); ++i) {
    const std::string name(ask.groups[i].view());
    stage.expect(facts.groups[i].found == (i != 1), "whether group " + name + " is there is answered wrongly");
    if (!stage.expect(facts.groups[i].accounts == expected[i].size(), "group " + name + " has another size")) return;
    for (const AccountId& account : expected[i])
      stage.expect(facts.group_accounts[at++] == account, "group " + name + " has others in it, or in another order");
  }
}

void same_answer_twice(Stage& stage) {
  rows_in_order(stage);
  if (stage.broken()) return;
  // An operation reuses its buffer: earlier contents must not appear.
  Ask large, small;
  for (std::uint32_t i = 0; i < 3; ++i) large.organizations.emplace_back(org(i)), large.accounts.emplace_back(who(i));
  Draft members(stage, large.organizations, large.accounts);
  for (std::uint32_t i = 0; i < 3; ++i) members.add(i, i);
  members.succeeds("nobody is a member");
  large.actor = who(0);
  large.roles = {member};
  large.counts = large.inviters = large.parents = true;
  small.organizations = {absent_organization, org(2)};
  small.accounts = {absent_account, who(0)};
  Facts reused, fresh;
  stage.fetch(large, reused);
  stage.fetch(small, reused);
  stage.fetch(small, fresh);
  if (stage.broken()) return;
  const auto same = [&](const OrganizationFact& a, const OrganizationFact& b) {
    return a.id == b.id && a.parent == b.parent && a.actor_is_member == b.actor_is_member &&
           (a.id.empty() || (a.version == b.version && a.joinable == b.joinable));
  };
  bool equal = reused.organizations.size() == fresh.organizations.size() && reused.memberships.size() == 0 &&
               fresh.memberships.size() == 0;
  for (std::uint32_t i = 0; equal && i < fresh.organizations.size(); ++i)
    equal = same(reused.organizations[i], fresh.organizations[i]);
  for (std::uint32_t i = 0; equal && i < fresh.accounts.size(); ++i)
    equal = reused.accounts[i].id == fresh.accounts[i].id && reused.accounts[i].disabled == fresh.accounts[i].disabled;
  stage.expect(equal, "an answer into a buffer that held another differs from one into a new buffer");
}

constexpr Entry facts_entries[] = {
    {{"facts/rows-in-order",
      "rows and columns are answered in order, by id, slug, address or username; empty if absent"},
     rows_in_order},
    {{"facts/records",
      "the fields of organizations and accounts are those that were put; a second put is another version"},
     records},
    {{"facts/nested",
      "a nested organization is found inside its parent only; parents stand behind the rows, each once"},
     nested},
    {{"facts/memberships", "the memberships that exist are listed, sorted by (organization, account), and no others"},
     memberships},
    {{"facts/groups", "groups are answered in order, each with whether it is there and its accounts in order"}, groups},
    {{"facts/same-answer-twice", "an answer does not depend on what its buffer held before"}, same_answer_twice},
};

}  // namespace

std::span<const Entry> facts_laws() noexcept {
  return facts_entries;
}

}  // namespace conformance
ROSTER_END
