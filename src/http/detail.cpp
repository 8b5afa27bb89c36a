#include "http/detail.hpp"

ROSTER_BEGIN
namespace http {
namespace {

struct Words {
  std::string_view msg, type;
};

Words of_type(Shape wanted) noexcept {
  switch (wanted) {
    case Shape::text: return {"Input should be a valid string", "string_type"};
    case Shape::uuid: return {"UUID input should be a string, bytes or UUID object", "uuid_type"};
    case Shape::email: return {"Input should be a valid string", "string_type"};
    case Shape::texts:
    case Shape::objects: return {"Input should be a valid list", "list_type"};
    case Shape::flag: return {"Input should be a valid boolean", "bool_type"};
    case Shape::moment: return {"Input should be a valid datetime", "datetime_type"};
  }
  return {"Input is malformed", "value_error"};
}

/// The framework's words where it has any for this; otherwise ours.
Words words_of(const Complaint& complaint) noexcept {
  switch (complaint.fault) {
    case Fault::missing: return {"Field required", "missing"};
    case Fault::not_json: return {"JSON decode error", "json_invalid"};
    case Fault::not_object:
      return {"Input should be a valid dictionary or object to extract fields from", "model_attributes_type"};
    case Fault::wrong_type: return of_type(complaint.wanted);
    case Fault::malformed:
      if (complaint.wanted == Shape::uuid) return {"Input should be a valid UUID", "uuid_parsing"};
      return {complaint.text, "value_error"};
    case Fault::empty: return {"List should have at least 1 item after validation, not 0", "too_short"};
    case Fault::too_many: return {complaint.text, "too_long"};
    case Fault::unknown: return {"Extra inputs are not permitted", "extra_forbidden"};
    default: return {complaint.text, name(complaint.fault)};
  }
}

void write_detail(JsonText& json, const Complaint& complaint) {
  const Words words = words_of(complaint);
  json.object().key("loc").array().text(complaint.place.in);
  if (!complaint.place.name.empty()) json.text(complaint.place.name);
  if (complaint.place.index) json.number(*complaint.place.index);
  if (!complaint.place.member.empty()) json.text(complaint.place.member);
  json.close_array().member("msg", words.msg).member("type", words.type).close_object();
}

}  // namespace

void refuse_with_detail(const Refusal& refusal, std::string_view role, Response& response) {
  JsonText json = begin(response, refusal.status);
  json.object().key("detail");
  if (!refusal.complaints.empty()) {
    json.array();
    for (const Complaint& complaint : refusal.complaints) write_detail(json, complaint);
    json.close_array();
  } else if (refusal.status == 422) {
    Complaint complaint{Fault::malformed, {}, Shape::text, {}, refusal.text};
    if (refusal.code == name(Outcome::role_not_found) || refusal.code == name(Outcome::role_not_assignable))
      complaint.place.name = role;
    if (refusal.code == name(Outcome::request_reused)) complaint.place = {.in = "header", .name = "Idempotency-Key"};
    json.array();
    write_detail(json, complaint);
    json.close_array();
  } else {
    json.text(refusal.text);
  }
  json.close_object();
}

}  // namespace http
ROSTER_END
