// Compiler extensions, each with a portable alternative. A new extension belongs here: tests/conventions rejects
// extensions in every other file. Attributes of the form [[gnu::...]] are no extensions, because a compiler ignores an
// unknown one.
#ifndef ROSTER_PORTABILITY_HPP
#define ROSTER_PORTABILITY_HPP

#include <cstdint>

#include "roster/version.hpp"

namespace roster::inline ROSTER_ABI {
namespace portability {

/// A product of 128 bits in two halves.
struct Product {
  std::uint64_t low, high;
};

/// For processors and compilers without a 128-bit integer: four products of halves.
constexpr Product multiply_halves(std::uint64_t a, std::uint64_t b) noexcept {
  constexpr std::uint64_t low_half = 0xFFFFFFFFu;
  const std::uint64_t a_low = a & low_half, a_high = a >> 32, b_low = b & low_half, b_high = b >> 32;
  const std::uint64_t low = a_low * b_low, cross = a_high * b_low + (low >> 32), other = a_low * b_high;
  const std::uint64_t middle = (cross & low_half) + other;
  return {middle << 32 | (low & low_half), a_high * b_high + (cross >> 32) + (middle >> 32)};
}

[[gnu::always_inline]] constexpr inline Product multiply(std::uint64_t a, std::uint64_t b) noexcept {
#if defined(__SIZEOF_INT128__)
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return {static_cast<std::uint64_t>(product), static_cast<std::uint64_t>(product >> 64)};
#else
  return multiply_halves(a, b);
#endif
}

/// The address `bytes` after another one, possibly outside of its array, where pointer arithmetic is undefined.
[[gnu::always_inline]] inline const void* ahead_of(const void* address, std::uintptr_t bytes) noexcept {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): nothing is read through it
  return reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(address) + bytes);
}

/// Starts a memory access for a later read or write. The address may be any number, because nothing is read through it.
/// Prefetching changes only the speed.
[[gnu::always_inline]] inline void prefetch([[maybe_unused]] const void* address,
                                            [[maybe_unused]] std::uintptr_t bytes_ahead = 0) noexcept {
#if defined(__GNUC__)
  __builtin_prefetch(ahead_of(address, bytes_ahead));
#endif
}
[[gnu::always_inline]] inline void prefetch_to_write([[maybe_unused]] const void* address,
                                                     [[maybe_unused]] std::uintptr_t bytes_ahead = 0) noexcept {
#if defined(__GNUC__)
  __builtin_prefetch(ahead_of(address, bytes_ahead), 1);
#endif
}

}  // namespace portability
}  // namespace roster::inline ROSTER_ABI

#endif
