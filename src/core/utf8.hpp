// Printable text: UTF-8 without control characters.
#ifndef ROSTER_CORE_UTF8_HPP
#define ROSTER_CORE_UTF8_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "roster/version.hpp"

namespace roster::inline ROSTER_ABI {

/// The number of bytes of the character at `at`. 0: a control character (C0, DEL, C1), or not UTF-8 (RFC 3629: no
/// overlong form, no surrogate, nothing above U+10FFFF).
inline std::size_t character_size(std::string_view text, std::size_t at) noexcept {
  const auto within = [&](std::size_t i, unsigned low, unsigned high) {
    if (i >= text.size()) return false;
    const unsigned byte = static_cast<unsigned char>(text[i]);
    return byte >= low && byte <= high;
  };
  const auto tail = [&](std::size_t i) { return within(i, 0x80, 0xBF); };

  const unsigned lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7F ? 1 : 0;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return within(at + 1, lead == 0xC2 ? 0xA0 : 0x80, 0xBF) ? 2 : 0;  // C2 80 to C2 9F are C1
  if (lead < 0xF0) {
    return within(at + 1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF) && tail(at + 2) ? 3 : 0;
  }
  if (lead > 0xF4) return 0;
  return within(at + 1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF) && tail(at + 2) && tail(at + 3) ? 4 : 0;
}

/// Whether all eight bytes are printable ASCII.
inline bool is_printable_ascii(std::uint64_t word) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101u;
  const std::uint64_t not_del = word ^ (ones * 0x7F);
  // Each term sets the top bit of some byte if, and only if, such a byte exists: not ASCII, below a space, equal to
  // DEL.
  const std::uint64_t bad = word | ((word - ones * 0x20) & ~word) | ((not_del - ones) & ~not_del);
  return (bad & (ones * 0x80)) == 0;
}

/// The offset of the first control character or malformed sequence; the size of the text if there is none.
inline std::size_t first_unprintable(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    while (text.size() - at >= 8) {  // ids are mostly ASCII, so eight bytes at a time are cheaper
      std::uint64_t word;
      std::memcpy(&word, text.data() + at, 8);
      if (!is_printable_ascii(word)) break;
      at += 8;
    }
    if (at == text.size()) break;
    const std::size_t size = character_size(text, at);
    if (size == 0) break;
    at += size;
  }
  return at;
}

}  // namespace roster::inline ROSTER_ABI

#endif
