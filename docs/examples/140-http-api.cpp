// An API of a host beside the six of the library: a table, and three functions that read a request, answer it, and
// refuse it.
#include <cstdio>

#include "roster/http/api.hpp"
#include "roster/http/handler.hpp"
#include "roster/roster.hpp"

using namespace roster;

namespace {

// api begins
// PUT /clubs/{club}/people/{person} with {"as": "guest" | "keyholder"} returns 201 for a new member, 204 for an
// existing one.
enum class ClubRole { guest, keyholder };

consteval auto roster_roles(ClubRole) {
  using Entry = RoleEntry<ClubRole>;
  return std::array{
      Entry{ClubRole::guest, {.id = RoleId("guest"), .rank = 1}, Grant::default_},
      Entry{ClubRole::keyholder, {.id = RoleId("keyholder"), .rank = 2, .manages = true}},
  };
}

constexpr Profile club_rules = {.name = "club",
                                .on_other_role = OnConflict::replace,
                                .roles = catalog<ClubRole>,
                                .default_role = default_role<ClubRole>,
                                .actor = ActorRule::manager};

constexpr http::AuthScheme schemes[] = {{.header = "authorization", .scheme = "Bearer"}};
constexpr http::Field parameters[] = {{.name = "club"}, {.name = "person"}};
constexpr http::Field fields[] = {{.name = "as"}};
constexpr http::Message messages[] = {{Outcome::account_not_found, "no account has the name {account}"}};

void read(http::RequestReader& reader) {
  const auto club = OrganizationId::parse(reader.parameter("club"));
  if (!club) return reader.refuse(Outcome::organization_not_found);
  const auto person = select_account(reader.profile, std::nullopt, std::nullopt, reader.parameter("person"));
  if (!person) return reader.refuse(Outcome::account_not_found, reader.parameter("person"));
  reader.command.organizations = club.assume_value();
  reader.command.accounts = person.assume_value();
  if (const auto as = reader.text("as")) {
    const auto role = RoleId::parse(*as);
    if (!role) return reader.refuse(Outcome::role_not_found);
    reader.command.roles = role.assume_value();
  }
}

void answer(const http::CommandResult& result, http::Response& response) {
  response.status = result.report.at(0, 0) == Outcome::added ? 201 : 204;
}

void refuse(const http::Refusal& refusal, http::Response& response) {
  http::begin(response, refusal.status).object().member("because", refusal.text).close_object();
}

constexpr http::Api club{
    .name = "club",
    .method = "PUT",
    .path = "/clubs/{club}/people/{person}",
    .parameters = parameters,
    .fields = fields,
    .schemes = schemes,
    .profile = &club_rules,
    .messages = messages,
    .read = read,
    .answer = answer,
    .refuse = refuse,
};
// api ends

}  // namespace

int main() {
  UuidSource ids({1, 2});
  MemoryStore store;
  const AccountId max("max");
  if (!store.put_organization({.id = OrganizationId("chess")}) ||
      !store.put_account({.id = max, .username = Username("max")}) ||
      !store.put_account({.id = AccountId("zoe"), .username = Username("zoe")}) ||
      !store.put_membership({.id = MembershipId::of("1"),
                             .organization = OrganizationId("chess"),
                             .account = max,
                             .role = grant<ClubRole::keyholder>}))
    return 1;
  const http::Handler handler(club, store, ids);
  const auto status = [&](const char* target, const char* body) {
    const http::Response response = handler.handle({"PUT", target, {}, body}, {Actor{max}}, Time{0});
    std::printf("PUT %-28s %-16s %d %s\n", target, body, response.status, response.body.c_str());
    return response.status;
  };
  const bool right = status("/clubs/chess/people/zoe", "{}") == 201 &&
                     status("/clubs/chess/people/zoe", R"({"as":"keyholder"})") == 204 &&
                     status("/clubs/chess/people/zoe", R"({"as":7})") == 400 &&
                     status("/clubs/chess/people/nobody", "{}") == 404 && status("/clubs/golf/people/zoe", "{}") == 404;
  return right ? 0 : 1;
}
