// What a store may keep wrongly: the maps of the example, and what a commit or a put leaves in them.
#include <set>

#include "broken.hpp"
#include "own-store/map_store.hpp"

namespace broken {

namespace {

using State = MembershipState;

/// Called when something was written: what is there now may be changed, `before` is what was there.
struct Hooks {
  std::function<void(Tables& now, const Tables& before, const ChangeSet& changes)> written = nullptr;
  std::function<void(Tables& now, const Tables& before)> put = nullptr;
  std::function<Result<void>(const Tables& before, const ChangeSet& changes)> judges = nullptr;
  std::function<void(Tables& before, ChangeSet& changes)> twist = nullptr;
};

class Tabled final : public Faulty {
 public:
  explicit Tabled(Hooks hooks) : hooks_(std::move(hooks)) {}
  Result<void> fetch(std::uint32_t, const Query& query, Facts& facts) override { return store_.fetch(query, facts); }
  Result<void> commit(std::uint32_t, const ChangeSet& changes) override {
    if (hooks_.judges)
      if (const auto judged = hooks_.judges(store_.tables(), changes); !judged) return judged;
    Copied copied(changes);
    if (hooks_.twist) hooks_.twist(store_.tables(), copied.changes);
    const Tables before = hooks_.written ? store_.tables() : Tables();
    const auto done = store_.commit(copied.changes);
    if (done && hooks_.written) hooks_.written(store_.tables(), before, changes);
    return done;
  }
  Result<void> put(const OrganizationRecord& record) override { return put_any(record); }
  Result<void> put(const AccountRecord& record) override { return put_any(record); }
  Result<void> put(const OrganizationId& organization, const Role& role) override {
    return put_any(organization, role);
  }
  Result<void> put(const GroupName& group, std::span<const AccountId> accounts) override {
    return put_any(group, accounts);
  }

