// The settings of the command line.
#ifndef HTTP_HOST_SETTINGS_HPP
#define HTTP_HOST_SETTINGS_HPP

#include <optional>
#include <string>

namespace http_host {

struct Settings {
  std::string address = "127.0.0.1";
  int port = 8080;   ///< 0: any free port
  int threads = 64;  ///< one for each open connection, also an idle one
  std::string keys_file;
  std::string store = "memory";
  int bare_bytes = 0;  ///< not 0: responses have so many bytes and no other work, as a baseline for benchmarks
};

/// Prints an error or the help, and returns the exit code. Returns nothing if the program can continue.
std::optional<int> read_settings(int argc, char** argv, Settings& settings);

}  // namespace http_host

#endif
