// The answer of fetch does not depend on the form of the query: kinds of selectors, groups, parents, duplicates, a few
// of many records.
#include <algorithm>
#include <map>
#include <string>

#include "change_set_builder.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;

std::string digits(Version version) {
  return std::to_string(static_cast<std::uint64_t>(version));
}
std::string digits(Time time) {
  return std::to_string(static_cast<std::int64_t>(time));
}
std::string role_text(const Facts& facts, RoleIndex at) {
  if (at >= facts.roles.size()) return "no role";
  const Role& role = facts.roles[at];
  return std::string(role.id.view()) + " " + std::to_string(role.rank) + (role.assignable ? " assignable" : "") +
         (role.manages ? " manages" : "") + (role.owns ? " owns" : "");
}

/// All facts of each record of an answer, as text: "" for a missing record.
struct AnswerText {
  std::vector<std::string> organizations, accounts;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::string> members;

  AnswerText(const OwnedQuery& owned_query, const Facts& facts) {
    const std::size_t wanted = owned_query.roles.size();
    for (std::size_t i = 0; i < facts.organizations.size(); ++i) {
      const OrganizationFact& fact = facts.organizations[static_cast<std::uint32_t>(i)];
      std::string text;
      if (!fact.id.empty()) {
        const MemberCounts& counts = fact.counts;
        text = std::string(fact.id.view()) + ", version " + digits(fact.version) + (fact.joinable ? ", joinable" : "") +
               (fact.closed ? ", closed" : "");
        if (fact.actor_is_member)
          text += ", the actor is " + role_text(facts, fact.actor_role) + " " + digits(fact.actor_version) + " until " +
                  digits(fact.actor_valid_until);
        for (const std::uint32_t count : {counts.seats_max, counts.active, counts.invited, counts.owners})
          text += ", " + std::to_string(count);
        for (std::size_t role = 0; role < wanted; ++role)
          text += ", " + role_text(facts, facts.wanted_roles[static_cast<std::uint32_t>(i * wanted + role)]);
      }
      organizations.push_back(text);
    }
    for (const AccountFact& fact : facts.accounts)
      accounts.push_back(fact.id.empty() ? ""
                                         : std::string(fact.id.view()) + ", version " + digits(fact.version) +
                                               (fact.disabled ? ", disabled" : "") + (fact.invited ? ", invited" : "") +
                                               (fact.verified ? ", verified" : ""));
    for (std::uint32_t i = 0; i < facts.memberships.size(); ++i) {
      const MembershipFact& fact = facts.memberships[i];
      const UuidText id = fact.id.text();
      std::string text = text_of(fact.state) + " " + role_text(facts, fact.role) + " " +
                         std::string(id.data(), id.size()) + " " + digits(fact.version) + " until " +
                         digits(fact.valid_until) + " invited until " + digits(fact.invitation_until);
      text += std::string(fact.written_by_request() ? ", by the request" : "") + (fact.outdated ? ", after it" : "");
      const InviterFact& inviter = facts.inviters[i];
      if (!inviter.id.empty())
        text += inviter.is_member ? ", invited by " + role_text(facts, inviter.role) + " " + digits(inviter.version) +
                                        " until " + digits(inviter.valid_until)
                                  : ", its inviter is no member";
      members[{fact.organization, fact.account}] = text;
    }
  }
};

