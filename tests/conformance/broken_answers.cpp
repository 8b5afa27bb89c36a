// Wrong answers of fetch, above all to queries with duplicates, counts, reused buffers or long lists.
#include <map>
#include <set>

#include "broken.hpp"

namespace broken {

namespace {

using State = MembershipState;

/// A row that names an organization for the second time.
bool is_second(const Facts& facts, std::uint32_t row) {
  for (std::uint32_t i = 0; i < row; ++i)
    if (facts.organizations[i].id == facts.organizations[row].id) return true;
  return false;
}

/// In a large organization the last of a few queried members is not looked up.
void forget_the_last_of_few(const Query& query, Facts& facts) {
  if (query.columns() > 4 || query.columns() < 2) return;
  std::uint32_t last = 0;
  for (std::uint32_t i = 1; i < facts.accounts.size(); ++i)
    if (facts.accounts[i].id > facts.accounts[last].id) last = i;
  drop_memberships(query, facts, [&](const MembershipFact& fact) {
    return fact.account == last && facts.accounts[last].id.view().starts_with("acc-119");
  });
}

/// Counts that are cached until the next commit, although the host puts records.
class KeptCounts final : public Faulty {
 public:
  Result<void> fetch(std::uint32_t, const Query& query, Facts& facts) override {
    const auto done = right.fetch(query, facts);
    if (!query.counts || !query.owner_roles.empty()) return done;
    for (OrganizationFact& fact : facts.organizations)
      if (!fact.id.empty()) fact.counts = kept_.insert({fact.id, fact.counts}).first->second;
    return done;
  }
  Result<void> commit(std::uint32_t, const ChangeSet& changes) override {
    kept_.clear();
    return right.commit(changes);
  }

 private:
  std::map<OrganizationId, MemberCounts> kept_;
};

/// A counter of the invited ones that is raised by each invitation, and not lowered by one way to leave.
template <Event event>
class LazyCounter final : public Faulty {
 public:
  Result<void> fetch(std::uint32_t, const Query& query, Facts& facts) override {
    const auto done = right.fetch(query, facts);
    for (OrganizationFact& fact : facts.organizations)
      if (query.counts && !fact.id.empty()) fact.counts.invited += too_many_[fact.id];
    return done;
  }
  Result<void> commit(std::uint32_t, const ChangeSet& changes) override {
    const auto done = right.commit(changes);
    for (const MemberChanged& changed : changes.changed)
      if (done && changed.event == event && changed.previous_state == State::invited)
        ++too_many_[changes.organizations[changed.organization].id];
    return done;
  }

 private:
  std::map<OrganizationId, std::uint32_t> too_many_;
};

/// Other connections read an add only after a further commit.
class Late final : public Faulty {
 public:
  Result<void> fetch(std::uint32_t connection, const Query& query, Facts& facts) override {
    const auto done = right.fetch(query, facts);
    if (!done || connection == writer_) return done;
    drop_memberships(query, facts, [&](const MembershipFact& fact) {
      return std::find(added_.begin(), added_.end(), fact.id) != added_.end();
    });
    return done;
  }
  Result<void> commit(std::uint32_t connection, const ChangeSet& changes) override {
    const auto done = right.commit(changes);
    if (!done) return done;
    writer_ = connection;
    added_.assign(changes.added_ids.begin(), changes.added_ids.end());
    return done;
  }

 private:
  std::uint32_t writer_ = 0;
  std::vector<MembershipId> added_;
};

/// Each connection keeps the roles, and the accounts, that it has seen.
class Caches final : public Faulty {
 public:
  Result<void> fetch(std::uint32_t connection, const Query& query, Facts& facts) override {
    const auto done = right.fetch(query, facts);
    if (!query.groups.empty() || query.set != nullptr) return done;
    for (AccountFact& fact : facts.accounts)
      if (!fact.id.empty()) fact.disabled = accounts_[connection].insert({fact.id, fact.disabled}).first->second;
    return done;
  }

 private:
  std::map<AccountId, bool> accounts_[8];
};
class CachedCatalogs final : public Faulty {
 public:
  Result<void> fetch(std::uint32_t connection, const Query& query, Facts& facts) override {
    const auto done = right.fetch(query, facts);
    for (std::uint32_t row = 0; row < facts.organizations.size(); ++row)
      for (std::size_t i = 0; i < query.roles.size(); ++i) {
        RoleIndex& wanted = facts.wanted_roles[row * query.roles.size() + i];
        if (wanted == no_role) continue;
        const Role& kept = roles_[connection]
                               .insert({{facts.organizations[row].id, query.roles[i]}, facts.roles[wanted]})
                               .first->second;
        if (kept == facts.roles[wanted]) continue;
        if (!facts.roles.try_push_back(kept)) return Errc::out_of_memory;
        wanted = static_cast<RoleIndex>(facts.roles.size() - 1);
      }
    return done;
  }

