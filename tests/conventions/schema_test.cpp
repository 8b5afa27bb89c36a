// Proves that the first schema of each store in SQL is fixed: a database made by any version of roster begins with it.
#include "catch.hpp"
#include "pages.hpp"
#include "roster/id.hpp"

namespace schema_test {

namespace {

/// The digest of the statements of a file, without their comments and without the spaces around words.
std::string digest_of(const std::string& path) {
  std::string statements;
  for (const std::string& line : pages::lines_of(path)) {
    bool spaced = true;
    for (const char c : std::string_view(line).substr(0, line.find("--"))) {
      if (c != ' ' || !spaced) statements += c;
      spaced = c == ' ';
    }
    while (!statements.empty() && statements.back() == ' ') statements.pop_back();
    statements += '\n';
  }
  const roster::UuidText digest = roster::IdempotencyKey::of(statements).text();
  return {digest.begin(), digest.end()};
}

}  // namespace

TEST_CASE("schema 1 does not change: a later change is a further step") {
  CHECK(digest_of("src/sqlite/schema/1-tables.sql") == "8c653876-8ac6-52c2-90f9-8130886fa56d");
  CHECK(digest_of("src/postgres/schema/1-tables.sql") == "65e7ca31-f314-5be6-9469-4f008ed454f2");
}

}
