// Proves that our own API answers each member in the order of the request, tells created, changed and unchanged apart,
// and says no with problem details.
#include "wire.hpp"

namespace bulk_test {

using namespace wire;

namespace {

/// acme with an owner, an administrator and a viewer; ana outside.
struct Bulk : Wire {
  Bulk() : Wire(http::bulk) {
    address = "/organizations/acme/members";
    host.has_organization("acme");
    for (const char* const name : {"boss", "adm", "view", "ana"})
      host.has_account(name, std::string(name) + "@x.example", name);
    host.has_account("gone", {}, {}, true);
    host.has_member("acme", "boss", "owner");
    host.has_member("acme", "adm", "admin");
    host.has_member("acme", "view", "viewer");
  }
  std::string id(std::string_view who_is_it) {
    return R"("membership_id":")" + http::text_of(host.membership("acme", account(who_is_it)).id) + "\"";
  }
};

std::string problem(unsigned status, std::string_view title, std::string_view code, std::string_view detail) {
  return std::to_string(status) + R"( {"type":"about:blank","title":")" + std::string(title) + R"(","status":)" +
         std::to_string(status) + R"(,"code":")" + std::string(code) + R"(","detail":")" + std::string(detail) + "\"";
}
std::string problem(unsigned status, std::string_view title, Outcome outcome) {
  return problem(status, title, name(outcome), describe(outcome));
}
std::string error(std::string_view place, std::string_view code) {
  return R"({"in":"body","pointer":")" + std::string(place) + R"(","code":")" + std::string(code) + "\"";
}

}  // namespace

TEST_CASE("bulk: every member has its result, in the order of the request, what is created, changed and unchanged") {
  Bulk api;
  const std::string answer = api.post(
      R"({"members":[{"account_id":"ana"},{"username":"view","role":"member"},{"email":"ADM@x.example"},{"account_id":"ana"}]})");
  CHECK(answer == R"(201 {"dry_run":false,"results":[)"
                  R"({"index":0,"result":"created","code":"added","status":201,"account_id":"ana",)" +
                      api.id("ana") +
                      R"(,"role":"member"},)"
                      R"({"index":1,"result":"changed","code":"replaced","status":200,"account_id":"view",)" +
                      api.id("view") +
                      R"(,"role":"member","previous_role":"viewer"},)"
                      R"({"index":2,"result":"unchanged","code":"existing","status":200,"account_id":"adm",)" +
                      api.id("adm") +
                      R"(,"role":"admin"},)"
                      R"({"index":3,"result":"unchanged","code":"replayed","status":200,"account_id":"ana",)" +
                      api.id("ana") +
                      R"(,"role":"member"}],)"
                      R"("summary":{"created":1,"changed":1,"unchanged":2,"refused":0}})");
  CHECK(api.post(R"({"members":[{"account_id":"ana"}],"role":"member"})").starts_with("200 "));
  CHECK(api.post(R"({"members":[{"account_id":"ana"}],"role":"viewer"})").starts_with("200 "));
  CHECK(api.host.role_of("acme", "ana") == "viewer");
}

TEST_CASE("bulk: an add of an invited account makes a member, or says that it still waits, by policy") {
  for (const OnInvited policy : {OnInvited::activate, OnInvited::keep}) {
    Bulk api;
    api.host.has_member("acme", "ana", "member", MembershipState::invited);
    Profile rules = *api.api.profile;
    rules.on_invited = policy;
    api.api.profile = &rules;
    const std::string answer = api.post(R"({"members":[{"account_id":"ana"}]})");
    const bool accepts = policy == OnInvited::activate;
    CHECK(answer.starts_with("200 "));
    CHECK(answer.find(accepts ? R"("result":"changed","code":"accepted","status":200)"
                              : R"("result":"unchanged","code":"still_invited","status":200)") != std::string::npos);
    CHECK(api.host.membership("acme", account("ana")).state ==
          (accepts ? MembershipState::active : MembershipState::invited));
  }
}

TEST_CASE("bulk: one member's refusal leaves the others as they are, with 207, with `atomic` nothing is done") {
  const std::string members = R"("members":[{"email":"new@x.example"},{"account_id":"nobody"},{"username":"adm"}])";
  Bulk api;
  const std::string each = api.post("{" + members + "}");
  CHECK(each.starts_with("207 "));
  CHECK(each.find(R"("index":0,"result":"created","code":"added","status":201)") != std::string::npos);
  CHECK(each.find(R"("account_created":true)") != std::string::npos);
  CHECK(each.find(R"({"index":1,"result":"refused","code":"account_not_found","status":404,"detail":")" +
                  std::string(describe(Outcome::account_not_found)) + "\"}") != std::string::npos);
  CHECK(each.ends_with(R"("summary":{"created":1,"changed":0,"unchanged":1,"refused":1}})"));

  Bulk other;
  const std::string all = other.post("{" + members + R"(,"atomic":true})");
  CHECK(all.starts_with(problem(404, "Not Found", Outcome::account_not_found)));
  CHECK(all.find(R"("index":0,"result":"refused","code":"not_attempted","status":424)") != std::string::npos);
  CHECK(other.host.events.empty());
}

