// Colours and a progress bar, for terminals only.
#ifndef QUICKSTART_TERMINAL_HPP
#define QUICKSTART_TERMINAL_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace quickstart {

/// Colours for standard output. All are empty if it is no terminal, or if NO_COLOR is set (https://no-color.org).
struct Colours {
  std::string_view title, good, bad, quiet, none;
};
Colours colours_for_output();

/// A bar on standard error. It is invisible if that is not a terminal, or if the work ends quickly. The destructor
/// erases it.
class ProgressBar {
 public:
  explicit ProgressBar(std::size_t steps);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  void show(std::size_t done);

 private:
  std::size_t steps_, drawn_ = 0;
  bool visible_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// 1234567 as "1,234,567".
std::string grouped(std::uint64_t number);
/// "1 team", "2 teams", "1,509 people".
std::string counted(std::uint64_t number, std::string_view one, std::string_view many);

}  // namespace quickstart

#endif
