// Piper: POST /v1/organizations/{org_id}/members. Adds by e-mail and role id. The response is the whole read model of a
// member, with nested user, role and organization. Each of these is null if the host does not return it.
#include "http/detail.hpp"
#include "roster/http/apis.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {
namespace {

constexpr AuthScheme piper_schemes[] = {{.header = "authorization", .scheme = "Bearer", .prefix = "pat_"}};
constexpr Field piper_parameters[] = {{.name = "org_id", .type = FieldType::uuid}};
constexpr Field piper_fields[] = {
    {.name = "email", .type = FieldType::email, .required = true},
    {.name = "role_id", .type = FieldType::uuid, .required = true},
};

constexpr Message piper_messages[] = {
    {Outcome::organization_not_found, "Organization not found"},
    {Outcome::forbidden, "Not enough permissions"},
    {Outcome::role_not_found, "Role not found in this organization"},
    {Outcome::role_not_assignable, "Role cannot be assigned"},
    {Outcome::account_not_found, "User not found"},
    {Outcome::account_disabled, "User is not active"},
    {Outcome::conflict, "User is already a member of this organization"},
    {Outcome::role_conflict, "User is already a member of this organization with another role"},
};

void read_piper(RequestReader& reader) {
  auto account = select_account(reader.profile, std::nullopt, reader.text("email"), std::nullopt);
  reader.command.organizations = OrganizationId::parse(reader.parameter("org_id")).assume_value();
  reader.command.accounts = std::move(account).assume_value();
  reader.command.roles = RoleId::parse(reader.text("role_id").value_or("")).assume_value();
}

JsonWriter& moment(JsonWriter& json, std::string_view key, const std::optional<Time>& time) {
  return time ? json.member(key, text_of(*time)) : json.key(key).null();
}
JsonWriter& account_or_null(JsonWriter& json, std::string_view key, const AccountId& id) {
  return id.empty() ? json.key(key).null() : json.member(key, id.view());
}

void write(JsonWriter& json, const RoleView& role, const RoleId& id) {
  json.object().member("id", id.view()).member("name", role.name).member("is_system", role.is_system).close_object();
}

/// The address is that of the host's record if it equals the requested one by the rules for e-mail. Otherwise it is the
/// requested one.
void write(JsonWriter& json, const AccountView& user, const AccountId& id, const Email& requested,
           const EmailRules& rules) {
  const auto stored = Email::parse(user.email.value_or(""), rules);
  json.object()
      .member("email", stored && stored.assume_value() == requested ? stored.assume_value().text() : requested.text())
      .member_or_null("first_name", user.first_name)
      .member_or_null("last_name", user.last_name)
      .member("id", id.view())
      .member("is_active", user.is_active)
      .member_or_null("timezone", user.timezone);
  moment(json, "created_at", user.created_at);
  moment(json, "updated_at", user.updated_at);
  json.member_or_null("status", user.status);
  moment(json, "invited_at", user.invited_at);
  json.close_object();
}

void write(JsonWriter& json, const OrganizationView& organization, std::string_view id) {
  json.object()
      .member("name", organization.name)
      .member("id", id)
      .member_or_null("business_information", organization.business_information)
      .member_or_null("timezone", organization.timezone);
  account_or_null(json, "created_by_user_id", organization.created_by);
  account_or_null(json, "owner_user_id", organization.owner);
  moment(json, "created_at", organization.created_at);
  moment(json, "updated_at", organization.updated_at);
  json.close_object();
}

void answer_piper(const CommandResult& result, Response& response) {
  const std::string_view organization = text_of(result.command.organizations.span().front());
  const AccountId& user = result.report.accounts[0].id;
  const RoleId role = result.report.role(0, 0);
  JsonWriter json = begin(response, 200);
  json.object()
      .member("id", text_of(result.report.membership(0, 0)))
      .member("user_id", user.view())  // empty only under a profile that hides accounts
      .member("organization_id", organization)
      .member("role_id", role.view())
      .member("created_at", text_of(result.records.member_since.value_or(result.now)));
  // Identifiers come from the report, never from the records, so the parts of a response always agree.
  json.key("role");
  result.records.role ? write(json, *result.records.role, role) : void(json.null());
  json.key("user");
  result.records.account ? write(json, *result.records.account, user,
                                 std::get<Email>(result.command.accounts.span().front()), result.profile.email)
                         : void(json.null());
  json.key("organization");
  result.records.organization ? write(json, *result.records.organization, organization) : void(json.null());
  json.close_object();
}

void refuse_piper(const Refusal& refusal, Response& response) {
  refuse_with_detail(refusal, "role_id", response);
}

}  // namespace

constinit const Api piper{
    .name = "piper",
    .path = "/v1/organizations/{org_id}/members",
    .parameters = piper_parameters,
    .fields = piper_fields,
    .schemes = piper_schemes,
    .profile = &profiles::piper,
    .malformed = 422,
    .messages = piper_messages,
    .unauthenticated = "A platform token is required: it starts with pat_",
    .include_records = IncludeRecords::on_success,
    .read = read_piper,
    .answer = answer_piper,
    .refuse = refuse_piper,
};

}  // namespace http
}  // namespace roster::inline ROSTER_ABI
