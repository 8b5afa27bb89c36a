// Proves, statement by statement, that http::turso speaks as POST /v1/organizations/{slug}/members does, to the byte.
#include "wire.hpp"

namespace turso_test {

using namespace wire;

namespace {

/// The host's own records: how each user name is spelled.
struct Spellings : http::RecordSource {
  explicit Spellings(const MemoryStore& from) : store(&from) {}
  http::Records look_up(const http::RecordsQuery& query) override {
    http::Records records;
    if (const auto found = store->account(query.account).value())
      records.account = http::AccountView{.username = text(found->username)};
    return records;
  }
  const MemoryStore* store;
};

/// The team chirp with an owner, an administrator and a member; iku outside, with a personal organization.
struct Turso : Wire {
  explicit Turso(bool folds = false) : Wire(http::turso, folds), spellings(host.store) {
    address = "/v1/organizations/chirp/members";
    host.has_organization("o1", {}, "chirp");
    host.has_organization("o2", {}, "iku", false);
    for (const char* const name : {"boss", "adm", "mem", "iku", "pine"}) host.has_account(name, {}, name);
    host.has_member("o1", "boss", "owner");
    host.has_member("o1", "adm", "admin");
    host.has_member("o1", "mem", "member");
    host.has_member("o2", "iku", "owner");
  }
  Spellings spellings;
};

constexpr const char* forbidden = R"(403 {"error":"only organization admins or owners can add members"})";
constexpr const char* wrong_role = R"(400 {"error":"role must be one of admin, member, viewer"})";

}  // namespace

TEST_CASE("turso 1, 2: user name and role come back as bare strings, the role defaults to member") {
  struct Row {
    const char *sent, *answer;
  };
  for (const Row& row : {
           Row{R"({"username":"iku","role":"admin"})", R"(200 {"member":"iku","role":"admin"})"},
           Row{R"({"username":"iku","role":"viewer"})", R"(200 {"member":"iku","role":"viewer"})"},
           Row{R"({"username":"iku","role":"member"})", R"(200 {"member":"iku","role":"member"})"},
           Row{R"({"username":"iku"})", R"(200 {"member":"iku","role":"member"})"},
           Row{R"({"username":"iku","role":null})", R"(200 {"member":"iku","role":"member"})"},
       }) {
    INFO(row.sent);
    Turso api;
    CHECK(api.post(row.sent) == row.answer);
    CHECK(api.host.events.size() == 1);
  }
}

TEST_CASE("turso 2, 3, 4, 5, 6: every refusal in its own words, and nothing is written") {
  struct Row {
    const char* statement;
    const char *actor, *slug, *sent, *answer;
  };
  const Row rows[] = {
      {"2: owner is never granted", "boss", "chirp", R"({"username":"iku","role":"owner"})", wrong_role},
      {"2: a role of no catalog", "boss", "chirp", R"({"username":"iku","role":"root"})", wrong_role},
      {"2: the case of a role matters", "boss", "chirp", R"({"username":"iku","role":"Admin"})", wrong_role},
      {"2: a role with a blank", "boss", "chirp", R"({"username":"iku","role":"admin "})", wrong_role},
      {"2: an empty role", "boss", "chirp", R"({"username":"iku","role":""})", wrong_role},
      {"2: a role that is no string", "boss", "chirp", R"({"username":"iku","role":1})",
       R"(400 {"error":"role must be a string"})"},
      {"3: an unknown user", "boss", "chirp", R"({"username":"nobody"})",
       R"(404 {"error":"could not find user nobody"})"},
      {"3: a quote in a name is escaped", "boss", "chirp", R"({"username":"a\"},{"})",
       R"(404 {"error":"could not find user a\"},{"})"},
      {"3: a brace stands for itself", "boss", "chirp", R"({"username":"{organization}"})",
       R"(404 {"error":"could not find user {organization}"})"},
      {"4: a member already", "boss", "chirp", R"({"username":"mem"})",
       R"(409 {"error":"user mem is already a member of organization chirp"})"},
      {"4: a member with another role", "boss", "chirp", R"({"username":"mem","role":"admin"})",
       R"(409 {"error":"user mem is already a member of organization chirp"})"},
      {"5: a member may not add", "mem", "chirp", R"({"username":"iku"})", forbidden},
      {"5: nor a stranger", "pine", "chirp", R"({"username":"iku"})", forbidden},
      {"5: who learns nothing about users", "pine", "chirp", R"({"username":"nobody"})", forbidden},
      {"6: a personal organization", "iku", "iku", R"({"username":"pine"})",
       R"(400 {"error":"members can only be added to a team, not to a personal account"})"},
      {"(i) the body has no e-mail", "boss", "chirp", R"({"email":"iku@chirp.example"})",
       R"(400 {"error":"username is required"})"},
      {"(i) nor beside a user name", "boss", "chirp", R"({"username":"iku","email":"iku@chirp.example"})",
       R"(400 {"error":"name an existing user by username; to add somebody by email, send an invite"})"},
      {"(i) an empty user name", "boss", "chirp", R"({"username":""})",
       R"(400 {"error":"username must be the name of a user"})"},
      {"(i) a NUL in a user name", "boss", "chirp", R"({"username":"iku\u0000"})",
       R"(400 {"error":"username must be the name of a user"})"},
      {"(iv) an unknown slug", "boss", "nowhere", R"({"username":"iku"})", forbidden},
      {"(iv) a slug that cannot exist", "boss", "a%00b", R"({"username":"iku"})", forbidden},
      {"(vi) the user before the conflict", "boss", "chirp", R"({"username":"nobody","role":"member"})",
       R"(404 {"error":"could not find user nobody"})"},
      {"the shape before the actor", "pine", "chirp", R"({})", R"(400 {"error":"username is required"})"},
  };
  for (const Row& row : rows) {
    INFO(row.statement);
    Turso api;
    api.who.actor = by(row.actor);
    const std::string address = "/v1/organizations/" + std::string(row.slug) + "/members";
    CHECK(shown(api.send(address, row.sent)) == row.answer);
    CHECK(api.host.events.empty());
    CHECK(api.host.role_of("o1", "mem") == "member");
  }
}

