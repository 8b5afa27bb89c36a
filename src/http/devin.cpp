// Devin: POST /v2/enterprise/organizations/{org_id}/members. Adds all users to all organizations, or none. The
// organization of the path is the first, and those of the body follow.
#include "http/detail.hpp"
#include "roster/http/apis.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {
namespace {

constexpr AuthScheme devin_schemes[] = {{.header = "authorization", .scheme = "Bearer", .prefix = "apk_user_"}};
constexpr Field devin_parameters[] = {{.name = "org_id"}};
constexpr Field devin_fields[] = {
    {.name = "group_names", .type = FieldType::strings, .nullable = true, .items_max = 10'000},
    {.name = "org_ids", .type = FieldType::strings, .required = true, .items_max = 1'000},
    {.name = "org_role", .nullable = true},
    {.name = "user_ids", .type = FieldType::strings, .required = true, .items_max = 10'000},
};

constexpr Message devin_messages[] = {
    {Outcome::organization_not_found, "Organization not found: {organization}"},
    {Outcome::forbidden, "An enterprise admin's personal API key is required for organization {organization}"},
    {Outcome::role_not_found, "org_role must be org_member or org_admin"},
    {Outcome::role_not_assignable, "org_role must be org_member or org_admin"},
    {Outcome::group_not_found, "Group not found"},
    {Outcome::account_not_found, "User not found: {account}"},
    {Outcome::account_disabled, "User is disabled: {account}"},
};

/// Reads a list of names, and reports each malformed one.
template <class Name, class Into>
void read_list(RequestReader& reader, std::string_view field, std::vector<Into>& into) {
  const Json* const list = reader.field(field);
  if (list == nullptr) return;
  into.reserve(into.size() + list->items.size());
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    auto parsed = Name::parse(list->items[i].text);
    if (parsed) {
      into.emplace_back(std::move(parsed).assume_value());
    } else {
      reader.add_error({ErrorKind::malformed,
                        {.name = std::string(field), .index = i},
                        FieldType::string,
                        parsed.assume_error(),
                        std::string(describe(parsed.assume_error().code))});
    }
  }
}

void read_devin(RequestReader& reader) {
  std::vector<OrganizationSelector> organizations;
  const auto path = OrganizationId::parse(reader.parameter("org_id"));
  if (path) {
    organizations.emplace_back(path.assume_value());
  } else {
    reader.add_error({ErrorKind::malformed,
                      {.in = "path", .name = "org_id"},
                      FieldType::string,
                      path.assume_error(),
                      std::string(describe(path.assume_error().code))});
  }
  read_list<GroupName>(reader, "group_names", reader.command.groups);
  read_list<OrganizationId>(reader, "org_ids", organizations);
  if (const auto named = reader.text("org_role")) {
    const auto role = RoleId::parse(*named);
    if (role) {
      reader.command.roles = role.assume_value();
    } else {
      reader.add_error({ErrorKind::malformed,
                        {.name = "org_role"},
                        FieldType::string,
                        role.assume_error(),
                        std::string(devin_messages[2].text)});
    }
  }
  std::vector<AccountSelector> accounts;
  read_list<AccountId>(reader, "user_ids", accounts);
  // A request without users is an error, because a 200 without effect would hide a mistake.
  if (reader.errors.empty() && accounts.empty() && reader.command.groups.empty())
    reader.add_error({ErrorKind::empty, {.name = "user_ids"}, FieldType::strings, {}, "name at least one user"});
  reader.command.organizations = std::move(organizations);
  reader.command.accounts = std::move(accounts);
}

void answer_devin(const CommandResult&, Response& response) {
  begin(response, 200).object().member("status", "success").close_object();
}

void refuse_devin(const Refusal& refusal, Response& response) {
  refuse_with_detail(refusal, "org_role", response);
}

}  // namespace

constinit const Api devin{
    .name = "devin",
    .path = "/v2/enterprise/organizations/{org_id}/members",
    .parameters = devin_parameters,
    .fields = devin_fields,
    .schemes = devin_schemes,
    .profile = &profiles::devin,
    .malformed = 422,
    .messages = devin_messages,
    .unauthenticated = "Not authenticated",
    .read = read_devin,
    .answer = answer_devin,
    .refuse = refuse_devin,
};

}  // namespace http
}  // namespace roster::inline ROSTER_ABI
