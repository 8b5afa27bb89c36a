// A seeded host behind one API's front door: what the table tests of the APIs send their requests to.
#ifndef ROSTER_TESTS_HTTP_WIRE_HPP
#define ROSTER_TESTS_HTTP_WIRE_HPP

#include "apis/seeded.hpp"
#include "roster/http/apis.hpp"
#include "roster/http/handler.hpp"

namespace wire {

using namespace seeded;

inline std::string uuid(unsigned number) {
  std::string digits = std::to_string(number);
  return "00000000-0000-4000-8000-" + std::string(12 - digits.size(), '0') + digits;
}

/// "409 {...}": status and body in one text, so that one comparison shows both.
inline std::string shown(const http::Response& response) {
  return std::to_string(response.status) + " " + response.body;
}

inline std::string header_of(const http::Response& response, std::string_view name) {
  for (const auto& line : response.headers)
    if (line.name == name) return line.value;
  return {};
}

class Wire {
 public:
  explicit Wire(const http::Api& with, bool case_insensitive_usernames = false)
      : api(with), host(*with.profile, case_insensitive_usernames), who{by("boss"), true} {}

  http::Response send(std::string_view target, std::string_view body) {
    const http::Handler handler(api, host, host.ids, records, limits);
    return handler.handle({method, target, headers, body}, who, now);
  }
  /// To `address`.
  std::string post(std::string_view body) { return shown(send(address, body)); }

  http::Api api;
  Host host;
  http::Authentication who;
  std::string_view address, method = "POST";
  std::vector<http::Header> headers{{"Content-Type", "application/json"}};
  http::RecordSource* records = nullptr;
  http::Limits limits{};
};

}  // namespace wire

#endif
