// Proves, statement by statement, that http::devin speaks as POST /v2/enterprise/organizations/{org_id}/members does.
#include "wire.hpp"

namespace devin_test {

using namespace wire;

namespace {

/// The enterprise ent with o1, o2, managed by root; another enterprise with x1. chief manages o1 only.
struct Devin : Wire {
  Devin() : Wire(http::devin) {
    address = "/v2/enterprise/organizations/o1/members";
    host.has_organization("ent");
    host.has_organization("ent2");
    for (const char* const place : {"o1", "o2"}) host.has_organization(place, "ent");
    host.has_organization("x1", "ent2");
    for (const char* const name : {"root", "chief", "u1", "u2", "u3"}) host.has_account(name);
    host.has_member("ent", "root", "org_admin");
    host.has_member("o1", "chief", "org_admin");
    host.has_group("crew", {"u2", "u3"});
    host.has_group("nobody", {});
    host.has_account("gone", {}, {}, true);
    host.has_group("former", {"u1", "gone"});
    who.actor = by("root");
  }
};

constexpr const char* all_done = R"(200 {"status":"success"})";

std::string at(std::string_view loc, std::string_view msg, std::string_view type) {
  return R"({"loc":[)" + std::string(loc) + R"(],"msg":")" + std::string(msg) + R"(","type":")" + std::string(type) +
         "\"}";
}
std::string listed(std::initializer_list<std::string> list) {
  std::string text = R"(422 {"detail":[)";
  for (const std::string& one : list) text += (text.back() == '[' ? "" : ",") + one;
  return text + "]}";
}
const std::string missing = "Field required", no_text = "Input should be a valid string",
                  no_list = "Input should be a valid list";

}  // namespace

TEST_CASE("devin 1: every user comes into every organization, the path's and the body's") {
  Devin api;
  CHECK(api.post(R"({"user_ids":["u1","u2","u1"],"org_ids":["o2","o1"]})") == all_done);
  for (const char* const place : {"o1", "o2"})
    for (const char* const user : {"u1", "u2"}) CHECK(api.host.role_of(place, user) == "org_member");
  CHECK(api.host.events.size() == 4);
}

TEST_CASE("devin 2, 4, 5: roles, groups and nulls") {
  struct Row {
    const char *statement, *sent, *u2, *chief;
  };
  const Row rows[] = {
      {"a role", R"({"user_ids":["u2"],"org_ids":[],"org_role":"org_admin"})", "org_admin", "org_admin"},
      {"a null role is none", R"({"user_ids":["u2","chief"],"org_ids":[],"org_role":null})", "org_member", "org_admin"},
      {"no role never demotes", R"({"user_ids":["u2","chief"],"org_ids":[]})", "org_member", "org_admin"},
      {"an explicit one replaces", R"({"user_ids":["u2","chief"],"org_ids":[],"org_role":"org_member"})", "org_member",
       "org_member"},
      {"groups are users", R"({"user_ids":[],"org_ids":[],"group_names":["crew"]})", "org_member", "org_admin"},
      {"null groups are none", R"({"user_ids":["u2"],"org_ids":[],"group_names":null})", "org_member", "org_admin"},
      {"no groups are none", R"({"user_ids":["u2"],"org_ids":[],"group_names":[]})", "org_member", "org_admin"},
      {"a further field is ignored", R"({"user_ids":["u2"],"org_ids":[],"x":{"y":[1]}})", "org_member", "org_admin"},
  };
  for (const Row& row : rows) {
    INFO(row.statement);
    Devin api;
    CHECK(api.post(row.sent) == all_done);
    CHECK(api.host.role_of("o1", "u2") == row.u2);
    CHECK(api.host.role_of("o1", "chief") == row.chief);
  }
}

TEST_CASE("devin 3: a wrong shape is 422 with every error, each with its exact place") {
  struct Row {
    const char* statement;
    std::string sent, answer;
  };
  const Row rows[] = {
      {"both lists missing", "{}",
       listed({at(R"("body","org_ids")", missing, "missing"), at(R"("body","user_ids")", missing, "missing")})},
      {"a list that is null", R"({"user_ids":null,"org_ids":[]})",
       listed({at(R"("body","user_ids")", no_list, "list_type")})},
      {"a list that is a string", R"({"user_ids":"u1","org_ids":[]})",
       listed({at(R"("body","user_ids")", no_list, "list_type")})},
      {"items that are no strings, in two lists", R"({"user_ids":["u1",2,"u2",null,[]],"org_ids":[{},"o2"]})",
       listed({at(R"("body","org_ids",0)", no_text, "string_type"),
               at(R"("body","user_ids",1)", no_text, "string_type"),
               at(R"("body","user_ids",3)", no_text, "string_type"),
               at(R"("body","user_ids",4)", no_text, "string_type")})},
      {"a role that is no string", R"({"user_ids":["u1"],"org_ids":[],"org_role":3})",
       listed({at(R"("body","org_role")", no_text, "string_type")})},
      {"groups that are no list", R"({"user_ids":["u1"],"org_ids":[],"group_names":"crew"})",
       listed({at(R"("body","group_names")", no_list, "list_type")})},
      {"a group that is no string", R"({"user_ids":["u1"],"org_ids":[],"group_names":["crew",7]})",
       listed({at(R"("body","group_names",1)", no_text, "string_type")})},
      {"ids that can be nobody's", R"({"user_ids":["u1","","u\n","u ","\u200bu"],"org_ids":[""]})",
       listed({at(R"("body","org_ids",0)", describe(Errc::id_empty), "value_error"),
               at(R"("body","user_ids",1)", describe(Errc::id_empty), "value_error"),
               at(R"("body","user_ids",2)", describe(Errc::id_bad_byte), "value_error"),
               at(R"("body","user_ids",3)", describe(Errc::id_blank_at_end), "value_error"),
               at(R"("body","user_ids",4)", describe(Errc::id_invisible), "value_error")})},
      {"not JSON", R"({"user_ids":)", listed({at(R"("body",12)", "JSON decode error", "json_invalid")})},
      {"no body", "", listed({at(R"("body")", missing, "missing")})},
      {"a list", "[]",
       listed({at(R"("body")", "Input should be a valid dictionary or object to extract fields from",
                  "model_attributes_type")})},
      {"(ii) nobody is named", R"({"user_ids":[],"org_ids":["o2"]})",
       listed({at(R"("body","user_ids")", "List should have at least 1 item after validation, not 0", "too_short")})},
      {"(ii) groups without anybody", R"({"user_ids":[],"org_ids":[],"group_names":["nobody"]})",
       listed({at(R"("body")", "List should have at least 1 item after validation, not 0", "too_short")})},
      {"a role of no catalog", R"({"user_ids":["u1"],"org_ids":[],"org_role":"owner"})",
       listed({at(R"("body","org_role")", "org_role must be org_member or org_admin", "value_error")})},
      {"an empty role", R"({"user_ids":["u1"],"org_ids":[],"org_role":""})",
       listed({at(R"("body","org_role")", "org_role must be org_member or org_admin", "value_error")})},
  };
  for (const Row& row : rows) {
    INFO(row.statement);
    Devin api;
    CHECK(api.post(row.sent) == row.answer);
    CHECK(api.host.events.empty());
  }
}

