// Roster's own API: POST /organizations/{organization}/members. One request adds many members, and the response has a
// result for each, in order. A test compares this code with docs/openapi.json.
#include "http/messages.hpp"
#include "http/problem.hpp"
#include "roster/http/apis.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {
namespace {

constexpr std::uint32_t members_max = 1'000;
constexpr std::size_t result_bytes = 224;  // the usual maximum of one result

constexpr AuthScheme bulk_schemes[] = {{.header = "authorization", .scheme = "Bearer"}};
constexpr Field bulk_parameters[] = {{.name = "organization"}};
constexpr Field bulk_query[] = {{.name = "dry_run", .type = FieldType::boolean}};
constexpr Field member_fields[] = {
    {.name = "account_id"},
    {.name = "email", .type = FieldType::email},
    {.name = "username"},
    {.name = "role"},
};
constexpr Field bulk_fields[] = {
    {.name = "members",
     .type = FieldType::objects,
     .required = true,
     .items_max = members_max,
     .members = member_fields},
    {.name = "role"},
    {.name = "atomic", .type = FieldType::boolean},
    {.name = "valid_until", .type = FieldType::date_time},
};

/// The role of one member, or nothing and a reported error.
std::optional<RoleId> read_role(RequestReader& reader, const Json* role, Location at) {
  if (role == nullptr) return RoleId{};
  const auto parsed = RoleId::parse(role->text);
  if (parsed) return parsed.assume_value();
  reader.add_error({ErrorKind::malformed, std::move(at), FieldType::string, parsed.assume_error(),
                    std::string(describe(parsed.assume_error().code))});
  return std::nullopt;
}

std::optional<std::string_view> text_in(const Json& object, std::string_view name) noexcept {
  const Json* const found = object.find(name);
  return found == nullptr ? std::nullopt : std::optional<std::string_view>(found->text);
}

void read_account(RequestReader& reader, const Json& member, std::size_t index,
                  std::vector<AccountSelector>& accounts) {
  const auto id = text_in(member, "account_id"), email = text_in(member, "email"),
             username = text_in(member, "username");
  auto account = select_account(reader.profile, id, email, username);
  if (account) {
    accounts.push_back(std::move(account).assume_value());
    return;
  }
  const Error why = account.assume_error();
  Location at{.name = "members", .index = index};
  if (why.code == Errc::selector_missing || why.code == Errc::selector_ambiguous) {
    return reader.add_error({ErrorKind::ambiguous, std::move(at), FieldType::objects, why,
                             "name the account in exactly one way: `account_id`, `email` or `username`"});
  }
  at.member = id ? "account_id" : email ? "email" : "username";
  reader.add_error({ErrorKind::malformed, std::move(at), FieldType::string, why, std::string(describe(why.code))});
}

RoleIndex index_of(std::vector<RoleId>& roles, const RoleId& role) {
  for (std::size_t i = 0; i < roles.size(); ++i)
    if (roles[i] == role) return static_cast<RoleIndex>(i);
  roles.push_back(role);
  return static_cast<RoleIndex>(roles.size() - 1);
}

void read_bulk(RequestReader& reader) {
  const Json& members = *reader.field("members");
  if (members.items.empty())
    return reader.add_error(
        {ErrorKind::empty, {.name = "members"}, FieldType::objects, {}, "`members` is empty: name at least one"});
  const std::optional<RoleId> usual = read_role(reader, reader.field("role"), {.name = "role"});
  std::vector<AccountSelector> accounts;
  std::vector<RoleId> roles;
  std::vector<RoleIndex> cell_roles;
  accounts.reserve(members.items.size());
  cell_roles.reserve(members.items.size());
  for (std::size_t i = 0; i < members.items.size(); ++i) {
    const Json* const own = members.items[i].find("role");
    const auto role =
        own == nullptr ? usual : read_role(reader, own, {.name = "members", .index = i, .member = "role"});
    if (role) cell_roles.push_back(index_of(roles, *role));
    read_account(reader, members.items[i], i, accounts);
  }
  reader.command.accounts = std::move(accounts);
  if (roles.size() > 1) reader.command.cell_roles = std::move(cell_roles);
  reader.command.roles = std::move(roles);
  if (const auto until = reader.text("valid_until")) {
    const Time end = time_of(*until).value_or(Time{});
    reader.command.valid_until = end == Time{} ? Time{1} : end;  // 1 is also in the past, and 0 would mean no expiry
  }
  const Json* const atomic = reader.field("atomic");
  if (atomic != nullptr) reader.profile.mode = atomic->boolean ? Mode::atomic : Mode::best_effort;
  reader.options.dry_run = reader.query("dry_run") == "true";
  const auto organization = OrganizationId::parse(reader.parameter("organization"));
  if (!organization) return reader.refuse(Outcome::organization_not_found);
  reader.command.organizations = organization.assume_value();
}

enum class Effect : std::uint8_t { created, changed, unchanged, refused };
constexpr std::string_view effect_names[] = {"created", "changed", "unchanged", "refused"};

Effect effect_of(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::added:
    case Outcome::invited: return Effect::created;
    case Outcome::existing:
    case Outcome::still_invited:
    case Outcome::replayed: return Effect::unchanged;
    default: return succeeded(outcome) ? Effect::changed : Effect::refused;
  }
}

