// Runs operations as coroutines on one Boost.Asio event loop. The loop is that of a blocking host, with co_await. Boost
// 1.74 uses std::exchange without <utility>, and g++ 12 wrongly reports a mismatch of its frame allocation.
// clang-format off
#include <utility>
#include <boost/asio.hpp>
// clang-format on
#include <vector>

#include "roster/roster.hpp"

#if defined(BOOST_ASIO_HAS_CO_AWAIT)
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace asio = boost::asio;
using namespace roster;

namespace {

/// Represents a database client: each answer comes in a later turn of the event loop.
struct AsyncStore {
  MemoryStore& inner;

  asio::awaitable<Result<void>> fetch(const Query& query, Facts& facts) {
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    co_return inner.fetch(query, facts);
  }
  asio::awaitable<Result<void>> commit(const ChangeSet& changes) {
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    co_return inner.commit(changes);
  }
};

// loop begins
asio::awaitable<void> carry_out(Operation operation, AsyncStore& store, std::vector<Report>& reports) {
  while (operation.need() != Operation::Need::nothing) {
    if (operation.need() == Operation::Need::facts) {
      operation.provide(co_await store.fetch(operation.query(), operation.facts()));
    } else {
      operation.committed(co_await store.commit(operation.changes()));
    }
  }
  auto report = operation.finish();
  if (report) reports.push_back(std::move(report).value());
}
// loop ends

}  // namespace

int main() {
  UuidSource ids({1, 2});
  MemoryStore memory({.thread_safe = false});  // one thread, one loop
  if (!memory.put_organization({.id = OrganizationId("acme")})) return 1;
  const Engine engine(profiles::recoup, memory, ids);
  // Commands are made outside coroutines and outlive their operations.
  const auto zoe = Email::parse("zoe@example.com");
  if (!zoe) return 1;
  const AddMembers command(OrganizationId("acme"), zoe.value(), {}, Actor{.staff = true});

  asio::io_context loop;
  AsyncStore store{memory};
  std::vector<Report> reports;
  for (int i = 0; i < 5; ++i)
    asio::co_spawn(loop, carry_out(engine.begin(command, Time{0}), store, reports), asio::detached);
  loop.run();

  // All five fetched before the first commit, but only one account and one membership were created.
  std::size_t added = 0, existing = 0;
  for (const Report& report : reports) {
    added += report.count(Outcome::added);
    existing += report.count(Outcome::existing);
  }
  return added == 1 && existing == 4 && memory.account_count() == 1 && memory.membership_count() == 1 ? 0 : 1;
}

#else
int main() {}  // Boost.Asio does not support the coroutines of this compiler
#endif
