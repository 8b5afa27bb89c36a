// Wrong versions, made of the content of a record; and guards or bounds that are compared with an earlier read of a
// connection, not with the current records.
#include <array>
#include <map>

#include "broken.hpp"

namespace broken {

namespace {

using Record = Guard::Record;

/// A version made of the content: a record that is changed back has its former version.
class Etags final : public Faulty {
 public:
  Result<void> fetch(std::uint32_t, const Query& query, Facts& facts) override {
    const auto done = right.fetch(query, facts);
    for (MembershipFact& fact : facts.memberships) fact.version = tag(facts, fact);
    return done;
  }
  Result<void> commit(std::uint32_t, const ChangeSet& changes) override {
    Copied copied(changes);
    for (MemberChanged& changed : copied.changes.changed)
      exchange(changes, changed.organization, changed.account, changed.version);
    for (Guard& guard : copied.changes.guards)
      if (guard.record == Record::membership) exchange(changes, guard.organization, guard.account, guard.version);
    return right.commit(copied.changes);
  }

 private:
  static Version tag(const Facts& facts, const MembershipFact& fact) {
    std::string text(facts.roles[fact.role].id.view());
    text += static_cast<char>(fact.state);
    text += std::to_string(static_cast<std::int64_t>(fact.valid_until));
    text.append(fact.id.bytes.begin(), fact.id.bytes.end());
    return Version{std::hash<std::string>()(text) | 1};
  }
  /// The real version, if this one is the tag of the content.
  void exchange(const ChangeSet& changes, std::uint32_t row, std::uint32_t column, Version& version) {
    if (column >= changes.accounts.size()) return;
    const OrganizationSelector in = changes.organizations[row].id;
    const AccountSelector who = changes.accounts[column].id;
    Query query;
    query.organizations = std::span(&in, 1);
    query.accounts = std::span(&who, 1);
    Facts facts;
    if (!right.fetch(query, facts) || facts.memberships.empty()) return;
    const Version real = facts.memberships[0].version;
    version = version == tag(facts, facts.memberships[0]) ? real : Version{0xFFFFFFF};
  }
};

/// A database whose connections keep their reads: a guard is compared with that, unless it is the only one.
template <bool first_look>
class Snapshots final : public Faulty {
 public:
  Result<void> fetch(std::uint32_t connection, const Query& query, Facts& facts) override {
    const auto done = right.fetch(query, facts);
    if (!done || !query.groups.empty()) return done;
    const auto see = [&](const std::string& what, Version version) {
      if (first_look)
        seen_[connection].insert({what, version});
      else
        seen_[connection][what] = version;
    };
    for (const OrganizationFact& fact : facts.organizations) {
      see("organization " + std::string(fact.id.view()), fact.version);
      if (fact.actor_is_member) see("actor " + std::string(fact.id.view()), fact.actor_version);
    }
    for (const AccountFact& fact : facts.accounts) see("account " + std::string(fact.id.view()), fact.version);
    for (std::uint32_t i = 0; i < facts.memberships.size(); ++i) {
      const MembershipFact& fact = facts.memberships[i];
      const std::string cell = std::string(facts.organizations[fact.organization].id.view()) + "/" +
                               std::string(facts.accounts[fact.account].id.view());
      see("membership " + cell, fact.version);
      if (query.inviters) see("inviter " + cell, facts.inviters[i].version);
    }
    return done;
  }
  Result<void> commit(std::uint32_t connection, const ChangeSet& changes) override {
    Copied copied(changes);
    const auto& seen = seen_[connection];
    if (changes.guards.size() > 1) {
      copied.changes.guards.clear();
      for (const Guard& guard : changes.guards) {
        const auto found = seen.find(name(changes, guard));
        if (found == seen.end() || found->second != guard.version) copied.changes.guards.unchecked_push_back(guard);
      }
    }
    seen_[connection].clear();
    return right.commit(copied.changes);
  }

