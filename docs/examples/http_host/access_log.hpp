// One line of JSON on standard output for each request. No credential, no query and no body stands in it.
#ifndef HTTP_HOST_ACCESS_LOG_HPP
#define HTTP_HOST_ACCESS_LOG_HPP

#include <chrono>
#include <cstdio>
#include <mutex>
#include <string>

#include "roster/http/api.hpp"

namespace http_host {

class AccessLog {
 public:
  struct Line {
    std::string_view api, method, path, actor;
    std::size_t received = 0;  ///< bytes of the body
    const roster::http::Response& response;
    std::chrono::nanoseconds took{};
    roster::Time at{};
  };

  void write(const Line& line) {
    std::string text;
    roster::http::JsonText(text)
        .object()
        .member("time", roster::http::text_of(line.at))
        .member("api", line.api)
        .member("method", line.method)
        .member("path", line.path.substr(0, path_size_max))
        .member("actor", line.actor)
        .member("status", line.response.status)
        .member("received", line.received)
        .member("sent", line.response.body.size())
        .member("micros", static_cast<std::uint64_t>(line.took.count() / 1000))
        .close_object();
    text += '\n';
    const std::lock_guard lock(mutex_);
    std::fwrite(text.data(), 1, text.size(), stdout);
  }

 private:
  static constexpr std::size_t path_size_max = 256;
  std::mutex mutex_;
};

}  // namespace http_host

#endif
