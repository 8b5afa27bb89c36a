// MemoryStore::fetch: answers a query under one lock.
#include "fetch.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "portability.hpp"

namespace roster::inline ROSTER_ABI {
namespace memory {

// ---- rows

[[gnu::always_inline]] static inline void clear_actor(OrganizationFact& fact) noexcept {
  fact.actor_is_member = false;
  fact.actor_role = no_role;
  fact.actor_valid_until = {};
  fact.actor_locator = {};
  fact.actor_version = {};
}

/// Writes every field but those of the actor, as of a query without counts: `fact` is raw memory.
[[gnu::always_inline]] inline void Fetch::record(OrganizationFact& fact, Found<Organization> from,
                                                 const OrganizationId* id) noexcept {
  fact.parent = no_index;
  fact.counts = {};
  if (from.handle == no_handle) [[unlikely]] {
    fact.id = {};
    fact.locator = {};
    fact.version = {};
    fact.joinable = true;
    fact.closed = false;
    return;
  }
  const Organization& found = *from.record;
  if (id != nullptr) [[likely]]
    fact.id = *id;
  else
    fact.id = found.id.get<OrganizationId>(core_.strings);
  fact.locator = locator_of(from.handle);
  fact.version = Version{found.version};
  fact.joinable = found.joinable();
  fact.closed = found.closed();
}

[[gnu::always_inline]] inline bool Fetch::organization(OrganizationFact& fact, Found<Organization> from,
                                                       const OrganizationId* id) noexcept {
  record(fact, from, id);
  clear_actor(fact);
  if (from.handle == no_handle) return true;
  if (query_.counts && !counts(fact, from.handle)) [[unlikely]]
    return false;
  return actor_ == no_handle || actor(fact, *from.record);
}

/// Writes all but the role. False if the invitation is not accepted yet: the actor is then no member.
[[gnu::always_inline]] inline bool Fetch::read_actor(OrganizationFact& fact, const MemberRecord& record,
                                                     std::uint32_t position) noexcept {
  if (!record.active()) return false;
  fact.actor_is_member = true;
  fact.actor_locator = locator_of(position);
  fact.actor_version = record.version();
  fact.actor_valid_until = core_.ends_at(handle_of(fact.locator), record);
  return true;
}

inline bool Fetch::actor(OrganizationFact& fact, const Organization& organization) noexcept {
  const std::uint32_t position = organization.members.find(actor_, actor_hash_);
  if (position == Members::none) return true;
  const MemberRecord& record = organization.members[position];
  if (!read_actor(fact, record, position)) return true;
  read_row(organization);
  return role(organization, record.role(), fact.actor_role);
}

Errc Fetch::organizations() noexcept {
  if (!facts_.organizations.resize_uninitialized(query_.organizations.size())) return Errc::out_of_memory;
  OrganizationFact* fact = facts_.organizations.data();
  for (const OrganizationSelector& selector : query_.organizations) {
    const auto* const id = std::get_if<OrganizationId>(&selector);
    const Handle handle = id != nullptr ? core_.find(*id) : core_.find(selector);
    if (!organization(*fact++, core_.found_organization(handle), id)) return Errc::out_of_memory;
  }
  return query_.parents ? parents() : done;
}

/// Appends each parent once. `parent_at` may have entries of earlier fetches and is never cleared. An entry is valid
/// only if its fact is that of the parent.
Errc Fetch::parents() noexcept {
  if (!core_.parent_at.resize(core_.organizations.size(), 0)) return Errc::out_of_memory;
  const std::uint32_t rows = facts_.organizations.size();
  for (std::uint32_t i = 0; i < rows; ++i) {
    const OrganizationFact& child = facts_.organizations[i];
    if (child.id.empty()) continue;
    const Handle parent = core_.organizations[handle_of(child.locator)].parent;
    if (parent == no_handle) continue;
    std::uint32_t at = core_.parent_at[parent];
    const std::uint32_t size = facts_.organizations.size();
    if (at < rows || at >= size || facts_.organizations[at].locator != locator_of(parent)) {
      if (!facts_.organizations.resize_uninitialized(std::size_t{size} + 1)) return Errc::out_of_memory;
      if (!organization(facts_.organizations.back(), core_.found_organization(parent), nullptr))
        return Errc::out_of_memory;
      core_.parent_at[parent] = at = size;
    }
    facts_.organizations[i].parent = at;
  }
  return done;
}

// ---- columns

/// Writes every field: `fact` is raw memory. Returns the number of columns: 0 for a missing account.
[[gnu::always_inline]] inline std::uint32_t Fetch::account(AccountFact& fact, Found<Account> from, const AccountId* id,
                                                           std::uint32_t column, Column& to) noexcept {
  if (from.handle == no_handle) [[unlikely]] {
    fact.id = {};
    fact.locator = {};
    fact.version = {};
    fact.disabled = fact.invited = fact.verified = false;
    return 0;
  }
  const Account& found = *from.record;
  if (id != nullptr) [[likely]]
    fact.id = *id;
  else
    fact.id = found.id.get<AccountId>(core_.strings);
  fact.locator = locator_of(from.handle);
  fact.version = Version{found.version};
  fact.disabled = found.disabled;
  fact.invited = found.invited;
  fact.verified = found.verified;
  to.hash = core_.hasher.handle(from.handle);
  to.account = from.handle;
  to.column = column;
  return 1;
}

Errc Fetch::accounts() noexcept {
  const std::size_t columns = query_.accounts.size() + query_.group_accounts.size();
  if (!facts_.accounts.resize_uninitialized(columns) || !core_.columns.resize_uninitialized(columns))
    return Errc::out_of_memory;
  AccountFact* const facts = facts_.accounts.data();
  Column* to = core_.columns.data();
  std::uint32_t column = 0;
  for (const AccountSelector& selector : query_.accounts) {
    const auto* const id = std::get_if<AccountId>(&selector);
    const Handle handle = id != nullptr ? core_.find(*id) : core_.find(selector);
    to += account(facts[column], core_.found_account(handle), id, column, *to);
    ++column;
  }
  for (const AccountId& id : query_.group_accounts) {
    to += account(facts[column], core_.found_account(core_.search(id)), &id, column, *to);
    ++column;
  }
  core_.columns.truncate(static_cast<std::uint32_t>(to - core_.columns.data()));
  return done;
}

// ---- cells

/// Writes every field but the role.
[[gnu::always_inline]] inline void Fetch::read_member(MembershipFact& fact, const MemberRecord& record,
                                                      const IdempotencyKey& idempotency_key, std::uint32_t history_bits,
                                                      std::uint32_t row, std::uint32_t column) noexcept {
  fact.organization = row;
  fact.account = column;
  fact.id = record.id;
  fact.version = record.version();
  fact.state = record.state();
  fact.match = same_request(record.idempotency_key, idempotency_key) && !idempotency_key.empty() ? RequestMatch::last
                                                                                                 : RequestMatch::none;
  fact.fingerprint = fingerprint_of(record.idempotency_key);
  fact.outdated = fact.expired = false;
  fact.valid_until = fact.invitation_until = {};
  fact.stored_before_expiry = MembershipState::active;
  if ((record.version_and_state & history_bits) != 0) [[unlikely]]
    read_history(fact, record);
}

inline bool Fetch::row(std::uint32_t row, const Organization& organization) noexcept {
  const std::uint32_t count = core_.columns.size(), before = facts_.memberships.size();
  if (!facts_.memberships.resize_uninitialized(std::size_t{before} + count)) return false;
  MembershipFact* to = facts_.memberships.data() + before;
  read_row(organization);
  const bool seen =
      organization.members.is_tabled() ? from_table(row, organization, to) : scanned(row, organization, to);
  facts_.memberships.truncate(static_cast<std::uint32_t>(to - facts_.memberships.data()));
  return seen;
}

/// For an organization without a table: each column is compared with all members, unless the low bits of its handle
/// exclude a match.
bool Fetch::scanned(std::uint32_t row, const Organization& organization, MembershipFact*& to) noexcept {
  const std::uint32_t count = organization.members.positions();
  Handle accounts[Members::scan_max];
  std::uint64_t low_bits = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    accounts[i] = organization.members[i].account;
    low_bits |= std::uint64_t{1} << accounts[i] % 64;
  }
  for (const Column& column : core_.columns) {
    if ((low_bits >> column.account % 64 & 1) == 0) [[likely]]
      continue;
    std::uint32_t position = 0;
    while (position < count && accounts[position] != column.account) ++position;
    if (position == count) continue;
    const MemberRecord& record = organization.members[position];
    read_member(*to, record, query_.idempotency_key, history_bits(), row, column.column);
    if (!role(organization, record.role(), to++->role)) return false;
  }
  return true;
}

/// In an organization larger than the near caches there are three steps: prefetch the slot, prefetch its record, read
/// the record. Each step is some columns ahead of the next.
bool Fetch::from_table(std::uint32_t row, const Organization& organization, MembershipFact*& to) noexcept {
  constexpr std::uint32_t slots_ahead = 16, records_ahead = 8;
  constexpr std::uintptr_t facts_ahead = 1024;  // bytes, maybe beyond the list: an atomic bulk exceeds the near caches
  const Column* const columns = core_.columns.data();
  const std::uint32_t count = core_.columns.size();
  const Members& members = organization.members;
  Members::Reader reader(members);
  const bool ahead = count >= 4 && members.worth_prefetching();
  for (std::uint32_t i = 0; ahead && i < std::min(count, slots_ahead); ++i) members.prefetch_slot(columns[i].hash);
  for (std::uint32_t i = 0; ahead && i < std::min(count, records_ahead); ++i) members.prefetch_record(columns[i].hash);
  const IdempotencyKey idempotency_key = query_.idempotency_key;  // a copy, because writes of facts might change query_
  const std::uint32_t bits = history_bits();
  MembershipFact* next = to;
  std::uint16_t last = no_role;  // most members of an organization have the role of the one before
  RoleIndex last_index = no_role;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (ahead && !reader.in_order()) {
      if (i + slots_ahead < count) members.prefetch_slot(columns[i + slots_ahead].hash);
      if (i + records_ahead < count) members.prefetch_record(columns[i + records_ahead].hash);
    }
    const MemberRecord* const record = reader.find(columns[i].account, columns[i].hash);
    if (record == nullptr) continue;
    if (record->role() != last) [[unlikely]] {
      last = record->role();
      if (!role(organization, last, last_index)) return false;
    }
    next->role = last_index;
    portability::prefetch_to_write(next, facts_ahead);
    read_member(*next++, *record, idempotency_key, bits, row, columns[i].column);
  }
  to = next;
  return true;
}

