// The record interface of a store: the end of an organization.
#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "change_set_builder.hpp"
#include "erase_calls.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;
using Record = Guard::Record;

constexpr std::uint32_t former_count = 12, staying = former_count, joining = former_count + 1;

/// test_organization(0) with a slug, a catalog, a limit of seats and tombstones, and test_organization(1) inside it.
OrganizationRecord put_world(TestContext& test, Records& records) {
  OrganizationRecord acme{.id = test_organization(0), .slug = Slug("the-acme"), .seats_max = 50};
  test.put_accounts(former_count + 3);
  acme.version = records.succeeds("create the organization", put(records.store(), acme));
  records.succeeds("put one inside", put(records.store(), {.id = test_organization(1), .parent = acme.id}));
  test.put(acme.id, Role{.id = member, .rank = 1});
  ChangeSetBuilder joins(test, {acme.id}, test_accounts(former_count));
  for (std::uint32_t i = 0; i < former_count; ++i) joins.add(0, i);
  joins.limit_seats(0, 50);
  joins.succeeds("members join");
  ChangeSetBuilder leaves(test, {acme.id}, test_accounts(former_count));
  for (std::uint32_t i = 0; i < former_count; ++i) leaves.remove(0, i);
  leaves.succeeds("they are removed");
  return acme;
}

/// Each membership that is not removed keeps the organization, whatever its state, and so does one inside it.
void refuse_erases(TestContext& test, Records& records, const OrganizationId& acme) {
  Erases erases(test, records.store());
  const Version now = version_of(test, records.store(), acme);
  erases.fails("erase a missing one", erases.of(test_organization(9), any_version), Errc::not_found);
  erases.fails("erase a missing one with a version", erases.of(test_organization(9), now), Errc::not_found);
  erases.fails("erase no one", erases.of(OrganizationId(), any_version), Errc::id_empty);
  erases.fails("erase another version", erases.of(acme, behind(now)), Errc::stale);
  erases.fails("erase a version of 0", erases.of(acme, no_version), Errc::stale);
  erases.fails("erase one with another inside", erases.of(acme, now), Errc::has_children);
  for (const State state : {State::active, State::invited, State::suspended})
    for (const Time until : {Time{}, Time{1}}) {
      const Membership kept{.id = test.fresh_id(),
                            .organization = acme,
                            .account = test_account(staying),
                            .role = member,
                            .state = state,
                            .valid_until = until};
      if (!test.expect(records.store().put_membership(kept).has_value(), "a membership is not put")) return;
      erases.fails("erase one with a member", erases.of(acme, any_version), Errc::has_members);
      erases.fails("erase another version of one with a member", erases.of(acme, behind(now)), Errc::stale);
      const bool erased = records.store().erase_membership(acme, test_account(staying)).has_value();
      if (!test.expect(erased, "a membership is not erased")) return;
    }
  records.succeeds("move the other out",
                   change(records.store(), test_organization(1), {.parent = OrganizationId()}, any_version));
  test.expect(version_of(test, records.store(), acme) == now, "a refused erase changes the version");
}

/// Nothing of the organization is found by any call.
void expect_gone(TestContext& test, Records& records, const OrganizationRecord& acme) {
  RecordStore& store = records.store();
  records.expect_absent(acme.id, "after the erase");
  const auto by_slug = store.organization(acme.slug);
  test.expect(by_slug && !by_slug.value(), "after the erase, the slug finds the organization");
  Role role;
  const auto roles = store.roles(acme.id, {}, {&role, 1});
  test.expect(roles && roles.value() == 0, "after the erase, the catalog is listed");
  OwnedQuery query;
  query.organizations = {acme.id, acme.slug};
  query.accounts = test_accounts(former_count);
  Facts facts;
  if (!test.fetch(query, facts)) return;
  test.expect(facts.organizations[0].id.empty() && facts.organizations[1].id.empty(), "fetch finds the organization");
  test.expect(facts.memberships.empty(), "fetch finds a membership in it");
  const MembershipReader* const reader = test.fixture().reader();
  if (reader == nullptr) return;
  const auto former = reader->former_membership(acme.id, test_account(0));
  test.expect(former && !former.value(), "a tombstone is found after the erase");
}

/// What was decided on the erased organization. None of it may be written, also after another one has its id.
class EarlyCommits {
 public:
  EarlyCommits(TestContext& test, const OrganizationId& acme) {
    const auto begin = [&]() -> ChangeSetBuilder& {
      all_.push_back(std::make_unique<ChangeSetBuilder>(test, std::vector<OrganizationSelector>{acme},
                                                        test_accounts(former_count + 3)));
      return *all_.back();
    };
    ChangeSetBuilder& joins = begin();
    joins.guard_organization(0);
    joins.add(0, joining);
    ChangeSetBuilder& several = begin();
    several.guard_organization(0);
    for (std::uint32_t i = 0; i < 2; ++i) several.add(0, joining + i);
    begin().renew(0, 0);
    ChangeSetBuilder& depends = begin();
    depends.guard_membership(0, 1);
    depends.add(0, joining);
  }
  void are_stale(const std::string& when) {
    for (const auto& each : all_) each->is_stale(when + ", a commit on the erased organization");
  }