TEST_CASE("bulk: a refusal of all is one problem, and its status is that of the first") {
  struct Row {
    const char *statement, *actor, *target, *sent;
    unsigned status;
    const char* title;
    Outcome outcome;
  };
  const Row rows[] = {
      {"a viewer may not add", "view", "acme", R"({"members":[{"account_id":"ana"}]})", 403, "Forbidden",
       Outcome::forbidden},
      {"an unknown organization looks the same", "boss", "nowhere", R"({"members":[{"account_id":"ana"}]})", 403,
       "Forbidden", Outcome::forbidden},
      {"a role above one's own", "adm", "acme", R"({"members":[{"account_id":"ana"}],"role":"owner"})", 403,
       "Forbidden", Outcome::outranked},
      {"an unknown role", "boss", "acme", R"({"members":[{"account_id":"ana","role":"root"}]})", 422,
       "Unprocessable Content", Outcome::role_not_found},
      {"an unknown account", "boss", "acme", R"({"members":[{"username":"nobody"},{"account_id":"gone"}]})", 404,
       "Not Found", Outcome::account_not_found},
      {"a disabled account", "boss", "acme", R"({"members":[{"account_id":"gone"}]})", 409, "Conflict",
       Outcome::account_disabled},
      {"the last owner gives that up", "boss", "acme", R"({"members":[{"account_id":"boss"}],"role":"viewer"})", 409,
       "Conflict", Outcome::last_owner},
  };
  for (const Row& row : rows) {
    INFO(row.statement);
    Bulk api;
    api.who.actor = by(row.actor);
    const std::string target = "/organizations/" + std::string(row.target) + "/members";
    const http::Response response = api.send(target, row.sent);
    CHECK(shown(response).starts_with(problem(row.status, row.title, row.outcome)));
    CHECK(header_of(response, "Content-Type") == "application/problem+json");
    CHECK(api.host.events.empty());
  }
}

TEST_CASE("bulk: what is wrong with a request is said all at once, each with a JSON Pointer") {
  struct Row {
    const char *statement, *sent;
    std::vector<std::string> errors;
  };
  const Row rows[] = {
      {"no members", "{}", {error("/members", "missing")}},
      {"members that are no list", R"({"members":{}})", {error("/members", "wrong_type")}},
      {"an empty list", R"({"members":[]})", {error("/members", "empty")}},
      {"members that are no objects", R"({"members":["ana",{}]})", {error("/members/0", "wrong_type")}},
      {"an address and a field",
       R"({"members":[{"email":"x"},{"account":"ana"}],"a/b~":1})",
       {error("/members/0/email", "email_no_at"), error("/members/1/account", "unknown"), error("/a~1b~0", "unknown")}},
      {"no name and two names",
       R"({"members":[{},{"email":"a@x.example","username":"a"}]})",
       {error("/members/0", "ambiguous"), error("/members/1", "ambiguous")}},
      {"an id nobody has, an empty role",
       R"({"members":[{"account_id":"","role":""}]})",
       {error("/members/0/role", "id_empty"), error("/members/0/account_id", "id_empty")}},
      {"names with blanks at their ends and characters that are not seen",
       R"({"members":[{"account_id":"ana "},{"username":"an\u00ada"}],"role":" member"})",
       {error("/role", "id_blank_at_end"), error("/members/0/account_id", "id_blank_at_end"),
        error("/members/1/username", "id_invisible")}},
      {"numbers for strings",
       R"({"members":[{"account_id":1}],"role":2,"atomic":"yes"})",
       {error("/members/0/account_id", "wrong_type"), error("/role", "wrong_type"), error("/atomic", "wrong_type")}},
      {"a null is not the same as nothing",
       R"({"members":[{"account_id":"ana","role":null}]})",
       {error("/members/0/role", "wrong_type")}},
      {"not JSON", R"({"members")", {error("", "not_json")}},
  };
  for (const Row& row : rows) {
    INFO(row.statement);
    Bulk api;
    const std::string answer = api.post(row.sent);
    CHECK(answer.starts_with(R"(400 {"type":"about:blank","title":"Bad Request","status":400,"code":)"));
    std::size_t at = answer.find(R"("errors":[)");
    for (const std::string& one : row.errors) {
      INFO(one << " in " << answer);
      at = answer.find(one, at);
      CHECK(at != std::string::npos);
    }
    std::size_t errors = 0;
    for (at = answer.find(R"({"in":)"); at != std::string::npos; at = answer.find(R"({"in":)", at + 1)) ++errors;
    CHECK(errors == row.errors.size());
    CHECK(api.host.events.empty());
  }
}

