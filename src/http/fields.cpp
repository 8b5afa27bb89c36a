#include "http/fields.hpp"

#include "backticks.hpp"
#include "http/messages.hpp"
#include "http/route.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {
namespace {

FieldType type_of_items(FieldType list) noexcept {
  return list == FieldType::strings ? FieldType::string : list;
}

bool fits(const Json& value, FieldType type) noexcept {
  switch (type) {
    case FieldType::string:
    case FieldType::uuid:
    case FieldType::email:
    case FieldType::date_time: return value.kind == Json::Kind::text;
    case FieldType::strings:
    case FieldType::objects: return value.kind == Json::Kind::array;
    case FieldType::boolean: return value.kind == Json::Kind::boolean;
  }
  return false;
}

/// Returns the error of a text of that type, if any. Converts a UUID to lower case.
std::optional<Error> judge(std::string& text, FieldType type, const Profile& profile) {
  if (type == FieldType::uuid) {
    const auto parsed = MembershipId::parse(text);
    if (!parsed) return parsed.assume_error();
    const UuidText lower = parsed.assume_value().text();
    text.assign(lower.data(), lower.size());
  } else if (type == FieldType::email) {
    const auto parsed = Email::parse(text, profile.email);
    if (!parsed) return parsed.assume_error();
  } else if (type == FieldType::date_time && !time_of(text)) {
    return Error();  // no error code exists for this
  }
  return std::nullopt;
}

/// The object whose fields are checked. It is converted into a location only for a reported error.
struct Where {
  std::string_view in = "body";
  std::string_view list{};  ///< the list of the object; empty: the object is in no list
  std::size_t index = 0;

  Location of(std::string_view field) const {
    if (list.empty()) return {.in = in, .name = std::string(field)};
    return {.in = in, .name = std::string(list), .index = index, .member = std::string(field)};
  }
};

class Checker {
 public:
  Checker(RequestReader& reader, bool ignores_unknown) : form_(&reader), ignores_unknown_(ignores_unknown) {}

  void object(Json& object, std::span<const Field> fields, const Where& at) const {
    for (const Field& field : fields) {
      Json* const value = find(object, field.name);
      if (value == nullptr || (field.nullable && value->kind == Json::Kind::null)) {
        if (field.required) add_error(ErrorKind::missing, field, at, {}, missing(field));
      } else {
        check(*value, field, at);
      }
    }
    if (ignores_unknown_) return;
    for (const Json& member : object.items) {
      if (is_listed(fields, member.name)) continue;
      Field other;
      other.name = member.name;
      add_error(ErrorKind::unknown, other, at, {}, unknown(member.name));
    }
  }

  void add_error(ErrorKind kind, const Field& field, const Where& at, const Error& why, std::string text) const {
    form_->add_error({kind, at.of(field.name), field.type, why, std::move(text)});
  }

 private:
  static Json* find(Json& object, std::string_view name) noexcept {
    for (Json& member : object.items)
      if (member.name == name) return &member;
    return nullptr;
  }
  static bool is_listed(std::span<const Field> fields, std::string_view name) noexcept {
    for (const Field& field : fields)
      if (field.name == name) return true;
    return false;
  }

  void check(Json& value, const Field& field, const Where& at) const {
    if (!fits(value, field.type)) {
      add_error(ErrorKind::wrong_type, field, at, {}, wrong_type(field, field.type));
    } else if (value.kind == Json::Kind::text) {
      if (const auto why = judge(value.text, field.type, form_->profile))
        add_error(ErrorKind::malformed, field, at, *why, malformed(field, *why));
    } else if (value.items.size() > field.items_max) {
      add_error(ErrorKind::too_many, field, at, {}, too_many(field));
    } else {
      for (std::size_t i = 0; i < value.items.size(); ++i) check_item(value.items[i], field, i);
    }
  }
  void check_item(Json& item, const Field& field, std::size_t index) const {
    const bool is_object = field.type == FieldType::objects;
    if (is_object ? item.kind == Json::Kind::object : fits(item, type_of_items(field.type))) {
      if (is_object) object(item, field.members, {.list = field.name, .index = index});
      return;
    }
    form_->add_error({ErrorKind::wrong_type,
                      {.name = std::string(field.name), .index = index},
                      type_of_items(field.type),
                      {},
                      wrong_type(field, field.type) + ": see entry " + std::to_string(index)});
  }

