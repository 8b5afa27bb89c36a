// Recoup: POST /api/organizations/members. Every refusal is {"status":"error","error":...}; of the faults of a body it
// contains only the first.
#include "roster/http/apis.hpp"

ROSTER_BEGIN
namespace http {
namespace {

constexpr Scheme recoup_schemes[] = {{.header = "x-api-key"}, {.header = "authorization", .scheme = "Bearer"}};

// A null is not the same as leaving a field out: the API's own reader refuses it.
constexpr Field recoup_fields[] = {
    {.name = "organizationId",
     .shape = Shape::uuid,
     .required = true,
     .missing = "organizationId is required",
     .malformed = "organizationId must be a valid UUID"},
    {.name = "accountId", .shape = Shape::uuid, .malformed = "accountId must be a valid UUID"},
    {.name = "email", .shape = Shape::email, .malformed = "email must be a valid email address"},
};

constexpr Text recoup_texts[] = {
    {Outcome::forbidden, "Caller is not a member of the organization"},
    {Outcome::organization_not_found, "Organization not found"},
    {Outcome::organization_not_joinable, "Organization takes no members"},
    {Outcome::account_not_found, "Account not found"},
};

void read_recoup(Form& form) {
  const auto organization = OrganizationId::parse(form.text("organizationId").value_or(""));
  auto account = select_account(form.profile, form.text("accountId"), form.text("email"), std::nullopt);
  if (!account)
    return form.complain(
        {Fault::ambiguous, {}, Shape::text, account.assume_error(), "Provide exactly one of accountId or email"});
  form.command.organizations = organization.assume_value();
  form.command.accounts = std::move(account).assume_value();
}

void answer_recoup(const Settled& settled, Response& response) {
  begin(response, 200)
      .object()
      .member("status", "success")
      .member("id", text_of(settled.report.membership(0, 0)))
      .member("account_id", settled.report.accounts[0].id.view())
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
    .texts = recoup_texts,
    .unauthenticated = "Unauthorized: provide a valid API key",
    .read = read_recoup,
    .answer = answer_recoup,
    .refuse = refuse_recoup,
};

}  // namespace http
ROSTER_END
