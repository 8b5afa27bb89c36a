// Facts that only some commands request: member counts, inviters, and `outdated`, for a request older than the last
// write of a membership.
#include "fetch.hpp"

namespace roster::inline ROSTER_ABI {
namespace memory {

bool Fetch::counts(OrganizationFact& fact, Handle handle) noexcept {
  if (core_.count(handle) == nullptr) return false;
  fact.counts = core_.counts(handle, query_, query_.now);
  return true;
}

/// Reads the two ends, and sets `outdated` if the request is older than the last write.
void Fetch::read_history(MembershipFact& fact, const MemberRecord& record) noexcept {
  const Handle in = handle_of(facts_.organizations[fact.organization].locator);
  const HistoryEntry* const history = core_.histories.find(in, record.account);
  // Without an entry, the add was the last write. Its time is rounded down to a millisecond. So no younger request is
  // outdated, and an older one is missed only within the millisecond of the add.
  const Time written_at = history != nullptr ? history->written_at : record.time();
  fact.outdated = query_.asked_at != Time{} && query_.asked_at <= written_at;
  if (history == nullptr) return;
  if (record.sets_expiry()) fact.valid_until = history->valid_until;
  if (record.is_invited() || record.removed()) fact.invitation_until = history->invitation_until;
  if (!record.moved() || query_.idempotency_key.empty() || !same_request(history->before, query_.idempotency_key))
    return;
  fact.outdated = true;
  if (fact.match != RequestMatch::none) return;
  fact.match = RequestMatch::before;
  fact.fingerprint = fingerprint_of(history->before);
}

/// The inviters of pending invitations, by their current memberships.
Errc Fetch::inviters() noexcept {
  if (!query_.inviters) return done;
  if (!facts_.inviters.resize(facts_.memberships.size(), InviterFact{})) return Errc::out_of_memory;
  for (std::uint32_t i = 0; i < facts_.memberships.size(); ++i) {
    const MembershipFact& fact = facts_.memberships[i];
    if (fact.state != MembershipState::invited) continue;
    const Handle in = handle_of(facts_.organizations[fact.organization].locator);
    const Handle who = handle_of(facts_.accounts[fact.account].locator);
    const HistoryEntry* const history = core_.histories.find(in, who);
    if (history == nullptr || history->by == no_handle) continue;
    InviterFact& inviter = facts_.inviters[i];
    inviter.id = core_.account_id(history->by);
    if (core_.accounts[history->by].disabled) continue;
    const Organization& organization = core_.organizations[in];
    const std::uint32_t at = organization.members.find(history->by, core_.hasher.handle(history->by));
    if (at == Members::none || !organization.members[at].active()) continue;
    inviter.is_member = true;
    inviter.version = organization.members[at].version();
    inviter.valid_until = core_.ends_at(in, organization.members[at]);
    read_row(organization);
    if (!role(organization, organization.members[at].role(), inviter.role)) return Errc::out_of_memory;
  }
  return done;
}

}  // namespace memory
}  // namespace roster::inline ROSTER_ABI