Errc Fetch::memberships() noexcept {
  const OrganizationFact* const facts = facts_.organizations.data();
  for (std::uint32_t i = 0; i < facts_.organizations.size(); ++i) {
    if (facts[i].id.empty()) continue;
    const std::uint32_t before = facts_.memberships.size();
    if (!row(i, core_.organizations[handle_of(facts[i].locator)])) return Errc::out_of_memory;
    if (i != 0) continue;
    // The other rows mostly have as many members, so the list grows once. If this allocation fails, the list grows in
    // steps.
    const std::uint64_t found = facts_.memberships.size() - before;
    if (found != 0) (void)facts_.memberships.reserve(found * facts_.organizations.size() + core_.columns.size());
  }
  return done;
}

/// Writes the fields of a role in the organization's own catalog, if that has it.
[[gnu::noinline]] static void read_own(const Organization& organization, std::uint16_t role, Role& entry) noexcept {
  if (const OwnRole* const own = organization.own_role(role)) own->write_to(entry);
}

/// The index of this role in the answer. There is one organization, so a role has one meaning. At most three occur: the
/// actor's, the member's and the requested one. The answer stores these inline.
inline RoleIndex Fetch::single_role(const Organization& organization, std::uint16_t role) noexcept {
  const std::uint32_t size = facts_.roles.size();
  for (std::uint32_t i = 0; i < size; ++i)
    if (single_roles_[i] == role) return static_cast<RoleIndex>(i);
  Role& entry = facts_.roles.unchecked_append_uninitialized();
  entry.id = core_.roles[role].id;
  // One store of eight bytes instead of one for each field: 6 instructions of a re-add (ctest -R budget).
  static constexpr Role foreign{.id = {}, .rank = 0, .assignable = false, .exists = false};
  constexpr std::size_t tail = offsetof(Role, rank);
  static_assert(sizeof(Role) - tail == sizeof(std::uint64_t));
  std::memcpy(reinterpret_cast<char*>(&entry) + tail, reinterpret_cast<const char*>(&foreign) + tail,
              sizeof(std::uint64_t));
  if (organization.role_count != 0) [[unlikely]]
    read_own(organization, role, entry);
  single_roles_[size] = role;
  return static_cast<RoleIndex>(size);
}

