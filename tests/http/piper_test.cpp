// Proves, statement by statement, that http::piper speaks as POST /v1/organizations/{org_id}/members does: the whole
// read model, whose parts agree whatever the host's records say.
#include "wire.hpp"

namespace piper_test {

using namespace wire;

namespace {

const std::string org = uuid(1), elsewhere = uuid(2), jane = uuid(3), gone = uuid(4), system_role = uuid(5),
                  own_role = uuid(6), foreign_role = uuid(7), closed_role = uuid(8);

/// Records that say too much: whatever identifier or address they could contradict, they have another one.
struct Directory : http::RecordSource {
  http::Records look_up(const http::RecordsQuery& query) override {
    asked_for = text(query.account) + " " + text(query.role) + " " + std::string(http::text_of(*query.organization));
    http::Records records;
    records.account = http::AccountView{.email = address,
                                        .first_name = "Jane",
                                        .timezone = "Europe/Paris",
                                        .status = "active",
                                        .created_at = Time{0},
                                        .invited_at = Time{1'500'000}};
    records.role = http::RoleView{"Editor", true};
    records.organization = http::OrganizationView{.name = "Piper \"P\"", .owner = account(jane)};
    records.member_since = Time{1'699'334'756'000'000};
    return records;
  }
  std::string address = "JSmith@example.com", asked_for;
};

struct Piper : Wire {
  Piper() : Wire(http::piper), address_of_org("/v1/organizations/" + org + "/members") {
    address = address_of_org;
    for (const std::string& place : {org, elsewhere}) {
      host.has_organization(place);
      host.has_role(place, {.id = role(system_role), .rank = 1});
    }
    host.has_role(org, {.id = role(own_role), .rank = 2});
    host.has_role(org, {.id = role(closed_role), .rank = 3, .assignable = false});
    host.has_role(elsewhere, {.id = role(foreign_role), .rank = 2});
    host.has_account(jane, "jsmith@example.com");
    host.has_account(gone, "gone@example.com", {}, true);
  }
  std::string membership(std::string_view user) { return http::text_of(host.membership(org, account(user)).id); }
  std::string address_of_org;
};

std::string body(std::string_view address, std::string_view role_id) {
  return R"({"email":")" + std::string(address) + R"(","role_id":")" + std::string(role_id) + "\"}";
}
std::string listed(std::string_view loc, std::string_view msg, std::string_view type) {
  return R"(422 {"detail":[{"loc":[)" + std::string(loc) + R"(],"msg":")" + std::string(msg) + R"(","type":")" +
         std::string(type) + "\"}]}";
}

}  // namespace

TEST_CASE("piper 1: without records the read model has its identifiers, and null for what is nested") {
  Piper api;
  const std::string answer = api.post(body("JSmith@Example.com", own_role));
  CHECK(answer == R"(200 {"id":")" + api.membership(jane) + R"(","user_id":")" + jane + R"(","organization_id":")" +
                      org + R"(","role_id":")" + own_role +
                      R"(","created_at":"2023-11-14T22:13:20Z","role":null,"user":null,"organization":null})");
}

TEST_CASE("piper 1, 2: with records it has all of it, and every part agrees with the whole") {
  struct Row {
    const char *statement, *stored, *shown;
  };
  for (const Row& row : {Row{"the stored spelling of the same address", "JSmith@example.com", "JSmith@example.com"},
                         Row{"another address than was asked for", "other@example.com", "jsmith@EXAMPLE.com"},
                         Row{"no address", "", "jsmith@EXAMPLE.com"}}) {
    INFO(row.statement);
    Piper api;
    Directory directory;
    directory.address = row.stored;
    api.records = &directory;
    const std::string answer = api.post(body("jsmith@EXAMPLE.com", own_role));
    CHECK(directory.asked_for == jane + " " + own_role + " " + org);
    CHECK(answer == R"(200 {"id":")" + api.membership(jane) + R"(","user_id":")" + jane + R"(","organization_id":")" +
                        org + R"(","role_id":")" + own_role +
                        R"(","created_at":"2023-11-07T05:25:56Z","role":{"id":")" + own_role +
                        R"(","name":"Editor","is_system":true},"user":{"email":")" + row.shown +
                        R"(","first_name":"Jane","last_name":null,"id":")" + jane +
                        R"(","is_active":true,"timezone":"Europe/Paris","created_at":"1970-01-01T00:00:00Z",)" +
                        R"("updated_at":null,"status":"active","invited_at":"1970-01-01T00:00:01.500000Z"},)" +
                        R"("organization":{"name":"Piper \"P\"","id":")" + org +
                        R"(","business_information":null,"timezone":null,"created_by_user_id":null,"owner_user_id":")" +
                        jane + R"(","created_at":null,"updated_at":null}})");
  }
}

