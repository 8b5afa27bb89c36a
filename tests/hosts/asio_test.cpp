// One person added by several coroutines on one Boost.Asio loop: exactly one adds, all see one account.
//
// Boost 1.74 uses std::exchange without including <utility>, and g++ 12 takes its frame allocation for a mismatch.
// clang-format off
#include <utility>
#include <boost/asio.hpp>
// clang-format on

#include "catch.hpp"
#include "roster/roster.hpp"

namespace asio_test {

#if defined(BOOST_ASIO_HAS_CO_AWAIT)
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace asio = boost::asio;
using namespace roster;

namespace {

/// Each answer comes in a later turn of the loop, so that operations meet between their steps.
struct AsyncStore {
  MemoryStore& inner;
  int commits = 0;

  asio::awaitable<Result<void>> fetch(const Query& query, Facts& facts) {
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    co_return inner.fetch(query, facts);
  }
  asio::awaitable<Result<void>> commit(const ChangeSet& changes) {
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    ++commits;
    co_return inner.commit(changes);
  }
};

struct Seen {
  int added = 0, existing = 0, others = 0;
};

asio::awaitable<void> carry_out(Operation operation, AsyncStore& store, Seen& seen) {
  while (operation.need() != Operation::Need::nothing) {
    if (operation.need() == Operation::Need::facts) {
      operation.provide(co_await store.fetch(operation.query(), operation.facts()));
    } else {
      operation.committed(co_await store.commit(operation.changes()));
    }
  }
  const auto report = operation.finish();
  const Outcome outcome = report ? report.value().at(0, 0) : Outcome::undecided;
  ++(outcome == Outcome::added ? seen.added : outcome == Outcome::existing ? seen.existing : seen.others);
}

}  // namespace

TEST_CASE("asio host: of five coroutines that add one unknown address, one adds and all see one account") {
  MemoryStore memory({.thread_safe = false});
  UuidSource ids({1, 2});
  REQUIRE(memory.put_organization({.id = OrganizationId("acme")}));
  const Engine engine(profiles::recoup, memory, ids);
  const auto zoe = Email::parse("zoe@example.com");
  REQUIRE(zoe);
  const AddMembers command(OrganizationId("acme"), zoe.value(), {}, Actor{.staff = true});

  asio::io_context loop;
  AsyncStore store{memory};
  Seen seen;
  for (int i = 0; i < 5; ++i)
    asio::co_spawn(loop, carry_out(engine.begin(command, Time{0}), store, seen), asio::detached);
  loop.run();

  CHECK(seen.added == 1);
  CHECK(seen.existing == 4);
  CHECK(seen.others == 0);
  CHECK(store.commits == 5);  // all had looked before one wrote: the race took place
  CHECK(memory.account_count() == 1);
  CHECK(memory.membership_count() == 1);
}

#endif

}
