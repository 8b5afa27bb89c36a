#include "twin.hpp"

#include <set>
#include <sstream>

namespace roster_test {

using namespace roster;

namespace {

std::string words(const Facts& facts, RoleIndex index) {
  if (index == no_role) return "-";
  if (index >= facts.roles.size()) return "beyond the dictionary";
  const Role& role = facts.roles[index];
  return std::string(role.id.view()) + ":" + std::to_string(role.rank) + (role.assignable ? "a" : "") +
         (role.manages ? "m" : "") + (role.owns ? "o" : "");
}

std::string member(const Query& query, const Facts& facts, std::uint32_t at) {
  const MembershipFact& fact = facts.memberships[at];
  const UuidText id = fact.id.text();
  std::string line = "  member " + std::to_string(fact.account) + " " + std::string(id.data(), id.size()) + " " +
                     words(facts, fact.role) + " " + std::to_string(static_cast<unsigned>(fact.state)) +
                     (fact.written_by_request() ? " written" : "") + (fact.outdated ? " outdated" : "") + " until " +
                     std::to_string(static_cast<std::int64_t>(fact.valid_until));
  if (query.inviters) {
    const InviterFact& inviter = facts.inviters[at];
    line += inviter.known ? " inviter" : "";
    if (inviter.is_member)
      line +=
          " " + words(facts, inviter.role) + " until " + std::to_string(static_cast<std::int64_t>(inviter.valid_until));
  }
  return line + "\n";
}

}  // namespace

std::string words(const Query& query, const Facts& facts) {
  std::ostringstream all;
  std::multiset<std::string> parents;  // they may come in any order
  for (std::uint32_t i = 0; i < facts.organizations.size(); ++i) {
    std::ostringstream out;
    const OrganizationFact& fact = facts.organizations[i];
    out << "organization " << fact.id.view();
    if (fact.id.empty()) {
      all << out.str() << " not found\n";
      continue;
    }
    if (i < query.rows() && fact.parent != no_index) out << " in " << facts.organizations[fact.parent].id.view();
    out << (fact.joinable ? "" : " closed");
    if (fact.actor_is_member)
      out << " actor " << words(facts, fact.actor_role) << " until "
          << static_cast<std::int64_t>(fact.actor_valid_until);
    if (query.counts)
      out << " seats " << fact.counts.seats_max << " active " << fact.counts.active << " invited "
          << fact.counts.invited << " owners " << fact.counts.owners;
    for (std::size_t j = 0; j < query.roles.size(); ++j)
      out << " " << words(facts, facts.wanted_roles[i * query.roles.size() + j]);
    out << "\n";
    for (std::uint32_t j = 0; j < facts.memberships.size(); ++j)
      if (facts.memberships[j].organization == i) out << member(query, facts, j);
    if (i < query.rows())
      all << out.str();
    else
      parents.insert(out.str());
  }
  for (const std::string& parent : parents) all << parent;
  for (const AccountFact& fact : facts.accounts)
    all << "account " << fact.id.view() << (fact.disabled ? " disabled" : "") << (fact.invited ? " invited" : "")
        << (fact.verified ? " verified" : "") << "\n";
  for (const GroupFact& fact : facts.groups) all << "group " << fact.found << " " << fact.accounts << "\n";
  for (const AccountId& id : facts.group_accounts) all << "of a group " << id.view() << "\n";
  return all.str();
}

Result<void> Twin::fetch(const Query& query, Facts& facts) {
  ++fetches;
  others_.clear();
  const auto first = first_.fetch(query, facts), second = second_.fetch(query, others_);
  if (first.has_value() != second.has_value()) wrong += "one could not answer\n";
  if (!first || !second) return first ? second : first;
  if (!check_shape(query, others_)) wrong += "the second's answer has not the shape of the query\n";
  const std::string a = roster_test::words(query, facts), b = roster_test::words(query, others_);
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
  other.invited_sits = changes.invited_sits;
  other.keeps_removed = changes.keeps_removed;
  other.actor = changes.actor;
  other.request = changes.request;
  other.at = changes.at;
  other.valid_until = changes.valid_until;
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
