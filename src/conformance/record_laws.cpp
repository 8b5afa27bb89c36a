// The record interface of a store: conditional puts, changes of single fields, and unconditional writes.
#include <array>
#include <functional>
#include <string>
#include <vector>

#include "laws.hpp"
#include "record_calls.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using OrganizationStates = std::array<OrganizationRecord, 3>;
using AccountStates = std::array<AccountRecord, 3>;

/// Three states of one organization, whose parent is test_organization(1), and of one account.
OrganizationStates organization_states() {
  return {{
      {.id = test_organization(0), .slug = Slug("zero"), .seats_max = 2},
      {.id = test_organization(0), .slug = Slug("null"), .parent = test_organization(1), .joinable = false},
      {.id = test_organization(0), .parent = test_organization(1), .closed = true, .seats_max = 0},
  }};
}
AccountStates account_states() {
  return {{
      {.id = test_account(0), .email = address("zoe@example.org"), .username = Username("zoe"), .verified = true},
      {.id = test_account(0), .email = address("Zoe@example.org"), .disabled = true},
      {.id = test_account(0), .username = Username("zed"), .invited = true},
  }};
}

template <class Record>
void put_one(TestContext& test, const std::array<Record, 3>& states) {
  Records records(test, 0);
  if (!records) return;
  RecordStore& store = records.store();
  const auto& [first, second, third] = states;
  const auto id = first.id;
  records.fails("put a missing record with a version", put(store, with_version(first, Version{1})), Errc::not_found);
  records.fails("put a missing record with any_version", put(store, with_version(first, any_version)), Errc::not_found);
  records.expect_absent(id, "after refused puts");
  Version version = records.succeeds("create", put(store, first));
  records.expect_stored(first, version, "after its creation");
  test.expect(version != no_version, "a stored record has the version of one that was not read");
  for (const Version given : {no_version, version, behind(version), any_version})
    test.expect(records.succeeds("put it unchanged", put(store, with_version(first, given))) == version,
                "a put that changed nothing changed the version");
  records.expect_stored(first, version, "after puts that change nothing");
  records.fails("create it again with other fields", put(store, second), Errc::exists);
  records.fails("put it with another version", put(store, with_version(second, behind(version))), Errc::stale);
  records.expect_stored(first, version, "after refused puts");
  const Version old = version;
  version = records.succeeds("put it with its version", put(store, with_version(second, version)));
  records.expect_stored(second, version, "after a put");
  test.expect(version != old, "a put did not change the version");
  records.fails("put it with its former version", put(store, with_version(third, old)), Errc::stale);
  records.expect_stored(second, version, "after a stale put");
  version = records.succeeds("put it with any_version", put(store, with_version(third, any_version)));
  records.expect_stored(third, version, "after a put with any_version");
  version = records.succeeds("put it back", put(store, with_version(first, version)));
  records.expect_stored(first, version, "after it was put back");
  records.fails("put it with the version that these fields had", put(store, with_version(second, old)), Errc::stale);
}

void records_put(TestContext& test) {
  test.put(OrganizationRecord{.id = test_organization(1)});
  put_one(test, organization_states());
  put_one(test, account_states());
}

template <class Record>
void overwrite_one(TestContext& test, const std::array<Record, 3>& states) {
  Records records(test, 0);
  if (!records) return;
  RecordStore& store = records.store();
  const auto& [first, second, third] = states;
  Version version = records.succeeds("overwrite a missing record", overwrite(store, with_version(first, Version{7})));
  records.expect_stored(first, version, "after its creation");
  for (const Record& record : {second, second, third}) {
    const Version old = version;
    version = records.succeeds("overwrite it", overwrite(store, with_version(record, behind(version))));
    records.expect_stored(record, version, "after it was overwritten");
    test.expect(version != old, "an overwrite did not change the version");
    records.fails("put it with its former version", put(store, with_version(first, old)), Errc::stale);
  }
}

void records_overwrite(TestContext& test) {
  test.put(OrganizationRecord{.id = test_organization(1)});
  overwrite_one(test, organization_states());
  overwrite_one(test, account_states());
}

/// A change of fields, and the same on a record.
template <class Change, class Record>
struct FieldChange {
  const char* what;
  Change change;
  std::function<void(Record&)> apply;
};