 private:
  static std::string name(const ChangeSet& changes, const Guard& guard) {
    static constexpr std::array kinds = {"organization ", "account ", "membership ", "actor ", "inviter ", "-", "-"};
    const std::string kind = kinds[static_cast<std::size_t>(guard.record)];
    const std::string in(changes.organizations[guard.organization].id.view());
    const std::string who(guard.account < changes.accounts.size() ? changes.accounts[guard.account].id.view() : "");
    if (guard.record == Record::account) return kind + who;
    const bool of_a_pair = guard.record == Record::membership || guard.record == Record::inviter;
    return kind + in + (of_a_pair ? "/" + who : "");
  }
  std::map<std::string, Version> seen_[8];
};

/// Counts the members when a connection first looks, or when it looked last, and adds up what it writes.
template <bool last_look>
class CountsOfASnapshot final : public Faulty {
 public:
  Result<void> fetch(std::uint32_t connection, const Query& query, Facts& facts) override {
    const auto done = right.fetch(query, facts);
    for (const OrganizationFact& fact : facts.organizations) {
      const OrganizationSelector in = fact.id;
      Query counting;
      counting.organizations = std::span(&in, 1);
      counting.counts = true;
      Facts counted;
      if (!right.fetch(counting, counted)) return done;
      const std::uint32_t active = counted.organizations[0].counts.active;
      if (last_look)
        seen_[connection][fact.id] = active;
      else
        seen_[connection].insert({fact.id, active});
    }
    return done;
  }
  Result<void> commit(std::uint32_t connection, const ChangeSet& changes) override {
    Copied copied(changes);
    copied.changes.guards.clear();
    for (const Guard& guard : changes.guards) {
      const auto found = seen_[connection].find(changes.organizations[guard.organization].id);
      const bool fits = found != seen_[connection].end() && found->second + changes.added.size() <= guard.limit;
      if (guard.record != Record::seats || !fits) copied.changes.guards.unchecked_push_back(guard);
    }
    if (!last_look) seen_[connection].clear();
    return right.commit(copied.changes);
  }

 private:
  std::map<OrganizationId, std::uint32_t> seen_[8];
};

/// Gives out row numbers that mean something on one connection only.
class OwnFactsOnly final : public Faulty {
 public:
  Result<void> fetch(std::uint32_t connection, const Query& query, Facts& facts) override {
    const auto done = right.fetch(query, facts);
    for (OrganizationFact& fact : facts.organizations)
      if (!fact.id.empty()) fact.locator = Locator{connection + 1};
    return done;
  }
  Result<void> commit(std::uint32_t connection, const ChangeSet& changes) override {
    for (const OrganizationFact& fact : changes.organizations) {
      const auto of = static_cast<std::uint64_t>(fact.locator);
      if (of >= 1 && of <= 8 && of != connection + 1 && !changes.added.empty()) return Errc::stale;
    }
    return right.commit(changes);
  }
};

}  // namespace

std::vector<Fault> broken_versions() {
  return {
      {"a record that was changed back has its former version",
       "guards/changed-back",
       {"facts/actor", "facts/inviters", "guards/each-of-several", "guards/many", "guards/versions-ascend",
        "life/changes", "disabled/actor-guard", "disabled/inviter-guard"},
       {},
       {},
       made<Etags>},
      {"guards are compared with the first read",
       "connections/snapshots",
       {"guards/each-of-several"},
       {},
       {},
       made<Snapshots<true>>},
      {"guards are compared with the last read",
       "connections/snapshots",
       {"guards/each-of-several"},
       {},
       {},
       made<Snapshots<false>>},
      {"members are counted when they are read",
       "connections/snapshots",
       {"bounds/seats-at-a-time", "bounds/seats-by-role", "bounds/seats-by-state"},
       {},
       {},
       made<CountsOfASnapshot<false>>},
      {"seats are compared with the last count",
       "bounds/seats-at-commit",
       {"bounds/seats-at-a-time", "bounds/seats-by-role", "bounds/seats-by-state", "connections/snapshots"},
       {},
       {},
       made<CountsOfASnapshot<true>>},
      {"a connection commits only on facts of its own fetch",
       "connections/facts-of-another",
       {"sets/of-request", "sets/organizations", "batch/locators"},
       {},
       {},
       made<OwnFactsOnly>},
  };
}

}  // namespace broken
