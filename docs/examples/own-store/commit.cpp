// Checks everything, writes everything to a copy, and replaces the tables by the copy. A failure before that has
// written nothing.
#include "map_store.hpp"

using namespace roster;

namespace {

class Commit {
 public:
  /// `before` are the current tables, and `after` is a copy of them.
  Commit(const Tables& before, Tables& after, const ChangeSet& changes)
      : before_(before), after_(after), changes_(changes) {}

  bool succeeds() {
    for (const Guard& guard : changes_.guards)
      if (!holds(guard)) return false;
    for (const AccountCreated& created : changes_.created)
      if (!create(created)) return false;
    for (std::uint32_t i = 0; i < changes_.added.size(); ++i)
      if (!add(changes_.added[i], changes_.added_ids[i])) return false;
    for (const MemberChanged& changed : changes_.changed)
      if (!change(changed)) return false;
    for (const Guard& guard : changes_.guards)
      if (!is_within(guard)) return false;
    if (changes_.records_owner_roles)
      after_.owner_roles.insert(changes_.owner_roles.begin(), changes_.owner_roles.end());
    return true;
  }

 private:
  const OrganizationId& organization(std::uint32_t i) const { return changes_.organizations[i].id; }
  AccountId account(std::uint32_t i) const {
    const auto known = static_cast<std::uint32_t>(changes_.accounts.size());
    return i < known ? changes_.accounts[i].id : changes_.created[i - known].id;
  }
  Version next_version() { return Version{++after_.last_version}; }

  const MemberRow* member(const OrganizationId& in, const AccountId& who) const {
    const auto at = before_.members.find({in, who});
    return at == before_.members.end() ? nullptr : &at->second;
  }
  /// True if the account is enabled, and its membership is active and still has that version.
  bool may_act(const OrganizationId& in, const AccountId& who, Version version) const {
    const MemberRow* const row = member(in, who);
    return row != nullptr && row->state == MembershipState::active && row->version == version &&
           before_.is_enabled(who);
  }

  /// True if the guarded record still has the version that was read.
  bool holds(const Guard& guard) const {
    const bool in_organization = guard.record != Guard::Record::account;
    const OrganizationId in = in_organization ? organization(guard.organization) : OrganizationId();
    switch (guard.record) {
      case Guard::Record::organization: {
        const auto at = before_.organizations.find(in);
        return at != before_.organizations.end() && at->second.version == guard.version;
      }
      case Guard::Record::account: {
        const auto at = before_.accounts.find(account(guard.account));
        return at != before_.accounts.end() && at->second.version == guard.version;
      }
      case Guard::Record::membership: {
        const MemberRow* const row = member(in, account(guard.account));
        return row != nullptr && row->version == guard.version;
      }
      case Guard::Record::actor: return may_act(in, changes_.actor, guard.version);
      case Guard::Record::inviter: {
        const MemberRow* const row = member(in, account(guard.account));
        return row != nullptr && !row->by.empty() && may_act(in, row->by, guard.version);
      }
      case Guard::Record::seats:
      case Guard::Record::owners: return true;  // checked after the writes: is_within()
    }
    return false;
  }

  /// Checks a bound on the state after the writes.
  bool is_within(const Guard& guard) const {
    if (guard.record != Guard::Record::seats && guard.record != Guard::Record::owners) return true;
    const OrganizationId& in = organization(guard.organization);
    const auto record = after_.organizations.find(in);
    if (record == after_.organizations.end()) return false;
    const RoleMeaning counted{changes_};
    std::uint32_t seated = 0, owners = 0;
    for (auto at = after_.members.lower_bound({in, {}}); at != after_.members.end() && at->first.first == in; ++at) {
      const MemberRow& row = at->second;
      const bool pending = row.state == MembershipState::invited && !has_expired(row.invitation_until, changes_.at);
      const bool seats = row.state == MembershipState::active || (pending && changes_.invited_occupy_seats);
      if (seats && counted.takes_seat(record->second, row.role)) ++seated;
      if (row.state != MembershipState::active) continue;
      const bool lasts = row.valid_until == Time{} && after_.is_enabled(at->first.second);
      if (lasts && counted.owns(record->second, row.role)) ++owners;
    }
    return guard.record == Guard::Record::seats ? seated <= guard.limit : owners > 0;
  }

  bool create(const AccountCreated& created) {
    Tables::Account row{{.id = created.id, .invited = created.invited}, next_version()};
    if (created.email != nullptr) {
      row.record.email = *created.email;
      if (!after_.emails.insert({std::string(created.email->key()), created.id}).second) return false;
    }
    return after_.accounts.insert({created.id, row}).second;
  }

  bool add(const MemberAdded& added, const MembershipId& id) {
    const Tables::Pair pair(organization(added.organization), account(added.account));
    if (!after_.organizations.contains(pair.first) || !after_.accounts.contains(pair.second)) return false;
    MemberRow row;
    row.id = id;
    row.role = changes_.roles[added.role];
    row.state = added.state;
    row.version = next_version();
    row.idempotency_key = remembered(changes_.idempotency_key, added.fingerprint);
    row.valid_until = changes_.valid_until;
    row.written_at = changes_.at;
    if (added.state == MembershipState::invited) {
      row.by = changes_.inviter();
      row.invitation_until = changes_.invitation_until;
    }
    return after_.member_ids.insert({id, pair}).second && after_.members.insert({pair, row}).second;
  }

  bool change(const MemberChanged& changed) {
    const Tables::Pair pair(organization(changed.organization), account(changed.account));
    const auto at = after_.members.find(pair);
    if (at == after_.members.end()) return false;
    MemberRow& row = at->second;
    if (row.id != changed.id || row.version != changed.version) return false;
    if (changed.state == MembershipState::removed && !changes_.keeps_tombstones) {
      after_.member_ids.erase(row.id);
      after_.members.erase(at);
      return true;
    }
    if (changed.new_identity) {
      after_.member_ids.erase(row.id);
      if (!after_.member_ids.insert({changed.new_id, pair}).second) return false;
      row.id = changed.new_id;
    }
    const bool ends = changed.state == MembershipState::suspended || changed.state == MembershipState::removed;
    if ((ends && changed.state != row.state) || changed.returns()) row.before = row.idempotency_key;
    if (changed.sets_invitation_end) row.invitation_until = changes_.invitation_until;
    if (changed.state != MembershipState::invited) {
      row.by = {};
      const bool ends_invitation = row.state == MembershipState::invited && changed.state == MembershipState::removed;
      row.invitation_until = ends_invitation ? std::max(row.written_at, changes_.at) : Time{};
    }
    if (changed.invites()) row.by = changes_.inviter();
    if (changed.sets_expiry) row.valid_until = changes_.valid_until;
    row.role = changes_.roles[changed.role];
    row.state = changed.state;
    row.written_at = std::max(row.written_at, changes_.at);
    row.version = next_version();
    row.idempotency_key = remembered(changes_.idempotency_key, changed.fingerprint);
    return true;
  }

  const Tables& before_;
  Tables& after_;
  const ChangeSet& changes_;
};

}  // namespace

Result<void> MapStore::commit(const ChangeSet& changes) {
  const std::lock_guard unit(lock_);
  Tables after = tables_;
  if (!Commit(tables_, after, changes).succeeds()) return Errc::stale;
  tables_ = std::move(after);
  return success();
}
