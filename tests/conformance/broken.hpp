// Stores that are broken on purpose: each a MemoryStore behind a wrapper that twists one thing.
#ifndef ROSTER_TESTS_CONFORMANCE_BROKEN_HPP
#define ROSTER_TESTS_CONFORMANCE_BROKEN_HPP

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "roster/conformance.hpp"

namespace broken {

using namespace roster;

/// A change set that may be changed. Refers to what the first one refers to.
struct Copied {
  ChangeSet changes;
  explicit Copied(const ChangeSet& from);
};

/// A query that may be changed likewise.
struct CopiedQuery {
  std::vector<OrganizationSelector> organizations;
  std::vector<AccountSelector> accounts;
  std::vector<AccountId> group_accounts;
  Query query;
  explicit CopiedQuery(const Query& from);
};

/// What is wrong with a store, and the laws that must find it: these, and none of the others that are not about races.
struct Fault {
  std::string name;
  std::vector<std::string> caught_by;
  std::function<Result<void>(MemoryStore&, const Query&, Facts&)> fetch;  // empty: as it should be
  std::function<Result<void>(MemoryStore&, const ChangeSet&)> commit;
};

std::vector<Fault> broken_commits();
std::vector<Fault> broken_facts();

/// What the store knows of a cell; nothing if there is no membership.
std::optional<MembershipFact> member(MemoryStore& store, const OrganizationId& organization, const AccountId& account);

class BrokenStore final : public Store {
 public:
  BrokenStore(MemoryStore& store, const Fault& fault) : store_(store), fault_(fault) {}
  Result<void> fetch(const Query& query, Facts& facts) override {
    return fault_.fetch ? fault_.fetch(store_, query, facts) : store_.fetch(query, facts);
  }
  Result<void> commit(const ChangeSet& changes) override {
    return fault_.commit ? fault_.commit(store_, changes) : store_.commit(changes);
  }

 private:
  MemoryStore& store_;
  const Fault& fault_;
};

class BrokenFixture final : public conformance::Fixture {
 public:
  explicit BrokenFixture(const Fault& fault) : fault_(fault) { (void)reset(); }
  Result<void> reset() override {
    store_.emplace();
    broken_ = std::make_unique<BrokenStore>(*store_, fault_);
    return success();
  }
  Store& store() override { return *broken_; }
  Result<void> put_organization(const OrganizationRecord& record) override { return store_->put_organization(record); }
  Result<void> put_account(const AccountRecord& record) override { return store_->put_account(record); }
  Result<void> put_role(const OrganizationId& organization, const Role& role) override {
    return store_->put_role(organization, role);
  }
  Result<void> put_group(const GroupName& group, std::span<const AccountId> accounts) override {
    return store_->put_group(group, accounts);
  }
  conformance::Abilities abilities() const override { return {.connections = 8, .threads = true}; }
  Store* connection(std::uint32_t) override { return broken_.get(); }

 private:
  const Fault& fault_;
  std::optional<MemoryStore> store_;
  std::unique_ptr<BrokenStore> broken_;
};

}  // namespace broken

#endif
