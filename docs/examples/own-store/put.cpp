// The host's own records.
#include "map_store.hpp"

using namespace roster;

Result<void> MapStore::put(const OrganizationRecord& record) {
  const std::lock_guard unit(lock_);
  Tables::Organization& row = tables_.organizations[record.id];
  tables_.slugs.erase(row.record.slug);
  row.record = record;
  row.version = Version{++tables_.last_version};
  if (!record.slug.empty()) tables_.slugs[record.slug] = record.id;
  return success();
}

Result<void> MapStore::put(const AccountRecord& record) {
  const std::lock_guard unit(lock_);
  Tables::Account& row = tables_.accounts[record.id];
  std::erase_if(tables_.emails, [&](const auto& it) { return it.second == record.id; });
  tables_.usernames.erase(row.record.username);
  row.record = record;
  row.version = Version{++tables_.last_version};
  if (record.email) tables_.emails[std::string(record.email->key())] = record.id;
  if (!record.username.empty()) tables_.usernames[record.username] = record.id;
  return success();
}

Result<void> MapStore::put(const OrganizationId& organization, const Role& role) {
  const std::lock_guard unit(lock_);
  Tables::Organization& row = tables_.organizations[organization];
  row.catalog[role.id] = role;
  if (role.owns) tables_.owner_roles.insert(role.id);
  row.version = Version{++tables_.last_version};
  return success();
}

Result<void> MapStore::put(const GroupName& group, std::span<const AccountId> accounts) {
  const std::lock_guard unit(lock_);
  tables_.groups[group].assign(accounts.begin(), accounts.end());
  return success();
}
