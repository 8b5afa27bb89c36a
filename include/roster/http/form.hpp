// Form: a request as the code of one API reads it, parsed and checked against that API's table of fields.
//
//     const std::optional<std::string_view> role = form.text("role");  // inside Api::read()
//     if (!role) form.complain({http::Fault::missing, {"body", "role"}, http::Shape::text});
#ifndef ROSTER_HTTP_FORM_HPP
#define ROSTER_HTTP_FORM_HPP

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

ROSTER_PUBLIC_BEGIN
namespace http {

enum class Shape : std::uint8_t {
  text,     ///< a string
  uuid,     ///< a string that is a UUID in either case; read() receives it in lower case
  email,    ///< a string that is an address under the profile's rules
  texts,    ///< an array of strings
  objects,  ///< an array of objects, whose members are Field::members
  flag,     ///< true or false
  moment,   ///< a string that is a time of RFC 3339
};

struct Field;

/// Fields is a table of fields, like std::span<const Field>. A span cannot be a member of Field, which is incomplete
/// there.
class Fields {
 public:
  constexpr Fields() noexcept = default;
  template <std::size_t N>
  constexpr Fields(const Field (&fields)[N]) noexcept : first_(fields), size_(N) {}
  constexpr Fields(std::span<const Field> fields) noexcept;

  constexpr const Field* data() const noexcept { return first_; }
  constexpr std::size_t size() const noexcept { return size_; }
  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr const Field* begin() const noexcept { return first_; }
  constexpr const Field* end() const noexcept;
  constexpr operator std::span<const Field>() const noexcept;

 private:
  const Field* first_ = nullptr;
  std::size_t size_ = 0;
};

/// Field is one member of a JSON body, one part of a path, or one query parameter.
struct Field {
  std::string_view name;
  Shape shape = Shape::text;
  bool required = false;
  bool nullable = false;  ///< a JSON null is equivalent to omitting the member
  std::uint32_t items_max = 100'000;
  Fields members{};  ///< of the objects in it
  // The API's own sentences; if empty, a general one is used.
  std::string_view missing{}, malformed{};
};

constexpr Fields::Fields(std::span<const Field> fields) noexcept : first_(fields.data()), size_(fields.size()) {}
constexpr const Field* Fields::end() const noexcept {
  return first_ + size_;
}
constexpr Fields::operator std::span<const Field>() const noexcept {
  return {first_, size_};
}

/// Fault is the error at one location of a request.
enum class Fault : std::uint8_t {
  // The body as a whole; Place::index is the offset of the byte.
  not_json,
  duplicate_name,
  too_deep,
  too_many,
  media_type,  ///< not declared as JSON in UTF-8
  not_object,  ///< JSON, but not an object
  // One field.
  missing,
  wrong_type,
  malformed,  ///< the right type with a malformed value: Complaint::why
  unknown,
  ambiguous,  ///< it contradicts another field
  empty,      ///< a list that must not be empty
};
/// Stable machine name, for example "wrong_type".
std::string_view name(Fault fault) noexcept;

/// Place is a location in a request, for example body, `members`, 3, `email`.
struct Place {
  std::string_view in = "body";  ///< "body", "path", "query" or "header"
  std::string name{};
  std::optional<std::size_t> index{};
  std::string member{};
};

struct Complaint {
  Fault fault = Fault::malformed;
  Place place{};
  Shape wanted = Shape::text;  ///< for missing and wrong_type
  Error why{};                 ///< for malformed, where there is one
  std::string text{};          ///< one sentence; the API's own, if its table has one
};

/// Form is the input of Api::read(), and holds the command that it writes. It is valid during that call.
class Form {
 public:
  Form(const Request& from, Profile& rules, Options& how, AddMembers& to) noexcept
      : request(from), profile(rules), options(how), command(to) {}

  const Request& request;
  Profile& profile;  ///< the exchange's own copy: a request may set its mode
  Options& options;
  AddMembers& command;  ///< actor and idempotency key are set; read() sets organizations and accounts

  /// Returns a part of the path, percent-decoded; empty if the template has none of that name.
  std::string_view parameter(std::string_view name) const noexcept;
  /// Returns a query parameter that Api::query lists and the request has.
  std::optional<std::string_view> query(std::string_view name) const noexcept;
  /// Returns a member of the body with the type of the table; null if it is absent.
  const Json* field(std::string_view name) const noexcept;
  std::optional<std::string_view> text(std::string_view name) const noexcept;

  void complain(Complaint complaint) { complaints.push_back(std::move(complaint)); }
  /// Refuses a name that cannot exist, with the same answer as for a missing record. `called` replaces `{account}` and
  /// `{organization}` in the API's sentence; 64 bytes of it are kept.
  void refuse(Outcome outcome, std::string_view called = {});

  // Filled by the exchange before read(), in the order of the API's tables.
  std::vector<std::pair<std::string_view, std::string>> parameters{}, queries{};
  Json body{};
  std::vector<Complaint> complaints{};
  std::optional<Outcome> refused{};
  std::string refused_name{};
};

}  // namespace http
ROSTER_END

#endif
