#include "http/schema.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "roster/id.hpp"

namespace roster_test {
namespace {

using Kind = Json::Kind;

bool is_whole(const Json& value) {
  return value.kind == Kind::number && value.number == static_cast<double>(static_cast<long long>(value.number));
}

bool is_of_type(const Json& value, std::string_view type) {
  if (type == "object") return value.kind == Kind::object;
  if (type == "array") return value.kind == Kind::array;
  if (type == "string") return value.kind == Kind::text;
  if (type == "integer") return is_whole(value);
  if (type == "boolean") return value.kind == Kind::boolean;
  if (type == "null") return value.kind == Kind::null;
  return false;
}

bool same(const Json& a, const Json& b) {
  return a.kind == b.kind && a.text == b.text && a.boolean == b.boolean && a.number == b.number;
}

bool is_one_of(const Json& value, const Json& values) {
  for (const Json& one : values.items)
    if (same(value, one)) return true;
  return false;
}

int fitting(const Json& value, const Json& schemas, const Json& root) {
  int fits = 0;
  for (const Json& schema : schemas.items) fits += violation(value, schema, root).empty() ? 1 : 0;
  return fits;
}

std::string of_properties(const Json& value, const Json& schema, const Json& root) {
  const Json* const properties = schema.find("properties");
  const Json* const others = schema.find("additionalProperties");
  for (const Json& member : value.items) {
    const Json* const property = properties == nullptr ? nullptr : properties->find(member.name);
    if (property != nullptr) {
      const std::string why = violation(member, *property, root);
      if (!why.empty()) return member.name + "." + why;
    } else if (others != nullptr && !others->boolean) {
      return member.name + " is not a property";
    }
  }
  return {};
}

std::string of_keyword(const Json& wanted, const Json& value, const Json& schema, const Json& root) {
  const std::string& keyword = wanted.name;
  const auto unless = [&](bool fits) { return fits ? std::string() : keyword + " is not kept"; };
  const bool is_array = value.kind == Kind::array, is_text = value.kind == Kind::text;
  const auto limit = static_cast<std::size_t>(wanted.number);
  if (keyword == "$ref") return violation(value, at_path(root, std::string_view(wanted.text).substr(2)), root);
  if (keyword == "type") return unless(is_of_type(value, wanted.text));
  if (keyword == "enum") return unless(is_one_of(value, wanted));
  if (keyword == "const") return unless(same(value, wanted));
  if (keyword == "anyOf") return unless(fitting(value, wanted, root) >= 1);
  if (keyword == "oneOf") return unless(fitting(value, wanted, root) == 1);
  if (keyword == "minimum") return unless(value.kind != Kind::number || value.number >= wanted.number);
  if (keyword == "minItems") return unless(!is_array || value.items.size() >= limit);
  if (keyword == "maxItems") return unless(!is_array || value.items.size() <= limit);
  if (keyword == "minLength") return unless(!is_text || value.text.size() >= limit);
  if (keyword == "maxLength") return unless(!is_text || value.text.size() <= limit);
  if (keyword == "format" && wanted.text == "uuid")
    return unless(!is_text || roster::MembershipId::parse(value.text).has_value());
  if (keyword == "properties") return value.kind == Kind::object ? of_properties(value, schema, root) : std::string();
  if (keyword == "required") {
    for (const Json& name : wanted.items)
      if (value.kind == Kind::object && value.find(name.text) == nullptr) return name.text + " is missing";
    return {};
  }
  if (keyword == "items") {
    for (std::size_t i = 0; is_array && i < value.items.size(); ++i) {
      const std::string why = violation(value.items[i], wanted, root);
      if (!why.empty()) return std::to_string(i) + "." + why;
    }
    return {};
  }
  // Checked with `properties`, or for people only.
  for (const char* const silent : {"additionalProperties", "description", "default", "format"})
    if (keyword == silent) return {};
  return keyword + " is not understood here";
}

}  // namespace

std::optional<Json> read_document(std::string_view text) {
  roster::http::JsonError fault;
  return roster::http::read_json(text, {.depth_max = 32}, fault);
}

const Json& openapi() {
  static const Json document = [] {
    std::ifstream file(std::string(ROSTER_SOURCE_DIR) + "/docs/openapi.json");
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return read_document(text).value_or(Json());
  }();
  return document;
}

const Json& at(const Json& object, std::string_view name) {
  const Json* const found = object.find(name);
  if (found != nullptr) return *found;
  std::fprintf(stderr, "there is no `%s`\n", std::string(name).c_str());
  std::abort();
}

const Json& at_path(const Json& root, std::string_view path) {
  const Json* place = &root;
  while (!path.empty()) {
    const std::size_t end = path.find('/');
    place = &at(*place, path.substr(0, end));
    path = end == std::string_view::npos ? std::string_view() : path.substr(end + 1);
  }
  return *place;
}

std::string violation(const Json& value, const Json& schema, const Json& root) {
  for (const Json& wanted : schema.items) {
    const std::string why = of_keyword(wanted, value, schema, root);
    if (!why.empty()) return why;
  }
  return {};
}

}  // namespace roster_test
