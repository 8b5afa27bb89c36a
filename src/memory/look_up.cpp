// The look-ups of MemoryStore, its constructor and its destructor.
#include <algorithm>
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

/// Writes all but the two ids, because a listing already has one of them.
void describe(const memory::Core& core, Handle in, const MemberRecord& record, Membership& to) noexcept {
  to.id = record.id;
  to.role = core.roles[record.role()].id;
  to.state = record.state();
  to.idempotency_key = record.idempotency_key;
  to.added_at = record.time();
  to.version = record.version();
  to.valid_until = core.ends_at(in, record);
}

/// Finds a membership or its tombstone, and the handles of its organization and account. Null if it does not exist.
const MemberRecord* find_member(const memory::Core& core, const OrganizationId& organization, const AccountId& account,
                                Handle& in, Handle& who) noexcept {
  in = core.find(organization);
  who = core.find(account);
  if (in == no_handle || who == no_handle) return nullptr;
  const Members& members = core.organizations[in].members;
  const std::uint32_t position = members.find(who, core.hasher.handle(who));
  return position == Members::none ? nullptr : &members[position];
}

/// The cursor of a listing. `handle` is the next record to list or, with `at_end`, the last listed. The position is
/// only a hint, because records move up when earlier ones are removed.
struct Cursor {
  static constexpr std::uint32_t ended = 1u << 31;
  Handle handle;  ///< no_handle: the record at the position, whichever it is
  std::uint32_t position;
  bool at_end;

  explicit Cursor(std::uint64_t packed) noexcept
      : handle(static_cast<Handle>(packed >> 32) - 1),
        position(static_cast<std::uint32_t>(packed) & ~ended),
        at_end((packed & ended) != 0) {}
  static std::uint64_t before(Handle next, std::uint32_t position) noexcept {
    return (std::uint64_t{next} + 1) << 32 | position;
  }
  static std::uint64_t behind(Handle last, std::uint32_t position) noexcept { return before(last, position | ended); }

  /// The next position to list, if the record of `handle` is at `now` of `size`. If that record was removed, or removed
  /// and added again as the last, the listing restarts. So a member may be listed twice, but is never skipped.
  std::uint32_t resume(std::uint32_t now, std::uint32_t size) const noexcept {
    const bool there = now <= position;
    if (at_end) return there ? now + 1 : size;
    return there ? now : 0;
  }
};

std::uint32_t resume(const memory::Core& core, const Members& members, const Cursor& from) noexcept {
  if (from.handle == no_handle) return from.position;
  std::uint32_t now = from.position;
  if (now >= members.positions() || members[now].account != from.handle)
    now = members.find(from.handle, core.hasher.handle(from.handle));
  return from.resume(now, members.positions());
}
std::uint32_t resume(const memory::Core& core, const memory::HandleList& organizations_joined,
                     const Cursor& from) noexcept {
  if (from.handle == no_handle) return from.position;
  std::uint32_t now = from.position;
  if (now >= organizations_joined.size() || core.lists.get(organizations_joined, now) != from.handle)
    for (now = 0; now < organizations_joined.size() && core.lists.get(organizations_joined, now) != from.handle;) ++now;
  return from.resume(now < organizations_joined.size() ? now : Members::none, organizations_joined.size());
}

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

std::optional<Membership> MemoryStore::membership(const OrganizationId& organization,
                                                  const AccountId& account) const noexcept {
  if (state_ == nullptr) return std::nullopt;
  const Locked locked(*state_);
  Handle in, who;
  const MemberRecord* const record = find_member(*state_, organization, account, in, who);
  if (record == nullptr || record->removed()) return std::nullopt;
  std::optional<Membership> to(std::in_place);
  to->organization = organization;
  to->account = account;
  describe(*state_, in, *record, *to);
  return to;
}

std::optional<FormerMembership> MemoryStore::former_membership(const OrganizationId& organization,
                                                               const AccountId& account) const noexcept {
  if (state_ == nullptr) return std::nullopt;
  const Locked locked(*state_);
  Handle in, who;
  const MemberRecord* const record = find_member(*state_, organization, account, in, who);
  if (record == nullptr || !record->removed()) return std::nullopt;
  std::optional<FormerMembership> to(std::in_place);
  to->membership.organization = organization;
  to->membership.account = account;
  describe(*state_, in, *record, to->membership);
  if (const memory::HistoryEntry* const history = state_->histories.find(in, who)) {
    if (history->by != no_handle) to->removed_by = state_->accounts[history->by].id.get<AccountId>(state_->strings);
    to->removed_at = history->at;
  }
  return to;
}

std::size_t MemoryStore::members(const OrganizationId& organization, std::uint64_t& cursor,
                                 std::span<Membership> out) const noexcept {
  if (state_ == nullptr) return 0;
  const Locked locked(*state_);
  const Handle in = state_->find(organization);
  if (in == no_handle) return 0;
  const Members& members = state_->organizations[in].members;
  std::size_t written = 0;
  for (std::uint32_t at = resume(*state_, members, Cursor(cursor)); at < members.positions(); ++at) {
    const MemberRecord& record = members[at];
    if (record.account == no_handle || record.removed()) continue;
    if (written == out.size()) {
      cursor = Cursor::before(record.account, at);
      break;
    }
    cursor = Cursor::behind(record.account, at);
    Membership& to = out[written++];
    to.organization = organization;
    to.account = state_->accounts[record.account].id.get<AccountId>(state_->strings);
    describe(*state_, in, record, to);
  }
  return written;
}

