// MemoryStore::commit: everything in a change set, or nothing.
#include "state.hpp"

ROSTER_BEGIN
namespace memory {

namespace {

/// Memberships are inserted as they are checked, one probe for both, and taken out again if a later one fails. Nobody
/// sees the difference: the lock is held, and no inserting step moves what was there before.
class Commit {
 public:
  Commit(Core& core, const ChangeSet& changes) noexcept : core_(core), changes_(changes) {}
  Errc run() noexcept;

 private:
  Errc locate() noexcept;
  bool guards_hold() noexcept;
  bool actor_holds(const Guard& guard) noexcept;
  MemberRecord* membership(std::uint32_t organization, std::uint32_t account) noexcept;
  bool replaced_hold() noexcept;
  Errc roles() noexcept;
  Errc create() noexcept;
  std::uint32_t run_from(std::uint32_t first) const noexcept;
  Errc add() noexcept;
  Errc add_run(Handle organization, std::uint32_t& i, std::uint32_t end, std::uint64_t time,
               std::uint32_t expected) noexcept;
  void replace() noexcept;
  void undo_added(std::uint32_t count) noexcept;
  void undo_created() noexcept;

  Handle organization(std::uint32_t i) const noexcept {
    return i < core_.written_organizations.size() ? core_.written_organizations[i] : no_handle;
  }
  Handle account(std::uint32_t i) const noexcept {
    return i < core_.written_accounts.size() ? core_.written_accounts[i] : no_handle;
  }

