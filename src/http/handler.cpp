#include "roster/http/handler.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {
namespace {

// An exception of a store or of the records is an error: see drive() in engine.hpp.
template <class Call>
Result<void> result_of(Call&& call) noexcept {
  try {
    return call();
  } catch (...) {
    return Errc::store_failed;
  }
}

Records look_up(RecordSource* source, const RecordsQuery& wanted) noexcept {
  try {
    if (source != nullptr) return source->look_up(wanted);
  } catch (...) {  // the decision is final; the response has no records
  }
  return {};
}

}  // namespace

Response Handler::handle(const Request& request, const Authentication& authentication, Time now) const noexcept {
  Exchange exchange(api_, request, authentication, Context{now, ids_}, limits_);
  for (;;) switch (exchange.need()) {
      case Exchange::Need::facts:
        exchange.provide(result_of([&] { return store_->fetch(exchange.query(), exchange.facts()); }));
        break;
      case Exchange::Need::commit:
        exchange.committed(result_of([&] { return store_->commit(exchange.changes()); }));
        break;
      case Exchange::Need::records: exchange.provide_records(look_up(records_, exchange.records_query())); break;
      case Exchange::Need::response: return exchange.response();
    }
}

}  // namespace http
}  // namespace roster::inline ROSTER_ABI