TEST_CASE("bulk: a dry run says what would become of each and writes nothing, a misspelt parameter is refused") {
  Bulk api;
  const std::string body =
      R"({"members":[{"email":"new@x.example"},{"username":"view","role":"admin"},{"account_id":"nobody"}]})";
  const std::string dry = shown(api.send("/organizations/acme/members?dry_run=true", body));
  CHECK(dry.starts_with(
      R"(207 {"dry_run":true,"results":[{"index":0,"result":"created","code":"added","status":201,"account_created":true,"role":"member"},)"
      R"({"index":1,"result":"changed","code":"replaced")"));
  CHECK(api.host.events.empty());
  CHECK(shown(api.send("/organizations/acme/members?dry_run=false", body)).starts_with(R"(207 {"dry_run":false)"));
  CHECK(api.host.events.size() == 3);
  for (const char* const query : {"?dryrun=true", "?dry_run=1", "?dry_run", "?dry_run=true&dry_run=true"})
    CHECK(api.send("/organizations/acme/members" + std::string(query), body).status == 400);
}

TEST_CASE("bulk: what a dry run would create has no identifier, also where it is named again") {
  Bulk api;
  const std::string named_twice =
      R"({"members":[{"email":"new@x.example"},{"email":"New@x.example"},{"account_id":"ana"},{"account_id":"ana"}]})";
  CHECK(
      shown(api.send("/organizations/acme/members?dry_run=true", named_twice))
          .starts_with(
              R"(200 {"dry_run":true,"results":[{"index":0,"result":"created","code":"added","status":201,"account_created":true,"role":"member"},)"
              R"({"index":1,"result":"unchanged","code":"replayed","status":200,"role":"member"},)"
              R"({"index":2,"result":"created","code":"added","status":201,"account_id":"ana","role":"member"},)"
              R"({"index":3,"result":"unchanged","code":"replayed","status":200,"account_id":"ana","role":"member"}])"));
  CHECK(api.host.events.empty());
}

TEST_CASE("bulk: a retry with its key is unchanged, the key for another role is refused") {
  Bulk api;
  api.headers.push_back({"Idempotency-Key", "\"k-1\""});
  const std::string body = R"({"members":[{"account_id":"ana","role":"member"}]})";
  CHECK(api.post(body).starts_with("201 "));
  CHECK(api.post(body).find(R"("result":"unchanged","code":"replayed","status":200)") != std::string::npos);
  CHECK(api.post(R"({"members":[{"account_id":"ana","role":"viewer"}]})")
            .starts_with(problem(422, "Unprocessable Content", Outcome::request_reused)));
}

TEST_CASE("bulk: memberships may end at a time, written as RFC 3339 has it, which must not be over") {
  struct Row {
    const char* until;
    unsigned status;
    std::int64_t seconds;
  };
  for (const Row& row :
       {Row{"2030-01-31T12:00:00Z", 201, 1'896'091'200}, Row{"2030-01-31t13:30:00.5+01:30", 201, 1'896'091'200},
        Row{"2030-01-31T06:15:00-05:45", 201, 1'896'091'200}, Row{"2030-01-31T12:00:00-24:00", 400, 0},
        Row{"2028-02-29T23:59:60-00:00", 201, 1'835'481'600}, Row{"2023-11-14T22:13:20Z", 400, 0},
        Row{"1970-01-01T00:00:00Z", 400, 0}, Row{"2029-02-29T00:00:00Z", 400, 0}, Row{"2030-01-31", 400, 0},
        Row{"2030-01-31 12:00:00Z", 400, 0}, Row{"2030-01-31T12:00:00", 400, 0}, Row{"2030-13-01T00:00:00Z", 400, 0},
        Row{"2030-01-31T24:00:00Z", 400, 0}, Row{"2030-01-31T12:00:00.Z", 400, 0},
        Row{"2030-01-31T12:00:00+1:00", 400, 0}, Row{"", 400, 0}}) {
    INFO(row.until);
    Bulk api;
    const std::string body = R"({"members":[{"account_id":"ana"}],"valid_until":")" + std::string(row.until) + "\"}";
    const http::Response response = api.send(api.address, body);
    CHECK(response.status == row.status);
    if (row.status == 201)
      CHECK(static_cast<std::int64_t>(api.host.membership("acme", account("ana")).valid_until) / 1'000'000 ==
            row.seconds);
  }
}

TEST_CASE("bulk: a thousand members at once, with roles of their own, one more is refused") {
  Bulk api;
  const auto body = [](int members) {
    std::string text = R"({"members":[)";
    for (int i = 0; i < members; ++i)
      text += (i == 0 ? "" : ",") + (R"({"email":"u)" + std::to_string(i)) + R"(@x.example","role":")" +
              (i % 2 == 0 ? "viewer" : "member") + "\"}";
    return text + "]}";
  };
  const std::string answer = api.post(body(1'000));
  CHECK(answer.starts_with("201 "));
  CHECK(answer.ends_with(R"("summary":{"created":1000,"changed":0,"unchanged":0,"refused":0}})"));
  CHECK(api.host.role_of("acme", api.host.store.account(email("u998@x.example")).value()->id.view()) == "viewer");
  CHECK(api.host.role_of("acme", api.host.store.account(email("u999@x.example")).value()->id.view()) == "member");
  CHECK(api.post(body(1'001)).starts_with("400 "));
}

}
