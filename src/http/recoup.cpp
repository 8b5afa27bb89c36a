// Recoup: POST /api/organizations/members. Every refusal is {"status":"error","error":...}. Of several errors of a body
// it contains only the first.
#include "roster/http/apis.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {
namespace {

constexpr AuthScheme recoup_schemes[] = {{.header = "x-api-key"}, {.header = "authorization", .scheme = "Bearer"}};

// The fields are not nullable, because the original API refuses null for an optional field.
constexpr Field recoup_fields[] = {
    {.name = "organizationId",
     .type = FieldType::uuid,
     .required = true,
     .missing = "organizationId is required",
     .malformed = "organizationId must be a valid UUID"},
    {.name = "accountId", .type = FieldType::uuid, .malformed = "accountId must be a valid UUID"},
    {.name = "email", .type = FieldType::email, .malformed = "email must be a valid email address"},
};

constexpr Message recoup_messages[] = {
    {Outcome::forbidden, "Caller is not a member of the organization"},
    {Outcome::organization_not_found, "Organization not found"},
    {Outcome::organization_closed, "Organization takes no members"},
    {Outcome::organization_not_joinable, "Organization takes no members"},
    {Outcome::account_not_found, "Account not found"},
};

void read_recoup(RequestReader& reader) {
  const auto organization = OrganizationId::parse(reader.text("organizationId").value_or(""));
  auto account = select_account(reader.profile, reader.text("accountId"), reader.text("email"), std::nullopt);
  if (!account)
    return reader.add_error({ErrorKind::ambiguous,
                             {},
                             FieldType::string,
                             account.assume_error(),
                             "Provide exactly one of accountId or email"});
  reader.command.organizations = organization.assume_value();
  reader.command.accounts = std::move(account).assume_value();
}

void answer_recoup(const CommandResult& result, Response& response) {
  begin(response, 200)
      .object()
      .member("status", "success")
      .member("id", text_of(result.report.membership(0, 0)))
      .member("account_id", result.report.accounts[0].id.view())
      .close_object();
}

void refuse_recoup(const Refusal& refusal, Response& response) {
  begin(response, refusal.status).object().member("status", "error").member("error", refusal.text).close_object();
}

}  // namespace

constinit const Api recoup{
    .name = "recoup",
    .path = "/api/organizations/members",
    .fields = recoup_fields,
    .schemes = recoup_schemes,
    .profile = &profiles::recoup,
    .messages = recoup_messages,
    .unauthenticated = "Unauthorized: provide a valid API key",
    .read = read_recoup,
    .answer = answer_recoup,
    .refuse = refuse_recoup,
};

}  // namespace http
}  // namespace roster::inline ROSTER_ABI
