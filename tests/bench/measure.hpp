// How things are timed and compared: contestants take turns in one process, and only ratios are judged.
#ifndef ROSTER_BENCH_MEASURE_HPP
#define ROSTER_BENCH_MEASURE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// CPU time of this thread: what other programs on the machine do shows up less than in wall time.
std::uint64_t thread_cpu_ns();
/// What reading the clock costs; subtracted from every timed batch.
std::uint64_t clock_cost_ns();

/// How many requests are prepared at a time: few enough to stay in the nearest cache.
inline constexpr std::size_t batch = 128;

/// Calls prepare(from, to), untimed, and then work(i - from) for each i, timed, in batches: a request is hot in
/// the cache when a host hands it over, and a loop over a million prepared ones would not be. Returns ns in all.
template <class Prepare, class Work>
double timed_batches(std::size_t count, Prepare&& prepare, Work&& work) {
  std::uint64_t total = 0, batches = 0;
  for (std::size_t from = 0; from < count; from += batch, ++batches) {
    const std::size_t size = std::min(batch, count - from);
    prepare(from, from + size);
    const std::uint64_t start = thread_cpu_ns();
    for (std::size_t i = 0; i < size; ++i) work(i);
    total += thread_cpu_ns() - start;
  }
  const std::uint64_t clock = batches * clock_cost_ns();
  return total > clock ? static_cast<double>(total - clock) : 0.0;
}

/// One contestant's turn gives its metrics, for example ns an add and ns a re-add.
using Turn = std::function<std::vector<double>()>;

/// Contestants in a fixed order, odd rounds backwards, so that a slow machine slows them alike.
class Contest {
 public:
  /// Returns the number under which its samples are kept.
  std::size_t enter(Turn turn);
  /// The first round is thrown away where `rehearse`: it pays for first touches.
  void run(std::size_t rounds, bool rehearse);
  /// The samples of one metric, round by round.
  std::vector<double> samples(std::size_t contestant, std::size_t metric) const;

 private:
  struct Entry {
    Turn turn;
    std::vector<std::vector<double>> rounds;
  };
  std::vector<Entry> entries_;
};

double median(std::vector<double> samples);

/// Prints what is reached. Never fails a build: numbers from a shared machine are no gate.
class Table {
 public:
  static void heading(const std::string& title);
  /// `roster` against `floor`, round by round; aim 0 means that there is none and the line is for information.
  static void compare(const std::string& workload, const std::string& floor_name, const std::vector<double>& floor,
                      const std::vector<double>& roster, double aim, const char* unit = "ns");
  /// A plain number against an aim that it should not exceed; 0 bytes or allocations can be an aim, a negative is none.
  static void number(const std::string& workload, double value, double aim, const char* unit);
  static void note(const std::string& text);
  static void summary();
};

/// Ends the program: a benchmark of something that did not do its work means nothing.
[[noreturn]] void broken(const std::string& what);
inline void expect(bool holds, const char* what) {
  if (!holds) broken(what);
}

}  // namespace bench

#endif
