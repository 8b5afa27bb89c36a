// Checks that a commit omits, or makes wrongly.
#include <algorithm>

#include "broken.hpp"

namespace broken {

namespace {

/// Without the guards about one kind of record.
template <Guard::Record... records>
Result<void> unguarded(MemoryStore& store, const ChangeSet& changes) {
  Copied copied(changes);
  copied.changes.guards.clear();
  for (const Guard& guard : changes.guards)
    if (((guard.record != records) && ...)) copied.changes.guards.unchecked_push_back(guard);
  return store.commit(copied.changes);
}

/// INSERT OR IGNORE: an entry that is in use is omitted without an error.
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
    some.added.unchecked_push_back(added);
    some.added_ids.unchecked_push_back(changes.added_ids[i]);
  }
  return store.commit(some);
}

/// An address that another account has is omitted from the account.
Result<void> ignores_addresses_in_use(MemoryStore& store, const ChangeSet& changes) {
  Copied copied(changes);
  std::vector<std::string> keys;
  for (AccountCreated& created : copied.changes.created) {
    if (created.email == nullptr) continue;
    const std::string key(created.email->key());
    if (store.account(*created.email).value() || std::find(keys.begin(), keys.end(), key) != keys.end())
      created.email = nullptr;
    keys.push_back(key);
  }
  return store.commit(copied.changes);
}

/// An actor with that version is accepted in any state.
Result<void> takes_any_actor(MemoryStore& store, const ChangeSet& changes) {
  Copied copied(changes);
  copied.changes.guards.clear();
  for (const Guard& guard : changes.guards) {
    if (guard.record == Guard::Record::actor) {
      const auto own = member(store, changes.organizations[guard.organization].id, changes.actor);
      if (own && own->version == guard.version) continue;
    }
    copied.changes.guards.unchecked_push_back(guard);
  }
  return store.commit(copied.changes);
}

/// Sees too late that something is wrong.
Result<void> returns_stale_and_writes(MemoryStore& store, const ChangeSet& changes) {
  const auto done = store.commit(changes);
  if (done || done.assume_error().code != Errc::stale) return done;
  Copied copied(changes);
  copied.changes.guards.clear();
  (void)store.commit(copied.changes);
  return Errc::stale;
}

}  // namespace

std::vector<Fault> broken_checks() {
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
        "guards/changed-back", "guards/each-of-several", "guards/many", "disabled/actor-guard"},
       {},
       unguarded<Record::actor>},
      {"no guard on the inviter",
       "guards/inviter",
       {"commit/stale-writes-nothing", "connections/snapshots", "guards/absent", "guards/changed-back",
        "guards/each-of-several", "guards/many", "disabled/inviter-guard"},
       {},
       unguarded<Record::inviter>},
      {"any actor will do", "guards/actor-is-active", {"disabled/actor-guard"}, {}, takes_any_actor},
      {"no seats",
       "bounds/seats",
       {"bounds/seats-at-a-time", "bounds/each-of-several", "bounds/limits", "bounds/seats-at-commit",
        "bounds/seats-by-role", "bounds/seats-by-state", "bounds/two-rows-of-one", "bounds/without-entries",
        "commit/stale-writes-nothing", "connections/snapshots"},
       {},
       unguarded<Record::seats>},
      {"no owners",
       "bounds/owners",
       {"bounds/each-of-several", "bounds/owners-by-catalog", "bounds/owners-of-many-roles", "bounds/counting-owners",
        "bounds/two-rows-of-one", "bounds/without-entries", "commit/stale-writes-nothing", "connections/snapshots",
        "facts/counts-after-puts", "disabled/owner-bound"},
       {},
       unguarded<Record::owners>},
      {"invitations always occupy a seat",
       "bounds/seats-by-state",
       {"bounds/seats-at-a-time"},
       {},
       committed([](ChangeSet& it) { it.invited_occupy_seats = true; })},
      {"owners by name only",
       "bounds/owners-by-catalog",
       {"bounds/counting-owners", "bounds/owners-of-many-roles", "bounds/seats-by-role", "facts/counts-after-puts",
        "owners/recorded"},
       {},
       committed([](ChangeSet& it) {
         static const RoleId owner("owner");
         it.owner_roles = std::span(&owner, 1);
       })},
      {"stale, and written",
       "commit/stale-writes-nothing",
       {"bounds/seats-at-a-time", "bounds/each-of-several", "bounds/owners", "bounds/owners-by-catalog", "bounds/seats",
        "bounds/seats-by-role", "bounds/seats-by-state", "bounds/two-rows-of-one", "bounds/without-entries",
        "guards/account", "guards/actor", "guards/membership", "guards/organization", "disabled/inviter-guard",
        "disabled/owner-bound"},
       {},
       returns_stale_and_writes},
      {"nothing to write is nothing to check",
       "commit/nothing",
       {"bounds/seats-at-a-time", "bounds/without-entries", "facts/counts-after-puts", "guards/inviter", "guards/many",
        "disabled/owner-bound"},
       {},
       [](MemoryStore& store, const ChangeSet& changes) -> Result<void> {
         return changes.empty() ? Result<void>(success()) : store.commit(changes);
       }},
  };
}

}  // namespace broken
