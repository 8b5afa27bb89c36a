// Problem details, RFC 9457: how roster's own API says no.
#ifndef ROSTER_HTTP_SRC_PROBLEM_HPP
#define ROSTER_HTTP_SRC_PROBLEM_HPP

#include "roster/http/api.hpp"

ROSTER_BEGIN
namespace http {

/// Starts the object and leaves it open, for members of the API's own. `type` is about:blank, because the status and
/// `code` say it all; `errors` has the places that are at fault, at most 100 of them.
JsonText begin_problem(const Refusal& refusal, Response& response);

}  // namespace http
ROSTER_END

#endif
