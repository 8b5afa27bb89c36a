// Request and response as values: what a host's server has read, and what it is to send.
#ifndef ROSTER_HTTP_MESSAGE_HPP
#define ROSTER_HTTP_MESSAGE_HPP

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "roster/command.hpp"

ROSTER_PUBLIC_BEGIN
namespace http {

struct Header {
  std::string_view name, value;
};

/// Views into the host's buffers. They are read while an Exchange is constructed, and not after that.
struct Request {
  std::string_view method;          ///< as on the request line; case matters (RFC 9110, section 9.1)
  std::string_view target;          ///< path and query as on the request line, still percent-encoded
  std::span<const Header> headers;  ///< names in any case
  std::string_view body;            ///< the whole content, without transfer coding
};

/// Owns its bytes. The host adds Date, Content-Length and what else its server knows.
struct Response {
  struct Line {
    std::string_view name;  ///< static text
    std::string value;
  };
  std::uint16_t status = 503;
  std::vector<Line> headers;
  std::string body;  ///< empty only where memory ran out while it was written
};

/// What the host knows about who asks. Whether a credential is good is the host's affair: see credential() in api.hpp.
struct Authentication {
  std::optional<Actor> actor{};  ///< nothing: nobody was recognised, which is 401
  bool permitted = true;         ///< false: recognised, but its token carries no right to this API, which is 403
};

}  // namespace http
ROSTER_END

#endif
