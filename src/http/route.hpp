// The target of a request: matches the path with a template and splits the query. Both are percent-decoded.
#ifndef ROSTER_HTTP_SRC_ROUTE_HPP
#define ROSTER_HTTP_SRC_ROUTE_HPP

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "roster/version.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {

using Parameters = std::vector<std::pair<std::string_view, std::string>>;

/// Fills `parameters` with the parts that match `{name}` in `path`, in order, and returns whether the target matches. A
/// part is never empty; a malformed escape matches nothing (RFC 3986, section 2.1).
bool match(std::string_view path, std::string_view target, Parameters& parameters);

/// The decoded names and values of the query, in order. A malformed escape stays unchanged.
std::vector<std::pair<std::string, std::string>> query_of(std::string_view target);

}  // namespace http
}  // namespace roster::inline ROSTER_ABI

#endif
