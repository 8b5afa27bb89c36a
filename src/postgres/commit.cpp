// PostgresStore::commit: a change set, checked and written in one round trip. This file has the order of the rows, the
// locks and the checks; commit_writes.cpp has the writes.
#include "postgres/commit.hpp"

#include <algorithm>
#include <compare>
#include <numeric>

#include "postgres/state.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

namespace {

bool is_bound(const Guard& guard) noexcept {
  return guard.record == Guard::Record::seats || guard.record == Guard::Record::owners;
}
bool is_about_a_membership(const Guard& guard) noexcept {
  return guard.record == Guard::Record::membership || guard.record == Guard::Record::actor ||
         guard.record == Guard::Record::inviter;
}
std::string_view email_key(const AccountCreated& created) noexcept {
  return created.email == nullptr ? std::string_view() : created.email->key();
}

}  // namespace

/// Sorts entries by the ids of organization and account.
template <class Entries>
bool Commit::sort(const Entries& entries, Order& order) noexcept {
  if (!order.resize_uninitialized(entries.size())) return false;
  std::iota(order.begin(), order.end(), 0u);
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    const std::uint32_t x = entries[a].organization, y = entries[b].organization;
    if (x != y)
      if (const auto order_of = organization(x) <=> organization(y); std::is_neq(order_of)) return std::is_lt(order_of);
    return account(entries[a].account) < account(entries[b].account);
  };
  if (!std::is_sorted(order.begin(), order.end(), before)) std::sort(order.begin(), order.end(), before);
  return true;
}

bool Commit::plan_units() noexcept {
  // Every organization and account with a write is checked, also without a guard.
  SmallVector<bool, 8> organization_met, account_met;
  const std::size_t known = changes_.accounts.size();
  if (!organization_met.resize(changes_.organizations.size(), false) || !account_met.resize(known, false)) return false;
  for (const Guard& guard : changes_.guards) {
    if (guard.record == Guard::Record::organization) organization_met[guard.organization] = true;
    if (guard.record == Guard::Record::account && guard.account < known) account_met[guard.account] = true;
    memberships_ += guard.record == Guard::Record::membership || guard.record == Guard::Record::actor ? 1 : 0;
    inviters_ += guard.record == Guard::Record::inviter ? 1 : 0;
    seats_ += guard.record == Guard::Record::seats ? 1 : 0;
    owners_ += guard.record == Guard::Record::owners ? 1 : 0;
  }
  const auto meet = [&](std::uint32_t organization, std::uint32_t account) noexcept {
    if (!organization_met[organization]) {
      organization_met[organization] = true;
      if (!organizations_.try_push_back(organization)) return false;
    }
    if (account < known && !account_met[account]) {
      account_met[account] = true;
      if (!accounts_.try_push_back(account)) return false;
    }
    return true;
  };
  for (const MemberAdded& added : changes_.added)
    if (!meet(added.organization, added.account)) return false;
  for (const MemberChanged& changed : changes_.changed) {
    if (!meet(changed.organization, changed.account)) return false;
    erased_ += erases(changed) ? 1 : 0;
  }
  if (!changes_.changed.empty() || bounded()) {
    for (const Guard& guard : changes_.guards)
      if (is_bound(guard) || (is_about_a_membership(guard) && !changes_.changed.empty()))
        if (!locked_organizations_.try_push_back(guard.organization)) return false;
    for (const MemberChanged& changed : changes_.changed)
      if (!locked_organizations_.try_push_back(changed.organization)) return false;
    std::sort(locked_organizations_.begin(), locked_organizations_.end(),
              [&](std::uint32_t a, std::uint32_t b) { return organization(a) < organization(b); });
    const auto* const last =
        std::unique(locked_organizations_.begin(), locked_organizations_.end(),
                    [&](std::uint32_t a, std::uint32_t b) { return a == b || organization(a) == organization(b); });
    locked_organizations_.truncate(static_cast<std::uint32_t>(last - locked_organizations_.begin()));
  }
  if (!created_.resize_uninitialized(changes_.created.size())) return false;
  std::iota(created_.begin(), created_.end(), 0u);
  std::sort(created_.begin(), created_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return email_key(changes_.created[a]) < email_key(changes_.created[b]);
  });
  return sort(changes_.added, added_) && sort(changes_.changed, changed_);
}

void Commit::send(Connection& pipeline) noexcept {
  if (is_alone()) return send_alone(pipeline);
  if (!locked_organizations_.empty()) send_turn(pipeline);
  if (!added_.empty()) send_roles(pipeline);  // an entry may be added to an organization that is not locked
  send_check(pipeline);
  if (!created_.empty()) send_created(pipeline);
  if (!changed_.empty() && erased_ != changed_.size()) send_changed(pipeline, false);
  if (erased_ != 0) send_changed(pipeline, true);
  if (!added_.empty()) send_added(pipeline);
  if (bounded()) send_bounds(pipeline);
  if (changes_.records_owner_roles) send_owner_roles(pipeline);
  if (pipeline.options().outbox) send_events(pipeline);
}

void Commit::send_turn(Connection& pipeline) noexcept {
  values_.clear();
  values_.open(Type::text);
  for (const std::uint32_t at : locked_organizations_) values_.text(organization(at));
  values_.close();
  pipeline.send(commit_turn(), values_, locked_organizations_.size());
}

