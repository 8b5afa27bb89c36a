#include "http/headers.hpp"

#include "roster/http/api.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {
namespace {

constexpr std::size_t key_size_max = 255;

char small(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same(std::string_view any_case, std::string_view lower_case) noexcept {
  if (any_case.size() != lower_case.size()) return false;
  for (std::size_t i = 0; i < any_case.size(); ++i)
    if (small(any_case[i]) != lower_case[i]) return false;
  return true;
}

bool same_in_any_case(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (small(a[i]) != small(b[i])) return false;
  return true;
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

struct Lines {
  std::size_t count = 0;
  std::string_view first{};  ///< the value of the first line
};

Lines lines_of(const Request& request, std::string_view name) noexcept {
  Lines lines;
  for (const Header& line : request.headers)
    if (same(line.name, name) && lines.count++ == 0) lines.first = trimmed(line.value);
  return lines;
}

bool is_json_type(std::string_view type) noexcept {
  if (same(type, "application/json")) return true;
  constexpr std::string_view suffix = "+json";
  return type.size() > suffix.size() && same(type.substr(type.size() - suffix.size()), suffix);
}

bool is_utf8(std::string_view charset) noexcept {
  if (charset.size() >= 2 && charset.starts_with('"') && charset.ends_with('"'))
    charset = charset.substr(1, charset.size() - 2);
  return same(charset, "utf-8") || same(charset, "utf8");
}

/// The text of a quoted string; nothing if `value` is not exactly a quoted string.
std::optional<std::string> unquoted(std::string_view value) {
  if (value.size() < 2 || !value.starts_with('"') || !value.ends_with('"')) return std::nullopt;
  value = value.substr(1, value.size() - 2);
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '"') return std::nullopt;
    if (value[i] == '\\' && (++i == value.size() || (value[i] != '"' && value[i] != '\\'))) return std::nullopt;
    text += value[i];
  }
  return text;
}

}  // namespace

std::optional<std::string_view> header(const Request& request, std::string_view name_in_lower_case) noexcept {
  const Lines lines = lines_of(request, name_in_lower_case);
  return lines.count == 1 ? std::optional(lines.first) : std::nullopt;
}

std::optional<std::string_view> credential(const Api& api, const Request& request) noexcept {
  for (const AuthScheme& way : api.schemes) {
    const std::optional<std::string_view> value = header(request, way.header);
    if (!value) continue;
    std::string_view given = *value;
    if (!way.scheme.empty()) {
      if (given.size() <= way.scheme.size() || given[way.scheme.size()] != ' ') continue;
      if (!same_in_any_case(given.substr(0, way.scheme.size()), way.scheme)) continue;
      given = trimmed(given.substr(way.scheme.size()));
    }
    if (given.size() > way.prefix.size() && given.starts_with(way.prefix)) return given;
  }
  return std::nullopt;
}

bool is_json_body(const Request& request) noexcept {
  const Lines coding = lines_of(request, "content-encoding");
  if (coding.count > 1 || (coding.count == 1 && !same(coding.first, "identity"))) return false;
  const Lines declared = lines_of(request, "content-type");
  if (declared.count != 1) return declared.count == 0;
  const std::string_view type = declared.first;
  std::size_t end = type.find(';');
  if (!is_json_type(trimmed(type.substr(0, end)))) return false;
  while (end != std::string_view::npos) {
    std::string_view parameter = type.substr(end + 1);
    const std::size_t next = parameter.find(';');
    parameter = trimmed(parameter.substr(0, next));
    end = next == std::string_view::npos ? next : end + 1 + next;
    const std::size_t equals = parameter.find('=');
    if (equals == std::string_view::npos || !same(trimmed(parameter.substr(0, equals)), "charset")) continue;
    if (!is_utf8(trimmed(parameter.substr(equals + 1)))) return false;
  }
  return true;
}

IdempotencyKeyHeader read_idempotency_key(const Request& request) {
  IdempotencyKeyHeader repetition;
  const auto [count, value] = lines_of(request, "idempotency-key");
  repetition.given = count != 0;
  if (count != 1 || value.empty() || value.size() > key_size_max) return repetition;
  for (const char c : value)
    if (c < 0x20 || c > 0x7E) return repetition;
  if (value.find('"') != std::string_view::npos) {
    repetition.key = unquoted(value);
    if (repetition.key && repetition.key->empty()) repetition.key.reset();
  } else if (value.find(' ') == std::string_view::npos) {
    repetition.key = std::string(value);
  }
  return repetition;
}

}  // namespace http
}  // namespace roster::inline ROSTER_ABI
