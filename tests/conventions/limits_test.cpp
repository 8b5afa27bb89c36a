// Proves that docs/reference/limits.md has every limit of the public headers, with its default.
#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string>
#include <string_view>

#include "catch.hpp"
#include "pages.hpp"
#include "roster/conformance.hpp"
#include "roster/http/exchange.hpp"
#include "roster/http/request_reader.hpp"
#include "roster/roster.hpp"
#include "roster/sqlite_store.hpp"

namespace limits_test {

using namespace roster;

namespace {

const std::string page = "docs/reference/limits.md";

struct Limit {
  std::string_view name;
  std::uint64_t value;
};

const std::array limits = {
    Limit{"Profile::accounts_max", Profile{}.accounts_max},
    Limit{"Profile::organizations_max", Profile{}.organizations_max},
    Limit{"Profile::cells_max", Profile{}.cells_max},
    Limit{"Id::size_max", AccountId::size_max},
    Limit{"Name::size_max", Username::size_max},
    Limit{"Email::size_max", Email::size_max},
    Limit{"Email::local_part_max", Email::local_part_max},
    Limit{"Email::domain_label_max", Email::domain_label_max},
    Limit{"roles_max", roles_max},
    Limit{"OrganizationRecord::seats_max", OrganizationRecord{}.seats_max},
    Limit{"http::Limits::body_bytes_max", http::Limits{}.body_bytes_max},
    Limit{"http::JsonLimits::depth_max", http::JsonLimits{}.depth_max},
    Limit{"http::JsonLimits::values_max", http::JsonLimits{}.values_max},
    Limit{"http::Field::items_max", http::Field{}.items_max},
    Limit{"SetReport::refusals_max", SetReport::refusals_max},
    Limit{"Options::tile_cells_max", Options{}.tile_cells_max},
    Limit{"Options::attempts_max", Options{}.attempts_max},
    Limit{"Options::unknown_commit_retries_max", Options{}.unknown_commit_retries_max},
    Limit{"SqliteOptions::busy_timeout_ms", SqliteOptions{}.busy_timeout_ms},
    Limit{"sqlite_fetch_statements_max", sqlite_fetch_statements_max},
    Limit{"sqlite_commit_statements_max", sqlite_commit_statements_max},
    Limit{"conformance::RunOptions::cells_max", conformance::RunOptions{}.cells_max},
};

/// The names ending in `_max` that a line gives a value: `name_max = value`.
std::set<std::string> limits_set_in(std::string_view line) {
  std::set<std::string> names;
  for (std::size_t at = line.find("_max = "); at != std::string_view::npos; at = line.find("_max = ", at + 1)) {
    std::size_t begin = at;
    while (begin > 0 && (std::isalnum(static_cast<unsigned char>(line[begin - 1])) != 0 || line[begin - 1] == '_'))
      --begin;
    names.emplace(line.substr(begin, at + 4 - begin));
  }
  return names;
}

bool is_on_the_page(std::string_view name) {
  return std::any_of(limits.begin(), limits.end(), [&](const Limit& limit) {
    return limit.name == name || limit.name.ends_with("::" + std::string(name));
  });
}

}  // namespace

TEST_CASE("the page on limits has the defaults of the headers, in this order") {
  const pages::Lines lines = pages::lines_of(page);
  std::size_t at = 0;
  for (const Limit& limit : limits) {
    const std::string row = "| `" + std::string(limit.name) + "` | " + std::to_string(limit.value) + " |";
    while (at < lines.size() && !lines[at].starts_with(row)) ++at;
    INFO(page << " should have, behind the rows before it: " << row);
    REQUIRE(at < lines.size());
  }
}

TEST_CASE("the page on limits leaves out no limit of the public headers") {
  // Not limits of a caller: storage of an address, the text of a message, the digits of a width, the size of a page.
  const std::set<std::string> private_ones = {"inline_max", "shown_max", "digits_max", "entries_max"};
  std::size_t found = 0;
  for (const std::string& header : pages::public_headers())
    for (const std::string& line : pages::lines_of(header)) {
      if (line.starts_with("    .") || pages::trimmed(line).starts_with("//")) continue;  // a use, or a comment
      for (const std::string& name : limits_set_in(line)) {
        if (private_ones.contains(name)) continue;
        INFO(header << ": " << name);
        CHECK(is_on_the_page(name));
        ++found;
      }
    }
  CHECK(found >= limits.size() - 1);
}

TEST_CASE("the search for limits finds each on a line") {
  CHECK(limits_set_in("  std::uint32_t accounts_max = 1, organizations_max = 1;") ==
        std::set<std::string>{"accounts_max", "organizations_max"});
  CHECK(limits_set_in("constexpr int max = 3;").empty());
  CHECK_FALSE(is_on_the_page("wishes_max"));
}

}
