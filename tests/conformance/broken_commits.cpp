// What a commit may do wrong.
#include <algorithm>

#include "broken.hpp"

namespace broken {

namespace {

AccountId account(const ChangeSet& changes, std::size_t at) {
  const std::size_t known = changes.accounts.size();
  return at < known ? changes.accounts[at].id : changes.created[at - known].id;
}

/// Without the guards about one kind of record.
template <Guard::Record... records>
Result<void> unguarded(MemoryStore& store, const ChangeSet& changes) {
  Copied copied(changes);
  copied.changes.guards.clear();
  for (const Guard& guard : changes.guards)
    if (((guard.record != records) && ...)) copied.changes.guards.append(guard);
  return store.commit(copied.changes);
}

/// Only the entries `from` to `to` of those added.
Result<void> part(MemoryStore& store, const ChangeSet& changes, std::uint32_t from, std::uint32_t to) {
  Copied copied(changes);
  ChangeSet& some = copied.changes;
  some.added.clear();
  some.added_ids.clear();
  for (std::uint32_t i = from; i < std::min(to, changes.added.size()); ++i) {
    some.added.append(changes.added[i]);
    some.added_ids.append(changes.added_ids[i]);
  }
  return store.commit(some);
}

/// INSERT OR IGNORE: what is in use is left out, and nobody hears of it.
Result<void> ignores_pairs_in_use(MemoryStore& store, const ChangeSet& changes) {
  Copied copied(changes);
  ChangeSet& some = copied.changes;
  some.added.clear();
  some.added_ids.clear();
  for (std::uint32_t i = 0; i < changes.added.size(); ++i) {
    const MemberAdded& added = changes.added[i];
    const OrganizationId& in = changes.organizations[added.organization].id;
    if (member(store, in, account(changes, added.account))) continue;
    const bool twice = std::any_of(some.added.begin(), some.added.end(), [&](const MemberAdded& it) {
      return it.organization == added.organization && account(changes, it.account) == account(changes, added.account);
    });
    if (twice) continue;
    some.added.append(added);
    some.added_ids.append(changes.added_ids[i]);
  }
  return store.commit(some);
}

/// An address that somebody has already is left out of the account.
Result<void> ignores_addresses_in_use(MemoryStore& store, const ChangeSet& changes) {
  Copied copied(changes);
  std::vector<std::string> keys;
  for (AccountCreated& created : copied.changes.created) {
    if (created.email == nullptr) continue;
    const std::string key(created.email->key());
    if (store.account(*created.email) || std::find(keys.begin(), keys.end(), key) != keys.end())
      created.email = nullptr;
    keys.push_back(key);
  }
  return store.commit(copied.changes);
}

/// An actor with that version will do, in whatever state.
Result<void> takes_any_actor(MemoryStore& store, const ChangeSet& changes) {
  Copied copied(changes);
  copied.changes.guards.clear();
  for (const Guard& guard : changes.guards) {
    if (guard.record == Guard::Record::actor) {
      const auto own = member(store, changes.organizations[guard.organization].id, changes.actor);
      if (own && own->version == guard.version) continue;
    }
    copied.changes.guards.append(guard);
  }
  return store.commit(copied.changes);
}

/// Sees too late that something is wrong.
Result<void> says_stale_and_writes(MemoryStore& store, const ChangeSet& changes) {
  const auto done = store.commit(changes);
  if (done || done.assume_error().code != Errc::stale) return done;
  Copied copied(changes);
  copied.changes.guards.clear();
  (void)store.commit(copied.changes);
  return Errc::stale;
}

/// Writes in two units.
Result<void> commits_in_halves(MemoryStore& store, const ChangeSet& changes) {
  const std::uint32_t size = changes.added.size();
  if (size < 2 || !changes.created.empty() || !changes.changed.empty()) return store.commit(changes);
  const auto first = part(store, changes, 0, size / 2);
  return first ? part(store, changes, size / 2, size) : first;
}

/// Believes a locator that names a record, whatever the id beside it says.
Result<void> trusts_locators(MemoryStore& store, const ChangeSet& changes) {
  Copied copied(changes);
  std::vector<AccountFact> accounts(changes.accounts.begin(), changes.accounts.end());
  // The store under it numbers accounts from 1 in the order in which they came.
  for (AccountFact& fact : accounts) {
    const auto number = static_cast<std::uint64_t>(fact.locator);
    if (number < 1 || number > 3 || fact.id.empty()) continue;
    const auto there = AccountId::parse("acc-" + std::to_string(number - 1));
    if (there && store.account(there.value())) fact.id = there.value();
  }
  copied.changes.accounts = accounts;
  return store.commit(copied.changes);
}

}  // namespace

std::vector<Fault> broken_commits() {
  using Record = Guard::Record;
  return {
      {"no unique pair",
       "unique/pair",
       {"batch/one-bad-entry", "commit/stale-writes-nothing", "connections/agree", "unique/pair-in-any-state",
        "unique/pair-twice-at-once"},
       {},
       ignores_pairs_in_use},
      {"no unique address",
       "unique/email-key",
       {"commit/stale-writes-nothing", "ids/longest"},
       {},
       ignores_addresses_in_use},
      {"no guard on organizations",
       "guards/organization",
       {"commit/nothing", "commit/stale-writes-nothing", "guards/absent", "guards/changed-back",
        "guards/each-of-several", "guards/many", "guards/put-again"},
       {},
       unguarded<Record::organization>},
      {"no guard on accounts",
       "guards/account",
       {"commit/created-without-address", "commit/stale-writes-nothing", "guards/absent", "guards/changed-back",
        "guards/each-of-several", "guards/many", "guards/put-again"},
       {},
       unguarded<Record::account>},
      {"no guard on memberships",
       "guards/membership",
       {"commit/stale-writes-nothing", "connections/agree", "connections/snapshots", "guards/absent",
        "guards/changed-back", "guards/each-of-several", "guards/many", "guards/membership-gone",
        "guards/versions-do-not-return"},
       {},
       unguarded<Record::membership>},
      {"no guard on the actor",
       "guards/actor",
       {"commit/stale-writes-nothing", "connections/snapshots", "guards/absent", "guards/actor-is-active",
        "guards/changed-back", "guards/each-of-several", "guards/many"},
       {},
       unguarded<Record::actor>},
      {"no guard on the inviter",
       "guards/inviter",
       {"commit/stale-writes-nothing", "connections/snapshots", "guards/absent", "guards/changed-back",
        "guards/each-of-several", "guards/many"},
       {},
       unguarded<Record::inviter>},
      {"any actor will do", "guards/actor-is-active", {}, {}, takes_any_actor},
      {"no seats",
       "bounds/seats",
       {"bounds/each-of-several", "bounds/limits", "bounds/seats-at-commit", "bounds/seats-by-state",
        "bounds/two-rows-of-one", "bounds/without-entries", "commit/stale-writes-nothing", "connections/snapshots"},
       {},
       unguarded<Record::seats>},
      {"no owners",
       "bounds/owners",
       {"bounds/each-of-several", "bounds/owners-by-catalog", "bounds/owners-of-many-roles", "bounds/owners-who-count",
        "bounds/two-rows-of-one", "bounds/without-entries", "commit/stale-writes-nothing", "connections/snapshots",
        "facts/counts-after-puts"},
       {},
       unguarded<Record::owners>},
      {"the invited always sit", "bounds/seats-by-state", {}, {}, committed([](ChangeSet& it) {
         it.invited_sits = true;
       })},
      {"owners by name only",
       "bounds/owners-by-catalog",
       {"bounds/owners-of-many-roles", "bounds/owners-who-count", "facts/counts-after-puts"},
       {},
       committed([](ChangeSet& it) {
         static const RoleId owner("owner");
         it.owner_roles = std::span(&owner, 1);
       })},
      {"stale, and written",
       "commit/stale-writes-nothing",
       {"bounds/each-of-several", "bounds/owners", "bounds/owners-by-catalog", "bounds/seats", "bounds/seats-by-state",
        "bounds/two-rows-of-one", "bounds/without-entries", "guards/account", "guards/actor", "guards/membership",
        "guards/organization"},
       {},
       says_stale_and_writes},
      {"nothing to write is nothing to check",
       "commit/nothing",
       {"bounds/without-entries", "facts/counts-after-puts", "guards/inviter", "guards/many"},
       {},
       [](MemoryStore& store, const ChangeSet& changes) -> Result<void> {
         return changes.empty() ? Result<void>(success()) : store.commit(changes);
       }},
      {"64 accounts are created with their addresses", "batch/many-created", {}, {}, committed([](ChangeSet& it) {
         for (std::uint32_t i = 64; i < it.created.size(); ++i) it.created[i].email = nullptr;
       })},
      {"what is added twice is added once",
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
       {"batch/inviters",
        "batch/mixed",
        "batch/sizes",
        "batch/tall",
        "bounds/owners-who-count",
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
       {"batch/mixed", "commit/one-request-many-commits", "facts/fingerprint", "facts/outdated", "facts/returned",
        "life/anew", "life/changes"},
       {},
       committed([](ChangeSet& it) { it.request = RequestKey::of("some other"); })},
      {"tombstones are lost",
       "life/tombstone",
       {"batch/mixed", "bounds/seats-by-state", "commit/stale-writes-nothing", "facts/counts-of-changes",
        "facts/fingerprint", "facts/inviters", "facts/outdated", "facts/returned", "guards/actor-is-active",
        "guards/inviter", "life/anew", "life/changes", "life/expiry", "life/no-tombstone", "life/what-the-row-says",
        "unique/pair-in-any-state"},
       {},
       committed([](ChangeSet& it) { it.keeps_removed = false; })},
      {"tombstones are always kept",
       "life/no-tombstone",
       {"batch/sizes", "batch/tall", "connections/agree", "guards/each-of-several", "guards/versions-do-not-return",
        "life/nothing-stays"},
       {},
       committed([](ChangeSet& it) { it.keeps_removed = true; })},
      {"a return is written as any change", "facts/returned", {"batch/mixed"}, {}, committed([](ChangeSet& it) {
         for (MemberChanged& changed : it.changed)
           if (changed.event == Event::added || changed.event == Event::reactivated)
             changed.event = Event::role_changed;
       })},
      {"what begins anew keeps its id", "life/anew", {"batch/mixed"}, {}, committed([](ChangeSet& it) {
         for (MemberChanged& changed : it.changed)
           if (changed.anew) changed.becomes = changed.id;
       })},
      {"everybody joins at once",
       "commit/added",
       {"batch/inviters", "batch/mixed", "bounds/owners-who-count", "bounds/seats-by-state", "connections/snapshots",
        "facts/actor", "facts/counts", "facts/counts-of-changes", "facts/inviters", "guards/actor-is-active",
        "guards/before-the-writes", "guards/each-of-several", "guards/inviter", "guards/many"},
       {},
       committed([](ChangeSet& it) {
         for (MemberAdded& added : it.added) added.state = MembershipState::active;
       })},
      {"inviters are forgotten",
       "facts/inviters",
       {"batch/inviters", "connections/snapshots", "guards/before-the-writes", "guards/each-of-several",
        "guards/inviter", "guards/many", "life/expiry"},
       {},
       committed([](ChangeSet& it) {
         if (it.guards.empty()) it.actor = {};
       })},
      {"ends are forgotten",
       "life/expiry",
       {"batch/mixed", "bounds/owners-who-count", "facts/counts", "facts/counts-of-changes"},
       {},
       committed([](ChangeSet& it) { it.valid_until = {}; })},
      {"every change gives an end", "life/expiry", {"batch/mixed"}, {}, committed([](ChangeSet& it) {
         for (MemberChanged& changed : it.changed) changed.dated = true;
       })},
      {"times are kept to the second",
       "life/expiry",
       {"batch/mixed", "facts/counts", "facts/counts-of-changes"},
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
        "unique/account-id", "unique/email-key", "unique/pair-in-any-state", "unique/pair-twice-at-once"},
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
           const auto record = done ? store.organization(changes.organizations[added.organization].id) : std::nullopt;
           if (record) (void)store.put_organization(*record);
         }
         return done;
       }},
  };
}

}  // namespace broken
