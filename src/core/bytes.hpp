// Reads and writes whole words as bytes, lowest byte first on every machine.
#ifndef ROSTER_CORE_BYTES_HPP
#define ROSTER_CORE_BYTES_HPP

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstring>

#include "roster/version.hpp"

namespace roster::inline ROSTER_ABI {

static_assert(std::endian::native == std::endian::little || std::endian::native == std::endian::big);

/// One instruction on a little-endian machine. Compilers do not recognise that in the loop.
template <std::unsigned_integral Word>
void put_bytes(void* to, Word word) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(to, &word, sizeof word);
  } else {
    for (std::size_t i = 0; i < sizeof word; ++i)
      static_cast<unsigned char*>(to)[i] = static_cast<unsigned char>(word >> (8 * i));
  }
}

template <std::unsigned_integral Word>
Word get_bytes(const void* from) noexcept {
  Word word = 0;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&word, from, sizeof word);
  } else {
    for (std::size_t i = sizeof word; i-- > 0;)
      word = static_cast<Word>(word << 8 | static_cast<const unsigned char*>(from)[i]);
  }
  return word;
}

}  // namespace roster::inline ROSTER_ABI

#endif
