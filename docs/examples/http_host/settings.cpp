#include "settings.hpp"

#include <charconv>
#include <cstdio>
#include <string_view>

namespace http_host {
namespace {

constexpr const char* help = R"(usage: http_host --keys FILE [options]

Serves six "add member" APIs over one directory.

  --keys FILE       who may sign in: one `KEY ACCOUNT [staff|barred]` a line
  --address ADDRESS where to listen (127.0.0.1)
  --port PORT       8080; 0 takes a free one and prints it
  --threads N       how many connections may be open at once (64)
  --store NAME      memory, sqlite:FILE or postgres:CONNINFO (memory); what is in FILE or the database stays there
  --bare BYTES      answer every request with so many bytes and no more thought, to measure the server itself
  --help            this text

SIGTERM and SIGINT let requests that have begun come to their end.
)";

bool read_number(std::string_view text, int least, int most, int& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= least && number <= most;
}

std::optional<int> complain(const char* what, const char* argument) {
  std::fprintf(stderr, "http_host: %s `%.64s`: try --help\n", what, argument);
  return 2;
}

}  // namespace

std::optional<int> read_settings(int argc, char** argv, Settings& settings) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    if (option == "--help") return std::fputs(help, stdout) < 0 ? 1 : 0;
    if (i + 1 == argc) return complain("unknown option, or one without its value,", argv[i]);
    const char* const value = argv[++i];
    if (option == "--keys") {
      settings.keys_file = value;
    } else if (option == "--address") {
      settings.address = value;
    } else if (option == "--port") {
      if (!read_number(value, 0, 65535, settings.port)) return complain("no port", value);
    } else if (option == "--threads") {
      if (!read_number(value, 1, 1024, settings.threads)) return complain("no number of threads", value);
    } else if (option == "--bare") {
      if (!read_number(value, 1, 1 << 20, settings.bare_bytes)) return complain("no number of bytes", value);
    } else if (option == "--store") {
      settings.store = value;
    } else {
      return complain("unknown option", argv[i - 1]);
    }
  }
  if (settings.keys_file.empty() && settings.bare_bytes == 0) return complain("an option is missing,", "--keys");
  return std::nullopt;
}

}  // namespace http_host
