// The set-up operations of MemoryStore for organizations and accounts.
#include "core/put_conditions.hpp"
#include "state.hpp"

namespace roster::inline ROSTER_ABI {

namespace memory {

namespace {

std::string_view text_of(const Core& core, TextRef text) noexcept {
  return text == no_text ? std::string_view() : core.strings.text(text);
}
std::string_view key_of(const Core& core, TextRef email) noexcept {
  return email == no_text ? std::string_view() : core.strings.email_key(email);
}

/// The fields of an organization to write. Null or no value: unchanged.
struct OrganizationFields {
  const Slug* slug;
  const OrganizationId* parent;
  std::optional<bool> joinable, closed;
  std::optional<std::uint32_t> seats_max;
};
OrganizationFields fields_of(const OrganizationRecord& record) noexcept {
  return {&record.slug, &record.parent, record.joinable, record.closed, record.seats_max};
}
OrganizationFields fields_of(const OrganizationChange& change) noexcept {
  return {change.slug ? &*change.slug : nullptr, change.parent ? &*change.parent : nullptr, change.joinable,
          change.closed, change.seats_max};
}

/// The fields of an account to write, likewise. The address is written if `sets_email`; null: none.
struct AccountFields {
  bool sets_email;
  const Email* email;
  const Username* username;
  std::optional<bool> disabled, invited, verified;
};
AccountFields fields_of(const AccountRecord& record) noexcept {
  return {true,           record.email ? &*record.email : nullptr, &record.username, record.disabled, record.invited,
          record.verified};
}
AccountFields fields_of(const AccountChange& change) noexcept {
  return {change.email.has_value(),
          change.email ? &*change.email : nullptr,
          change.username ? &*change.username : nullptr,
          change.disabled,
          change.invited,
          change.verified};
}

std::uint32_t seats_of(const Core& core, Handle handle) noexcept {
  const MemberCounter* const counter = core.member_counter(handle);
  return counter == nullptr ? no_limit : counter->seats_max;
}

bool is_stored(const Core& core, Handle handle, const OrganizationRecord& record) noexcept {
  const Organization& stored = core.organizations[handle];
  return text_of(core, stored.slug) == record.slug.view() &&
         (stored.parent == no_handle ? record.parent.empty()
                                     : core.organizations[stored.parent].id.is(record.parent, core.strings)) &&
         stored.joinable() == record.joinable && stored.closed() == record.closed &&
         seats_of(core, handle) == record.seats_max;
}

bool is_stored(const Core& core, Handle handle, const AccountRecord& record) noexcept {
  const Account& stored = core.accounts[handle];
  const std::string_view text = record.email ? record.email->text() : std::string_view();
  const std::string_view key = record.email ? record.email->key() : std::string_view();
  const std::string_view stored_text =
      stored.email == no_text ? std::string_view() : core.strings.email_text(stored.email);
  return stored_text == text && key_of(core, stored.email) == key &&
         text_of(core, stored.username) == record.username.view() && stored.disabled == record.disabled &&
         stored.invited == record.invited && stored.verified == record.verified;
}

/// Errors: not_found if it is not stored; parent_cycle if it is the organization `of`, or is inside it.
Errc find_parent(const Core& core, const OrganizationId& of, const OrganizationId& id, Handle& parent) noexcept {
  parent = id.empty() ? no_handle : core.search(id);
  if (!id.empty() && parent == no_handle) return Errc::not_found;
  const Handle self = core.search(of);
  for (Handle above = parent; above != no_handle; above = core.organizations[above].parent)
    if (above == self) return Errc::parent_cycle;
  return done;
}

/// Writes the fields that cannot fail.
void write_plain(Core& core, Handle handle, const OrganizationFields& fields, Handle parent) noexcept {
  Organization& organization = core.organizations[handle];
  if (fields.parent != nullptr) organization.parent = parent;
  if (fields.joinable) organization.set_joinable(*fields.joinable);
  if (fields.closed) organization.set_closed(*fields.closed);
  if (!fields.seats_max) return;
  if (MemberCounter* const counter = core.member_counter(handle)) counter->seats_max = *fields.seats_max;
}

Errc add(Core& core, const OrganizationRecord& record, Handle& handle) noexcept {
  Handle parent;
  Errc failed = find_parent(core, record.id, record.parent, parent);
  if (failed != done) return failed;
  handle = core.organizations.size();
  if (handle >= limits::organizations) return Errc::store_full;
  const StringArena::Mark mark = core.strings.mark();
  Organization* const fresh = core.organizations.try_push_back();
  if (fresh == nullptr) return Errc::out_of_memory;
  const std::uint32_t hash = core.hasher.id(record.id);
  failed = fresh->id.set(record.id, core.strings) ? done : Errc::out_of_memory;
  if (failed == done && record.seats_max != no_limit && core.make_member_counter(handle) == nullptr)
    failed = Errc::out_of_memory;
  if (failed == done) failed = core.set_slug(handle, record.slug);
  if (failed == done && core.list(core.organization_ids, hash, handle) != Put::done) {
    (void)core.set_slug(handle, Slug{});
    failed = Errc::out_of_memory;
  }
  if (failed != done) {
    core.organizations.pop();
    core.strings.forget(mark);
    return failed;
  }
  fresh->version = core.first_record_version;
  write_plain(core, handle, fields_of(record), parent);
  return done;
}

Errc write(Core& core, Handle handle, const OrganizationId& id, const OrganizationFields& fields) noexcept {
  if (core.organizations[handle].closed() && !fields.closed.value_or(true) && core.has_members(handle))
    return Errc::has_members;
  Handle parent = no_handle;
  Errc failed = fields.parent == nullptr ? done : find_parent(core, id, *fields.parent, parent);
  if (failed != done) return failed;
  const bool limited = fields.seats_max && *fields.seats_max != no_limit;
  if (limited && core.make_member_counter(handle) == nullptr) return Errc::out_of_memory;
  if (fields.slug != nullptr) failed = core.set_slug(handle, *fields.slug);
  if (failed != done) return failed;
  write_plain(core, handle, fields, parent);
  ++core.organizations[handle].version;
  return done;
}

/// Also updates the numbers of owners. Linear in the organizations of the account: a look-up in each that is counted.
void set_disabled(Core& core, Handle handle, bool disabled) noexcept {
  Account& account = core.accounts[handle];
  account.disabled = disabled;
  for (std::uint32_t i = 0; i < account.organizations_joined.size() && !core.member_counters.empty(); ++i) {
    const Handle in = core.lists.get(account.organizations_joined, i);
    MemberCounter* const counter = core.counted(in);
    if (counter == nullptr) continue;
    const Members& members = core.organizations[in].members;
    const MemberRecord& record = members[members.find(handle, core.hasher.handle(handle))];
    if (record.active() && !record.sets_expiry()) counter->enable(record.role(), disabled ? -1 : 1);
  }
}

/// The names of an account before a write.
struct FormerNames {
  Handle handle;
  TextRef email, username;
};
FormerNames names_of(const Core& core, Handle handle) noexcept {
  return {handle, core.accounts[handle].email, core.accounts[handle].username};
}
/// Undoes the writes of names. All new ones are released first, because one may be the former name of another account.
void restore(Core& core, std::span<const FormerNames> all) noexcept {
  for (const FormerNames& it : all) {
    if (core.accounts[it.handle].email != it.email) core.unlist_email(it.handle);
    if (core.accounts[it.handle].username != it.username) core.unlist_username(it.handle);
  }
  for (const FormerNames& it : all) {
    core.restore_email(it.handle, it.email);
    core.restore_username(it.handle, it.username);
  }
}
Errc set_names(Core& core, Handle handle, const AccountFields& fields) noexcept {
  const Errc failed = fields.sets_email ? core.set_email(handle, fields.email) : done;
  return failed == done && fields.username != nullptr ? core.set_username(handle, *fields.username) : failed;
}
/// Writes the fields that cannot fail, after the names.
void write_flags(Core& core, const FormerNames& former, const AccountFields& fields) noexcept {
  Account& account = core.accounts[former.handle];
  const bool same_key = key_of(core, former.email) == key_of(core, account.email);
  if (fields.disabled && *fields.disabled != account.disabled) set_disabled(core, former.handle, *fields.disabled);
  account.invited = fields.invited.value_or(account.invited);
  account.verified = fields.verified.value_or(account.verified && same_key);
  ++account.version;
}

Errc write(Core& core, Handle handle, const AccountId&, const AccountFields& fields) noexcept {
  const FormerNames former = names_of(core, handle);
  const StringArena::Mark mark = core.strings.mark();
  const Errc failed = set_names(core, handle, fields);
  if (failed == done) {
    write_flags(core, former, fields);
    return done;
  }
  restore(core, {&former, 1});
  core.strings.forget(mark);
  return failed;
}

Errc write_all(Core& core, std::span<const AccountUpdate> updates, std::span<const FormerNames> former) noexcept {
  const StringArena::Mark mark = core.strings.mark();
  // Each name that changes is released before any is taken.
  for (std::size_t i = 0; i < updates.size(); ++i) {
    const AccountChange& change = updates[i].change;
    const Account& account = core.accounts[former[i].handle];
    if (change.email && key_of(core, account.email) != change.email->key()) core.unlist_email(former[i].handle);
    if (change.username && !core.same_username(text_of(core, account.username), change.username->view()))
      core.unlist_username(former[i].handle);
  }
  Errc failed = done;
  for (std::size_t i = 0; failed == done && i < updates.size(); ++i)
    failed = set_names(core, former[i].handle, fields_of(updates[i].change));
  if (failed == done) return done;
  restore(core, former);
  core.strings.forget(mark);
  return failed;
}

Errc change_all(Core& core, std::span<AccountUpdate> updates) noexcept {
  SmallVector<FormerNames, 2> former;
  if (!former.reserve(updates.size())) return Errc::out_of_memory;
  for (const AccountUpdate& it : updates)
    if (it.id.empty()) return Errc::id_empty;
  for (const AccountUpdate& it : updates) {
    const Handle handle = core.search(it.id);
    const Version stored = handle == no_handle ? Version{} : Version{core.accounts[handle].version};
    const Errc failed = check_change(it.version, stored);
    if (failed != done) return failed;
    former.unchecked_push_back(names_of(core, handle));
  }
  for (std::uint32_t i = 0; i < former.size(); ++i)
    for (std::uint32_t j = 0; j < i; ++j)
      if (former[i].handle == former[j].handle) return Errc::stale;
  const Errc failed = write_all(core, updates, former.span());
  for (std::uint32_t i = 0; failed == done && i < former.size(); ++i) {
    write_flags(core, former[i], fields_of(updates[i].change));
    updates[i].version = Version{core.accounts[former[i].handle].version};
  }
  return failed;
}

/// Puts an account with the id of an erased one, whose mentions are kept. They are those of the new account.
Errc revive(Core& core, const AccountRecord& record, Handle handle) noexcept {
  Account& account = core.accounts[handle];
  const StringArena::Mark mark = core.strings.mark();
  const std::uint32_t hash = core.hasher.id(record.id);
  Errc failed = core.set_email(handle, record.email ? &*record.email : nullptr);
  if (failed == done) failed = core.set_username(handle, record.username);
  if (failed == done && core.list(core.account_ids, hash, handle) != Put::done) failed = Errc::out_of_memory;
  if (failed != done) {
    core.unlist_email(handle);
    core.unlist_username(handle);
    core.strings.forget(mark);
    return failed;
  }
  core.unlist(core.former_account_ids, hash, handle);
  --core.erased_accounts;
  account.id.show();
  account.disabled = record.disabled;
  account.invited = record.invited;
  account.verified = record.verified;
  account.version = core.first_record_version;
  return done;
}

Errc add(Core& core, const AccountRecord& record, Handle& handle) noexcept {
  handle = core.search_former(record.id);
  if (handle != no_handle) return revive(core, record, handle);
  const Email* const email = record.email ? &*record.email : nullptr;
  const Errc failed = core.add_account(record.id, email, record.username, record.disabled, record.invited, handle);
  if (failed == done) core.accounts[handle].verified = record.verified;
  return failed;
}

Version version_of(const Core& core, Handle handle, const OrganizationId&) noexcept {
  return Version{core.organizations[handle].version};
}
Version version_of(const Core& core, Handle handle, const AccountId&) noexcept {
  return Version{core.accounts[handle].version};
}

enum class Condition : bool { none, version };

template <class Record>
Result<Version> put(Core* core, const Record& record, Condition condition) noexcept {
  if (core == nullptr) return Errc::out_of_memory;
  if (record.id.empty()) return Errc::id_empty;
  const Locked locked(*core);
  Handle handle = core->search(record.id);
  const Version stored = handle == no_handle ? Version{} : version_of(*core, handle, record.id);
  Errc failed = done;
  if (condition == Condition::version) {
    if (handle != no_handle && is_stored(*core, handle, record)) return stored;
    failed = check_put(record.version, stored);
  }
  if (failed == done)
    failed = handle == no_handle ? add(*core, record, handle) : write(*core, handle, record.id, fields_of(record));
  if (failed != done) return failed;
  return version_of(*core, handle, record.id);
}

template <class Id, class Change>
Result<Version> change(Core* core, const Id& id, const Change& change, Version version) noexcept {
  if (core == nullptr) return Errc::out_of_memory;
  if (id.empty()) return Errc::id_empty;
  const Locked locked(*core);
  const Handle handle = core->search(id);
  Errc failed = check_change(version, handle == no_handle ? Version{} : version_of(*core, handle, id));
  if (failed == done) failed = write(*core, handle, id, fields_of(change));
  if (failed != done) return failed;
  return version_of(*core, handle, id);
}

}  // namespace
}  // namespace memory

Result<Version> MemoryStore::put_organization(const OrganizationRecord& record) noexcept {
  return memory::put(state_, record, memory::Condition::version);
}
Result<Version> MemoryStore::overwrite_organization(const OrganizationRecord& record) noexcept {
  return memory::put(state_, record, memory::Condition::none);
}
Result<Version> MemoryStore::change_organization(const OrganizationId& id, const OrganizationChange& change,
                                                 Version version) noexcept {
  return memory::change(state_, id, change, version);
}

Result<Version> MemoryStore::put_account(const AccountRecord& record) noexcept {
  return memory::put(state_, record, memory::Condition::version);
}
Result<Version> MemoryStore::overwrite_account(const AccountRecord& record) noexcept {
  return memory::put(state_, record, memory::Condition::none);
}
Result<Version> MemoryStore::change_account(const AccountId& id, const AccountChange& change,
                                            Version version) noexcept {
  return memory::change(state_, id, change, version);
}

Result<void> MemoryStore::change_accounts(std::span<AccountUpdate> updates) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  const memory::Locked locked(*state_);
  return memory::result_of(memory::change_all(*state_, updates));
}

}  // namespace roster::inline ROSTER_ABI
