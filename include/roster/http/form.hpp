// Form: a request as the file of one API sees it, already parsed and checked against that API's table of fields.
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
  uuid,     ///< a string that is a UUID in either case; read() sees it in lower case
  email,    ///< a string that is an address under the profile's rules
  texts,    ///< an array of strings
  objects,  ///< an array of objects, whose members are Field::members
  flag,     ///< true or false
  moment,   ///< a string that is a time of RFC 3339
};

struct Field;

/// A table of fields, as std::span<const Field> is: that may not be a member of Field itself, which is not complete
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

/// One member of a JSON body, one part of a path, or one query parameter.
struct Field {
  std::string_view name;
  Shape shape = Shape::text;
  bool required = false;
  bool nullable = false;  ///< a JSON null says the same as leaving it out
  std::uint32_t items_max = 100'000;
  Fields members{};  ///< of the objects in it
  // The API's own sentences; where empty, there is a general one.
  std::string_view missing{}, malformed{};
};

constexpr Fields::Fields(std::span<const Field> fields) noexcept : first_(fields.data()), size_(fields.size()) {}
constexpr const Field* Fields::end() const noexcept {
  return first_ + size_;
}
constexpr Fields::operator std::span<const Field>() const noexcept {
  return {first_, size_};
}

/// What is wrong with one place of a request.
enum class Fault : std::uint8_t {
  // The body as a whole; Place::index is the offset of the byte.
  not_json,
  duplicate_name,
  too_deep,
  too_many,
  media_type,  ///< not declared as JSON in UTF-8
  not_object,  ///< JSON, but no object
  // One field.
  missing,
  wrong_type,
  malformed,  ///< the right type, but not what it should say: Complaint::why
  unknown,
  ambiguous,  ///< it contradicts another field
  empty,      ///< a list that must name somebody
};
/// Stable machine name, for example "wrong_type".
std::string_view name(Fault fault) noexcept;

/// Where: for example body, `members`, 3, `email`.
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

/// What Api::read() reads from, and where it leaves the command. Lives as long as the reading.
class Form {
 public:
  Form(const Request& from, Profile& rules, Options& how, AddMembers& to) noexcept
      : request(from), profile(rules), options(how), command(to) {}

  const Request& request;
  Profile& profile;  ///< the exchange's own copy: a request may choose its mode
  Options& options;
  AddMembers& command;  ///< actor and request key are filled in; organizations and accounts are to be

  /// A part of the path, percent-decoded; empty if the template has none of that name.
  std::string_view parameter(std::string_view name) const noexcept;
  /// A query parameter that Api::query lists and the request has.
  std::optional<std::string_view> query(std::string_view name) const noexcept;
  /// A member of the body of the shape that the table says; null where it is absent.
  const Json* field(std::string_view name) const noexcept;
  std::optional<std::string_view> text(std::string_view name) const noexcept;

  void complain(Complaint complaint) { complaints.push_back(std::move(complaint)); }
  /// The request names something that cannot exist: the answer is the one for something that does not. What it is
  /// called stands for `{account}` and `{organization}` in the API's sentence; 64 bytes of it are kept.
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
