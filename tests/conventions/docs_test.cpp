// Proves that what the documents say in tables, and the paths they name, is what the code says and the tree holds.
#include <array>
#include <cctype>
#include <filesystem>
#include <iostream>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "pages.hpp"
#include "roster/outcome.hpp"
#include "roster/profiles.hpp"
#include "roster/result.hpp"

namespace docs_test {

using namespace roster;
using pages::joined;
using pages::lines_of;
using pages::root;

namespace {

/// The first row of the table of `page` under `header` that is not the one in `rows`; nothing if all are, and no others
/// follow. A row may say more behind what is compared.
std::optional<std::string> first_difference(const std::string& page, const std::string& header,
                                            const std::vector<std::string>& rows) {
  const std::vector<std::string> lines = lines_of(page);
  std::size_t at = 0;
  while (at < lines.size() && !lines[at].starts_with(header)) ++at;
  if (at == lines.size()) return "no such table";
  at += 2;  // the header, and the line under it
  const auto line = [&] { return at < lines.size() ? lines[at] : std::string(); };
  for (const std::string& row : rows) {
    if (!line().starts_with(row)) return line();
    ++at;
  }
  if (line().starts_with("|")) return line();
  return std::nullopt;
}

/// Prints the whole table on failure, unwrapped, so that it can be pasted into the page.
void require_table(const std::string& page, const std::string& header, const std::vector<std::string>& rows) {
  const std::optional<std::string> difference = first_difference(page, header, rows);
  if (difference) std::cout << page << " should have\n" << header << "\n" << joined(rows) << std::endl;
  INFO(page << " differs from the code first at: " << difference.value_or("nothing"));
  CHECK_FALSE(difference);
}

std::string code(std::string_view text) {
  return "`" + std::string(text) + "`";
}

// ---- words for the values in the table of profiles

const char* word(bool value) {
  return value ? "yes" : "no";
}
const char* word(OnUnknown value) {
  return std::array{"reject", "create", "invite"}[static_cast<std::size_t>(value)];
}
const char* word(OnConflict value) {
  return std::array{"keep", "reject", "replace", "raise"}[static_cast<std::size_t>(value)];
}
const char* word(ActorRule value) {
  return std::array{"host_decides", "member", "manager", "parent_manager"}[static_cast<std::size_t>(value)];
}
const char* word(ParentRule value) {
  return std::array{"ignore", "require", "add"}[static_cast<std::size_t>(value)];
}
const char* word(Mode value) {
  return std::array{"atomic", "best_effort"}[static_cast<std::size_t>(value)];
}
std::string word(std::uint32_t value) {
  return std::to_string(value);
}
std::string word(const RoleId& id) {
  return id.empty() ? "none" : code(id.view());
}
/// The catalog; what manages and what cannot be granted is said behind the name.
std::string word(std::span<const Role> roles) {
  if (roles.empty()) return "the organization's own";
  std::string words;
  for (const Role& role : roles) {
    if (!words.empty()) words += ", ";
    words += code(role.id.view());
    std::string more;
    for (const auto& [holds, what] :
         {std::pair(role.manages, "manages"), std::pair(role.owns, "owns"), std::pair(!role.assignable, "read only")})
      if (holds) more += (more.empty() ? " (" : ", ") + std::string(what);
    words += more.empty() ? "" : more + ")";
  }
  return words;
}
/// What differs from default_status.
std::string word(const StatusTable& table) {
  std::string words;
  for (const Outcome outcome : outcomes_by_precedence) {
    if (table[outcome] == default_status[outcome]) continue;
    if (!words.empty()) words += ", ";
    words += code(name(outcome)) + " " + std::to_string(table[outcome]);
  }
  return words.empty() ? "as usual" : words;
}

template <class Field>
std::string row(const char* field, Field Profile::*member) {
  std::string text = "| `" + std::string(field) + "` |";
  for (const Profile* profile :
       {&profiles::recoup, &profiles::turso, &profiles::piper, &profiles::mem0, &profiles::devin}) {
    text += " ";
    text += word(profile->*member);
    text += " |";
  }
  return text;
}

}  // namespace

TEST_CASE("the page on outcomes lists each in order of precedence, with its value and its usual status") {
  std::vector<std::string> rows;
  for (const Outcome outcome : outcomes_by_precedence)
    rows.push_back("| " + code(name(outcome)) + " | " + std::to_string(static_cast<int>(outcome)) + " | " +
                   std::to_string(default_status[outcome]) + " |");
  require_table("docs/reference/outcomes.md", "| outcome | value | status |", rows);
}

TEST_CASE("docs/reference/outcomes.md lists every error in order, with its value") {
  std::vector<std::string> rows;
  for (int value = 1; value <= 0xFFFF; ++value) {
    const std::string_view known = name(static_cast<Errc>(value));
    if (known != "unknown") rows.push_back("| " + code(known) + " | " + std::to_string(value) + " |");
  }
  CHECK(rows.size() > 20);
  require_table("docs/reference/outcomes.md", "| error | value |", rows);
}

TEST_CASE("docs/reference/profiles.md shows the five profiles as they are") {
  const std::vector<std::string> rows = {
      row("by_id", &Profile::by_id),
      row("by_email", &Profile::by_email),
      row("by_username", &Profile::by_username),
      row("on_unknown_account", &Profile::on_unknown_account),
      row("on_same_role", &Profile::on_same_role),
      row("on_other_role", &Profile::on_other_role),
      row("roles", &Profile::roles),
      row("default_role", &Profile::default_role),
      row("parent", &Profile::parent),
      row("actor", &Profile::actor),
      row("organization_is_account", &Profile::organization_is_account),
      row("hides_organizations", &Profile::hides_organizations),
      row("hides_accounts", &Profile::hides_accounts),
      row("mode", &Profile::mode),
      row("accounts_max", &Profile::accounts_max),
      row("organizations_max", &Profile::organizations_max),
      row("status", &Profile::status),
  };
  require_table("docs/reference/profiles.md", "| field | recoup | turso | piper | mem0 | devin |", rows);
}

TEST_CASE("every file that the documents name is there") {
  int named = 0;
  for (const std::string& page : pages::all()) {
    if (page == "CHANGELOG.md") continue;  // it also names what is gone
    const std::string text = joined(lines_of(page));
    const auto belongs = [&](std::size_t i) {
      return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) != 0 ||
                                 std::string_view("/._-").find(text[i]) != std::string_view::npos);
    };
    for (const std::string_view folder : {"docs/", "tests/", "src/", "include/", "fuzz/"}) {
      for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder, at + 1)) {
        if (at != 0 && belongs(at - 1)) continue;  // the tail of a longer path
        std::size_t end = at;
        while (belongs(end)) ++end;
        if (end < text.size() && std::string_view("<*{").find(text[end]) != std::string_view::npos)
          continue;  // a pattern
        while (text[end - 1] == '.' || text[end - 1] == '-') --end;
        const std::string path = text.substr(at, end - at);
        INFO(page << " names " << path);
        CHECK(std::filesystem::exists(root / path));
        ++named;
      }
    }
  }
  CHECK(named > 10);
}

TEST_CASE("the README stays within 85 lines, one screen and a half") {
  CHECK(lines_of("README.md").size() <= 85);
}

}
