// Proves, statement by statement, that http::recoup speaks as POST /api/organizations/members does, to the byte.
#include "wire.hpp"

namespace recoup_test {

using namespace wire;

namespace {

const std::string acme = uuid(1), other = uuid(2), boss = uuid(3), ana = uuid(4), zoe = uuid(5);

/// acme, of which boss is a member; ana and zoe have accounts.
struct Recoup : Wire {
  Recoup() : Wire(http::recoup) {
    address = "/api/organizations/members";
    host.has_organization(acme);
    host.has_organization(other);
    host.has_account(boss, "boss@label.example");
    host.has_account(ana, "ana@label.example");
    host.has_account(zoe, "zoe@label.example");
    host.has_member(acme, boss, "member");
    who.actor = by(boss);
  }
  std::string membership(std::string_view who_is_it) {
    return http::text_of(host.membership(acme, account(who_is_it)).id);
  }
};

std::string body(std::string_view organization, std::string_view more) {
  return R"({"organizationId":")" + std::string(organization) + "\"," + std::string(more) + "}";
}
std::string success(std::string_view id, std::string_view account_id) {
  return R"(200 {"status":"success","id":")" + std::string(id) + R"(","account_id":")" + std::string(account_id) +
         "\"}";
}
std::string error(unsigned status, std::string_view text) {
  return std::to_string(status) + R"( {"status":"error","error":")" + std::string(text) + "\"}";
}
std::string by_id(std::string_view id) {
  return body(acme, R"("accountId":")" + std::string(id) + "\"");
}
std::string by_email(std::string_view address) {
  return body(acme, R"("email":")" + std::string(address) + "\"");
}

constexpr std::string_view exactly_one = "Provide exactly one of accountId or email";
constexpr std::string_view not_a_member = "Caller is not a member of the organization";

}  // namespace

TEST_CASE("recoup 1, 2: a new account gets a membership id, and the same again gets the same id and writes nothing") {
  Recoup api;
  const std::string first = api.post(by_id(ana));
  CHECK(first == success(api.membership(ana), ana));
  CHECK(api.host.take_events().size() == 1);
  CHECK(api.post(by_id(ana)) == first);
  CHECK(api.host.events.empty());
  CHECK(api.host.store.member_count(organization(acme)).value() == 2);
}

TEST_CASE("recoup 1: the answer is declared as JSON, and an identifier in upper case is the same identifier") {
  Recoup api;
  constexpr const char *lower = "abcdef00-0000-4000-8000-000000000001", *upper = "ABCDEF00-0000-4000-8000-000000000001";
  api.host.has_account(lower);
  const http::Response response = api.send(api.address, by_id(upper));
  CHECK(header_of(response, "Content-Type") == "application/json");
  CHECK(shown(response) == success(api.membership(lower), lower));
}

TEST_CASE("recoup 3, 5: an e-mail is resolved to its account, id and e-mail give one membership, in either order") {
  const bool id_first = GENERATE(true, false);
  Recoup api;
  const std::string first = api.post(id_first ? by_id(ana) : by_email("ANA@label.example"));
  const std::string second = api.post(id_first ? by_email("ANA@label.example") : by_id(ana));
  CHECK(first == success(api.membership(ana), ana));
  CHECK(second == first);
}

TEST_CASE("recoup 4: an unknown e-mail gets an account, once") {
  Recoup api;
  const auto accounts = api.host.store.account_count();
  const std::string first = api.post(by_email("New@label.example"));
  const auto created = api.host.store.account(email("new@label.example")).value();
  REQUIRE(created.has_value());
  CHECK(first == success(api.membership(created->id.view()), created->id.view()));
  CHECK(api.post(by_email("new@LABEL.example")) == first);
  CHECK(api.host.store.account_count() == accounts + 1);
}

