// TestContext: the context of a running law, around a fixture. It keeps the names of the records put, the steps so far,
// and the first failure.
//
// TestContext throws no exceptions. After a failure a law continues without effect, and may return at any point.
#ifndef ROSTER_CONFORMANCE_TEST_CONTEXT_HPP
#define ROSTER_CONFORMANCE_TEST_CONTEXT_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/split_mix.hpp"
#include "roster/conformance.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

inline const RoleId member("member"), admin("admin"), owner("owner");

/// An id for a law, or the id of an older database that has blanks at its ends.
template <class AnyId>
AnyId id(std::string_view text) {
  const auto parsed = AnyId::parse_stored(text);
  return parsed ? parsed.assume_value() : AnyId();
}
inline OrganizationId test_organization(std::uint64_t number) {
  return id<OrganizationId>("org-" + std::to_string(number));
}
inline AccountId test_account(std::uint64_t number) {
  return id<AccountId>("acc-" + std::to_string(number));
}
/// test_organization(0) to test_organization(count - 1), and test_account(from) to test_account(from + count - 1).
inline std::vector<OrganizationSelector> test_organizations(std::uint32_t count) {
  std::vector<OrganizationSelector> rows;
  for (std::uint32_t i = 0; i < count; ++i) rows.emplace_back(test_organization(i));
  return rows;
}
inline std::vector<AccountSelector> test_accounts(std::uint32_t count, std::uint32_t from = 0) {
  std::vector<AccountSelector> columns;
  for (std::uint32_t i = 0; i < count; ++i) columns.emplace_back(test_account(from + i));
  return columns;
}
inline Email address(std::string_view text, const EmailRules& rules = {}) {
  auto parsed = Email::parse(text, rules);
  return parsed ? std::move(parsed).assume_value() : Email();
}

/// Whether a role of an answer has the fields of a catalog. Role::has_owned is none of them.
inline bool is_defined_as(Role held, const Role& role) {
  held.has_owned = role.has_owned;
  return held == role;
}

/// Random numbers, equal for the same seed on every platform.
class Rng : public SplitMix64 {
 public:
  using SplitMix64::SplitMix64;
  bool one_in(std::uint64_t n) noexcept { return below(n) == 0; }
  template <class T>
  void shuffle(std::vector<T>& list) noexcept {
    for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[below(i)]);
  }
};

/// A query that owns what its spans refer to.
struct OwnedQuery {
  std::vector<OrganizationSelector> organizations;
  std::vector<AccountSelector> accounts;
  std::vector<AccountId> group_accounts;
  std::vector<RoleId> roles, owner_roles, free_roles;
  std::vector<GroupName> groups;
  AccountId actor;
  IdempotencyKey idempotency_key;
  bool parents = false, counts = false, inviters = false;
  Time asked_at{}, now{};

  Query query() const;
};

/// The result of a call to the store: Errc{} if it succeeded.
struct CallStatus {
  Errc code{};
  bool threw = false;
  bool ok() const noexcept { return code == Errc{} && !threw; }
};
CallStatus call(Store& store, const Query& query, Facts& facts) noexcept;
CallStatus call(Store& store, const ChangeSet& changes) noexcept;
/// Describes how an answer does not match the query, if validate_facts() fails.
std::string describe_violation(const Query& query, const Facts& facts);
std::string text_of(const CallStatus& said);
std::string text_of(MembershipState state);
std::string text_of(const OrganizationSelector& selector);
std::string text_of(const AccountSelector& selector);

class TestContext {
 public:
  TestContext(Fixture& fixture, const RunOptions& of) : rng(of.seed), options(of), fixture_(&fixture) {}
  TestContext(const TestContext&) = delete;
  TestContext& operator=(const TestContext&) = delete;

  // ---- failures
  bool broken() const noexcept { return !failure_.empty(); }
  /// The first failure, and the steps that led to it.
  const std::string& failure() const noexcept { return failure_; }
  void fail(std::string_view what);
  /// Fails with the failure and steps of another test context.
  void fail_as(std::string failure) {
    if (!broken()) failure_ = std::move(failure);
  }
  bool expect(bool holds, std::string_view what) {
    if (!holds) fail(what);
    return holds;
  }
  void step(std::string what);

  // ---- the store and the host's records
  /// A new and empty store.
  void fresh();
  Store& store() { return fixture_->store(); }
  Fixture& fixture() { return *fixture_; }
  void put(const OrganizationRecord& record);
  void put(const AccountRecord& record);
  void put(const OrganizationId& organization, const Role& role);
  void put(const GroupName& group, const std::vector<AccountId>& accounts);
  void put_organizations(std::uint32_t count);  ///< test_organization(0), test_organization(1), ...
  void put_accounts(std::uint32_t count);       ///< test_account(0), test_account(1), ...

  /// Fetches `facts` for `owned_query`. They are empty if the store fails, or if its answer violates the contract.
  bool fetch(Store& store, const OwnedQuery& owned_query, Facts& facts);
  bool fetch(const OwnedQuery& owned_query, Facts& facts) { return fetch(store(), owned_query, facts); }

  // ---- deterministic identifiers and times
  MembershipId fresh_id();
  IdempotencyKey fresh_request();
  Time tick();  ///< later than all earlier results

  // ---- observed records: see snapshot.hpp
  void watch(const OrganizationId& organization);
  void watch(const AccountSelector& account);
  void watch(const IdempotencyKey& idempotency_key);
  void watch(Time time);

  Rng rng;
  const RunOptions options;
  std::vector<OrganizationId> organizations;
  std::vector<AccountSelector> accounts;
  std::vector<IdempotencyKey> requests;
  std::vector<Time> times;

 private:
  void put(const std::string& what, const Result<void>& done);

  Fixture* fixture_;
  std::string failure_;
  std::vector<std::string> steps_;
  std::uint64_t ids_ = 0, keys_ = 0;
  std::int64_t now_ = 0;
};

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI

#endif
