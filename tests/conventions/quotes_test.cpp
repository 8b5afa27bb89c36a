// Proves that the code on a page is the code of an example that the suite compiles and runs, or of a public header.
//
// The line before a quoted block names its source: <!-- docs/examples/010-add-one.cpp -->. A line `// ...` in the
// block stands for lines that are left out. Indentation and empty lines do not count.
#include <optional>

#include "catch.hpp"
#include "pages.hpp"

namespace quotes_test {

using pages::Lines;

namespace {

Lines without_layout(const Lines& lines) {
  Lines kept;
  for (const std::string& line : lines)
    if (const std::string text = pages::trimmed(line); !text.empty()) kept.push_back(text);
  return kept;
}

/// The first quoted line that the source does not have in that order; nothing if it has all of them.
std::optional<std::string> first_not_quoted(const Lines& quoted, const Lines& from) {
  const Lines block = without_layout(quoted), source = without_layout(from);
  if (block.empty()) return "an empty block";
  std::size_t at = 0;  // the source before it is used up
  for (std::size_t begin = 0; begin < block.size();) {
    std::size_t end = begin;
    while (end < block.size() && block[end] != "// ...") ++end;
    // The piece stands in one place, and the longest match so far names the line that differs.
    std::size_t longest = 0, found = source.size() + 1;
    for (std::size_t start = at; start < source.size() && found > source.size(); ++start) {
      std::size_t same = 0;
      while (begin + same < end && start + same < source.size() && source[start + same] == block[begin + same]) ++same;
      longest = std::max(longest, same);
      if (begin + same == end) found = start + same;
    }
    if (found > source.size()) return block[begin + longest];
    at = found;
    begin = end + 1;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("every quoted block of a page is in the file that it names") {
  std::size_t quoted = 0;
  for (const std::string& page : pages::all())
    for (const pages::Block& block : pages::blocks_of(pages::lines_of(page))) {
      if (block.source.empty()) continue;
      ++quoted;
      INFO(page << ":" << block.line << " is not in " << block.source
                << " from this line on: " << first_not_quoted(block.code, pages::lines_of(block.source)).value_or(""));
      CHECK_FALSE(first_not_quoted(block.code, pages::lines_of(block.source)));
    }
  CHECK(quoted > 0);
}

TEST_CASE("the comparison of quoted blocks finds what differs") {
  const Lines source = {"int main() {", "  one();", "", "  two();", "  three();", "}"};
  CHECK_FALSE(first_not_quoted({"one();", "two();"}, source));
  CHECK_FALSE(first_not_quoted({"    one();", "// ...", "three();"}, source));
  CHECK(first_not_quoted({"one();", "three();"}, source) == "three();");
  CHECK(first_not_quoted({"two();", "// ...", "one();"}, source) == "one();");
  CHECK(first_not_quoted({"one( );"}, source) == "one( );");
  CHECK(first_not_quoted({"}", "}"}, source) == "}");
  CHECK(first_not_quoted({}, source));
}

}
