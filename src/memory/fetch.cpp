// MemoryStore::fetch: what a decision asks, answered in one go under one lock.
#include <algorithm>

#include "state.hpp"

ROSTER_BEGIN
namespace memory {

namespace {

class Fetch {
 public:
  Fetch(Core& core, const Query& query, Facts& facts) noexcept : core_(core), query_(query), facts_(facts) {}

  Errc groups() noexcept;
  Errc cells() noexcept;

 private:
  Errc organizations() noexcept;
  Errc parents() noexcept;
  Errc accounts() noexcept;
  Errc memberships() noexcept;
  Errc wanted_roles() noexcept;
  bool organization(OrganizationFact& fact, Handle handle, const OrganizationId* id) noexcept;
  void account(AccountFact& fact, Handle handle, const AccountId* id, std::uint32_t column) noexcept;
  bool row(std::uint32_t row, const Organization& organization) noexcept;
  bool cell(std::uint32_t row, const Organization& organization, const Column& column) noexcept;
  void see_row(const Organization& organization) noexcept;
  bool role(const Organization& organization, std::uint16_t role, RoleIndex& index) noexcept;
  bool role_first_seen(const Organization& organization, KnownRole& known, std::uint16_t role) noexcept;

  Core& core_;
  const Query& query_;
  Facts& facts_;
  Handle actor_ = no_handle;
  std::uint64_t actor_hash_ = 0;
  std::uint64_t fetch_stamp_ = 0, row_stamp_ = 0;
};

// ---- the dictionary of roles: only those seen in this answer

/// All organizations without a catalog see a role alike, so they share one stamp and look it up once a fetch.
void Fetch::see_row(const Organization& organization) noexcept {
  row_stamp_ = organization.role_count == 0 ? fetch_stamp_ : ++core_.stamp;
}

/// Where the dictionary has this role as this organization sees it. False if there is no memory, or the dictionary is
/// full.
bool Fetch::role(const Organization& organization, std::uint16_t role, RoleIndex& index) noexcept {
  KnownRole& known = core_.roles[role];
  if (known.row_stamp != row_stamp_ && !role_first_seen(organization, known, role)) return false;
  index = known.row_index;
  return true;
}

bool Fetch::role_first_seen(const Organization& organization, KnownRole& known, std::uint16_t role) noexcept {
  Role entry{known.id, 0, false, false};
  if (const OwnRole* const own = organization.own_role(role)) {
    entry.rank = own->rank;
    entry.assignable = own->assignable;
    entry.manages = own->manages;
  }
  if (known.fetch_stamp != fetch_stamp_) {
    known.fetch_stamp = fetch_stamp_;
    known.last_index = no_role;
  }
  // Organizations rarely differ in what a role grants, so this chain is short.
  RoleIndex at = known.last_index;
  while (at != no_role) {
    const Role& other = facts_.roles[at];
    if (other.rank == entry.rank && other.assignable == entry.assignable && other.manages == entry.manages) break;
    at = core_.next_entry[at];
  }
  if (at == no_role) {
    if (facts_.roles.size() >= roles_max) return false;
    if (!facts_.roles.push(entry)) return false;
    if (!core_.next_entry.push(known.last_index)) return false;
    at = known.last_index = static_cast<RoleIndex>(facts_.roles.size() - 1);
  }
  known.row_stamp = row_stamp_;
  known.row_index = at;
  return true;
}

// ---- rows

bool Fetch::organization(OrganizationFact& fact, Handle handle, const OrganizationId* id) noexcept {
  fact = OrganizationFact{};
  if (handle == no_handle) return true;
  const Organization& found = core_.organizations[handle];
  fact.id = id != nullptr ? *id : found.id.get<OrganizationId>(core_.texts);
  fact.locator = locator_of(handle);
  fact.version = Version{found.version};
  fact.joinable = found.joinable;
  if (actor_ == no_handle) return true;
  const std::uint32_t position = found.members.find(actor_, actor_hash_);
  if (position == Members::none) return true;
  const MemberRecord& record = found.members[position];
  if (!record.active()) return true;
  fact.actor_is_member = true;
  fact.actor_locator = locator_of(position);
  fact.actor_version = record.version();
  see_row(found);
  return role(found, record.role(), fact.actor_role);
}

Errc Fetch::organizations() noexcept {
  if (!query_.actor.empty()) {
    actor_ = core_.find(query_.actor);
    actor_hash_ = core_.hasher.handle(actor_);
  }
  if (!facts_.organizations.resize_uninitialized(query_.organizations.size())) return Errc::out_of_memory;
  OrganizationFact* fact = facts_.organizations.data();
  for (const OrganizationSelector& selector : query_.organizations) {
    const auto* const id = std::get_if<OrganizationId>(&selector);
    const Handle handle = id != nullptr ? core_.find(*id) : core_.find(selector);
    if (!organization(*fact++, handle, id)) return Errc::out_of_memory;
  }
  return query_.parents ? parents() : done;
}

/// Appends each parent once. `parent_at` may hold anything from earlier fetches: an entry counts only if the fact it
/// points to is that parent's, so it never has to be cleared.
Errc Fetch::parents() noexcept {
  if (!core_.parent_at.resize(core_.organizations.size(), 0)) return Errc::out_of_memory;
  const std::uint32_t rows = facts_.organizations.size();
  for (std::uint32_t i = 0; i < rows; ++i) {
    const OrganizationFact& child = facts_.organizations[i];
    if (child.id.empty()) continue;
    const Handle parent = core_.organizations[static_cast<Handle>(child.locator) - 1].parent;
    if (parent == no_handle) continue;
    std::uint32_t at = core_.parent_at[parent];
    const std::uint32_t size = facts_.organizations.size();
    if (at < rows || at >= size || facts_.organizations[at].locator != locator_of(parent)) {
      if (!facts_.organizations.resize_uninitialized(std::size_t{size} + 1)) return Errc::out_of_memory;
      if (!organization(facts_.organizations.back(), parent, nullptr)) return Errc::out_of_memory;
      core_.parent_at[parent] = at = size;
    }
    facts_.organizations[i].parent = at;
  }
  return done;
}

// ---- columns

void Fetch::account(AccountFact& fact, Handle handle, const AccountId* id, std::uint32_t column) noexcept {
  if (handle == no_handle) {
    fact = AccountFact{};
    return;
  }
  const Account& found = core_.accounts[handle];
  fact.id = id != nullptr ? *id : found.id.get<AccountId>(core_.texts);
  fact.locator = locator_of(handle);
  fact.version = Version{found.version};
  fact.disabled = found.disabled;
  core_.columns.append(Column{core_.hasher.handle(handle), handle, column});
}

Errc Fetch::accounts() noexcept {
  const std::size_t columns = query_.accounts.size() + query_.group_accounts.size();
  if (!facts_.accounts.resize_uninitialized(columns)) return Errc::out_of_memory;
  core_.columns.clear();
  if (!core_.columns.reserve(columns)) return Errc::out_of_memory;
  AccountFact* const facts = facts_.accounts.data();
  std::uint32_t column = 0;
  for (const AccountSelector& selector : query_.accounts) {
    const auto* const id = std::get_if<AccountId>(&selector);
    account(facts[column], id != nullptr ? core_.find(*id) : core_.find(selector), id, column);
    ++column;
  }
  for (const AccountId& id : query_.group_accounts) {
    account(facts[column], core_.find(id), &id, column);
    ++column;
  }
  return done;
}

// ---- cells

bool Fetch::cell(std::uint32_t row, const Organization& organization, const Column& column) noexcept {
  const std::uint32_t position = organization.members.find(column.account, column.hash);
  if (position == Members::none) return true;
  const MemberRecord& record = organization.members[position];
  MembershipFact fact;
  fact.organization = row;
  fact.account = column.column;
  fact.id = record.id;
  fact.version = record.version();
  fact.state = record.state();
  fact.written_by_request = record.request == query_.request && !query_.request.empty();
  if (!role(organization, record.role(), fact.role)) return false;
  facts_.memberships.append(fact);
  return true;
}

bool Fetch::row(std::uint32_t row, const Organization& organization) noexcept {
  const Column* const columns = core_.columns.data();
  const std::uint32_t count = core_.columns.size();
  if (!facts_.memberships.reserve(std::size_t{facts_.memberships.size()} + count)) return false;
  see_row(organization);
  const Members& members = organization.members;
  if (!members.worth_prefetching() || count < 4) {
    for (std::uint32_t i = 0; i < count; ++i)
      if (!cell(row, organization, columns[i])) return false;
    return true;
  }
  // Three steps, each some columns ahead of the next: fetch the slot, fetch the record it names, read the record.
  constexpr std::uint32_t slots_ahead = 16, records_ahead = 8;
  for (std::uint32_t i = 0; i < std::min(count, slots_ahead); ++i) members.prefetch_slot(columns[i].hash);
  for (std::uint32_t i = 0; i < std::min(count, records_ahead); ++i) members.prefetch_record(columns[i].hash);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i + slots_ahead < count) members.prefetch_slot(columns[i + slots_ahead].hash);
    if (i + records_ahead < count) members.prefetch_record(columns[i + records_ahead].hash);
    if (!cell(row, organization, columns[i])) return false;
  }
  return true;
}

