// Pseudorandom numbers from a seed, equal on every machine.
#ifndef ROSTER_CORE_SPLIT_MIX_HPP
#define ROSTER_CORE_SPLIT_MIX_HPP

#include <cstdint>

#include "roster/version.hpp"

namespace roster::inline ROSTER_ABI {

/// 2^64 divided by the golden ratio, rounded to an odd number. Its multiples visit every 64-bit number, and its bits
/// are evenly spread.
inline constexpr std::uint64_t golden_ratio = 0x9E3779B97F4A7C15u;

/// A one-to-one mix of 64 bits: Stafford's variant 13 of the MurmurHash3 finalizer. Every bit of the result depends on
/// every bit of `x`.
constexpr std::uint64_t mix(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

/// SplitMix64. Not for secrets: one number determines all later ones.
class SplitMix64 {
 public:
  constexpr explicit SplitMix64(std::uint64_t seed) noexcept : state_(seed) {}
  constexpr std::uint64_t next() noexcept { return mix(state_ += golden_ratio); }
  constexpr std::uint32_t below(std::uint64_t limit) noexcept { return static_cast<std::uint32_t>(next() % limit); }

 private:
  std::uint64_t state_;
};

}  // namespace roster::inline ROSTER_ABI

#endif
