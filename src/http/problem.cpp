#include "http/problem.hpp"

#include <algorithm>

namespace roster::inline ROSTER_ABI {
namespace http {
namespace {

constexpr std::size_t errors_max = 100;

/// The title of a problem with the type about:blank is the phrase of its status (RFC 9110, section 15).
std::string_view phrase(std::uint16_t status) noexcept {
  switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Content";
    case 424: return "Failed Dependency";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    default: return "Error";
  }
}

/// Appends one step of a JSON Pointer (RFC 6901, section 3).
void append_step(std::string& pointer, std::string_view step) {
  pointer += '/';
  for (const char c : step) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
}

std::string pointer_of(const Location& place) {
  std::string pointer;
  if (!place.name.empty()) append_step(pointer, place.name);
  if (place.index && !place.name.empty()) append_step(pointer, std::to_string(*place.index));
  if (!place.member.empty()) append_step(pointer, place.member);
  return pointer;
}

void write_problem(JsonWriter& json, const ValidationError& invalid) {
  json.object().member("in", invalid.location.in);
  if (invalid.location.in == "body") {
    json.member("pointer", pointer_of(invalid.location));
  } else {
    json.member("name", invalid.location.name);
  }
  const bool exact = invalid.kind == ErrorKind::malformed && invalid.why.code != Errc{};
  json.member("code", exact ? name(invalid.why.code) : name(invalid.kind)).member("detail", invalid.text);
  json.close_object();
}

}  // namespace

JsonWriter begin_problem(const Refusal& refusal, Response& response) {
  JsonWriter json = begin(response, refusal.status, "application/problem+json");
  json.object()
      .member("type", "about:blank")
      .member("title", phrase(refusal.status))
      .member("status", refusal.status)
      .member("code", refusal.code)
      .member("detail", refusal.text);
  if (refusal.errors.empty()) return json;
  json.key("errors").array();
  for (const ValidationError& invalid : refusal.errors.first(std::min(refusal.errors.size(), errors_max)))
    write_problem(json, invalid);
  json.close_array();
  return json;
}

}  // namespace http
}  // namespace roster::inline ROSTER_ABI
