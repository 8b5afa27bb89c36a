// The sections of the benchmark; each prints its part of the table.
#ifndef ROSTER_BENCH_SECTIONS_HPP
#define ROSTER_BENCH_SECTIONS_HPP

#include <cstddef>

namespace bench {

struct Plan {
  bool quick = false;
  std::size_t rounds = 7;
};

void single_adds(const Plan& plan);
void bulks(const Plan& plan);
void cost_per_cell(const Plan& plan);
void bytes_per_membership(const Plan& plan);
void worst_add(const Plan& plan);
void listings(const Plan& plan);

}  // namespace bench

#endif
