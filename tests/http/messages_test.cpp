// Proves what the tables and the readers of roster::http say entry by entry: the sentence and the status of every
// outcome, every byte of an address, every way to write a credential.
#include <fstream>
#include <sstream>

#include "wire.hpp"

namespace messages_test {

using namespace wire;

namespace {

constexpr const http::Api* all[] = {&http::recoup, &http::turso, &http::piper, &http::mem0, &http::devin, &http::bulk};

/// One line for each sentence that an API has of its own, as tests/http/sentences.txt keeps them.
std::string sentences() {
  std::string lines;
  for (const http::Api* const api : all) {
    const auto line = [&](std::string_view status, std::string_view name, std::string_view text) {
      lines += std::string(api->name) + " " + std::string(status) + " " + std::string(name) + ": " + std::string(text) +
               "\n";
    };
    line("401", "unauthenticated", api->unauthenticated);
    for (const http::Message& own : api->messages)
      line(std::to_string(api->profile->status[own.outcome]), name(own.outcome), own.text);
  }
  return lines;
}

std::string part_read, query_read;
constexpr http::Field echo_parts[] = {{.name = "part"}}, echo_query[] = {{.name = "q"}};

/// An API that keeps what it read of an address.
struct Echo : Wire {
  Echo() : Wire(http::recoup) {
    api.path = "/{part}/end";
    api.parameters = echo_parts;
    api.query = echo_query;
    api.fields = {};
    api.read = [](http::RequestReader& reader) {
      part_read = reader.parameter("part");
      query_read = std::string(reader.query("q").value_or("absent"));
      reader.refuse(Outcome::forbidden);
    };
    part_read = query_read = "not read";
  }
};

std::optional<std::string> credential_of(const http::Api& api, std::string_view header, std::string_view value) {
  const http::Header headers[] = {{header, value}};
  const auto found = http::credential(api, {"POST", "/", headers, ""});
  return found ? std::optional(std::string(*found)) : std::nullopt;
}

}  // namespace

TEST_CASE("words: each API has for each outcome the status and the sentence that tests/http/sentences.txt lists") {
  std::stringstream kept;
  kept << std::ifstream(std::string(ROSTER_SOURCE_DIR) + "/tests/http/sentences.txt").rdbuf();
  CHECK(kept.str() == sentences());
}

TEST_CASE("words: every byte can be written with a percent sign, in either case, in a part of a path and in a query") {
  for (const char* const digits : {"0123456789abcdef", "0123456789ABCDEF"})
    for (unsigned byte = 0; byte < 256; ++byte) {
      const std::string written = {'%', digits[byte / 16], digits[byte % 16]}, wanted(1, static_cast<char>(byte));
      INFO(written);
      Echo api;
      CHECK(api.send("/a" + written + "b/end?q=c" + written + "d", "{}").status == 403);
      CHECK(part_read == "a" + wanted + "b");
      CHECK(query_read == "c" + wanted + "d");
    }
  for (const char* const wrong :
       {"%", "%4", "%g0", "%0g", "%/0", "%:0", "%@0", "%`0", "%0/", "%0:", "%0@", "%0`", "%0G"}) {
    INFO(wrong);
    Echo api;
    CHECK(api.send("/a" + std::string(wrong) + "/end", "{}").status == 404);
    CHECK(part_read == "not read");
  }
}

TEST_CASE("words: a credential stands behind its scheme, in letters of either case, and begins as the API's do") {
  struct Row {
    const char *header, *value, *credential;
  };
  for (const Row& row :
       {Row{"authorization", "Bearer apk_user_1", "apk_user_1"},
        Row{"Authorization", "bEARER   apk_user_1 ", "apk_user_1"}, Row{"authorization", "Bear apk_user_1", ""},
        Row{"authorization", "Bearerapk_user_1", ""}, Row{"authorization", "Bearer", ""},
        Row{"authorization", "Bearer apk_user_", ""}, Row{"authorization", "Bearex apk_user_1", ""},
        Row{"authorization", "Bearer apk_usex_1", ""}, Row{"authorization", "Bearer\tapk_user_1", ""},
        Row{"authorisation", "Bearer apk_user_1", ""}}) {
    INFO(row.header << ": " << row.value);
    CHECK(credential_of(http::devin, row.header, row.value).value_or("") == row.credential);
  }
}

TEST_CASE("words: an end that is over is a malformed field by its own name, in every form that has one") {
  Wire api(http::bulk);
  api.host.has_organization("acme");
  api.host.has_account("boss", "boss@x.example");
  api.host.has_account("ana", "ana@x.example");
  api.host.has_member("acme", "boss", "owner");
  const std::string answer = shown(api.send(
      "/organizations/acme/members", R"({"members":[{"account_id":"ana"}],"valid_until":"1970-01-01T00:00:00Z"})"));
  CHECK(answer.starts_with("400 "));
  CHECK(answer.find(R"("code":"valid_until_passed")") != std::string::npos);
  CHECK(answer.find(R"("errors":[{"in":"body","pointer":"","code":"valid_until_passed")") != std::string::npos);
}

TEST_CASE("words: nothing between two signs of a query is no parameter") {
  for (const char* const query : {"?q=x", "?&q=x", "?q=x&", "?&&q=x&&"}) {
    INFO(query);
    Echo api;
    api.api.ignores_unknown = false;
    CHECK(api.send("/a/end" + std::string(query), "{}").status == 403);
    CHECK(query_read == "x");
  }
}

TEST_CASE("words: a time has a digit in every place of a digit") {
  const std::string time = "2030-01-31T12:00:00.25+01:30";
  REQUIRE(http::time_of(time).has_value());
  for (std::size_t at = 0; at < time.size(); ++at)
    for (const char other : {'/', ':', 'x', ' ', '\0'}) {
      if (time[at] < '0' || time[at] > '9') continue;
      std::string wrong = time;
      wrong[at] = other;
      INFO(at << " " << other);
      CHECK_FALSE(http::time_of(wrong).has_value());
    }
}

}
