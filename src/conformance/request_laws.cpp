// The requests that a membership recognises: the last writer, the one before, and those older than its removal or
// return.
#include <algorithm>
#include <string>

#include "change_set_builder.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;

void written_by_request(TestContext& test) {
  test.put_organizations(1);
  test.put_accounts(4);
  const std::vector<AccountSelector> columns = {test_account(0), test_account(1), test_account(2), test_account(3)};
  ChangeSetBuilder first(test, {test_organization(0)}, columns), second(test, {test_organization(0)}, columns);
  first.add(0, 0);
  first.add(0, 1);
  second.add(0, 2);
  first.succeeds("no account is a member");
  second.succeeds("that account is no member");
  ChangeSetBuilder third(test, {test_organization(0)}, columns);
  third.change(0, 1, MembershipState::active, Event::role_changed, admin);
  third.succeeds("the membership has the version that was read");

  OwnedQuery owned_query;
  owned_query.organizations = {test_organization(0)};
  owned_query.accounts = columns;
  const auto wrote = [&](const IdempotencyKey& idempotency_key, std::vector<std::uint32_t> expected) {
    owned_query.idempotency_key = idempotency_key;
    Facts facts;
    if (!test.fetch(owned_query, facts)) return;
    for (const MembershipFact& fact : facts.memberships) {
      const bool by_it = std::find(expected.begin(), expected.end(), fact.account) != expected.end();
      test.expect(
          fact.written_by_request() == by_it,
          text_of(columns[fact.account]) + (by_it ? " was last written by the request, and is not reported so"
                                                  : " was not last written by the request, and is reported so"));
    }
  };
  wrote(first.changes.idempotency_key, {0});
  wrote(second.changes.idempotency_key, {2});
  wrote(third.changes.idempotency_key, {1});
  wrote(test.fresh_request(), {});
  wrote(IdempotencyKey(), {});
}

/// The fingerprint is not compared: the store returns it.
void fingerprint(TestContext& test) {
  test.put_organizations(1);
  test.put_accounts(4);
  const std::vector<AccountSelector> columns = {test_account(0), test_account(1), test_account(2), test_account(3)};
  ChangeSetBuilder added(test, {test_organization(0)}, columns);
  for (std::uint32_t i = 0; i < 4; ++i) added.add(0, i);
  added.succeeds("no account is a member");
  ChangeSetBuilder changed(test, {test_organization(0)}, columns);
  changed.change(0, 1, MembershipState::active, Event::role_changed, admin);
  changed.change(0, 2, MembershipState::suspended, Event::suspended);
  changed.remove(0, 3);
  changed.succeeds("the memberships have the versions that were read");

  const auto expect_match = [&](const IdempotencyKey& idempotency_key, std::uint32_t account, RequestMatch match,
                                std::uint32_t as) {
    OwnedQuery owned_query;
    owned_query.organizations = {test_organization(0)};
    for (const bool alone : {true, false}) {  // a store may have another path for one cell than for several
      owned_query.accounts = alone ? std::vector<AccountSelector>{columns[account]} : columns;
      for (const std::uint32_t other : {0u, 1u, 0x80000000u}) {
        owned_query.idempotency_key = remembered(idempotency_key, other);
        Facts facts;
        if (!test.fetch(owned_query, facts)) return;
        if (!test.expect(facts.memberships.size() == owned_query.accounts.size(),
                         "not every membership is in the answer"))
          return;
        const MembershipFact& fact = facts.memberships[alone ? 0 : account];
        const std::string of = "of " + text_of(columns[account]) + ": ";
        test.expect(fact.match == match,
                    of + (match == RequestMatch::last     ? "its last key is not reported as `last`"
                          : match == RequestMatch::before ? "its previous key is not reported as `before`"
                                                          : "a key that is not stored any more is reported"));
        if (match != RequestMatch::none)
          test.expect(fact.fingerprint == as, of + "another fingerprint is returned than the request wrote");
      }
    }
  };
  expect_match(added.changes.idempotency_key, 0, RequestMatch::last, added.changes.added[0].fingerprint);
  expect_match(added.changes.idempotency_key, 1, RequestMatch::none, 0);
  expect_match(added.changes.idempotency_key, 2, RequestMatch::before, added.changes.added[2].fingerprint);
  expect_match(added.changes.idempotency_key, 3, RequestMatch::before, added.changes.added[3].fingerprint);
  for (std::uint32_t i = 0; i < 3; ++i)
    expect_match(changed.changes.idempotency_key, i + 1, RequestMatch::last, changed.changes.changed[i].fingerprint);
}

