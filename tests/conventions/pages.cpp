// Reads the pages of the tree. It proves nothing by itself.
#include "pages.hpp"

#include <algorithm>
#include <fstream>

#include "catch.hpp"

namespace pages {

std::vector<std::string> under(const char* folder, const char* extension) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder))
    if (entry.path().extension() == extension)
      found.push_back(std::filesystem::relative(entry.path(), root).generic_string());
  std::sort(found.begin(), found.end());
  return found;
}

Lines lines_of(const std::string& path) {
  std::ifstream file(root / path);
  INFO(path);
  REQUIRE(file);
  Lines lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::string joined(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::vector<std::string> all() {
  std::vector<std::string> found = under("docs", ".md");
  found.insert(found.end(), {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "fuzz/README.md"});
  return found;
}

std::vector<std::string> public_headers() {
  return under("include/roster", ".hpp");
}

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
  return first == std::string_view::npos ? "" : std::string(text.substr(first, last - first + 1));
}

bool Fences::in_code(std::string_view line) {
  const bool fence = trimmed(line).starts_with("```");
  const bool code = open_ || fence;
  if (fence) open_ = !open_;
  return code;
}

namespace {

/// The path that a comment before a block names after `words`; empty: the line is no such comment.
std::string path_after(std::string_view words, std::string_view line) {
  static constexpr std::string_view before = "<!-- ", after = " -->";
  if (!line.starts_with(before) || !line.ends_with(after)) return {};
  line = line.substr(before.size(), line.size() - before.size() - after.size());
  if (!line.starts_with(words)) return {};
  const std::string_view path = line.substr(words.size());
  const bool is_path = path.find(' ') == std::string_view::npos && path.find('/') != std::string_view::npos;
  return is_path ? std::string(path) : "";
}

/// The paragraph that ends before line `end`, without a comment and empty lines behind it.
std::string paragraph_before(const Lines& page, std::size_t end) {
  while (end > 0 && (trimmed(page[end - 1]).empty() || page[end - 1].starts_with("<!--"))) --end;
  std::string text;
  for (; end > 0 && !trimmed(page[end - 1]).empty(); --end) text = trimmed(page[end - 1]) + " " + text;
  return text;
}

}  // namespace

std::vector<Block> blocks_of(const Lines& page) {
  std::vector<Block> blocks;
  Fences fences;
  for (std::size_t i = 0; i < page.size(); ++i) {
    const bool was_open = fences.open();
    if (!fences.in_code(page[i])) continue;
    if (!was_open) {
      const std::string before = i == 0 ? "" : trimmed(page[i - 1]);
      blocks.push_back({.line = i + 2,
                        .language = trimmed(page[i]).substr(3),
                        .source = path_after("", before),
                        .runner = path_after("run by ", before),
                        .output_of = path_after("output of ", before),
                        .above = paragraph_before(page, i),
                        .code = {}});
    } else if (fences.open()) {
      blocks.back().code.push_back(page[i]);
    }
  }
  return blocks;
}

std::vector<Block> run_by(const std::string& runner) {
  std::vector<Block> found;
  for (const std::string& page : all())
    for (Block& block : blocks_of(lines_of(page)))
      if (block.runner == runner) found.push_back(std::move(block));
  INFO(runner);
  REQUIRE_FALSE(found.empty());
  return found;
}

}  // namespace pages
