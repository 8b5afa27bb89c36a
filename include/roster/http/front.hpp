// Front: an API over a blocking store, for a host with a server of its own.
#ifndef ROSTER_HTTP_FRONT_HPP
#define ROSTER_HTTP_FRONT_HPP

#include "roster/http/exchange.hpp"
#include "roster/store.hpp"

ROSTER_PUBLIC_BEGIN
namespace http {

/// One API, one store. Immutable, and as thread-safe as the store, the identifiers and the records it was given; they
/// must outlive it. It keeps no state between calls.
class Front {
 public:
  Front(const Api& api, Store& store, IdSource& ids, RecordSource* records = nullptr,
        const Limits& limits = {}) noexcept
      : api_(api), store_(&store), ids_(&ids), records_(records), limits_(limits) {}

  /// Carries the request out and gives the response to it. Never throws, whatever the store or the records throw.
  Response answer(const Request& request, const Authentication& who, Time now) const noexcept;

  const Api& api() const noexcept { return api_; }

 private:
  Api api_;
  Store* store_;
  IdSource* ids_;
  RecordSource* records_;
  Limits limits_;
};

}  // namespace http
ROSTER_END

#endif
