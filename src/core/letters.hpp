// ASCII letters and digits, and the classes of bytes in e-mail addresses.
#ifndef ROSTER_CORE_LETTERS_HPP
#define ROSTER_CORE_LETTERS_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "bytes.hpp"

namespace roster::inline ROSTER_ABI {

namespace letters {

/// Classes of bytes, one bit each.
inline constexpr unsigned atom = 1, let_dig = 2, hyphen = 4, digit = 8, quoted = 16, upper = 32, high = 64;

inline constexpr auto classes = [] {
  std::array<std::uint8_t, 256> table{};
  for (unsigned c = 0; c < 256; ++c) {
    const bool is_upper = c >= 'A' && c <= 'Z', is_digit = c >= '0' && c <= '9';
    unsigned of = 0;
    if (is_upper || is_digit || (c >= 'a' && c <= 'z')) of |= atom | let_dig;
    if (std::string_view("!#$%&'*+-/=?^_`{|}~").find(static_cast<char>(c)) != std::string_view::npos) of |= atom;
    if (c == '-') of |= hyphen;
    if (is_digit) of |= digit;
    if (c >= 0x20 && c <= 0x7E && c != '"' && c != '\\') of |= quoted;
    if (is_upper) of |= upper;
    if (c >= 0x80) of |= high;
    table[c] = static_cast<std::uint8_t>(of);
  }
  return table;
}();

inline unsigned of(char c) noexcept {
  return classes[static_cast<unsigned char>(c)];
}

/// Sets the top bit of every byte that is an upper case letter, for eight bytes at a time.
inline std::uint64_t uppers(std::uint64_t word) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101u, tops = ones * 0x80;
  const std::uint64_t low = word & ~tops;  // no sum below carries into the next byte
  return (low + ones * (0x80 - 'A')) & ~(low + ones * (0x7F - 'Z')) & ~word & tops;
}

/// Copies with ASCII letters in lower case. `to` may equal `from`.
inline void to_lower_ascii(char* to, const char* from, std::size_t size) noexcept {
  constexpr std::size_t step = sizeof(std::uint64_t);
  if (size < step) {
    for (std::size_t i = 0; i < size; ++i) to[i] = static_cast<char>(from[i] | (of(from[i]) & upper ? 0x20 : 0));
    return;
  }
  const auto lower_word = [&](std::size_t at) {
    const auto word = get_bytes<std::uint64_t>(from + at);
    put_bytes(to + at, word | uppers(word) >> 2);
  };
  for (std::size_t at = 0; at + step < size; at += step) lower_word(at);
  lower_word(size - step);  // overlaps the word before: lower case stays lower case
}

}  // namespace letters

}  // namespace roster::inline ROSTER_ABI

#endif
