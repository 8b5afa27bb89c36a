// Api: one "add member" API as a table. docs/how-to/write-an-http-form.md explains how to
// add another one.
//
//     http::Api mine = http::bulk;
//     mine.profile = &my_profile;  // other rules, the same wire format
#ifndef ROSTER_HTTP_API_HPP
#define ROSTER_HTTP_API_HPP

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "roster/http/json.hpp"
#include "roster/http/message.hpp"
#include "roster/http/records.hpp"
#include "roster/http/request_reader.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {
namespace http {

/// AuthScheme is one accepted form of a credential.
struct AuthScheme {
  std::string_view header;    ///< lower case
  std::string_view scheme{};  ///< for example "Bearer"; empty: the value is the credential
  std::string_view prefix{};  ///< the prefix of every credential of this API
};

/// Message is the API's own sentence for an outcome. `{account}`, `{organization}` and `{role}` are replaced by the
/// names of the request. Any other brace is literal.
struct Message {
  Outcome outcome;        ///< the outcome that it describes
  std::string_view text;  ///< the sentence
};

/// IncludeRecords defines the responses that include records of the host.
enum class IncludeRecords : std::uint8_t {
  nothing,         ///< no response
  on_success,      ///< if the command succeeded
  whenever_found,  ///< also in a refusal, if the account was found
};

/// CommandResult is an executed command.
struct CommandResult {
  const Profile& profile;     ///< the profile of the command, with the changes of the request
  const AddMembers& command;  ///< the executed command
  const Report& report;       ///< its report
  const Records& records;     ///< the records that the host supplied
  Time now{};                 ///< time of the request
  bool dry_run = false;       ///< nothing was written
};

/// Refusal is a refused request, at any stage.
struct Refusal {
  std::uint16_t status = 500;                 ///< HTTP status
  std::string_view code{};                    ///< stable machine name of the outcome, the error or the fault
  std::string text{};                         ///< one sentence
  std::span<const ValidationError> errors{};  ///< the malformed parts of the request, if that is the reason
  const CommandResult* result = nullptr;      ///< set if there is a report
  std::uint32_t row = no_index;               ///< the row of the refused cell in that report
  std::uint32_t column = 0;                   ///< the column of the refused cell
};

/// Api is a value: copy one and change a field. Everything it refers to has static storage. Its functions keep no
/// state, and throw only std::bad_alloc.
struct Api {
  std::string_view name;                  ///< for people; no code depends on it
  std::string_view method = "POST";       ///< any other method is 405
  std::string_view path;                  ///< `{name}` matches one part; a final slash is optional
  std::span<const Field> parameters{};    ///< the parts of the path, in order
  std::span<const Field> query{};         ///< the query parameters
  std::span<const Field> fields{};        ///< of the body
  bool ignores_unknown = true;            ///< whether unlisted members of the body and query parameters are ignored
  std::span<const AuthScheme> schemes{};  ///< the accepted forms of a credential
  const Profile* profile = nullptr;       ///< authorization, conflicts, and the status of each outcome
  std::uint16_t malformed = 400;          ///< the status of a malformed request
  std::uint16_t wrong_media_type = 0;     ///< 0: as `malformed`
  std::span<const Message> messages{};    ///< an outcome without an entry uses the sentence of describe()
  /// The sentence of a 401 response.
  std::string_view unauthenticated = "sign in: this request carries no credential that is accepted here";
  IncludeRecords include_records = IncludeRecords::nothing;  ///< the responses that include records
  bool answers_refusals = false;                             ///< answer() also receives reports with refused cells

  /// Reads the request into a command. Required.
  void (*read)(RequestReader& reader) = nullptr;
  /// Writes the response to an executed command. Required.
  void (*answer)(const CommandResult& result, Response& response) = nullptr;
  /// Writes the response to a refused request. Required.
  void (*refuse)(const Refusal& refusal, Response& response) = nullptr;
};

/// credential() returns the credential of a request in one of the schemes of this API. It returns nothing if there is
/// none, if its prefix is wrong, or if a header occurs twice. It does not allocate.
std::optional<std::string_view> credential(const Api& api, const Request& request) noexcept;

/// header() returns the value of a header, or nothing if it is missing or occurs more than once. It does not allocate.
std::optional<std::string_view> header(const Request& request, std::string_view name_in_lower_case) noexcept;

// ---- helpers for answer() and refuse()

/// begin() starts a response with a JSON body.
JsonWriter begin(Response& response, std::uint16_t status, std::string_view media_type = "application/json");
/// text_of() returns the name in the request: an id, a slug, an address, a username. For Nested, it is the inner id.
std::string_view text_of(const AccountSelector& account) noexcept;
std::string_view text_of(const OrganizationSelector& organization) noexcept;  ///< as for an account
std::string text_of(const MembershipId& id);                                  ///< the UUID, in lower case
/// Writes RFC 3339 in UTC: 2023-11-07T05:31:56Z, with six decimals if they are not all zero.
std::string text_of(Time time);
/// time_of() reads a date-time of RFC 3339, with any offset. Digits beyond the microsecond are dropped. It does not
/// allocate.
std::optional<Time> time_of(std::string_view text) noexcept;

}  // namespace http
}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
