// The error body that Devin and Piper share: {"detail": ...} with a sentence. For a malformed request it has a list of
// {"loc","msg","type"} as the framework of both writes it.
#ifndef ROSTER_HTTP_SRC_DETAIL_HPP
#define ROSTER_HTTP_SRC_DETAIL_HPP

#include "roster/http/api.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {

/// The detail of a 422 is always a list, whatever the source of the error. `role` is the name of the role's field.
void refuse_with_detail(const Refusal& refusal, std::string_view role, Response& response);

}  // namespace http
}  // namespace roster::inline ROSTER_ABI

#endif