Errc Fetch::memberships() noexcept {
  const OrganizationFact* const facts = facts_.organizations.data();
  for (std::uint32_t i = 0; i < facts_.organizations.size(); ++i) {
    if (facts[i].id.empty()) continue;
    if (!row(i, core_.organizations[static_cast<Handle>(facts[i].locator) - 1])) return Errc::out_of_memory;
  }
  return done;
}

Errc Fetch::wanted_roles() noexcept {
  if (query_.roles.empty()) return done;
  core_.wanted.clear();
  for (const RoleId& id : query_.roles)
    if (!core_.wanted.push(core_.find_role(id))) return Errc::out_of_memory;
  const std::size_t entries = std::size_t{facts_.organizations.size()} * query_.roles.size();
  if (!facts_.wanted_roles.reserve(entries)) return Errc::out_of_memory;
  for (const OrganizationFact& fact : facts_.organizations) {
    const Organization* const organization =
        fact.id.empty() ? nullptr : &core_.organizations[static_cast<Handle>(fact.locator) - 1];
    if (organization != nullptr) see_row(*organization);
    for (const std::uint16_t wanted : core_.wanted) {
      RoleIndex index = no_role;
      if (organization != nullptr && wanted != no_role && organization->own_role(wanted) != nullptr &&
          !role(*organization, wanted, index))
        return Errc::out_of_memory;
      facts_.wanted_roles.append(index);
    }
  }
  return done;
}

