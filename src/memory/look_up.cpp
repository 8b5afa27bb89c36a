// The look-ups of MemoryStore, its constructor and its destructor.
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <new>

#include "portability.hpp"
#include "roster/memory_store.hpp"
#include "state.hpp"

namespace roster::inline ROSTER_ABI {

using memory::Account;
using memory::Handle;
using memory::Locked;
using memory::MemberRecord;
using memory::Members;
using memory::no_handle;
using memory::no_text;
using memory::Organization;

namespace {

/// Writes all but the two ids of the pair, because a listing already has one of them.
[[gnu::noinline]] void describe(const memory::Core& core, Handle in, const MemberRecord& record,
                                Membership& to) noexcept {
  to.id = record.id;
  to.role = core.roles[record.role()].id;
  to.state = record.state();
  to.idempotency_key = record.idempotency_key;
  to.added_at = record.time();
  to.version = record.version();
  to.valid_until = core.ends_at(in, record);
  to.invitation_until = core.invitation_end(in, record);
  to.invited_by = {};
  const memory::HistoryEntry* const history = record.is_invited() ? core.histories.find(in, record.account) : nullptr;
  if (history != nullptr && history->by != no_handle) to.invited_by = core.account_id(history->by);
}

/// Finds a membership or its tombstone, and the handles of its organization and account. Null if it does not exist.
const MemberRecord* find_member(const memory::Core& core, const OrganizationId& organization, const AccountId& account,
                                Handle& in, Handle& who) noexcept {
  in = core.search(organization);
  who = core.search_former(account);
  if (in == no_handle || who == no_handle) return nullptr;
  const Members& members = core.organizations[in].members;
  const std::uint32_t position = members.find(who, core.hasher.handle(who));
  return position == Members::none ? nullptr : &members[position];
}

/// The memberships with the lowest ids behind `after`, collected in `out`: a heap, whose first entry is the highest.
/// One class for both kinds of ids, because the heap is a good part of a small application.
class Page {
 public:
  enum class By : bool { organization, account };
  struct Order {
    By key;
    bool operator()(const Membership& a, const Membership& b) const noexcept { return key_of(a, key) < key_of(b, key); }
  };

  /// Copies `after`, which may be an id in `out`.
  [[gnu::noinline]] Page(std::span<Membership> out, By key, std::string_view after) noexcept
      : out_(out), key_(key), after_size_(after.size()) {
    std::copy(after.begin(), after.end(), after_.begin());
  }

  /// Returns the entry for this id, or null if it is not on the page. The caller fills it and calls add().
  [[gnu::noinline]] Membership* place_for(std::string_view id) noexcept {
    if (out_.empty() || id <= std::string_view(after_.data(), after_size_)) return nullptr;
    if (size_ < out_.size()) return &out_[size_++];
    if (id >= key_of(out_[0], key_)) return nullptr;
    pop(size_);
    return &out_.back();
  }
  [[gnu::noinline]] void add() noexcept { std::push_heap(out_.begin(), at(size_), Order{key_}); }
  [[gnu::noinline]] std::size_t finish() noexcept {
    for (std::size_t left = size_; left > 1; --left) pop(left);
    return size_;
  }

 private:
  static std::string_view key_of(const Membership& membership, By key) noexcept {
    return key == By::account ? membership.account.view() : membership.organization.view();
  }
  std::span<Membership>::iterator at(std::size_t i) const noexcept {
    return out_.begin() + static_cast<std::ptrdiff_t>(i);
  }
  [[gnu::noinline]] void pop(std::size_t size) noexcept { std::pop_heap(out_.begin(), at(size), Order{key_}); }

  std::span<Membership> out_;
  By key_;
  std::array<char, AccountId::size_max> after_;
  std::size_t after_size_;
  std::size_t size_ = 0;
};

/// Returns an address with its stored key, so that reading it depends on no rules for keys.
class StoredKey final : public EmailCanonicalizer {
 public:
  explicit StoredKey(std::string_view key) noexcept : key_(key) {}
  std::size_t key(std::string_view, std::span<char, 254> key) const noexcept override {
    std::memcpy(key.data(), key_.data(), key_.size());
    return key_.size();
  }

 private:
  std::string_view key_;
};

}  // namespace

MemoryStore::MemoryStore(const MemoryOptions& options) noexcept : state_(new (std::nothrow) State(options)) {}

MemoryStore::~MemoryStore() {
  delete state_;
}

Result<std::optional<Membership>> MemoryStore::membership(const OrganizationId& organization,
                                                          const AccountId& account) const noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  const Locked locked(*state_);
  Handle in, who;
  const MemberRecord* const record = find_member(*state_, organization, account, in, who);
  std::optional<Membership> to;
  if (record == nullptr || record->removed()) return to;
  to.emplace();
  to->organization = organization;
  to->account = account;
  describe(*state_, in, *record, *to);
  return to;
}

