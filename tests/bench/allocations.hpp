// Counts what goes through operator new in this program: how often, how much is live, and how much was at most.
#ifndef ROSTER_BENCH_ALLOCATIONS_HPP
#define ROSTER_BENCH_ALLOCATIONS_HPP

#include <cstdint>

namespace bench {

/// Bytes are what the allocator really took, its own header included. One thread only.
struct Allocations {
  std::uint64_t count = 0, live_bytes = 0, peak_bytes = 0;
};
Allocations allocations();
/// The peak starts again from what is live now.
void reset_peak();

/// Makes malloc keep memory that is freed, and touches this much of it, so that no contestant pays for the page faults
/// of being first.
void warm_malloc(std::uint64_t bytes);

}  // namespace bench

#endif
