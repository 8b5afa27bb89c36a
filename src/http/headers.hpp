// The headers of a request about its body and its idempotency key.
#ifndef ROSTER_HTTP_SRC_HEADERS_HPP
#define ROSTER_HTTP_SRC_HEADERS_HPP

#include <optional>
#include <string>

#include "roster/http/message.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {

/// False if the headers declare another type than JSON in UTF-8, or compression. A body without these headers is JSON.
bool is_json_body(const Request& request) noexcept;

/// The Idempotency-Key: a string of RFC 8941 (`"..."`) as in draft-ietf-httpapi-idempotency-key-header, or the bare
/// characters, which most clients send.
struct IdempotencyKeyHeader {
  bool given = false;
  std::optional<std::string> key{};  ///< nothing if the header is malformed, duplicate, or over 255 bytes
};
IdempotencyKeyHeader read_idempotency_key(const Request& request);

}  // namespace http
}  // namespace roster::inline ROSTER_ABI

#endif
