// The headers of a request about its body and its idempotency key.
#ifndef ROSTER_HTTP_SRC_HEADERS_HPP
#define ROSTER_HTTP_SRC_HEADERS_HPP

#include <optional>
#include <string>

#include "roster/http/message.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {

/// False if the body is declared as something else than JSON in UTF-8, or as compressed. Undeclared is JSON.
bool is_json_body(const Request& request) noexcept;

/// The Idempotency-Key, a string of RFC 8941 (`"..."`) as draft-ietf-httpapi-idempotency-key-header has it, or the bare
/// characters, as most clients send it.
struct IdempotencyKeyHeader {
  bool given = false;
  std::optional<std::string> key{};  ///< nothing where the header is malformed, longer than 255 bytes, or there twice
};
IdempotencyKeyHeader read_idempotency_key(const Request& request);

}  // namespace http
}  // namespace roster::inline ROSTER_ABI

#endif
