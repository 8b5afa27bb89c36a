#include "http/messages.hpp"

// fmt is used header-only, in this one file. Linking it would impose a version of fmt on the host.
#ifndef FMT_HEADER_ONLY
#define FMT_HEADER_ONLY
#endif
#include <fmt/core.h>

#include "backticks.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {
namespace {

std::string_view noun(FieldType type) noexcept {
  switch (type) {
    case FieldType::string: return "a string";
    case FieldType::uuid: return "a string that is a UUID";
    case FieldType::email: return "a string that is an e-mail address";
    case FieldType::strings: return "an array of strings";
    case FieldType::objects: return "an array of objects";
    case FieldType::boolean: return "true or false";
    case FieldType::date_time: return "a time like 2030-01-31T12:00:00Z";
  }
  return "something else";
}

}  // namespace

std::string missing(const Field& field) {
  if (!field.missing.empty()) return std::string(field.missing);
  return fmt::format("`{}` is required: give {}", field.name, noun(field.type));
}

std::string wrong_type(const Field& field, FieldType wanted) {
  if (!field.malformed.empty()) return std::string(field.malformed);
  return fmt::format("`{}` must be {}", field.name, noun(wanted));
}

std::string malformed(const Field& field, const Error& why) {
  if (!field.malformed.empty()) return std::string(field.malformed);
  if (why.code == Errc{}) return fmt::format("`{}` must be {}", field.name, noun(field.type));
  return fmt::format("`{}` is malformed at byte {}: {}", field.name, why.detail, describe(why.code));
}

std::string unknown(std::string_view name) {
  return fmt::format("{} is not a field of this request: remove it", in_backticks(name));
}

std::string not_json(const JsonError& fault) {
  switch (fault.kind) {
    case JsonError::Kind::empty: return "the body is empty: send a JSON object";
    case JsonError::Kind::malformed: return fmt::format("the body is not JSON: see byte {}", fault.offset);
    case JsonError::Kind::not_utf8: return fmt::format("the body is not UTF-8: see byte {}", fault.offset);
    case JsonError::Kind::nul_byte: return fmt::format("the body has a NUL byte: see byte {}", fault.offset);
    case JsonError::Kind::too_deep: return "the body is nested too deeply: send it flatter";
    case JsonError::Kind::too_many: return "the body has too many values: send it in parts";
    case JsonError::Kind::duplicate_name:
      return fmt::format("the body names {} twice in one object: name it once", in_backticks(fault.name));
  }
  return "the body is not JSON";
}

std::string too_long(std::uint32_t body_bytes_max) {
  return fmt::format("the body has more than {} bytes: send it in parts", body_bytes_max);
}

std::string too_many(const Field& field) {
  return fmt::format("`{}` has more than {} entries: send them in parts", field.name, field.items_max);
}

}  // namespace http
}  // namespace roster::inline ROSTER_ABI