  RequestReader* form_;
  bool ignores_unknown_;
};

ErrorKind kind_of(JsonError::Kind kind) noexcept {
  switch (kind) {
    case JsonError::Kind::duplicate_name: return ErrorKind::duplicate_name;
    case JsonError::Kind::too_deep: return ErrorKind::too_deep;
    case JsonError::Kind::too_many: return ErrorKind::too_many;
    default: return ErrorKind::not_json;
  }
}

bool add_body_error(RequestReader& reader, ErrorKind kind, std::optional<std::size_t> offset, std::string text) {
  Location at;
  at.index = offset;
  reader.add_error({kind, std::move(at), FieldType::objects, {}, std::move(text)});
  return false;
}

}  // namespace

std::string_view name(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::not_json: return "not_json";
    case ErrorKind::duplicate_name: return "duplicate_name";
    case ErrorKind::too_deep: return "too_deep";
    case ErrorKind::too_many: return "too_many";
    case ErrorKind::media_type: return "media_type";
    case ErrorKind::not_object: return "not_object";
    case ErrorKind::missing: return "missing";
    case ErrorKind::wrong_type: return "wrong_type";
    case ErrorKind::malformed: return "malformed";
    case ErrorKind::unknown: return "unknown";
    case ErrorKind::ambiguous: return "ambiguous";
    case ErrorKind::empty: return "empty";
  }
  return "unknown";
}

void check_parameters(const Api& api, RequestReader& reader) {
  const Checker checker(reader, true);
  const Where path{.in = "path"};
  for (const Field& field : api.parameters)
    for (auto& [name, value] : reader.parameters) {
      if (name != field.name) continue;
      if (const auto why = judge(value, field.type, reader.profile))
        checker.add_error(ErrorKind::malformed, field, path, *why, malformed(field, *why));
    }
}

void check_query(const Api& api, RequestReader& reader) {
  const Checker checker(reader, api.ignores_unknown);
  const Where at{.in = "query"};
  for (auto& [name, value] : query_of(reader.request.target)) {
    const Field* known = nullptr;
    for (const Field& field : api.query)
      if (field.name == name) known = &field;
    if (known == nullptr) {
      Field other;
      other.name = name;
      if (!api.ignores_unknown) checker.add_error(ErrorKind::unknown, other, at, {}, unknown(name));
    } else if (reader.query(known->name)) {
      checker.add_error(ErrorKind::duplicate_name, *known, at, {}, "the query names " + in_backticks(name) + " twice");
    } else if (known->type == FieldType::boolean && value != "true" && value != "false") {
      checker.add_error(ErrorKind::wrong_type, *known, at, {}, wrong_type(*known, known->type));
    } else {
      reader.queries.emplace_back(known->name, value);
    }
  }
}

bool check_body(const Api& api, const Limits& limits, RequestReader& reader) {
  if (!is_json_body(reader.request)) {
    Location at;
    at.in = "header";
    at.name = "Content-Type";
    reader.add_error(
        {ErrorKind::media_type,
         std::move(at),
         FieldType::string,
         {},
         "the body is not declared as JSON in UTF-8: send `Content-Type: application/json`, uncompressed"});
    return false;
  }
  JsonError fault;
  std::optional<Json> body = read_json(reader.request.body, limits.json, fault);
  if (!body) {
    if (fault.kind == JsonError::Kind::empty) return add_body_error(reader, ErrorKind::missing, {}, not_json(fault));
    return add_body_error(reader, kind_of(fault.kind), fault.offset, not_json(fault));
  }
  if (body->kind != Json::Kind::object)
    return add_body_error(reader, ErrorKind::not_object, {}, "the body is not a JSON object: put its fields into one");
  reader.body = *std::move(body);
  Checker(reader, api.ignores_unknown).object(reader.body, api.fields, Where{});
  return true;
}

}  // namespace http
}  // namespace roster::inline ROSTER_ABI