std::uint16_t status_of(const Profile& profile, Outcome outcome) noexcept {
  return effect_of(outcome) == Effect::created ? std::uint16_t{201} : profile.status[outcome];
}

/// Records that a dry run would create have no identifier yet, also in duplicate members.
struct Known {
  bool account = true, membership = true;

  Known(const CommandResult& result, std::uint32_t column) noexcept {
    if (!result.dry_run) return;
    const Report& report = result.report;
    for (std::uint32_t other = 0; other < report.columns; ++other) {
      if (report.accounts[other].created && report.accounts[other].id == report.accounts[column].id) account = false;
      if (effect_of(report.at(0, other)) == Effect::created &&
          report.membership(0, other) == report.membership(0, column))
        membership = false;
    }
  }
};

void write_result(JsonWriter& json, const CommandResult& result, std::uint32_t column) {
  const Report& report = result.report;
  const Outcome outcome = report.at(0, column);
  const Effect effect = effect_of(outcome);
  json.object()
      .member("index", column)
      .member("result", effect_names[static_cast<std::size_t>(effect)])
      .member("code", name(outcome))
      .member("status", status_of(result.profile, outcome));
  const AccountReport& account = report.accounts[column];
  const Known known(result, column);
  if (!account.id.empty() && known.account) json.member("account_id", account.id.view());
  if (account.created) json.member("account_created", true);
  if (const MembershipId id = report.membership(0, column); known.membership && !id.empty()) {
    const UuidText text = id.text();
    json.member("membership_id", std::string_view(text.data(), text.size()));
  }
  if (const RoleId role = report.role(0, column); !role.empty()) json.member("role", role.view());
  if (const Previous* const before = report.before(0, column); before != nullptr && before->role != no_role)
    json.member("previous_role", report.roles[before->role].view());
  if (effect == Effect::refused) json.member("detail", describe(outcome));
  json.close_object();
}

void write_results(JsonWriter& json, const CommandResult& result) {
  const Report& report = result.report;
  json.member("dry_run", result.dry_run);
  json.key("results").array();
  std::uint64_t counts[std::size(effect_names)] = {};
  for (std::uint32_t column = 0; column < report.columns; ++column) {
    ++counts[static_cast<std::size_t>(effect_of(report.at(0, column)))];
    write_result(json, result, column);
  }
  json.close_array();
  json.key("summary").object();
  for (std::size_t i = 0; i < std::size(effect_names); ++i) json.member(effect_names[i], counts[i]);
  json.close_object();
}

/// The status of a report without refusals, or of a best-effort report with some. 0: the response is a problem.
std::uint16_t status_of(const CommandResult& result) noexcept {
  std::uint32_t created = 0, refused = 0;
  for (const Outcome outcome : result.report.outcomes) {
    created += effect_of(outcome) == Effect::created ? 1 : 0;
    refused += effect_of(outcome) == Effect::refused ? 1 : 0;
  }
  if (refused == 0) return created != 0 && !result.dry_run ? 201 : 200;
  const bool each_by_itself = result.profile.mode == Mode::best_effort && !result.report.stopped;
  return each_by_itself && refused < result.report.columns ? 207 : 0;
}

/// The member that the problem reports: the first with a refusal of its own.
std::uint32_t refused_member(const Report& report) noexcept {
  std::uint32_t first = no_index;
  for (std::uint32_t column = 0; column < report.columns; ++column) {
    if (succeeded(report.at(0, column))) continue;
    if (report.at(0, column) != Outcome::not_attempted) return column;
    if (first == no_index) first = column;
  }
  return first;
}

void answer_bulk(const CommandResult& result, Response& response) {
  if (const std::uint16_t status = status_of(result); status != 0) {
    JsonWriter json = begin(response, status);
    response.body.reserve(result_bytes * (result.report.columns + 1));
    json.object();
    write_results(json, result);
    json.close_object();
    return;
  }
  const Report& report = result.report;
  Refusal refusal;
  if (report.stopped) {
    refusal.status = report.stopped->code == Errc::store_broke_contract ? 500 : 503;
    refusal.code = name(report.stopped->code);
    refusal.text = describe(report.stopped->code);
    if (refusal.status == 503) response.headers.push_back({"Retry-After", "1"});
  } else {
    const Outcome outcome = report.at(0, refused_member(report));
    refusal.status = status_of(result.profile, outcome);
    refusal.code = name(outcome);
    refusal.text = describe(outcome);
  }
  JsonWriter json = begin_problem(refusal, response);
  write_results(json, result);
  json.close_object();
}

void refuse_bulk(const Refusal& refusal, Response& response) {
  begin_problem(refusal, response).close_object();
}

}  // namespace

constinit const Api bulk{
    .name = "bulk",
    .path = "/organizations/{organization}/members",
    .parameters = bulk_parameters,
    .query = bulk_query,
    .fields = bulk_fields,
    .ignores_unknown = false,
    .schemes = bulk_schemes,
    .profile = &profiles::bulk,
    .wrong_media_type = 415,
    .answers_refusals = true,
    .read = read_bulk,
    .answer = answer_bulk,
    .refuse = refuse_bulk,
};

}  // namespace http
}  // namespace roster::inline ROSTER_ABI