 private:
  struct Open : MapStore {
    Tables& tables() { return tables_; }
  };
  template <class... Record>
  Result<void> put_any(const Record&... record) {
    const Tables before = hooks_.put ? store_.tables() : Tables();
    const auto done = store_.put(record...);
    if (done && hooks_.put) hooks_.put(store_.tables(), before);
    return done;
  }
  Hooks hooks_;
  Open store_;
};

Fault tabled(const char* name, const char* law, std::vector<std::string> also, Hooks hooks) {
  return {name, law, std::move(also), {}, {}, [hooks] { return std::make_unique<Tabled>(hooks); }};
}

Tables::Pair pair_of(const ChangeSet& changes, std::uint32_t row, std::uint32_t column) {
  const std::size_t known = changes.accounts.size();
  return {changes.organizations[row].id,
          column < known ? changes.accounts[column].id : changes.created[column - known].id};
}
/// The row that a change left; null if it left none.
MemberRow* left(Tables& now, const ChangeSet& changes, const MemberChanged& changed) {
  const auto at = now.members.find(pair_of(changes, changed.organization, changed.account));
  return at == now.members.end() ? nullptr : &at->second;
}
MemberRow* left(Tables& now, const ChangeSet& changes, const MemberAdded& added) {
  const auto at = now.members.find(pair_of(changes, added.organization, added.account));
  return at == now.members.end() ? nullptr : &at->second;
}
const MemberRow* was(const Tables& before, const ChangeSet& changes, const MemberChanged& changed) {
  const auto at = before.members.find(pair_of(changes, changed.organization, changed.account));
  return at == before.members.end() ? nullptr : &at->second;
}

/// Every organization that was there, and was put again.
template <class Hook>
void for_organizations(Tables& now, const Tables& before, Hook hook) {
  for (auto& [id, row] : now.organizations)
    if (const auto old = before.organizations.find(id);
        old != before.organizations.end() && old->second.version != row.version)
      hook(id, row, old->second);
}
template <class Hook>
void for_accounts(Tables& now, const Tables& before, Hook hook) {
  for (auto& [id, row] : now.accounts)
    if (const auto old = before.accounts.find(id); old != before.accounts.end() && old->second.version != row.version)
      hook(id, row, old->second);
}

std::vector<Fault> of_puts() {
  using Organization = Tables::Organization;
  using Account = Tables::Account;
  return {
      tabled("a role that is put again raises no version", "guards/put-again", {},
             {.put =
                  [](Tables& now, const Tables& before) {
                    for_organizations(now, before, [](auto&, Organization& row, const Organization& old) {
                      if (row.catalog != old.catalog && row.catalog.size() == old.catalog.size())
                        row.version = old.version;
                    });
                  }}),
      tabled("only what lets members in raises an organization's version", "guards/put-again",
             {"guards/each-of-several", "guards/many"},
             {.put =
                  [](Tables& now, const Tables& before) {
                    for_organizations(now, before, [](auto&, Organization& row, const Organization& old) {
                      if (row.record.joinable == old.record.joinable && row.catalog == old.catalog)
                        row.version = old.version;
                    });
                  }}),
      tabled("only flags raise an account's version", "guards/put-again", {"guards/each-of-several"},
             {.put =
                  [](Tables& now, const Tables& before) {
                    for_accounts(now, before, [](auto&, Account& row, const Account& old) {
                      if (row.record.disabled == old.record.disabled && row.record.invited == old.record.invited &&
                          row.record.verified == old.record.verified)
                        row.version = old.version;
                    });
                  }}),
      tabled("an account's version is made of what it is", "guards/changed-back",
             {"commit/created-without-address", "guards/each-of-several", "guards/put-again"},
             {.put =
                  [](Tables& now, const Tables&) {
                    for (auto& [id, row] : now.accounts) {
                      const AccountRecord& it = row.record;
                      const std::string text =
                          std::string(it.username.view()) + "/" + (it.email ? std::string(it.email->key()) : "") +
                          (it.disabled ? "d" : "") + (it.invited ? "i" : "") + (it.verified ? "v" : "");
                      row.version = Version{std::hash<std::string>()(text) | 1};
                    }
                  }}),
      tabled("an organization that is put again loses its members", "facts/put-again",
             {"connections/puts", "facts/counts-after-puts", "guards/each-of-several", "guards/many"},
             {.put =
                  [](Tables& now, const Tables& before) {
                    for_organizations(
                        now, before, [&](const OrganizationId& id, Organization&, const Organization& old) {
                          if (now.organizations[id].catalog != old.catalog) return;
                          std::erase_if(now.members, [&](const auto& it) { return it.first.first == id; });
                        });
                  }}),
      tabled("an account that is put again loses its memberships", "facts/put-again",
             {"connections/puts", "guards/each-of-several", "guards/many"},
             {.put =
                  [](Tables& now, const Tables& before) {
                    for_accounts(now, before, [&](const AccountId& id, Account&, const Account&) {
                      std::erase_if(now.members, [&](const auto& it) { return it.first.second == id; });
                    });
                  }}),
      tabled("an account that is put again leaves its groups", "facts/put-again", {},
             {.put =
                  [](Tables& now, const Tables& before) {
                    for_accounts(now, before, [&](const AccountId& id, Account&, const Account&) {
                      for (auto& [name, accounts] : now.groups) std::erase(accounts, id);
                    });
                  }}),
      tabled("an organization that is put again loses its catalog", "facts/put-again", {"facts/counts-after-puts"},
             {.put =
                  [](Tables& now, const Tables& before) {
                    for_organizations(now, before, [&](auto&, Organization& row, const Organization& old) {
                      if (row.catalog == old.catalog) row.catalog.clear();
                    });
                  }}),
      tabled("a second put leaves the seats", "facts/put-again", {"connections/puts", "facts/counts-after-puts"},
             {.put =
                  [](Tables& now, const Tables& before) {
                    for_organizations(now, before, [](auto&, Organization& row, const Organization& old) {
                      row.record.seats_max = old.record.seats_max;
                    });
                  }}),
      tabled("a second put leaves the parent", "facts/put-again", {},
             {.put =
                  [](Tables& now, const Tables& before) {
                    for_organizations(now, before, [](auto&, Organization& row, const Organization& old) {
                      row.record.parent = old.record.parent;
                    });
                  }}),
      tabled("a second put leaves who is invited", "facts/put-again", {},
             {.put =
                  [](Tables& now, const Tables& before) {
                    for_accounts(now, before, [](auto&, Account& row, const Account& old) {
                      row.record.invited = old.record.invited;
                    });
                  }}),
      tabled("a second put leaves whether a role owns", "facts/put-again",
             {"connections/puts", "facts/counts-after-puts"},
             {.put =
                  [](Tables& now, const Tables& before) {
                    for_organizations(now, before, [](auto&, Organization& row, const Organization& old) {
                      for (auto& [id, role] : row.catalog)
                        if (const auto was = old.catalog.find(id); was != old.catalog.end())
                          role.owns = was->second.owns;
                    });
                  }}),
      tabled("an account is in one group", "facts/groups", {"batch/many-names"},
             {.put =
                  [](Tables& now, const Tables& before) {
                    for (const auto& [name, accounts] : now.groups) {
                      const auto old = before.groups.find(name);
                      if (old != before.groups.end() && old->second == accounts) continue;
                      for (auto& [other, others] : now.groups)
                        if (other != name)
                          std::erase_if(others, [&](const AccountId& id) {
                            return std::find(accounts.begin(), accounts.end(), id) != accounts.end();
                          });
                    }
                  }}),
      tabled("a project is inside of what its parent is inside of", "facts/nested", {"facts/put-again"},
             {.put =
                  [](Tables& now, const Tables&) {
                    for (auto& [id, row] : now.organizations) {
                      const auto parent = now.organizations.find(row.record.parent);
                      if (parent != now.organizations.end() && !parent->second.record.parent.empty())
                        row.record.parent = parent->second.record.parent;
                    }
                  }}),
  };
}

std::vector<Fault> of_traces() {
  return {
      tabled("a pair that is free again remembers who left it", "life/nothing-stays", {},
             {.written =
                  [kept = std::map<Tables::Pair, MemberRow::Trace>()](Tables& now, const Tables& before,
                                                                      const ChangeSet& changes) mutable {
                    for (const MemberChanged& changed : changes.changed)
                      if (const MemberRow* const old = was(before, changes, changed);
                          old != nullptr && left(now, changes, changed) == nullptr)
                        kept[pair_of(changes, changed.organization, changed.account)] = {old->request, changes.at};
                    for (const MemberAdded& added : changes.added)
                      if (const auto trace = kept.find(pair_of(changes, added.organization, added.account));
                          trace != kept.end())
                        left(now, changes, added)->trace = trace->second;
                  }}),
      tabled("the first end is the one that is remembered", "facts/outdated", {"facts/returned", "life/changes"},
             {.written =
                  [](Tables& now, const Tables& before, const ChangeSet& changes) {
                    for (const MemberChanged& changed : changes.changed) {
                      MemberRow* const row = left(now, changes, changed);
                      const MemberRow* const old = was(before, changes, changed);
                      if (row != nullptr && old->trace) row->trace = old->trace;
                    }
                  }}),
      tabled("ends are remembered to the second", "facts/outdated", {"facts/returned", "life/changes"},
             {.written =
                  [](Tables& now, const Tables&, const ChangeSet& changes) {
                    for (const MemberChanged& changed : changes.changed)
                      if (MemberRow* const row = left(now, changes, changed); row != nullptr && row->trace)
                        row->trace->at = Time{static_cast<std::int64_t>(row->trace->at) / 1'000'000 * 1'000'000};
                  }}),
      tabled("what is cleared away leaves no trace", "life/changes", {},
             {.written =
                  [](Tables& now, const Tables& before, const ChangeSet& changes) {
                    for (const MemberChanged& changed : changes.changed)
                      if (changed.event == Event::expired && left(now, changes, changed) != nullptr)
                        left(now, changes, changed)->trace = was(before, changes, changed)->trace;
                  }}),
      tabled("another end is not written by a request", "life/changes", {"batch/mixed"},
             {.written =
                  [](Tables& now, const Tables& before, const ChangeSet& changes) {
                    for (const MemberChanged& changed : changes.changed)
                      if (changed.event == Event::expiry_changed)
                        left(now, changes, changed)->request = was(before, changes, changed)->request;
                  }}),
      tabled("what begins anew never ends", "life/expiry", {},
             {.written =
                  [](Tables& now, const Tables&, const ChangeSet& changes) {
                    for (const MemberChanged& changed : changes.changed)
                      if (changed.anew && !changed.dated) left(now, changes, changed)->valid_until = {};
                  }}),
      tabled("what the entry says it was is believed", "life/what-the-row-says", {},
             {.written =
                  [](Tables& now, const Tables& before, const ChangeSet& changes) {
                    for (const MemberChanged& changed : changes.changed) {
                      MemberRow* const row = left(now, changes, changed);
                      if (row != nullptr && changed.was == changed.state && !changed.returns())
                        row->trace = was(before, changes, changed)->trace;
                    }
                  }}),
      tabled("what the entry says it was is compared", "life/what-the-row-says", {},
             {.judges = [](const Tables& before, const ChangeSet& changes) -> Result<void> {
               for (const MemberChanged& changed : changes.changed)
                 if (const MemberRow* const row = was(before, changes, changed);
                     row != nullptr && row->state != changed.was)
                   return Errc::stale;
               return success();
             }}),
      tabled("the role that the entry says it had is compared", "life/what-the-row-says", {},
             {.judges = [](const Tables& before, const ChangeSet& changes) -> Result<void> {
               for (const MemberChanged& changed : changes.changed)
                 if (const MemberRow* const row = was(before, changes, changed);
                     row != nullptr && row->role != changes.roles[changed.from])
                   return Errc::stale;
               return success();
             }}),
  };
}

std::vector<Fault> of_keys() {
  return {
      tabled("the pair of a tombstone is free", "unique/pair-in-any-state", {},
             {.twist =
                  [](Tables& before, ChangeSet& changes) {
                    for (const MemberAdded& added : changes.added) {
                      const auto at = before.members.find(pair_of(changes, added.organization, added.account));
                      if (at == before.members.end() || at->second.state != State::removed) continue;
                      before.member_ids.erase(at->second.id);
                      before.members.erase(at);
                    }
                  }}),
      tabled("what is created takes the place of what is there", "unique/account-id", {"commit/stale-writes-nothing"},
             {.twist =
                  [](Tables& before, ChangeSet& changes) {
                    for (const AccountCreated& created : changes.created) before.accounts.erase(created.id);
                  }}),
      tabled("an account that nobody has put is made", "guards/unknown-records", {},
             {.twist =
                  [](Tables& before, ChangeSet& changes) {
                    for (const MemberAdded& added : changes.added) {
                      const AccountId id = pair_of(changes, added.organization, added.account).second;
                      if (!id.empty() && added.account < changes.accounts.size())
                        before.accounts.insert({id, {{.id = id}, Version{1}}});
                    }
                  }}),
      tabled("a change is written over whatever version is there", "guards/changed",
             {"commit/stale-writes-nothing", "guards/changed-back"},
             {.twist =
                  [](Tables& before, ChangeSet& changes) {
                    for (MemberChanged& changed : changes.changed)
                      if (const MemberRow* const row = was(before, changes, changed)) changed.version = row->version;
                  }}),
      tabled("a tombstone has the version that the membership had", "guards/membership-gone", {"life/changes"},
             {.written =
                  [](Tables& now, const Tables& before, const ChangeSet& changes) {
                    for (const MemberChanged& changed : changes.changed)
                      if (MemberRow* const row = left(now, changes, changed);
                          row != nullptr && row->state == State::removed)
                        row->version = was(before, changes, changed)->version;
                  }}),
      tabled("each membership counts its own versions from 1", "guards/versions-do-not-return", {},
             {.written =
                  [](Tables& now, const Tables& before, const ChangeSet& changes) {
                    for (const MemberAdded& added : changes.added) left(now, changes, added)->version = Version{1};
                    for (const MemberChanged& changed : changes.changed)
                      if (MemberRow* const row = left(now, changes, changed))
                        row->version = Version{static_cast<std::uint64_t>(was(before, changes, changed)->version) + 1};
                  }}),
      tabled("who is invited as an owner is one", "bounds/owners-who-count", {},
             {.twist =
                  [](Tables& before, ChangeSet& changes) {
                    std::vector<Guard> guards(changes.guards.begin(), changes.guards.end());
                    changes.guards.clear();
                    for (const Guard& guard : guards) {
                      const bool waits = std::any_of(before.members.begin(), before.members.end(), [&](const auto& it) {
                        const auto& roles = changes.owner_roles;
                        return it.first.first == changes.organizations[guard.organization].id &&
                               it.second.state == State::invited &&
                               std::find(roles.begin(), roles.end(), it.second.role) != roles.end();
                      });
                      if (guard.record != Guard::Record::owners || !waits) changes.guards.append(guard);
                    }
                  }}),
      tabled("old names are kept", "facts/renamed", {"connections/puts", "facts/put-again"},
             {.put =
                  [](Tables& now, const Tables& before) {
                    now.slugs.insert(before.slugs.begin(), before.slugs.end());
                    now.emails.insert(before.emails.begin(), before.emails.end());
                    now.usernames.insert(before.usernames.begin(), before.usernames.end());
                  }}),
      tabled("an account joins 32 organizations at once", "batch/tall", {"facts/far-apart", "guards/many"},
             {.judges = [](const Tables&, const ChangeSet& changes) -> Result<void> {
               std::map<std::uint32_t, std::uint32_t> joins;
               for (const MemberAdded& added : changes.added)
                 if (++joins[added.account] > 32) return Errc::store_full;
               return success();
             }}),
  };
}

std::vector<Fault> of_inviters() {
  return {
      tabled("an inviter stays where nobody in particular invites again", "facts/inviters", {},
             {.written =
                  [](Tables& now, const Tables& before, const ChangeSet& changes) {
                    for (const MemberChanged& changed : changes.changed)
                      if (changed.event == Event::invited && changes.actor.empty())
                        left(now, changes, changed)->by = was(before, changes, changed)->by;
                  }}),
      tabled("invitations go with who sent them", "facts/inviters", {},
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
      tabled("the first invitations of many know who sent them", "batch/inviters", {"guards/many"},
             {.written =
                  [](Tables& now, const Tables&, const ChangeSet& changes) {
                    for (std::uint32_t i = 20; i < changes.added.size(); ++i)
                      left(now, changes, changes.added[i])->by = {};
                    for (std::uint32_t i = 20; i < changes.changed.size(); ++i)
                      if (MemberRow* const row = left(now, changes, changes.changed[i]);
                          row != nullptr && changes.changed[i].event == Event::invited)
                        row->by = {};
                  }}),
      tabled("who is invited may have invited", "guards/inviter", {},
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
                      changes.guards.append(guard);
                    }
                  }}),
  };
}

