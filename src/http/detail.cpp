#include "http/detail.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {
namespace {

struct ErrorText {
  std::string_view msg, type;
};

ErrorText of_type(FieldType wanted) noexcept {
  switch (wanted) {
    case FieldType::string: return {"Input should be a valid string", "string_type"};
    case FieldType::uuid: return {"UUID input should be a string, bytes or UUID object", "uuid_type"};
    case FieldType::email: return {"Input should be a valid string", "string_type"};
    case FieldType::strings:
    case FieldType::objects: return {"Input should be a valid list", "list_type"};
    case FieldType::boolean: return {"Input should be a valid boolean", "bool_type"};
    case FieldType::date_time: return {"Input should be a valid datetime", "datetime_type"};
  }
  return {"Input is malformed", "value_error"};
}

/// The message of the framework if it has one for this error, otherwise roster's.
ErrorText error_text(const ValidationError& invalid) noexcept {
  switch (invalid.kind) {
    case ErrorKind::missing: return {"Field required", "missing"};
    case ErrorKind::not_json: return {"JSON decode error", "json_invalid"};
    case ErrorKind::not_object:
      return {"Input should be a valid dictionary or object to extract fields from", "model_attributes_type"};
    case ErrorKind::wrong_type: return of_type(invalid.wanted);
    case ErrorKind::malformed:
      if (invalid.wanted == FieldType::uuid) return {"Input should be a valid UUID", "uuid_parsing"};
      return {invalid.text, "value_error"};
    case ErrorKind::empty: return {"List should have at least 1 item after validation, not 0", "too_short"};
    case ErrorKind::too_many: return {invalid.text, "too_long"};
    case ErrorKind::unknown: return {"Extra inputs are not permitted", "extra_forbidden"};
    default: return {invalid.text, name(invalid.kind)};
  }
}

void write_detail(JsonWriter& json, const ValidationError& invalid) {
  const ErrorText text = error_text(invalid);
  json.object().key("loc").array().text(invalid.location.in);
  if (!invalid.location.name.empty()) json.text(invalid.location.name);
  if (invalid.location.index) json.number(*invalid.location.index);
  if (!invalid.location.member.empty()) json.text(invalid.location.member);
  json.close_array().member("msg", text.msg).member("type", text.type).close_object();
}

}  // namespace

void refuse_with_detail(const Refusal& refusal, std::string_view role, Response& response) {
  JsonWriter json = begin(response, refusal.status);
  json.object().key("detail");
  if (!refusal.errors.empty()) {
    json.array();
    for (const ValidationError& invalid : refusal.errors) write_detail(json, invalid);
    json.close_array();
  } else if (refusal.status == 422) {
    ValidationError invalid{ErrorKind::malformed, {}, FieldType::string, {}, refusal.text};
    if (refusal.code == name(Outcome::role_not_found) || refusal.code == name(Outcome::role_not_assignable))
      invalid.location.name = role;
    if (refusal.code == name(Outcome::request_reused)) invalid.location = {.in = "header", .name = "Idempotency-Key"};
    json.array();
    write_detail(json, invalid);
    json.close_array();
  } else {
    json.text(refusal.text);
  }
  json.close_object();
}

}  // namespace http
}  // namespace roster::inline ROSTER_ABI
