// What the six APIs document: for each status the shape of its body. Five say it in documents of their own, written
// down here as JSON Schema; ours is docs/openapi.json itself.
#include <map>
#include <set>
#include <string>

#include "http/drawn.hpp"
#include "http/schema.hpp"

namespace roster_test {
namespace {

struct Documented {
  std::set<int> refusals;
  const char *success, *refusal;
};

constexpr const char* detail = R"({"type":"object","required":["detail"],"additionalProperties":false,"properties":{
  "detail":{"anyOf":[{"type":"string"},{"type":"array","items":{"type":"object","required":["loc","msg","type"],
    "additionalProperties":false,"properties":{"msg":{"type":"string"},"type":{"type":"string"},
      "loc":{"type":"array","items":{"anyOf":[{"type":"string"},{"type":"integer"}]}}}}}]}}})";

const std::map<std::string_view, Documented> documented = {
    {"recoup",
     {{400, 401, 403, 404, 405, 409, 413, 503},
      R"({"type":"object","required":["status","id","account_id"],"additionalProperties":false,"properties":{
        "status":{"enum":["success"]},"id":{"type":"string","format":"uuid"},"account_id":{"type":"string","format":"uuid"}}})",
      R"({"type":"object","required":["status","error"],"additionalProperties":false,"properties":{
        "status":{"enum":["error"]},"error":{"type":"string"}}})"}},
    {"turso",
     {{400, 401, 403, 404, 405, 409, 413, 503},
      R"({"type":"object","required":["member","role"],"additionalProperties":false,"properties":{
        "member":{"type":"string"},"role":{"enum":["owner","admin","member","viewer"]}}})",
      R"({"type":"object","required":["error"],"additionalProperties":false,"properties":{"error":{"type":"string"}}})"}},
    {"piper",
     {{401, 403, 404, 405, 409, 413, 422, 503},
      R"({"type":"object","required":["id","user_id","organization_id","role_id","created_at","role","user","organization"],
        "additionalProperties":false,"properties":{
        "id":{"type":"string","format":"uuid"},"user_id":{"type":"string","format":"uuid"},
        "organization_id":{"type":"string","format":"uuid"},"role_id":{"type":"string","format":"uuid"},
        "created_at":{"type":"string"},
        "role":{"anyOf":[{"type":"null"},{"type":"object","required":["id","name","is_system"]}]},
        "user":{"anyOf":[{"type":"null"},{"type":"object","required":["email","first_name","last_name","id","is_active",
          "timezone","created_at","updated_at","status","invited_at"]}]},
        "organization":{"anyOf":[{"type":"null"},{"type":"object","required":["name","id","business_information",
          "timezone","created_by_user_id","owner_user_id","created_at","updated_at"]}]}}})",
      detail}},
    {"mem0",
     {{400, 401, 403, 404, 405, 409, 413, 503},
      R"({"type":"object","required":["message"],"additionalProperties":false,"properties":{
        "message":{"enum":["User added to the project successfully."]}}})",
      R"({"type":"object","required":["message"],"additionalProperties":false,"properties":{"message":{"type":"string"}}})"}},
    {"devin",
     {{401, 403, 404, 405, 409, 413, 422, 503},
      R"({"type":"object","required":["status"],"additionalProperties":false,"properties":{"status":{"enum":["success"]}}})",
      detail}},
};

/// The schema of a response with that status; nothing if it has none.
std::optional<Json> schema_of(const roster::http::Api& api, int status) {
  if (api.name == "bulk") {
    const Json& responses =
        at(at(at(at(openapi(), "paths"), "/organizations/{organization}/members"), "post"), "responses");
    const Json* const found = responses.find(std::to_string(status));
    if (found == nullptr) return std::nullopt;
    return at(at(*found, "content").items.at(0), "schema");
  }
  const Documented& words = documented.at(api.name);
  if (status == 200) return read_document(words.success);
  if (words.refusals.count(status) != 0) return read_document(words.refusal);
  return std::nullopt;
}

}  // namespace

std::string undocumented(const Drawn& drawn, const Answered& answered) {
  const int status = answered.response.status;
  const std::string& text = answered.response.body;
  const std::string said = std::to_string(status) + " " + text;
  const std::optional<Json> body = read_document(text);
  if (!body) return "not JSON: " + said;
  if (status >= 500 && !answered.store_failed) return "5xx of a sound store: " + said;
  if (status < 500 && answered.store_failed) return "the store failed, and this is said of the request: " + said;
  if (status >= 400 && !answered.store_failed && answered.memberships_after != answered.memberships_before)
    return "refused, and something was written: " + said;
  bool says_when = false;
  for (const auto& line : answered.response.headers) says_when = says_when || line.name == "Retry-After";
  if (says_when != (status == 503)) return "`Retry-After` belongs to 503: " + said;
  const std::optional<Json> schema = schema_of(*drawn.api, status);
  if (!schema) return "no such status: " + said;
  const std::string why = violation(*body, *schema, openapi());
  return why.empty() ? why : why + ": " + said;
}

}  // namespace roster_test
