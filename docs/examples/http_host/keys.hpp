// Authentication: API keys from a file. What a real host has instead is its own affair; roster::http only says which
// part of a request is the credential.
#ifndef HTTP_HOST_KEYS_HPP
#define HTTP_HOST_KEYS_HPP

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "roster/http/api.hpp"

namespace http_host {

class Keys {
 public:
  /// One `KEY ACCOUNT [staff|barred]` a line; `#` begins a comment. Says which line is wrong.
  static std::optional<Keys> read(const std::string& file, std::string& wrong);

  /// Whose key it is. Not knowing it is not being known: 401.
  roster::http::Authentication authenticate(std::optional<std::string_view> credential) const;

 private:
  std::map<std::string, roster::http::Authentication, std::less<>> known_;
};

}  // namespace http_host

#endif
