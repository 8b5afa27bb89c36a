// Creates the host's records, changes single fields of them, and keeps the changes of two workers apart.
#include <cstdio>

#include "roster/roster.hpp"

using namespace roster;

namespace {

const OrganizationId acme("acme");
const AccountId ann("ann");

// start begins
/// Creates the records of the host. Runs at each start.
Result<void> start(RecordStore& store) {
  const Result<Version> created[] = {store.put_organization({.id = acme, .seats_max = 2}),
                                     store.put_account({.id = ann, .username = Username("ann")})};
  for (const Result<Version>& put : created)
    if (!put && put.error().code != Errc::exists) return put.error();  // `exists`: it was changed since, and stays so
  return success();
}
// start ends

// fields begins
/// Verifies a new address. Both fields are written, or neither. All other fields stay as they are.
Result<Version> verify(RecordStore& store, const AccountId& account, const Email& address) {
  return store.change_account(account, {.email = address, .verified = true}, any_version);
}
// fields ends

// seats begins
/// Adds seats to an organization, while other workers may do the same.
Result<Version> add_seats(RecordStore& store, const OrganizationId& organization, std::uint32_t more) {
  for (;;) {
    const auto found = store.organization(organization);
    if (!found) return found.error();
    if (!found.value()) return Errc::not_found;
    const OrganizationChange change{.seats_max = found.value()->seats_max + more};
    const auto changed = store.change_organization(organization, change, found.value()->version);
    if (changed || changed.error().code != Errc::stale) return changed;  // `stale`: another worker was first
  }
}
// seats ends

// erase begins
/// Erases an organization whose members are removed. A member who is left, or an organization inside, is an error.
Result<void> erase(RecordStore& store, const OrganizationId& organization) {
  const auto found = store.organization(organization);
  if (!found) return found.error();
  if (!found.value()) return success();  // an earlier attempt erased it, and its answer was lost
  return store.erase_organization(organization, found.value()->version);
}
// erase ends

// forget begins
/// Erases a person who has asked for it. Nothing in the store names the account afterwards.
Result<void> forget(RecordStore& store, const AccountId& account) {
  const auto found = store.account(account);
  if (!found) return found.error();
  if (!found.value()) return success();  // an earlier attempt erased it, and its answer was lost
  return store.erase_account(account, found.value()->version, Mentions::erase);
}
// forget ends

// exchange begins
/// Two accounts exchange their addresses. Each change has the version that was read.
Result<void> exchange(RecordStore& store, const AccountRecord& one, const AccountRecord& other) {
  AccountUpdate updates[] = {
      {one.id, {.email = other.email, .verified = other.verified}, one.version},
      {other.id, {.email = one.email, .verified = one.verified}, other.version},
  };
  return store.change_accounts(updates);
}
// exchange ends

// claim begins
/// Gives a proven address to an account. `has_members`: the placeholder has memberships, and keeps the address.
Result<Version> claim(RecordStore& store, const AccountRecord& account, const Email& address) {
  const auto holder = store.account(address);
  if (!holder) return holder.error();
  if (holder.value() && holder.value()->id != account.id) {
    if (!holder.value()->invited) return Errc::exists;  // another person has it
    const auto erased = store.erase_account(holder.value()->id, holder.value()->version, Mentions::erase);
    if (!erased) return erased.error();
  }
  return store.change_account(account.id, {.email = address, .verified = true}, account.version);
}
// claim ends

bool is(const Result<Version>& result, Errc code) {
  return !result && result.error().code == code;
}

}  // namespace

int main() {
  MemoryStore store;
  if (!start(store) || !start(store)) return 1;
  const auto address = Email::parse("ann@acme.example"), other = Email::parse("ann.lee@acme.example");
  if (!address || !other || !verify(store, ann, address.value())) return 1;

  // workers begins
  // Two workers read one account. One disables it, and the other stores a new address later.
  const auto first = store.account(ann), second = store.account(ann);
  if (!first || !first.value() || !second || !second.value()) return 1;
  const auto disabled = store.change_account(ann, {.disabled = true}, first.value()->version);
  AccountRecord renamed = *second.value();
  renamed.email = other.value();
  const auto put = store.put_account(renamed);  // stale: nothing is written, and the account stays disabled
  // workers ends
  if (!disabled || !is(put, Errc::stale)) return 1;

  // chain begins
  // A chain of changes passes on the version that each call returns.
  const auto enabled = store.change_account(ann, {.disabled = false}, disabled.value());
  const auto moved = enabled ? store.change_account(ann, {.email = other.value()}, enabled.value()) : enabled;
  // chain ends
  const auto now = store.account(ann);
  if (!moved || !now || !now.value() || now.value()->disabled || now.value()->verified) return 1;

  if (!add_seats(store, acme, 8) || !start(store)) return 1;  // a later start keeps the seats
  const auto seats = store.organization(acme);
  if (!seats || !seats.value() || seats.value()->seats_max != 10) return 1;
  // One claims the address of a placeholder, and exchanges it with another one.
  const AccountId ben("ben"), guest("guest");
  const auto wanted = Email::parse("lee@acme.example");
  if (!wanted || !store.put_account({.id = guest, .email = wanted.value(), .invited = true})) return 1;
  if (!store.put_account({.id = ben}) || !claim(store, *store.account(ben).value(), wanted.value())) return 1;
  if (!exchange(store, *store.account(ann).value(), *store.account(ben).value())) return 1;
  if (store.account(wanted.value()).value()->id != ann || store.account(guest).value()) return 1;

  if (!erase(store, acme) || !erase(store, acme) || store.organization(acme).value()) return 1;
  if (!forget(store, ann) || !forget(store, ann) || store.account(ann).value()) return 1;
  std::printf("acme has 10 seats, and ann is enabled\n");
  return 0;
}
