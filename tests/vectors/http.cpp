// The vectors of roster::http: each API is sent the same bodies, good and bad, in the same small world.
#include "roster/http/apis.hpp"
#include "roster/http/handler.hpp"
#include "roster/roster.hpp"
#include "vectors.hpp"

namespace vectors {
namespace {

using namespace roster;

constexpr const char *acme = "00000000-0000-4000-8000-000000000001", *boss = "00000000-0000-4000-8000-000000000002",
                     *ana = "00000000-0000-4000-8000-000000000003", *gone = "00000000-0000-4000-8000-000000000004",
                     *part = "00000000-0000-4000-8000-000000000005", *post = "00000000-0000-4000-8000-000000000006";

template <class Id>
Id id(std::string_view text) {
  auto parsed = Id::parse(text);
  return parsed ? parsed.assume_value() : Id{};
}

void put_account(MemoryStore& store, const char* account, const char* name, bool disabled = false) {
  AccountRecord record{.id = id<AccountId>(account), .username = id<Username>(name), .disabled = disabled};
  auto email = Email::parse(std::string(name) + "@x.example");
  if (email) record.email = std::move(email).assume_value();
  (void)store.put_account(record);
}

/// An organization with a project inside it, both managed by the boss.
void furnish(MemoryStore& store, std::string_view highest_role) {
  (void)store.put_organization({.id = id<OrganizationId>(acme), .slug = Slug("acme")});
  (void)store.put_organization(
      {.id = id<OrganizationId>(part), .slug = Slug("part"), .parent = id<OrganizationId>(acme)});
  put_account(store, boss, "boss");
  put_account(store, ana, "ana");
  put_account(store, gone, "gone", true);
  for (const char* const place : {acme, part}) {
    (void)store.put_role(id<OrganizationId>(place), {.id = id<RoleId>(post), .rank = 1}, any_version);
    (void)store.put_membership({.id = MembershipId::of(place),
                                .organization = id<OrganizationId>(place),
                                .account = id<AccountId>(boss),
                                .role = id<RoleId>(highest_role)});
  }
}

class Wire {
 public:
  Wire(std::string& out, const http::Api& api, std::string_view highest_role, std::string target)
      : out_(out), handler_(api, store_, source_), target_(std::move(target)) {
    furnish(store_, highest_role);
  }

  void send(std::string_view body, const http::Authentication& who, std::string_view key = {}) {
    std::vector<http::Header> headers{{"Content-Type", "application/json"}};
    if (!key.empty()) headers.push_back({"Idempotency-Key", key});
    const auto response = handler_.handle({"POST", target_, headers, body}, who, Time{1'700'000'000'000'000});
    line(out_, handler_.api().name, "sent", body, key);
    line(out_, handler_.api().name, "status", std::to_string(response.status));
    for (const auto& header : response.headers) line(out_, handler_.api().name, "header", header.name, header.value);
    line(out_, handler_.api().name, "body", response.body);
  }

 private:
  std::string& out_;
  MemoryStore store_;
  UuidSource source_{{5, 6}};
  http::Handler handler_;
  std::string target_;
};

void play(Wire wire, std::initializer_list<std::string> bodies) {
  const http::Authentication the_boss{Actor{id<AccountId>(boss)}, true}, a_stranger{Actor{AccountId("stranger")}, true};
  for (const std::string& body : bodies) wire.send(body, the_boss);
  for (const std::string_view body : {"", "[]", "{", "{}", R"({"a":1,"a":2})", "{\"x\":\"\xFF\"}", R"({"x":1e999})"})
    wire.send(body, the_boss);
  const std::string& good = *bodies.begin();
  wire.send(good, a_stranger);
  wire.send(good, {});
  wire.send(good, {.actor = Actor{id<AccountId>(boss)}, .permitted = false});
  wire.send(good, the_boss, "\"order-4711\"");
}

/// {"a":"1","b":"2"} of a, 1, b, 2.
std::string object(std::initializer_list<std::string_view> words) {
  std::string text = "{";
  bool is_name = true;
  for (const std::string_view word : words) {
    if (is_name && text.size() > 1) text += ',';
    text.append("\"").append(word).append(is_name ? "\":" : "\"");
    is_name = !is_name;
  }
  return text + "}";
}

}  // namespace

void http(std::string& out) {
  play({out, http::recoup, "member", "/api/organizations/members"},
       {object({"organizationId", acme, "accountId", ana}), object({"organizationId", acme, "email", "ANA@x.example"}),
        object({"organizationId", acme, "email", "New@x.example"}), object({"organizationId", part, "accountId", gone}),
        object({"organizationId", "x", "accountId", ana}), object({"organizationId", acme, "email", "a@@b.c"})});
  play({out, http::turso, "owner", "/v1/organizations/acme/members"},
       {object({"username", "ana"}), object({"username", "ana"}), object({"username", "ana", "role", "admin"}),
        object({"username", "nobody"}), object({"username", "gone", "role", "chief"})});
  play({out, http::piper, post, "/v1/organizations/" + std::string(acme) + "/members"},
       {object({"email", "ana@x.example", "role_id", post}), object({"user_id", ana, "role_id", post}),
        object({"email", "new@x.example", "role_id", post}), object({"user_id", gone, "role_id", ana})});
  play({out, http::mem0, "OWNER",
        "/api/v1/orgs/organizations/" + std::string(acme) + "/projects/" + std::string(part) + "/members/"},
       {object({"email", "ana@x.example", "role", "READER"}), object({"email", "ana@x.example", "role", "OWNER"}),
        object({"email", "no@x.example", "role", "READER"}), object({"email", "ana@x.example", "role", "reader"})});
  play({out, http::devin, "org_admin", "/v2/enterprise/organizations/" + std::string(part) + "/members"},
       {R"({"user_ids":[")" + std::string(ana) + R"("],"org_ids":[]})", R"({"user_ids":["x","y"],"org_ids":["z"]})",
        R"({"user_ids":[")" + std::string(gone) + R"("],"org_ids":[],"role":"org_admin"})",
        R"({"group_names":["crew"]})"});
  play(
      {out, http::bulk, "owner", "/organizations/" + std::string(acme) + "/members"},
      {R"({"members":[{"username":"ana"},{"email":"New@x.example","role":"admin"},{"username":"ana"},{"username":"no"}]})",
       R"({"members":[{"username":"ana","role":"viewer"},{"account_id":")" + std::string(gone) + R"("}]})",
       R"({"members":[{"username":"ana","email":"a@b.c"},{},{"email":"\u00fc@x.example"},7]})"});
}

}  // namespace vectors
