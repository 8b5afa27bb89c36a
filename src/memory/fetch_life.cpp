// Facts that only some commands request: the numbers of members, the inviters, and whether a request is older than a
// removal or a return.
#include "fetch.hpp"

ROSTER_BEGIN
namespace memory {

bool Fetch::counts(OrganizationFact& fact, Handle handle) noexcept {
  const Headcount* const headcount = core_.count(handle);
  if (headcount == nullptr) return false;
  fact.counts = {headcount->seats_max, headcount->active, headcount->invited, core_.owners(handle, query_.owner_roles)};
  return true;
}

/// When it ends by itself, and whether the request is older than its suspension, removal or return.
void Fetch::see_trace(MembershipFact& fact, const MemberRecord& record) noexcept {
  const Handle in = handle_of(facts_.organizations[fact.organization].locator);
  const Trace* const trace = core_.traces.find(in, record.account);
  if (trace == nullptr) return;
  if (record.dated()) fact.valid_until = trace->valid_until;
  if (!record.moved()) return;
  const bool wrote = !query_.request.empty() && same_request(trace->before, query_.request);
  if (wrote && fact.match == RequestMatch::none) {
    fact.match = RequestMatch::before;
    fact.fingerprint = fingerprint_of(trace->before);
  }
  fact.outdated = wrote || (query_.asked_at != Time{} && query_.asked_at <= trace->at);
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
    const Trace* const trace = core_.traces.find(in, who);
    if (trace == nullptr || trace->by == no_handle) continue;
    InviterFact& inviter = facts_.inviters[i];
    inviter.known = true;
    const Organization& organization = core_.organizations[in];
    const std::uint32_t at = organization.members.find(trace->by, core_.hasher.handle(trace->by));
    if (at == Members::none || !organization.members[at].active()) continue;
    inviter.is_member = true;
    inviter.version = organization.members[at].version();
    inviter.valid_until = core_.ends_at(in, organization.members[at]);
    see_row(organization);
    if (!role(organization, organization.members[at].role(), inviter.role)) return Errc::out_of_memory;
  }
  return done;
}

}  // namespace memory
ROSTER_END