 private:
  std::map<std::pair<OrganizationId, RoleId>, Role> roles_[8];
};

Time through_double(Time time) {
  const auto value = static_cast<double>(static_cast<std::int64_t>(time));
  return value >= 9.2233720368547758e18 ? Time{INT64_MAX} : Time{static_cast<std::int64_t>(value)};
}

}  // namespace

std::vector<Fault> broken_answers() {
  return {
      {"an account that is not found is that of the query before",
       "facts/rows-in-order",
       {"batch/many-names", "facts/same-answer-twice", "ids/email-keys", "ids/kinds", "ids/longest"},
       answered([](const Query& query, Facts& facts) {
         for (std::uint32_t i = 1; i < query.accounts.size(); ++i)
           if (facts.accounts[i].id.empty() && facts.memberships.empty()) facts.accounts[i] = facts.accounts[i - 1];
       })},
      {"64 usernames are looked up at most", "batch/many-names", {}, answered([](const Query& query, Facts& facts) {
         for (std::uint32_t i = 64; i < query.accounts.size(); ++i)
           if (std::holds_alternative<Username>(query.accounts[i])) facts.accounts[i] = {};
       })},
      {"a connection reads the write of another late",
       "connections/agree",
       {"connections/facts-of-another", "connections/puts"},
       {},
       {},
       made<Late>},
      {"two rows of one organization have members once",
       "facts/named-twice",
       {"bounds/two-rows-of-one"},
       answered([](const Query& query, Facts& facts) {
         drop_memberships(query, facts, [&](const MembershipFact& it) { return is_second(facts, it.organization); });
       })},
      {"two rows of one organization are counted once",
       "facts/named-twice",
       {"facts/counts"},
       answered([](const Query&, Facts& facts) {
         for (std::uint32_t i = 0; i < facts.organizations.size(); ++i)
           if (!facts.organizations[i].id.empty() && is_second(facts, i)) facts.organizations[i].counts = {};
       })},
      {"two rows of one organization have one actor", "facts/named-twice", {}, answered([](const Query&, Facts& facts) {
         for (std::uint32_t i = 0; i < facts.organizations.size(); ++i)
           if (!facts.organizations[i].id.empty() && is_second(facts, i))
             facts.organizations[i].actor_is_member = false;
       })},
      {"places of roles are a byte", "facts/many-roles", {}, answered([](const Query&, Facts& facts) {
         for (MembershipFact& fact : facts.memberships) fact.role = fact.role & 0xFF;
       })},
      {"64 roles are wanted at most", "facts/many-roles", {}, answered([](const Query& query, Facts& facts) {
         for (std::size_t i = 0; i < facts.wanted_roles.size(); ++i)
           if (i % query.roles.size() >= 64) facts.wanted_roles[i] = no_role;
       })},
      {"seats are a signed number", "facts/records", {"facts/put-again"}, answered([](const Query&, Facts& facts) {
         for (OrganizationFact& fact : facts.organizations)
           if (fact.counts.seats_max > 0x7FFFFFFF && fact.counts.seats_max != no_limit)
             fact.counts.seats_max = 0x7FFFFFFF;
       })},
      {"a role that is named twice owns twice", "facts/counts", {}, answered([](const Query& query, Facts& facts) {
         const std::set<RoleId> once(query.owner_roles.begin(), query.owner_roles.end());
         for (OrganizationFact& fact : facts.organizations)
           if (!query.owner_roles.empty())
             fact.counts.owners =
                 static_cast<std::uint32_t>(fact.counts.owners * query.owner_roles.size() / once.size());
       })},
      {"two roles own at most", "facts/counts", {}, with_query([](CopiedQuery& it) {
         if (it.query.owner_roles.size() > 2) it.query.owner_roles = it.query.owner_roles.first(2);
       })},
      {"counts are kept until the next commit",
       "facts/counts-after-puts",
       {"connections/puts", "facts/counts-by-role", "facts/put-again", "disabled/counts"},
       {},
       {},
       made<KeptCounts>},
      {"a declined invitation stays counted",
       "facts/counts-of-changes",
       {},
       {},
       {},
       made<LazyCounter<Event::declined>>},
      {"a revoked invitation stays counted",
       "facts/counts-of-changes",
       {"facts/counts-at-a-time"},
       {},
       {},
       made<LazyCounter<Event::revoked>>},
      {"an accepted invitation stays counted as invited",
       "facts/counts-of-changes",
       {"life/stored-state"},
       {},
       {},
       made<LazyCounter<Event::accepted>>},
      {"the last of few among many is not looked up", "facts/far-apart", {}, answered(forget_the_last_of_few)},
      {"connections keep the accounts they have seen",
       "connections/puts",
       {"facts/put-again", "facts/records"},
       {},
       {},
       made<Caches>},
      {"connections keep the catalogs they have seen",
       "connections/puts",
       {"facts/put-again", "facts/roles"},
       {},
       {},
       made<CachedCatalogs>},
      {"times are floating", "life/expiry", {}, answered([](const Query&, Facts& facts) {
         for (MembershipFact& fact : facts.memberships) fact.valid_until = through_double(fact.valid_until);
       })},
  };
}

}  // namespace broken
