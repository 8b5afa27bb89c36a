// Proves by a slow decoder, byte for byte, what text a name may have: every byte in every place of characters of one to
// four bytes, in every kind of name that takes text.
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "roster/identity.hpp"

namespace {

using namespace roster;

/// Where `text` stops being UTF-8 (RFC 3629) without control characters; its size if nowhere. Slow and by the book: the
/// number of leading ones says how many bytes a character has, and what they say must need that many.
std::size_t slow_fault(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = [&](std::size_t i) -> unsigned {
      return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    };
    std::size_t size = 0;
    while (size < 8 && (byte(at) << size & 0x80) != 0) ++size;
    if (size == 1 || size > 4) return at;
    unsigned value = size == 0 ? byte(at) : byte(at) & (0x7F >> size);
    for (std::size_t i = 1; i < size; ++i) {
      if ((byte(at + i) & 0xC0) != 0x80) return at;
      value = value << 6 | (byte(at + i) & 0x3F);
    }
    const unsigned needs = value < 0x80 ? 0 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
    if (needs != size || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return at;
    if (value < 0x20 || (value >= 0x7F && value < 0xA0)) return at;  // C0, DEL and C1
    at += size == 0 ? 1 : size;
  }
  return text.size();
}

std::string hex(const std::string& text) {
  std::string all;
  for (const char c : text) {
    all += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    all += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
  }
  return all;
}

/// What is wrong with how that kind of name takes the text; empty if nothing is.
template <class Name>
std::string misread(const std::string& text) {
  const std::size_t fault = slow_fault(text);
  const auto parsed = Name::parse(text);
  if (parsed) return fault == text.size() && parsed.assume_value().view() == text ? "" : "accepted";
  if (fault == text.size()) return "refused";
  return parsed.assume_error() == Error(Errc::id_bad_byte, static_cast<std::uint32_t>(fault)) ? "" : "wrong place";
}
template <class Name>
void reads(const char* kind, const std::string& text) {
  if (const std::string wrong = misread<Name>(text); !wrong.empty()) FAIL(kind << " " << hex(text) << ": " << wrong);
}

/// The first and the last character of each size, and those beside what is left out between them.
const std::vector<std::string>& characters() {
  static const std::vector<std::string> all = {
      " ",      "~",      "\u00A0", "\u00FF",     "\u07FF",     "\u0800",     "\u0FFF",     "\u1000",     "\uCFFF",
      "\uD7FF", "\uE000", "\uFFFF", "\U00010000", "\U0001F600", "\U0003FFFF", "\U00040000", "\U000FFFFF", "\U0010FFFF"};
  return all;
}

/// An address is any text before its `@`, where there is a canonicalizer.
struct AsItIs final : EmailCanonicalizer {
  std::size_t key(std::string_view address, std::span<char, 254> key) const noexcept override {
    address.copy(key.data(), key.size());
    return address.size();
  }
};

/// Whether what is ASCII in it may stand in the middle of a dot-atom.
bool is_of_atoms(const std::string& text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x80 && std::isalnum(static_cast<unsigned char>(c)) == 0 &&
        std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) == std::string_view::npos)
      return false;
  return true;
}

}  // namespace

TEST_CASE("every byte in every place of characters of one to four bytes is judged as a slow decoder judges it") {
  const AsItIs as_it_is;
  const EmailRules open{.canonicalizer = &as_it_is};
  for (const std::string& character : characters())
    for (std::size_t place = 0; place < character.size(); ++place)
      for (unsigned byte = 0; byte <= 0xFF; ++byte) {
        std::string changed = character;
        changed[place] = static_cast<char>(byte);
        // Eight bytes are read at a time: so the character stands alone, across their borders, and at an end.
        for (const std::size_t before : {0u, 3u, 5u, 7u, 8u})
          for (const char* const after : {"", "x", "\u20ACxxxxxxxx"}) {
            const std::string text = std::string(before, 'a') + changed + after;
            reads<AccountId>("account", text);
            if (before != 5) continue;
            reads<OrganizationId>("organization", text);
            reads<RoleId>("role", text);
            reads<Username>("username", text);
            reads<Slug>("slug", text);
            reads<GroupName>("group", text);
          }
        const std::string address = "a" + changed + "b@x.example";
        if (changed.find('@') != std::string::npos) continue;  // that is another address
        const bool well_formed = slow_fault(address) == address.size() && is_of_atoms(changed);
        if (Email::parse(address, open).has_value() != well_formed) FAIL("address " << hex(address));
      }
}

TEST_CASE("all sequences of two bytes, and of three and four from their leading byte on, are judged likewise") {
  std::string two(2, ' '), three(3, ' '), four(4, ' ');
  for (unsigned lead = 0; lead <= 0xFF; ++lead)
    for (unsigned second = 0; second <= 0xFF; ++second) {
      two[0] = static_cast<char>(lead);
      two[1] = static_cast<char>(second);
      reads<AccountId>("two", two);
      // Where the first two cannot begin a character, what follows is not looked at.
      const bool begins = lead >= 0xE0 && lead <= 0xF5 && (second & 0xC0) == 0x80;
      for (unsigned third = 0; begins && third <= 0xFF; ++third) {
        three = two + static_cast<char>(third);
        reads<AccountId>("three", three);
        if (lead < 0xF0) continue;
        for (const unsigned last : {0x0Au, 0x41u, 0x7Fu, 0x80u, 0xBFu, 0xC0u, 0xFFu}) {
          four = three + static_cast<char>(last);
          reads<AccountId>("four", four);
        }
      }
    }
}
