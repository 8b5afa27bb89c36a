// The part of a commit that changes existing memberships and checks the bounds of organizations.
#include "commit.hpp"

namespace roster::inline ROSTER_ABI {
namespace memory {

bool Commit::inviter_holds(const Guard& guard) noexcept {
  const Organization* const in = organization(guard.organization);
  if (in == nullptr || account(guard.account) == nullptr) return false;
  const HistoryEntry* const history =
      core_.histories.find(organizations_[guard.organization].handle, accounts_[guard.account].handle);
  if (history == nullptr || history->by == no_handle) return false;
  const std::uint32_t position = in->members.find(history->by, core_.hasher.handle(history->by));
  return position != Members::none && in->members[position].active() &&
         in->members[position].version() == guard.version && !core_.accounts[history->by].disabled;
}

bool Commit::changed_hold() noexcept {
  for (const MemberChanged& changed : changes_.changed) {
    const MemberRecord* const record = membership(changed.organization, changed.account);
    if (record == nullptr || record->id != changed.id || record->version() != changed.version ||
        changed.role >= changes_.roles.size() || (changed.new_identity && changed.new_id.empty()))
      return false;
  }
  return true;
}

static bool is_bound(const Guard& guard) noexcept {
  return guard.record == Guard::Record::seats || guard.record == Guard::Record::owners;
}

/// True if the numbers of each organization, after the change set, satisfy the guarded bounds.
Errc Commit::bounds() noexcept {
  auto& differences = core_.differences;
  differences.clear();
  if (!differences.resize(changes_.organizations.size(), Difference{})) return Errc::out_of_memory;
  const auto enter = [&](std::uint32_t at, std::uint32_t who, MembershipState state, std::uint16_t role,
                         bool sets_expiry, Time invitation_end, int by) {
    if (state != MembershipState::invited && state != MembershipState::active) return;
    if (state == MembershipState::invited && has_expired(invitation_end, changes_.at)) return;
    Difference& difference = differences[at];
    const Organization& in = *organizations_[at].record;
    const int seats = core_.takes_seat(in, role, changes_) ? by : 0;
    (state == MembershipState::invited ? difference.invited : difference.active) += seats;
    if (state != MembershipState::active || sets_expiry) return;
    const bool disabled = account(who) != nullptr && account(who)->disabled;  // null: it is created, and enabled
    if (!disabled && core_.owns(in, role, changes_)) difference.owners += by;
  };
  for (const MemberAdded& added : changes_.added) {
    if (organization(added.organization) == nullptr || added.role >= changes_.roles.size()) return Errc::stale;
    enter(added.organization, added.account, added.state, core_.written_roles[added.role],
          changes_.valid_until != Time{}, changes_.invitation_until, 1);
  }
  for (const MemberChanged& changed : changes_.changed) {
    const std::uint32_t in = changed.organization, who = changed.account;
    const MemberRecord& record = *membership(in, who);
    const Time end = core_.invitation_end(organizations_[in].handle, record);
    enter(in, who, record.state(), record.role(), record.sets_expiry(), end, -1);
    enter(in, who, changed.state, core_.written_roles[changed.role], will_end(changed, record),
          next_invitation_end(changed, end), 1);
  }
  // Two rows may refer to one organization, and a bound holds for their sum.
  for (const Guard& guard : changes_.guards) {
    if (!is_bound(guard)) continue;
    if (organization(guard.organization) == nullptr) return Errc::stale;
    MemberCounter* const now = core_.count(organizations_[guard.organization].handle);
    if (now == nullptr) return Errc::out_of_memory;
    now->pending = {};
  }
  for (std::uint32_t row = 0; row < differences.size(); ++row)
    if (organizations_[row].record != nullptr)
      if (MemberCounter* const now = core_.counted(organizations_[row].handle)) now->pending += differences[row];
  for (const Guard& guard : changes_.guards) {
    if (!is_bound(guard)) continue;
    const Handle in = organizations_[guard.organization].handle;
    const MemberCounts now = core_.counts(in, changes_, changes_.at);
    const Difference& pending = core_.counted(in)->pending;
    if (guard.record == Guard::Record::owners) {
      if (now.owners + pending.owners < 1) return Errc::stale;
    } else {
      const std::int64_t invited = changes_.invited_occupy_seats ? now.invited + pending.invited : 0;
      if (now.active + pending.active + invited > guard.limit) return Errc::stale;
    }
  }
  return done;
}

/// Makes all allocations, so that change() cannot fail.
Errc Commit::make_ready() noexcept {
  if (!changes_.actor.empty()) actor_ = core_.search(changes_.actor);
  for (const WrittenOrganization* at = organizations_; at < organizations_ + changes_.organizations.size(); ++at)
    if (MemberCounter* const member_counter = core_.counted(at->handle))
      if (!member_counter->reserve(changes_.roles.size())) return Errc::out_of_memory;
  for (const MemberChanged& changed : changes_.changed) {
    const WrittenOrganization& in = organizations_[changed.organization];
    const WrittenAccount& who = accounts_[changed.account];
    const bool leaves = changed.state == MembershipState::removed;
    const MemberRecord& record = *membership(changed.organization, changed.account);
    if (!leaves || changes_.keeps_tombstones) {
      if (core_.histories.find(in.handle, who.handle) == nullptr) {
        HistoryEntry* const history = core_.histories.put(in.handle, who.handle);
        if (history == nullptr) return Errc::out_of_memory;
        history->written_at = record.time();  // the entry stays if the commit fails later
      }
      if (leaves && core_.make_member_counter(in.handle) == nullptr) return Errc::out_of_memory;
    }
    const bool returns = record.removed() && !leaves;
    if (returns && !core_.lists.append(who.record->organizations_joined, in.handle, 0)) return Errc::out_of_memory;
    ++joined_;
  }
  return done;
}

void Commit::undo_ready() noexcept {
  while (joined_ > 0) {
    const MemberChanged& changed = changes_.changed[--joined_];
    if (changed.state != MembershipState::removed && membership(changed.organization, changed.account)->removed())
      core_.lists.pop(accounts_[changed.account].record->organizations_joined);
  }
}

void Commit::remove(const MemberChanged& changed) noexcept {
  const WrittenOrganization& in = organizations_[changed.organization];
  const WrittenAccount& who = accounts_[changed.account];
  if (!changes_.keeps_tombstones) return core_.erase_member(in.handle, in.record->members.find(who.handle, who.hash));
  MemberRecord& record = *membership(changed.organization, changed.account);
  HistoryEntry& history = *core_.histories.find(in.handle, who.handle);
  history.by = actor_;
  history.before = record.idempotency_key;
  history.written_at = std::max(history.written_at, changes_.at);
  if (MemberCounter* const member_counter = core_.counted(in.handle))
    member_counter->leave(record.state(), record.role(), record.sets_expiry(), core_.invitation_end(in.handle, record),
                          who.record->disabled);
  record.idempotency_key = remembered(changes_.idempotency_key, changed.fingerprint);
  history.invitation_until = record.is_invited() ? history.written_at : Time{};
  record.move_to(MembershipState::removed, record.sets_expiry(), false);
  ++core_.member_counters[in.handle]->removed;
  core_.lists.erase(who.record->organizations_joined, in.handle);
  --core_.memberships;
}

void Commit::change() noexcept {
  for (const MemberChanged& changed : changes_.changed) {
    if (changed.state == MembershipState::removed) {
      remove(changed);
      continue;
    }
    const WrittenOrganization& in = organizations_[changed.organization];
    const Handle who = accounts_[changed.account].handle;
    const bool disabled = accounts_[changed.account].record->disabled;
    MemberRecord& record = *membership(changed.organization, changed.account);
    const std::uint16_t role = core_.written_roles[changed.role];
    const bool sets_expiry = will_end(changed, record);
    const Time end = core_.invitation_end(in.handle, record), next_end = next_invitation_end(changed, end);
    if (MemberCounter* const member_counter = core_.counted(in.handle)) {
      member_counter->leave(record.state(), record.role(), record.sets_expiry(), end, disabled);
      member_counter->enter(changed.state, role, sets_expiry, next_end, disabled);
    }
    if (record.removed()) {
      --core_.member_counters[in.handle]->removed;
      ++core_.memberships;
    }
    if (changed.new_identity) record.id = changed.new_id;
    record.time_and_role = MemberRecord::pack(changed.new_identity ? changes_.at : record.time(), role);
    const IdempotencyKey before = record.idempotency_key;
    const bool suspends = changed.state == MembershipState::suspended && record.state() != changed.state;
    const bool returned = changed.returns() || (record.returned() && !suspends);
    record.idempotency_key = remembered(changes_.idempotency_key, changed.fingerprint);
    record.move_to(changed.state, sets_expiry, returned);
    HistoryEntry& history = *core_.histories.find(in.handle, who);
    history.written_at = std::max(history.written_at, changes_.at);
    if (changed.sets_expiry) history.valid_until = changes_.valid_until;
    history.invitation_until = next_end;
    if (suspends || changed.returns()) history.before = before;
    if (suspends || changed.returns()) history.by = actor_;
    if (changed.invites()) history.by = changes_.host_invites ? no_handle : actor_;
    if (changed.state == MembershipState::active) history.by = no_handle;  // an active membership stores no actor
  }
}

/// True if the membership has an expiry after the change.
bool Commit::will_end(const MemberChanged& changed, const MemberRecord& record) const noexcept {
  return changed.sets_expiry ? changes_.valid_until != Time{} : record.sets_expiry();
}

/// The end of the invitation after the change; 0 in every other state.
Time Commit::next_invitation_end(const MemberChanged& changed, Time present) const noexcept {
  if (changed.state != MembershipState::invited) return Time{};
  return changed.sets_invitation_end ? changes_.invitation_until : present;
}

/// Counts the added memberships in the numbers of their organizations.
void Commit::count() noexcept {
  if (core_.member_counters.empty()) return;
  for (const MemberAdded& added : changes_.added)
    if (MemberCounter* const member_counter = core_.counted(organizations_[added.organization].handle))
      member_counter->enter(added.state, core_.written_roles[added.role], changes_.valid_until != Time{},
                            changes_.invitation_until, accounts_[added.account].record->disabled);
}

}  // namespace memory
}  // namespace roster::inline ROSTER_ABI
