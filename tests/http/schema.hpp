// As much of JSON Schema as the documents of the six APIs use.
#ifndef ROSTER_TESTS_HTTP_SCHEMA_HPP
#define ROSTER_TESTS_HTTP_SCHEMA_HPP

#include <string>
#include <string_view>

#include "roster/http/json.hpp"

namespace roster_test {

using Json = roster::http::Json;

/// Reads JSON; nothing if it is none. json_test.cpp compares this reader with another one.
std::optional<Json> read_document(std::string_view text);
/// docs/openapi.json.
const Json& openapi();

/// The member of that name, which must be there.
const Json& at(const Json& object, std::string_view name);
/// What a path of names leads to: "components/schemas/Problem".
const Json& at_path(const Json& root, std::string_view path);

/// Where `value` is not as `schema` says, and how; empty if it is. `root` is what a `$ref` starts from. A keyword that
/// is not known here is a violation too, so that nothing passes unchecked.
std::string violation(const Json& value, const Json& schema, const Json& root);

}  // namespace roster_test

#endif
