// Exchange: a sans-I/O state machine that executes one HTTP request. need() returns the next input that it requires.
#ifndef ROSTER_HTTP_EXCHANGE_HPP
#define ROSTER_HTTP_EXCHANGE_HPP

#include <cstdint>
#include <memory>

#include "roster/http/api.hpp"
#include "roster/id_source.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {
namespace http {

/// Limits bound the size of a request.
struct Limits {
  std::uint32_t body_bytes_max = 1u << 20;  ///< a longer body is 413
  JsonLimits json{};                        ///< limits of the JSON in the body
};

/// Exchange wraps an Operation in the same loop, with one more need:
///
///     for (;;) switch (exchange.need()) {
///       case Need::facts:    exchange.provide(store.fetch(exchange.query(), exchange.facts())); break;
///       case Need::commit:   exchange.committed(store.commit(exchange.changes()));              break;
///       case Need::records:  exchange.provide_records(look_up(exchange.records_query()));       break;
///       case Need::response: return exchange.response(); }
///
/// Every request gets a response in the API's own envelope, because no input throws or aborts. The order is 401, then
/// 400 or 422 for a malformed request, then 403, 404, 409. A 5xx status means that the store failed or memory ran out.
///
/// An exchange may be destroyed between any two steps, like an operation. It is movable, also between threads between
/// two calls. It does not own the API's profile and the identifiers, which must outlive it. A call that does not match
/// need() has no effect.
class Exchange {
 public:
  /// Need is the next input that an exchange requires.
  enum class Need : std::uint8_t {
    facts,    ///< a fetch of query() into facts(), then provide()
    commit,   ///< a commit of changes(), then committed()
    records,  ///< the records of records_query(), then provide_records()
    response  ///< none: response() returns the response
  };

  /// Reads the whole request, which may be freed afterwards.
  Exchange(const Api& api, const Request& request, const Authentication& authentication, const Context& context,
           const Limits& limits = {}) noexcept;
  Exchange(Exchange&&) noexcept;             ///< leaves the source with an empty response
  Exchange& operator=(Exchange&&) noexcept;  ///< leaves the source with an empty response
  ~Exchange();

  Need need() const noexcept;                          ///< the next input; `response` after a move from it
  const Query& query() const noexcept;                 ///< while need() is facts
  Facts& facts() noexcept;                             ///< while need() is facts: empty, filled by the store
  void provide(Result<void> fetched) noexcept;         ///< as Operation::provide()
  const ChangeSet& changes() const noexcept;           ///< while need() is commit
  void committed(Result<void> done) noexcept;          ///< as Operation::committed()
  const RecordsQuery& records_query() const noexcept;  ///< while need() is records
  void provide_records(Records records) noexcept;      ///< continues with the records of the host
  /// Returns the response once need() is response. It is moved out: call once.
  Response response() noexcept;

 private:
  friend class Handler;
  struct State;
  std::unique_ptr<State> state_;  // null only if its allocation failed
};

}  // namespace http
}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
