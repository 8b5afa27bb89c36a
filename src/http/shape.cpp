#include "http/shape.hpp"

#include "backticks.hpp"
#include "http/target.hpp"
#include "http/words.hpp"

ROSTER_BEGIN
namespace http {
namespace {

Shape shape_of_items(Shape list) noexcept {
  return list == Shape::texts ? Shape::text : list;
}

bool fits(const Json& value, Shape shape) noexcept {
  switch (shape) {
    case Shape::text:
    case Shape::uuid:
    case Shape::email:
    case Shape::moment: return value.kind == Json::Kind::text;
    case Shape::texts:
    case Shape::objects: return value.kind == Json::Kind::array;
    case Shape::flag: return value.kind == Json::Kind::boolean;
  }
  return false;
}

/// What is wrong with a text of that shape, if anything. A UUID is put in lower case.
std::optional<Error> judge(std::string& text, Shape shape, const Profile& profile) {
  if (shape == Shape::uuid) {
    const auto parsed = MembershipId::parse(text);
    if (!parsed) return parsed.assume_error();
    const UuidText lower = parsed.assume_value().text();
    text.assign(lower.data(), lower.size());
  } else if (shape == Shape::email) {
    const auto parsed = Email::parse(text, profile.email);
    if (!parsed) return parsed.assume_error();
  } else if (shape == Shape::moment && !time_of(text)) {
    return Error();  // the rules have no word for that
  }
  return std::nullopt;
}

/// The object whose fields are checked. It is converted into a location only for a reported fault.
struct Where {
  std::string_view in = "body";
  std::string_view list{};  ///< of whose entries it is one, if it is
  std::size_t index = 0;

  Place of(std::string_view field) const {
    if (list.empty()) return {.in = in, .name = std::string(field)};
    return {.in = in, .name = std::string(list), .index = index, .member = std::string(field)};
  }
};

class Checker {
 public:
  Checker(Form& form, bool ignores_unknown) : form_(&form), ignores_unknown_(ignores_unknown) {}

  void object(Json& object, std::span<const Field> fields, const Where& at) const {
    for (const Field& field : fields) {
      Json* const value = find(object, field.name);
      if (value == nullptr || (field.nullable && value->kind == Json::Kind::null)) {
        if (field.required) complain(Fault::missing, field, at, {}, missing(field));
      } else {
        check(*value, field, at);
      }
    }
    if (ignores_unknown_) return;
    for (const Json& member : object.items) {
      if (is_listed(fields, member.name)) continue;
      Field other;
      other.name = member.name;
      complain(Fault::unknown, other, at, {}, unknown(member.name));
    }
  }

  void complain(Fault fault, const Field& field, const Where& at, const Error& why, std::string text) const {
    form_->complain({fault, at.of(field.name), field.shape, why, std::move(text)});
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
    if (!fits(value, field.shape)) {
      complain(Fault::wrong_type, field, at, {}, wrong_type(field, field.shape));
    } else if (value.kind == Json::Kind::text) {
      if (const auto why = judge(value.text, field.shape, form_->profile))
        complain(Fault::malformed, field, at, *why, malformed(field, *why));
    } else if (value.items.size() > field.items_max) {
      complain(Fault::too_many, field, at, {}, too_many(field));
    } else {
      for (std::size_t i = 0; i < value.items.size(); ++i) check_item(value.items[i], field, i);
    }
  }
  void check_item(Json& item, const Field& field, std::size_t index) const {
    const bool is_object = field.shape == Shape::objects;
    if (is_object ? item.kind == Json::Kind::object : fits(item, shape_of_items(field.shape))) {
      if (is_object) object(item, field.members, {.list = field.name, .index = index});
      return;
    }
    form_->complain({Fault::wrong_type,
                     {.name = std::string(field.name), .index = index},
                     shape_of_items(field.shape),
                     {},
                     wrong_type(field, field.shape) + ": see entry " + std::to_string(index)});
  }

  Form* form_;
  bool ignores_unknown_;
};

Fault fault_of(JsonFault::Kind kind) noexcept {
  switch (kind) {
    case JsonFault::Kind::duplicate_name: return Fault::duplicate_name;
    case JsonFault::Kind::too_deep: return Fault::too_deep;
    case JsonFault::Kind::too_many: return Fault::too_many;
    default: return Fault::not_json;
  }
}

bool complain_about_body(Form& form, Fault fault, std::optional<std::size_t> offset, std::string text) {
  Place at;
  at.index = offset;
  form.complain({fault, std::move(at), Shape::objects, {}, std::move(text)});
  return false;
}

}  // namespace

std::string_view name(Fault fault) noexcept {
  switch (fault) {
    case Fault::not_json: return "not_json";
    case Fault::duplicate_name: return "duplicate_name";
    case Fault::too_deep: return "too_deep";
    case Fault::too_many: return "too_many";
    case Fault::media_type: return "media_type";
    case Fault::not_object: return "not_object";
    case Fault::missing: return "missing";
    case Fault::wrong_type: return "wrong_type";
    case Fault::malformed: return "malformed";
    case Fault::unknown: return "unknown";
    case Fault::ambiguous: return "ambiguous";
    case Fault::empty: return "empty";
  }
  return "unknown";
}

void check_parameters(const Api& api, Form& form) {
  const Checker checker(form, true);
  const Where path{.in = "path"};
  for (const Field& field : api.parameters)
    for (auto& [name, value] : form.parameters) {
      if (name != field.name) continue;
      if (const auto why = judge(value, field.shape, form.profile))
        checker.complain(Fault::malformed, field, path, *why, malformed(field, *why));
    }
}

void check_query(const Api& api, Form& form) {
  const Checker checker(form, api.ignores_unknown);
  const Where at{.in = "query"};
  for (auto& [name, value] : query_of(form.request.target)) {
    const Field* known = nullptr;
    for (const Field& field : api.query)
      if (field.name == name) known = &field;
    if (known == nullptr) {
      Field other;
      other.name = name;
      if (!api.ignores_unknown) checker.complain(Fault::unknown, other, at, {}, unknown(name));
    } else if (form.query(known->name)) {
      checker.complain(Fault::duplicate_name, *known, at, {}, "the query names " + in_backticks(name) + " twice");
    } else if (known->shape == Shape::flag && value != "true" && value != "false") {
      checker.complain(Fault::wrong_type, *known, at, {}, wrong_type(*known, known->shape));
    } else {
      form.queries.emplace_back(known->name, value);
    }
  }
}

bool check_body(const Api& api, const Limits& limits, Form& form) {
  if (!says_json(form.request)) {
    Place at;
    at.in = "header";
    at.name = "Content-Type";
    form.complain({Fault::media_type,
                   std::move(at),
                   Shape::text,
                   {},
                   "the body is not declared as JSON in UTF-8: send `Content-Type: application/json`, uncompressed"});
    return false;
  }
  JsonFault fault;
  std::optional<Json> body = read_json(form.request.body, limits.json, fault);
  if (!body) {
    if (fault.kind == JsonFault::Kind::empty) return complain_about_body(form, Fault::missing, {}, not_json(fault));
    return complain_about_body(form, fault_of(fault.kind), fault.offset, not_json(fault));
  }
  if (body->kind != Json::Kind::object)
    return complain_about_body(form, Fault::not_object, {}, "the body is not a JSON object: put its fields into one");
  form.body = *std::move(body);
  Checker(form, api.ignores_unknown).object(form.body, api.fields, Where{});
  return true;
}

}  // namespace http
ROSTER_END
