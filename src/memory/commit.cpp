// MemoryStore::commit: everything in a change set, or nothing.
#include "commit.hpp"

#include <utility>

namespace roster::inline ROSTER_ABI {
namespace memory {

/// Finds every organization and account of the facts.
inline Errc Commit::locate() noexcept {
  if (!core_.written_organizations.reserve(changes_.organizations.size()) ||
      !core_.written_accounts.reserve(changes_.accounts.size() + changes_.created.size()))
    return Errc::out_of_memory;
  organizations_ = core_.written_organizations.data();
  accounts_ = core_.written_accounts.data();
  WrittenOrganization* to = organizations_;
  for (const OrganizationFact& fact : changes_.organizations)
    *to++ = fact.id.empty() ? WrittenOrganization{nullptr, no_handle} : core_.locate(fact.id, fact.locator);
  for (const AccountFact& fact : changes_.accounts)
    accounts_[account_count_++] =
        fact.id.empty() ? WrittenAccount{nullptr, 0, no_handle} : core_.locate(fact.id, fact.locator);
  return done;
}

MemberRecord* Commit::membership(std::uint32_t organization_index, std::uint32_t account_index) noexcept {
  Organization* const organization = this->organization(organization_index);
  if (organization == nullptr || account(account_index) == nullptr) return nullptr;
  const WrittenAccount& account = accounts_[account_index];
  const std::uint32_t position = organization->members.find(account.handle, account.hash);
  return position == Members::none ? nullptr : &organization->members[position];
}

[[gnu::always_inline]] inline bool Commit::actor_holds(const Guard& guard) noexcept {
  const Organization* const organization = this->organization(guard.organization);
  if (organization == nullptr || changes_.actor.empty()) return false;
  const Members& members = organization->members;
  const std::uint64_t hint = static_cast<std::uint64_t>(changes_.organizations[guard.organization].actor_locator) - 1;
  const MemberRecord* record = nullptr;
  const Account* account = nullptr;
  if (hint < members.positions()) {
    const MemberRecord& there = members[static_cast<std::uint32_t>(hint)];
    if (there.account != no_handle && core_.is(there.account, changes_.actor)) {
      record = &there;
      account = &core_.accounts[there.account];
    }
  }
  if (record == nullptr) [[unlikely]] {
    const Handle actor = core_.search(changes_.actor);
    if (actor == no_handle) return false;
    std::uint32_t position = Members::none;
    record = members.seek(actor, core_.hasher.handle(actor), position);
    if (record == nullptr) return false;
    account = &core_.accounts[actor];
  }
  return record->active() && record->version() == guard.version && !account->disabled;
}

[[gnu::always_inline]] inline bool Commit::guards_hold() noexcept {
  for (const Guard& guard : changes_.guards) {
    bool holds = false;
    switch (guard.record) {
      case Guard::Record::organization: {
        const Organization* const record = organization(guard.organization);
        holds = record != nullptr && Version{record->version} == guard.version;
        break;
      }
      case Guard::Record::account: {
        const Account* const record = account(guard.account);
        holds = record != nullptr && Version{record->version} == guard.version;
        break;
      }
      case Guard::Record::membership: {
        const MemberRecord* const record = membership(guard.organization, guard.account);
        holds = record != nullptr && record->version() == guard.version;
        break;
      }
      case Guard::Record::actor: holds = actor_holds(guard); break;
      case Guard::Record::inviter: holds = inviter_holds(guard); break;
      case Guard::Record::seats:
      case Guard::Record::owners: holds = bounded_ = true; break;  // bounds() checks these
    }
    if (!holds) return false;
  }
  return true;
}

Errc Commit::roles() noexcept {
  if (!core_.written_roles.resize_uninitialized(changes_.roles.size())) return Errc::out_of_memory;
  std::uint16_t* to = core_.written_roles.data();
  for (const RoleId& id : changes_.roles) {
    const Errc failed = core_.role_of(id, *to++);
    if (failed != done) return failed;
  }
  if (!changes_.records_owner_roles) return done;
  std::uint16_t registered;
  for (const RoleId& id : changes_.owner_roles)
    if (const Errc failed = core_.role_of(id, registered); failed != done) return failed;
  return done;
}

/// roles() has registered all of them.
void Commit::record_owner_roles() noexcept {
  for (const RoleId& id : changes_.owner_roles) core_.roles[core_.find_role(id)].has_owned = true;
}

Errc Commit::create() noexcept {
  for (const AccountCreated& created : changes_.created) {
    if (created.id.empty()) return Errc::stale;
    Handle handle;
    const Errc failed = core_.add_account(created.id, created.email, Username{}, false, created.invited, handle);
    if (failed != done) return failed == Errc::exists ? Errc::stale : failed;
    accounts_[account_count_++] = core_.written_account(handle);
    ++created_;
  }
  return done;
}

void Commit::undo_created() noexcept {
  for (; created_ > 0; --created_) core_.drop_last_account();
}

/// The number of entries from `first` on with the same organization, whose table then grows once.
std::uint32_t Commit::run_from(std::uint32_t first) const noexcept {
  const MemberAdded* const added = changes_.added.data();
  std::uint32_t end = first + 1;
  while (end < changes_.added.size() && added[end].organization == added[first].organization) ++end;
  return end - first;
}

/// True if the run from `first` on has the accounts of the first run, which has `size` entries, in the same order.
bool Commit::repeats_first_run(std::uint32_t first, std::uint32_t size) const noexcept {
  if (changes_.added.size() - first < size) return false;
  const MemberAdded* const added = changes_.added.data();
  const MemberAdded* const here = added + first;
  for (std::uint32_t i = 0; i < size; ++i)
    if (here[i].organization != here->organization || here[i].account != added[i].account) return false;
  return true;
}

/// Adds to the organizations first, then to the lists of the accounts. A bulk mostly adds all accounts to the same
/// organizations, so each list grows once.
Errc Commit::add() noexcept {
  const std::uint32_t count = changes_.added.size();
  if (changes_.added_ids.size() != count) return Errc::stale;
  if (count == 0) return done;
  const std::uint64_t time = MemberRecord::pack(changes_.at, 0);
  const std::uint32_t first_run = run_from(0);
  std::uint32_t alike = 0;  // the number of runs, if all are like the first
  core_.organizations_joined.clear();
  for (std::uint32_t i = 0; i < count;) {
    const std::uint32_t row = changes_.added[i].organization;
    const bool repeats = alike == core_.organizations_joined.size() && (i == 0 || repeats_first_run(i, first_run));
    const std::uint32_t end = i + (repeats ? first_run : run_from(i));
    Errc failed = this->organization(row) == nullptr ? Errc::stale : done;
    if (failed == done && !core_.organizations_joined.try_push_back(organizations_[row].handle))
      failed = Errc::out_of_memory;
    if (failed == done && end - i > 1 && !organizations_[row].record->members.reserve(end - i, core_.hasher))
      failed = Errc::out_of_memory;
    if (failed == done) failed = add_run(organizations_[row], i, end, time);
    if (failed != done) {
      undo_added(i);
      return failed;
    }
    alike += repeats ? 1 : 0;
  }
  if (alike == core_.organizations_joined.size() ? join_alike(first_run) : join_each()) return done;
  undo_added(count);
  return Errc::out_of_memory;
}

/// Appends `organizations_joined` to the list of each account of the first `size` entries. Does all or nothing.
bool Commit::join_alike(std::uint32_t size) noexcept {
  const std::span<const Handle> organizations_joined = std::as_const(core_.organizations_joined).span();
  const MemberAdded* const added = changes_.added.data();
  for (std::uint32_t i = 0; i < size; ++i) {
    if (core_.lists.append(accounts_[added[i].account].record->organizations_joined, organizations_joined)) [[likely]]
      continue;
    while (i-- > 0)
      for (std::size_t times = organizations_joined.size(); times > 0; --times)
        core_.lists.pop(accounts_[added[i].account].record->organizations_joined);
    return false;
  }
  return true;
}

/// Appends to the lists entry by entry. Does all or nothing.
bool Commit::join_each() noexcept {
  const std::uint32_t count = changes_.added.size();
  // In bulk most accounts join as many organizations as the average account.
  const std::uint32_t expected = account_count_ == 0 ? 1 : std::max(1u, count / account_count_);
  for (std::uint32_t i = 0; i < count; ++i) {
    const MemberAdded& added = changes_.added[i];
    if (core_.lists.append(accounts_[added.account].record->organizations_joined,
                           organizations_[added.organization].handle, expected)) [[likely]]
      continue;
    while (i-- > 0) core_.lists.pop(accounts_[changes_.added[i].account].record->organizations_joined);
    return false;
  }
  return true;
}

/// Writes the inviter, the two ends and the time of a membership. False if an allocation failed.
[[gnu::noinline]] bool Commit::remember(Handle organization, Handle account, MembershipState state) noexcept {
  HistoryEntry* const history = core_.histories.put(organization, account);
  if (history == nullptr) return false;
  history->by = changes_.inviter().empty() ? no_handle : core_.search(changes_.actor);
  history->written_at = changes_.at;
  history->valid_until = changes_.valid_until;
  if (state == MembershipState::invited) history->invitation_until = changes_.invitation_until;
  return true;
}

/// The error of a failed insert.
static Errc errc_of(Put put) noexcept {
  return put == Put::present ? Errc::stale : put == Put::full ? Errc::store_full : Errc::out_of_memory;
}

/// Writes every field but the account.
[[gnu::always_inline]] static inline void write(MemberRecord& record, const MembershipId& id,
                                                const IdempotencyKey& idempotency_key, std::uint32_t fingerprint,
                                                std::uint32_t version_and_state, std::uint64_t time_and_role) noexcept {
  record.id = id;
  record.idempotency_key = idempotency_key;
  set_fingerprint(record.idempotency_key, fingerprint);
  record.version_and_state = version_and_state;
  record.time_and_role = time_and_role;
}

/// Does all or nothing.
[[gnu::always_inline]] inline Errc Commit::add_member(Organization& organization, Handle to,
                                                      const WrittenAccount& account, const MembershipId& id,
                                                      std::uint32_t fingerprint, std::uint32_t version_and_state,
                                                      std::uint64_t time_and_role, std::uint32_t expected) noexcept {
  MemberRecord* record = nullptr;
  const Put put = organization.members.add(account.handle, account.hash, core_.hasher, record);
  if (put != Put::done) [[unlikely]]
    return errc_of(put);
  write(*record, id, changes_.idempotency_key, fingerprint, version_and_state, time_and_role);
  if (MemberRecord::is_plain(version_and_state) || remember(to, account.handle, record->state())) [[likely]]
    if (core_.lists.append(account.record->organizations_joined, to, expected)) [[likely]]
      return done;
  forget(organization, to, account.handle);
  return Errc::out_of_memory;
}

/// Undoes the last add to an organization. It also removes the inviter and the expiry, because the next membership of
/// that account would inherit them.
[[gnu::noinline]] void Commit::forget(Organization& organization, Handle in, Handle account) noexcept {
  organization.members.pop(core_.hasher);
  core_.histories.drop(in, account);
}

/// Adds the entries from `i` to `end` to their organization, but not to the lists of their accounts. After a failure
/// `i` is the first entry that was not added.
inline Errc Commit::add_run(const WrittenOrganization& organization, std::uint32_t& i, std::uint32_t end,
                            std::uint64_t time) noexcept {
  Members& members = organization.record->members;
  Members::Writer writer(members, core_.hasher);
  std::uint32_t at = i;
  const Errc failed = write_run(writer, organization.handle, at, end, time);
  writer.finish();
  i = at;
  return failed;
}

[[gnu::always_inline]] inline Errc Commit::write_run(Members::Writer& writer, Handle to, std::uint32_t& i,
                                                     std::uint32_t end, std::uint64_t time) noexcept {
  const MemberAdded* const added = changes_.added.data();
  const MembershipId* const ids = changes_.added_ids.data();
  const std::uint16_t* const roles = core_.written_roles.data();
  const std::uint32_t role_count = changes_.roles.size();
  const std::uint32_t account_count = account_count_;
  const WrittenAccount* const accounts = accounts_;
  const IdempotencyKey idempotency_key = changes_.idempotency_key;
  const std::uint32_t fresh = first_version();
  for (; i < end; ++i) {
    const MemberAdded& entry = added[i];
    if (entry.account >= account_count || entry.role >= role_count) return Errc::stale;
    const WrittenAccount& account = accounts[entry.account];
    if (account.record == nullptr) return Errc::stale;
    MemberRecord* record = nullptr;
    const Put put = writer.add(account.handle, account.hash, record);
    if (put != Put::done) [[unlikely]]
      return errc_of(put);
    const std::uint32_t version_and_state = MemberRecord::in_state(fresh, entry.state);
    write(*record, ids[i], idempotency_key, entry.fingerprint, version_and_state, time | roles[entry.role]);
    if (!MemberRecord::is_plain(version_and_state) && !remember(to, account.handle, entry.state)) [[unlikely]] {
      ++i;  // counts this record, which undo_added() removes
      return Errc::out_of_memory;
    }
  }
  return done;
}

/// Undoes the first `count` entries in their organizations.
void Commit::undo_added(std::uint32_t count) noexcept {
  while (count-- > 0) {
    const MemberAdded& added = changes_.added[count];
    const WrittenOrganization& in = organizations_[added.organization];
    forget(*in.record, in.handle, accounts_[added.account].handle);
  }
}

/// True if the change set adds one membership of an existing account, and nothing else.
inline bool Commit::is_single() const noexcept {
  if (changes_.added.size() != 1 || changes_.added_ids.size() != 1 || changes_.organizations.size() != 1 ||
      changes_.accounts.size() != 1 || !changes_.created.empty() || !changes_.changed.empty() ||
      changes_.records_owner_roles)
    return false;
  const MemberAdded& only = changes_.added[0];
  return (only.organization | only.account) == 0 && only.role < changes_.roles.size();
}

/// The same checks and the same write, without tables of the records of the change set.
inline Errc Commit::single() noexcept {
  const OrganizationFact& in = changes_.organizations.front();
  const AccountFact& who = changes_.accounts.front();
  if (in.id.empty() || who.id.empty()) return Errc::stale;
  WrittenOrganization organization = core_.locate(in.id, in.locator);
  WrittenAccount account = core_.locate(who.id, who.locator);
  if (organization.record == nullptr || account.record == nullptr) return Errc::stale;
  const Handle to = organization.handle;
  // The records to be written are prefetched while the guards are checked.
  organization.record->members.prefetch_end();
  core_.lists.prefetch(account.record->organizations_joined);
  organizations_ = &organization;
  accounts_ = &account;
  account_count_ = 1;
  // NOLINTBEGIN(clang-analyzer-core.StackAddressEscape): this object ends with the function that calls it
  if (!guards_hold()) return Errc::stale;
  if (bounded_ || core_.counted(to) != nullptr) [[unlikely]] {
    account_count_ = 0;
    return batch();
  }
  const MemberAdded& added = changes_.added[0];
  std::uint16_t role;
  Errc failed = core_.role_of(changes_.roles[added.role], role);
  if (failed == done)
    failed = add_member(*organization.record, to, account, changes_.added_ids[0], added.fingerprint,
                        MemberRecord::in_state(first_version(), added.state), MemberRecord::pack(changes_.at, role), 1);
  if (failed == done) ++core_.memberships;
  return failed;
  // NOLINTEND(clang-analyzer-core.StackAddressEscape)
}

Errc Commit::batch() noexcept {
  Errc failed = locate();
  if (failed != done) return failed;
  if (!guards_hold() || !changed_hold()) return Errc::stale;
  failed = roles();
  if (failed == done && bounded_) failed = bounds();
  if (failed == done) failed = make_ready();
  const StringArena::Mark mark = core_.strings.mark();
  if (failed == done && !changes_.created.empty()) failed = create();
  if (failed == done) failed = add();
  if (failed != done) {
    undo_created();
    core_.strings.forget(mark);
    undo_ready();
    return failed;
  }
  change();
  count();
  if (changes_.records_owner_roles) record_owner_roles();
  core_.memberships += changes_.added.size();
  return done;
}

[[gnu::always_inline]] inline Errc Commit::run() noexcept {
  return is_single() ? single() : batch();
}

}  // namespace memory

Result<void> MemoryStore::commit(const ChangeSet& changes) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  const memory::Locked locked(*state_);
  return memory::result_of(memory::Commit(*state_, changes).run());
}

}  // namespace roster::inline ROSTER_ABI