/// Locks the catalog entries of the roles that members are added with. The check behind it sees an erase that it has
/// waited for, by the version of the organization.
void Commit::send_roles(Connection& pipeline) noexcept {
  values_.clear();
  // Runs of entries have one organization and one role.
  const auto each = [&](auto&& put) {
    values_.open(Type::text);
    const MemberAdded* last = nullptr;
    for (const std::uint32_t at : added_) {
      const MemberAdded& it = changes_.added[at];
      if (last == nullptr || last->organization != it.organization || last->role != it.role) put(it);
      last = &it;
    }
    values_.close();
  };
  std::uint64_t count = 0;
  each([&](const MemberAdded& it) {
    values_.text(organization(it.organization));
    ++count;
  });
  each([&](const MemberAdded& it) { values_.text(changes_.roles[it.role]); });
  pipeline.send(commit_roles(), values_, count);
}

void Commit::send_owner_roles(Connection& pipeline) noexcept {
  values_.clear();
  values_.open(Type::text);
  for (const RoleId& role : changes_.owner_roles) values_.text(role);
  values_.close();
  pipeline.send(record_owner_roles(), values_, changes_.owner_roles.size());
}

// ---- checks

/// Two arrays: ids and required versions. A NULL version requires only that the record exists.
void Commit::put_versions(const Order& unguarded, Guard::Record record) noexcept {
  const bool of_organizations = record == Guard::Record::organization;
  values_.open(Type::text);
  for (const Guard& guard : changes_.guards)
    if (guard.record == record) {
      if (of_organizations)
        values_.text(organization(guard.organization));
      else
        values_.text(account(guard.account));
    }
  for (const std::uint32_t at : unguarded) {
    if (of_organizations)
      values_.text(organization(at));
    else
      values_.text(account(at));
  }
  values_.close();
  values_.open(Type::int8);
  for (const Guard& guard : changes_.guards)
    if (guard.record == record) values_.int8(number(guard.version));
  for (std::uint32_t i = 0; i < unguarded.size(); ++i) values_.null();
  values_.close();
}

void Commit::put_memberships() noexcept {
  const auto each = [&](auto&& put) {
    for (const Guard& guard : changes_.guards)
      if (guard.record == Guard::Record::membership || guard.record == Guard::Record::actor)
        put(guard, guard.record == Guard::Record::actor);
  };
  values_.open(Type::text);
  each([&](const Guard& guard, bool) { values_.text(organization(guard.organization)); });
  values_.close();
  values_.open(Type::text);
  each([&](const Guard& guard, bool actor) { values_.text(actor ? changes_.actor : account(guard.account)); });
  values_.close();
  values_.open(Type::int8);
  each([&](const Guard& guard, bool) { values_.int8(number(guard.version)); });
  values_.close();
  values_.open(Type::boolean);
  each([&](const Guard&, bool actor) { values_.boolean(actor); });
  values_.close();
}

void Commit::put_inviters() noexcept {
  const auto each = [&](auto&& put) {
    for (const Guard& guard : changes_.guards)
      if (guard.record == Guard::Record::inviter) put(guard);
  };
  values_.open(Type::text);
  each([&](const Guard& guard) { values_.text(organization(guard.organization)); });
  values_.close();
  values_.open(Type::text);
  each([&](const Guard& guard) { values_.text(account(guard.account)); });
  values_.close();
  values_.open(Type::int8);
  each([&](const Guard& guard) { values_.int8(number(guard.version)); });
  values_.close();
}

void Commit::send_check(Connection& pipeline) noexcept {
  const std::uint32_t shape = inviters_ != 0      ? checks_memberships | checks_inviters
                              : memberships_ != 0 ? checks_memberships
                                                  : 0u;
  values_.clear();
  put_versions(organizations_, Guard::Record::organization);
  put_versions(accounts_, Guard::Record::account);
  if (shape != 0) put_memberships();
  if (inviters_ != 0) put_inviters();
  pipeline.send(commit_check(shape), values_, changes_.guards.size() + organizations_.size() + accounts_.size());
}

void Commit::send_bounds(Connection& pipeline) noexcept {
  values_.clear();
  values_.open(Type::text);
  for (const Guard& guard : changes_.guards)
    if (guard.record == Guard::Record::seats) values_.text(organization(guard.organization));
  values_.close();
  values_.open(Type::int8);
  for (const Guard& guard : changes_.guards)
    if (guard.record == Guard::Record::seats) values_.int8(guard.limit);
  values_.close();
  values_.open(Type::int2);
  values_.int2(static_cast<std::uint16_t>(MembershipState::active));
  if (changes_.invited_occupy_seats) values_.int2(static_cast<std::uint16_t>(MembershipState::invited));
  values_.close();
  values_.open(Type::text);
  for (const Guard& guard : changes_.guards)
    if (guard.record == Guard::Record::owners) values_.text(organization(guard.organization));
  values_.close();
  values_.open(Type::text);
  for (const RoleId& role : changes_.owner_roles) values_.text(role);
  values_.close();
  values_.int8(static_cast<std::int64_t>(changes_.at));
  if (!changes_.free_roles.empty()) {
    values_.open(Type::text);
    for (const RoleId& role : changes_.free_roles) values_.text(role);
    values_.close();
  }
  const std::uint32_t shape = changes_.counts_by_catalog()  ? bounds_by_catalog
                              : changes_.free_roles.empty() ? 0u
                                                            : bounds_free_roles;
  pipeline.send(commit_bounds(shape), values_, seats_ + owners_);
}

}  // namespace postgres

Result<void> PostgresStore::commit(const ChangeSet& changes) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (!sql::indexes_fit(changes)) return Errc::stale;
  postgres::Commit commit(changes);
  if (!commit.plan_units()) return Errc::out_of_memory;
  postgres::Connection& connection = state_->connection;
  const auto send = [&](postgres::Connection& pipeline) noexcept { commit.send(pipeline); };
  return commit.is_one_statement(connection.options().outbox) ? connection.run_statement(false, send)
                                                              : connection.run(false, send);
}

}  // namespace roster::inline ROSTER_ABI
