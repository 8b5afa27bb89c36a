// The reason why validate_facts() fails, for the adapter author.
#include "test_context.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

std::string sizes(const char* of, std::size_t found, std::uint64_t wanted) {
  return "there are " + std::to_string(found) + " " + of + ", and should be " + std::to_string(wanted);
}

std::string violation_of_groups(const Query& query, const Facts& facts) {
  if (facts.groups.size() != query.groups.size()) return sizes("groups", facts.groups.size(), query.groups.size());
  std::size_t accounts = 0;
  for (const GroupFact& group : facts.groups) accounts += group.accounts;
  if (accounts != facts.group_accounts.size())
    return sizes("accounts in `group_accounts`", facts.group_accounts.size(), accounts);
  return "a group that is not there has accounts, or an account of a group has no id";
}

std::string violation_of(const OrganizationFact& fact, std::size_t at, std::size_t rows, const Facts& facts) {
  const std::string which = "organization " + std::to_string(at) + " ";
  if (fact.id.empty()) return at < rows ? "" : which + "is appended as a parent, and has no id";
  if (fact.actor_is_member && fact.actor_role >= facts.roles.size())
    return which + "has an `actor_role` not in `roles`";
  if (fact.parent == no_index) return "";
  if (fact.parent == at) return which + "is its own parent";
  const bool there = fact.parent < facts.organizations.size() && !facts.organizations[fact.parent].id.empty();
  return there ? "" : which + "has a `parent` that is none of the organizations";
}

std::string violation_of(const MembershipFact& fact, std::size_t at, const MembershipFact* before, const Facts& facts) {
  const std::string which = "membership " + std::to_string(at) + " ";
  if (fact.organization >= facts.organizations.size() || facts.organizations[fact.organization].id.empty())
    return which + "is in an organization that is not there";
  if (fact.account >= facts.accounts.size() || facts.accounts[fact.account].id.empty())
    return which + "is of an account that is not there";
  if (fact.role >= facts.roles.size()) return which + "has a `role` not in `roles`";
  if (fact.id.empty()) return which + "has no id";
  if (before != nullptr && (before->organization > fact.organization ||
                            (before->organization == fact.organization && before->account >= fact.account)))
    return which + "does not come after the one before it by (organization, account)";
  return "";
}

}  // namespace

std::string describe_violation(const Query& query, const Facts& facts) {
  if (!query.groups.empty()) return violation_of_groups(query, facts);
  const std::size_t rows = query.organizations.size(), count = facts.organizations.size();
  if (count < rows || (!query.parents && count > rows)) return sizes("organizations", count, rows);
  if (count > 2 * rows) return "there are more parents than rows";
  if (facts.accounts.size() != query.columns()) return sizes("accounts", facts.accounts.size(), query.columns());
  if (const auto wanted = std::uint64_t{count} * query.roles.size(); facts.wanted_roles.size() != wanted)
    return sizes("wanted roles", facts.wanted_roles.size(), wanted);
  for (std::size_t i = 0; i < count; ++i)
    if (const auto text = violation_of(facts.organizations[i], i, rows, facts); !text.empty()) return text;
  for (std::size_t i = 0; i < facts.memberships.size(); ++i)
    if (const auto text = violation_of(facts.memberships[i], i, i == 0 ? nullptr : &facts.memberships[i - 1], facts);
        !text.empty())
      return text;
  if (query.inviters && facts.inviters.size() != facts.memberships.size())
    return sizes("inviters", facts.inviters.size(), facts.memberships.size());
  return "a wanted role, a state or an inviter's role is out of its range";
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
