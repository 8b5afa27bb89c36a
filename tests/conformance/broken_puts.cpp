// Wrong effects of a put, on records, unique keys and versions.
#include "tabled.hpp"

namespace broken {

namespace {

using State = MembershipState;

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
      tabled("only `joinable` raises an organization's version", "guards/put-again",
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
      tabled("an account's version is a digest of its fields", "guards/changed-back",
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
             {"connections/puts", "guards/each-of-several", "guards/many", "disabled/actor", "disabled/actor-guard",
              "disabled/counts", "disabled/inviter", "disabled/inviter-guard", "disabled/owner-bound"},
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
      tabled("a second put keeps `invited`", "facts/put-again", {},
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
      tabled("a project is also inside the parent of its parent", "facts/nested", {"closed/facts", "facts/put-again"},
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
      tabled("a created account replaces an existing one", "unique/account-id", {"commit/stale-writes-nothing"},
             {.twist =
                  [](Tables& before, ChangeSet& changes) {
                    for (const AccountCreated& created : changes.created) before.accounts.erase(created.id);
                  }}),
      tabled("an unknown account is created", "guards/unknown-records", {},
             {.twist =
                  [](Tables& before, ChangeSet& changes) {
                    for (const MemberAdded& added : changes.added) {
                      const AccountId id = pair_of(changes, added.organization, added.account).second;
                      if (!id.empty() && added.account < changes.accounts.size())
                        before.accounts.insert({id, {{.id = id}, Version{1}}});
                    }
                  }}),
      tabled("a change is written over any version", "guards/changed",
             {"commit/stale-writes-nothing", "guards/changed-back", "owners/with-the-rest"},
             {.twist =
                  [](Tables& before, ChangeSet& changes) {
                    for (MemberChanged& changed : changes.changed)
                      if (const MemberRow* const row = was(before, changes, changed)) changed.version = row->version;
                  }}),
      tabled("a tombstone has the version that the membership had", "guards/membership-gone",
             {"guards/versions-ascend", "life/changes"},
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
      tabled("versions descend", "guards/versions-ascend", {},
             {.written =
                  [](Tables& now, const Tables&, const ChangeSet& changes) {
                    const auto from_above = [](MemberRow* row) {
                      if (row != nullptr)
                        row->version = Version{(std::uint64_t{1} << 62) - static_cast<std::uint64_t>(row->version)};
                    };
                    for (const MemberAdded& added : changes.added) from_above(left(now, changes, added));
                    for (const MemberChanged& changed : changes.changed) from_above(left(now, changes, changed));
                  }}),
      tabled("an invited owner counts as an owner", "bounds/counting-owners", {},
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
                      if (guard.record != Guard::Record::owners || !waits) changes.guards.unchecked_push_back(guard);
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

}  // namespace

std::vector<Fault> broken_puts() {
  std::vector<Fault> all;
  for (auto&& some : {of_puts(), of_keys()}) all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace broken
