// Checks that a request has the fields that the table of its API lists. It finds every error, not only the first.
#ifndef ROSTER_HTTP_SRC_FIELDS_HPP
#define ROSTER_HTTP_SRC_FIELDS_HPP

#include "http/headers.hpp"
#include "roster/http/api.hpp"
#include "roster/http/exchange.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {

/// Complains about the parts of the path that are not of their shape; puts UUIDs in lower case.
void check_parameters(const Api& api, RequestReader& reader);
/// Reads the query and complains about it.
void check_query(const Api& api, RequestReader& reader);
/// Reads the body and complains about it. Says false where there is nothing to go on with: the body is no object.
bool check_body(const Api& api, const Limits& limits, RequestReader& reader);

}  // namespace http
}  // namespace roster::inline ROSTER_ABI

#endif
