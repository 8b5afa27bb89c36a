// Vectors: text that must be the same, byte for byte, on every platform.
//
// Each function appends lines to `out`. The files core.txt and http.txt hold them as they were first written. A change
// of a line is a change that hosts notice: keys and identifiers are stored, responses are parsed.
#ifndef ROSTER_TESTS_VECTORS_VECTORS_HPP
#define ROSTER_TESTS_VECTORS_VECTORS_HPP

#include <string>
#include <string_view>

namespace vectors {

/// Request keys, identifiers, e-mail keys and errors, reports and their replays, listings. Needs no exceptions.
void core(std::string& out);
/// Responses of the six HTTP APIs, with their headers.
void http(std::string& out);

/// Appends the bytes of `text`; what is not printable ASCII, and the backslash, as \xNN.
inline void print(std::string& out, std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte >= 0x20 && byte < 0x7F && letter != '\\') {
      out += letter;
    } else {
      out += "\\x";
      out += digits[byte / 16];
      out += digits[byte % 16];
    }
  }
}

/// Appends one line: the words with a blank between them.
template <class... Words>
void line(std::string& out, const Words&... words) {
  const auto start = out.size();
  ((out += out.size() == start ? "" : " ", print(out, std::string_view(words))), ...);
  out += '\n';
}

}  // namespace vectors

#endif
