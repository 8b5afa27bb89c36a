// roster_bench [--quick] [section...]: prints a table of ratios against hand-written floors. Always ends with 0 unless
// a contestant did not do its work.
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "allocations.hpp"
#include "measure.hpp"
#include "sections.hpp"

int main(int count, char** arguments) {
  struct Section {
    const char* name;
    void (*run)(const bench::Plan&);
  };
  const Section sections[] = {
      {"single", bench::single_adds},         {"bulk", bench::bulks},      {"cells", bench::cost_per_cell},
      {"bytes", bench::bytes_per_membership}, {"worst", bench::worst_add}, {"list", bench::listings},
  };
  bench::Plan plan;
  std::vector<std::string> chosen;
  for (int i = 1; i < count; ++i) {
    if (std::strcmp(arguments[i], "--quick") == 0) {
      plan.quick = true;
      continue;
    }
    bool known = false;
    for (const Section& section : sections) known = known || std::strcmp(arguments[i], section.name) == 0;
    if (!known) {
      std::fprintf(stderr, "unknown section `%.40s`: give --quick and any of single bulk cells bytes worst list\n",
                   arguments[i]);
      return 1;
    }
    chosen.emplace_back(arguments[i]);
  }
  bench::warm_malloc(plan.quick ? 256u << 20 : 1536u << 20);
  std::printf(
      "Ratios of CPU time, medians of %zu alternating rounds; smaller is better. Floors: F1 and B are plain maps,\n"
      "F2 and F are handles and dense records; uuid: on 16-byte keys (the strict form), text: on the 36-byte ids\n"
      "that the engine is given. Stores hold ten organizations a person.\n",
      plan.rounds);
  for (const Section& section : sections) {
    bool wanted = chosen.empty();
    for (const std::string& name : chosen) wanted = wanted || name == section.name;
    if (wanted) section.run(plan);
  }
  bench::Table::summary();
  return 0;
}
