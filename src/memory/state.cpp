// The search for records, and the storage of their names: everything but memberships.
#include "state.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace roster::inline ROSTER_ABI {
namespace memory {

namespace {

char folded(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
Errc error_of(Put put, Errc present) noexcept {
  switch (put) {
    case Put::done: return done;
    case Put::present: return present;
    case Put::no_memory: return Errc::out_of_memory;
    case Put::full: break;
  }
  return Errc::store_full;
}

}  // namespace

std::uint32_t Core::hash_of_username(std::string_view name) const noexcept {
  if (!options.case_insensitive_usernames) return hasher.text(name);
  char key[Username::size_max];
  for (std::size_t i = 0; i < name.size(); ++i) key[i] = folded(name[i]);
  return hasher.text({key, name.size()});
}

bool Core::same_username(std::string_view a, std::string_view b) const noexcept {
  if (a.size() != b.size()) return false;
  if (!options.case_insensitive_usernames) return a == b;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (folded(a[i]) != folded(b[i])) return false;
  return true;
}

Handle Core::find_email(std::string_view key, std::uint32_t hash) const noexcept {
  return emails
      .find(hash, hash, [&](IdSlot slot) noexcept { return strings.email_key(accounts[slot.handle].email) == key; })
      .handle;
}

Handle Core::find(const Username& name) const noexcept {
  const std::uint32_t hash = hash_of_username(name.view());
  return usernames
      .find(hash, hash,
            [&](IdSlot slot) noexcept {
              return same_username(strings.text(accounts[slot.handle].username), name.view());
            })
      .handle;
}

Handle Core::find(const AccountSelector& selector) const noexcept {
  if (const auto* const id = std::get_if<AccountId>(&selector)) return search(*id);
  if (const auto* const email = std::get_if<Email>(&selector)) return find_email(email->key());
  if (const auto* const username = std::get_if<Username>(&selector)) return find(*username);
  return no_handle;
}

Handle Core::find(const Slug& slug) const noexcept {
  const std::uint32_t hash = hasher.id(slug);
  return slugs
      .find(hash, hash,
            [&](IdSlot slot) noexcept { return strings.text(organizations[slot.handle].slug) == slug.view(); })
      .handle;
}

Handle Core::find(const OrganizationSelector& selector) const noexcept {
  if (const auto* const id = std::get_if<OrganizationId>(&selector)) return search(*id);
  if (const auto* const slug = std::get_if<Slug>(&selector)) return find(*slug);
  if (const auto* const nested = std::get_if<Nested>(&selector)) {
    const Handle handle = search(nested->id);
    if (handle == no_handle) return handle;
    const Handle parent = organizations[handle].parent;
    return parent != no_handle && organizations[parent].id.is(nested->parent, strings) ? handle : no_handle;
  }
  return no_handle;
}

Handle Core::find_group(const GroupName& name) const noexcept {
  const std::uint32_t hash = hasher.text(name.view());
  return group_names
      .find(hash, hash, [&](IdSlot slot) noexcept { return strings.text(groups[slot.handle].name) == name.view(); })
      .handle;
}

std::uint16_t Core::find_role(const RoleId& id) const noexcept {
  const std::uint32_t hash = hasher.id(id);
  const IdSlot slot = role_ids.find(hash, hash, [&](IdSlot s) noexcept { return same_id(roles[s.handle].id, id); });
  return static_cast<std::uint16_t>(slot.handle);  // no_handle becomes no_role
}

Handle Core::search(const AccountId& id) const noexcept {
  return find(id);
}
Handle Core::search(const OrganizationId& id) const noexcept {
  return find(id);
}

Handle Core::search_former(const AccountId& id) const noexcept {
  const Handle found = search(id);
  if (found != no_handle || former_account_ids.size() == 0) return found;
  const std::uint32_t hash = hasher.id(id);
  return former_account_ids.find(hash, hash, [&](IdSlot slot) noexcept { return account_id(slot.handle) == id; })
      .handle;
}

Errc Core::learn_role(const RoleId& id, std::uint16_t& role) noexcept {
  role = find_role(id);
  if (role != no_role) {
    last_role = role;
    return done;
  }
  if (roles.size() >= limits::roles) return Errc::store_full;
  const Handle handle = roles.size();
  KnownRole* const known = roles.try_push_back();
  if (known == nullptr) return Errc::out_of_memory;
  known->id = id;
  const std::uint32_t hash = hasher.id(id);
  const Put put = list(role_ids, hash, handle);
  if (put != Put::done) {
    roles.pop();
    return error_of(put, Errc::exists);
  }
  role = static_cast<std::uint16_t>(handle);
  return done;
}

Put Core::list(IdTable& table, std::uint32_t hash, Handle handle) noexcept {
  return table.insert(
      hash, hash, IdSlot{hash, handle}, [](IdSlot) noexcept { return false; }, hash_of_id);
}
void Core::unlist(IdTable& table, std::uint32_t hash, Handle handle) noexcept {
  table.erase(
      hash, [&](IdSlot slot) noexcept { return slot.handle == handle && slot.hash == hash; }, hash_of_id);
}

void Core::unlist_email(Handle handle) noexcept {
  if (accounts[handle].email == no_text) return;
  const std::uint32_t hash = hasher.text(strings.email_key(accounts[handle].email));
  unlist(emails, hash, handle);
  accounts[handle].email = no_text;
}

void Core::unlist_username(Handle handle) noexcept {
  if (accounts[handle].username == no_text) return;
  unlist(usernames, hash_of_username(strings.text(accounts[handle].username)), handle);
  accounts[handle].username = no_text;
}

/// Null or an empty address: none. Errors: exists, out_of_memory. After an error the caller forgets the text.
Errc Core::set_email(Handle handle, const Email* email) noexcept {
  Account& account = accounts[handle];
  if (email == nullptr || email->key().empty()) {
    unlist_email(handle);
    return done;
  }
  const std::string_view key = email->key();
  const bool same_key = account.email != no_text && strings.email_key(account.email) == key;
  if (same_key && strings.email_text(account.email) == email->text()) return done;
  const TextRef text = strings.add(*email);
  if (text == no_text) return Errc::out_of_memory;
  if (!same_key) {
    const std::uint32_t hash = hasher.text(key);
    const Put put = emails.insert(
        hash, hash, IdSlot{hash, handle},
        [&](IdSlot slot) noexcept { return strings.email_key(accounts[slot.handle].email) == key; }, hash_of_id);
    if (put != Put::done) return error_of(put, Errc::exists);
    // Two slots refer to this account now. The one under the former key is removed.
    if (account.email != no_text) {
      const std::uint32_t former = hasher.text(strings.email_key(account.email));
      unlist(emails, former, handle);
    }
  }
  account.email = text;
  return done;
}

/// The table has a free slot: the one that set_email() released.
void Core::restore_email(Handle handle, TextRef former) noexcept {
  if (accounts[handle].email == former) return;
  unlist_email(handle);
  if (former == no_text) return;
  const std::uint32_t hash = hasher.text(strings.email_key(former));
  (void)list(emails, hash, handle);
  accounts[handle].email = former;
}

/// An empty name: none. Errors: exists, out_of_memory. After an error the caller forgets the text.
Errc Core::set_username(Handle handle, const Username& username) noexcept {
  Account& account = accounts[handle];
  if (username.empty()) {
    unlist_username(handle);
    return done;
  }
  const Handle holder = find(username);
  if (holder != no_handle && holder != handle) return Errc::exists;
  if (holder == handle && strings.text(account.username) == username.view()) return done;
  const TextRef text = strings.add(username.view());
  if (text == no_text) return Errc::out_of_memory;
  if (holder != handle) {
    const std::uint32_t hash = hash_of_username(username.view());
    const Put put = list(usernames, hash, handle);
    if (put != Put::done) return error_of(put, Errc::exists);
    if (account.username != no_text) {
      const std::uint32_t former = hash_of_username(strings.text(account.username));
      unlist(usernames, former, handle);
    }
  }
  account.username = text;
  return done;
}

/// As restore_email().
void Core::restore_username(Handle handle, TextRef former) noexcept {
  if (accounts[handle].username == former) return;
  unlist_username(handle);
  if (former == no_text) return;
  (void)list(usernames, hash_of_username(strings.text(former)), handle);
  accounts[handle].username = former;
}

/// An empty slug: none. Errors: exists, out_of_memory.
Errc Core::set_slug(Handle handle, const Slug& slug) noexcept {
  Organization& organization = organizations[handle];
  const Handle holder = slug.empty() ? no_handle : find(slug);
  if (holder == handle) return done;
  if (holder != no_handle) return Errc::exists;
  TextRef text = no_text;
  if (!slug.empty()) {
    const StringArena::Mark mark = strings.mark();
    text = strings.add(slug.view());
    if (text == no_text) return Errc::out_of_memory;
    const std::uint32_t hash = hasher.id(slug);
    const Put put = list(slugs, hash, handle);
    if (put != Put::done) {
      strings.forget(mark);
      return error_of(put, Errc::exists);
    }
  }
  if (organization.slug != no_text) {
    const std::uint32_t former = hasher.id(id_of<Slug>(strings.text(organization.slug)));
    unlist(slugs, former, handle);
  }
  organization.slug = text;
  return done;
}

/// Errors: exists (the id, the e-mail key or the username), store_full, out_of_memory.
Errc Core::add_account(const AccountId& id, const Email* email, const Username& username, bool disabled, bool invited,
                       Handle& handle) noexcept {
  if (accounts.size() >= limits::accounts) return Errc::store_full;
  const StringArena::Mark mark = strings.mark();
  handle = accounts.size();
  Account* const account = accounts.try_push_back();
  if (account == nullptr) return Errc::out_of_memory;
  account->version = first_record_version;
  account->disabled = disabled;
  account->invited = invited;
  Errc failed = account->id.set(id, strings) ? done : Errc::out_of_memory;
  if (failed == done) failed = set_email(handle, email);
  if (failed == done) failed = set_username(handle, username);
  if (failed == done) {
    const std::uint32_t hash = hasher.id(id);
    const Put put = account_ids.insert(
        hash, hash, IdSlot{hash, handle},
        [&](IdSlot slot) noexcept { return accounts[slot.handle].id.is(id, strings); }, hash_of_id);
    failed = error_of(put, Errc::exists);
  }
  if (failed == done) return done;
  unlist_email(handle);
  unlist_username(handle);
  accounts.pop();
  strings.forget(mark);
  return failed;
}

AccountId Core::account_id(Handle account) const noexcept {
  return accounts[account].id.get<AccountId>(strings);
}

Time Core::invitation_end(Handle organization, const MemberRecord& record) const noexcept {
  const HistoryEntry* const history = record.is_invited() ? histories.find(organization, record.account) : nullptr;
  return history == nullptr ? Time{} : history->invitation_until;
}

MemberCounter* Core::make_member_counter(Handle organization) noexcept {
  if (!member_counters.resize(std::max(member_counters.size(), organization + 1), nullptr)) return nullptr;
  MemberCounter*& at = member_counters[organization];
  if (at == nullptr) at = new (std::nothrow) MemberCounter;
  return at;
}

MemberCounter* Core::count(Handle organization) noexcept {
  if (MemberCounter* const found = counted(organization)) return found;
  MemberCounter* const to = make_member_counter(organization);
  if (to == nullptr) return nullptr;
  MemberCounter fresh;
  const Members& members = organizations[organization].members;
  for (std::uint32_t i = 0; i < members.positions(); ++i) {
    const MemberRecord& record = members[i];
    if (record.account == no_handle) continue;
    if (!fresh.reserve(1)) return nullptr;
    fresh.enter(record.state(), record.role(), record.sets_expiry(), invitation_end(organization, record),
                accounts[record.account].disabled);
  }
  fresh.counted = true;
  fresh.seats_max = to->seats_max;
  fresh.removed = to->removed;
  *to = std::move(fresh);
  return to;
}

/// reserve() has allocated memory for the entry of a new role.
void MemberCounter::add(MembershipState state, std::uint16_t role, bool limited, Time invitation_until,
                        std::uint32_t by) noexcept {
  if (state != MembershipState::invited && state != MembershipState::active) return;
  std::uint32_t at = 0;
  while (at < roles.size() && roles[at].role != role) ++at;
  if (at == roles.size()) roles.unchecked_push_back({role});
  OfRole& of = roles[at];
  if (state == MembershipState::invited) {
    invited += by;
    of.invited += by;
    if (invitation_until != Time{}) ending += by;
    return;
  }
  active += by;
  of.active += by;
  if (!limited) of.lasting += by;
}

[[gnu::noinline]] static bool has(std::span<const RoleId> ids, const RoleId& id) noexcept {
  for (const RoleId& each : ids)
    if (each.view() == id.view()) return true;
  return false;
}

bool Core::owns(const Organization& organization, std::uint16_t role, const CountedRoles& by) const noexcept {
  if (!by.counts_by_catalog()) return has(by.owner_roles, roles[role].id);
  const OwnRole* const own = organization.own_role(role);
  return own != nullptr && own->owns;
}

bool Core::takes_seat(const Organization& organization, std::uint16_t role, const CountedRoles& by) const noexcept {
  if (!by.counts_by_catalog()) return by.free_roles.empty() || !has(by.free_roles, roles[role].id);
  const OwnRole* const own = organization.own_role(role);
  return own == nullptr || own->takes_seat;
}

MemberCounts Core::counts(Handle organization, const CountedRoles& by, Time now) const noexcept {
  const MemberCounter& counter = *member_counters[organization];
  const Organization& in = organizations[organization];
  MemberCounts counts{counter.seats_max, counter.active, counter.invited, 0};
  for (const MemberCounter::OfRole& of : counter.roles) {
    if (of.lasting != 0 && owns(in, of.role, by)) counts.owners += of.lasting;
    if (takes_seat(in, of.role, by)) continue;
    counts.active -= of.active;
    counts.invited -= of.invited;
  }
  for (std::uint32_t i = 0; counter.ending != 0 && i < in.members.positions(); ++i) {
    const MemberRecord& record = in.members[i];
    if (has_expired(invitation_end(organization, record), now) && takes_seat(in, record.role(), by)) --counts.invited;
  }
  return counts;
}

void Core::erase_member(Handle from, std::uint32_t position) noexcept {
  Organization& organization = organizations[from];
  const MemberRecord& record = organization.members[position];
  const Handle who = record.account;
  const bool removed = record.removed();
  first_version = std::max(first_version, static_cast<std::uint32_t>(record.version()) + 1);
  if (MemberCounter* const member_counter = counted(from))
    member_counter->leave(record.state(), record.role(), record.sets_expiry(), invitation_end(from, record),
                          accounts[who].disabled);
  organization.members.erase(position, hasher);
  histories.drop(from, who);
  if (removed) {
    --member_counters[from]->removed;
    return;
  }
  lists.erase(accounts[who].organizations_joined, from);
  --memberships;
}

/// Undoes add_account(), if no membership refers to the account and it has no username. The caller forgets its texts.
void Core::drop_last_account() noexcept {
  const Handle handle = accounts.size() - 1;
  const std::uint32_t hash = hasher.id(account_id(handle));
  unlist(account_ids, hash, handle);
  unlist_email(handle);
  accounts.pop();
}

}  // namespace memory
}  // namespace roster::inline ROSTER_ABI
