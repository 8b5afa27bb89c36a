#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "roster/http/json.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {
namespace {

/// The number of bytes of the first character of `text`; 0 if it is not UTF-8 (RFC 3629, section 4).
std::size_t character(std::string_view text) noexcept {
  const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto follows = [&](std::size_t i) { return (at(i) & 0xC0u) == 0x80u; };
  const unsigned first = at(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (first == 0xE0 && at(1) < 0xA0) return 0;  // an overlong form
    if (first == 0xED && at(1) > 0x9F) return 0;  // a surrogate
    return follows(1) && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (first == 0xF0 && at(1) < 0x90) return 0;
    if (first == 0xF4 && at(1) > 0x8F) return 0;  // beyond U+10FFFF
    return follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

/// True if the byte needs no escape, as nearly all do.
bool is_plain(char c) noexcept {
  return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

/// Tests eight bytes at once. For a byte that is not plain, one of the terms has a high bit. A byte beyond ASCII has it
/// already, and DEL after adding one. A control character has it after subtracting a space. A quote or backslash
/// becomes zero by the exclusive or, and has it after subtracting one.
bool are_plain(std::uint64_t bytes) noexcept {
  constexpr std::uint64_t each = 0x0101'0101'0101'0101, high = each << 7u;
  const std::uint64_t quotes = bytes ^ each * '"', backslashes = bytes ^ each * '\\';
  return ((bytes | (bytes + each) | (bytes - each * ' ') | (quotes - each) | (backslashes - each)) & high) == 0;
}

template <class Word>
Word word_at(const char* at) noexcept {
  Word word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// The last word may overlap the one before it.
bool is_plain(std::string_view text) noexcept {
  const char *at = text.data(), *const end = at + text.size();
  if (text.size() < 4) return std::all_of(at, end, [](char c) { return is_plain(c); });
  if (text.size() < 8)
    return are_plain(std::uint64_t{word_at<std::uint32_t>(at)} << 32u | word_at<std::uint32_t>(end - 4));
  for (; end - at > 8; at += 8)
    if (!are_plain(word_at<std::uint64_t>(at))) return false;
  return are_plain(word_at<std::uint64_t>(end - 8));
}

void escape(std::string& to, std::string_view value) {
  constexpr std::string_view hex = "0123456789abcdef";
  to += '"';
  while (!value.empty()) {
    std::size_t plain = 0;
    while (plain < value.size() && is_plain(value[plain])) ++plain;
    to += value.substr(0, plain);
    value.remove_prefix(plain);
    if (value.empty()) break;
    const std::size_t size = character(value);
    const std::string_view one = value.substr(0, size == 0 ? 1 : size);
    const auto byte = static_cast<unsigned char>(one[0]);
    if (size == 0) {
      to += "\xEF\xBF\xBD";
    } else if (one == "\"" || one == "\\") {
      to += '\\';
      to += one;
    } else if (one == "\n") {
      to += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      to += "\\u00";
      to += hex[byte >> 4u];
      to += hex[byte & 15u];
    } else if (one == "\xE2\x80\xA8") {
      to += "\\u2028";
    } else if (one == "\xE2\x80\xA9") {
      to += "\\u2029";
    } else {
      to += one;
    }
    value.remove_prefix(one.size());
  }
  to += '"';
}

/// Extends the text by so many bytes, and returns the first of them.
char* room(std::string& to, std::size_t bytes) {
  const std::size_t before = to.size();
  to.resize(before + bytes);
  return to.data() + before;
}

char* put(char* at, std::string_view plain) noexcept {
  *at++ = '"';
  at = std::copy(plain.begin(), plain.end(), at);
  *at++ = '"';
  return at;
}

}  // namespace

void JsonWriter::separate() {
  if (!first_) *to_ += ',';
  first_ = false;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  *to_ += bracket;
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  *to_ += bracket;
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  text(name);
  *to_ += ':';
  first_ = true;  // no comma before the value of the key
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  if (!is_plain(value)) {
    separate();
    escape(*to_, value);
    return *this;
  }
  char* at = room(*to_, value.size() + (first_ ? 2 : 3));
  if (!first_) *at++ = ',';
  put(at, value);
  first_ = false;
  return *this;
}

// Nearly all output is such members, so both texts are appended in one step.
JsonWriter& JsonWriter::member(std::string_view name, std::string_view value) {
  if (!is_plain(name) || !is_plain(value)) return key(name).text(value);
  char* at = room(*to_, name.size() + value.size() + (first_ ? 5 : 6));
  if (!first_) *at++ = ',';
  at = put(at, name);
  *at++ = ':';
  put(at, value);
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::number(std::uint64_t value) {
  std::array<char, 24> text;
  char* at = text.data();
  if (!first_) *at++ = ',';
  first_ = false;
  to_->append(text.data(), std::to_chars(at, text.data() + text.size(), value).ptr);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  separate();
  *to_ += value ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::null() {
  separate();
  *to_ += "null";
  return *this;
}

}  // namespace http
}  // namespace roster::inline ROSTER_ABI
