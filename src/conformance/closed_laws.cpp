// Organizations that the host has closed: what the facts, the guards and the record interface of a store must do.
#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "change_set_builder.hpp"
#include "erase_calls.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;

constexpr std::uint32_t kept_member = 0, gone_member = 1;

/// Every way in which the record interface opens an organization.
struct Opening {
  const char* what;
  std::function<Result<Version>(RecordStore&, const OrganizationRecord& open, Version given)> write;
  bool reads_version = true;
};
const std::vector<Opening>& openings() {
  static const std::vector<Opening> all = {
      {"open it by a change",
       [](RecordStore& store, const OrganizationRecord& open, Version given) {
         return store.change_organization(open.id, {.closed = false}, given);
       }},
      {"open it by a change of two fields",
       [](RecordStore& store, const OrganizationRecord& open, Version given) {
         return store.change_organization(open.id, {.slug = open.slug, .closed = false}, given);
       }},
      {"open it by a put", [](RecordStore& store, const OrganizationRecord& open,
                              Version given) { return store.put_organization(with_version(open, given)); }},
      {"open it by an overwrite",
       [](RecordStore& store, const OrganizationRecord& open, Version) { return store.overwrite_organization(open); },
       false},
  };
  return all;
}

/// An organization with one membership, and with one tombstone, is closed. The facts say so, for any name of it.
OrganizationRecord close_with_members(TestContext& test, Records& records, State state, Time until) {
  OrganizationRecord acme{.id = test_organization(0), .slug = Slug("the-acme"), .seats_max = 50};
  test.put_accounts(2);
  acme.version = records.succeeds("create the organization", put(records.store(), acme));
  ChangeSetBuilder joins(test, {acme.id}, test_accounts(2));
  joins.add(0, gone_member);
  joins.succeeds("a member joins");
  ChangeSetBuilder leaves(test, {acme.id}, test_accounts(2));
  leaves.remove(0, gone_member);
  leaves.succeeds("the member is removed");
  const Membership kept{.id = test.fresh_id(),
                        .organization = acme.id,
                        .account = test_account(kept_member),
                        .role = member,
                        .state = state,
                        .valid_until = until};
  test.expect(records.store().put_membership(kept).has_value(), "a membership is not put");
  acme.closed = true;
  acme.version = records.succeeds("close it with members",
                                  records.store().change_organization(acme.id, {.closed = true}, acme.version));
  return acme;
}

void refuse_openings(TestContext& test, Records& records, const OrganizationRecord& acme) {
  OrganizationRecord open = acme;
  open.closed = false;
  test.put(OrganizationRecord{.id = test_organization(1), .slug = Slug("taken")});
  for (const Opening& opening : openings()) {
    for (const Version given : {acme.version, any_version})
      records.fails(opening.what, opening.write(records.store(), open, given), Errc::has_members);
    if (opening.reads_version)
      records.fails(std::string(opening.what) + " with another version",
                    opening.write(records.store(), open, behind(acme.version)), Errc::stale);
    OrganizationRecord taken = open, lost = open;
    taken.slug = Slug("taken");
    lost.parent = test_organization(9);
    records.fails(std::string(opening.what) + ", with a taken slug", opening.write(records.store(), taken, any_version),
                  Errc::has_members);
    records.fails(std::string(opening.what) + ", without its parent", opening.write(records.store(), lost, any_version),
                  Errc::has_members);
  }
  records.expect_stored(acme, acme.version, "after it was not opened");
}

void closes(TestContext& test) {
  constexpr struct {
    State state;
    Time until{};
  } kept[] = {{State::active}, {State::active, Time{1}}, {State::invited}, {State::suspended}};
  for (std::size_t i = 0; i < openings().size() && !test.broken(); ++i) {
    test.fresh();
    Records records(test, 0);
    if (!records) return;
    RecordStore& store = records.store();
    OrganizationRecord acme = close_with_members(test, records, kept[i].state, kept[i].until);
    records.expect_stored(acme, acme.version, "after it was closed");
    refuse_openings(test, records, acme);
    acme.seats_max = 7;
    acme.version = records.succeeds("change another field", change(store, acme.id, {.seats_max = 7}, acme.version));
    acme.version = records.succeeds("close it again", change(store, acme.id, {.closed = true}, acme.version));
    records.expect_stored(acme, acme.version, "after it was closed again");
    const bool erased = store.erase_membership(acme.id, test_account(kept_member)).has_value();
    if (!test.expect(erased, "a membership is not erased")) return;
    acme.seats_max = 8;
    acme.version = records.succeeds("change another field", change(store, acme.id, {.seats_max = 8}, acme.version));
    records.expect_stored(acme, acme.version, "after a change without members");
    OrganizationRecord open = acme;
    open.closed = false;
    const Opening& opening = openings()[i];
    open.version = records.succeeds(opening.what, opening.write(store, open, acme.version));
    test.expect(open.version != acme.version, "an organization that was opened has the same version");
    records.expect_stored(open, open.version, "after it was opened");
    // A put closes too, whatever members there are.
    ChangeSetBuilder joins(test, {acme.id}, test_accounts(2));
    joins.add(0, kept_member);
    joins.succeeds("a member joins the opened organization");
    acme.version = records.succeeds("close it by a put", put(store, with_version(acme, open.version)));
    records.expect_stored(acme, acme.version, "after it was closed by a put");
    acme.version = records.succeeds("close it by an overwrite", overwrite(store, acme));
    records.expect_stored(acme, acme.version, "after it was closed by an overwrite");
  }
}

