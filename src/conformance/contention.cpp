#include "contention.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "change_set_builder.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using Organizations = OneOrMany<OrganizationSelector>;
using Accounts = OneOrMany<AccountSelector>;

IdempotencyKey key_of(std::uint32_t client) {
  return IdempotencyKey::of("client " + std::to_string(client));
}

/// The number of answers with each outcome.
std::map<std::string, std::uint32_t> on_result(const std::vector<ExecutedCommand>& done) {
  std::map<std::string, std::uint32_t> on_result;
  for (const ExecutedCommand& it : done) {
    std::size_t from = 0;
    while (from < it.answer.size()) {
      const std::size_t end = std::min(it.answer.find(' ', from), it.answer.size());
      ++on_result[it.answer.substr(from, end - from)];
      from = end + 1;
    }
  }
  return on_result;
}

/// Requires these outcomes, each in this number.
std::string differs(const std::vector<ExecutedCommand>& done, const std::map<std::string, std::uint32_t>& expected) {
  const auto was = on_result(done);
  if (was == expected) return {};
  std::string text = "the clients received";
  for (const auto& [outcome, times] : was) text += " " + std::to_string(times) + "x " + outcome;
  text += ", and not";
  for (const auto& [outcome, times] : expected) text += " " + std::to_string(times) + "x " + outcome;
  return text;
}

/// The member counts of an organization.
std::string differs(TestContext& test, std::uint32_t organization, std::uint32_t active, std::uint32_t owners) {
  OwnedQuery owned_query;
  owned_query.organizations = {test_organization(organization)};
  owned_query.accounts = {test_account(0)};
  owned_query.counts = true;
  owned_query.owner_roles = {owner};
  Facts facts;
  if (!test.fetch(owned_query, facts)) return {};
  const MemberCounts& counts = facts.organizations[0].counts;
  if (counts.active == active && counts.owners == owners) return {};
  return "there are " + std::to_string(counts.active) + " members and " + std::to_string(counts.owners) +
         " owners, and should be " + std::to_string(active) + " and " + std::to_string(owners);
}

/// test_organization(0) with test_account(0) to test_account(count - 1) in it.
std::function<void(TestContext&)> members(std::uint32_t count, const RoleId& role, std::uint32_t accounts,
                                          std::uint32_t seats_max = no_limit) {
  return [=](TestContext& test) {
    test.put(OrganizationRecord{.id = test_organization(0), .seats_max = seats_max});
    test.put(OrganizationRecord{.id = test_organization(1)});
    test.put_accounts(accounts);
    std::vector<AccountSelector> columns;
    for (std::uint32_t i = 0; i < count; ++i) columns.emplace_back(test_account(i));
    ChangeSetBuilder builder(test, {test_organization(0)}, columns);
    for (std::uint32_t i = 0; i < count; ++i) builder.add(0, i, role);
    builder.succeeds("no account is a member");
  };
}

}  // namespace

ContentionScenario address_contention(std::uint32_t clients) {
  ContentionScenario contention{
      {"many add an address that no account has", plain_rules(), members(1, owner, 1), {}}, {}, {}};
  for (std::uint32_t i = 0; i < clients; ++i)
    contention.scenario.parts.push_back({std::make_shared<AddMembers>(
        Organizations(OrganizationSelector(test_organization(0))), Accounts(AccountSelector(newcomer(i % 2 == 0))),
        OneOrMany<RoleId>(member), Actor{}, key_of(i))});
  contention.wrong = [clients](const std::vector<ExecutedCommand>& done) {
    return differs(done, clients == 1 ? std::map<std::string, std::uint32_t>{{"added", 1}}
                                      : std::map<std::string, std::uint32_t>{{"added", 1}, {"existing", clients - 1}});
  };
  contention.wrong_there = [](TestContext& test) { return differs(test, 0, 2, 1); };
  return contention;
}

