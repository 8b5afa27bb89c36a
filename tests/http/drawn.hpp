// Requests made from bytes, for the property and the fuzzer: mostly almost right, because random bytes alone would
// never come past the address.
#ifndef ROSTER_TESTS_HTTP_DRAWN_HPP
#define ROSTER_TESTS_HTTP_DRAWN_HPP

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "roster/http/apis.hpp"
#include "roster/http/handler.hpp"

namespace roster_test {

struct Drawn {
  const roster::http::Api* api = nullptr;
  std::string method = "POST", target, body;
  std::vector<std::pair<std::string, std::string>> headers;
  roster::http::Authentication who;
  std::uint8_t sound_calls = 255;  ///< how often the store answers before it fails for good
  bool has_records = false;
};
Drawn draw_request(std::span<const std::uint8_t> bytes);

struct Answered {
  roster::http::Response response;
  bool store_failed = false;  ///< it was asked, and said store_failed
  std::uint64_t memberships_before = 0, memberships_after = 0;
};
/// Sends it into a small world: two organizations with a parent, people with every kind of role, a group.
Answered answer(const Drawn& drawn);

/// What is wrong with a response to that request: a status that the API does not document, a body that is not of the
/// documented shape, a 5xx of a sound store. Empty if nothing is.
std::string undocumented(const Drawn& drawn, const Answered& answered);

}  // namespace roster_test

#endif
