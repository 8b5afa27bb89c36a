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

std::vector<Block> blocks_of(const Lines& page) {
  static constexpr std::string_view before = "<!-- ", after = " -->";
  std::vector<Block> blocks;
  Fences fences;
  for (std::size_t i = 0; i < page.size(); ++i) {
    const bool was_open = fences.open();
    if (!fences.in_code(page[i])) continue;
    if (!was_open) {
      Block& block = blocks.emplace_back();
      block.line = i + 2;
      block.language = trimmed(page[i]).substr(3);
      const std::string above = i == 0 ? "" : trimmed(page[i - 1]);
      if (above.starts_with(before) && above.ends_with(after) && above.find('/') != std::string::npos)
        block.source = above.substr(before.size(), above.size() - before.size() - after.size());
    } else if (fences.open()) {
      blocks.back().code.push_back(page[i]);
    }
  }
  return blocks;
}

}  // namespace pages
