// The grammar of e-mail addresses: RFC 5321 section 4.1.2, and the narrower one of EmailGrammar::dot_atom.
#ifndef ROSTER_CORE_EMAIL_GRAMMAR_HPP
#define ROSTER_CORE_EMAIL_GRAMMAR_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "letters.hpp"
#include "roster/identity.hpp"

namespace roster::inline ROSTER_ABI {

/// Scans an address from left to right. Each function returns whether it found the element that it is named after. On
/// success `at` is behind the element. Otherwise it is the first wrong byte, or the size of a text that ended too
/// early.
struct AddressScan {
  std::string_view text;
  unsigned also = 0;  ///< letters::high if non-ASCII characters count as letters
  std::size_t at = 0;
  unsigned seen = 0;  ///< all classes seen outside quotes

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
        ++at;  // any printable ASCII character may be quoted, even without need
        if (ended() || text[at] < ' ' || text[at] > '~') return false;
      } else if (ended() || (letters::of(text[at]) & (letters::quoted | also)) == 0) {
        return false;
      }
      ++at;
    }
    ++at;
    return true;
  }

  /// dot_atom requires two labels, and a last one that is not a number: 127.0.0.1 is an address, not a name.
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
      while (i < text.size() && digit(text[i])) ++i;
      if (i != text.size()) return true;
      at = label;
      return false;
    }
  }

  /// The bracketed form: RFC 5321 section 4.1.3.
  bool address_literal() noexcept {
    const std::size_t start = at++;
    // The standard reserves the tag IPv6, so an IPv6 address must follow it.
    bool found = begins_with_ipv6() ? ipv6() : has_tag() ? general() : ipv4();
    found = found && is(']');
    at += found;
    for (std::size_t i = start; i < at; ++i) seen |= letters::of(text[i]);
    return found && ended();
  }

 private:
  /// One or more characters of the accepted classes.
  bool run(unsigned accepted) noexcept {
    const char* const start = text.data() + at;
    const char* const end = text.data() + text.size();
    const char* next = start;
    unsigned met = 0;
    for (; next != end; ++next) {
      const unsigned of = letters::of(*next);
      if ((of & accepted) == 0) break;
      met |= of;
    }
    at += static_cast<std::size_t>(next - start);
    seen |= met;
    return next != start;
  }

  char peek(std::size_t ahead = 0) const noexcept { return at + ahead < text.size() ? text[at + ahead] : '\0'; }
  static bool digit(char c) noexcept { return (letters::of(c) & letters::digit) != 0; }
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
      if (compressed || groups > 6) return false;  // `::` replaces at least two groups
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

}  // namespace roster::inline ROSTER_ABI

#endif
