#include "terminal.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace quickstart {
namespace {

constexpr std::size_t bar_width = 40;
constexpr std::chrono::milliseconds unnoticed{200};

}  // namespace

Colours colours_for_output() {
  const char* const refused = std::getenv("NO_COLOR");
  if (isatty(STDOUT_FILENO) == 0 || (refused != nullptr && *refused != '\0')) return {};
  return {"\x1b[1m", "\x1b[32m", "\x1b[31m", "\x1b[2m", "\x1b[0m"};
}

ProgressBar::ProgressBar(std::size_t steps) : steps_(steps), visible_(isatty(STDERR_FILENO) != 0 && steps != 0) {}

ProgressBar::~ProgressBar() {
  if (visible_ && drawn_ != 0) std::fputs("\r\x1b[K", stderr);
}

void ProgressBar::show(std::size_t done) {
  const std::size_t filled = visible_ ? done * bar_width / steps_ : 0;
  if (filled == drawn_ || std::chrono::steady_clock::now() - start_ < unnoticed) return;
  drawn_ = filled;
  fmt::print(stderr, "\r[{:<{}}] {} of {} commands", std::string(filled, '#'), bar_width, done, steps_);
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
  return grouped(number) + " " + std::string(number == 1 ? one : many);
}

}  // namespace quickstart
