// Proves by a slow decoder, byte for byte, what text a name may have: every byte in every place of characters of one to
// four bytes, and every character at the beginning, in the middle and at the end, in every kind of name that takes
// text.
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "roster/identity.hpp"

namespace utf8_test {

namespace {

using namespace roster;

struct Range {
  unsigned first, last;
};
/// PropList.txt of Unicode 15, White_Space, less the control characters.
const std::vector<Range> white_space = {{0x20, 0x20},     {0xA0, 0xA0},     {0x1680, 0x1680},
                                        {0x2000, 0x200A}, {0x2028, 0x2028}, {0x2029, 0x2029},
                                        {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}};
/// DerivedCoreProperties.txt of Unicode 15, Default_Ignorable_Code_Point, line by line.
const std::vector<Range> default_ignorable = {
    {0x00AD, 0x00AD},    // soft hyphen
    {0x034F, 0x034F},    // combining grapheme joiner
    {0x061C, 0x061C},    // Arabic letter mark
    {0x115F, 0x1160},    // Hangul choseong and jungseong fillers
    {0x17B4, 0x17B5},    // Khmer inherent vowels
    {0x180B, 0x180D},    // Mongolian variation selectors
    {0x180E, 0x180E},    // Mongolian vowel separator
    {0x180F, 0x180F},    // Mongolian variation selector four
    {0x200B, 0x200F},    // zero width space, joiners, left-to-right and right-to-left marks
    {0x202A, 0x202E},    // embeddings and overrides
    {0x2060, 0x2064},    // word joiner, invisible operators
    {0x2065, 0x2065},    // reserved
    {0x2066, 0x206F},    // isolates, deprecated format characters
    {0x3164, 0x3164},    // Hangul filler
    {0xFE00, 0xFE0F},    // variation selectors
    {0xFEFF, 0xFEFF},    // zero width no-break space
    {0xFFA0, 0xFFA0},    // halfwidth Hangul filler
    {0xFFF0, 0xFFF8},    // reserved
    {0x1BCA0, 0x1BCA3},  // shorthand format controls
    {0x1D173, 0x1D17A},  // musical symbols that begin and end
    {0xE0000, 0xE0000},  // reserved
    {0xE0001, 0xE0001},  // language tag
    {0xE0002, 0xE001F},  // reserved
    {0xE0020, 0xE007F},  // tags
    {0xE0080, 0xE00FF},  // reserved
    {0xE0100, 0xE01EF},  // variation selectors
    {0xE01F0, 0xE0FFF},  // reserved
};
bool is_in(const std::vector<Range>& ranges, unsigned value) {
  for (const Range& range : ranges)
    if (value >= range.first && value <= range.last) return true;
  return false;
}
/// Separators of lines and paragraphs, and interlinear annotations, are invisible without having that property.
bool is_unseen(unsigned value) {
  return is_in(default_ignorable, value) || value == 0x2028 || value == 0x2029 || (value >= 0xFFF9 && value <= 0xFFFB);
}

/// What is wrong with `text` as a name; a code of 0 if nothing is. Slow and by the book: the number of leading ones
/// says how many bytes a character has, and what they say must need that many (RFC 3629).
Error slow_fault(const std::string& text, bool is_name = true) {
  for (std::size_t at = 0; at < text.size();) {
    const Error bad(Errc::id_bad_byte, static_cast<std::uint32_t>(at));
    const auto byte = [&](std::size_t i) -> unsigned {
      return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    };
    std::size_t size = 0;
    while (size < 8 && (byte(at) << size & 0x80) != 0) ++size;
    if (size == 1 || size > 4) return bad;
    unsigned value = size == 0 ? byte(at) : byte(at) & (0x7F >> size);
    for (std::size_t i = 1; i < size; ++i) {
      if ((byte(at + i) & 0xC0) != 0x80) return bad;
      value = value << 6 | (byte(at + i) & 0x3F);
    }
    const unsigned needs = value < 0x80 ? 0 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
    if (needs != size || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return bad;
    if (value < 0x20 || (value >= 0x7F && value < 0xA0)) return bad;  // C0, DEL and C1
    const bool is_first = at == 0;
    at += size == 0 ? 1 : size;
    if (!is_name) continue;
    if (is_unseen(value)) return {Errc::id_invisible, bad.detail};
    if ((is_first || at == text.size()) && is_in(white_space, value)) return {Errc::id_blank_at_end, bad.detail};
  }
  return {};
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
  const Error fault = slow_fault(text);
  const auto parsed = Name::parse(text);
  if (parsed) return fault == Error() && parsed.assume_value().view() == text ? "" : "accepted";
  if (fault == Error()) return "refused";
  return parsed.assume_error() == fault ? "" : "wrong place";
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
        const bool well_formed = slow_fault(address, false) == Error() && is_of_atoms(changed);
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

TEST_CASE("every character at the beginning, in the middle and at the end of a name is judged likewise") {
  const auto character = [](unsigned value) {
    const auto byte = [](unsigned bits) { return static_cast<char>(bits); };
    if (value < 0x80) return std::string{byte(value)};
    if (value < 0x800) return std::string{byte(0xC0 | value >> 6), byte(0x80 | (value & 0x3F))};
    std::string text = {byte(0x80 | (value >> 6 & 0x3F)), byte(0x80 | (value & 0x3F))};
    if (value < 0x10000) return byte(0xE0 | value >> 12) + text;
    return std::string{byte(0xF0 | value >> 18), byte(0x80 | (value >> 12 & 0x3F))} + text;
  };
  std::size_t refused = 0;
  for (unsigned value = 0; value <= 0x10FFFF; ++value) {
    const std::string one = character(value);
    const bool is_rare = is_unseen(value) || is_in(white_space, value) || value % 257 == 0;
    for (const std::string& text : {one + "ann", "an" + one + "n", "ann" + one, one}) {
      reads<AccountId>("account", text);
      if (!is_rare) continue;
      reads<OrganizationId>("organization", text);
      reads<RoleId>("role", text);
      reads<Username>("username", text);
      reads<Slug>("slug", text);
      reads<GroupName>("group", text);
      refused += AccountId::parse(text).has_value() ? 0u : 1u;
    }
  }
  CHECK(refused > 4 * 4174);  // as many characters have the property
}

}