  Core& core_;
  const ChangeSet& changes_;
  std::uint32_t created_ = 0;
};

/// Gives every organization and account of the facts its handle; those that are not there get none.
Errc Commit::locate() noexcept {
  const std::size_t accounts = changes_.accounts.size() + changes_.created.size();
  if (!core_.written_organizations.resize_uninitialized(changes_.organizations.size()) ||
      !core_.written_accounts.reserve(accounts) ||
      !core_.written_accounts.resize_uninitialized(changes_.accounts.size()))
    return Errc::out_of_memory;
  Handle* to = core_.written_organizations.data();
  for (const OrganizationFact& fact : changes_.organizations)
    *to++ = fact.id.empty() ? no_handle : core_.locate(fact.id, fact.locator);
  to = core_.written_accounts.data();
  for (const AccountFact& fact : changes_.accounts)
    *to++ = fact.id.empty() ? no_handle : core_.locate(fact.id, fact.locator);
  return done;
}

MemberRecord* Commit::membership(std::uint32_t organization_index, std::uint32_t account_index) noexcept {
  const Handle organization = this->organization(organization_index), account = this->account(account_index);
  if (organization == no_handle || account == no_handle) return nullptr;
  Members& members = core_.organizations[organization].members;
  const std::uint32_t position = members.find(account, core_.hasher.handle(account));
  return position == Members::none ? nullptr : &members[position];
}

bool Commit::actor_holds(const Guard& guard) noexcept {
  const Handle handle = organization(guard.organization);
  if (handle == no_handle || changes_.actor.empty()) return false;
  const Members& members = core_.organizations[handle].members;
  const std::uint64_t hint = static_cast<std::uint64_t>(changes_.organizations[guard.organization].actor_locator) - 1;
  std::uint32_t position = Members::none;
  if (hint < members.positions()) {
    const Handle there = members[static_cast<std::uint32_t>(hint)].account;
    if (there != no_handle && core_.accounts[there].id.is(changes_.actor, core_.texts))
      position = static_cast<std::uint32_t>(hint);
  }
  if (position == Members::none) {
    const Handle actor = core_.find(changes_.actor);
    if (actor == no_handle) return false;
    position = members.find(actor, core_.hasher.handle(actor));
    if (position == Members::none) return false;
  }
  return members[position].active() && members[position].version() == guard.version;
}

bool Commit::guards_hold() noexcept {
  for (const Guard& guard : changes_.guards) {
    bool holds = false;
    switch (guard.record) {
      case Guard::Record::organization: {
        const Handle handle = organization(guard.organization);
        holds = handle != no_handle && Version{core_.organizations[handle].version} == guard.version;
        break;
      }
      case Guard::Record::account: {
        const Handle handle = account(guard.account);
        holds = handle != no_handle && Version{core_.accounts[handle].version} == guard.version;
        break;
      }
      case Guard::Record::membership: {
        const MemberRecord* const record = membership(guard.organization, guard.account);
        holds = record != nullptr && record->version() == guard.version;
        break;
      }
      case Guard::Record::actor: holds = actor_holds(guard); break;
    }
    if (!holds) return false;
  }
  return true;
}

bool Commit::replaced_hold() noexcept {
  for (const RoleReplaced& replaced : changes_.replaced) {
    const MemberRecord* const record = membership(replaced.organization, replaced.account);
    if (record == nullptr || record->id != replaced.id || record->version() != replaced.version ||
        replaced.role >= changes_.roles.size())
      return false;
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
  return done;
}

Errc Commit::create() noexcept {
  for (const AccountCreated& created : changes_.created) {
    if (created.id.empty()) return Errc::stale;
    Handle handle;
    const Errc failed = core_.add_account(created.id, created.email, Username{}, false, created.invited, handle);
    if (failed != done) return failed == Errc::exists ? Errc::stale : failed;
    core_.written_accounts.append(handle);
    ++created_;
  }
  return done;
}

void Commit::undo_created() noexcept {
  for (; created_ > 0; --created_) core_.drop_last_account();
}

/// How many entries from `first` on are about its organization, so that its table grows once.
std::uint32_t Commit::run_from(std::uint32_t first) const noexcept {
  const MemberAdded* const added = changes_.added.data();
  std::uint32_t end = first + 1;
  while (end < changes_.added.size() && added[end].organization == added[first].organization) ++end;
  return end - first;
}

Errc Commit::add() noexcept {
  const std::uint32_t count = changes_.added.size();
  if (changes_.added_ids.size() != count) return Errc::stale;
  if (count == 0) return done;
  const std::uint32_t accounts = core_.written_accounts.size();
  // In bulk every account is likely to get as many organizations as the average account.
  const std::uint32_t expected = count == 1 || accounts == 0 ? 0 : count / accounts;
  const std::uint64_t time = MemberRecord::pack(changes_.at, 0);
  for (std::uint32_t i = 0; i < count;) {
    const Handle organization = this->organization(changes_.added[i].organization);
    const std::uint32_t end = i + (count == 1 ? 1 : run_from(i));
    Errc failed = organization == no_handle ? Errc::stale : done;
    if (failed == done && end - i > 1 && !core_.organizations[organization].members.reserve(end - i, core_.hasher))
      failed = Errc::out_of_memory;
    if (failed == done) failed = add_run(organization, i, end, time, expected);
    if (failed != done) {
      undo_added(i);
      return failed;
    }
  }
  return done;
}

/// Adds the entries from `i` to `end`, which are about one organization. On failure `i` is the first not added.
inline Errc Commit::add_run(Handle organization, std::uint32_t& i, std::uint32_t end, std::uint64_t time,
                            std::uint32_t expected) noexcept {
  Members& members = core_.organizations[organization].members;
  const MemberAdded* const added = changes_.added.data();
  const MembershipId* const ids = changes_.added_ids.data();
  const Handle* const accounts = core_.written_accounts.data();
  const std::uint32_t account_count = core_.written_accounts.size(), role_count = core_.written_roles.size();
  const std::uint16_t* const roles = core_.written_roles.data();
  const RequestKey request = changes_.request;
  for (; i < end; ++i) {
    const MemberAdded& entry = added[i];
    if (entry.account >= account_count || entry.role >= role_count) return Errc::stale;
    const Handle account = accounts[entry.account];
    if (account == no_handle) return Errc::stale;
    MemberRecord* record = nullptr;
    const Put put = members.add(account, core_.hasher.handle(account), core_.hasher, record);
    if (put != Put::done) [[unlikely]]
      return put == Put::present ? Errc::stale : put == Put::full ? Errc::store_full : Errc::out_of_memory;
    record->id = ids[i];
    record->request = request;
    record->version_and_state = MemberRecord::pack(core_.first_version, entry.state);
    record->time_and_role = time | roles[entry.role];
    if (!core_.lists.append(core_.accounts[account].joined, organization, expected)) [[unlikely]] {
      members.pop(core_.hasher);
      return Errc::out_of_memory;
    }
  }
  return done;
}

void Commit::undo_added(std::uint32_t count) noexcept {
  while (count-- > 0) {
    const MemberAdded& added = changes_.added[count];
    core_.lists.pop(core_.accounts[account(added.account)].joined);
    core_.organizations[organization(added.organization)].members.pop(core_.hasher);
  }
}

void Commit::replace() noexcept {
  for (const RoleReplaced& replaced : changes_.replaced) {
    MemberRecord& record = *membership(replaced.organization, replaced.account);
    const Time added_at = record.time();
    record.request = changes_.request;
    record.time_and_role = MemberRecord::pack(added_at, core_.written_roles[replaced.role]);
    record.raise_version();
  }
}

Errc Commit::run() noexcept {
  Errc failed = locate();
  if (failed != done) return failed;
  if (!guards_hold() || !replaced_hold()) return Errc::stale;
  failed = roles();
  if (failed != done) return failed;
  const Texts::Mark mark = core_.texts.mark();
  failed = create();
  if (failed == done) failed = add();
  if (failed != done) {
    undo_created();
    if (!changes_.created.empty()) core_.texts.forget(mark);
    return failed;
  }
  replace();
  core_.memberships += changes_.added.size();
  return done;
}

}  // namespace

}  // namespace memory

Result<void> MemoryStore::commit(const ChangeSet& changes) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  const memory::Locked locked(*state_);
  return memory::result_of(memory::Commit(*state_, changes).run());
}

ROSTER_END