TEST_CASE("piper 3, 4, (ii), (iv): every refusal, and nothing is written") {
  struct Row {
    const char* statement;
    std::string place, sent, answer;
  };
  const std::string uuid_text = "Input should be a valid UUID";
  const Row rows[] = {
      {"3: both fields missing", org, "{}",
       R"(422 {"detail":[{"loc":["body","email"],"msg":"Field required","type":"missing"},)"
       R"({"loc":["body","role_id"],"msg":"Field required","type":"missing"}]})"},
      {"3: role_id not a UUID", org, body("jsmith@example.com", "editor"),
       listed(R"("body","role_id")", uuid_text, "uuid_parsing")},
      {"3: role_id a number", org, R"({"email":"jsmith@example.com","role_id":5})",
       listed(R"("body","role_id")", "UUID input should be a string, bytes or UUID object", "uuid_type")},
      {"3: org_id not a UUID", "acme", body("jsmith@example.com", own_role),
       listed(R"("path","org_id")", uuid_text, "uuid_parsing")},
      {"3: e-mail malformed", org, body("jsmith", own_role),
       listed(R"("body","email")", "`email` is malformed at byte 6: " + std::string(describe(Errc::email_no_at)),
              "value_error")},
      {"4: an unknown role", org, body("jsmith@example.com", uuid(99)),
       listed(R"("body","role_id")", "Role not found in this organization", "value_error")},
      {"4: a role of another organization", org, body("jsmith@example.com", foreign_role),
       listed(R"("body","role_id")", "Role not found in this organization", "value_error")},
      {"4: a role that cannot be assigned", org, body("jsmith@example.com", closed_role),
       listed(R"("body","role_id")", "Role cannot be assigned", "value_error")},
      {"4: a role that is refused invites nobody", org, body("new@example.com", foreign_role),
       listed(R"("body","role_id")", "Role not found in this organization", "value_error")},
      {"an unknown organization", uuid(98), body("jsmith@example.com", own_role),
       R"(404 {"detail":"Organization not found"})"},
      {"(iv) an inactive user", org, body("gone@example.com", own_role), R"(409 {"detail":"User is not active"})"},
  };
  for (const Row& row : rows) {
    INFO(row.statement);
    Piper api;
    const std::string address = "/v1/organizations/" + row.place + "/members";
    CHECK(shown(api.send(address, row.sent)) == row.answer);
    CHECK(api.host.events.empty());
  }
}

TEST_CASE("piper 5: 401 without a platform token, 403 for a token without the right, after the shape") {
  const auto of = [](std::string_view value) {
    const http::Header line{"Authorization", value};
    return http::credential(http::piper, {"POST", "/", {&line, 1}, ""}).has_value();
  };
  CHECK(of("Bearer pat_abc"));
  CHECK_FALSE(of("Bearer abcdefgh"));
  CHECK_FALSE(of("Bearer PAT_abc"));
  CHECK_FALSE(of("pat_abc"));
  Piper api;
  api.who.actor.reset();
  CHECK(api.post("") == R"(401 {"detail":"A platform token is required: it starts with pat_"})");
  api.who = {by("boss"), false};
  CHECK(api.post(body("jsmith@example.com", own_role)) == R"(403 {"detail":"Not enough permissions"})");
  CHECK(api.post(body("jsmith@example.com", "x")) ==
        listed(R"("body","role_id")", "Input should be a valid UUID", "uuid_parsing"));
  CHECK(api.host.events.empty());
}

TEST_CASE("piper (i): an unknown e-mail is invited, (ii) whoever is there already is a conflict") {
  Piper api;
  const std::string answer = api.post(body("New@example.com", own_role));
  const auto created = api.host.store.account(email("new@example.com")).value();
  REQUIRE(created.has_value());
  CHECK(created->invited);
  CHECK(answer.find(R"("user_id":")" + text(created->id)) != std::string::npos);
  CHECK(answer.starts_with("200 "));
  CHECK(api.post(body("new@example.com", own_role)) ==
        R"(409 {"detail":"User is already a member of this organization"})");
  CHECK(api.post(body("new@example.com", system_role)) ==
        R"(409 {"detail":"User is already a member of this organization with another role"})");
}

TEST_CASE("piper: times are written as RFC 3339 has them, from before 1970 to the year 9999") {
  struct Row {
    std::int64_t micros;
    const char* text;
  };
  for (const Row& row :
       {Row{0, "1970-01-01T00:00:00Z"}, Row{-1, "1969-12-31T23:59:59.999999Z"},
        Row{951'782'400'000'000, "2000-02-29T00:00:00Z"}, Row{951'868'799'000'001, "2000-02-29T23:59:59.000001Z"},
        Row{-2'203'891'200'000'000, "1900-03-01T00:00:00Z"}, Row{253'402'300'799'000'000, "9999-12-31T23:59:59Z"},
        Row{std::numeric_limits<std::int64_t>::max(), "9999-12-31T23:59:59Z"},
        Row{std::numeric_limits<std::int64_t>::min(), "0000-01-01T00:00:00Z"}})
    CHECK(http::text_of(Time{row.micros}) == row.text);
}

}
