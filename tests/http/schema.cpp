#include "http/schema.hpp"

#include <nlohmann/json.hpp>

#include "roster/id.hpp"

namespace roster_test {
namespace {

using Json = nlohmann::json;

bool is_of_type(const Json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "boolean") return value.is_boolean();
  if (type == "null") return value.is_null();
  return false;
}

int fitting(const Json& value, const Json& schemas, const Json& root) {
  int fits = 0;
  for (const Json& schema : schemas) fits += violation(value, schema, root).empty() ? 1 : 0;
  return fits;
}

std::string of_properties(const Json& value, const Json& schema, const Json& root) {
  const Json none = Json::object();
  const Json& properties = schema.contains("properties") ? schema.at("properties") : none;
  for (const auto& [name, member] : value.items()) {
    if (properties.contains(name)) {
      const std::string why = violation(member, properties.at(name), root);
      if (!why.empty()) return name + "." + why;
    } else if (schema.value("additionalProperties", true) == false) {
      return name + " is not a property";
    }
  }
  return {};
}

std::string of_keyword(const std::string& keyword, const Json& wanted, const Json& value, const Json& schema,
                       const Json& root) {
  const auto unless = [&](bool fits) { return fits ? std::string() : keyword + " is not kept"; };
  if (keyword == "$ref")
    return violation(value, root.at(Json::json_pointer(wanted.get<std::string>().substr(1))), root);
  if (keyword == "type") return unless(is_of_type(value, wanted));
  if (keyword == "enum") return unless(std::find(wanted.begin(), wanted.end(), value) != wanted.end());
  if (keyword == "const") return unless(value == wanted);
  if (keyword == "anyOf") return unless(fitting(value, wanted, root) >= 1);
  if (keyword == "oneOf") return unless(fitting(value, wanted, root) == 1);
  if (keyword == "minimum") return unless(!value.is_number() || value >= wanted);
  if (keyword == "minItems") return unless(!value.is_array() || value.size() >= wanted);
  if (keyword == "maxItems") return unless(!value.is_array() || value.size() <= wanted);
  if (keyword == "minLength") return unless(!value.is_string() || value.get<std::string>().size() >= wanted);
  if (keyword == "maxLength") return unless(!value.is_string() || value.get<std::string>().size() <= wanted);
  if (keyword == "format" && wanted == "uuid")
    return unless(!value.is_string() || roster::MembershipId::parse(value.get<std::string>()).has_value());
  if (keyword == "properties") return value.is_object() ? of_properties(value, schema, root) : std::string();
  if (keyword == "required") {
    for (const Json& name : wanted)
      if (value.is_object() && !value.contains(name.get<std::string>())) return name.get<std::string>() + " is missing";
    return {};
  }
  if (keyword == "items") {
    std::string why;
    for (std::size_t i = 0; value.is_array() && i < value.size() && why.empty(); ++i) {
      why = violation(value[i], wanted, root);
      if (!why.empty()) why = std::to_string(i) + "." + why;
    }
    return why;
  }
  // Checked with `properties`, or for people only.
  for (const char* const silent : {"additionalProperties", "description", "default", "format"})
    if (keyword == silent) return {};
  return keyword + " is not understood here";
}

}  // namespace

std::string violation(const Json& value, const Json& schema, const Json& root) {
  for (const auto& [keyword, wanted] : schema.items()) {
    const std::string why = of_keyword(keyword, wanted, value, schema, root);
    if (!why.empty()) return why;
  }
  return {};
}

}  // namespace roster_test