/// One row and one column: the same steps without the shared tables of a large query, which would cost more than the
/// steps. The records are prefetched before the first use.
Errc Fetch::single() noexcept {
  const OrganizationSelector& row = query_.organizations.front();
  const AccountSelector& column = query_.accounts.front();
  const auto* const row_id = std::get_if<OrganizationId>(&row);
  const auto* const column_id = std::get_if<AccountId>(&column);
  const bool judged = !query_.actor.empty();
  const std::uint32_t row_hash = row_id != nullptr ? core_.hasher.id(*row_id) : 0;
  const auto* const email = std::get_if<Email>(&column);
  const std::uint32_t column_hash = column_id != nullptr ? core_.hasher.id(*column_id)
                                    : email != nullptr   ? core_.hasher.text(email->key())
                                                         : 0;
  const std::uint32_t actor_hash = judged ? core_.hasher.id(query_.actor) : 0;
  const IdTable::ProbePosition row_spot = core_.organization_ids.position(row_hash);
  const IdTable::ProbePosition column_spot =
      (email != nullptr ? core_.emails : core_.account_ids).position(column_hash);
  const IdTable::ProbePosition actor_spot = core_.account_ids.position(actor_hash);
  core_.organization_ids.prefetch(row_spot);
  core_.account_ids.prefetch(column_spot);  // the position may be of another table
  core_.account_ids.prefetch(actor_spot);

  if (!facts_.organizations.resize_uninitialized(1) || !facts_.accounts.resize_uninitialized(1))
    return Errc::out_of_memory;
  const Found<Organization> in =
      row_id != nullptr ? core_.seek(*row_id, row_hash, row_spot) : core_.found_organization(core_.find(row));
  const Found<Account> who = column_id != nullptr ? core_.seek(*column_id, column_hash, column_spot)
                             : email != nullptr   ? core_.found_account(core_.find_email(email->key(), column_hash))
                                                  : core_.found_account(core_.find(column));
  Column to{};
  const bool there = account(facts_.accounts[0], who, column_id, 0, to) != 0;
  OrganizationFact& fact = facts_.organizations[0];
  record(fact, in, row_id);
  if (in.handle == no_handle) {
    clear_actor(fact);
    return query_.roles.empty() || facts_.wanted_roles.try_push_back(no_role) ? done : Errc::out_of_memory;
  }
  const Organization& found = *in.record;
  const Members& members = found.members;
  if (there) members.prefetch_slot(to.hash);
  if (judged) {
    const Found<Account> actor = core_.seek(query_.actor, actor_hash, actor_spot);
    std::uint32_t at = Members::none;
    const bool enabled = actor.record != nullptr && !actor.record->disabled;
    const MemberRecord* const record =
        enabled ? members.seek(actor.handle, core_.hasher.handle(actor.handle), at) : nullptr;
    if (record != nullptr && read_actor(fact, *record, at))
      fact.actor_role = single_role(found, record->role());
    else
      clear_actor(fact);
  } else {
    clear_actor(fact);
  }
  std::uint32_t at = Members::none;
  const MemberRecord* const record = there ? members.seek(to.account, to.hash, at) : nullptr;
  if (record != nullptr) {
    if (!facts_.memberships.resize_uninitialized(1)) return Errc::out_of_memory;
    MembershipFact& membership = facts_.memberships[0];
    read_member(membership, *record, query_.idempotency_key, history_bits(), 0, 0);
    membership.role = single_role(found, record->role());
  }
  if (query_.roles.empty()) return done;
  const std::uint16_t wanted = core_.find_role(query_.roles.front());
  RoleIndex index = no_role;
  if (wanted != no_role && found.own_role(wanted) != nullptr) index = single_role(found, wanted);
  return facts_.wanted_roles.try_push_back(index) ? done : Errc::out_of_memory;
}

