// Proves that the pages and the public headers can be read once: no sentence has more than 25 words, a page has 18 on
// average, and the programs that a page quotes are the examples that are compiled.
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

namespace {

namespace fs = std::filesystem;
const fs::path root = ROSTER_SOURCE_DIR;

std::vector<std::string> lines_of(const fs::path& path) {
  std::ifstream file(path);
  INFO(path.string());
  REQUIRE(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return text;
}

bool begins_item(std::string_view line) {
  if (line.starts_with("- ") || line.starts_with("* ") || line.starts_with("#") || line.starts_with(">")) return true;
  const std::size_t digits = line.find_first_not_of("0123456789");
  return digits != 0 && digits != line.npos && line.substr(digits).starts_with(". ");
}

/// Paragraphs and items of a list, each as one line: of a page, without its code and tables.
std::vector<std::string> paragraphs_of_page(const std::vector<std::string>& lines) {
  std::vector<std::string> all(1);
  bool code = false;
  for (const std::string& line : lines) {
    const std::string_view text = trimmed(line);
    if (text.starts_with("```")) code = !code;
    if (code || text.empty() || text.starts_with("|") || text.starts_with("```") || text.starts_with("<!--")) {
      all.emplace_back();
      continue;
    }
    if (begins_item(text)) all.emplace_back();
    all.back() += std::string(text) + " ";
  }
  return all;
}

/// The same of the comments of a header, without the code in them, which is indented.
std::vector<std::string> paragraphs_of_header(const std::vector<std::string>& lines) {
  std::vector<std::string> all(1);
  for (const std::string& line : lines) {
    const std::size_t at = line.find("//");
    std::string_view text = at == line.npos ? std::string_view() : std::string_view(line).substr(at);
    const bool whole = trimmed(line).starts_with("//");
    if (text.starts_with("///<") || !whole) all.emplace_back();
    const std::size_t mark = text.find_first_not_of("/<");
    text = mark == text.npos ? std::string_view() : text.substr(mark);
    if (text.starts_with("   ") || trimmed(text).empty()) {
      all.emplace_back();
      continue;
    }
    if (begins_item(trimmed(text))) all.emplace_back();
    all.back() += std::string(trimmed(text)) + " ";
  }
  return all;
}

/// Words between blanks; what stands in backticks is one, and what has neither letter nor digit is none.
std::size_t words_of(std::string_view sentence) {
  std::size_t words = 0;
  bool code = false, counted = false;
  for (const char c : sentence) {
    if (c == '`') code = !code;
    if (std::isspace(static_cast<unsigned char>(c)) != 0 && !code) counted = false;
    const bool letter = std::isalnum(static_cast<unsigned char>(c)) != 0 || (c & 0x80) != 0 || c == '`';
    if (letter && !counted) {
      ++words;
      counted = true;
    }
  }
  return words;
}

/// Sentences end at a full stop, a question mark or an exclamation mark, before a blank and no small letter.
std::vector<std::string> sentences_of(const std::string& paragraph) {
  std::vector<std::string> all(1);
  bool code = false;
  for (std::size_t i = 0; i < paragraph.size(); ++i) {
    const char c = paragraph[i];
    all.back() += c;
    if (c == '`') code = !code;
    if (code || std::string_view(".!?").find(c) == std::string_view::npos) continue;
    std::size_t next = i + 1;
    while (next < paragraph.size() && std::string_view("\"')*").find(paragraph[next]) != std::string_view::npos) ++next;
    if (next >= paragraph.size() || paragraph[next] != ' ') continue;
    const std::size_t begin = paragraph.find_first_not_of(' ', next);
    if (begin != std::string::npos && std::islower(static_cast<unsigned char>(paragraph[begin])) == 0)
      all.emplace_back();
  }
  return all;
}

struct Prose {
  std::size_t sentences = 0, words = 0;
  std::vector<std::string> too_long;
};

Prose prose_of(const std::vector<std::string>& paragraphs) {
  Prose prose;
  for (const std::string& paragraph : paragraphs)
    for (const std::string& sentence : sentences_of(paragraph)) {
      const std::size_t words = words_of(sentence);
      if (words == 0) continue;
      ++prose.sentences;
      prose.words += words;
      if (words > 25) prose.too_long.push_back(std::to_string(words) + " words: " + sentence);
    }
  return prose;
}

void require_short(const std::string& name, const Prose& prose) {
  INFO(name);
  for (const std::string& sentence : prose.too_long) FAIL_CHECK(sentence);
  if (prose.sentences >= 5) CHECK(prose.words <= 18 * prose.sentences);
}

std::vector<fs::path> files(const fs::path& folder, const char* extension) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == extension) found.push_back(entry.path());
  return found;
}

std::vector<fs::path> pages() {
  std::vector<fs::path> found = files(root / "docs", ".md");
  for (const char* name : {"README.md", "CONTRIBUTING.md", "CHANGELOG.md"}) found.push_back(root / name);
  return found;
}

std::string name_of(const fs::path& path) {
  return fs::relative(path, root).string();
}

}  // namespace

TEST_CASE("no sentence of a page or a public header has more than 25 words") {
  for (const fs::path& page : pages()) require_short(name_of(page), prose_of(paragraphs_of_page(lines_of(page))));
  for (const fs::path& header : files(root / "include", ".hpp"))
    require_short(name_of(header), prose_of(paragraphs_of_header(lines_of(header))));
}

TEST_CASE("the rule about sentences finds those that break it") {
  std::string words;
  for (int i = 0; i < 25; ++i) words += "word ";
  const auto too_long = [](const std::string& text) { return prose_of({text}).too_long.size(); };
  CHECK(too_long(words + "end.") == 1);
  CHECK(too_long(words) == 0);
  CHECK(too_long(words + "end. " + words) == 1);
  CHECK(too_long("A " + words + ". A " + words + ".") == 2);
  CHECK(too_long("Word " + words.substr(5) + ". Word " + words.substr(5) + ".") == 0);
  CHECK(too_long("Short. " + words + "one more. Short.") == 1);
  CHECK(too_long(words + "`a b c d`") == 1);
  CHECK(
      prose_of(paragraphs_of_header({"/// " + words, "/// more.", "int a;  ///< " + words + "more"})).too_long.size() ==
      2);
  CHECK(
      prose_of(paragraphs_of_page({"```", words + "more", "```", "| " + words + "more |", "- " + words, "- " + words}))
          .too_long.empty());
}

TEST_CASE("a program that a page quotes is the example that is compiled") {
  int quoted = 0;
  for (const fs::path& page : pages()) {
    const std::vector<std::string> lines = lines_of(page);
    for (std::size_t i = 1; i < lines.size(); ++i) {
      if (lines[i] != "```cpp" || !lines[i - 1].starts_with("<!-- ")) {
        const bool unquoted = lines[i] == "```cpp" && name_of(page) == "README.md";
        CHECK_FALSE(unquoted);
        continue;
      }
      const std::string example = lines[i - 1].substr(5, lines[i - 1].find(" -->") - 5);
      std::string program, quote;
      for (const std::string& line : lines_of(root / example)) program += std::string(trimmed(line)) + "\n";
      for (++i; i < lines.size() && lines[i] != "```"; ++i) quote += std::string(trimmed(lines[i])) + "\n";
      INFO(name_of(page) << " quotes " << example);
      CHECK(program.find(quote) != std::string::npos);
      ++quoted;
    }
  }
  CHECK(quoted > 0);
}
