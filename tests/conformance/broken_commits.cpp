// Wrong writes of a commit.
#include <algorithm>

#include "broken.hpp"

namespace broken {

namespace {

/// Only the entries `from` to `to` of those added.
Result<void> part(MemoryStore& store, const ChangeSet& changes, std::uint32_t from, std::uint32_t to) {
  Copied copied(changes);
  ChangeSet& some = copied.changes;
  some.added.clear();
  some.added_ids.clear();
  for (std::uint32_t i = from; i < std::min(to, changes.added.size()); ++i) {
    some.added.unchecked_push_back(changes.added[i]);
    some.added_ids.unchecked_push_back(changes.added_ids[i]);
  }
  return store.commit(some);
}

/// Writes in two units.
Result<void> commits_in_halves(MemoryStore& store, const ChangeSet& changes) {
  const std::uint32_t size = changes.added.size();
  if (size < 2 || !changes.created.empty() || !changes.changed.empty()) return store.commit(changes);
  const auto first = part(store, changes, 0, size / 2);
  return first ? part(store, changes, size / 2, size) : first;
}

/// Uses a locator that names a record, although the id beside it differs.
Result<void> trusts_locators(MemoryStore& store, const ChangeSet& changes) {
  Copied copied(changes);
  std::vector<AccountFact> accounts(changes.accounts.begin(), changes.accounts.end());
  // The store under it numbers accounts from 1 in the order in which they came.
  for (AccountFact& fact : accounts) {
    const auto number = static_cast<std::uint64_t>(fact.locator);
    if (number < 1 || number > 3 || fact.id.empty()) continue;
    const auto there = AccountId::parse("acc-" + std::to_string(number - 1));
    if (there && store.account(there.value()).value()) fact.id = there.value();
  }
  copied.changes.accounts = accounts;
  return store.commit(copied.changes);
}

}  // namespace

std::vector<Fault> broken_commits() {
  return {
      {"64 accounts are created with their addresses", "batch/many-created", {}, {}, committed([](ChangeSet& it) {
         for (std::uint32_t i = 64; i < it.created.size(); ++i) it.created[i].email = nullptr;
       })},
      {"a duplicate entry is added once",
       "unique/pair-twice-at-once",
       {"batch/one-bad-entry"},
       {},
       committed([](ChangeSet& it) {
         std::uint32_t kept = 0;
         for (std::uint32_t i = 0; i < it.added.size(); ++i) {
           const bool twice = std::any_of(it.added.begin(), it.added.begin() + kept, [&](const MemberAdded& other) {
             return other.organization == it.added[i].organization &&
                    account(it, other.account) == account(it, it.added[i].account);
           });
           if (twice) continue;
           it.added_ids[kept] = it.added_ids[i];
           it.added[kept++] = it.added[i];
         }
         it.added.truncate(kept);
         it.added_ids.truncate(kept);
       })},
      {"half a commit", "batch/one-bad-entry", {"bounds/seats", "bounds/two-rows-of-one"}, {}, commits_in_halves},
      {"large commits lose their end",
       "batch/sizes",
       {"batch/many-created", "batch/mixed", "batch/one-bad-entry", "batch/tall", "facts/far-apart", "facts/many-roles",
        "facts/memberships", "guards/many"},
       {},
       committed([](ChangeSet& it) {
         if (it.added.size() <= 64) return;
         it.added.truncate(64);
         it.added_ids.truncate(64);
       })},
      {"the last change is lost",
       "batch/any-order",
       {"life/invitation-end",
        "facts/renewed-inviters",
        "facts/last-write",
        "batch/inviters",
        "batch/mixed",
        "batch/sizes",
        "batch/tall",
        "bounds/counting-owners",
        "bounds/seats-by-state",
        "commit/stale-writes-nothing",
        "connections/snapshots",
        "facts/actor",
        "facts/counts",
        "facts/counts-of-changes",
        "facts/fingerprint",
        "facts/outdated",
        "facts/returned",
        "guards/actor",
        "guards/actor-is-active",
        "guards/before-the-writes",
        "life/expiry",
        "life/no-tombstone",
        "life/nothing-stays",
        "life/tombstone"},
       {},
       committed([](ChangeSet& it) {
         if (it.changed.size() > 1) it.changed.truncate(it.changed.size() - 1);
       })},
      {"request keys are not kept",
       "facts/written-by-request",
       {"sets/of-request", "batch/mixed", "commit/one-request-many-commits", "facts/fingerprint", "facts/outdated",
        "facts/returned", "life/anew", "life/changes"},
       {},
       committed([](ChangeSet& it) { it.idempotency_key = IdempotencyKey::of("some other"); })},
      {"tombstones are lost",
       "life/tombstone",
       {"sets/of-request",
        "facts/host-inviters",
        "life/invitation-end",
        "facts/last-write",
        "batch/mixed",
        "bounds/seats-by-state",
        "commit/stale-writes-nothing",
        "facts/counts-of-changes",
        "facts/fingerprint",
        "facts/inviters",
        "facts/outdated",
        "facts/returned",
        "guards/actor-is-active",
        "guards/inviter",
        "guards/versions-ascend",
        "life/anew",
        "life/changes",
        "life/expiry",
        "life/no-tombstone",
        "life/stored-state",
        "unique/pair-in-any-state"},
       {},
       committed([](ChangeSet& it) { it.keeps_tombstones = false; })},
      {"tombstones are always kept",
       "life/no-tombstone",
       {"facts/last-write", "batch/sizes", "batch/tall", "connections/agree", "guards/each-of-several",
        "guards/versions-do-not-return", "life/nothing-stays"},
       {},
       committed([](ChangeSet& it) { it.keeps_tombstones = true; })},
      {"a return is written as any change", "facts/returned", {"batch/mixed"}, {}, committed([](ChangeSet& it) {
         for (MemberChanged& changed : it.changed)
           if (changed.event == Event::added || changed.event == Event::reactivated)
             changed.event = Event::role_changed;
       })},
      {"a replaced membership keeps its id", "life/anew", {"batch/mixed"}, {}, committed([](ChangeSet& it) {
         for (MemberChanged& changed : it.changed)
           if (changed.new_identity) changed.new_id = changed.id;
       })},
      {"every invitation is an active membership",
       "commit/added",
       {"sets/members",
        "sets/of-request",
        "bounds/seats-at-a-time",
        "facts/counts-at-a-time",
        "life/invitation-end",
        "life/tombstone",
        "facts/renewed-inviters",
        "batch/inviters",
        "batch/mixed",
        "bounds/counting-owners",
        "bounds/seats-by-state",
        "connections/snapshots",
        "facts/actor",
        "facts/counts",
        "facts/counts-by-role",
        "facts/counts-of-changes",
        "facts/inviters",
        "guards/actor-is-active",
        "guards/before-the-writes",
        "guards/each-of-several",
        "guards/inviter",
        "guards/many",
        "disabled/counts",
        "disabled/inviter",
        "disabled/inviter-guard"},
       {},
       committed([](ChangeSet& it) {
         for (MemberAdded& added : it.added) added.state = MembershipState::active;
       })},
      {"inviters are not stored",
       "facts/inviters",
       {"facts/host-inviters", "facts/renewed-inviters", "batch/inviters", "connections/snapshots",
        "guards/before-the-writes", "guards/each-of-several", "guards/inviter", "guards/many", "life/expiry",
        "disabled/inviter", "disabled/inviter-guard"},
       {},
       committed([](ChangeSet& it) {
         if (it.guards.empty()) it.actor = {};
       })},
      {"staff is the inviter of its invitations", "facts/host-inviters", {}, {}, committed([](ChangeSet& it) {
         it.host_invites = false;
       })},
      {"expiries are not stored",
       "life/expiry",
       {"facts/renewed-inviters", "batch/mixed", "bounds/counting-owners", "facts/counts", "facts/counts-of-changes",
        "disabled/counts"},
       {},
       committed([](ChangeSet& it) { it.valid_until = {}; })},
      {"every change sets the expiry", "life/expiry", {"batch/mixed"}, {}, committed([](ChangeSet& it) {
         for (MemberChanged& changed : it.changed) changed.sets_expiry = true;
       })},
      {"times are kept to the second",
       "life/expiry",
       {"facts/renewed-inviters", "batch/mixed", "facts/counts", "facts/counts-of-changes"},
       {},
       committed([](ChangeSet& it) {
         it.valid_until = Time{static_cast<std::int64_t>(it.valid_until) / 1'000'000 * 1'000'000};
       })},
      {"created accounts are never invited", "commit/created", {}, {}, committed([](ChangeSet& it) {
         for (AccountCreated& created : it.created) created.invited = false;
       })},
      {"locators are believed", "batch/locators", {"guards/unknown-records"}, {}, trusts_locators},
      {"a clash is taken for an outage",
       "unique/pair",
       {"batch/one-bad-entry", "bounds/two-rows-of-one", "commit/stale-writes-nothing", "connections/agree",
        "guards/changed", "guards/changed-back", "guards/unknown-records", "ids/keys", "ids/longest",
        "owners/with-the-rest", "unique/account-id", "unique/email-key", "unique/pair-in-any-state",
        "unique/pair-twice-at-once"},
       {},
       [](MemoryStore& store, const ChangeSet& changes) -> Result<void> {
         const auto done = store.commit(changes);
         if (!done && done.assume_error().code == Errc::stale && changes.guards.empty()) return Errc::store_failed;
         return done;
       }},
      {"an add raises the organization's version",
       "bounds/adds-do-not-collide",
       {"guards/each-of-several"},
       {},
       [](MemoryStore& store, const ChangeSet& changes) {
         const auto done = store.commit(changes);
         for (const MemberAdded& added : changes.added) {
           const auto record =
               done ? store.organization(changes.organizations[added.organization].id).value() : std::nullopt;
           if (record) (void)store.overwrite_organization(*record);
         }
         return done;
       }},
  };
}

}  // namespace broken
