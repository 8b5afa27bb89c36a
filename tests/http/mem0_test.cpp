// Proves, statement by statement, that http::mem0 speaks as POST .../projects/{project}/members/ does, to the byte.
#include "wire.hpp"

namespace mem0_test {

using namespace wire;

namespace {

/// org with project, and elsewhere with place. pat owns the project, red reads it.
struct Mem0 : Wire {
  Mem0() : Wire(http::mem0) {
    address = "/api/v1/orgs/organizations/org/projects/project/members/";
    host.has_organization("org");
    host.has_organization("project", "org");
    host.has_organization("elsewhere");
    host.has_organization("place", "elsewhere");
    for (const char* const name : {"pat", "red", "ann"}) host.has_account(name, std::string(name) + "@mem.example");
    host.has_account("gone", "gone@mem.example", {}, true);
    host.has_member("project", "pat", "OWNER");
    host.has_member("project", "red", "READER");
    who.actor = by("pat");
  }
};

constexpr const char* added = R"(200 {"message":"User added to the project successfully."})";
constexpr const char* unauthorized = R"(403 {"message":"Unauthorized to modify project members."})";
constexpr const char* not_found = R"(404 {"message":"Organization or project not found"})";
constexpr const char* wrong_role = R"(400 {"message":"Role must be READER or OWNER."})";
constexpr const char* ann_reads = R"({"email":"ann@mem.example","role":"READER"})";

}  // namespace

TEST_CASE("mem0 1: both roles can be given, by an address with a slash at its end or without") {
  for (const char* const as : {"READER", "OWNER"})
    for (const char* const address : {"/api/v1/orgs/organizations/org/projects/project/members/",
                                      "/api/v1/orgs/organizations/org/projects/project/members"}) {
      Mem0 api;
      const std::string body = R"({"email":"ann@mem.example","role":")" + std::string(as) + "\"}";
      CHECK(shown(api.send(address, body)) == added);
      CHECK(api.host.role_of("project", "ann") == as);
    }
}

TEST_CASE("mem0 2, 4, (ii), (iii): every refusal in its own words, and nothing is written") {
  struct Row {
    const char *statement, *actor, *sent, *answer;
  };
  const Row rows[] = {
      {"2: a reader", "red", ann_reads, unauthorized},
      {"2: a stranger", "ann", ann_reads, unauthorized},
      {"2: a stranger learns nothing about users", "ann", R"({"email":"new@mem.example","role":"READER"})",
       unauthorized},
      {"4: no role", "pat", R"({"email":"ann@mem.example"})", R"(400 {"message":"Role is required."})"},
      {"4: the case of a role matters", "pat", R"({"email":"ann@mem.example","role":"reader"})", wrong_role},
      {"4: a role of no catalog", "pat", R"({"email":"ann@mem.example","role":"ADMIN"})", wrong_role},
      {"4: a role with a blank", "pat", R"({"email":"ann@mem.example","role":"READER "})", wrong_role},
      {"4: an empty role", "pat", R"({"email":"ann@mem.example","role":""})", wrong_role},
      {"4: a role that is no string", "pat", R"({"email":"ann@mem.example","role":["READER"]})", wrong_role},
      {"no e-mail", "pat", R"({"role":"READER"})", R"(400 {"message":"Email is required."})"},
      {"a malformed e-mail", "pat", R"({"email":"ann","role":"READER"})",
       R"(400 {"message":"Email must be a valid email address."})"},
      {"the shape before the actor", "ann", R"({"role":"READER"})", R"(400 {"message":"Email is required."})"},
      {"(ii) another role", "pat", R"({"email":"red@mem.example","role":"OWNER"})",
       R"(409 {"message":"User is already a member of the project with another role."})"},
      {"(iii) an unknown e-mail", "pat", R"({"email":"new@mem.example","role":"READER"})",
       R"(404 {"message":"User not found."})"},
      {"a disabled user", "pat", R"({"email":"gone@mem.example","role":"READER"})",
       R"(409 {"message":"User is disabled."})"},
  };
  for (const Row& row : rows) {
    INFO(row.statement);
    Mem0 api;
    api.who.actor = by(row.actor);
    CHECK(api.post(row.sent) == row.answer);
    CHECK(api.host.events.empty());
    CHECK(api.host.role_of("project", "red") == "READER");
  }
}

TEST_CASE("mem0 3: an unknown organization, an unknown project and a project elsewhere are one answer") {
  for (const char* const place :
       {"nowhere/projects/project", "org/projects/nothing", "elsewhere/projects/project", "project/projects/org",
        "org/projects/org", "%01/projects/project", "org/projects/%ff"}) {
    INFO(place);
    Mem0 api;
    const std::string address = "/api/v1/orgs/organizations/" + std::string(place) + "/members/";
    CHECK(shown(api.send(address, ann_reads)) == not_found);
    CHECK(api.host.events.empty());
  }
}

TEST_CASE("mem0 (ii): the same again is the same answer and writes nothing") {
  Mem0 api;
  CHECK(api.post(R"({"email":"RED@mem.example","role":"READER"})") == added);
  CHECK(api.host.events.empty());
}

TEST_CASE("mem0 (iv), (v): the credential stands behind the word Token, without one 401") {
  const http::Header line{"Authorization", "Token m0-key"};
  const http::Header bearer{"Authorization", "Bearer m0-key"};
  CHECK(http::credential(http::mem0, {"POST", "/", {&line, 1}, ""}) == "m0-key");
  CHECK_FALSE(http::credential(http::mem0, {"POST", "/", {&bearer, 1}, ""}));
  Mem0 api;
  api.who.actor.reset();
  const http::Response response = api.send(api.address, ann_reads);
  CHECK(shown(response) == R"(401 {"message":"Authentication credentials were not provided or are invalid."})");
  CHECK(header_of(response, "WWW-Authenticate") == "Token");
}

}
