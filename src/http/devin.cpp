// Devin: POST /v2/enterprise/organizations/{org_id}/members. Users x organizations, all or nothing; the path's
// organization and the body's are one set, the path's first.
#include "http/detail.hpp"
#include "roster/http/apis.hpp"

ROSTER_BEGIN
namespace http {
namespace {

constexpr Scheme devin_schemes[] = {{.header = "authorization", .scheme = "Bearer", .prefix = "apk_user_"}};
constexpr Field devin_parameters[] = {{.name = "org_id"}};
constexpr Field devin_fields[] = {
    {.name = "group_names", .shape = Shape::texts, .nullable = true, .items_max = 10'000},
    {.name = "org_ids", .shape = Shape::texts, .required = true, .items_max = 1'000},
    {.name = "org_role", .nullable = true},
    {.name = "user_ids", .shape = Shape::texts, .required = true, .items_max = 10'000},
};

constexpr Text devin_texts[] = {
    {Outcome::organization_not_found, "Organization not found: {organization}"},
    {Outcome::forbidden, "An enterprise admin's personal API key is required for organization {organization}"},
    {Outcome::role_not_found, "org_role must be org_member or org_admin"},
    {Outcome::role_not_assignable, "org_role must be org_member or org_admin"},
    {Outcome::group_not_found, "Group not found"},
    {Outcome::account_not_found, "User not found: {account}"},
    {Outcome::account_disabled, "User is disabled: {account}"},
};

/// Reads a list of names, and reports each that cannot exist.
template <class Name, class Into>
void read_list(Form& form, std::string_view field, std::vector<Into>& into) {
  const Json* const list = form.field(field);
  if (list == nullptr) return;
  into.reserve(into.size() + list->items.size());
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    const auto parsed = Name::parse(list->items[i].text);
    if (parsed) {
      into.emplace_back(parsed.assume_value());
    } else {
      form.complain({Fault::malformed,
                     {.name = std::string(field), .index = i},
                     Shape::text,
                     parsed.assume_error(),
                     std::string(describe(parsed.assume_error().code))});
    }
  }
}

void read_devin(Form& form) {
  std::vector<OrganizationSelector> organizations;
  const auto path = OrganizationId::parse(form.parameter("org_id"));
  if (path) {
    organizations.emplace_back(path.assume_value());
  } else {
    form.complain({Fault::malformed,
                   {.in = "path", .name = "org_id"},
                   Shape::text,
                   path.assume_error(),
                   std::string(describe(path.assume_error().code))});
  }
  read_list<GroupName>(form, "group_names", form.command.groups);
  read_list<OrganizationId>(form, "org_ids", organizations);
  if (const auto named = form.text("org_role")) {
    const auto role = RoleId::parse(*named);
    if (role) {
      form.command.roles = role.assume_value();
    } else {
      form.complain(
          {Fault::malformed, {.name = "org_role"}, Shape::text, role.assume_error(), std::string(devin_texts[2].text)});
    }
  }
  std::vector<AccountSelector> accounts;
  read_list<AccountId>(form, "user_ids", accounts);
  // A 200 that did nothing would hide a mistake.
  if (form.complaints.empty() && accounts.empty() && form.command.groups.empty())
    form.complain({Fault::empty, {.name = "user_ids"}, Shape::texts, {}, "name at least one user"});
  form.command.organizations = std::move(organizations);
  form.command.accounts = std::move(accounts);
}

void answer_devin(const Settled&, Response& response) {
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
    .texts = devin_texts,
    .unauthenticated = "Not authenticated",
    .read = read_devin,
    .answer = answer_devin,
    .refuse = refuse_devin,
};

}  // namespace http
ROSTER_END
