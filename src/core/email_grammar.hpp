// The grammar of e-mail addresses: RFC 5321 section 4.1.2, and the narrower one of EmailGrammar::dot_atom.
#ifndef ROSTER_CORE_EMAIL_GRAMMAR_HPP
#define ROSTER_CORE_EMAIL_GRAMMAR_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "address_literal.hpp"
#include "letters.hpp"
#include "roster/identity.hpp"

ROSTER_BEGIN

/// Reads an address from left to right. Each function returns whether it found what it is named after; then `at` is
/// behind it, otherwise at the first byte at fault (the size of the text if that ended too early).
struct AddressScan {
  std::string_view text;
  unsigned also = 0;  ///< letters::high where non-ASCII characters are as good as letters
  std::size_t at = 0;
  unsigned seen = 0;  ///< all classes met so far outside quotes

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
    for (; at < literal.at && at < text.size(); ++at) seen |= letters::of(text[at]);
    at = literal.at;
    return found;
  }

 private:
  /// One character or more of the classes accepted.
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
};

ROSTER_END

#endif
