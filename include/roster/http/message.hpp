// Request and response as values: the input and the output of a host's server.
#ifndef ROSTER_HTTP_MESSAGE_HPP
#define ROSTER_HTTP_MESSAGE_HPP

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "roster/command.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {
namespace http {

/// Header is one header of a request.
struct Header {
  std::string_view name;   ///< in any case
  std::string_view value;  ///< as received
};

/// Request holds views into the host's buffers. They are read during the construction of an Exchange, and not
/// afterwards.
struct Request {
  std::string_view method;          ///< as on the request line; case-sensitive (RFC 9110, section 9.1)
  std::string_view target;          ///< path and query as on the request line, still percent-encoded
  std::span<const Header> headers;  ///< names in any case
  std::string_view body;            ///< the whole content, without transfer coding
  /// The time at which the host's own gateway received the first attempt of this request; 0: unknown. It becomes
  /// Command::asked_at, so that a late copy undoes no later change. A time that the client sends is no substitute.
  Time asked_at{};
};

/// Response owns its bytes. The host adds Date, Content-Length and further headers of its server.
struct Response {
  /// Line is one header of a response.
  struct Line {
    std::string_view name;  ///< static text
    std::string value;      ///< the value
  };
  std::uint16_t status = 503;  ///< HTTP status
  std::vector<Line> headers;   ///< Content-Type, and those of the API
  std::string body;            ///< empty only if memory ran out while it was written
};

/// Authentication is the result of the host's check of a credential; see credential() in api.hpp.
struct Authentication {
  std::optional<Actor> actor{};  ///< nothing: no account was recognised, which is 401
  bool permitted = true;         ///< false: recognised, but its token has no right to this API, which is 403
};

}  // namespace http
}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
