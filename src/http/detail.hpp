// The envelope that Devin and Piper share: {"detail": ...}, a sentence, or for what is wrong with the shape of a
// request a list of {"loc","msg","type"} in the words of the framework that both are written with.
#ifndef ROSTER_HTTP_SRC_DETAIL_HPP
#define ROSTER_HTTP_SRC_DETAIL_HPP

#include "roster/http/api.hpp"

ROSTER_BEGIN
namespace http {

/// A 422 is a list whoever found the fault; `role` is the field to blame for a role that the rules refuse.
void refuse_with_detail(const Refusal& refusal, std::string_view role, Response& response);

}  // namespace http
ROSTER_END

#endif