Result<std::optional<FormerMembership>> MemoryStore::former_membership(const OrganizationId& organization,
                                                                       const AccountId& account) const noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  const Locked locked(*state_);
  Handle in, who;
  const MemberRecord* const record = find_member(*state_, organization, account, in, who);
  std::optional<FormerMembership> to;
  if (record == nullptr || !record->removed()) return to;
  to.emplace();
  to->membership.organization = organization;
  to->membership.account = account;
  describe(*state_, in, *record, to->membership);
  if (const memory::HistoryEntry* const history = state_->histories.find(in, who)) {
    if (history->by != no_handle) to->removed_by = state_->account_id(history->by);
    to->removed_at = history->written_at;
    to->membership.invitation_until = history->invitation_until;
  }
  return to;
}

/// `core`: null if its allocation failed. `role`: null for members with any role. `invited`: only invitations.
[[gnu::noinline]] static Result<std::size_t> list_members(memory::Core* core, const OrganizationId& organization,
                                                          const RoleId* role, const AccountId& after,
                                                          std::span<Membership> out, bool invited = false) noexcept {
  if (core == nullptr) return Errc::out_of_memory;
  const Locked locked(*core);
  const Handle in = core->search(organization);
  if (in == no_handle) return std::size_t{0};
  const std::uint16_t only = role == nullptr ? no_role : core->find_role(*role);
  const Members& members = core->organizations[in].members;
  Page page(out, Page::By::account, after.view());
  for (std::uint32_t at = 0; at < members.positions(); ++at) {
    const MemberRecord& record = members[at];
    if (record.account == no_handle || record.removed() || (role != nullptr && record.role() != only) ||
        (invited && record.state() != MembershipState::invited))
      continue;
    const auto id = core->accounts[record.account].id.get<AccountId>(core->strings);
    Membership* const to = page.place_for(id.view());
    if (to == nullptr) continue;
    to->organization = organization;
    to->account = id;
    describe(*core, in, record, *to);
    page.add();
  }
  return page.finish();
}

Result<std::size_t> MemoryStore::members(const OrganizationId& organization, const AccountId& after,
                                         std::span<Membership> out) const noexcept {
  return list_members(state_, organization, nullptr, after, out);
}

Result<std::size_t> MemoryStore::members_with_role(const OrganizationId& organization, const RoleId& role,
                                                   const AccountId& after, std::span<Membership> out) const noexcept {
  return list_members(state_, organization, &role, after, out);
}

Result<std::size_t> MemoryStore::invitations(const OrganizationId& organization, const AccountId& after,
                                             std::span<Membership> out) const noexcept {
  return list_members(state_, organization, nullptr, after, out, true);
}

Result<std::size_t> MemoryStore::organizations_of(const AccountId& account, const OrganizationId& after,
                                                  std::span<Membership> out) const noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  const Locked locked(*state_);
  const Handle who = state_->search(account);
  if (who == no_handle) return std::size_t{0};
  const memory::HandleList& joined = state_->accounts[who].organizations_joined;
  const std::uint64_t hash = state_->hasher.handle(who);
  Page page(out, Page::By::organization, after.view());
  for (std::uint32_t at = 0; at < joined.size(); ++at) {
    const Handle in = state_->lists.get(joined, at);
    const Organization& organization = state_->organizations[in];
    const auto id = organization.id.get<OrganizationId>(state_->strings);
    Membership* const to = page.place_for(id.view());
    if (to == nullptr) continue;
    to->organization = id;
    to->account = account;
    describe(*state_, in, organization.members[organization.members.find(who, hash)], *to);
    page.add();
  }
  return page.finish();
}

Result<std::uint64_t> MemoryStore::member_count(const OrganizationId& organization) const noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  const Locked locked(*state_);
  const Handle handle = state_->search(organization);
  if (handle == no_handle) return std::uint64_t{0};
  const memory::MemberCounter* const counter = state_->member_counter(handle);
  return std::uint64_t{state_->organizations[handle].members.size()} - (counter == nullptr ? 0 : counter->removed);
}

Result<std::uint64_t> MemoryStore::organization_count(const AccountId& account) const noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  const Locked locked(*state_);
  const Handle handle = state_->search(account);
  return handle == no_handle ? std::uint64_t{0} : std::uint64_t{state_->accounts[handle].organizations_joined.size()};
}

std::uint64_t MemoryStore::organization_count() const noexcept {
  if (state_ == nullptr) return 0;
  const Locked locked(*state_);
  return state_->organizations.size() - state_->erased_organizations;
}

std::uint64_t MemoryStore::account_count() const noexcept {
  if (state_ == nullptr) return 0;
  const Locked locked(*state_);
  return state_->accounts.size() - state_->erased_accounts;
}

std::uint64_t MemoryStore::membership_count() const noexcept {
  if (state_ == nullptr) return 0;
  const Locked locked(*state_);
  return state_->memberships;
}

