// Serves HTTP requests on one Boost.Asio event loop. The loop is that of an exchange, with co_await. Boost 1.74 uses
// std::exchange without <utility>, and g++ 12 wrongly reports a mismatch of its frame allocation.
// clang-format off
#include <utility>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
// clang-format on
#include <vector>

#include "roster/http/apis.hpp"
#include "roster/http/exchange.hpp"
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
asio::awaitable<void> respond(http::Exchange exchange, AsyncStore& store, std::vector<http::Response>& responses) {
  using Need = http::Exchange::Need;
  while (exchange.need() != Need::response) {
    if (exchange.need() == Need::facts) {
      exchange.provide(co_await store.fetch(exchange.query(), exchange.facts()));
    } else if (exchange.need() == Need::commit) {
      exchange.committed(co_await store.commit(exchange.changes()));
    } else {
      exchange.provide_records({});  // this host returns no records
    }
  }
  responses.push_back(exchange.response());
}
// loop ends

}  // namespace

int main() {
  UuidSource ids({1, 2});
  MemoryStore memory({.thread_safe = false});  // one thread, one loop
  constexpr OrganizationId acme("11111111-1111-4111-8111-111111111111");
  if (!memory.put_organization({.id = acme})) return 1;

  asio::io_context loop;
  AsyncStore store{memory};
  std::vector<http::Response> responses;
  const http::Request request{"POST",
                              "/api/organizations/members",
                              {},
                              R"({"organizationId":"11111111-1111-4111-8111-111111111111","email":"zoe@example.com"})"};
  const http::Authentication staff{Actor{{}, true}};
  for (int i = 0; i < 5; ++i) {
    // The constructor reads the request, whose bytes need not stay valid.
    http::Exchange exchange(http::recoup, request, staff, Context{Time{0}, &ids});
    asio::co_spawn(loop, respond(std::move(exchange), store, responses), asio::detached);
  }
  loop.run();

  // All five fetched before the first commit, but only one account was created, and the responses are equal.
  bool same = responses.size() == 5 && memory.account_count() == 1 && memory.membership_count() == 1;
  for (const http::Response& response : responses)
    same = same && response.status == 200 && response.body == responses[0].body;
  return same ? 0 : 1;
}

#else
int main() {}  // Boost.Asio does not support the coroutines of this compiler
#endif