TEST_CASE("turso (iv): staff is told that a slug is unknown") {
  Turso api;
  api.who.actor = staff();
  CHECK(shown(api.send("/v1/organizations/nowhere/members", R"({"username":"iku"})")) ==
        R"(404 {"error":"could not find organization nowhere"})");
  const std::string too_long(80, 'x');
  CHECK(shown(api.send("/v1/organizations/" + too_long + "/members", R"({"username":"iku"})")) ==
        R"(404 {"error":"could not find organization )" + too_long.substr(0, 64) + "\"}");
}

TEST_CASE("turso (v): where user names are the same in every case, the stored spelling comes back") {
  Turso api(true);
  api.records = &api.spellings;
  api.host.has_account("m", {}, "MiXed");
  CHECK(api.post(R"({"username":"mIXED"})") == R"(200 {"member":"MiXed","role":"member"})");
  CHECK(api.post(R"({"username":"MIXED"})") ==
        R"(409 {"error":"user MiXed is already a member of organization chirp"})");
}

TEST_CASE("turso: a user name of 255 bytes is one, and a longer one is malformed") {
  Turso api;
  const std::string longest(255, 'u');
  api.host.has_account("a1", {}, longest);
  CHECK(shown(api.send(api.address, R"({"username":")" + longest + R"("})")) ==
        R"(200 {"member":")" + longest + R"(","role":"member"})");
  CHECK(api.send(api.address, R"({"username":"u)" + longest + R"("})").status == 400);
}

TEST_CASE("turso: without a credential 401, with the challenge that RFC 9110 asks for") {
  Turso api;
  api.who.actor.reset();
  const http::Response response = api.send(api.address, R"({"username":"iku"})");
  CHECK(shown(response) == R"(401 {"error":"missing or invalid authorization token"})");
  CHECK(header_of(response, "WWW-Authenticate") == "Bearer");
}

TEST_CASE("turso: an Idempotency-Key makes a retry a success, for this actor alone") {
  Turso api;
  api.headers.push_back({"Idempotency-Key", "\"k1\""});
  CHECK(api.post(R"({"username":"iku"})") == R"(200 {"member":"iku","role":"member"})");
  CHECK(api.post(R"({"username":"iku"})") == R"(200 {"member":"iku","role":"member"})");
  CHECK(api.host.events.size() == 1);
  api.who.actor = by("adm");
  CHECK(api.post(R"({"username":"iku"})") == R"(409 {"error":"user iku is already a member of organization chirp"})");
}

TEST_CASE("turso: a sentence says names as they were given, whatever they look like, and a brace of its own as it is") {
  constexpr http::Message messages[] = {
      {Outcome::account_not_found, "{{account}} is not in {organization}, {nobody} is {account"}};
  Turso api;
  api.api.messages = messages;
  CHECK(api.post(R"({"username":"{role}{organization}"})") ==
        R"(404 {"error":"{{role}{organization}} is not in chirp, {nobody} is {account"})");
}

}