TEST_CASE(
    "recoup 6, 7, 9: every wrong body is 400 with the first thing that is wrong, and nothing is asked or written") {
  struct Row {
    const char* statement;
    std::string sent;
    std::string_view text;
  };
  constexpr std::string_view no_organization = "organizationId is required",
                             bad_organization = "organizationId must be a valid UUID",
                             bad_account = "accountId must be a valid UUID",
                             bad_email = "email must be a valid email address";
  const std::string id = R"("accountId":")" + ana + "\"", mail = R"("email":"ana@label.example")";
  const Row rows[] = {
      {"6: both", body(acme, id + "," + mail), exactly_one},
      {"6: neither", R"({"organizationId":")" + acme + "\"}", exactly_one},
      {"7: no organizationId", "{" + id + "}", no_organization},
      {"7: nothing at all", "{}", no_organization},
      {"7: organizationId not a UUID", body("acme", id), bad_organization},
      {"7: organizationId with a line break", body(acme + "\\n", id), bad_organization},
      {"7: organizationId a number", R"({"organizationId":1,)" + id + "}", bad_organization},
      {"7: organizationId null", R"({"organizationId":null,)" + id + "}", bad_organization},
      {"7: accountId not a UUID", by_id("ana"), bad_account},
      {"7: accountId in braces", by_id("{" + ana + "}"), bad_account},
      {"7: accountId a list", body(acme, R"("accountId":[])"), bad_account},
      {"7: e-mail without an @", by_email("ana.label.example"), bad_email},
      {"7: e-mail with a NUL", by_email("ana\\u0000@label.example"), bad_email},
      {"7: e-mail a number", body(acme, R"("email":7)"), bad_email},
      {"7: only the first is said", R"({"organizationId":"x","accountId":"y","email":"z"})", bad_organization},
      {"7: a field is wrong before two are too many", body(acme, id + R"(,"email":"z")"), bad_email},
      {"9: an empty accountId is malformed, not absent", by_id(""), bad_account},
      {"9: an empty e-mail is malformed, not absent", by_email(""), bad_email},
      {"9: a null is refused", body(acme, R"("accountId":null,)" + mail), bad_account},
      {"body: empty", "", "the body is empty: send a JSON object"},
      {"body: blanks", " \r\n\t ", "the body is empty: send a JSON object"},
      {"body: a list", "[1]", "the body is not a JSON object: put its fields into one"},
      {"body: a text", "\"x\"", "the body is not a JSON object: put its fields into one"},
      {"body: cut short", R"({"organizationId":)", "the body is not JSON: see byte 18"},
      {"body: something behind it", by_id(ana) + "x", "the body is not JSON: see byte 108"},
      {"body: one name twice", body(acme, id + "," + id),
       "the body names `accountId` twice in one object: name it once"},
  };
  for (const Row& row : rows) {
    INFO(row.statement);
    Recoup api;
    CHECK(api.post(row.sent) == error(400, row.text));
    CHECK(api.host.events.empty());
  }
}

TEST_CASE("recoup 7: a field that the API does not know is ignored") {
  Recoup api;
  const std::string answer = api.post(body(acme, R"("role":"owner","accountId":")" + ana + "\""));
  CHECK(answer == success(api.membership(ana), ana));
}

TEST_CASE("recoup 8: 401 before the body is looked at, 400 before 403, and 403 before anything about accounts") {
  struct Row {
    const char* statement;
    http::Authentication who;
    std::string sent;
    std::string answer;
  };
  const std::string unauthorized = error(401, "Unauthorized: provide a valid API key");
  const http::Authentication nobody, stranger{by(zoe)}, barred{by(boss), false};
  const Row rows[] = {
      {"nobody, a good body", nobody, by_id(ana), unauthorized},
      {"nobody, no body", nobody, "", unauthorized},
      {"an actor without an account", {Actor{}}, by_id(ana), unauthorized},
      {"a stranger, a wrong body", stranger, by_id("x"), error(400, "accountId must be a valid UUID")},
      {"a stranger, a good body", stranger, by_id(ana), error(403, not_a_member)},
      {"a stranger, an unknown account", stranger, by_id(uuid(99)), error(403, not_a_member)},
      {"a token without the right, a wrong body", barred, "{}", error(400, "organizationId is required")},
      {"a token without the right", barred, by_id(ana), error(403, not_a_member)},
      {"(i) an unknown organization",
       {by(boss)},
       body(uuid(98), R"("accountId":")" + ana + "\""),
       error(403, not_a_member)},
      {"(i) the same, asked by staff",
       {staff()},
       body(uuid(98), R"("accountId":")" + ana + "\""),
       error(404, "Organization not found")},
      {"(ii) an unknown account", {by(boss)}, by_id(uuid(99)), error(400, "Account not found")},
  };
  for (const Row& row : rows) {
    INFO(row.statement);
    Recoup api;
    api.who = row.who;
    CHECK(api.post(row.sent) == row.answer);
    CHECK(api.host.events.empty());
  }
}

TEST_CASE("recoup 8: the organization's own account, and platform administrators, may add") {
  for (const Actor& actor : {by(acme), staff()}) {
    Recoup api;
    api.who.actor = actor;
    const std::string answer = api.post(by_id(ana));
    CHECK(answer == success(api.membership(ana), ana));
  }
}

TEST_CASE("recoup 8: the credential is an API key of its own header or a bearer token") {
  const auto of = [](std::vector<http::Header> headers) {
    return std::string(http::credential(http::recoup, {"POST", "/", headers, ""}).value_or("none"));
  };
  CHECK(of({{"X-API-Key", "k1"}}) == "k1");
  CHECK(of({{"authorization", "bearer t1"}}) == "t1");
  CHECK(of({{"Authorization", "Bearer   t1 "}}) == "t1");
  CHECK(of({{"Authorization", "Basic t1"}}) == "none");
  CHECK(of({{"Authorization", "Bearer"}}) == "none");
  CHECK(of({{"Authorization", "Bearer "}}) == "none");
  CHECK(of({{"Authorization", "Bearert1"}}) == "none");
  CHECK(of({{"x-api-key", ""}}) == "none");
  CHECK(of({{"x-api-key", "k1"}, {"x-api-key", "k2"}}) == "none");
  CHECK(of({}) == "none");
}

}