/// Two organizations, of which one is the parent of the other, with members in every state. The nine accounts have
/// names or none.
class FixtureWorld {
 public:
  explicit FixtureWorld(TestContext& test) : test_(test) {
    test.put(OrganizationRecord{
        .id = test_organization(0), .slug = Slug("zero"), .joinable = false, .closed = true, .seats_max = 90});
    test.put(OrganizationRecord{
        .id = test_organization(1), .slug = Slug("one"), .parent = test_organization(0), .seats_max = 9});
    test.put(test_organization(0), Role{.id = admin, .rank = 7, .assignable = false, .manages = true});
    test.put(test_organization(1), Role{.id = admin, .rank = 3, .owns = true});
    test.put(test_organization(1), Role{.id = member, .rank = 1});
    for (std::uint32_t i = 0; i < people_count; ++i)
      test.put(AccountRecord{.id = test_account(i),
                             .email = mail(i),
                             .username = name(i),
                             .disabled = i % 3 == 1,
                             .invited = i % 4 == 2,
                             .verified = i % 2 == 1});
    ChangeSetBuilder start(test, test_organizations(2), test_accounts(people_count));
    start.changes.valid_until = Time{9'000'000'000'000'001};
    start.add(0, 0, admin);
    start.add(1, 0, admin);
    start.succeeds("no account is a member");
    ChangeSetBuilder first(test, test_organizations(2), test_accounts(people_count), test_account(0));
    for (std::uint32_t row = 0; row < 2; ++row)
      for (std::uint32_t i = 1; i < 7; ++i)
        first.add(row, i, i % 2 == 0 ? admin : member, i == 2 || i == 5 ? State::invited : State::active);
    first.changes.invitation_until = Time{9'000'000'000'000'001};
    first.succeeds("none of these accounts is a member");
    earlier_ = first.changes.idempotency_key;
    ChangeSetBuilder second(test, test_organizations(2), test_accounts(people_count), test_account(0));
    for (std::uint32_t row = 0; row < 2; ++row) {
      second.change(row, 3, State::suspended, Event::suspended);
      second.remove(row, 4);
      second.change(row, 2, State::invited, Event::role_changed, member);
    }
    second.succeeds("the memberships have the versions that were read");
    later_ = second.changes.idempotency_key;
    at_ = second.changes.at;
  }

  static Email mail(std::uint32_t i) { return address("person-" + std::to_string(i) + "@example.org"); }
  static Username name(std::uint32_t i) { return id<Username>("person " + std::to_string(i)); }

  /// Compares `owned_query` with a query by ids, under two idempotency keys and with a time. Row k is
  /// test_organization(rows[k]), and column k is test_account(columns[k]).
  void expect_same(OwnedQuery owned_query, const std::vector<std::uint32_t>& rows,
                   const std::vector<std::uint32_t>& columns, const std::string& how) {
    OwnedQuery by_id;
    by_id.organizations = test_organizations(2);
    by_id.accounts = test_accounts(people_count);
    for (int about = 0; about < 3 && !test_.broken(); ++about) {
      Facts facts, wanted_facts;
      for (OwnedQuery* const it : {&owned_query, &by_id}) {
        it->actor = test_account(0);
        it->roles = {member, admin, owner};
        it->counts = it->inviters = true;
        it->now = Time{9'000'000'000'000'000 + about};  // some invitations are over at one of the times
        it->idempotency_key = about == 0 ? earlier_ : about == 1 ? later_ : IdempotencyKey();
        it->asked_at = about == 2 ? at_ : Time{};
      }
      if (!test_.fetch(by_id, wanted_facts) || !test_.fetch(owned_query, facts)) return;
      const AnswerText returned(owned_query, facts), expected(by_id, wanted_facts);
      const auto same = [&](const std::string& is, const std::string& should_be) {
        test_.expect(is == should_be,
                     "queried " + how + " fetch returns `" + is + "`; by ids it returns `" + should_be + "`");
      };
      for (std::size_t i = 0; i < rows.size(); ++i) same(returned.organizations[i], expected.organizations[rows[i]]);
      for (std::size_t i = 0; i < columns.size(); ++i) same(returned.accounts[i], expected.accounts[columns[i]]);
      const auto member_text = [](const AnswerText& of, std::size_t row, std::size_t column) {
        const auto found = of.members.find({static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(column)});
        return found == of.members.end() ? std::string("nothing") : found->second;
      };
      for (std::size_t row = 0; row < rows.size(); ++row)
        for (std::size_t column = 0; column < columns.size(); ++column)
          same(member_text(returned, row, column), member_text(expected, rows[row], columns[column]));
    }
  }

  static constexpr std::uint32_t people_count = 8;

 private:
  TestContext& test_;
  IdempotencyKey earlier_, later_;
  Time at_{};
};

std::vector<std::uint32_t> all_people() {
  std::vector<std::uint32_t> columns(FixtureWorld::people_count);
  for (std::uint32_t i = 0; i < columns.size(); ++i) columns[i] = i;
  return columns;
}

void any_name(TestContext& test) {
  FixtureWorld world(test);
  OwnedQuery owned_query;
  owned_query.accounts = test_accounts(FixtureWorld::people_count);
  owned_query.organizations = {Slug("zero"), Slug("one")};
  world.expect_same(owned_query, {0, 1}, all_people(), "by slugs");
  owned_query.organizations = {Nested{test_organization(0), test_organization(1)}, test_organization(0)};
  world.expect_same(owned_query, {1, 0}, all_people(), "for a nested organization");
  owned_query.organizations = test_organizations(2);
  for (std::uint32_t i = 0; i < FixtureWorld::people_count; ++i) owned_query.accounts[i] = FixtureWorld::mail(i);
  world.expect_same(owned_query, {0, 1}, all_people(), "by addresses");
  for (std::uint32_t i = 0; i < FixtureWorld::people_count; ++i) owned_query.accounts[i] = FixtureWorld::name(i);
  world.expect_same(owned_query, {0, 1}, all_people(), "by usernames");
}

void accounts_of_groups(TestContext& test) {
  FixtureWorld world(test);
  OwnedQuery owned_query;
  owned_query.organizations = test_organizations(2);
  std::vector<std::uint32_t> columns = all_people();
  for (const std::uint32_t i : columns) owned_query.group_accounts.push_back(test_account(i));
  world.expect_same(owned_query, {0, 1}, columns, "through groups alone");
  std::reverse(owned_query.group_accounts.begin(), owned_query.group_accounts.end());
  std::reverse(columns.begin(), columns.end());
  owned_query.accounts = {test_account(2), FixtureWorld::mail(5)};
  columns.insert(columns.begin(), {2, 5});
  world.expect_same(owned_query, {0, 1}, columns, "through groups, and by name");
}

void parents(TestContext& test) {
  FixtureWorld world(test);
  OwnedQuery owned_query;
  owned_query.parents = true;
  owned_query.accounts = test_accounts(FixtureWorld::people_count);
  owned_query.organizations = {test_organization(1)};
  world.expect_same(owned_query, {1, 0}, all_people(), "for a parent");
  owned_query.organizations = {Slug("one"), Nested{test_organization(0), test_organization(1)}, test_organization(99)};
  Facts facts;
  if (!test.fetch(owned_query, facts)) return;
  test.expect(facts.organizations.size() == 4 && facts.organizations[3].id == test_organization(0),
              "the common parent of two rows is not appended to the rows once");
  test.expect(facts.organizations[0].parent == 3 && facts.organizations[1].parent == 3,
              "a row does not point to its parent");
  owned_query.organizations = {test_organization(1)};
  owned_query.accounts.clear();
  for (std::uint32_t i = 0; i < FixtureWorld::people_count; ++i) owned_query.group_accounts.push_back(test_account(i));
  world.expect_same(owned_query, {1, 0}, all_people(), "for a parent and through groups");
}

void duplicates(TestContext& test) {
  FixtureWorld world(test);
  OwnedQuery owned_query;
  owned_query.organizations = {test_organization(0),
                               Slug("zero"),
                               test_organization(1),
                               test_organization(0),
                               Nested{test_organization(0), test_organization(1)},
                               Slug("zero")};
  owned_query.accounts = {test_account(2), test_account(3),       FixtureWorld::mail(2),
                          test_account(3), FixtureWorld::name(2), test_account(0)};
  owned_query.group_accounts = {test_account(3), test_account(2), test_account(3)};
  world.expect_same(owned_query, {0, 0, 1, 0, 1, 0}, {2, 3, 2, 3, 2, 0, 3, 2, 3}, "twice");
}

/// A few of many members, and a few of many organizations of one account: the first, the last and missing ones.
void far_apart(TestContext& test) {
  const std::uint32_t count = std::clamp(test.options.cells_max, 50u, 300u), last = count - 1;
  test.put_organizations(count);
  test.put_accounts(count + 2);
  ChangeSetBuilder row(test, {test_organization(0)}, test_accounts(count)),
      column(test, test_organizations(count), {test_account(count)});
  for (std::uint32_t i = 0; i < count; ++i) row.add(0, i), column.add(i, 0);
  row.succeeds("no account is a member");
  column.succeeds("none of these accounts is a member");
  const auto expect_members = [&](const std::vector<std::uint32_t>& rows, const std::vector<std::uint32_t>& columns) {
    OwnedQuery owned_query;
    for (const std::uint32_t i : rows) owned_query.organizations.emplace_back(test_organization(i));
    for (const std::uint32_t i : columns) owned_query.accounts.emplace_back(test_account(i));
    Facts facts;
    if (!test.fetch(owned_query, facts)) return;
    std::uint32_t at = 0;
    for (std::uint32_t i = 0; i < rows.size(); ++i)
      for (std::uint32_t k = 0; k < columns.size(); ++k) {
        const bool is_member = (rows[i] == 0 && columns[k] < count) || (rows[i] < count && columns[k] == count);
        if (!is_member) continue;
        const bool found = at < facts.memberships.size() && facts.memberships[at].organization == i &&
                           facts.memberships[at].account == k;
        test.expect(found, "a query for a few of many members lacks one: " +
                               text_of(AccountSelector(test_account(columns[k]))) + " in " +
                               text_of(OrganizationSelector(test_organization(rows[i]))));
        ++at;
      }
    test.expect(at == facts.memberships.size(),
                "a query for a few of many members returns a membership that does not exist");
  };
  for (const std::vector<std::uint32_t>& columns : {std::vector<std::uint32_t>{0, last},
                                                    {last},
                                                    {0},
                                                    {last, 0, 25},
                                                    {9999, last, count + 1, 0},
                                                    {count + 1},
                                                    {10, 11}})
    expect_members({0}, columns);
  for (const std::vector<std::uint32_t>& rows :
       {std::vector<std::uint32_t>{0, last}, {last}, {last, 0, 25}, {9999, last, 1}, {9999}})
    expect_members(rows, {count, last});
}

constexpr Entry query_form_entries[] = {
    {{"facts/any-name", "fetch returns the same facts of a record under each of its names"}, any_name},
    {{"facts/accounts-of-groups",
      "fetch returns the same facts of an account that a group contains as of an account that the query names"},
     accounts_of_groups},
    {{"facts/parents",
      "fetch returns the same facts of a parent, and of its members, as if the query named it as a row"},
     parents},
    {{"facts/named-twice",
      "fetch returns the same facts at each position of a record that the query names more than once"},
     duplicates},
    {{"facts/far-apart",
      "fetch returns exactly the memberships of a few accounts or organizations among hundreds of others, at any "
      "position"},
     far_apart},
};

}  // namespace

std::span<const Entry> query_form_laws() noexcept {
  return query_form_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
