// Checks that a request has the fields that the table of its API lists. It finds every error, not only the first.
#ifndef ROSTER_HTTP_SRC_FIELDS_HPP
#define ROSTER_HTTP_SRC_FIELDS_HPP

#include "http/headers.hpp"
#include "roster/http/api.hpp"
#include "roster/http/exchange.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {

/// Reports the parts of the path that are not of their type. Converts UUIDs to lower case.
void check_parameters(const Api& api, RequestReader& reader);
/// Reads the query and reports its errors.
void check_query(const Api& api, RequestReader& reader);
/// Reads the body and reports its errors. Returns false if the body is not an object.
bool check_body(const Api& api, const Limits& limits, RequestReader& reader);

}  // namespace http
}  // namespace roster::inline ROSTER_ABI

#endif
