// Problem details, RFC 9457: the refusals of roster's own API.
#ifndef ROSTER_HTTP_SRC_PROBLEM_HPP
#define ROSTER_HTTP_SRC_PROBLEM_HPP

#include "roster/http/api.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {

/// Writes the object and leaves it open for members of the API. `type` is about:blank, because the status and `code`
/// are sufficient. `errors` has at most 100 malformed locations.
JsonWriter begin_problem(const Refusal& refusal, Response& response);

}  // namespace http
}  // namespace roster::inline ROSTER_ABI

#endif