void outdated(TestContext& test) {
  test.put_organizations(1);
  test.put_accounts(3);
  const std::vector<AccountSelector> columns = {test_account(0), test_account(1), test_account(2)};
  ChangeSetBuilder added(test, {test_organization(0)}, columns);
  for (std::uint32_t i = 0; i < 3; ++i) added.add(0, i);
  added.succeeds("no account is a member");
  ChangeSetBuilder changed(test, {test_organization(0)}, columns);
  changed.change(0, 0, State::active, Event::role_changed, admin);
  changed.change(0, 1, State::active, Event::role_changed, admin);
  changed.succeeds("the memberships have the versions that were read");
  ChangeSetBuilder ended(test, {test_organization(0)}, columns);
  ended.remove(0, 0);
  ended.change(0, 1, State::suspended, Event::suspended);
  ended.succeeds("the memberships have the versions that were read");
  ChangeSetBuilder role(test, {test_organization(0)}, columns);
  role.change(0, 1, State::suspended, Event::role_changed, member);  // it stays suspended
  role.succeeds("the membership has the version that was read");
  const auto expect_outdated = [&](const IdempotencyKey& idempotency_key, std::int64_t asked_at, bool expected,
                                   const char* what) {
    OwnedQuery owned_query;
    owned_query.organizations = {test_organization(0)};
    owned_query.accounts = columns;
    owned_query.idempotency_key = idempotency_key;
    owned_query.asked_at = Time{asked_at};
    Facts facts;
    if (!test.fetch(owned_query, facts)) return;
    if (!test.expect(facts.memberships.size() == 3, "a current or former membership is not in the answer")) return;
    for (std::uint32_t i = 0; i < 2; ++i)
      test.expect(facts.memberships[i].outdated == expected,
                  (i == 0 ? "of a removed membership: " : "of a suspended membership: ") + std::string(what));
    test.expect(!facts.memberships[2].outdated, "an active membership is reported as outdated");
  };
  const auto at = static_cast<std::int64_t>(ended.changes.at), last = static_cast<std::int64_t>(role.changes.at);
  expect_outdated(changed.changes.idempotency_key, 0, true, "it is not outdated for the request that wrote it before");
  expect_outdated(added.changes.idempotency_key, 0, false,
                  "it is outdated for a request whose key is not stored any more");
  expect_outdated(ended.changes.idempotency_key, 0, false, "it is outdated for the request that ended it");
  expect_outdated(test.fresh_request(), 0, false, "it is outdated for a request that never wrote it");
  expect_outdated(IdempotencyKey(), 0, false, "it is outdated for a query without a key and a time");
  expect_outdated(IdempotencyKey(), at, true, "it is not outdated for a request at that time");
  expect_outdated(IdempotencyKey(), at - 1, true, "it is not outdated for a request a microsecond earlier");
  expect_outdated(IdempotencyKey(), last + 1, false, "it is outdated for a request a microsecond later");
  expect_outdated(changed.changes.idempotency_key, last + 1, true,
                  "with a time in the query it is not outdated for the request that wrote it before");

  ChangeSetBuilder removed(test, {test_organization(0)}, columns);
  removed.remove(0, 1);  // a suspended membership
  removed.succeeds("the membership has the version that was read");
  OwnedQuery owned_query;
  owned_query.organizations = {test_organization(0)};
  owned_query.accounts = {test_account(1)};
  owned_query.idempotency_key = role.changes.idempotency_key;
  Facts facts;
  if (test.fetch(owned_query, facts) &&
      test.expect(facts.memberships.size() == 1, "a removed membership left no tombstone"))
    test.expect(facts.memberships[0].outdated,
                "it is not outdated for the request that wrote it while it was suspended");
}