std::size_t MemoryStore::organizations_of(const AccountId& account, std::uint64_t& cursor,
                                          std::span<Membership> out) const noexcept {
  if (state_ == nullptr) return 0;
  const Locked locked(*state_);
  const Handle who = state_->find(account);
  if (who == no_handle) return 0;
  const memory::HandleList& organizations_joined = state_->accounts[who].organizations_joined;
  const std::uint64_t hash = state_->hasher.handle(who);
  std::size_t written = 0;
  for (std::uint32_t at = resume(*state_, organizations_joined, Cursor(cursor));
       at < organizations_joined.size() && written < out.size();) {
    // The organizations are not contiguous in memory. Prefetching lets these accesses overlap.
    constexpr std::size_t at_once = 16;
    Handle places[at_once];
    const Organization* in[at_once];
    const auto count = static_cast<std::uint32_t>(
        std::min<std::uint64_t>({at_once, out.size() - written, organizations_joined.size() - at}));
    for (std::uint32_t i = 0; i < count; ++i, ++at) {
      places[i] = state_->lists.get(organizations_joined, at);
      in[i] = &state_->organizations[places[i]];
      portability::prefetch(&in[i]->members);
    }
    cursor = at < organizations_joined.size() ? Cursor::before(state_->lists.get(organizations_joined, at), at)
                                              : Cursor::behind(places[count - 1], at - 1);
    for (std::uint32_t i = 0; i < count; ++i) in[i]->members.prefetch_slot(hash);
    for (std::uint32_t i = 0; i < count; ++i) in[i]->members.prefetch_record(hash);
    for (std::uint32_t i = 0; i < count; ++i) {
      Membership& to = out[written++];
      to.organization = in[i]->id.get<OrganizationId>(state_->strings);
      to.account = account;
      describe(*state_, places[i], in[i]->members[in[i]->members.find(who, hash)], to);
    }
  }
  return written;
}

std::uint64_t MemoryStore::member_count(const OrganizationId& organization) const noexcept {
  if (state_ == nullptr) return 0;
  const Locked locked(*state_);
  const Handle handle = state_->find(organization);
  if (handle == no_handle) return 0;
  const memory::MemberCounter* const member_counter = state_->member_counter(handle);
  return state_->organizations[handle].members.size() - (member_counter == nullptr ? 0 : member_counter->removed);
}

std::uint64_t MemoryStore::organization_count(const AccountId& account) const noexcept {
  if (state_ == nullptr) return 0;
  const Locked locked(*state_);
  const Handle handle = state_->find(account);
  return handle == no_handle ? 0 : std::uint64_t{state_->accounts[handle].organizations_joined.size()};
}

std::uint64_t MemoryStore::organization_count() const noexcept {
  if (state_ == nullptr) return 0;
  const Locked locked(*state_);
  return state_->organizations.size();
}

std::uint64_t MemoryStore::account_count() const noexcept {
  if (state_ == nullptr) return 0;
  const Locked locked(*state_);
  return state_->accounts.size();
}

std::uint64_t MemoryStore::membership_count() const noexcept {
  if (state_ == nullptr) return 0;
  const Locked locked(*state_);
  return state_->memberships;
}

std::optional<OrganizationRecord> MemoryStore::organization(const OrganizationSelector& selector) const noexcept {
  if (state_ == nullptr) return std::nullopt;
  const Locked locked(*state_);
  const Handle handle = state_->find(selector);
  if (handle == no_handle) return std::nullopt;
  const Organization& from = state_->organizations[handle];
  OrganizationRecord to;
  to.id = from.id.get<OrganizationId>(state_->strings);
  if (from.slug != no_text) to.slug = memory::id_of<Slug>(state_->strings.text(from.slug));
  if (from.parent != no_handle) to.parent = state_->organizations[from.parent].id.get<OrganizationId>(state_->strings);
  to.joinable = from.joinable;
  if (const memory::MemberCounter* const member_counter = state_->member_counter(handle))
    to.seats_max = member_counter->seats_max;
  return to;
}

std::optional<AccountRecord> MemoryStore::account(const AccountSelector& selector) const noexcept {
  if (state_ == nullptr) return std::nullopt;
  const Locked locked(*state_);
  const Handle handle = state_->find(selector);
  if (handle == no_handle) return std::nullopt;
  const Account& from = state_->accounts[handle];
  std::optional<AccountRecord> to(std::in_place);
  to->id = from.id.get<AccountId>(state_->strings);
  if (from.email != no_text) {
    const StoredKey key(state_->strings.email_key(from.email));
    Result<Email> email = Email::parse(state_->strings.email_text(from.email),
                                       EmailRules{EmailGrammar::mailbox, EmailCase::fold_domain, &key});
    if (!email) return std::nullopt;
    to->email = std::move(email).assume_value();
  }
  if (from.username != no_text) to->username = memory::id_of<Username>(state_->strings.text(from.username));
  to->disabled = from.disabled;
  to->invited = from.invited;
  to->verified = from.verified;
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
  sum.accounts += state.accounts.bytes() + state.account_ids.bytes() + state.emails.bytes() + state.usernames.bytes() +
                  state.groups.bytes() + state.group_names.bytes() + state.strings.bytes();
  sum.working = memory::heap_bytes(state.columns) + memory::heap_bytes(state.next_entry) +
                memory::heap_bytes(state.wanted) + memory::heap_bytes(state.parent_at) +
                memory::heap_bytes(state.written_organizations) + memory::heap_bytes(state.written_accounts) +
                memory::heap_bytes(state.written_roles) + memory::heap_bytes(state.organizations_joined) +
                memory::heap_bytes(state.differences);
  return sum;
}

}  // namespace roster::inline ROSTER_ABI