std::vector<Fault> of_commits() {
  return {
      tabled("a version is the time of the commit", "guards/same-moment", {},
             {.written =
                  [](Tables& now, const Tables&, const ChangeSet& changes) {
                    const Version version{static_cast<std::uint64_t>(changes.at)};
                    for (const MemberAdded& added : changes.added) left(now, changes, added)->version = version;
                    for (const MemberChanged& changed : changes.changed)
                      if (MemberRow* const row = left(now, changes, changed)) row->version = version;
                  }}),
      tabled("a large commit writes everybody's first state", "batch/mixed", {"guards/many"},
             {.written =
                  [](Tables& now, const Tables&, const ChangeSet& changes) {
                    for (std::uint32_t i = 32; i < changes.added.size(); ++i)
                      left(now, changes, changes.added[i])->state = changes.added[0].state;
                  }}),
      tabled("a large commit writes everybody's first role", "batch/mixed", {},
             {.written =
                  [](Tables& now, const Tables&, const ChangeSet& changes) {
                    for (std::uint32_t i = 32; i < changes.changed.size(); ++i)
                      if (MemberRow* const row = left(now, changes, changes.changed[i]))
                        row->role = changes.roles[changes.changed[0].role];
                  }}),
      tabled("one that is dated in a large commit dates all", "batch/mixed", {},
             {.written =
                  [](Tables& now, const Tables&, const ChangeSet& changes) {
                    const bool dated = std::any_of(changes.changed.begin(), changes.changed.end(),
                                                   [](const auto& it) { return it.dated; });
                    for (std::uint32_t i = 32; dated && i < changes.changed.size(); ++i)
                      if (MemberRow* const row = left(now, changes, changes.changed[i]))
                        row->valid_until = changes.valid_until;
                  }}),
      tabled("a large commit remembers no moment", "batch/mixed", {},
             {.written =
                  [](Tables& now, const Tables& before, const ChangeSet& changes) {
                    for (std::uint32_t i = 32; i < changes.changed.size(); ++i)
                      if (MemberRow* const row = left(now, changes, changes.changed[i]))
                        row->trace = was(before, changes, changes.changed[i])->trace;
                  }}),
      tabled(
          "a request commits once", "commit/one-request-many-commits", {},
          {.judges = [seen = std::set<std::string>()](const Tables&, const ChangeSet& changes) mutable -> Result<void> {
            const std::string key(changes.request.bytes.begin(), changes.request.bytes.end());
            return changes.empty() || seen.insert(key).second ? Result<void>(success()) : Result<void>(Errc::stale);
          }}),
      tabled("nobody is added where nobody may join", "commit/no-decision",
             {"facts/accounts-of-groups", "facts/any-name", "facts/asked-twice", "facts/parents"},
             {.judges = [](const Tables& before, const ChangeSet& changes) -> Result<void> {
               for (const MemberAdded& added : changes.added) {
                 const auto at = before.organizations.find(changes.organizations[added.organization].id);
                 if (at != before.organizations.end() && !at->second.record.joinable) return Errc::stale;
               }
               return success();
             }}),
      tabled("nobody is added who is disabled", "commit/no-decision",
             {"facts/accounts-of-groups", "facts/any-name", "facts/asked-twice", "facts/parents"},
             {.judges = [](const Tables& before, const ChangeSet& changes) -> Result<void> {
               for (const MemberAdded& added : changes.added) {
                 const auto at = before.accounts.find(pair_of(changes, added.organization, added.account).second);
                 if (at != before.accounts.end() && at->second.record.disabled) return Errc::stale;
               }
               return success();
             }}),
      tabled(
          "a role is one of the catalog, if there is one", "commit/no-decision",
          {"facts/accounts-of-groups", "facts/any-name", "facts/asked-twice", "facts/counts", "facts/counts-after-puts",
           "facts/counts-of-changes", "facts/many-roles", "facts/parents", "facts/put-again", "guards/organization"},
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

std::vector<Fault> sound_stores() {
  return {{.name = "a MemoryStore", .law = {}, .also = {}}, tabled("the maps of the example", "", {}, {})};
}

std::vector<Fault> broken_tables() {
  std::vector<Fault> all;
  for (auto&& some : {of_puts(), of_keys(), of_traces(), of_inviters(), of_commits()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace broken
