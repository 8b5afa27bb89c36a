// The fixture that makes a store wrong, and the common code of the faults.
#include "broken.hpp"

namespace broken {

namespace {

/// Two operations of a MemoryStore that are twisted.
class Twisted final : public Faulty {
 public:
  explicit Twisted(const Fault& fault) : fault_(fault) {}
  Result<void> fetch(std::uint32_t, const Query& query, Facts& facts) override {
    return fault_.fetch ? fault_.fetch(right, query, facts) : right.fetch(query, facts);
  }
  Result<void> commit(std::uint32_t, const ChangeSet& changes) override {
    return fault_.commit ? fault_.commit(right, changes) : right.commit(changes);
  }

 private:
  const Fault& fault_;
};

class Connection final : public Store {
 public:
  Connection(Faulty& faulty, std::uint32_t number) : faulty_(faulty), number_(number) {}
  Result<void> fetch(const Query& query, Facts& facts) override { return faulty_.fetch(number_, query, facts); }
  Result<void> commit(const ChangeSet& changes) override { return faulty_.commit(number_, changes); }

 private:
  Faulty& faulty_;
  const std::uint32_t number_;
};

template <class To, class From>
void copy(To& to, const From& from) {
  if (!to.assign(from.span())) std::abort();
}

}  // namespace

Copied::Copied(const ChangeSet& from) {
  changes.organizations = from.organizations;
  changes.accounts = from.accounts;
  copy(changes.roles, from.roles);
  copy(changes.guards, from.guards);
  copy(changes.created, from.created);
  copy(changes.added_ids, from.added_ids);
  copy(changes.added, from.added);
  copy(changes.changed, from.changed);
  changes.owner_roles = from.owner_roles;
  changes.free_roles = from.free_roles;
  changes.records_owner_roles = from.records_owner_roles;
  changes.invited_occupy_seats = from.invited_occupy_seats;
  changes.keeps_tombstones = from.keeps_tombstones;
  changes.host_invites = from.host_invites;
  changes.actor = from.actor;
  changes.idempotency_key = from.idempotency_key;
  changes.at = from.at;
  changes.valid_until = from.valid_until;
  changes.invitation_until = from.invitation_until;
}

CopiedQuery::CopiedQuery(const Query& from)
    : organizations(from.organizations.begin(), from.organizations.end()),
      accounts(from.accounts.begin(), from.accounts.end()),
      group_accounts(from.group_accounts.begin(), from.group_accounts.end()),
      query(from) {
  query.organizations = organizations;
  query.accounts = accounts;
  query.group_accounts = group_accounts;
}

Fetch with_query(std::function<void(CopiedQuery&)> twist) {
  return [twist](MemoryStore& store, const Query& query, Facts& facts) {
    CopiedQuery copied(query);
    twist(copied);
    return store.fetch(copied.query, facts);
  };
}

Fetch answered(std::function<void(const Query&, Facts&)> twist) {
  return [twist](MemoryStore& store, const Query& query, Facts& facts) {
    const auto done = store.fetch(query, facts);
    if (done && query.groups.empty() && query.set == nullptr) twist(query, facts);
    return done;
  };
}

Commit committed(std::function<void(ChangeSet&)> twist) {
  return [twist](MemoryStore& store, const ChangeSet& changes) {
    Copied copied(changes);
    twist(copied.changes);
    return store.commit(copied.changes);
  };
}

Result<void> BrokenFixture::reset() {
  faulty_ = fault_.make ? fault_.make() : std::make_unique<Twisted>(fault_);
  for (std::uint32_t n = 0; n < connections_.size(); ++n) connections_[n] = std::make_unique<Connection>(*faulty_, n);
  return success();
}

std::optional<MembershipFact> member(MemoryStore& store, const OrganizationId& organization, const AccountId& account) {
  const OrganizationSelector in = organization;
  const AccountSelector who = account;
  Query query;
  query.organizations = std::span(&in, 1);
  query.accounts = std::span(&who, 1);
  Facts facts;
  if (!store.fetch(query, facts) || facts.memberships.empty()) return std::nullopt;
  return facts.memberships[0];
}

std::vector<Fault> broken_stores() {
  std::vector<Fault> all;
  for (auto&& some : {broken_checks(),         broken_commits(),        broken_facts(),
                      broken_ways(),           broken_answers(),        broken_guards(),
                      broken_versions(),       broken_names(),          broken_puts(),
                      broken_rows(),           broken_reads(),          broken_records(),
                      broken_roles(),          broken_parents(),        broken_erases(),
                      broken_hosts(),          broken_account_erases(), broken_account_changes(),
                      broken_member_records(), broken_invitations(),    broken_disabled(),
                      broken_closed()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

void drop_memberships(const Query& query, Facts& facts, const std::function<bool(const MembershipFact&)>& drops) {
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < facts.memberships.size(); ++i) {
    if (drops(facts.memberships[i])) continue;
    if (query.inviters) facts.inviters[kept] = facts.inviters[i];
    facts.memberships[kept++] = facts.memberships[i];
  }
  facts.memberships.truncate(kept);
  if (query.inviters) facts.inviters.truncate(kept);
}

AccountId account(const ChangeSet& changes, std::size_t at) {
  const std::size_t known = changes.accounts.size();
  return at < known ? changes.accounts[at].id : changes.created[at - known].id;
}

}  // namespace broken