template <class Change, class Record>
void change_one(TestContext& test, const Record& first, const std::vector<FieldChange<Change, Record>>& steps) {
  Records records(test, 0);
  if (!records) return;
  RecordStore& store = records.store();
  for (const Version given : {any_version, Version{1}})
    records.fails("change a missing record", change(store, first.id, steps[0].change, given), Errc::not_found);
  records.expect_absent(first.id, "after refused changes");
  Record now = first;
  Version version = records.succeeds("create", put(store, first));
  for (const bool is_any : {false, true})
    for (const auto& step : steps) {
      const std::string what = std::string("change ") + step.what;
      for (const Version given : {no_version, behind(version)})
        records.fails(what + " with another version", change(store, first.id, step.change, given), Errc::stale);
      records.expect_stored(now, version, "after stale changes");
      const Version old = version;
      version = records.succeeds(what, change(store, first.id, step.change, is_any ? any_version : version));
      step.apply(now);
      records.expect_stored(now, version, "after: " + what);
      test.expect(version != old, what + ": the version is the same");
    }
}

void changes_of_organizations(TestContext& test) {
  using Changed = OrganizationRecord;
  test.put(Changed{.id = test_organization(1)});
  const std::vector<FieldChange<OrganizationChange, Changed>> steps = {
      {"the slug", {.slug = Slug("naught")}, [](Changed& it) { it.slug = Slug("naught"); }},
      {"the seats", {.seats_max = 10}, [](Changed& it) { it.seats_max = 10; }},
      {"the parent", {.parent = test_organization(1)}, [](Changed& it) { it.parent = test_organization(1); }},
      {"whether it is joinable", {.joinable = false}, [](Changed& it) { it.joinable = false; }},
      {"whether it is closed", {.closed = true}, [](Changed& it) { it.closed = true; }},
      {"the seats to none", {.seats_max = 0}, [](Changed& it) { it.seats_max = 0; }},
      {"the seats to no limit", {.seats_max = no_limit}, [](Changed& it) { it.seats_max = no_limit; }},
      {"the parent to none", {.parent = OrganizationId()}, [](Changed& it) { it.parent = {}; }},
      {"the slug to none", {.slug = Slug()}, [](Changed& it) { it.slug = {}; }},
      {"two fields",
       {.slug = Slug("zero"), .joinable = true},
       [](Changed& it) { it.slug = Slug("zero"), it.joinable = true; }},
      {"whether it is closed", {.closed = false}, [](Changed& it) { it.closed = false; }},
  };
  change_one(test, organization_states()[0], steps);
}

void changes_of_accounts(TestContext& test) {
  using Changed = AccountRecord;
  const Email one = address("one@example.org"), in_capitals = address("ONE@example.org");
  const std::vector<FieldChange<AccountChange, Changed>> steps = {
      {"whether it is disabled", {.disabled = true}, [](Changed& it) { it.disabled = true; }},
      {"the username", {.username = Username("zed")}, [](Changed& it) { it.username = Username("zed"); }},
      {"the address, verified",
       {.email = one, .verified = true},
       [&](Changed& it) { it.email = one, it.verified = true; }},
      {"the case of the address", {.email = in_capitals}, [&](Changed& it) { it.email = in_capitals; }},
      {"whether it is invited", {.invited = true}, [](Changed& it) { it.invited = true; }},
      {"the address",
       {.email = address("two@example.org")},
       [](Changed& it) { it.email = address("two@example.org"), it.verified = false; }},
      {"whether it is verified", {.verified = true}, [](Changed& it) { it.verified = true; }},
      {"whether it is disabled", {.disabled = false}, [](Changed& it) { it.disabled = false; }},
      {"the address to none", {.email = Email()}, [](Changed& it) { it.email.reset(), it.verified = false; }},
      {"the username to none", {.username = Username()}, [](Changed& it) { it.username = {}; }},
      {"two fields",
       {.invited = false, .verified = false},
       [](Changed& it) { it.invited = false, it.verified = false; }},
  };
  change_one(test, account_states()[0], steps);
}

void records_change(TestContext& test) {
  changes_of_organizations(test);
  if (!test.broken()) changes_of_accounts(test);
}

/// The catalog of an organization has the organization's version.
void records_role(TestContext& test) {
  Records records(test, 0);
  if (!records) return;
  RecordStore& store = records.store();
  const OrganizationRecord first = organization_states()[0], third = organization_states()[2];
  const Role one{.id = admin, .rank = 2}, other{.id = admin, .rank = 3};
  for (const Version given : {any_version, Version{1}})
    records.fails("put a role of a missing organization", store.put_role(first.id, one, given), Errc::not_found);
  const Version created = records.succeeds("create", put(store, first));
  Version version = records.succeeds("put a role", store.put_role(first.id, one, created));
  test.expect(version != created, "a role did not change the version of its organization");
  records.expect_stored(first, version, "after a role was put");
  for (const Version given : {no_version, created, behind(version)})
    records.fails("put a role with another version", store.put_role(first.id, other, given), Errc::stale);
  records.fails("put the organization with its former version", put(store, with_version(third, created)), Errc::stale);
  const auto expect_role = [&](const Role& role) {
    OwnedQuery query;
    query.organizations = {first.id};
    query.accounts = {test_account(90)};
    query.roles = {admin};
    Facts facts;
    if (!test.fetch(query, facts)) return;
    test.expect(facts.wanted_roles[0] != no_role && facts.roles[facts.wanted_roles[0]] == role,
                "the role is not as it was put last");
  };
  expect_role(one);
  version = records.succeeds("put a role with any_version", store.put_role(first.id, other, any_version));
  expect_role(other);
  records.expect_stored(first, version, "after a role was put again");
}

