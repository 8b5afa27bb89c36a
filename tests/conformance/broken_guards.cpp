// Wrong evaluation of guards and bounds, above all of several.
#include <algorithm>

#include "broken.hpp"

namespace broken {

namespace {

using Record = Guard::Record;
using State = MembershipState;

bool is_bound(const Guard& guard) {
  return guard.record == Record::seats || guard.record == Record::owners;
}

/// Looks only at those guards for which `looks_at(guards, i)`.
Commit only_where(std::function<bool(const ChangeSet&, std::uint32_t)> looks_at) {
  return [looks_at](MemoryStore& store, const ChangeSet& changes) {
    Copied copied(changes);
    copied.changes.guards.clear();
    for (std::uint32_t i = 0; i < changes.guards.size(); ++i)
      if (looks_at(changes, i)) copied.changes.guards.unchecked_push_back(changes.guards[i]);
    return store.commit(copied.changes);
  };
}

/// The number of guards of the same kind before, or behind, the i-th.
std::size_t before(const ChangeSet& changes, std::uint32_t i) {
  const auto same = [&](const Guard& guard) { return guard.record == changes.guards[i].record; };
  return static_cast<std::size_t>(std::count_if(changes.guards.begin(), changes.guards.begin() + i, same));
}
std::size_t behind(const ChangeSet& changes, std::uint32_t i) {
  const auto same = [&](const Guard& guard) { return guard.record == changes.guards[i].record; };
  return static_cast<std::size_t>(std::count_if(changes.guards.begin() + i + 1, changes.guards.end(), same));
}

/// A map from kind to guard: a later guard replaces an earlier one.
template <Record record>
Commit last_of() {
  return only_where([](const ChangeSet& changes, std::uint32_t i) {
    return changes.guards[i].record != record || behind(changes, i) == 0;
  });
}

/// The organizations to which the entries of a change set write, by id.
bool writes_to(const ChangeSet& changes, const OrganizationId& id) {
  const auto in = [&](const auto& entry) { return changes.organizations[entry.organization].id == id; };
  return std::any_of(changes.added.begin(), changes.added.end(), in) ||
         std::any_of(changes.changed.begin(), changes.changed.end(), in);
}

/// A missing record counts as one with version 0.
Result<void> takes_nothing_for_zero(MemoryStore& store, const ChangeSet& changes) {
  return only_where([](const ChangeSet& all, std::uint32_t i) {
    return is_bound(all.guards[i]) || all.guards[i].version != Version{};
  })(store, changes);
}

Result<void> takes_the_invited_for_actors(MemoryStore& store, const ChangeSet& changes) {
  return only_where([&store](const ChangeSet& all, std::uint32_t i) {
    const Guard& guard = all.guards[i];
    if (guard.record != Record::actor) return true;
    const auto own = member(store, all.organizations[guard.organization].id, all.actor);
    return !own || own->state != State::invited || own->version != guard.version;
  })(store, changes);
}

/// Compares guards when everything is written already.
template <Record record>
Result<void> guards_what_is_left(MemoryStore& store, const ChangeSet& changes) {
  for (const Guard& guard : changes.guards) {
    if (guard.record != record) continue;
    const AccountId guarded = record == Record::actor                   ? changes.actor
                              : guard.account < changes.accounts.size() ? changes.accounts[guard.account].id
                                                                        : AccountId();
    for (const MemberChanged& changed : changes.changed)
      if (changed.organization == guard.organization && changed.account < changes.accounts.size() &&
          changes.accounts[changed.account].id == guarded)
        return Errc::stale;
  }
  return store.commit(changes);
}

Result<void> refuses_large_limits(MemoryStore& store, const ChangeSet& changes) {
  for (const Guard& guard : changes.guards)
    if (guard.record == Record::seats && guard.limit > 0x7FFFFFFF) return Errc::stale;
  return store.commit(changes);
}

}  // namespace

std::vector<Fault> broken_guards() {
  return {
      {"of several guards on organizations the last counts",
       "guards/each-of-several",
       {"guards/many"},
       {},
       last_of<Record::organization>()},
      {"of several guards on accounts the last counts",
       "guards/each-of-several",
       {"guards/many"},
       {},
       last_of<Record::account>()},
      {"of several guards on memberships the last counts",
       "guards/each-of-several",
       {"guards/many"},
       {},
       last_of<Record::membership>()},
      {"of several guards on actors the last counts",
       "guards/each-of-several",
       {"guards/many"},
       {},
       last_of<Record::actor>()},
      {"of several guards on inviters the last counts",
       "guards/each-of-several",
       {"guards/many"},
       {},
       last_of<Record::inviter>()},
      {"of several limits of seats the last counts", "bounds/each-of-several", {}, {}, last_of<Record::seats>()},
      {"of several guards on owners the last counts", "bounds/each-of-several", {}, {}, last_of<Record::owners>()},
      {"of several guards of a kind the first counts",
       "guards/each-of-several",
       {"bounds/each-of-several", "guards/many"},
       {},
       only_where([](const ChangeSet& changes, std::uint32_t i) { return before(changes, i) == 0; })},
      {"guards between the first and the last of a kind are not looked at",
       "guards/each-of-several",
       {"bounds/each-of-several", "guards/many"},
       {},
       only_where([](const ChangeSet& changes, std::uint32_t i) {
         return before(changes, i) == 0 || behind(changes, i) == 0;
       })},
      {"guards beyond the 64th of a kind are not looked at",
       "guards/many",
       {},
       {},
       only_where([](const ChangeSet& changes, std::uint32_t i) { return before(changes, i) < 64; })},
      {"a missing record has version 0",
       "guards/absent",
       {"guards/actor-is-active", "guards/inviter"},
       {},
       takes_nothing_for_zero},
      {"the invited are actors", "guards/actor-is-active", {}, {}, takes_the_invited_for_actors},
      {"guards on memberships are compared behind the writes",
       "guards/before-the-writes",
       {"commit/positions", "connections/facts-of-another"},
       {},
       guards_what_is_left<Record::membership>},
      {"the guard on the actor is compared behind the writes",
       "guards/before-the-writes",
       {"batch/locators", "commit/positions"},
       {},
       guards_what_is_left<Record::actor>},
      {"bounds are kept only where something is written",
       "bounds/without-entries",
       {"bounds/seats-at-a-time", "facts/counts-after-puts", "disabled/owner-bound"},
       {},
       only_where([](const ChangeSet& changes, std::uint32_t i) {
         return !is_bound(changes.guards[i]) ||
                writes_to(changes, changes.organizations[changes.guards[i].organization].id);
       })},
      {"owners are counted only where a membership changes",
       "bounds/without-entries",
       {"facts/counts-after-puts", "disabled/owner-bound"},
       {},
       only_where([](const ChangeSet& changes, std::uint32_t i) {
         return changes.guards[i].record != Record::owners || !changes.changed.empty();
       })},
      {"seats are counted only where a member is added",
       "bounds/without-entries",
       {"bounds/seats-at-a-time"},
       {},
       only_where([](const ChangeSet& changes, std::uint32_t i) {
         const bool comes =
             !changes.added.empty() || std::any_of(changes.changed.begin(), changes.changed.end(),
                                                   [](const MemberChanged& it) { return it.state == State::active; });
         return changes.guards[i].record != Record::seats || comes;
       })},
      {"bounds are kept by rows, not by organizations",
       "bounds/two-rows-of-one",
       {"bounds/seats-at-a-time", "bounds/without-entries", "facts/counts-after-puts", "disabled/owner-bound"},
       {},
       only_where([](const ChangeSet& changes, std::uint32_t i) {
         const auto here = [&](const auto& entry) { return entry.organization == changes.guards[i].organization; };
         return !is_bound(changes.guards[i]) || std::any_of(changes.added.begin(), changes.added.end(), here) ||
                std::any_of(changes.changed.begin(), changes.changed.end(), here);
       })},
      {"a limit of seats is a signed number", "bounds/limits", {}, {}, refuses_large_limits},
      {"two roles own at most, when it is committed",
       "bounds/owners-of-many-roles",
       {},
       {},
       committed([](ChangeSet& it) {
         if (it.owner_roles.size() > 2) it.owner_roles = it.owner_roles.first(2);
       })},
  };
}

}  // namespace broken