Result<std::optional<OrganizationRecord>> MemoryStore::organization(
    const OrganizationSelector& selector) const noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  const Locked locked(*state_);
  const Handle handle = state_->find(selector);
  std::optional<OrganizationRecord> found;
  if (handle == no_handle) return found;
  const Organization& from = state_->organizations[handle];
  OrganizationRecord& to = found.emplace();
  to.id = from.id.get<OrganizationId>(state_->strings);
  if (from.slug != no_text) to.slug = memory::id_of<Slug>(state_->strings.text(from.slug));
  if (from.parent != no_handle) to.parent = state_->organizations[from.parent].id.get<OrganizationId>(state_->strings);
  to.joinable = from.joinable();
  to.closed = from.closed();
  if (const memory::MemberCounter* const member_counter = state_->member_counter(handle))
    to.seats_max = member_counter->seats_max;
  to.version = Version{from.version};
  return found;
}

Result<std::size_t> MemoryStore::children(const OrganizationId& parent, const OrganizationId& after,
                                          std::span<OrganizationId> out) const noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  const Locked locked(*state_);
  const Handle above = state_->search(parent);
  const OrganizationId from = after;  // it may be an id in `out`
  std::size_t count = 0;
  for (Handle at = 0; above != no_handle && !out.empty() && at < state_->organizations.size(); ++at) {
    const Organization& organization = state_->organizations[at];
    if (organization.parent != above) continue;
    const auto id = organization.id.get<OrganizationId>(state_->strings);
    if (id <= from || (count == out.size() && id >= out[count - 1])) continue;
    if (count < out.size()) ++count;
    std::size_t place = count - 1;
    for (; place > 0 && id < out[place - 1]; --place) out[place] = out[place - 1];
    out[place] = id;
  }
  return count;
}

Result<std::optional<AccountRecord>> MemoryStore::account(const AccountSelector& selector) const noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  const Locked locked(*state_);
  const Handle handle = state_->find(selector);
  std::optional<AccountRecord> to;
  if (handle == no_handle) return to;
  const Account& from = state_->accounts[handle];
  to.emplace();
  to->id = state_->account_id(handle);
  if (from.email != no_text) {
    const StoredKey key(state_->strings.email_key(from.email));
    Result<Email> email = Email::parse(state_->strings.email_text(from.email),
                                       EmailRules{EmailGrammar::mailbox, EmailCase::fold_domain, &key});
    if (!email) return email.assume_error();
    to->email = std::move(email).assume_value();
  }
  if (from.username != no_text) {
    Result<Username> username = Username::parse_stored(state_->strings.text(from.username));
    if (!username) return std::nullopt;
    to->username = std::move(username).assume_value();
  }
  to->disabled = from.disabled;
  to->invited = from.invited;
  to->verified = from.verified;
  to->version = Version{from.version};
  return to;
}

MemoryFootprint MemoryStore::footprint() const noexcept {
  MemoryFootprint sum;
  if (state_ == nullptr) return sum;
  const Locked locked(*state_);
  const State& state = *state_;
  for (std::uint32_t i = 0; i < state.organizations.size(); ++i) {
    const Organization& organization = state.organizations[i];
    sum.memberships += organization.members.bytes();
    if (const memory::MemberCounter* const count = state.member_counter(i))
      sum.organizations += sizeof(memory::MemberCounter) + memory::heap_bytes(count->roles);
    if (organization.role_count != 0)
      sum.organizations += std::bit_ceil(std::uint64_t{organization.role_count}) * sizeof(memory::OwnRole);
  }
  for (std::uint32_t i = 0; i < state.groups.size(); ++i)
    sum.accounts += std::uint64_t{state.groups[i].size} * sizeof(Handle);
  sum.memberships += state.histories.bytes();
  sum.by_account = state.lists.bytes();
  sum.organizations += sizeof(State) + memory::heap_bytes(state.member_counters) + state.organizations.bytes() +
                       state.organization_ids.bytes() + state.slugs.bytes() + state.roles.bytes() +
                       state.role_ids.bytes();
  sum.accounts += state.accounts.bytes() + state.account_ids.bytes() + state.former_account_ids.bytes() +
                  state.emails.bytes() + state.usernames.bytes() + state.groups.bytes() + state.group_names.bytes() +
                  state.strings.bytes();
  sum.working = memory::heap_bytes(state.columns) + memory::heap_bytes(state.next_entry) +
                memory::heap_bytes(state.wanted) + memory::heap_bytes(state.parent_at) +
                memory::heap_bytes(state.written_organizations) + memory::heap_bytes(state.written_accounts) +
                memory::heap_bytes(state.written_roles) + memory::heap_bytes(state.organizations_joined) +
                memory::heap_bytes(state.differences);
  return sum;
}

}  // namespace roster::inline ROSTER_ABI