/// Four members without a return, and four with one. The latter were suspended, removed, expired, or removed and
/// invited again.
void returned(TestContext& test) {
  test.put_organizations(1);
  test.put_accounts(9);
  std::vector<AccountSelector> columns;
  for (std::uint32_t i = 0; i < 8; ++i) columns.emplace_back(test_account(i));
  std::int64_t at = 0;  // of the last commit
  const auto commit = [&](const auto& write) {
    ChangeSetBuilder builder(test, {test_organization(0)}, columns, test_account(8));
    write(builder);
    builder.succeeds("everything is as it was read");
    at = static_cast<std::int64_t>(builder.changes.at);
    return builder.changes.idempotency_key;
  };
  const IdempotencyKey added = commit([](ChangeSetBuilder& builder) {
    for (std::uint32_t i = 0; i < 8; ++i) builder.add(0, i, member, i == 1 || i == 2 ? State::invited : State::active);
  });
  commit([](ChangeSetBuilder& builder) {
    builder.change(0, 2, State::active, Event::accepted);
    builder.change(0, 3, State::active, Event::role_changed, admin);
  });
  const IdempotencyKey ended = commit([](ChangeSetBuilder& builder) {
    builder.change(0, 4, State::suspended, Event::suspended);
    builder.remove(0, 5);
    builder.change(0, 6, State::active, Event::role_changed);
    builder.remove(0, 7);
  });
  const IdempotencyKey back = commit([](ChangeSetBuilder& builder) {
    builder.change(0, 4, State::active, Event::reactivated);
    builder.renew(0, 5);
    builder.change(0, 6, State::active, Event::reactivated);  // expired, although stored as active
    builder.renew(0, 7, member, State::invited);
  });
  const auto expect_outdated = [&](const IdempotencyKey& idempotency_key, std::int64_t asked_at, bool expected,
                                   const std::string& what) {
    OwnedQuery owned_query;
    owned_query.organizations = {test_organization(0)};
    owned_query.accounts = columns;
    owned_query.idempotency_key = idempotency_key;
    owned_query.asked_at = Time{asked_at};
    Facts facts;
    if (!test.fetch(owned_query, facts) ||
        !test.expect(facts.memberships.size() == 8, "not every member is in the answer"))
      return;
    for (std::uint32_t i = 0; i < 4; ++i)
      test.expect(!facts.memberships[i].outdated, "a membership without a return is reported as outdated");
    for (std::uint32_t i = 4; i < 8; ++i)
      test.expect(facts.memberships[i].outdated == expected, "of a returned membership: " + what);
  };
  const auto all = [&](const std::string& since) {
    expect_outdated(ended, 0, true, "it is not outdated for the request that wrote it before" + since);
    expect_outdated(added, 0, false, "it is outdated for a request whose key is not stored any more" + since);
    expect_outdated(back, 0, false, "it is outdated for the request of its return" + since);
    expect_outdated(test.fresh_request(), 0, false, "it is outdated for a request that never wrote it" + since);
    expect_outdated(IdempotencyKey(), 0, false, "it is outdated for a query without a key and a time" + since);
    expect_outdated(IdempotencyKey(), at, true, "it is not outdated for a request at that time" + since);
    expect_outdated(IdempotencyKey(), at + 1, false, "it is outdated for a request a microsecond later" + since);
    expect_outdated(ended, at + 1, true,
                    "with a time in the query it is not outdated for the request that wrote it before" + since);
  };
  all("");
  commit([](ChangeSetBuilder& builder) {
    builder.change(0, 4, State::active, Event::role_changed, admin);
    builder.change(0, 5, State::active, Event::expiry_changed).sets_expiry = true;
    builder.change(0, 6, State::active, Event::ownership_given, owner);
    builder.change(0, 7, State::active, Event::accepted);
  });
  all(", once others have changed it since");
}

constexpr Entry request_entries[] = {
    {{"facts/written-by-request",
      "fetch reports a membership as written by a request only if that request was the last to write it"},
     written_by_request},
    {{"facts/fingerprint",
      "fetch compares the first 12 bytes of both stored keys of a membership, and returns the other 4 bytes of the "
      "matching key"},
     fingerprint},
    {{"facts/outdated",
      "a suspended or removed membership is outdated for an older request, identified by its key or by its time in "
      "microseconds"},
     outdated},
    {{"facts/returned",
      "a returned membership is outdated for the request before its return even after later changes, and a membership "
      "without a return is outdated for no key"},
     returned},
};

}  // namespace

std::span<const Entry> request_laws() noexcept {
  return request_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
