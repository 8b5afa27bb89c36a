#include "twin.hpp"

#include "support/fixture.hpp"

namespace roster_test {

using namespace roster;

Result<void> Twin::fetch(const Query& query, Facts& facts) {
  ++fetches;
  others_.clear();
  const auto first = first_.fetch(query, facts), second = second_.fetch(query, others_);
  if (first.has_value() != second.has_value()) wrong += "one could not answer\n";
  if (!first || !second) return first ? second : first;
  if (!validate_facts(query, others_)) wrong += "the second's answer has not the shape of the query\n";
  const std::string a = all_of(query, facts), b = all_of(query, others_);
  if (a != b) wrong += "the first answered:\n" + a + "the second:\n" + b;
  return first;
}

Version Twin::other_version(const Guard& guard) const {
  switch (guard.record) {
    case Guard::Record::organization: return others_.organizations[guard.organization].version;
    case Guard::Record::account: return others_.accounts[guard.account].version;
    case Guard::Record::actor: return others_.organizations[guard.organization].actor_version;
    case Guard::Record::membership:
    case Guard::Record::inviter:
      for (std::uint32_t i = 0; i < others_.memberships.size(); ++i) {
        const MembershipFact& fact = others_.memberships[i];
        if (fact.organization == guard.organization && fact.account == guard.account)
          return guard.record == Guard::Record::inviter ? others_.inviters[i].version : fact.version;
      }
      return Version{0};
    default: return Version{};
  }
}

Result<void> Twin::commit(const ChangeSet& changes) {
  ++commits;
  ChangeSet other;
  other.organizations = others_.organizations.span();
  other.accounts = others_.accounts.span();
  bool copied = other.roles.assign(changes.roles.span()) && other.guards.assign(changes.guards.span()) &&
                other.created.assign(changes.created.span()) && other.added_ids.assign(changes.added_ids.span()) &&
                other.added.assign(changes.added.span()) && other.changed.assign(changes.changed.span());
  other.owner_roles = changes.owner_roles;
  other.free_roles = changes.free_roles;
  other.records_owner_roles = changes.records_owner_roles;
  other.invited_occupy_seats = changes.invited_occupy_seats;
  other.host_invites = changes.host_invites;
  other.keeps_tombstones = changes.keeps_tombstones;
  other.actor = changes.actor;
  other.idempotency_key = changes.idempotency_key;
  other.at = changes.at;
  other.valid_until = changes.valid_until;
  other.invitation_until = changes.invitation_until;
  for (Guard& guard : other.guards) guard.version = other_version(guard);
  for (MemberChanged& changed : other.changed)
    changed.version = other_version(Guard{Guard::Record::membership, changed.organization, changed.account});
  if (!copied) return Errc::out_of_memory;
  const auto first = first_.commit(changes), second = second_.commit(other);
  if (first.has_value() != second.has_value())
    wrong += "the first said " + std::string(first ? "done" : name(first.error().code)) + ", the second " +
             std::string(second ? "done" : name(second.error().code)) + " " +
             std::to_string(second ? 0 : second.error().detail) + "\n";
  else if (!first && first.error().code != second.error().code)
    wrong += "they failed in different ways\n";
  if (!first && first.error().code == Errc::stale) ++stale;
  return first;
}

}  // namespace roster_test
