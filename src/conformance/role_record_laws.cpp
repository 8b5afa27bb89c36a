// The record interface of a store, for the catalogs of organizations: the erase of a role, and the last owner.
#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "catalog_listing.hpp"
#include "change_set_builder.hpp"
#include "laws.hpp"
#include "record_calls.hpp"
#include "snapshot.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;

const RoleId editor("editor"), unused("unused"), missing_role("absent");

/// Memberships in every state with the role `member`, one with another role, and the same in another organization.
void put_states(TestContext& test) {
  test.put_organizations(2);
  test.put_accounts(7);
  for (std::uint32_t row = 0; row < 2; ++row)
    for (const Role& role : {Role{.id = member, .rank = 1}, Role{.id = editor, .rank = 2, .takes_seat = row == 1},
                             Role{.id = admin, .rank = 3}, Role{.id = unused, .rank = 4}})
      test.put(test_organization(row), role);
  ChangeSetBuilder builder(test, test_organizations(2), test_accounts(7), test_account(0));
  for (std::uint32_t row = 0; row < 2; ++row) {
    for (std::uint32_t column = 0; column < 4; ++column) builder.add(row, column, member);
    builder.add(row, 4, member, State::invited);
    builder.add(row, 5, admin);
  }
  builder.succeeds("no account is a member");
  ChangeSetBuilder then(test, test_organizations(2), test_accounts(7), test_account(0));
  then.changes.valid_until = Time{9'000'000'000'000'000};
  for (std::uint32_t row = 0; row < 2; ++row) {
    then.change(row, 1, State::active, Event::expiry_changed, member).sets_expiry = true;
    then.change(row, 2, State::suspended, Event::suspended, member);
    then.remove(row, 3);
  }
  then.succeeds("the memberships have the versions that were read");
}

/// A line of a snapshot without its version, and with one role in place of another: its own, or that of its inviter.
std::string without_version(std::string line, const std::string& from, const std::string& to) {
  if (const std::size_t at = line.find(", version "); at != std::string::npos)
    line.erase(at, line.find_first_not_of("0123456789", at + 10) - at);
  for (std::size_t at = 0; !from.empty() && (at = line.find(" " + from, at)) != std::string::npos; at += to.size())
    line.replace(at + 1, from.size(), to);
  return line;
}

/// Every membership of the first organization with `member` has the replacement and a higher version, and nothing else
/// has changed.
void expect_replaced(TestContext& test, const Snapshot& before, const Snapshot& after) {
  test.expect(before.size() == after.size(), "the erase of a role removed a membership");
  for (const auto& [key, line] : before) {
    const auto now = after.find(key);
    if (!test.expect(now != after.end(), key + " is missing")) return;
    const bool here = key.starts_with("org-0/"), has = here && line.find(" member ") != std::string::npos;
    if (has) {
      test.expect(now->second != without_version(line, "", "") && now->second.find(" editor ") != std::string::npos,
                  key + " has not the replacement: " + now->second);
      test.expect(without_version(now->second, "", "") == without_version(line, "member", "editor"),
                  key + " was `" + line + "`, is `" + now->second + "`");
      const auto version = [](const std::string& of) { return std::stoull(of.substr(of.find(", version ") + 10)); };
      test.expect(version(line) < version(now->second), key + " has no higher version than before");
    } else if (key != "org-0") {
      test.expect(line == now->second, key + " was `" + line + "`, is `" + now->second + "`");
    }
  }
}

void erases_role(TestContext& test) {
  for (const bool counted : {false, true}) {
    test.fresh();
    Records records(test, 0);
    if (!records) return;
    RecordStore& store = records.store();
    put_states(test);
    if (counted) {
      ChangeSetBuilder bounded(test, {test_organization(0)}, test_accounts(7));
      bounded.limit_seats(0, 100);
      bounded.succeeds("there are seats");
    }
    const auto found = store.organization(test_organization(0));
    if (!test.expect(found && found.value(), "the organization is not found")) return;
    const Version read = found.value()->version;
    const Snapshot before = take_snapshot(test);
    const auto refuse = [&](const char* what, const OrganizationId& in, const RoleId& role, const RoleId& other,
                            Version version, Errc code) {
      records.fails(std::string("erase ") + what, store.erase_role(in, role, other, version), code);
      test.expect(difference(before, take_snapshot(test)).empty(),
                  std::string("a refused call wrote: erase ") + what + ": " + difference(before, take_snapshot(test)));
    };
    const OrganizationId here = test_organization(0);
    refuse("a role of a missing organization", test_organization(99), member, editor, any_version, Errc::not_found);
    refuse("a role with another version", here, member, editor, behind(read), Errc::stale);
    refuse("a missing role with another version", here, missing_role, editor, behind(read), Errc::stale);
    refuse("a missing role", here, missing_role, editor, any_version, Errc::not_found);
    refuse("a missing role without a replacement", here, missing_role, {}, read, Errc::not_found);
    refuse("a role with a missing replacement", here, member, missing_role, any_version, Errc::not_found);
    refuse("a role with itself", here, member, member, any_version, Errc::not_found);
    refuse("a role in use without a replacement", here, member, {}, read, Errc::role_in_use);
    ChangeSetBuilder late(test, {here}, test_accounts(7)), adds(test, {here}, test_accounts(7));
    late.change(0, 0, State::suspended, Event::suspended, member);
    adds.guard_organization(0);
    adds.add(0, 6, member);
    const Version erased =
        records.succeeds("erase a role", store.erase_role(here, member, editor, counted ? any_version : read));
    test.expect(erased != read, "the erase of a role did not change the version of the organization");
    expect_replaced(test, before, take_snapshot(test));
    expect_catalog(
        test, store, here,
        {{.id = admin, .rank = 3}, {.id = editor, .rank = 2, .takes_seat = false}, {.id = unused, .rank = 4}},
        "after a role was erased");
    late.is_stale("the membership has another role and another version");
    adds.is_stale("the catalog has changed");
    records.fails("put a role with its former version", store.put_role(here, {.id = member}, read), Errc::stale);
    OwnedQuery query;
    query.organizations = {here};
    query.accounts = {test_account(99)};
    query.roles = {member, editor};
    query.counts = true;
    Facts facts;
    if (!test.fetch(query, facts)) return;
    test.expect(facts.wanted_roles[0] == no_role && facts.wanted_roles[1] != no_role, "the erased role is still there");
    const MemberCounts& counts = facts.organizations[0].counts;
    test.expect(counts.active == 1 && counts.invited == 0, "the counts are not by the roles that replaced others");
    for (const RoleId& role : {unused, admin})
      records.succeeds("erase another role",
                       store.erase_role(here, role, role == unused ? RoleId{} : editor, any_version));
    expect_catalog(test, store, here, {{.id = editor, .rank = 2, .takes_seat = false}},
                   "after all but one were erased");
    records.succeeds("put it again", store.put_role(here, {.id = member, .rank = 9}, any_version));
    records.succeeds("and back", store.erase_role(here, editor, member, any_version));
    expect_catalog(test, store, here, {{.id = member, .rank = 9}}, "after a role was put again");
    if (test.broken()) return;
  }
}

/// The members of one role are the last owners, unless `other_owner`: an owner with another role. An owner whose
/// account is disabled does not count.
void put_owners(TestContext& test, bool other_owner, bool has_owner) {
  test.put_organizations(1);
  test.put_accounts(6);
  for (const Role& role : {Role{.id = owner, .rank = 3, .owns = true}, Role{.id = admin, .rank = 2, .owns = true},
                           Role{.id = member, .rank = 1}})
    test.put(test_organization(0), role);
  ChangeSetBuilder builder(test, test_organizations(1), test_accounts(6));
  if (has_owner) builder.add(0, 0, owner);
  builder.add(0, 1, admin, State::invited);
  builder.add(0, 2, admin);
  builder.add(0, 3, admin);
  builder.add(0, 4, member);
  builder.add(0, 5, admin);
  builder.succeeds("no account is a member");
  test.put(AccountRecord{.id = test_account(5), .disabled = true});
  ChangeSetBuilder then(test, test_organizations(1), test_accounts(6));
  then.changes.valid_until = Time{9'000'000'000'000'000};
  then.change(0, 2, State::active, Event::expiry_changed, admin).sets_expiry = true;
  if (!other_owner) then.change(0, 3, State::suspended, Event::suspended, admin);
  then.succeeds("the memberships have the versions that were read");
}

/// Disables the account of the owner. Such an owner counts if there is no other, so the other disabled one is removed.
void disable_owner(TestContext& test, Records& records) {
  ChangeSetBuilder gone(test, test_organizations(1), test_accounts(6));
  gone.remove(0, 5);
  gone.succeeds("the membership has the version that was read");
  records.succeeds("disable the owner",
                   records.store().change_account(test_account(0), {.disabled = true}, any_version));
}

void keeps_last_owner(TestContext& test) {
  using Call = Result<Version> (*)(RecordStore&, Version);
  struct CatalogChange {
    const char* what;
    Call call;
    bool keeps_owners;  // the replacement owns
  };
  static constexpr CatalogChange steps[] = {
      {"put the role of the last owners without `owns`",
       [](RecordStore& store, Version version) {
         return store.put_role(test_organization(0), {.id = owner, .rank = 3, .manages = true}, version);
       },
       false},
      {"erase the role of the last owners",
       [](RecordStore& store, Version version) {
         return store.erase_role(test_organization(0), owner, member, version);
       },
       false},
      {"replace the role of the last owners by one that owns",
       [](RecordStore& store, Version version) {
         return store.erase_role(test_organization(0), owner, admin, version);
       },
       true},
      {"put the role of the last owners with another rank",
       [](RecordStore& store, Version version) {
         return store.put_role(test_organization(0), {.id = owner, .rank = 9, .owns = true}, version);
       },
       true},
  };
  for (const CatalogChange& step : steps)
    for (const bool other_owner : {false, true})
      for (int owners = 0; owners < 3; ++owners) {
        const bool has_owner = owners != 0, is_disabled = owners == 2;
        test.fresh();
        Records records(test, 0);
        if (!records) return;
        put_owners(test, other_owner, has_owner);
        if (is_disabled) disable_owner(test, records);
        const Snapshot before = take_snapshot(test);
        const auto found = records.store().organization(test_organization(0));
        if (!test.expect(found && found.value(), "the organization is not found")) return;
        const Version read = found.value()->version;
        if (has_owner && !other_owner && !step.keeps_owners) {
          records.fails(step.what, step.call(records.store(), any_version), Errc::owner_last);
          records.fails(step.what, step.call(records.store(), behind(read)), Errc::stale);
          records.fails(step.what, step.call(records.store(), read), Errc::owner_last);
          test.expect(difference(before, take_snapshot(test)).empty(),
                      std::string("a refused call wrote: ") + step.what);
        } else {
          records.succeeds(step.what, step.call(records.store(), read));
        }
        if (test.broken()) return;
      }
}

/// One worker erases a role while others add members with it. Whatever the order, no member keeps it.
void erases_at_once(TestContext& test) {
  for (std::uint32_t round = 0; round < 5 * test.options.rounds && !test.broken(); ++round) {
    test.fresh();
    Records records(test, 0);
    const std::uint32_t workers = std::clamp(test.fixture().capabilities().connections, 2u, 4u);
    std::vector<Store*> stores;
    for (std::uint32_t i = 1; i < workers; ++i) stores.push_back(test.fixture().connection(i));
    const bool all = std::find(stores.begin(), stores.end(), nullptr) == stores.end();
    if (!records || !test.expect(all, "a connection is missing")) return;
    test.put_organizations(1);
    test.put_accounts(workers);
    for (const RoleId& role : {member, editor}) test.put(test_organization(0), Role{.id = role, .rank = 1});
    std::vector<std::unique_ptr<ChangeSetBuilder>> builders;
    for (std::uint32_t i = 1; i < workers; ++i) {
      builders.push_back(std::make_unique<ChangeSetBuilder>(test, test_organizations(1), test_accounts(workers),
                                                            AccountId(), stores[i - 1]));
      builders.back()->guard_organization(0);
      builders.back()->add(0, i, member);
      if (i % 2 == 0) builders.back()->add(0, 0, editor);  // a commit of several entries
    }
    std::atomic<std::uint32_t> waiting{workers};
    std::vector<CallStatus> statuses(workers);
    std::vector<std::thread> threads;
    for (std::uint32_t i = 1; i < workers; ++i)
      threads.emplace_back([&, i] {
        --waiting;
        while (waiting != 0) continue;
        statuses[i] = call(*stores[i - 1], builders[i - 1]->changes);
      });
    --waiting;
    while (waiting != 0) continue;
    for (std::uint32_t spins = test.rng.below(20'000); spins > 0; --spins) (void)waiting.load();
    const auto erased = records.store().erase_role(test_organization(0), member, editor, any_version);
    for (std::thread& thread : threads) thread.join();
    test.expect(erased || erased.error().code == Errc::stale,
                "an erase at once with adds: " + (erased ? "" : std::string(name(erased.error().code))));
    for (const CallStatus& status : statuses)
      test.expect(status.ok() || status.code == Errc::stale, "an add at once with an erase: " + text_of(status));
    const ChangeSetBuilder after(test, test_organizations(1), test_accounts(workers));
    for (const MembershipFact& fact : after.facts().memberships)
      test.expect(!erased || after.facts().roles[fact.role].id == editor,
                  "a member that was added while its role was erased keeps the role");
  }
}

constexpr Entry role_record_entries[] = {
    {{"records/erase-role",
      "erase_role() writes the replacement and a higher version to every membership with the role, in one unit, and "
      "writes nothing if it is refused"},
     erases_role,
     Requires::records},
    {{"records/last-owner", "no change of a catalog leaves an organization without its last owner"},
     keeps_last_owner,
     Requires::records},
    {{"threads/erase-role", "a member that is added while its role is erased has the replacement, or is not added"},
     erases_at_once,
     Requires::record_threads},
};

}  // namespace

std::span<const Entry> role_record_laws() noexcept {
  return role_record_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
