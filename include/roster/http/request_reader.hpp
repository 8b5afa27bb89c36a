// RequestReader: a request as the code of one API reads it, parsed and checked against that API's table of fields.
//
//     const std::optional<std::string_view> role = reader.text("role");  // inside Api::read()
//     if (!role) reader.add_error({http::ErrorKind::missing, {"body", "role"}, http::FieldType::string});
#ifndef ROSTER_HTTP_REQUEST_READER_HPP
#define ROSTER_HTTP_REQUEST_READER_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "roster/http/json.hpp"
#include "roster/http/message.hpp"
#include "roster/operation.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {
namespace http {

/// FieldType is the type of a field.
enum class FieldType : std::uint8_t {
  string,     ///< a string
  uuid,       ///< a string that is a UUID in either case; read() receives it in lower case
  email,      ///< a string that is an address under the profile's rules
  strings,    ///< an array of strings
  objects,    ///< an array of objects, whose members are Field::members
  boolean,    ///< true or false
  date_time,  ///< a string that is a time of RFC 3339
};

struct Field;

/// Fields is a table of fields, like std::span<const Field>. A span cannot be a member of Field, which is incomplete
/// there.
class Fields {
 public:
  constexpr Fields() noexcept = default;  ///< no fields
  template <std::size_t N>
  constexpr Fields(const Field (&fields)[N]) noexcept : first_(fields), size_(N) {}  ///< refers to the array
  constexpr Fields(std::span<const Field> fields) noexcept;  ///< refers to the fields of the span

  constexpr const Field* data() const noexcept { return first_; }   ///< the first field
  constexpr std::size_t size() const noexcept { return size_; }     ///< number of fields
  constexpr bool empty() const noexcept { return size_ == 0; }      ///< there are no fields
  constexpr const Field* begin() const noexcept { return first_; }  ///< the first field
  constexpr const Field* end() const noexcept;                      ///< past the last field
  constexpr operator std::span<const Field>() const noexcept;       ///< the same fields

 private:
  const Field* first_ = nullptr;
  std::size_t size_ = 0;
};

/// Field is one member of a JSON body, one part of a path, or one query parameter.
struct Field {
  std::string_view name;               ///< as in the request
  FieldType type = FieldType::string;  ///< type of the value
  bool required = false;               ///< the request is refused without it
  bool nullable = false;               ///< a JSON null is equivalent to omitting the member
  std::uint32_t items_max = 100'000;   ///< the largest number of entries of an array
  Fields members{};                    ///< of the objects in it
  // The API's own sentences; if empty, a general one is used.
  std::string_view missing{};    ///< if it is required and missing
  std::string_view malformed{};  ///< if its type or value is wrong
};

constexpr Fields::Fields(std::span<const Field> fields) noexcept : first_(fields.data()), size_(fields.size()) {}
constexpr const Field* Fields::end() const noexcept {
  return first_ + size_;
}
constexpr Fields::operator std::span<const Field>() const noexcept {
  return {first_, size_};
}

/// ErrorKind is the error at one location of a request.
enum class ErrorKind : std::uint8_t {
  // The body as a whole; Location::index is the offset of the byte.
  not_json,        ///< not JSON
  duplicate_name,  ///< one object has a name twice
  too_deep,        ///< as JsonLimits::depth_max
  too_many,        ///< as JsonLimits::values_max
  media_type,      ///< not declared as JSON in UTF-8
  not_object,      ///< JSON, but not an object
  // One field.
  missing,     ///< required and absent: a field, or the whole body
  wrong_type,  ///< not of the type of the table
  malformed,   ///< the right type with a malformed value: ValidationError::why
  unknown,     ///< not in the table
  ambiguous,   ///< it contradicts another field
  empty,       ///< a list that must not be empty
};
/// Stable machine name, for example "wrong_type".
std::string_view name(ErrorKind kind) noexcept;

/// Location is a location in a request, for example body, `members`, 3, `email`.
struct Location {
  std::string_view in = "body";        ///< "body", "path", "query" or "header"
  std::string name{};                  ///< of the field; empty: the whole
  std::optional<std::size_t> index{};  ///< of the entry of an array, or of the byte
  std::string member{};                ///< of the object that is that entry
};

/// ValidationError is one error of a request.
struct ValidationError {
  ErrorKind kind = ErrorKind::malformed;  ///< the error
  Location location{};                    ///< its location
  FieldType wanted = FieldType::string;   ///< for missing and wrong_type
  Error why{};                            ///< for malformed, where there is one
  std::string text{};                     ///< one sentence; the API's own, if its table has one
};

/// RequestReader is the input of Api::read(), and holds the command that it writes. It is valid during that call.
class RequestReader {
 public:
  /// Refers to the four objects, which must outlive the reader.
  RequestReader(const Request& from, Profile& rules, Options& how, AddMembers& to) noexcept
      : request(from), profile(rules), options(how), command(to) {}

  const Request& request;  ///< the request as the host passed it
  Profile& profile;        ///< the exchange's own copy: a request may set its mode
  Options& options;        ///< the options of the operation
  AddMembers& command;     ///< actor and idempotency key are set; read() sets organizations and accounts

  /// Returns a part of the path, percent-decoded; empty if the template has none of that name.
  std::string_view parameter(std::string_view name) const noexcept;
  /// Returns a query parameter that Api::query lists and the request has.
  std::optional<std::string_view> query(std::string_view name) const noexcept;
  /// Returns a member of the body with the type of the table; null if it is absent.
  const Json* field(std::string_view name) const noexcept;
  /// Returns the text of a member of the body, or nothing if it is absent or no text.
  std::optional<std::string_view> text(std::string_view name) const noexcept;

  /// Adds an error, so that the request is refused as malformed.
  void add_error(ValidationError invalid) { errors.push_back(std::move(invalid)); }
  /// Refuses a name that cannot exist, with the same answer as for a missing record. `called` replaces `{account}` and
  /// `{organization}` in the API's sentence; 64 bytes of it are kept.
  void refuse(Outcome outcome, std::string_view called = {});

  // Filled by the exchange before read(), in the order of the API's tables.
  std::vector<std::pair<std::string_view, std::string>> parameters{};  ///< the parts of the path
  std::vector<std::pair<std::string_view, std::string>> queries{};     ///< the query parameters
  Json body{};                                                         ///< the parsed body
  std::vector<ValidationError> errors{};                               ///< the errors of the request so far
  std::optional<Outcome> refused{};                                    ///< the outcome of refuse(), if it was called
  std::string refused_name{};                                          ///< the name that refuse() received
};

}  // namespace http
}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
