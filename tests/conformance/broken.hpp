// Stores that are broken on purpose: each is right but for one thing.
#ifndef ROSTER_TESTS_CONFORMANCE_BROKEN_HPP
#define ROSTER_TESTS_CONFORMANCE_BROKEN_HPP

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "roster/conformance.hpp"

namespace broken {

using namespace roster;

/// A change set that may be changed. It refers to the same records as the first one.
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

/// Without the version of the record.
inline Result<void> done(const Result<Version>& put) {
  return put ? Result<void>(success()) : Result<void>(put.error());
}

/// A store with something wrong, and the host's operations of its fixture: a MemoryStore, unless a operation is
/// overridden.
class Faulty {
 public:
  virtual ~Faulty() = default;
  virtual Result<void> fetch(std::uint32_t, const Query& query, Facts& facts) { return right.fetch(query, facts); }
  virtual Result<void> commit(std::uint32_t, const ChangeSet& changes) { return right.commit(changes); }
  virtual const MembershipReader* reader() { return nullptr; }
  virtual RecordStore* records() { return nullptr; }
  /// Whether it can be in a transaction of the host, which rolls back.
  virtual bool is_hosted() const { return false; }
  virtual void begin_transaction() {}
  virtual void roll_back() {}
  virtual Result<void> put(const OrganizationRecord& record) { return done(right.overwrite_organization(record)); }
  virtual Result<void> put(const AccountRecord& record) { return done(right.overwrite_account(record)); }
  virtual Result<void> put(const OrganizationId& organization, const Role& role) {
    return done(right.put_role(organization, role, any_version));
  }
  virtual Result<void> put(const GroupName& group, std::span<const AccountId> accounts) {
    return right.overwrite_group(group, accounts);
  }

 protected:
  MemoryStore right;
};

/// A fault of a store, and the laws that must find it: these, and no other except those about races.
struct Fault {
  std::string name;
  std::string law;                ///< the law about the broken duty
  std::vector<std::string> also;  ///< other laws that come across it
  // Either two operations of a MemoryStore, empty where it is as it should be,
  std::function<Result<void>(MemoryStore&, const Query&, Facts&)> fetch = nullptr;
  std::function<Result<void>(MemoryStore&, const ChangeSet&)> commit = nullptr;
  // or a store with a state of its own.
  std::function<std::unique_ptr<Faulty>()> make = nullptr;
};

// ---- the parts of most faults
using Fetch = decltype(Fault::fetch);
using Commit = decltype(Fault::commit);
/// A query that is twisted on its way.
Fetch with_query(std::function<void(CopiedQuery&)> twist);
/// An answer about cells that is twisted on its way.
Fetch answered(std::function<void(const Query&, Facts&)> twist);
/// A change set that is twisted on its way.
Commit committed(std::function<void(ChangeSet&)> twist);
/// The account of an entry, among those that were there or those that are created.
AccountId account(const ChangeSet& changes, std::size_t at);
/// Takes memberships, and their inviters, out of an answer.
void drop_memberships(const Query& query, Facts& facts, const std::function<bool(const MembershipFact&)>& drops);
template <class Store, auto... arguments>
std::unique_ptr<Faulty> made() {
  return std::make_unique<Store>(arguments...);
}

std::vector<Fault> broken_facts();
std::vector<Fault> broken_ways();
std::vector<Fault> broken_answers();
std::vector<Fault> broken_names();
std::vector<Fault> broken_checks();
std::vector<Fault> broken_commits();
std::vector<Fault> broken_guards();
std::vector<Fault> broken_versions();
std::vector<Fault> broken_puts();
std::vector<Fault> broken_rows();
std::vector<Fault> broken_reads();
std::vector<Fault> broken_invitations();
std::vector<Fault> broken_disabled();
std::vector<Fault> broken_records();
std::vector<Fault> broken_roles();
std::vector<Fault> broken_parents();
std::vector<Fault> broken_erases();
std::vector<Fault> broken_closed();
std::vector<Fault> broken_hosts();
/// A store with transactions of a host, and nothing wrong.
Fault sound_hosts();
std::vector<Fault> broken_account_erases();
std::vector<Fault> broken_account_changes();
std::vector<Fault> broken_member_records();
/// The record interface of a MemoryStore, with nothing wrong.
Fault sound_records();
/// The read interface of a MemoryStore, with nothing wrong.
Fault sound_reads();
/// All of them.
std::vector<Fault> broken_stores();
/// Those that they are made of, with nothing wrong.
std::vector<Fault> sound_stores();

/// The stored membership of a cell; nothing if there is none.
std::optional<MembershipFact> member(MemoryStore& store, const OrganizationId& organization, const AccountId& account);

class BrokenFixture final : public conformance::Fixture {
 public:
  explicit BrokenFixture(const Fault& fault) : fault_(fault) { (void)reset(); }
  Result<void> reset() override;
  Store& store() override { return *connections_.front(); }
  Result<void> put_organization(const OrganizationRecord& record) override { return faulty_->put(record); }
  Result<void> put_account(const AccountRecord& record) override { return faulty_->put(record); }
  Result<void> put_role(const OrganizationId& organization, const Role& role) override {
    return faulty_->put(organization, role);
  }
  Result<void> put_group(const GroupName& group, std::span<const AccountId> accounts) override {
    return faulty_->put(group, accounts);
  }
  conformance::Capabilities capabilities() const override {
    return {.connections = static_cast<std::uint32_t>(connections_.size()),
            .threads = true,
            .reads = faulty_->reader() != nullptr,
            .records = faulty_->records() != nullptr,
            .host_transactions = faulty_->is_hosted()};
  }
  Store* connection(std::uint32_t n) override { return connections_[n].get(); }
  const MembershipReader* reader() override { return faulty_->reader(); }
  RecordStore* records(std::uint32_t) override { return faulty_->records(); }
  conformance::HostTransaction begin_transaction() override {
    faulty_->begin_transaction();
    return {connections_[0].get(), faulty_->records()};
  }
  Result<void> roll_back() override {
    faulty_->roll_back();
    return success();
  }

 private:
  const Fault& fault_;
  std::unique_ptr<Faulty> faulty_;
  std::array<std::unique_ptr<Store>, 8> connections_;
};

}  // namespace broken

#endif
