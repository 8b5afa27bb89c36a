// Wrong answers of fetch to some forms of query: by one kind of name, through a group, about a parent.
#include "broken.hpp"

namespace broken {

namespace {

using State = MembershipState;

/// Twists the columns that came through groups, and the memberships in them.
Fetch of_groups(std::function<void(AccountFact&)> twist) {
  return answered([twist](const Query& query, Facts& facts) {
    for (std::size_t i = query.accounts.size(); i < facts.accounts.size(); ++i)
      if (!facts.accounts[i].id.empty()) twist(facts.accounts[i]);
  });
}
Fetch of_groups_members(std::function<void(MembershipFact&)> twist) {
  return answered([twist](const Query& query, Facts& facts) {
    for (MembershipFact& fact : facts.memberships)
      if (fact.account >= query.accounts.size()) twist(fact);
  });
}

/// Twists the parents, which are appended to the rows.
Fetch of_parents(std::function<void(OrganizationFact&)> twist) {
  return answered([twist](const Query& query, Facts& facts) {
    for (std::size_t i = query.organizations.size(); i < facts.organizations.size(); ++i) twist(facts.organizations[i]);
  });
}
Fetch of_parents_members(std::function<void(MembershipFact&)> twist) {
  return answered([twist](const Query& query, Facts& facts) {
    for (MembershipFact& fact : facts.memberships)
      if (fact.organization >= query.organizations.size()) twist(fact);
  });
}

/// Twists the records that were queried by a name of one kind.
template <class Name>
Fetch of_accounts_by(std::function<void(AccountFact&)> twist) {
  return answered([twist](const Query& query, Facts& facts) {
    for (std::size_t i = 0; i < query.accounts.size(); ++i)
      if (std::holds_alternative<Name>(query.accounts[i]) && !facts.accounts[i].id.empty()) twist(facts.accounts[i]);
  });
}
template <class Name>
Fetch of_organizations_by(std::function<void(OrganizationFact&)> twist) {
  return answered([twist](const Query& query, Facts& facts) {
    for (std::size_t i = 0; i < query.organizations.size(); ++i)
      if (std::holds_alternative<Name>(query.organizations[i]) && !facts.organizations[i].id.empty())
        twist(facts.organizations[i]);
  });
}

}  // namespace

std::vector<Fault> broken_ways() {
  return {
      {"no account of a group is disabled",
       "facts/accounts-of-groups",
       {"facts/parents"},
       of_groups([](AccountFact& it) { it.disabled = false; })},
      {"no account of a group is verified",
       "facts/accounts-of-groups",
       {"facts/named-twice", "facts/parents"},
       of_groups([](AccountFact& it) { it.verified = false; })},
      {"no account of a group is invited",
       "facts/accounts-of-groups",
       {"facts/named-twice", "facts/parents"},
       of_groups([](AccountFact& it) { it.invited = false; })},
      {"accounts of groups have no version",
       "facts/accounts-of-groups",
       {"facts/named-twice", "facts/parents"},
       of_groups([](AccountFact& it) { it.version = {}; })},
      {"memberships of a group's accounts are left out",
       "facts/accounts-of-groups",
       {"facts/named-twice", "facts/parents", "ids/longest"},
       answered([](const Query& query, Facts& facts) {
         drop_memberships(query, facts, [&](const MembershipFact& it) { return it.account >= query.accounts.size(); });
       })},
      {"no account of a group was written by the request",
       "facts/accounts-of-groups",
       {"facts/named-twice", "facts/parents"},
       of_groups_members([](MembershipFact& it) { it.match = RequestMatch::none; })},
      {"no membership of a group is outdated",
       "facts/accounts-of-groups",
       {"facts/named-twice", "facts/parents"},
       of_groups_members([](MembershipFact& it) { it.outdated = false; })},
      {"the accounts of a group have no inviter",
       "facts/accounts-of-groups",
       {"facts/named-twice", "facts/parents"},
       answered([](const Query& query, Facts& facts) {
         for (std::uint32_t i = 0; i < facts.inviters.size(); ++i)
           if (facts.memberships[i].account >= query.accounts.size()) facts.inviters[i] = {};
       })},
      {"an account that is queried by address is not disabled",
       "facts/any-name",
       {},
       of_accounts_by<Email>([](AccountFact& it) { it.disabled = false; })},
      {"an account that is queried by username is verified",
       "facts/any-name",
       {"facts/named-twice"},
       of_accounts_by<Username>([](AccountFact& it) { it.verified = true; })},
      {"an account that is queried by username has no version",
       "facts/any-name",
       {"facts/named-twice"},
       of_accounts_by<Username>([](AccountFact& it) { it.version = {}; })},
      {"there is no actor where a slug is queried",
       "facts/any-name",
       {"facts/named-twice"},
       of_organizations_by<Slug>([](OrganizationFact& it) { it.actor_is_member = false; })},
      {"an organization that is queried by slug is joinable",
       "facts/any-name",
       {"connections/puts", "facts/named-twice"},
       of_organizations_by<Slug>([](OrganizationFact& it) { it.joinable = true; })},
      {"an organization that is queried by slug is open",
       "closed/facts",
       {"connections/puts", "facts/any-name", "facts/named-twice"},
       of_organizations_by<Slug>([](OrganizationFact& it) { it.closed = false; })},
      {"a nested organization is open", "closed/facts", {}, of_organizations_by<Nested>([](OrganizationFact& it) {
         it.closed = false;
       })},
      {"a nested organization has any number of seats",
       "facts/any-name",
       {"facts/named-twice"},
       of_organizations_by<Nested>([](OrganizationFact& it) { it.counts.seats_max = no_limit; })},
      {"parents are joinable", "facts/parents", {}, of_parents([](OrganizationFact& it) { it.joinable = true; })},
      {"parents are open", "closed/facts", {"facts/parents"}, of_parents([](OrganizationFact& it) {
         it.closed = false;
       })},
      {"parents have no version", "facts/parents", {}, of_parents([](OrganizationFact& it) { it.version = {}; })},
      {"actors of parents have no version", "facts/parents", {}, of_parents([](OrganizationFact& it) {
         it.actor_version = {};
       })},
      {"actors of parents never end", "facts/parents", {}, of_parents([](OrganizationFact& it) {
         it.actor_valid_until = {};
       })},
      {"members of parents are active", "facts/parents", {}, of_parents_members([](MembershipFact& it) {
         it.state = State::active;
       })},
      {"no member of a parent was written by the request",
       "facts/parents",
       {},
       of_parents_members([](MembershipFact& it) { it.match = RequestMatch::none; })},
      {"no membership of a parent is outdated", "facts/parents", {}, of_parents_members([](MembershipFact& it) {
         it.outdated = false;
       })},
  };
}

}  // namespace broken
