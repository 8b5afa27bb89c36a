// Commits of many entries: in any order, at any size, and with one bad entry anywhere.
#include <algorithm>
#include <string>
#include <utility>

#include "change_set_builder.hpp"
#include "laws.hpp"
#include "snapshot.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;

/// Rows and columns that hold at least `cells` cells, at most 1000 columns wide.
struct Field {
  std::vector<OrganizationSelector> rows;
  std::vector<AccountSelector> columns;

  explicit Field(std::uint32_t cells) {
    const std::uint32_t width = std::min(cells, 1000u);
    for (std::uint32_t i = 0; i < width; ++i) columns.emplace_back(test_account(i));
    for (std::uint32_t i = 0; i < (cells + width - 1) / width; ++i) rows.emplace_back(test_organization(i));
  }
  void put(TestContext& test) const {
    test.put_organizations(static_cast<std::uint32_t>(rows.size()));
    test.put_accounts(static_cast<std::uint32_t>(columns.size()));
  }
};

/// Checks that the answer has exactly so many memberships, each with its id.
void expect_all(TestContext& test, const Field& field, const std::vector<MembershipId>& ids, State state,
                const RoleId& role) {
  OwnedQuery owned_query;
  owned_query.organizations = field.rows;
  owned_query.accounts = field.columns;
  Facts facts;
  if (!test.fetch(owned_query, facts)) return;
  const std::string size = std::to_string(ids.size());
  if (!test.expect(facts.memberships.size() == ids.size(), "there are not " + size + " memberships")) return;
  for (std::uint32_t i = 0; i < ids.size(); ++i) {
    const MembershipFact& fact = facts.memberships[i];
    const std::size_t cell = std::size_t{fact.organization} * field.columns.size() + fact.account;
    const bool fits = cell == i && fact.id == ids[i] && fact.state == state && facts.roles[fact.role].id == role;
    if (!test.expect(fits, "of " + size + " memberships number " + std::to_string(i) + " is not as it was written"))
      return;
  }
}

void sizes(TestContext& test) {
  for (const std::uint32_t cells : {1u, 2u, 3u, 10u, 100u, 1000u, 10'000u, 100'000u}) {
    if (cells > std::max(1u, test.options.cells_max)) return;
    test.fresh();
    const Field field(cells);
    field.put(test);
    std::vector<MembershipId> ids;
    const auto width = static_cast<std::uint32_t>(field.columns.size());
    ChangeSetBuilder added(test, field.rows, field.columns);
    for (std::uint32_t cell = 0; cell < cells; ++cell) ids.push_back(added.add(cell / width, cell % width));
    added.limit_seats(0, width);
    if (!added.succeeds("no account is a member")) return;
    expect_all(test, field, ids, State::active, member);
    ChangeSetBuilder changed(test, field.rows, field.columns);
    for (const MembershipFact& fact : changed.facts().memberships)
      changed.change(fact, State::suspended, Event::suspended, admin);
    if (!changed.succeeds("the memberships have the versions that were read")) return;
    expect_all(test, field, ids, State::suspended, admin);
    ChangeSetBuilder removed(test, field.rows, field.columns);
    removed.changes.keeps_tombstones = false;
    for (const MembershipFact& fact : removed.facts().memberships) removed.change(fact, State::removed, Event::removed);
    if (!removed.succeeds("the memberships have the versions that were read")) return;
    expect_all(test, field, {}, State::removed, admin);
    if (test.broken()) return;
  }
}

/// Many accounts and their memberships, created at once.
void many_created(TestContext& test) {
  const std::uint32_t count = std::min(5'000u, std::max(1u, test.options.cells_max));
  test.put_organizations(1);
  ChangeSetBuilder builder(test, {test_organization(0)}, {test_account(count)});
  std::vector<AccountSelector> columns;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Email mail = address("person-" + std::to_string(i) + "@example.org");
    builder.add(0, builder.create(test_account(i), mail));
    columns.emplace_back(mail);
  }
  if (!builder.succeeds("neither ids nor addresses are in use")) return;
  OwnedQuery owned_query;
  owned_query.organizations = {test_organization(0)};
  owned_query.accounts = columns;
  Facts facts;
  if (!test.fetch(owned_query, facts)) return;
  for (std::uint32_t i = 0; i < count && !test.broken(); ++i)
    test.expect(facts.accounts[i].id == test_account(i),
                "one of many addresses returns another account than the created one");
  test.expect(facts.memberships.size() == count, "a created account is not a member");
}

