// Commits of many entries: in any order, at any size, and with one bad entry anywhere.
#include <algorithm>
#include <string>
#include <utility>

#include "draft.hpp"
#include "laws.hpp"
#include "picture.hpp"

ROSTER_BEGIN
namespace conformance {

namespace {

using State = MembershipState;

/// Rows and columns that hold at least `cells` cells, at most 1000 columns wide.
struct Field {
  std::vector<OrganizationSelector> rows;
  std::vector<AccountSelector> columns;

  explicit Field(std::uint32_t cells) {
    const std::uint32_t width = std::min(cells, 1000u);
    for (std::uint32_t i = 0; i < width; ++i) columns.emplace_back(who(i));
    for (std::uint32_t i = 0; i < (cells + width - 1) / width; ++i) rows.emplace_back(org(i));
  }
  void put(Stage& stage) const {
    stage.put_organizations(static_cast<std::uint32_t>(rows.size()));
    stage.put_accounts(static_cast<std::uint32_t>(columns.size()));
  }
};

/// Everything in one change set: the answer must hold exactly this number, each with its id.
void expect_all(Stage& stage, const Field& field, const std::vector<MembershipId>& ids, State state,
                const RoleId& role) {
  Ask ask;
  ask.organizations = field.rows;
  ask.accounts = field.columns;
  Facts facts;
  if (!stage.fetch(ask, facts)) return;
  const std::string size = std::to_string(ids.size());
  if (!stage.expect(facts.memberships.size() == ids.size(), "there are not " + size + " memberships")) return;
  for (std::uint32_t i = 0; i < ids.size(); ++i) {
    const MembershipFact& fact = facts.memberships[i];
    const std::size_t cell = std::size_t{fact.organization} * field.columns.size() + fact.account;
    const bool fits = cell == i && fact.id == ids[i] && fact.state == state && facts.roles[fact.role].id == role;
    if (!stage.expect(fits, "of " + size + " memberships number " + std::to_string(i) + " is not as it was written"))
      return;
  }
}

void sizes(Stage& stage) {
  for (const std::uint32_t cells : {1u, 2u, 3u, 10u, 100u, 1000u, 10'000u, 100'000u}) {
    if (cells > std::max(1u, stage.trial.cells_max)) return;
    stage.fresh();
    const Field field(cells);
    field.put(stage);
    std::vector<MembershipId> ids;
    const auto width = static_cast<std::uint32_t>(field.columns.size());
    Draft added(stage, field.rows, field.columns);
    for (std::uint32_t cell = 0; cell < cells; ++cell) ids.push_back(added.add(cell / width, cell % width));
    added.limit_seats(0, width);
    if (!added.succeeds("nobody is a member")) return;
    expect_all(stage, field, ids, State::active, member);
    Draft changed(stage, field.rows, field.columns);
    for (const MembershipFact& fact : changed.facts().memberships)
      changed.change(fact, State::suspended, Event::suspended, admin);
    if (!changed.succeeds("the memberships have the versions that were read")) return;
    expect_all(stage, field, ids, State::suspended, admin);
    Draft removed(stage, field.rows, field.columns);
    removed.changes.keeps_removed = false;
    for (const MembershipFact& fact : removed.facts().memberships) removed.change(fact, State::removed, Event::removed);
    if (!removed.succeeds("the memberships have the versions that were read")) return;
    expect_all(stage, field, {}, State::removed, admin);
    if (stage.broken()) return;
  }
}

/// Many accounts and their memberships, created at once.
void many_created(Stage& stage) {
  const std::uint32_t count = std::min(5'000u, std::max(1u, stage.trial.cells_max));
  stage.put_organizations(1);
  Draft draft(stage, {org(0)}, {who(count)});
  std::vector<AccountSelector> columns;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Email mail = address("person-" + std::to_string(i) + "@example.org");
    draft.add(0, draft.create(who(i), mail));
    columns.emplace_back(mail);
  }
  if (!draft.succeeds("neither ids nor addresses are in use")) return;
  Ask ask;
  ask.organizations = {org(0)};
  ask.accounts = columns;
  Facts facts;
  if (!stage.fetch(ask, facts)) return;
  for (std::uint32_t i = 0; i < count && !stage.broken(); ++i)
    stage.expect(facts.accounts[i].id == who(i), "an address among many finds another account than was created");
  stage.expect(facts.memberships.size() == count, "not everybody who was created is a member");
}

/// An invalid entry, of any kind and at any position, prevents every write.
void one_bad_entry(Stage& stage) {
  constexpr std::uint32_t cells_most = 3'000;
  const Field field(std::min(cells_most, std::max(2u, stage.trial.cells_max)));
  const auto width = static_cast<std::uint32_t>(field.columns.size());
  const auto cells = static_cast<std::uint32_t>(field.rows.size()) * width;
  field.put(stage);
  stage.put(AccountRecord{.id = who(9'999)});
  Draft there(stage, field.rows, {who(9'999)});
  there.add(0, 0);
  there.succeeds("nobody is a member");
  std::vector<AccountSelector> columns = field.columns;
  columns.emplace_back(who(9'999));
  columns.emplace_back(who(9'998));  // nobody
  for (const std::uint32_t bad_at : {0u, 1u, cells / 2, cells - 1, cells})
    for (int bad = 0; bad < 3; ++bad) {
      Draft draft(stage, field.rows, columns);
      for (std::uint32_t cell = 0; cell <= cells; ++cell) {
        if (cell == bad_at && bad == 0) draft.add(0, width);      // a pair in use
        if (cell == bad_at && bad == 1) draft.add(0, width + 1);  // no such account
        if (cell == bad_at && bad == 2)
          draft.add(cell == 0 ? cells / width - 1 : 0, cell == 0 ? width - 1 : 0);  // twice
        if (cell < cells) draft.add(cell / width, cell % width);
      }
      if (!draft.is_stale("one entry of many cannot be written")) return;
      Draft look(stage, field.rows, columns);
      if (!stage.expect(look.facts().memberships.size() == 1, "a part of a commit that was stale is there")) return;
    }
}

/// One change set, its entries and guards in any order: the same store.
void any_order(Stage& stage) {
  Picture first;
  for (int order = 0; order < 6; ++order) {
    stage.fresh();
    stage.put_organizations(3);
    stage.put_accounts(8);
    const std::vector<OrganizationSelector> rows = {org(0), org(1), org(2)};
    std::vector<AccountSelector> columns;
    for (std::uint32_t i = 0; i < 8; ++i) columns.emplace_back(who(i));
    Draft start(stage, rows, columns);
    for (std::uint32_t i = 0; i < 4; ++i)
      for (std::uint32_t row = 0; row < 3; ++row) start.add(row, i, i == 0 ? owner : member);
    start.succeeds("nobody is a member");
    Draft draft(stage, rows, columns, who(0));
    struct Added {
      MemberAdded entry;
      MembershipId id;
    };
    for (std::uint32_t i = 4; i < 8; ++i)
      for (std::uint32_t row = 0; row < 3; ++row)
        draft.add(row, i, i % 2 == 0 ? admin : member, i == 7 ? State::invited : State::active);
    for (std::uint32_t row = 0; row < 3; ++row) {
      draft.change(row, 1, State::active, Event::role_changed, owner);
      draft.change(row, 2, State::suspended, Event::suspended);
      draft.remove(row, 3);
      draft.guard_organization(row);
      draft.guard_actor(row);
      draft.limit_seats(row, 7);
      draft.keep_an_owner(row);
    }
    std::vector<Added> added;
    for (std::uint32_t i = 0; i < draft.changes.added.size(); ++i)
      added.push_back({draft.changes.added[i], draft.changes.added_ids[i]});
    std::vector<MemberChanged> changed(draft.changes.changed.begin(), draft.changes.changed.end());
    std::vector<Guard> guards(draft.changes.guards.begin(), draft.changes.guards.end());
    if (order > 0) {
      stage.chance.shuffle(added);
      stage.chance.shuffle(changed);
      stage.chance.shuffle(guards);
    }
    for (std::uint32_t i = 0; i < added.size(); ++i) {
      draft.changes.added[i] = added[i].entry;
      draft.changes.added_ids[i] = added[i].id;
    }
    std::copy(changed.begin(), changed.end(), draft.changes.changed.begin());
    std::copy(guards.begin(), guards.end(), draft.changes.guards.begin());
    if (!draft.succeeds("nothing is wrong with it")) return;
    const Picture now = picture(stage, stage.store(), {.versions = false});
    if (order == 0) first = now;
    if (!stage.expect(now == first, "another order of entries gives another store: " + difference(first, now))) return;
  }
}

/// A locator is a hint. For every value of it, the id decides.
void locators(Stage& stage) {
  const std::vector<OrganizationSelector> rows = {org(0), org(1)};
  const std::vector<AccountSelector> columns = {who(0), who(1), who(2)};
  Picture first;
  for (int lie = 0; lie < 7; ++lie) {
    stage.fresh();
    stage.put_organizations(2);
    stage.put_accounts(3);
    Draft start(stage, rows, columns);
    start.add(0, 0, owner);
    start.add(1, 1);
    start.succeeds("nobody is a member");
    Draft draft(stage, rows, columns, who(0));
    if (stage.broken()) return;
    List<OrganizationFact, 2> organizations;
    List<AccountFact, 1> accounts;
    if (!organizations.assign(draft.facts().organizations.span()) || !accounts.assign(draft.facts().accounts.span()))
      return stage.fail("the kit has no memory");
    const auto twist = [&](Locator& locator, Locator of_another) {
      static constexpr std::uint64_t lies[] = {0, 1, 2, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF};
      if (lie == 1) locator = of_another;
      if (lie > 1) locator = Locator{lies[lie - 2]};
    };
    twist(organizations[0].locator, draft.facts().organizations[1].locator);
    twist(organizations[1].locator, draft.facts().organizations[0].locator);
    twist(organizations[0].actor_locator, Locator{static_cast<std::uint64_t>(organizations[0].actor_locator) + 1});
    for (std::uint32_t i = 0; i < 3; ++i) twist(accounts[i].locator, draft.facts().accounts[(i + 1) % 3].locator);
    draft.changes.organizations = std::as_const(organizations).span();
    draft.changes.accounts = std::as_const(accounts).span();
    draft.guard_actor(0);
    draft.guard_organization(1);
    draft.guard_account(2);
    draft.guard_membership(1, 1);
    draft.add(0, 1);
    draft.add(1, 2, admin);
    draft.change(0, 0, State::active, Event::role_changed, admin);
    if (!draft.succeeds("every id is right, whatever the locators say")) return;
    const Picture now = picture(stage, stage.store(), {.versions = false});
    if (lie == 0) first = now;
    stage.expect(now == first, "other locators give another store: " + difference(first, now));
  }
}

constexpr Entry batch_entries[] = {
    {{"batch/sizes", "change sets of 1 to 100,000 entries add, change and remove exactly what they say"}, sizes},
    {{"batch/many-created", "thousands of accounts are created, and join, at once"}, many_created},
    {{"batch/one-bad-entry", "one entry that cannot be written, wherever it stands, and nothing is"}, one_bad_entry},
    {{"batch/any-order", "the order of entries and guards does not matter"}, any_order},
    {{"batch/locators", "a locator is a hint: whatever it says, the id decides"}, locators},
};

}  // namespace

std::span<const Entry> batch_laws() noexcept {
  return batch_entries;
}

}  // namespace conformance
ROSTER_END
