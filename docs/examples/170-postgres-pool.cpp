// Serves several threads with a connection pool. A PostgresStore is one connection.
//
// Usage: ROSTER_POSTGRES="host=... dbname=..." example-170-postgres-pool
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "roster/postgres_store.hpp"
#include "roster/roster.hpp"

using namespace roster;

namespace {

/// A fixed number of connections. Each call of this store borrows one until it returns. The fetch and the commit of one
/// operation may use different connections, because the commit checks all facts that it depends on.
class Pool final : public Store {
 public:
  Pool(const char* conninfo, std::size_t connections) {
    for (std::size_t i = 0; i < connections; ++i) free_.push_back(std::make_unique<PostgresStore>(conninfo));
  }
  Result<void> fetch(const Query& query, Facts& facts) override {
    const Borrowed one(*this);
    return one.store->fetch(query, facts);
  }
  Result<void> commit(const ChangeSet& changes) override {
    const Borrowed one(*this);
    return one.store->commit(changes);
  }

 private:
  struct Borrowed {
    explicit Borrowed(Pool& from) : pool(from) {
      std::unique_lock lock(pool.lock_);
      pool.returned_.wait(lock, [&] { return !pool.free_.empty(); });
      store = std::move(pool.free_.back());
      pool.free_.pop_back();
    }
    ~Borrowed() {
      const std::lock_guard lock(pool.lock_);
      pool.free_.push_back(std::move(store));
      pool.returned_.notify_one();
    }
    Pool& pool;
    std::unique_ptr<PostgresStore> store;
  };

  std::mutex lock_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<PostgresStore>> free_;
};

}  // namespace

int main() {
  const char* const conninfo = std::getenv("ROSTER_POSTGRES");
  if (conninfo == nullptr) {
    std::puts("set ROSTER_POSTGRES to a libpq conninfo to try this");
    return 0;
  }
  constexpr OrganizationId acme("acme");
  PostgresStore host(conninfo);
  if (!host.create_schema() || !host.put_organization({.id = acme})) {
    std::printf("%.*s\n", static_cast<int>(host.last_error_message().size()), host.last_error_message().data());
    return 1;
  }
  // Four threads, two connections, one address: one thread adds the member, and the others find it.
  Pool pool(conninfo, 2);
  std::vector<std::thread> threads;
  std::mutex lock;
  int added = 0, existing = 0;
  for (std::uint64_t i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      UuidSource ids({i, 1});
      const Engine engine(profiles::recoup, pool, ids);
      const auto zoe = Email::parse("zoe@example.com");
      const auto report = engine.add(AddMembers(acme, zoe.value(), {}, Actor{.staff = true}), Time{1});
      const std::lock_guard counting(lock);
      if (report && report.value().at(0, 0) == Outcome::added) ++added;
      if (report && report.value().at(0, 0) == Outcome::existing) ++existing;
    });
  for (std::thread& thread : threads) thread.join();
  std::printf("added %d, existing %d\n", added, existing);
  return added == 1 && existing == 3 ? 0 : 1;
}