TEST_CASE("devin 3: a list over its limit is one error, not one for each entry") {
  Devin api;
  std::string body = R"({"org_ids":[],"user_ids":[)";
  for (int i = 0; i < 10'000; ++i) body += "1,";
  CHECK(api.post(body + "1]}") ==
        listed({at(R"("body","user_ids")", "`user_ids` has more than 10000 entries: send them in parts", "too_long")}));
}

TEST_CASE("devin 2, 6, (i), (iii): one refusal refuses all, says which, and writes nothing") {
  struct Row {
    const char *statement, *actor, *sent, *answer;
  };
  const Row rows[] = {
      {"an unknown user", "root", R"({"user_ids":["u1","nobody"],"org_ids":["o2"]})",
       R"(404 {"detail":"User not found: nobody"})"},
      {"an unknown organization", "root", R"({"user_ids":["u1"],"org_ids":["o2","nowhere"]})",
       R"(404 {"detail":"Organization not found: nowhere"})"},
      {"an unknown group", "root", R"({"user_ids":["u1"],"org_ids":[],"group_names":["crews"]})",
       R"(404 {"detail":"Group not found"})"},
      {"a disabled user whom a group names", "root", R"({"user_ids":["u1"],"org_ids":[],"group_names":["former"]})",
       R"(409 {"detail":"User is disabled: gone"})"},
      {"6: a manager of the organization alone", "chief", R"({"user_ids":["u1"],"org_ids":[]})",
       R"(403 {"detail":"An enterprise admin's personal API key is required for organization o1"})"},
      {"(i) the path never authorises the body", "root", R"({"user_ids":["u1"],"org_ids":["o2","x1"]})",
       R"(403 {"detail":"An enterprise admin's personal API key is required for organization x1"})"},
  };
  for (const Row& row : rows) {
    INFO(row.statement);
    Devin api;
    api.who.actor = by(row.actor);
    CHECK(api.post(row.sent) == row.answer);
    CHECK(api.host.events.empty());
  }
}

TEST_CASE("devin 6: the credential is a personal key: apk_user_..., without one 401") {
  const auto of = [](std::string_view value) {
    const http::Header line{"Authorization", value};
    return std::string(http::credential(http::devin, {"POST", "/", {&line, 1}, ""}).value_or("none"));
  };
  CHECK(of("Bearer apk_user_1") == "apk_user_1");
  CHECK(of("Bearer apk_user_") == "none");
  CHECK(of("Bearer apk_service_1") == "none");
  Devin api;
  api.who.actor.reset();
  CHECK(api.post("{") == R"(401 {"detail":"Not authenticated"})");
}

TEST_CASE("devin: a late copy of a request that gave a role does not undo what was changed after it") {
  Devin api;
  const http::Handler handler(api.api, api.host, api.host.ids);
  const std::vector<http::Header> headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", "K"}};
  http::Request promotes{"POST", api.address, headers, R"({"user_ids":["u1"],"org_ids":[],"org_role":"org_admin"})"};
  promotes.asked_at = Time{10'000'000};
  CHECK(handler.handle(promotes, api.who, Time{11'000'000}).status == 200);
  CHECK(handler.handle(promotes, api.who, Time{12'000'000}).status == 200);
  CHECK(api.host.role_of("o1", "u1") == "org_admin");
  const Engine engine(profiles::devin, api.host, api.host.ids);
  const auto demoted =
      engine.run(ChangeRole(organization("o1"), account("u1"), role("org_member"), by("root")), Time{13'000'000});
  REQUIRE(demoted.value().at(0, 0) == Outcome::replaced);
  CHECK(handler.handle(promotes, api.who, Time{14'000'000}).status == 409);
  CHECK(api.host.role_of("o1", "u1") == "org_member");
  promotes.asked_at = {};  // without the time it is a new request
  CHECK(handler.handle(promotes, api.who, Time{15'000'000}).status == 200);
  CHECK(api.host.role_of("o1", "u1") == "org_admin");
}

}