 private:
  std::vector<std::unique_ptr<ChangeSetBuilder>> all_;
};

void erases_organizations(TestContext& test) {
  for (const bool unconditional : {false, true}) {
    test.fresh();
    Records records(test, 0);
    if (!records) return;
    RecordStore& store = records.store();
    const OrganizationRecord acme = put_world(test, records);
    const Version first = acme.version;
    Erases erases(test, store);
    refuse_erases(test, records, acme.id);
    const Version last = version_of(test, store, acme.id);
    EarlyCommits early(test, acme.id);
    ChangeSetBuilder unguarded(test, {acme.id}, test_accounts(former_count + 3));
    unguarded.add(0, joining);
    if (test.broken()) return;
    erases.succeeds("erase the organization", erases.of(acme.id, unconditional ? any_version : last));
    expect_gone(test, records, acme);
    erases.fails("erase it again", erases.of(acme.id, unconditional ? any_version : last), Errc::not_found);
    early.are_stale("after the erase");
    unguarded.is_stale("after the erase, a commit without a guard");

    records.succeeds("put one with the slug", put(store, {.id = test_organization(2), .slug = acme.slug}));
    const Version again = records.succeeds("put one with the id", put(store, {.id = acme.id}));
    test.expect(again != last && again != first, "an organization with the id of an erased one has a version of that");
    test.expect(version_of(test, store, test_organization(1)) != Version{}, "another organization is erased too");
    const ChangeSetBuilder found(test, {acme.id}, test_accounts(former_count));
    test.expect(found.facts().memberships.empty(), "an organization with the id of an erased one has its tombstones");
    test.expect(store.erase_membership(acme.id, test_account(2)).has_error(), "a tombstone of the erased one is left");
    early.are_stale("after another one has the id");
    ChangeSetBuilder joins(test, {acme.id}, test_accounts(2));
    for (std::uint32_t i = 0; i < 2; ++i) joins.add(0, i);
    joins.limit_seats(0, 2);
    joins.succeeds("members join the other one");
    early.are_stale("after members have joined the other one");
    if (test.broken()) return;
  }
}

/// One worker erases an organization while others add members to it, and one puts another inside it.
void erases_organizations_at_once(TestContext& test) {
  const std::uint32_t workers = std::clamp(test.fixture().capabilities().connections, 2u, 4u);
  for (std::uint32_t round = 0; round < 5 * test.options.rounds && !test.broken(); ++round) {
    test.fresh();
    Records records(test, 0), other(test, workers - 1);
    if (!records || !other) return;
    test.put_organizations(std::max(workers, 2u));
    test.put_accounts(workers + 1);
    AtOnce adds(test, workers - 1, [&](ChangeSetBuilder& builder, std::uint32_t worker) {
      builder.guard_organization(0);
      builder.add(0, worker);
      if (worker % 2 == 0) builder.add(0, workers);  // a commit of several entries
    });
    const bool moves = round % 3 == 2;
    Result<Version> moved = Errc::stale;
    if (moves)
      adds.replace_last([&] {
        moved = other.store().change_organization(test_organization(1), {.parent = test_organization(0)}, any_version);
      });
    const Result<void> erased =
        adds.run([&] { return records.store().erase_organization(test_organization(0), any_version); });
    const ChangeSetBuilder after(test, test_organizations(1), test_accounts(workers + 1));
    const bool kept = adds.added() != 0 || moved.has_value();
    test.expect(!erased || !kept, "an organization is erased, and a concurrent commit is in it");
    const Errc code = erased ? Errc{} : erased.error().code;  // the erase may precede one of two writes
    test.expect(erased || code == Errc::stale || (code == Errc::has_members && adds.added() != 0) ||
                    (code == Errc::has_children && moved.has_value()),
                "an erase at once with adds: " + (erased ? "" : std::string(name(erased.error().code))));
    test.expect(!erased || after.facts().memberships.empty(), "a member is in an organization that is erased");
    OrganizationId child;
    const auto inside = records.store().children(test_organization(0), {}, {&child, 1});
    test.expect(inside && inside.value() == (moved ? 1u : 0u), "an organization is inside an erased one");
  }
}

constexpr Entry erase_entries[] = {
    {{"records/erase-organization",
      "erase_organization() leaves nothing of an organization that has no members and none inside, and a commit on it "
      "is "
      "stale, also after its id is put again"},
     erases_organizations,
     Requires::records},
    {{"threads/erase-organization", "nothing is written into an organization while it is erased"},
     erases_organizations_at_once,
     Requires::record_threads},
};

}  // namespace

std::span<const Entry> erase_laws() noexcept {
  return erase_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
