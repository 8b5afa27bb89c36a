// Turso: POST /v1/organizations/{organizationSlug}/members. Every refusal is {"error":...}. The API document names
// the required property `email`, but its table, its example and its client use `username`.
#include "roster/http/apis.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {
namespace {

constexpr AuthScheme turso_schemes[] = {{.header = "authorization", .scheme = "Bearer"}};
constexpr Field turso_parameters[] = {{.name = "organizationSlug"}};
constexpr Field turso_fields[] = {
    {.name = "username", .required = true, .missing = "username is required", .malformed = "username must be a string"},
    {.name = "role", .nullable = true, .malformed = "role must be a string"},
};

constexpr std::string_view turso_wrong_role = "role must be one of admin, member, viewer";
constexpr Message turso_messages[] = {
    {Outcome::organization_not_found, "could not find organization {organization}"},
    {Outcome::forbidden, "only organization admins or owners can add members"},
    {Outcome::organization_not_joinable, "members can only be added to a team, not to a personal account"},
    {Outcome::role_not_found, turso_wrong_role},
    {Outcome::role_not_assignable, turso_wrong_role},
    {Outcome::account_not_found, "could not find user {account}"},
    {Outcome::conflict, "user {account} is already a member of organization {organization}"},
    {Outcome::role_conflict, "user {account} is already a member of organization {organization}"},
};

void read_turso(RequestReader& reader) {
  if (reader.body.find("email") != nullptr)
    return reader.add_error({ErrorKind::unknown,
                             {.name = "email"},
                             FieldType::string,
                             {},
                             "name an existing user by username; to add somebody by email, send an invite"});
  auto account = select_account(reader.profile, std::nullopt, std::nullopt, reader.text("username"));
  if (!account)
    return reader.add_error({ErrorKind::malformed,
                             {.name = "username"},
                             FieldType::string,
                             account.assume_error(),
                             "username must be the name of a user"});
  if (const auto named = reader.text("role")) {
    const auto role = RoleId::parse(*named);
    if (!role)
      return reader.add_error({ErrorKind::malformed,
                               {.name = "role"},
                               FieldType::string,
                               role.assume_error(),
                               std::string(turso_wrong_role)});
    reader.command.roles = role.assume_value();
  }
  reader.command.accounts = std::move(account).assume_value();
  const auto slug = Slug::parse(reader.parameter("organizationSlug"));
  if (!slug) return reader.refuse(Outcome::organization_not_found, reader.parameter("organizationSlug"));
  reader.command.organizations = slug.assume_value();
}

void answer_turso(const CommandResult& result, Response& response) {
  const auto& account = result.records.account;
  const std::string_view requested = text_of(result.command.accounts.span().front());
  begin(response, 200)
      .object()
      .member("member", account && account->username ? std::string_view(*account->username) : requested)
      .member("role", result.report.role(0, 0).view())
      .close_object();
}

void refuse_turso(const Refusal& refusal, Response& response) {
  begin(response, refusal.status).object().member("error", refusal.text).close_object();
}

}  // namespace

constinit const Api turso{
    .name = "turso",
    .path = "/v1/organizations/{organizationSlug}/members",
    .parameters = turso_parameters,
    .fields = turso_fields,
    .schemes = turso_schemes,
    .profile = &profiles::turso,
    .messages = turso_messages,
    .unauthenticated = "missing or invalid authorization token",
    .include_records = IncludeRecords::whenever_found,
    .read = read_turso,
    .answer = answer_turso,
    .refuse = refuse_turso,
};

}  // namespace http
}  // namespace roster::inline ROSTER_ABI