ContentionScenario pair_contention(std::uint32_t clients) {
  Profile rules = plain_rules();
  rules.on_same_role = OnConflict::reject;
  ContentionScenario contention{{"many add one account", rules, members(1, owner, 2), {}}, {}, {}};
  for (std::uint32_t i = 0; i < clients; ++i)
    contention.scenario.parts.push_back({std::make_shared<AddMembers>(
        Organizations(OrganizationSelector(test_organization(0))), Accounts(AccountSelector(test_account(1))),
        OneOrMany<RoleId>(member), Actor{}, key_of(i))});
  contention.wrong = [clients](const std::vector<ExecutedCommand>& done) {
    return differs(done, {{"added", 1}, {"conflict", clients - 1}});
  };
  contention.wrong_there = [](TestContext& test) { return differs(test, 0, 2, 1); };
  return contention;
}

ContentionScenario owner_contention(std::uint32_t clients) {
  ContentionScenario contention{{"all owners leave", plain_rules(), members(clients, owner, clients), {}}, {}, {}};
  for (std::uint32_t i = 0; i < clients; ++i)
    contention.scenario.parts.push_back({std::make_shared<Leave>(
        Organizations(OrganizationSelector(test_organization(0))), test_account(i), key_of(i))});
  contention.wrong = [clients](const std::vector<ExecutedCommand>& done) {
    return differs(done, {{"removed", clients - 1}, {"last_owner", 1}});
  };
  contention.wrong_there = [](TestContext& test) { return differs(test, 0, 1, 1); };
  return contention;
}

ContentionScenario seat_contention(std::uint32_t clients) {
  const std::uint32_t free = clients / 2;
  Profile rules = plain_rules();
  rules.seats = SeatRule::active;
  ContentionScenario contention{
      {"more are added than there are seats", rules, members(1, owner, clients + 1, free + 1), {}}, {}, {}};
  for (std::uint32_t i = 0; i < clients; ++i)
    contention.scenario.parts.push_back({std::make_shared<AddMembers>(
        Organizations(OrganizationSelector(test_organization(0))), Accounts(AccountSelector(test_account(i + 1))),
        OneOrMany<RoleId>(member), Actor{}, key_of(i))});
  contention.wrong = [clients, free](const std::vector<ExecutedCommand>& done) {
    return differs(done, {{"added", free}, {"seats_taken", clients - free}});
  };
  contention.wrong_there = [free](TestContext& test) { return differs(test, 0, free + 1, 1); };
  return contention;
}

ContentionScenario bulk_contention(std::uint32_t clients) {
  constexpr std::uint32_t width = 24;
  Profile rules = plain_rules();
  rules.on_same_role = OnConflict::reject;
  ContentionScenario contention{{"bulks run in all orders", rules, members(1, owner, width + 1), {}}, {}, {}};
  Rng rng(clients);
  for (std::uint32_t i = 0; i < clients; ++i) {
    std::vector<AccountSelector> accounts;
    for (std::uint32_t column = 1; column <= width; ++column) accounts.emplace_back(test_account(column));
    if (i % 2 == 1) std::reverse(accounts.begin(), accounts.end());
    if (i % 4 > 1) rng.shuffle(accounts);
    const std::vector<OrganizationSelector> places =
        i % 2 == 0 ? std::vector<OrganizationSelector>{test_organization(0), test_organization(1)}
                   : std::vector<OrganizationSelector>{test_organization(1), test_organization(0)};
    contention.scenario.parts.push_back({std::make_shared<AddMembers>(Organizations(places), Accounts(accounts),
                                                                      OneOrMany<RoleId>(member), Actor{}, key_of(i))});
  }
  contention.wrong = [clients](const std::vector<ExecutedCommand>& done) {
    return differs(done, {{"added", 2 * width}, {"conflict", 2 * width * (clients - 1)}});
  };
  contention.wrong_there = [](TestContext& test) {
    const std::string first = differs(test, 0, width + 1, 1);
    return first.empty() ? differs(test, 1, width, 0) : first;
  };
  return contention;
}

void expect_right(TestContext& test, const ContentionScenario& contention, const std::vector<ExecutedCommand>& done) {
  const std::string wrong_answers = contention.wrong(done);
  test.expect(wrong_answers.empty(), "where " + contention.scenario.name + ": " + wrong_answers);
  const std::string there_wrong = contention.wrong_there(test);
  test.expect(there_wrong.empty(), "where " + contention.scenario.name + ": " + there_wrong);
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
