// Proves that what each API says of a request that is wrong in one place stays as tests/http/refusals.txt keeps it, to
// the byte: every field of its table left out, null, of each wrong type and malformed, and every wrong header and
// address.
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "wire.hpp"

namespace refusals_test {

using namespace wire;
using nlohmann::json;

namespace {

const std::string org = uuid(1), boss = uuid(2), ana = uuid(3), a_role = uuid(4);

/// A request that the API carries out, and the role by which boss may make it.
struct Sample {
  const http::Api& api;
  const char* role;
  std::string target;
  json body;
};
std::vector<Sample> samples() {
  return {
      {http::recoup, "member", "/api/organizations/members", {{"organizationId", org}, {"email", "new@label.example"}}},
      {http::turso, "owner", "/v1/organizations/chirp/members", {{"username", "ana"}, {"role", "member"}}},
      {http::piper,
       "member",
       "/v1/organizations/" + org + "/members",
       {{"email", "ana@label.example"}, {"role_id", a_role}}},
      {http::mem0,
       "OWNER",
       "/api/v1/orgs/organizations/ent/projects/" + org + "/members/",
       {{"email", "ana@label.example"}, {"role", "READER"}}},
      {http::devin,
       "org_admin",
       "/v2/enterprise/organizations/" + org + "/members",
       {{"user_ids", {ana}}, {"org_ids", json::array()}, {"org_role", "org_member"}, {"group_names", json::array()}}},
      {http::bulk,
       "owner",
       "/organizations/" + org + "/members",
       {{"members", {{{"account_id", ana}, {"role", "member"}}, {{"email", "new@label.example"}}}},
        {"atomic", false},
        {"role", "member"},
        {"valid_until", "2030-01-01T00:00:00Z"}}},
  };
}

struct World : Wire {
  explicit World(const Sample& sample) : Wire(sample.api) {
    host.has_organization("ent");
    host.has_organization(org, "ent", "chirp");
    host.has_role(org, {.id = role(a_role), .rank = 1});
    host.has_account(boss, "boss@label.example", "boss");
    host.has_account(ana, "ana@label.example", "ana");
    host.has_member(org, boss, sample.role);
    host.has_member("ent", boss, sample.role);
    who.actor = by(boss);
  }
  std::string answer(std::string_view target, std::string_view body) {
    const http::Response response = send(target, body);
    std::string text = std::to_string(response.status);
    for (const auto& line : response.headers)
      if (line.name != "Content-Type" || response.status / 100 == 2)
        text += " " + std::string(line.name) + "=" + line.value;
    return text + " " + response.body;
  }
};

/// What stands in place of a field; the first leaves it out.
const char* const wrong_values[] = {"",   "null", "7",       "true",           "{}", R"("")", R"("\u0007")",
                                    "[]", "[7]",  R"([""])", R"([{"role":7}])"};

std::string refusals() {
  std::string lines;
  for (const Sample& sample : samples()) {
    const auto line = [&](const std::string& what, const std::string& answer) {
      lines += std::string(sample.api.name) + " " + what + ": " + answer + "\n";
    };
    const auto with = [&](const std::string& what, const json& body) {
      line(what, World(sample).answer(sample.target, body.dump()));
    };
    with("as it should be", sample.body);
    for (const http::Field& field : sample.api.fields) {
      const std::string name(field.name);
      for (const std::string value : wrong_values) {
        json body = sample.body;
        if (value.empty())
          body.erase(name);
        else
          body[name] = json::parse(value);
        with(name + "=" + value, body);
      }
      for (const http::Field& member : field.members)
        for (const std::string value : wrong_values) {
          json body = sample.body;
          if (value.empty())
            body[name][0].erase(std::string(member.name));
          else
            body[name][0][std::string(member.name)] = json::parse(value);
          with(name + "[0]." + std::string(member.name) + "=" + value, body);
        }
    }
    json more = sample.body;
    more["more"] = 1;
    with("a field more", more);
    const std::string body = sample.body.dump();
    for (const std::string text :
         {"", "[]", "{", "{\"a\":1,\"a\":2}", "{\"a\":\"\xFF\"}", "{\"a\":\"\\u0000\"}", "{\"a\":01}"})
      line("body `" + (text.find('\xFF') == std::string::npos ? text : std::string("not UTF-8")) + "`",
           World(sample).answer(sample.target, text));
    line("deep", World(sample).answer(sample.target, std::string(200, '[') + std::string(200, ']')));
    for (const http::Header& header :
         {http::Header{"Content-Type", "text/plain"}, http::Header{"Content-Encoding", "gzip"},
          http::Header{"Idempotency-Key", "a b"}, http::Header{"Idempotency-Key", "\"\""}}) {
      World world(sample);
      if (header.name == "Content-Type") world.headers.clear();
      world.headers.push_back(header);
      line(std::string(header.name) + " `" + std::string(header.value) + "`", world.answer(sample.target, body));
    }
    for (const char* const query : {"?more=1", "?dry_run=7", "?dry_run=true&dry_run=true", "?dry_run=true"})
      line(query, World(sample).answer(sample.target + query, body));
    line("elsewhere", World(sample).answer("/elsewhere", body));
    World got(sample);
    got.method = "GET";
    line("GET", got.answer(sample.target, body));
    World nobody(sample);
    nobody.who.actor.reset();
    line("without an actor", nobody.answer(sample.target, body));
    World unpermitted(sample);
    unpermitted.who.permitted = false;
    line("without permission", unpermitted.answer(sample.target, body));
    World small(sample);
    small.limits.body_bytes_max = 4;
    line("too long", small.answer(sample.target, body));
    std::string target = sample.target;
    if (const std::size_t at = target.find(org); at != std::string::npos) {
      line("an organization that is no UUID", World(sample).answer(target.replace(at, org.size(), "x%01"), body));
    }
  }
  return lines;
}

}  // namespace

TEST_CASE(
    "refusals: what each API says of a request that is wrong in one place is what tests/http/refusals.txt keeps") {
  const std::string path = std::string(ROSTER_SOURCE_DIR) + "/tests/http/refusals.txt";
  // After a change that is meant: ROSTER_REFUSALS=write, and read the difference.
  const char* const wish = std::getenv("ROSTER_REFUSALS");
  if (wish != nullptr && std::string_view(wish) == "write") std::ofstream(path) << refusals();
  std::ifstream file(path);
  std::istringstream written(refusals());
  std::size_t lines = 0;
  for (std::string kept, said; std::getline(file, kept); ++lines) {
    REQUIRE(std::getline(written, said));
    CHECK(said == kept);
  }
  std::string more;
  CHECK_FALSE(std::getline(written, more));
  CHECK(lines > 200);
}

}