/// A call that is refused for the name of another record, or for a missing parent, writes nothing.
void records_refused(TestContext& test) {
  test.put(OrganizationRecord{.id = test_organization(1), .slug = Slug("taken")});
  test.put(AccountRecord{.id = test_account(1), .email = address("taken@example.org"), .username = Username("taken")});
  Records records(test, 0);
  if (!records) return;
  RecordStore& store = records.store();
  const OrganizationRecord organization = organization_states()[0];
  const AccountRecord account = account_states()[0];
  const OrganizationRecord of_taken{.id = organization.id, .slug = Slug("taken"), .seats_max = 9},
      in_missing{.id = organization.id, .slug = Slug("other"), .parent = test_organization(9)};
  const AccountRecord taken_name{
      .id = account.id, .email = address("free@example.org"), .username = Username("taken"), .disabled = true},
      taken_address{.id = account.id, .email = address("Taken@example.org"), .username = Username("free")};
  Version version = no_version, of_account = no_version;
  const auto refuse = [&](const char* when) {
    records.fails("put a taken slug", put(store, with_version(of_taken, version)), Errc::exists);
    records.fails("overwrite with a taken slug", overwrite(store, of_taken), Errc::exists);
    records.fails("put without the parent", put(store, with_version(in_missing, version)), Errc::not_found);
    records.fails("overwrite without the parent", overwrite(store, in_missing), Errc::not_found);
    for (const AccountRecord& record : {taken_name, taken_address}) {
      records.fails("put a taken name", put(store, with_version(record, of_account)), Errc::exists);
      records.fails("overwrite with a taken name", overwrite(store, record), Errc::exists);
    }
    if (version == no_version) {
      records.expect_absent(organization.id, when);
      records.expect_absent(account.id, when);
    } else {
      records.expect_stored(organization, version, when);
      records.expect_stored(account, of_account, when);
    }
  };
  refuse("after refused creations");
  version = records.succeeds("create", put(store, organization));
  of_account = records.succeeds("create", put(store, account));
  refuse("after refused puts");
  for (const Version given : {version, any_version}) {
    records.fails("change to a taken slug", change(store, organization.id, {.slug = Slug("taken")}, given),
                  Errc::exists);
    const OrganizationChange to_missing{.parent = test_organization(9), .seats_max = 1};
    records.fails("change to a missing parent", change(store, organization.id, to_missing, given), Errc::not_found);
  }
  for (const Version given : {of_account, any_version}) {
    const AccountChange to_name{.email = address("free@example.org"), .username = Username("taken")},
        to_address{.email = address("taken@example.org"), .disabled = true};
    records.fails("change to a taken username", change(store, account.id, to_name, given), Errc::exists);
    records.fails("change to a taken address", change(store, account.id, to_address, given), Errc::exists);
  }
  // The version is compared first.
  records.fails("a stale put of a taken slug", put(store, with_version(of_taken, behind(version))), Errc::stale);
  records.fails("a stale put without the parent", put(store, with_version(in_missing, behind(version))), Errc::stale);
  records.fails("create it again without the parent", put(store, in_missing), Errc::exists);
  records.expect_stored(organization, version, "after refused changes");
  records.expect_stored(account, of_account, "after refused changes");
  // The refused names stayed free.
  records.succeeds("a free name", put(store, AccountRecord{.id = test_account(2),
                                                           .email = address("free@example.org"),
                                                           .username = Username("free")}));
}

constexpr Entry record_entries[] = {
    {{"records/put",
      "a put writes only if the record has the version that was read, creates only a missing record, and writes "
      "nothing "
      "if the fields are stored already"},
     records_put,
     Requires::records},
    {{"records/overwrite",
      "an overwrite creates a missing record or replaces every field of a stored one, for any version"},
     records_overwrite,
     Requires::records},
    {{"records/change",
      "a change writes the given fields and no others, only if the record has the given version, or for any_version"},
     records_change,
     Requires::records},
    {{"records/role", "put_role() writes only if the organization has the given version, and changes that version"},
     records_role,
     Requires::records},
    {{"records/refused",
      "a call that is refused for a taken name or a missing parent writes nothing; the version is compared first"},
     records_refused,
     Requires::records},
};

}  // namespace

std::span<const Entry> record_laws() noexcept {
  return record_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