Errc Fetch::cells() noexcept {
  fetch_stamp_ = ++core_.stamp;
  core_.next_entry.clear();
  if (!query_.actor.empty()) {
    actor_ = core_.find(query_.actor);
    if (actor_ != no_handle && core_.accounts[actor_].disabled) actor_ = no_handle;
    actor_hash_ = core_.hasher.handle(actor_);
  }
  Errc failed = organizations();
  if (failed == done) failed = accounts();
  if (failed == done) failed = memberships();
  if (failed == done) failed = inviters();
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
        facts_.group_accounts.unchecked_push_back(core_.account_id(group.accounts[i]));
    }
    if (!facts_.groups.try_push_back(fact)) return Errc::out_of_memory;
  }
  return done;
}

/// True if the query has one row, one column, and no part that requires other records.
static bool is_single(const Query& query) noexcept {
  return query.organizations.size() == 1 && query.accounts.size() == 1 && query.group_accounts.empty() &&
         query.roles.size() <= 1 && !query.parents && !query.counts && !query.inviters;
}

}  // namespace memory

Result<void> MemoryStore::fetch(const Query& query, Facts& facts) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  const memory::Locked locked(*state_);
  facts.clear();
  memory::Fetch fetch(*state_, query, facts);
  if (memory::is_single(query)) return memory::result_of(fetch.single());
  if (query.set != nullptr) return memory::result_of(fetch.set());
  return memory::result_of(query.groups.empty() ? fetch.cells() : fetch.groups());
}

}  // namespace roster::inline ROSTER_ABI
