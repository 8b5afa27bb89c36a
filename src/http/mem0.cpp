// Mem0: POST /api/v1/orgs/organizations/{org_id}/projects/{project_id}/members/. Every response is {"message":...}.
#include "roster/http/apis.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {
namespace {

constexpr AuthScheme mem0_schemes[] = {{.header = "authorization", .scheme = "Token"}};
constexpr Field mem0_parameters[] = {{.name = "org_id"}, {.name = "project_id"}};

constexpr std::string_view mem0_wrong_role = "Role must be READER or OWNER.";
constexpr Field mem0_fields[] = {
    {.name = "email",
     .type = FieldType::email,
     .required = true,
     .missing = "Email is required.",
     .malformed = "Email must be a valid email address."},
    {.name = "role", .required = true, .missing = "Role is required.", .malformed = mem0_wrong_role},
};

// The same sentence for a missing organization and a missing project does not disclose which organizations exist.
constexpr Message mem0_messages[] = {
    {Outcome::organization_not_found, "Organization or project not found"},
    {Outcome::forbidden, "Unauthorized to modify project members."},
    {Outcome::outranked, "Unauthorized to modify project members."},
    {Outcome::role_not_found, mem0_wrong_role},
    {Outcome::role_not_assignable, mem0_wrong_role},
    {Outcome::account_not_found, "User not found."},
    {Outcome::account_disabled, "User is disabled."},
    {Outcome::conflict, "User is already a member of the project."},
    {Outcome::role_conflict, "User is already a member of the project with another role."},
};

void read_mem0(RequestReader& reader) {
  auto account = select_account(reader.profile, std::nullopt, reader.text("email"), std::nullopt);
  const auto role = RoleId::parse(reader.text("role").value_or(""));
  if (!role)
    return reader.add_error(
        {ErrorKind::malformed, {.name = "role"}, FieldType::string, role.assume_error(), std::string(mem0_wrong_role)});
  reader.command.accounts = std::move(account).assume_value();
  reader.command.roles = role.assume_value();
  const auto parent = OrganizationId::parse(reader.parameter("org_id"));
  const auto project = OrganizationId::parse(reader.parameter("project_id"));
  if (!parent || !project) return reader.refuse(Outcome::organization_not_found);
  reader.command.organizations = Nested{parent.assume_value(), project.assume_value()};
}

void say(std::uint16_t status, std::string_view message, Response& response) {
  begin(response, status).object().member("message", message).close_object();
}

void answer_mem0(const CommandResult&, Response& response) {
  say(200, "User added to the project successfully.", response);
}

void refuse_mem0(const Refusal& refusal, Response& response) {
  say(refusal.status, refusal.text, response);
}

}  // namespace

constinit const Api mem0{
    .name = "mem0",
    .path = "/api/v1/orgs/organizations/{org_id}/projects/{project_id}/members/",
    .parameters = mem0_parameters,
    .fields = mem0_fields,
    .schemes = mem0_schemes,
    .profile = &profiles::mem0,
    .messages = mem0_messages,
    .unauthenticated = "Authentication credentials were not provided or are invalid.",
    .read = read_mem0,
    .answer = answer_mem0,
    .refuse = refuse_mem0,
};

}  // namespace http
}  // namespace roster::inline ROSTER_ABI
