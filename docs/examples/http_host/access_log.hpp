// Writes one line of JSON to standard output for each request, without credentials, query and body.
#ifndef HTTP_HOST_ACCESS_LOG_HPP
#define HTTP_HOST_ACCESS_LOG_HPP

#include <unistd.h>

#include <chrono>
#include <string>

#include "roster/http/api.hpp"

namespace http_host {

class AccessLog {
 public:
  struct Line {
    std::string_view api, method, path, actor;
    std::size_t received = 0;  ///< bytes of the request body
    std::size_t sent = 0;
    std::uint16_t status = 0;
    std::chrono::nanoseconds took{};
    roster::Time at{};
  };

  void write(const Line& line) const {
    std::string text;
    text.reserve(512);
    roster::http::JsonWriter(text)
        .object()
        .member("time", roster::http::text_of(line.at))
        .member("api", line.api)
        .member("method", line.method)
        .member("path", line.path.substr(0, path_size_max))
        .member("actor", line.actor)
        .member("status", line.status)
        .member("received", line.received)
        .member("sent", line.sent)
        .member("micros", static_cast<std::uint64_t>(line.took.count() / 1000))
        .close_object();
    text += '\n';
    // One system call for a line keeps lines whole without a lock. Without a buffer, no line is lost when the process
    // ends.
    [[maybe_unused]] const auto written = ::write(STDOUT_FILENO, text.data(), text.size());
  }

 private:
  static constexpr std::size_t path_size_max = 256;
};

}  // namespace http_host

#endif