Errc Fetch::cells() noexcept {
  fetch_stamp_ = ++core_.stamp;
  core_.next_entry.clear();
  Errc failed = organizations();
  if (failed == done) failed = accounts();
  if (failed == done) failed = memberships();
  if (failed == done) failed = wanted_roles();
  return failed;
}

Errc Fetch::groups() noexcept {
  for (const GroupName& name : query_.groups) {
    const Handle handle = core_.find_group(name);
    GroupFact fact;
    if (handle != no_handle) {
      const Group& group = core_.groups[handle];
      fact.found = true;
      fact.accounts = group.size;
      if (!facts_.group_accounts.reserve(std::size_t{facts_.group_accounts.size()} + group.size))
        return Errc::out_of_memory;
      for (std::uint32_t i = 0; i < group.size; ++i)
        facts_.group_accounts.append(core_.accounts[group.accounts[i]].id.get<AccountId>(core_.texts));
    }
    if (!facts_.groups.push(fact)) return Errc::out_of_memory;
  }
  return done;
}

}  // namespace

}  // namespace memory

Result<void> MemoryStore::fetch(const Query& query, Facts& facts) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  const memory::Locked locked(*state_);
  facts.clear();
  memory::Fetch fetch(*state_, query, facts);
  return memory::result_of(query.groups.empty() ? fetch.cells() : fetch.groups());
}

ROSTER_END
