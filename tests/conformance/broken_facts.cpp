// Wrong answers of fetch.
#include <algorithm>
#include <cctype>

#include "broken.hpp"

namespace broken {

namespace {

template <class Id>
Id folded(const Id& id) {
  std::string text(id.view());
  for (char& letter : text) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  const auto parsed = Id::parse(text);
  return parsed ? parsed.value() : id;
}

/// The collation of many databases: accounts are the same if they differ in case only.
void fold_accounts(CopiedQuery& it) {
  for (AccountSelector& account : it.accounts)
    if (auto* const id = std::get_if<AccountId>(&account)) *id = folded(*id);
}

/// ORDER BY id, where the order of the question was wanted.
void sort_accounts(CopiedQuery& it) {
  const bool all_ids = std::all_of(it.accounts.begin(), it.accounts.end(), [](const AccountSelector& account) {
    return std::holds_alternative<AccountId>(account);
  });
  if (!all_ids) return;
  std::sort(it.accounts.begin(), it.accounts.end(), [](const AccountSelector& a, const AccountSelector& b) {
    return std::get<AccountId>(a) < std::get<AccountId>(b);
  });
}

/// Finds a project by its own id, inside any parent.
void forget_parents(CopiedQuery& it) {
  for (OrganizationSelector& organization : it.organizations)
    if (const auto* const nested = std::get_if<Nested>(&organization)) organization = OrganizationId(nested->id);
}

/// Applied to the answer about a page of a set.
Fetch with_page(std::function<void(const SetPage&, Facts&)> twist) {
  return [twist](MemoryStore& store, const Query& query, Facts& facts) {
    const auto done = store.fetch(query, facts);
    if (done && query.set != nullptr) twist(*query.set, facts);
    return done;
  };
}

/// Applied to the page of a set that is requested.
Fetch paged(std::function<void(SetPage&)> twist) {
  return [twist](MemoryStore& store, const Query& query, Facts& facts) {
    if (query.set == nullptr) return store.fetch(query, facts);
    SetPage page = *query.set;
    twist(page);
    Query other = query;
    other.set = &page;
    return store.fetch(other, facts);
  };
}

/// OFFSET in place of a condition on the last entry: a member that goes moves the others to an earlier page.
Result<void> counts_entries(MemoryStore& store, const Query& query, Facts& facts) {
  if (query.set == nullptr || query.set->of != SetPage::Of::members) return store.fetch(query, facts);
  SetPage page = *query.set;
  const auto before = static_cast<std::uint32_t>(page.after);
  page.after = {};
  page.entries_max += before;
  Query other = query;
  other.set = &page;
  const auto done = store.fetch(other, facts);
  const std::uint32_t all = facts.accounts.size();
  for (std::uint32_t i = before; i < all; ++i) {
    facts.accounts[i - before] = facts.accounts[i];
    facts.accounts[i - before].locator = Locator{i + 1};
  }
  facts.accounts.truncate(all > before ? all - before : 0);
  return done;
}

}  // namespace

std::vector<Fault> broken_facts() {
  return {
      {"names differ by more than case", "ids/byte-exact", {"ids/near-misses"}, with_query(fold_accounts), {}},
      {"columns in the order of ids",
       "facts/memberships",
       {"bounds/adds-do-not-collide", "commit/created-without-address", "commit/positions", "facts/actor",
        "facts/far-apart", "facts/inviters", "ids/byte-exact", "ids/longest", "life/expiry", "disabled/actor-guard",
        "disabled/inviter-guard"},
       with_query(sort_accounts),
       {}},
      {"projects are found anywhere",
       "facts/nested",
       {"facts/put-again", "ids/longest"},
       with_query(forget_parents),
       {}},
      {"actors are members of every row",
       "facts/actor",
       {},
       answered([](const Query&, Facts& facts) {
         for (const OrganizationFact& one : facts.organizations)
           for (OrganizationFact& other : facts.organizations)
             if (one.actor_is_member && !other.id.empty() && !other.actor_is_member) {
               other.actor_is_member = true;
               other.actor_role = one.actor_role;
               other.actor_version = one.actor_version;
             }
       }),
       {}},
      {"the invited act",
       "facts/actor",
       {},
       answered([](const Query& query, Facts& facts) {
         for (const MembershipFact& fact : facts.memberships)
           if (fact.state == MembershipState::invited && facts.accounts[fact.account].id == query.actor) {
             facts.organizations[fact.organization].actor_is_member = true;
             facts.organizations[fact.organization].actor_role = fact.role;
           }
       }),
       {}},
      {"suspended members are left out",
       "life/changes",
       {"batch/mixed", "batch/sizes", "facts/fingerprint", "facts/outdated"},
       answered([](const Query& query, Facts& facts) {
         if (query.inviters) return;
         std::uint32_t kept = 0;
         for (const MembershipFact& fact : facts.memberships)
           if (fact.state != MembershipState::suspended) facts.memberships[kept++] = fact;
         facts.memberships.truncate(kept);
       }),
       {}},
      {"every role has the rights of its namesake",
       "facts/roles",
       {},
       answered([](const Query&, Facts& facts) {
         for (Role& role : facts.roles)
           for (const Role& other : facts.roles)
             if (role.id == other.id && other.manages) role = other;
       }),
       {}},
      {"no role is found in a catalog",
       "facts/roles",
       {"connections/puts", "facts/many-roles", "facts/put-again", "ids/byte-exact", "ids/longest"},
       answered([](const Query&, Facts& facts) {
         for (RoleIndex& role : facts.wanted_roles) role = no_role;
       }),
       {}},
      {"no key is matched",
       "facts/written-by-request",
       {"sets/of-request", "batch/mixed", "commit/one-request-many-commits", "facts/fingerprint", "facts/outdated",
        "facts/returned", "life/anew", "life/changes"},
       with_query([](CopiedQuery& it) { it.query.idempotency_key = {}; }),
       {}},
      {"a request is compared with its fingerprint",
       "facts/fingerprint",
       {},
       with_query([](CopiedQuery& it) {
         if (fingerprint_of(it.query.idempotency_key) != 0) it.query.idempotency_key = {};
       }),
       {}},
      {"no fingerprint is returned",
       "facts/fingerprint",
       {"batch/mixed", "life/changes"},
       answered([](const Query&, Facts& facts) {
         for (MembershipFact& fact : facts.memberships) fact.fingerprint = 0;
       }),
       {}},
      {"one byte of a fingerprint is lost",
       "facts/fingerprint",
       {"batch/mixed", "life/changes"},
       answered([](const Query&, Facts& facts) {
         for (MembershipFact& fact : facts.memberships) fact.fingerprint &= 0xFFFFFFu;
       }),
       {}},
      {"the previous key is not matched",
       "facts/fingerprint",
       {},
       answered([](const Query&, Facts& facts) {
         for (MembershipFact& fact : facts.memberships)
           if (fact.match == RequestMatch::before) fact.match = RequestMatch::none;
       }),
       {}},
      {"11 bytes of a request are compared",
       "ids/keys",
       {},
       with_query([](CopiedQuery& it) { it.query.idempotency_key.bytes[bound_size - 1] = 0; }),
       committed([](ChangeSet& changes) { changes.idempotency_key.bytes[bound_size - 1] = 0; })},
      {"every key is matched",
       "facts/written-by-request",
       {"facts/renewed-inviters", "batch/mixed", "commit/nothing", "facts/fingerprint", "ids/keys",
        "life/nothing-stays"},
       answered([](const Query& query, Facts& facts) {
         for (MembershipFact& fact : facts.memberships)
           fact.match = query.idempotency_key.empty() ? RequestMatch::none : RequestMatch::last;
       }),
       {}},
      {"a returned membership is not outdated",
       "facts/returned",
       {"facts/last-write", "batch/mixed"},
       answered([](const Query&, Facts& facts) {
         for (MembershipFact& fact : facts.memberships)
           if (fact.state == MembershipState::active || fact.state == MembershipState::invited) fact.outdated = false;
       }),
       {}},
      {"an invitation is taken for a return",
       "facts/returned",
       {"facts/last-write", "commit/nothing", "life/nothing-stays"},
       answered([](const Query& query, Facts& facts) {
         for (MembershipFact& fact : facts.memberships)
           if (fact.state == MembershipState::invited && query.asked_at != Time{}) fact.outdated = true;
       }),
       {}},
      {"before is not at the same time",
       "facts/outdated",
       {"facts/last-write", "facts/returned", "life/changes"},
       with_query([](CopiedQuery& it) {
         if (it.query.asked_at != Time{}) it.query.asked_at = Time{static_cast<std::int64_t>(it.query.asked_at) + 1};
       }),
       {}},
      {"times of requests are not looked at",
       "facts/outdated",
       {"facts/last-write", "facts/returned", "life/changes"},
       with_query([](CopiedQuery& it) { it.query.asked_at = {}; }),
       {}},
      {"owners are counted among all",
       "facts/counts",
       {"facts/counts-after-puts", "facts/counts-by-role", "facts/counts-of-changes", "connections/puts",
        "disabled/counts"},
       answered([](const Query& query, Facts& facts) {
         for (OrganizationFact& fact : facts.organizations)
           if (query.counts) fact.counts.owners = fact.counts.active;
       }),
       {}},
      {"expired memberships are omitted",
       "life/expiry",
       {},
       answered([](const Query&, Facts& facts) {
         for (OrganizationFact& fact : facts.organizations)
           if (fact.actor_valid_until != Time{} && fact.actor_valid_until < Time{1'750'000'000'000'000})
             fact.actor_is_member = false;
       }),
       {}},
      {"every version is the same",
       "life/changes",
       {"commit/stale-writes-nothing", "connections/snapshots", "facts/inviters", "guards/changed",
        "guards/changed-back", "guards/each-of-several", "guards/many", "guards/membership", "guards/membership-gone",
        "guards/versions-ascend", "guards/versions-do-not-return", "life/anew", "owners/with-the-rest"},
       answered([](const Query&, Facts& facts) {
         for (MembershipFact& fact : facts.memberships) fact.version = Version{1};
       }),
       [](MemoryStore& store, const ChangeSet& changes) -> Result<void> {
         Copied copied(changes);
         for (MemberChanged& changed : copied.changes.changed) {
           const auto there =
               member(store, changes.organizations[changed.organization].id, changes.accounts[changed.account].id);
           if (there) changed.version = there->version;
         }
         for (Guard& guard : copied.changes.guards) {
           if (guard.record != Guard::Record::membership || guard.version != Version{1}) continue;
           const auto there =
               member(store, changes.organizations[guard.organization].id, changes.accounts[guard.account].id);
           if (there) guard.version = there->version;
         }
         return store.commit(copied.changes);
       }},
      {"a page ends before its last entry",
       "sets/members",
       {"sets/of-request", "sets/organizations", "sets/while-others-change"},
       with_page([](const SetPage&, Facts& facts) {
         if (facts.accounts.size() > 1) facts.accounts.truncate(facts.accounts.size() - 1);
         if (facts.organizations.size() > 1) facts.organizations.truncate(facts.organizations.size() - 1);
       }),
       {}},
      {"a set has every state",
       "sets/members",
       {"sets/of-request", "sets/organizations"},
       paged([](SetPage& page) { page.any_state = true; }),
       {}},
      {"a set has every role",
       "sets/members",
       {"sets/of-request", "sets/organizations"},
       paged([](SetPage& page) { page.role = {}; }),
       {}},
      {"a set has the organizations of every parent",
       "sets/organizations",
       {"sets/of-request"},
       paged([](SetPage& page) { page.parent = {}; }),
       {}},
      {"a set never has the parent itself",
       "sets/organizations",
       {},
       paged([](SetPage& page) { page.with_parent = false; }),
       {}},
      {"a set has no tombstones",
       "sets/of-request",
       {},
       [](MemoryStore& store, const Query& query, Facts& facts) {
         Query other = query;
         if (query.set != nullptr) other.idempotency_key = {};
         return store.fetch(other, facts);
       },
       {}},
      {"a page begins behind a number of entries", "sets/while-others-change", {}, counts_entries, {}},
      {"groups in the order of ids",
       "facts/groups",
       {"batch/many-names", "connections/puts", "facts/put-again"},
       [](MemoryStore& store, const Query& query, Facts& facts) {
         const auto done = store.fetch(query, facts);
         std::uint32_t from = 0;
         for (const GroupFact& group : facts.groups) {
           std::sort(facts.group_accounts.begin() + from, facts.group_accounts.begin() + from + group.accounts);
           from += group.accounts;
         }
         return done;
       },
       {}},
      {"an outage is an exception",
       "facts/counts",
       {"batch/any-order",
        "batch/locators",
        "commit/nothing",
        "commit/stale-writes-nothing",
        "connections/puts",
        "disabled/actor",
        "disabled/counts",
        "facts/accounts-of-groups",
        "facts/any-name",
        "facts/counts-after-puts",
        "facts/counts-at-a-time",
        "facts/counts-by-role",
        "facts/counts-of-changes",
        "facts/named-twice",
        "facts/parents",
        "facts/put-again",
        "facts/records",
        "facts/same-answer-twice",
        "life/changes",
        "life/stored-state",
        "owners/one-member",
        "owners/puts",
        "owners/recorded",
        "owners/with-the-rest"},
       [](MemoryStore& store, const Query& query, Facts& facts) -> Result<void> {
         if (query.counts) throw 1;
         return store.fetch(query, facts);
       },
       {}},
      {"the buffer is not cleared",
       "facts/same-answer-twice",
       {},
       [](MemoryStore& store, const Query& query, Facts& facts) {
         const bool used = facts.memberships.capacity() > 1;
         const auto done = store.fetch(query, facts);
         if (used && facts.organizations.size() == 2 && facts.organizations[0].id.empty())
           facts.organizations[0].parent = 7, facts.organizations[0].actor_is_member = true;
         return done;
       },
       {}},
  };
}

}  // namespace broken
