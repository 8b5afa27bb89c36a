// Wrong rows of members after a commit, and wrong refusals.
#include <set>

#include "tabled.hpp"

namespace broken {

namespace {

using State = MembershipState;

/// Changes the time that a change leaves in a row.
Fault dated(const char* name, std::vector<std::string> also,
            void (*twist)(MemberRow& row, const MemberRow& old, const MemberChanged& changed),
            const char* law = "facts/last-write") {
  return tabled(name, law, std::move(also),
                {.written = [twist](Tables& now, const Tables& before, const ChangeSet& changes) {
                  for (const MemberChanged& changed : changes.changed)
                    if (MemberRow* const row = left(now, changes, changed))
                      twist(*row, *was(before, changes, changed), changed);
                }});
}

/// A change with this event leaves the time of the write before it.
Fault undated(const char* name, Event event, std::vector<std::string> also, const char* law = "facts/last-write") {
  return tabled(name, law, std::move(also),
                {.written = [event](Tables& now, const Tables& before, const ChangeSet& changes) {
                  for (const MemberChanged& changed : changes.changed)
                    if (MemberRow* const row = left(now, changes, changed); row != nullptr && changed.event == event)
                      row->written_at = was(before, changes, changed)->written_at;
                }});
}

std::vector<Fault> of_traces() {
  return {
      tabled("a pair that is free again keeps its former membership", "life/nothing-stays", {},
             {.written =
                  [kept = std::map<Tables::Pair, IdempotencyKey>()](Tables& now, const Tables& before,
                                                                    const ChangeSet& changes) mutable {
                    for (const MemberChanged& changed : changes.changed)
                      if (const MemberRow* const old = was(before, changes, changed);
                          old != nullptr && left(now, changes, changed) == nullptr)
                        kept[pair_of(changes, changed.organization, changed.account)] = old->idempotency_key;
                    for (const MemberAdded& added : changes.added)
                      if (const auto key = kept.find(pair_of(changes, added.organization, added.account));
                          key != kept.end())
                        left(now, changes, added)->before = key->second;
                  }}),
      tabled("the first end is kept", "facts/outdated", {"facts/returned"},
             {.written =
                  [](Tables& now, const Tables& before, const ChangeSet& changes) {
                    for (const MemberChanged& changed : changes.changed) {
                      MemberRow* const row = left(now, changes, changed);
                      const MemberRow* const old = was(before, changes, changed);
                      if (row != nullptr && old->before) row->before = old->before;
                    }
                  }}),
      tabled("a clock that is behind moves the last write back", "facts/last-write", {},
             {.written =
                  [](Tables& now, const Tables&, const ChangeSet& changes) {
                    for (const MemberChanged& changed : changes.changed)
                      if (MemberRow* const row = left(now, changes, changed)) row->written_at = changes.at;
                  }}),
      dated("times of changes are kept to the second", {"facts/outdated", "facts/returned", "life/changes"},
            [](MemberRow& row, const MemberRow&, const MemberChanged&) {
              row.written_at = Time{static_cast<std::int64_t>(row.written_at) / 1'000'000 * 1'000'000};
            }),
      dated("times of changes are kept to the millisecond", {"facts/outdated", "facts/returned", "life/changes"},
            [](MemberRow& row, const MemberRow&, const MemberChanged&) {
              row.written_at = Time{static_cast<std::int64_t>(row.written_at) / 1'000 * 1'000};
            }),
      dated("only ends and returns are dated", {"facts/returned"},
            [](MemberRow& row, const MemberRow& old, const MemberChanged& changed) {
              const bool ends = changed.state != old.state && changed.state >= State::suspended;
              if (!ends && !changed.returns()) row.written_at = old.written_at;
            }),
      undated("the time of another role is not kept", Event::role_changed, {"facts/returned"}),
      undated("the time of another end is not kept", Event::expiry_changed, {"facts/returned"}),
      undated("the time of an acceptance is not kept", Event::accepted, {"facts/returned"}),
      undated("the time at which an expired membership is cleared is not kept", Event::expired, {}, "life/changes"),
      tabled("the time of an add is not kept", "facts/last-write", {},
             {.written =
                  [](Tables& now, const Tables&, const ChangeSet& changes) {
                    for (const MemberAdded& added : changes.added) left(now, changes, added)->written_at = {};
                  }}),
      dated("a later request is taken for an older one", {"facts/outdated", "facts/returned"},
            [](MemberRow& row, const MemberRow&, const MemberChanged&) {
              row.written_at = Time{static_cast<std::int64_t>(row.written_at) + 1};
            }),
      tabled("another end is not written by a request", "life/changes", {"batch/mixed"},
             {.written =
                  [](Tables& now, const Tables& before, const ChangeSet& changes) {
                    for (const MemberChanged& changed : changes.changed)
                      if (changed.event == Event::expiry_changed)
                        left(now, changes, changed)->idempotency_key = was(before, changes, changed)->idempotency_key;
                  }}),
      tabled("a replaced membership never expires", "life/expiry", {},
             {.written =
                  [](Tables& now, const Tables&, const ChangeSet& changes) {
                    for (const MemberChanged& changed : changes.changed)
                      if (changed.new_identity && !changed.sets_expiry) left(now, changes, changed)->valid_until = {};
                  }}),
      tabled("the previous state of an entry is used", "life/stored-state", {},
             {.written =
                  [](Tables& now, const Tables& before, const ChangeSet& changes) {
                    for (const MemberChanged& changed : changes.changed) {
                      MemberRow* const row = left(now, changes, changed);
                      if (row != nullptr && changed.previous_state == changed.state && !changed.returns())
                        row->before = was(before, changes, changed)->before;
                    }
                  }}),
      tabled("the previous state of an entry is compared", "life/stored-state", {},
             {.judges = [](const Tables& before, const ChangeSet& changes) -> Result<void> {
               for (const MemberChanged& changed : changes.changed)
                 if (const MemberRow* const row = was(before, changes, changed);
                     row != nullptr && row->state != changed.previous_state)
                   return Errc::stale;
               return success();
             }}),
      tabled("the previous role of an entry is compared", "life/stored-state", {},
             {.judges = [](const Tables& before, const ChangeSet& changes) -> Result<void> {
               for (const MemberChanged& changed : changes.changed)
                 if (const MemberRow* const row = was(before, changes, changed);
                     row != nullptr && row->role != changes.roles[changed.previous_role])
                   return Errc::stale;
               return success();
             }}),
  };
}

std::vector<Fault> of_inviters() {
  return {
      tabled("an inviter stays where the host invites again", "facts/inviters", {},
             {.written =
                  [](Tables& now, const Tables& before, const ChangeSet& changes) {
                    for (const MemberChanged& changed : changes.changed)
                      if (changed.event == Event::invited && changes.actor.empty())
                        left(now, changes, changed)->by = was(before, changes, changed)->by;
                  }}),
      tabled("a renewed invitation keeps its first inviter", "facts/renewed-inviters", {"facts/host-inviters"},
             {.written =
                  [](Tables& now, const Tables& before, const ChangeSet& changes) {
                    for (const MemberChanged& changed : changes.changed)
                      if (changed.event == Event::invitation_renewed)
                        left(now, changes, changed)->by = was(before, changes, changed)->by;
                  }}),
      tabled("a renewed invitation counts as a return", "facts/renewed-inviters", {},
             {.written =
                  [](Tables& now, const Tables& before, const ChangeSet& changes) {
                    for (const MemberChanged& changed : changes.changed)
                      if (changed.event == Event::invitation_renewed)
                        left(now, changes, changed)->before = was(before, changes, changed)->idempotency_key;
                  }}),
      tabled("invitations are removed with their inviter", "facts/inviters", {},
             {.written =
                  [](Tables& now, const Tables& before, const ChangeSet& changes) {
                    for (const MemberChanged& changed : changes.changed)
                      if (left(now, changes, changed) == nullptr)
                        std::erase_if(now.members, [&](const auto& it) {
                          return it.first.first == changes.organizations[changed.organization].id &&
                                 it.second.by == pair_of(changes, changed.organization, changed.account).second &&
                                 before.members.contains(it.first);
                        });
                  }}),
      tabled("only the first invitations of many have an inviter", "batch/inviters", {"guards/many"},
             {.written =
                  [](Tables& now, const Tables&, const ChangeSet& changes) {
                    for (std::uint32_t i = 20; i < changes.added.size(); ++i)
                      left(now, changes, changes.added[i])->by = {};
                    for (std::uint32_t i = 20; i < changes.changed.size(); ++i)
                      if (MemberRow* const row = left(now, changes, changes.changed[i]);
                          row != nullptr && changes.changed[i].event == Event::invited)
                        row->by = {};
                  }}),
      tabled("an invited account may be an inviter", "guards/inviter", {},
             {.twist =
                  [](const Tables& before, ChangeSet& changes) {
                    std::vector<Guard> guards(changes.guards.begin(), changes.guards.end());
                    changes.guards.clear();
                    for (const Guard& guard : guards) {
                      if (guard.record == Guard::Record::inviter) {
                        const auto at = before.members.find(pair_of(changes, guard.organization, guard.account));
                        const auto by = at == before.members.end()
                                            ? before.members.end()
                                            : before.members.find({at->first.first, at->second.by});
                        if (by != before.members.end() && by->second.state == State::invited &&
                            by->second.version == guard.version)
                          continue;
                      }
                      changes.guards.unchecked_push_back(guard);
                    }
                  }}),
  };
}

std::vector<Fault> of_commits() {
  return {
      tabled("a version is the time of the commit", "guards/same-moment", {"guards/versions-ascend"},
             {.written =
                  [](Tables& now, const Tables&, const ChangeSet& changes) {
                    const Version version{static_cast<std::uint64_t>(changes.at)};
                    for (const MemberAdded& added : changes.added) left(now, changes, added)->version = version;
                    for (const MemberChanged& changed : changes.changed)
                      if (MemberRow* const row = left(now, changes, changed)) row->version = version;
                  }}),
      tabled("a large commit writes the first state to all entries", "batch/mixed", {"guards/many"},
             {.written =
                  [](Tables& now, const Tables&, const ChangeSet& changes) {
                    for (std::uint32_t i = 32; i < changes.added.size(); ++i)
                      left(now, changes, changes.added[i])->state = changes.added[0].state;
                  }}),
      tabled("a large commit writes the first role to all entries", "batch/mixed", {},
             {.written =
                  [](Tables& now, const Tables&, const ChangeSet& changes) {
                    for (std::uint32_t i = 32; i < changes.changed.size(); ++i)
                      if (MemberRow* const row = left(now, changes, changes.changed[i]))
                        row->role = changes.roles[changes.changed[0].role];
                  }}),
      tabled("one that is dated in a large commit dates all", "batch/mixed", {},
             {.written =
                  [](Tables& now, const Tables&, const ChangeSet& changes) {
                    const bool sets_expiry = std::any_of(changes.changed.begin(), changes.changed.end(),
                                                         [](const auto& it) { return it.sets_expiry; });
                    for (std::uint32_t i = 32; sets_expiry && i < changes.changed.size(); ++i)
                      if (MemberRow* const row = left(now, changes, changes.changed[i]))
                        row->valid_until = changes.valid_until;
                  }}),
      tabled("a large commit stores no time", "batch/mixed", {},
             {.written =
                  [](Tables& now, const Tables& before, const ChangeSet& changes) {
                    for (std::uint32_t i = 32; i < changes.changed.size(); ++i)
                      if (MemberRow* const row = left(now, changes, changes.changed[i]))
                        row->before = was(before, changes, changes.changed[i])->before;
                  }}),
      tabled(
          "a request commits once", "commit/one-request-many-commits", {},
          {.judges = [seen = std::set<std::string>()](const Tables&, const ChangeSet& changes) mutable -> Result<void> {
            const std::string key(changes.idempotency_key.bytes.begin(), changes.idempotency_key.bytes.end());
            return changes.empty() || seen.insert(key).second ? Result<void>(success()) : Result<void>(Errc::stale);
          }}),
      tabled("an organization that is not joinable refuses an add", "commit/no-decision",
             {"facts/accounts-of-groups", "facts/any-name", "facts/named-twice", "facts/parents"},
             {.judges = [](const Tables& before, const ChangeSet& changes) -> Result<void> {
               for (const MemberAdded& added : changes.added) {
                 const auto at = before.organizations.find(changes.organizations[added.organization].id);
                 if (at != before.organizations.end() && !at->second.record.joinable) return Errc::stale;
               }
               return success();
             }}),
      tabled("a closed organization refuses an add", "commit/no-decision",
             {"facts/accounts-of-groups", "facts/any-name", "facts/named-twice", "facts/parents"},
             {.judges = [](const Tables& before, const ChangeSet& changes) -> Result<void> {
               for (const MemberAdded& added : changes.added) {
                 const auto at = before.organizations.find(changes.organizations[added.organization].id);
                 if (at != before.organizations.end() && at->second.record.closed) return Errc::stale;
               }
               return success();
             }}),
      tabled("an add of a disabled account is refused", "commit/no-decision",
             {"facts/accounts-of-groups", "facts/any-name", "facts/named-twice", "facts/parents",
              "disabled/actor-guard", "disabled/counts"},
             {.judges = [](const Tables& before, const ChangeSet& changes) -> Result<void> {
               for (const MemberAdded& added : changes.added) {
                 const auto at = before.accounts.find(pair_of(changes, added.organization, added.account).second);
                 if (at != before.accounts.end() && at->second.record.disabled) return Errc::stale;
               }
               return success();
             }}),
      tabled("a role is one of the catalog, if there is one", "commit/no-decision",
             {"bounds/seats-by-role", "disabled/counts", "facts/accounts-of-groups", "facts/any-name", "facts/counts",
              "facts/counts-after-puts", "facts/counts-by-role", "facts/counts-of-changes", "facts/many-roles",
              "facts/named-twice", "facts/parents", "facts/put-again", "facts/roles-in-no-catalog",
              "guards/organization", "owners/one-member", "owners/puts", "owners/recorded", "owners/with-the-rest"},
             {.judges = [](const Tables& before, const ChangeSet& changes) -> Result<void> {
               for (const MemberAdded& added : changes.added) {
                 const auto at = before.organizations.find(changes.organizations[added.organization].id);
                 if (at != before.organizations.end() && !at->second.catalog.empty() &&
                     !at->second.catalog.contains(changes.roles[added.role]))
                   return Errc::stale;
               }
               return success();
             }}),
      tabled("one account at most has no address", "commit/created-without-address", {"ids/longest"},
             {.judges = [](const Tables& before, const ChangeSet& changes) -> Result<void> {
               auto without = std::count_if(before.accounts.begin(), before.accounts.end(), [](const auto& it) {
                 return !it.second.record.email && it.second.record.id.view().size() > 6;  // those that were created
               });
               for (const AccountCreated& created : changes.created)
                 without += created.email == nullptr && created.id.view().size() > 6 ? 1 : 0;
               return without < 2 || changes.created.empty() ? Result<void>(success()) : Result<void>(Errc::stale);
             }}),
      tabled("rows that were not found are not counted", "commit/positions", {},
             {.twist =
                  [](const Tables&, ChangeSet& changes) {
                    const auto place = [&](std::uint32_t row) {
                      std::uint32_t found = 0;
                      for (std::uint32_t i = 0; i < row; ++i) found += changes.organizations[i].id.empty() ? 0 : 1;
                      return changes.organizations[row].id.empty() ? row : found;
                    };
                    for (MemberAdded& added : changes.added) added.organization = place(added.organization);
                    for (Guard& guard : changes.guards) guard.organization = place(guard.organization);
                  }}),
      tabled("columns that were not found are not counted", "commit/positions", {},
             {.twist =
                  [](const Tables&, ChangeSet& changes) {
                    const auto place = [&](std::uint32_t column) {
                      std::uint32_t found = 0;
                      for (std::uint32_t i = 0; i < column && i < changes.accounts.size(); ++i)
                        found += changes.accounts[i].id.empty() ? 0 : 1;
                      return column >= changes.accounts.size() || changes.accounts[column].id.empty() ? column : found;
                    };
                    for (MemberAdded& added : changes.added) added.account = place(added.account);
                  }}),
  };
}

}  // namespace

std::vector<Fault> broken_rows() {
  std::vector<Fault> all;
  for (auto&& some : {of_traces(), of_inviters(), of_commits()}) all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace broken
