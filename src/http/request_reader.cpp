#include "roster/http/request_reader.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {

std::string_view RequestReader::parameter(std::string_view name) const noexcept {
  for (const auto& [parameter_name, value] : parameters)
    if (parameter_name == name) return value;
  return {};
}

std::optional<std::string_view> RequestReader::query(std::string_view name) const noexcept {
  for (const auto& [query_name, value] : queries)
    if (query_name == name) return value;
  return std::nullopt;
}

const Json* RequestReader::field(std::string_view name) const noexcept {
  const Json* const found = body.find(name);
  return found == nullptr || found->kind == Json::Kind::null ? nullptr : found;
}

std::optional<std::string_view> RequestReader::text(std::string_view name) const noexcept {
  const Json* const found = field(name);
  if (found == nullptr || found->kind != Json::Kind::text) return std::nullopt;
  return found->text;
}

void RequestReader::refuse(Outcome outcome, std::string_view called) {
  constexpr std::size_t kept_max = 64;
  if (refused) return;
  refused = outcome;
  refused_name = called.substr(0, kept_max);
}

}  // namespace http
}  // namespace roster::inline ROSTER_ABI
