// Handler: an API over a blocking store, for a host with its own server.
//
//     const http::Handler handler(http::turso, store, ids);
//     http::Response response = handler.handle(request, authentication, now);
#ifndef ROSTER_HTTP_HANDLER_HPP
#define ROSTER_HTTP_HANDLER_HPP

#include "roster/http/exchange.hpp"
#include "roster/store.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {
namespace http {

/// Handler combines one API and one store. It is immutable, and as thread-safe as its store, identifiers and records,
/// which must outlive it. It keeps no state between calls.
class Handler {
 public:
  /// Copies the API, and refers to the others. Without `records` a response shows no records of the host.
  Handler(const Api& api, Store& store, IdSource& ids, RecordSource* records = nullptr,
          const Limits& limits = {}) noexcept
      : api_(api), store_(&store), ids_(&ids), records_(records), limits_(limits) {}

  /// Executes the request and returns its response. It never throws, even if the store or the records throw.
  Response handle(const Request& request, const Authentication& authentication, Time now) const noexcept;

  const Api& api() const noexcept { return api_; }  ///< the API of this handler

 private:
  Api api_;
  Store* store_;
  IdSource* ids_;
  RecordSource* records_;
  Limits limits_;
};

}  // namespace http
}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
