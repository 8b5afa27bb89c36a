// Calls that erase records, and commits of several threads at once with one.
#ifndef ROSTER_CONFORMANCE_ERASE_CALLS_HPP
#define ROSTER_CONFORMANCE_ERASE_CALLS_HPP

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "change_set_builder.hpp"
#include "record_calls.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

/// The version of a stored record; 0: there is none.
template <class Id>
Version version_of(TestContext& test, const RecordStore& store, const Id& id) {
  const auto found = look_up(store, id);
  test.expect(found.has_value(), "a look-up failed");
  return found && found.value() ? found.value()->version : Version{};
}

/// Each call notes a step, and fails the law at a wrong result.
class Erases {
 public:
  Erases(TestContext& test, RecordStore& store) : test_(test), store_(store) {}
  Result<void> of(const OrganizationId& id, Version version) { return store_.erase_organization(id, version); }
  Result<void> of(const AccountId& id, Version version, Mentions mentions) {
    return store_.erase_account(id, version, mentions);
  }

  void succeeds(const std::string& what, const Result<void>& called) {
    test_.step(what);
    test_.expect(called.has_value(), what + ": " + (called ? "" : std::string(name(called.error().code))));
  }
  void fails(const std::string& what, const Result<void>& called, Errc code) {
    test_.step(what);
    test_.expect(!called && called.error().code == code,
                 what + ": " + (called ? "success" : std::string(name(called.error().code))) + " instead of " +
                     std::string(name(code)));
  }

 private:
  TestContext& test_;
  RecordStore& store_;
};

/// Commits of several workers, decided before, that run at once with another call.
class AtOnce {
 public:
  /// `fill` fills the change set of each worker, from 0 on, about an organization for each, and one account more than
  /// there are workers.
  AtOnce(TestContext& test, std::uint32_t workers,
         const std::function<void(ChangeSetBuilder&, std::uint32_t worker)>& fill)
      : test_(test), calls_(workers), statuses_(workers) {
    for (std::uint32_t i = 0; i < workers; ++i) {
      Store* const store = test.fixture().connection(i + 1);
      if (!test.expect(store != nullptr, "a connection is missing")) return;
      builders_.push_back(std::make_unique<ChangeSetBuilder>(test, test_organizations(workers),
                                                             test_accounts(workers + 2), AccountId(), store));
      fill(*builders_.back(), i);
      calls_[i] = [this, store, i] { statuses_[i] = call(*store, builders_[i]->changes); };
    }
  }
  /// The last worker runs another call instead.
  void replace_last(std::function<void()> other) {
    calls_.back() = std::move(other);
    statuses_.back() = {Errc::stale, false};
  }

  /// Returns the result of `call`, which begins a little later or earlier than the commits.
  Result<void> run(const std::function<Result<void>()>& call) {
    if (test_.broken()) return Errc::stale;
    std::atomic<std::uint32_t> waiting{static_cast<std::uint32_t>(calls_.size()) + 1};
    std::vector<std::thread> threads;
    for (const std::function<void()>& each : calls_)
      threads.emplace_back([&waiting, &each] {
        --waiting;
        while (waiting != 0) continue;
        each();
      });
    --waiting;
    while (waiting != 0) continue;
    for (std::uint32_t spins = test_.rng.below(20'000); spins > 0; --spins) (void)waiting.load();
    const Result<void> done = call();
    for (std::thread& thread : threads) thread.join();
    for (const CallStatus& status : statuses_)
      test_.expect(status.ok() || status.code == Errc::stale, "an add at once with an erase: " + text_of(status));
    return done;
  }
  /// The number of commits that were written.
  std::uint32_t added() const {
    std::uint32_t count = 0;
    for (const CallStatus& status : statuses_) count += status.ok() ? 1 : 0;
    return count;
  }

 private:
  TestContext& test_;
  std::vector<std::unique_ptr<ChangeSetBuilder>> builders_;
  std::vector<std::function<void()>> calls_;
  std::vector<CallStatus> statuses_;
};

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI

#endif
