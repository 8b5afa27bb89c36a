#include "http/route.hpp"

#include <optional>

namespace roster::inline ROSTER_ABI {
namespace http {
namespace {

int digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> decode(std::string_view text) {
  if (text.find('%') == std::string_view::npos) return std::string(text);
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? digit(text[i + 1]) : -1;
    const int low = high < 0 ? -1 : digit(text[i + 2]);
    if (low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

/// Removes the part up to the next `delimiter` from the front, and returns it.
std::string_view next(std::string_view& rest, char delimiter) noexcept {
  const std::size_t end = rest.find(delimiter);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return part;
}

std::string_view without_slashes_around(std::string_view path) noexcept {
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

std::string decoded_or_as_it_is(std::string_view text) {
  std::string spaced(text);
  for (char& c : spaced)
    if (c == '+') c = ' ';
  return decode(spaced).value_or(spaced);
}

}  // namespace

bool match(std::string_view path, std::string_view target, Parameters& parameters) {
  parameters.clear();
  if (!target.starts_with('/')) return false;
  target = without_slashes_around(target.substr(0, target.find('?')));
  path = without_slashes_around(path);
  while (!path.empty() && !target.empty()) {
    const std::string_view wanted = next(path, '/'), given = next(target, '/');
    const bool is_parameter = wanted.starts_with('{');
    if (!is_parameter && given == wanted) continue;
    std::optional<std::string> part = decode(given);
    if (!part || part->empty()) return false;
    if (is_parameter) {
      parameters.emplace_back(wanted.substr(1, wanted.size() - 2), *std::move(part));
    } else if (*part != wanted) {
      return false;
    }
  }
  return path.empty() && target.empty();
}

std::vector<std::pair<std::string, std::string>> query_of(std::string_view target) {
  std::vector<std::pair<std::string, std::string>> parameters;
  const std::size_t mark = target.find('?');
  if (mark == std::string_view::npos) return parameters;
  std::string_view rest = target.substr(mark + 1);
  while (!rest.empty()) {
    std::string_view value = next(rest, '&');
    if (value.empty()) continue;
    const std::string_view name = next(value, '=');
    parameters.emplace_back(decoded_or_as_it_is(name), decoded_or_as_it_is(value));
  }
  return parameters;
}

}  // namespace http
}  // namespace roster::inline ROSTER_ABI
