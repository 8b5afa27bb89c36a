// Proves that an answer is put together as the contract has it, whatever the order of rows: parents by their first
// child, memberships by row and column, and one entry of the dictionary for equal roles, as many as a list can hold.
#include "sql/answer.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"

using namespace roster;

namespace {

/// A query about so many organizations and accounts, and its answer.
struct IssuedCommand {
  IssuedCommand(std::size_t rows, std::size_t columns)
      : organizations(rows, OrganizationId("any")), accounts(columns, AccountId("any")) {
    query.organizations = organizations;
    query.accounts = accounts;
    REQUIRE(answer.begin());
  }
  std::vector<OrganizationSelector> organizations;
  std::vector<AccountSelector> accounts;
  Query query;
  Facts facts;
  sql::Answer answer{query, facts};
};

Role numbered_role(std::uint64_t number) {
  return {.id = RoleId::parse("role-" + std::to_string(number)).value(), .rank = 1};
}
std::uint64_t number_of(Locator locator) {
  return static_cast<std::uint64_t>(locator);
}

}  // namespace

TEST_CASE("answers: each parent has one entry, in the order of the first rows, and 0 is no parent") {
  constexpr std::uint32_t rows = 5, parents = 4;
  for (std::uint32_t all = 0; all < 1u << 2 * rows; ++all) {
    IssuedCommand asked(rows, 0);
    std::vector<std::uint64_t> order;
    std::uint32_t rest = all;
    for (std::uint32_t row = 0; row < rows; ++row, rest /= parents) {
      const std::uint64_t parent = rest % parents;
      asked.answer.organization(row, {.number = 10 + row, .id = OrganizationId("any"), .parent = parent});
      if (parent != 0 && std::find(order.begin(), order.end(), parent) == order.end()) order.push_back(parent);
    }
    REQUIRE(asked.answer.make_room_for_parents());
    const auto& found = asked.facts.organizations;
    bool right = found.size() == rows + order.size();
    for (std::uint32_t at = 0; right && at < order.size(); ++at)
      right = number_of(found[rows + at].locator) == order[at];
    rest = all;
    for (std::uint32_t row = 0; right && row < rows; ++row, rest /= parents) {
      const std::uint32_t parent = found[row].parent;
      right = rest % parents == 0 ? parent == no_index
                                  : parent < found.size() && number_of(found[parent].locator) == rest % parents;
    }
    if (!right) FAIL("parents " << all);
  }
}

TEST_CASE("answers: every column of an account has each of its memberships, in the order of rows and columns") {
  constexpr std::uint32_t rows = 2, columns = 4, accounts = 3;  // account 0 does not exist
  for (std::uint32_t named = 0; named < 3 * 3 * 3 * 3; ++named)
    for (std::uint32_t there = 0; there < 1u << (rows * accounts); ++there) {
      IssuedCommand asked(rows, columns);
      std::uint32_t rest = named;
      std::vector<std::uint64_t> account_of;
      for (std::uint32_t column = 0; column < columns; ++column, rest /= accounts) {
        account_of.push_back(rest % accounts);
        AccountFact fact;
        if (rest % accounts != 0) fact.id = AccountId("any");
        asked.answer.account(column, rest % accounts, fact);
      }
      REQUIRE(asked.answer.sort_columns());
      std::vector<std::pair<std::uint32_t, std::uint32_t>> expected;
      const auto has = [&](std::uint32_t row, std::uint64_t account) {
        return account != 0 && (there >> (row * accounts + account) & 1) != 0;
      };
      for (std::uint32_t row = 0; row < rows; ++row) {
        for (std::uint64_t account = 1; account < accounts; ++account) {
          sql::MemberRow member;
          member.account = account;
          member.role = 1 + row;
          if (has(row, account) && asked.answer.asks_for(row, account)) REQUIRE(asked.answer.member(row, member));
        }
        for (std::uint32_t column = 0; column < columns; ++column)
          if (has(row, account_of[column])) expected.emplace_back(row, column);
      }
      asked.answer.sort_members();
      const auto& found = asked.facts.memberships;
      bool right = found.size() == expected.size();
      for (std::uint32_t i = 0; right && i < found.size(); ++i)
        right = found[i].organization == expected[i].first && found[i].account == expected[i].second;
      if (!right) FAIL("accounts " << named << ", memberships " << there);
    }
}

TEST_CASE(
    "answers: organizations with one catalog share its entries, and a role without a catalog has one of its own") {
  constexpr std::uint32_t rows = 3, count = 10;
  IssuedCommand asked(rows, 0);
  std::vector<RoleId> wanted;
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t role = 1; role <= count; ++role) {
    wanted.push_back(numbered_role(role).id);
    numbers.push_back(role);
  }
  asked.query.roles = wanted;
  for (std::uint32_t row = 0; row < rows; ++row)
    for (std::uint64_t role = 1; role <= count; ++role) REQUIRE(asked.answer.own_role(row, role, numbered_role(role)));
  REQUIRE(asked.answer.wanted_roles(numbers.data()));
  CHECK(asked.facts.roles.size() == count);
  REQUIRE(asked.facts.wanted_roles.size() == rows * count);
  for (std::uint32_t i = 0; i < rows * count; ++i)
    CHECK(asked.facts.roles[asked.facts.wanted_roles[i]] == numbered_role(1 + i % count));
  for (std::uint32_t row = 0; row < rows; ++row) REQUIRE(asked.answer.actor(row, 77, Version{1}, Time{}));
  CHECK(asked.facts.roles.size() == count + 1);
  CHECK(asked.answer.unnamed().size() == 1);
  CHECK(asked.facts.organizations[2].actor_role == count);
}

TEST_CASE("answers: the dictionary holds as many roles as a list can, and neither kind of role is behind them") {
  for (const bool own : {true, false}) {
    IssuedCommand asked(1, 0);
    std::vector<std::uint64_t> numbers;
    std::vector<RoleId> wanted;
    const std::uint64_t last = roles_max - (own ? 0 : 1);
    for (std::uint64_t role = 1; role <= last + 1; ++role) {
      REQUIRE(asked.answer.own_role(0, role, numbered_role(role)));
      numbers.push_back(role);
      wanted.push_back(RoleId("any"));
    }
    wanted.resize(last);
    asked.query.roles = wanted;
    REQUIRE(asked.answer.wanted_roles(numbers.data()));
    CHECK(asked.facts.roles.size() == last);
    if (!own) CHECK(asked.answer.actor(0, last + 10, Version{1}, Time{}));
    CHECK_FALSE(asked.answer.actor(0, own ? last + 1 : last + 11, Version{1}, Time{}));
    CHECK(asked.facts.roles.size() == roles_max);
  }
}
