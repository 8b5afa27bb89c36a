// The grammar of e-mail addresses: RFC 5321 section 4.1.2, and the narrower one of EmailGrammar::dot_atom.
#ifndef ROSTER_CORE_EMAIL_GRAMMAR_HPP
#define ROSTER_CORE_EMAIL_GRAMMAR_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "address_literal.hpp"
#include "roster/identity.hpp"

ROSTER_BEGIN

namespace letters {

/// Classes of bytes, one bit each. `upper` is also the bit that makes an ASCII letter small.
inline constexpr unsigned atom = 1, let_dig = 2, hyphen = 4, digit = 8, quoted = 16, upper = 0x20, high = 0x80;

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
inline char fold(char c) noexcept {
  return static_cast<char>(c | static_cast<char>(of(c) & upper));
}

}  // namespace letters

/// Reads an address from left to right. Each function returns whether it found what it is named after; then `at` is
/// behind it, otherwise at the first byte at fault (the size of the text if that ended too early).
struct AddressScan {
  std::string_view text;
  unsigned also = 0;  ///< letters::high where non-ASCII characters are as good as letters
  std::size_t at = 0;
  unsigned seen = 0;  ///< all classes met so far in atoms and labels

  bool ended() const noexcept { return at == text.size(); }
  bool is(char c) const noexcept { return !ended() && text[at] == c; }

  bool dot_string() noexcept {
    for (;;) {
      if (!run(letters::atom | also)) return false;
      if (!is('.')) return true;
      ++at;
    }
  }

  bool quoted_string() noexcept {
    ++at;
    while (!is('"')) {
      if (is('\\')) {
        ++at;  // any printable ASCII character may be quoted, also where that changes nothing
        if (ended() || text[at] < ' ' || text[at] > '~') return false;
      } else if (ended() || (letters::of(text[at]) & (letters::quoted | also)) == 0) {
        return false;
      }
      ++at;
    }
    ++at;
    return true;
  }

  /// dot_atom asks for two labels and for a last one that is not a number: 127.0.0.1 is an address, not a name.
  bool domain(bool dot_atom) noexcept {
    const std::size_t domain_start = at;
    for (;;) {
      const std::size_t label = at;
      if (is('-') || !run(letters::let_dig | letters::hyphen | also)) return false;
      if (at - label > Email::domain_label_max) {
        at = label + Email::domain_label_max;
        return false;
      }
      if (text[at - 1] == '-') return false;
      if (!ended()) {
        if (text[at] != '.') return false;
        ++at;
        continue;
      }
      if (!dot_atom) return true;
      if (label == domain_start) return false;
      std::size_t i = label;
      while (i < text.size() && (letters::of(text[i]) & letters::digit) != 0) ++i;
      if (i != text.size()) return true;
      at = label;
      return false;
    }
  }

  bool address_literal() noexcept {
    AddressLiteral literal{text, at};
    const bool found = literal.literal();
    for (std::size_t i = at; i < literal.at && i < text.size(); ++i) seen |= letters::of(text[i]);
    at = literal.at;
    return found;
  }

 private:
  bool run(unsigned accepted) noexcept {
    const std::size_t start = at;
    std::size_t i = start;
    unsigned met = 0;
    for (; i < text.size(); ++i) {
      const unsigned of = letters::of(text[i]);
      if ((of & accepted) == 0) break;
      met |= of;
    }
    at = i;
    seen |= met;
    return i != start;
  }
};

ROSTER_END

#endif
