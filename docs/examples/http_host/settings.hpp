// What the command line says.
#ifndef HTTP_HOST_SETTINGS_HPP
#define HTTP_HOST_SETTINGS_HPP

#include <optional>
#include <string>

namespace http_host {

struct Settings {
  std::string address = "127.0.0.1";
  int port = 8080;   ///< 0: any that is free
  int threads = 64;  ///< one for each connection that is open, idle ones too
  std::string keys_file;
  std::string store = "memory";
  int bare_bytes = 0;  ///< not 0: answers every request at once with so many: what the benchmark compares with
};

/// Prints what is wrong, or the help, and says with which exit code to end; nothing: go on.
std::optional<int> read_settings(int argc, char** argv, Settings& settings);

}  // namespace http_host

#endif
