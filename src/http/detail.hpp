// The envelope that Devin and Piper share: {"detail": ...}, a sentence, or for a malformed request a list of
// {"loc","msg","type"} in the terms of the framework that both use.
#ifndef ROSTER_HTTP_SRC_DETAIL_HPP
#define ROSTER_HTTP_SRC_DETAIL_HPP

#include "roster/http/api.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {

/// A 422 is always a list, for each source of the fault; `role` is the field of a role that the rules refuse.
void refuse_with_detail(const Refusal& refusal, std::string_view role, Response& response);

}  // namespace http
}  // namespace roster::inline ROSTER_ABI

#endif