/// An invalid entry, of any kind and at any position, prevents every write.
void one_bad_entry(TestContext& test) {
  constexpr std::uint32_t cells_most = 3'000;
  const Field field(std::min(cells_most, std::max(2u, test.options.cells_max)));
  const auto width = static_cast<std::uint32_t>(field.columns.size());
  const auto cells = static_cast<std::uint32_t>(field.rows.size()) * width;
  field.put(test);
  test.put(AccountRecord{.id = test_account(9'999)});
  ChangeSetBuilder there(test, field.rows, {test_account(9'999)});
  there.add(0, 0);
  there.succeeds("no account is a member");
  std::vector<AccountSelector> columns = field.columns;
  columns.emplace_back(test_account(9'999));
  columns.emplace_back(test_account(9'998));  // a missing account
  for (const std::uint32_t bad_at : {0u, 1u, cells / 2, cells - 1, cells})
    for (int bad = 0; bad < 3; ++bad) {
      ChangeSetBuilder builder(test, field.rows, columns);
      for (std::uint32_t cell = 0; cell <= cells; ++cell) {
        if (cell == bad_at && bad == 0) builder.add(0, width);      // an existing pair
        if (cell == bad_at && bad == 1) builder.add(0, width + 1);  // a missing account
        if (cell == bad_at && bad == 2)
          builder.add(cell == 0 ? cells / width - 1 : 0, cell == 0 ? width - 1 : 0);  // a duplicate pair
        if (cell < cells) builder.add(cell / width, cell % width);
      }
      if (!builder.is_stale("one entry of many cannot be written")) return;
      ChangeSetBuilder look(test, field.rows, columns);
      if (!test.expect(look.facts().memberships.size() == 1, "a part of a commit that was stale is there")) return;
    }
}

/// The order of entries and guards in a change set does not change the result.
void any_order(TestContext& test) {
  Snapshot first;
  for (int order = 0; order < 6; ++order) {
    test.fresh();
    test.put_organizations(3);
    test.put_accounts(8);
    const std::vector<OrganizationSelector> rows = {test_organization(0), test_organization(1), test_organization(2)};
    std::vector<AccountSelector> columns;
    for (std::uint32_t i = 0; i < 8; ++i) columns.emplace_back(test_account(i));
    ChangeSetBuilder start(test, rows, columns);
    for (std::uint32_t i = 0; i < 4; ++i)
      for (std::uint32_t row = 0; row < 3; ++row) start.add(row, i, i == 0 ? owner : member);
    start.succeeds("no account is a member");
    ChangeSetBuilder builder(test, rows, columns, test_account(0));
    struct Added {
      MemberAdded entry;
      MembershipId id;
    };
    for (std::uint32_t i = 4; i < 8; ++i)
      for (std::uint32_t row = 0; row < 3; ++row)
        builder.add(row, i, i % 2 == 0 ? admin : member, i == 7 ? State::invited : State::active);
    for (std::uint32_t row = 0; row < 3; ++row) {
      builder.change(row, 1, State::active, Event::role_changed, owner);
      builder.change(row, 2, State::suspended, Event::suspended);
      builder.remove(row, 3);
      builder.guard_organization(row);
      builder.guard_actor(row);
      builder.limit_seats(row, 7);
      builder.keep_an_owner(row);
    }
    std::vector<Added> added;
    for (std::uint32_t i = 0; i < builder.changes.added.size(); ++i)
      added.push_back({builder.changes.added[i], builder.changes.added_ids[i]});
    std::vector<MemberChanged> changed(builder.changes.changed.begin(), builder.changes.changed.end());
    std::vector<Guard> guards(builder.changes.guards.begin(), builder.changes.guards.end());
    if (order > 0) {
      test.rng.shuffle(added);
      test.rng.shuffle(changed);
      test.rng.shuffle(guards);
    }
    for (std::uint32_t i = 0; i < added.size(); ++i) {
      builder.changes.added[i] = added[i].entry;
      builder.changes.added_ids[i] = added[i].id;
    }
    std::copy(changed.begin(), changed.end(), builder.changes.changed.begin());
    std::copy(guards.begin(), guards.end(), builder.changes.guards.begin());
    if (!builder.succeeds("the change set is valid")) return;
    const Snapshot now = take_snapshot(test, test.store(), {.versions = false});
    if (order == 0) first = now;
    if (!test.expect(now == first, "another order of entries leaves other records: " + difference(first, now))) return;
  }
}

/// A locator is a hint. The id decides, whatever the locator is.
void locators(TestContext& test) {
  const std::vector<OrganizationSelector> rows = {test_organization(0), test_organization(1)};
  const std::vector<AccountSelector> columns = {test_account(0), test_account(1), test_account(2)};
  Snapshot first;
  for (int lie = 0; lie < 7; ++lie) {
    test.fresh();
    test.put_organizations(2);
    test.put_accounts(3);
    ChangeSetBuilder start(test, rows, columns);
    start.add(0, 0, owner);
    start.add(1, 1);
    start.succeeds("no account is a member");
    ChangeSetBuilder builder(test, rows, columns, test_account(0));
    if (test.broken()) return;
    SmallVector<OrganizationFact, 2> organizations;
    SmallVector<AccountFact, 1> accounts;
    if (!organizations.assign(builder.facts().organizations.span()) ||
        !accounts.assign(builder.facts().accounts.span()))
      return test.fail("the kit has no memory");
    const auto twist = [&](Locator& locator, Locator of_another) {
      static constexpr std::uint64_t lies[] = {0, 1, 2, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF};
      if (lie == 1) locator = of_another;
      if (lie > 1) locator = Locator{lies[lie - 2]};
    };
    twist(organizations[0].locator, builder.facts().organizations[1].locator);
    twist(organizations[1].locator, builder.facts().organizations[0].locator);
    twist(organizations[0].actor_locator, Locator{static_cast<std::uint64_t>(organizations[0].actor_locator) + 1});
    for (std::uint32_t i = 0; i < 3; ++i) twist(accounts[i].locator, builder.facts().accounts[(i + 1) % 3].locator);
    builder.changes.organizations = std::as_const(organizations).span();
    builder.changes.accounts = std::as_const(accounts).span();
    builder.guard_actor(0);
    builder.guard_organization(1);
    builder.guard_account(2);
    builder.guard_membership(1, 1);
    builder.add(0, 1);
    builder.add(1, 2, admin);
    builder.change(0, 0, State::active, Event::role_changed, admin);
    if (!builder.succeeds("every id is correct, and a wrong locator has no effect")) return;
    const Snapshot now = take_snapshot(test, test.store(), {.versions = false});
    if (lie == 0) first = now;
    test.expect(now == first, "other locators leave other records: " + difference(first, now));
  }
}

constexpr Entry batch_entries[] = {
    {{"batch/sizes",
      "a change set of 1 to 100,000 entries adds, changes or removes exactly the memberships of its entries"},
     sizes},
    {{"batch/many-created", "one commit creates thousands of accounts together with their memberships"}, many_created},
    {{"batch/one-bad-entry", "one invalid entry at any position prevents every write of its commit"}, one_bad_entry},
    {{"batch/any-order", "the order of entries and guards does not affect the result of a commit"}, any_order},
    {{"batch/locators", "a commit identifies each record by its id, for any value of its locator"}, locators},
};

}  // namespace

std::span<const Entry> batch_laws() noexcept {
  return batch_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
