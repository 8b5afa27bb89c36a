// Proves that memory may end while a report is made that says nothing of groups: whoever is refused everywhere is told
// either that, with one column for each group, or that memory was out, and never how large a group is.
#include <memory>
#include <optional>

#include "faults/allocations.hpp"
#include "faults/fault_cases.hpp"

namespace hidden_groups_test {

using namespace faults;

namespace {

constexpr std::uint32_t places = 10, groups = 12;

template <class AnyId>
AnyId numbered(const char* kind, std::uint32_t i) {
  return AnyId::parse(kind + std::to_string(i)).value();
}

/// Groups of no account, of one, and so on; the last is not there.
void fill(MemoryStore& store) {
  std::vector<AccountId> all;
  for (std::uint32_t i = 0; i < groups; ++i) {
    if (i < places) REQUIRE(store.put_organization({.id = numbered<OrganizationId>("o", i)}).has_value());
    if (i + 1 < groups) REQUIRE(store.overwrite_group(numbered<GroupName>("g", i), all).has_value());
    all.push_back(numbered<AccountId>("a", i));
    REQUIRE(store.put_account({.id = all.back()}).has_value());
  }
}

Profile hiding(Mode mode, std::uint32_t accounts_max) {
  static const Role roles[] = {{.id = RoleId("member"), .rank = 1}};
  Profile rules{.actor = roster::ActorRule::host_decides};
  rules.roles = roles;
  rules.default_role = roles[0].id;
  rules.mode = mode;
  rules.accounts_max = accounts_max;
  rules.organizations_max = 100;
  rules.actor = ActorRule::manager;
  rules.hides_organizations = true;
  return rules;
}

/// What a report says, without what is drawn for it.
std::string words(const Result<Report>& answer) {
  if (!answer) return std::string(name(answer.assume_error().code));
  const Report& report = answer.assume_value();
  std::string text = std::to_string(report.rows) + " x " + std::to_string(report.columns) + ", " +
                     std::to_string(report.direct_columns) + " named:";
  for (std::uint32_t row = 0; row < report.rows; ++row)
    for (std::uint32_t column = 0; column < report.columns; ++column)
      text += " " + std::string(name(report.at(row, column))) + std::string(report.role(row, column).view()) +
              (report.membership(row, column).empty() ? "" : " with an id");
  for (const AccountReport& account : report.accounts) text += " `" + std::string(account.id.view()) + "`";
  return text;
}

}  // namespace

TEST_CASE("whoever is refused everywhere learns nothing of groups, wherever memory ends") {
  MemoryStore store({.thread_safe = false});
  fill(store);
  std::vector<OrganizationSelector> rows;
  std::vector<GroupName> every, empty{numbered<GroupName>("g", 0), numbered<GroupName>("g", groups - 1)};
  for (std::uint32_t i = 0; i < places; ++i) rows.emplace_back(numbered<OrganizationId>("o", i));
  for (std::uint32_t i = 0; i < groups; ++i) every.push_back(numbered<GroupName>("g", i));
  const Actor stranger{AccountId("a0")};
  const std::vector<AccountSelector> two{AccountId("a1"), AccountId("a2")};
  std::uint64_t points = 0;
  // With the smaller limit the groups together are too large, which is not told either.
  for (const std::uint32_t accounts_max : {100u, 20u})
    for (const Mode mode : {Mode::best_effort, Mode::atomic})
      for (const auto& named : {every, empty})
        for (const bool details : {true, false}) {
          AddMembers add(rows, two, {}, stranger);
          RemoveMembers remove(rows, two, stranger);
          add.groups = remove.groups = named;
          for (const Command* const command : std::initializer_list<const Command*>{&add, &remove}) {
            const Profile rules = hiding(mode, accounts_max);
            const Options options{.tile_cells_max = 16, .details = details};
            const auto attempt = [&](std::uint64_t nth, bool for_ever) {
              UuidSource ids({1, 2});
              const Engine engine(rules, store, ids, options);
              std::optional<Result<Report>> answer;
              {
                const WatchedAllocations watched(nth, for_ever);
                answer.emplace(engine.run(*command, Time{1'000}));
              }
              return words(*answer);
            };
            const std::string reference = attempt(0, false);
            REQUIRE(reference.starts_with("10 x " + std::to_string(2 + named.size()) + ", 2 named: forbidden"));
            for (const bool for_ever : {false, true})
              for (std::uint64_t nth = 1;; ++nth, ++points) {
                const std::string said = attempt(nth, for_ever);
                if (!WatchedAllocations::failed()) break;
                if (said != reference && said != "out_of_memory") FAIL("allocation " << nth << ": " << said);
              }
          }
        }
  CHECK(points >= 200);
}

}
