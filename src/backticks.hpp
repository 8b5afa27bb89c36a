// Quotes foreign text in an error message.
#ifndef ROSTER_BACKTICKS_HPP
#define ROSTER_BACKTICKS_HPP

#include <string>
#include <string_view>

#include "roster/version.hpp"

namespace roster::inline ROSTER_ABI {

/// Quotes `text` in backticks. A long text is cut after its first bytes, followed by its size. No UTF-8 character is
/// split.
inline std::string in_backticks(std::string_view text) {
  constexpr std::size_t shown_max = 64;
  std::string quote = "`";
  if (text.size() <= shown_max) return quote.append(text).append("`");
  std::size_t end = shown_max;
  while (end != 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;
  return quote.append(text.substr(0, end)).append("`... (").append(std::to_string(text.size())).append(" bytes)");
}

}  // namespace roster::inline ROSTER_ABI

#endif
