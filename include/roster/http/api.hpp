// Api: one "add member" API as a table. docs/http.md shows how to write a further one.
#ifndef ROSTER_HTTP_API_HPP
#define ROSTER_HTTP_API_HPP

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "roster/http/form.hpp"
#include "roster/http/json.hpp"
#include "roster/http/message.hpp"
#include "roster/http/records.hpp"

ROSTER_PUBLIC_BEGIN
namespace http {

/// One way of sending a credential.
struct Scheme {
  std::string_view header;    ///< lower case
  std::string_view scheme{};  ///< for example "Bearer"; empty: the value is the credential
  std::string_view prefix{};  ///< what every credential of this API begins with
};

/// The API's own sentence for an outcome. `{account}`, `{organization}` and `{role}` stand for what the request named;
/// any other brace for itself.
struct Text {
  Outcome outcome;
  std::string_view text;
};

/// When a response shows records of the host.
enum class Shows : std::uint8_t {
  nothing,
  on_success,
  whenever_found,  ///< also in a refusal, if the account was found
};

/// A command that was carried out.
struct Settled {
  const Profile& profile;
  const AddMembers& command;
  const Report& report;
  const Records& records;
  Time now{};
  bool dry_run = false;
};

/// A request that was refused, at whatever point.
struct Refusal {
  std::uint16_t status = 500;
  std::string_view code{};                   ///< stable machine name: of the outcome, the error or the fault
  std::string text{};                        ///< one sentence
  std::span<const Complaint> complaints{};   ///< what is wrong with its shape, if that is why
  const Settled* settled = nullptr;          ///< if it came as far as a report
  std::uint32_t row = no_index, column = 0;  ///< the cell of that report that is meant
};

/// Everything here has static storage; an Api is a value, to be copied and changed in one field. Its functions keep no
/// state, and throw only std::bad_alloc.
struct Api {
  std::string_view name;
  std::string_view method = "POST";
  std::string_view path;                ///< `{name}` stands for one part; a slash at the end may be left out or added
  std::span<const Field> parameters{};  ///< the parts of the path, in order
  std::span<const Field> query{};
  std::span<const Field> fields{};  ///< of the body
  bool ignores_unknown = true;      ///< members of the body, and query parameters, that no table lists
  std::span<const Scheme> schemes{};
  const Profile* profile = nullptr;    ///< who may, what conflicts, and the status of each outcome
  std::uint16_t malformed = 400;       ///< the status where the shape of a request is wrong
  std::uint16_t wrong_media_type = 0;  ///< 0: as `malformed`
  std::span<const Text> texts{};       ///< an outcome without one is said as describe() says it
  std::string_view unauthenticated = "sign in: this request carries no credential that is accepted here";
  Shows shows = Shows::nothing;
  bool answers_refusals = false;  ///< answer() also gets reports with refused cells

  void (*read)(Form& form) = nullptr;
  void (*answer)(const Settled& settled, Response& response) = nullptr;
  void (*refuse)(const Refusal& refusal, Response& response) = nullptr;
};

/// The credential of a request in one of the ways of this API; nothing if there is none, if it has not the prefix that
/// the API's credentials have, or if a header stands there twice. Does not allocate.
std::optional<std::string_view> credential(const Api& api, const Request& request) noexcept;

/// The value of a header; nothing if it is not there, or there more than once. Does not allocate.
std::optional<std::string_view> header(const Request& request, std::string_view name_in_lower_case) noexcept;

// ---- what answer() and refuse() are written with

/// Starts a response with a JSON body.
JsonText begin(Response& response, std::uint16_t status, std::string_view media_type = "application/json");
/// What the request named: an id, a slug, an address, a username. For Nested, the inner id.
std::string_view text_of(const AccountSelector& account) noexcept;
std::string_view text_of(const OrganizationSelector& organization) noexcept;
std::string text_of(const MembershipId& id);
/// As RFC 3339 writes it, in UTC: 2023-11-07T05:31:56Z, with six digits behind a point where they are not all zero.
std::string text_of(Time time);
/// Reads what RFC 3339 calls a date-time, with any offset; digits beyond the microsecond are dropped. Does not
/// allocate.
std::optional<Time> time_of(std::string_view text) noexcept;

}  // namespace http
ROSTER_END

#endif
