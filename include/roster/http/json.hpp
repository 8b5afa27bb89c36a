// JSON for this component: a small tree for the body of a request, and a writer for the response.
//
// The tree is a type of its own, so that no public header includes a JSON library.
#ifndef ROSTER_HTTP_JSON_HPP
#define ROSTER_HTTP_JSON_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "roster/version.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {
namespace http {

/// JsonLimits bound the memory that a parsed text can use.
struct JsonLimits {
  std::uint32_t depth_max = 16;        ///< arrays and objects inside each other
  std::uint32_t values_max = 100'000;  ///< values in all; each needs one or two hundred bytes while the body is read
};

/// Json is a parsed value. It owns its parts.
struct Json {
  /// Kind is the type of a value.
  enum class Kind : std::uint8_t {
    null,     ///< no field is read
    boolean,  ///< Json::boolean
    number,   ///< Json::number
    text,     ///< Json::text
    array,    ///< Json::items
    object    ///< Json::items, each with a name
  };
  Kind kind = Kind::null;   ///< type of the value
  bool boolean = false;     ///< of a boolean
  double number = 0;        ///< of a number, rounded to the nearest double
  std::string text;         ///< UTF-8; may hold any character that JSON can express, NUL included
  std::string name;         ///< of a member of an object
  std::vector<Json> items;  ///< of an array, or the members of an object, in order

  /// Returns the member of that name; null if there is none, or if this is no object. Linear.
  const Json* find(std::string_view member) const noexcept;
};

/// JsonError is the reason why read_json() refuses a text.
struct JsonError {
  /// Kind is the class of the error.
  enum class Kind : std::uint8_t {
    empty,           ///< nothing but blanks
    malformed,       ///< not JSON, or bytes after the end
    not_utf8,        ///< bytes that are not UTF-8 inside a string
    nul_byte,        ///< a raw NUL byte, which ends the text in some parsers
    too_deep,        ///< more than JsonLimits::depth_max
    too_many,        ///< more than JsonLimits::values_max
    duplicate_name,  ///< one object has a duplicate name; parsers differ in which member counts (RFC 8259, section 4)
  };
  Kind kind = Kind::empty;  ///< class of the error
  std::size_t offset = 0;   ///< of the offending byte, approximately
  std::string name;         ///< the duplicate name, at most 64 bytes of it
};

/// read_json() reads one JSON text (RFC 8259). It is not recursive, so no input can exhaust the stack. It allocates,
/// and throws only std::bad_alloc.
std::optional<Json> read_json(std::string_view text, const JsonLimits& limits, JsonError& fault);

/// JsonWriter appends JSON to a string, commas and escapes included. Malformed UTF-8 becomes U+FFFD, so that the result
/// is always well formed. Control characters, quotes, backslashes and the line separators of JavaScript are escaped. It
/// allocates, and throws only std::bad_alloc.
class JsonWriter {
 public:
  /// Appends to `to`, which must outlive the writer.
  explicit JsonWriter(std::string& to) noexcept : to_(&to) {}

  JsonWriter& object() { return open('{'); }         ///< begins an object
  JsonWriter& array() { return open('['); }          ///< begins an array
  JsonWriter& close_object() { return close('}'); }  ///< ends an object
  JsonWriter& close_array() { return close(']'); }   ///< ends an array
  JsonWriter& key(std::string_view name);            ///< writes the name of the next member
  JsonWriter& text(std::string_view value);          ///< writes a string
  JsonWriter& number(std::uint64_t value);           ///< writes a number
  JsonWriter& boolean(bool value);                   ///< writes `true` or `false`
  JsonWriter& null();                                ///< writes `null`

  /// Writes a member of an object: its name and its value.
  JsonWriter& member(std::string_view name, std::string_view value);
  /// Writes a member whose value is a string.
  JsonWriter& member(std::string_view name, const char* value) { return member(name, std::string_view(value)); }
  /// Writes a member whose value is a number.
  JsonWriter& member(std::string_view name, std::unsigned_integral auto value) { return key(name).number(value); }
  /// Writes a member whose value is `true` or `false`.
  JsonWriter& member(std::string_view name, bool value) { return key(name).boolean(value); }
  /// Writes null if there is no value.
  JsonWriter& member_or_null(std::string_view name, const std::optional<std::string>& value) {
    return value ? key(name).text(*value) : key(name).null();
  }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void separate();

  std::string* to_;
  bool first_ = true;  // the innermost array or object is empty so far
};

}  // namespace http
}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
