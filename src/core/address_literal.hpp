// What may stand between the brackets of user@[...]: RFC 5321 section 4.1.3.
#ifndef ROSTER_CORE_ADDRESS_LITERAL_HPP
#define ROSTER_CORE_ADDRESS_LITERAL_HPP

#include <cstddef>
#include <string_view>

#include "roster/version.hpp"

ROSTER_BEGIN

/// Reads an address literal from left to right. Each function returns whether it found what it is named after; then
/// `at` is behind it, otherwise at the first byte at fault (the size of the text if that ended too early).
struct AddressLiteral {
  std::string_view text;
  std::size_t at;  ///< at first that of the `[`

  bool literal() noexcept {
    ++at;
    // The tag IPv6 is taken by the standard, so what follows it has to be an IPv6 address: RFC 5321 section 4.1.2.
    const bool found = begins_with_ipv6() ? ipv6() : has_tag() ? general() : ipv4();
    if (!found || peek() != ']') return false;
    ++at;
    return at == text.size();
  }

 private:
  char peek(std::size_t ahead = 0) const noexcept { return at + ahead < text.size() ? text[at + ahead] : '\0'; }
  static bool digit(char c) noexcept { return c >= '0' && c <= '9'; }
  static bool letter(char c, char last = 'z') noexcept { return (c | 0x20) >= 'a' && (c | 0x20) <= last; }

  bool begins_with_ipv6() noexcept {
    constexpr std::string_view tag = "ipv6:";
    for (std::size_t i = 0; i < tag.size(); ++i) {
      const char c = peek(i);
      if ((letter(c) ? (c | 0x20) : c) != tag[i]) return false;
    }
    at += tag.size();
    return true;
  }

  bool has_tag() const noexcept {
    const std::size_t end = text.find_first_of(":]", at);
    return end != std::string_view::npos && text[end] == ':';
  }

  bool ipv4() noexcept {
    for (int part = 0; part < 4; ++part) {
      if (part != 0 && peek() != '.') return false;
      at += part != 0;
      if (!digit(peek())) return false;
      int value = 0;
      for (int digits = 0; digits < 3 && digit(peek()); ++digits, ++at) {
        value = value * 10 + (peek() - '0');
        if (value > 255) return false;
      }
    }
    return true;
  }

  bool ipv6() noexcept {
    int groups = 0, groups_max = 8;
    bool compressed = false;
    const auto compress = [&]() noexcept {
      if (compressed || groups > 6) return false;  // `::` stands for two groups at least
      compressed = true;
      groups_max = 6;
      at += 2;
      return true;
    };
    if (peek() == ':' && peek(1) == ':' && compress() && peek() == ']') return true;
    for (;;) {
      const std::size_t start = at;
      while (at - start < 4 && (digit(peek()) || letter(peek(), 'f'))) ++at;
      if (at == start) return false;
      const bool last_is_ipv4 = peek() == '.';
      groups += last_is_ipv4 ? 2 : 1;
      if (groups > groups_max) {
        at = start;
        return false;
      }
      if (last_is_ipv4) {
        at = start;
        if (!ipv4()) return false;
        break;
      }
      if (peek() != ':') break;
      if (peek(1) != ':') {
        ++at;
      } else {
        if (!compress()) return false;
        if (peek() == ']') break;
      }
    }
    return compressed || groups == 8;
  }

  bool general() noexcept {
    const std::size_t start = at;
    while (digit(peek()) || letter(peek()) || peek() == '-') ++at;
    if (peek() != ':' || at == start || text[at - 1] == '-') return false;
    ++at;
    const std::size_t content = at;
    while (peek() >= '!' && peek() <= '~' && !(peek() >= '[' && peek() <= ']')) ++at;
    return at != content;
  }
};

ROSTER_END

#endif