/// The fact is right for every name of the organization, and for that of its parent.
void closed_facts(TestContext& test) {
  test.put(OrganizationRecord{.id = test_organization(0), .slug = Slug("zero"), .closed = true});
  test.put(OrganizationRecord{.id = test_organization(1), .slug = Slug("one"), .parent = test_organization(0)});
  test.put(OrganizationRecord{.id = test_organization(2), .parent = test_organization(1), .closed = true});
  test.put_accounts(1);
  const std::vector<std::pair<OrganizationSelector, bool>> names = {
      {test_organization(0), true},
      {Slug("zero"), true},
      {test_organization(1), false},
      {Slug("one"), false},
      {Nested{test_organization(0), test_organization(1)}, false},
      {Nested{test_organization(1), test_organization(2)}, true},
  };
  const auto expect = [&](const Facts& facts, std::uint32_t at, bool closed) {
    test.expect(facts.organizations[at].closed == closed,
                "`closed` of `" + std::string(facts.organizations[at].id.view()) + "` is not as it was put");
  };
  OwnedQuery all;
  all.accounts = test_accounts(1);
  Facts facts;
  for (const auto& [name, closed] : names) {
    OwnedQuery one = all;
    one.organizations = {name};
    all.organizations.push_back(name);
    if (!test.fetch(one, facts)) return;
    expect(facts, 0, closed);
  }
  all.parents = true;
  if (!test.fetch(all, facts)) return;
  for (std::uint32_t i = 0; i < names.size(); ++i) expect(facts, i, names[i].second);
  for (std::uint32_t i = 0; i < names.size(); ++i)
    if (const std::uint32_t parent = facts.organizations[i].parent; parent != no_index)
      expect(facts, parent, facts.organizations[parent].id != test_organization(1));
}

/// A commit that was decided on the other value of the field is stale.
void closed_guards(TestContext& test) {
  Records records(test, 0);
  if (!records) return;
  test.put_accounts(4);
  const OrganizationId acme = test_organization(0);
  Version version = records.succeeds("create the organization", put(records.store(), {.id = acme}));
  for (const bool closed : {true, false, true}) {
    ChangeSetBuilder adds(test, {acme}, test_accounts(4)), several(test, {acme}, test_accounts(4));
    adds.guard_organization(0);
    adds.add(0, 0);
    several.guard_organization(0);
    for (std::uint32_t i = 1; i < 4; ++i) several.add(0, i);
    version =
        records.succeeds(closed ? "close it" : "open it", change(records.store(), acme, {.closed = closed}, version));
    const char* const what = closed ? "it was decided before the organization was closed"
                                    : "it was decided before the organization was opened";
    adds.is_stale(what);
    several.is_stale(what);
  }
}

/// One worker closes an organization while others add members to it. Once it is closed, nobody joins.
void closes_at_once(TestContext& test) {
  const std::uint32_t workers = std::clamp(test.fixture().capabilities().connections, 2u, 4u);
  for (std::uint32_t round = 0; round < 5 * test.options.rounds && !test.broken(); ++round) {
    test.fresh();
    Records records(test, 0);
    if (!records) return;
    test.put_organizations(workers);
    test.put_accounts(workers + 1);
    const OrganizationId acme = test_organization(0);
    AtOnce adds(test, workers - 1, [&](ChangeSetBuilder& builder, std::uint32_t worker) {
      builder.guard_organization(0);
      builder.add(0, worker);
      if (worker % 2 == 0) builder.add(0, workers);  // a commit of several entries
    });
    std::uint32_t then = 0;
    Result<Version> opened = Errc::stale;
    const bool opens = round % 2 == 1;
    const Result<void> closed = adds.run([&]() -> Result<void> {
      const auto done = records.store().change_organization(acme, {.closed = true}, any_version);
      if (!done) return done.error();
      if (opens) opened = records.store().change_organization(acme, {.closed = false}, any_version);
      then = ChangeSetBuilder(test, {acme}, test_accounts(workers + 1)).facts().memberships.size();
      return success();
    });
    const std::uint32_t after = ChangeSetBuilder(test, {acme}, test_accounts(workers + 1)).facts().memberships.size();
    test.expect(closed.has_value() || closed.error().code == Errc::stale, "an organization is not closed");
    test.expect(!closed || then == after, "a member joins an organization that is closed already");
    test.expect(!opened || after == 0, "an organization with members is opened");
  }
}

constexpr Entry closed_entries[] = {
    {{"closed/facts", "fetch returns whether an organization is closed, for every kind of name, and of a parent"},
     closed_facts},
    {{"closed/guard", "a commit that was decided before an organization was closed or opened is stale"},
     closed_guards,
     Requires::records},
    {{"records/closed",
      "an organization can be closed at any time, and be opened by no call while it has a membership in any state but "
      "removed"},
     closes,
     Requires::records},
    {{"threads/closed", "nobody joins once an organization is closed, and none is opened with members"},
     closes_at_once,
     Requires::record_threads},
};

}  // namespace

std::span<const Entry> closed_laws() noexcept {
  return closed_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
