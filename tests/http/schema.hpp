// As much of JSON Schema as the documents of the six APIs use.
#ifndef ROSTER_TESTS_HTTP_SCHEMA_HPP
#define ROSTER_TESTS_HTTP_SCHEMA_HPP

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace roster_test {

/// Where `value` is not as `schema` says, and how; empty if it is. `root` is what a `$ref` starts from. A keyword that
/// is not known here is a violation too, so that nothing passes unchecked.
std::string violation(const nlohmann::json& value, const nlohmann::json& schema, const nlohmann::json& root);

}  // namespace roster_test

#endif
