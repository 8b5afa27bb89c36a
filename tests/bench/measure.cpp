// The clock, the turns and the table.
#include "measure.hpp"

#include <time.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace bench {

namespace {
int aims = 0, aims_reached = 0;

const char* judged(bool reached) {
  ++aims;
  aims_reached += reached ? 1 : 0;
  return reached ? "yes" : "NO";
}
}  // namespace

std::uint64_t thread_cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(now.tv_nsec);
}

std::uint64_t clock_cost_ns() {
  static const std::uint64_t cost = [] {
    std::vector<double> samples;
    for (int i = 0; i < 2001; ++i) {
      const std::uint64_t start = thread_cpu_ns();
      samples.push_back(static_cast<double>(thread_cpu_ns() - start));
    }
    return static_cast<std::uint64_t>(median(std::move(samples)));
  }();
  return cost;
}

std::size_t Contest::enter(Turn turn) {
  entries_.push_back({std::move(turn), {}});
  return entries_.size() - 1;
}

void Contest::run(std::size_t rounds, bool rehearse) {
  if (rehearse)
    for (Entry& entry : entries_) entry.turn();
  for (std::size_t round = 0; round < rounds; ++round)
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      Entry& entry = entries_[round % 2 == 0 ? i : entries_.size() - 1 - i];
      entry.rounds.push_back(entry.turn());
    }
}

std::vector<double> Contest::samples(std::size_t contestant, std::size_t metric) const {
  std::vector<double> out;
  for (const auto& round : entries_[contestant].rounds) out.push_back(round[metric]);
  return out;
}

double median(std::vector<double> samples) {
  if (samples.empty()) return 0;
  std::sort(samples.begin(), samples.end());
  const std::size_t middle = samples.size() / 2;
  return samples.size() % 2 != 0 ? samples[middle] : (samples[middle - 1] + samples[middle]) / 2;
}

void Table::heading(const std::string& title) {
  std::printf("\n%s\n%-46s %-12s %11s %11s  %-20s %6s  %s\n", title.c_str(), "workload", "against", "floor", "roster",
              "ratio (min..max)", "aim", "reached");
}

void Table::compare(const std::string& workload, const std::string& floor_name, const std::vector<double>& floor,
                    const std::vector<double>& roster, double aim, const char* unit) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < floor.size() && i < roster.size(); ++i) ratios.push_back(roster[i] / floor[i]);
  const double ratio = median(roster) / median(floor);
  char spread[64], wanted[16] = "-";
  const char* const form = ratio < 0.095 ? "%.4f (%.4f..%.4f)" : "%.2f (%.2f..%.2f)";
  std::snprintf(spread, sizeof spread, form, ratio, *std::min_element(ratios.begin(), ratios.end()),
                *std::max_element(ratios.begin(), ratios.end()));
  if (aim > 0) std::snprintf(wanted, sizeof wanted, "%.2f", aim);
  char floor_text[32], roster_text[32];
  std::snprintf(floor_text, sizeof floor_text, "%.1f %s", median(floor), unit);
  std::snprintf(roster_text, sizeof roster_text, "%.1f %s", median(roster), unit);
  std::printf("%-46s %-12s %11s %11s  %-20s %6s  %s\n", workload.c_str(), floor_name.c_str(), floor_text, roster_text,
              spread, wanted, aim > 0 ? judged(ratio <= aim) : "");
  std::fflush(stdout);
}

void Table::number(const std::string& workload, double value, double aim, const char* unit) {
  char wanted[32] = "-", text[32];
  std::snprintf(text, sizeof text, "%.2f %s", value, unit);
  if (aim >= 0) std::snprintf(wanted, sizeof wanted, "%.2f", aim);
  std::printf("%-46s %-12s %11s %11s  %-20s %6s  %s\n", workload.c_str(), "", "", text, "", wanted,
              aim >= 0 ? judged(value <= aim) : "");
  std::fflush(stdout);
}

void Table::note(const std::string& text) {
  std::printf("  %s\n", text.c_str());
}

void Table::summary() {
  std::printf("\n%d of %d aims reached in this run\n", aims_reached, aims);
}

void broken(const std::string& what) {
  std::fprintf(stderr, "the benchmark is broken: %s\n", what.c_str());
  std::exit(2);
}

}  // namespace bench
