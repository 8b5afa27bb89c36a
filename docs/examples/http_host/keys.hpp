// Authentication by API keys from a file. A real host has its own authentication: roster::http only finds the
// credential in a request.
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
  /// Reads one `KEY ACCOUNT [staff|barred]` from each line; `#` begins a comment. On failure, returns nothing and sets
  /// `wrong`.
  static std::optional<Keys> read(const std::string& file, std::string& wrong);

  /// The account of the key. An unknown key has no account, and the response is 401.
  roster::http::Authentication authenticate(std::optional<std::string_view> credential) const;

 private:
  std::map<std::string, roster::http::Authentication, std::less<>> known_;
};

}  // namespace http_host

#endif
