// The text of names: printable, without invisible characters, and without a blank at either end.
#ifndef ROSTER_CORE_NAME_TEXT_HPP
#define ROSTER_CORE_NAME_TEXT_HPP

#include "roster/result.hpp"
#include "utf8.hpp"

namespace roster::inline ROSTER_ABI {

/// Whether all bytes are printable ASCII. Requires a text.
inline bool is_printable_ascii(std::string_view text) noexcept {
  const char* const from = text.data();
  const std::size_t size = text.size();
  std::uint64_t word;
  if (size >= sizeof word) {
    for (std::size_t at = 0; at + sizeof word < size; at += sizeof word) {
      std::memcpy(&word, from + at, sizeof word);
      if (!is_printable_ascii(word)) return false;
    }
    std::memcpy(&word, from + size - sizeof word, sizeof word);  // overlaps the word before
    return is_printable_ascii(word);
  }
  if (size >= 4) {
    std::uint32_t head, tail;
    std::memcpy(&head, from, sizeof head);
    std::memcpy(&tail, from + size - sizeof tail, sizeof tail);
    return is_printable_ascii(std::uint64_t{head} << 32 | tail);
  }
  const auto byte = [&](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(from[i])}; };
  return is_printable_ascii(byte(0) << 16 | byte(size / 2) << 8 | byte(size - 1) | 0x6161616161000000u);
}

/// The first fault of a text that has bytes, found character by character; a code of 0 if it is a name.
Error search_name_fault(std::string_view text) noexcept;

/// The same. Most names are ASCII, and read eight bytes at a time.
inline Error find_name_fault(std::string_view text) noexcept {
  const int outer_blanks = int{text.front() == ' '} + int{text.back() == ' '};  // one branch for both
  if (is_printable_ascii(text) && outer_blanks == 0) [[likely]]
    return {};
  return search_name_fault(text);
}

/// The first fault of a stored text, which may have blanks and invisible characters anywhere.
inline Error find_stored_name_fault(std::string_view text) noexcept {
  const std::size_t at = first_unprintable(text);
  return at == text.size() ? Error() : Error(Errc::id_bad_byte, static_cast<std::uint32_t>(at));
}

}  // namespace roster::inline ROSTER_ABI

#endif
