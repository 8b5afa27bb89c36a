// Finds duplicates in a command: for each key, the first equal one.
#ifndef ROSTER_CORE_DUPLICATES_HPP
#define ROSTER_CORE_DUPLICATES_HPP

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "roster/small_vector.hpp"

namespace roster::inline ROSTER_ABI {

inline std::uint64_t load_word(const char* at, std::size_t size) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, at, size);
  return word;
}

/// A fixed hash of a text. It needs no seed: a table exists only for one tile, whose size is limited.
inline std::uint32_t hash_text(std::string_view text) noexcept {
  constexpr std::uint64_t odd = 0xD6E8FEB86659FD93u;
  std::uint64_t hash = text.size() * 0x9E3779B97F4A7C15u;
  const char* at = text.data();
  const std::size_t size = text.size();
  if (size < 8) {
    hash = (hash ^ load_word(at, size)) * odd;
  } else {  // the last word may overlap the one before, so no copy has a variable size
    for (const char* const last = at + size - 8; at < last; at += 8)
      hash = (std::rotl(hash, 23) ^ load_word(at, 8)) * odd;
    hash = (std::rotl(hash, 23) ^ load_word(text.data() + size - 8, 8)) * odd;
  }
  return static_cast<std::uint32_t>((hash ^ (hash >> 32)) * 0x9E3779B97F4A7C15u >> 32);
}

/// Up to this count, comparing all pairs is cheaper than a table.
inline constexpr std::uint32_t few_max = 6;

/// Calls found(i, j) for each i with the lowest j for which key(j) == key(i) and same(j, i). An empty key equals only
/// itself. Returns false only if memory runs out.
template <class KeyOf, class Same, class Found>
[[nodiscard]] bool find_duplicates(std::uint32_t count, const KeyOf& key, const Same& same, const Found& found,
                                   SmallVector<std::uint64_t, 0>& buckets) noexcept {
  if (count <= few_max) {
    for (std::uint32_t i = 0; i < count; ++i) {
      std::uint32_t j = key(i).empty() ? i : 0;
      while (j < i && !(key(j) == key(i) && same(j, i))) ++j;
      found(i, j);
    }
    return true;
  }
  const std::uint32_t size = std::bit_ceil(count * 2);
  buckets.clear();
  if (!buckets.resize(size, 0)) return false;
  std::uint64_t* const bucket = buckets.data();
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::string_view text = key(i);
    std::uint32_t first = i;
    const std::uint32_t hash = text.empty() ? 0 : hash_text(text);
    for (std::uint32_t at = hash & (size - 1); !text.empty(); at = (at + 1) & (size - 1)) {
      if (bucket[at] == 0) {
        bucket[at] = (std::uint64_t{hash} << 32) | (i + 1);
        break;
      }
      const auto other = static_cast<std::uint32_t>(bucket[at]) - 1;
      if (static_cast<std::uint32_t>(bucket[at] >> 32) == hash && key(other) == text && same(other, i)) {
        first = other;
        break;
      }
    }
    found(i, first);
  }
  return true;
}

}  // namespace roster::inline ROSTER_ABI

#endif
