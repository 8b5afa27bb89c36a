// Proves that every link of a page to another page, file or heading of the tree resolves, and that the index is whole.
#include <cctype>
#include <map>
#include <optional>
#include <set>

#include "catch.hpp"
#include "pages.hpp"

namespace links_test {

using pages::Lines;

namespace {

/// The anchor that a heading gets: letters, digits, `_` and `-` in lower case, a blank becomes `-`.
std::string anchor_of(const std::string& heading) {
  std::string anchor;
  for (const char c : heading) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || byte >= 0x80 || c == '_' || c == '-')
      anchor += static_cast<char>(std::tolower(byte));
    if (c == ' ') anchor += '-';
  }
  return anchor;
}

std::set<std::string> anchors_of(const Lines& page) {
  std::set<std::string> anchors;
  std::map<std::string, int> repeated;
  pages::Fences fences;
  for (const std::string& line : page) {
    const std::size_t level = line.find_first_not_of('#');
    if (fences.in_code(line) || level == 0 || level == std::string::npos || line[level] != ' ') continue;
    const std::string anchor = anchor_of(line.substr(level + 1));
    const int before = repeated[anchor]++;
    anchors.insert(before == 0 ? anchor : anchor + "-" + std::to_string(before));
  }
  return anchors;
}

struct Link {
  std::size_t line = 0;  ///< from 1
  std::string target;
};

/// The targets of [text](target) outside code.
std::vector<Link> links_of(const Lines& page) {
  std::vector<Link> links;
  pages::Fences fences;
  for (std::size_t i = 0; i < page.size(); ++i) {
    if (fences.in_code(page[i])) continue;
    std::string line = page[i];
    bool code = false;
    for (char& c : line) {
      if (c == '`') code = !code;
      if (code) c = '`';
    }
    for (std::size_t at = line.find("]("); at != std::string::npos; at = line.find("](", at + 1)) {
      const std::size_t end = line.find(')', at);
      if (end != std::string::npos) links.push_back({i + 1, line.substr(at + 2, end - at - 2)});
    }
  }
  return links;
}

bool leads_outside(const std::string& target) {
  return target.find("://") != std::string::npos || target.starts_with("mailto:");
}

/// The reason why a link of `page` does not resolve.
std::optional<std::string> broken(const std::string& page, const std::string& target) {
  if (leads_outside(target)) return std::nullopt;
  const std::size_t hash = target.find('#');
  const std::string path = target.substr(0, hash);
  const std::filesystem::path from = std::filesystem::path(page).parent_path();
  const std::string file = path.empty() ? page : (from / path).lexically_normal().generic_string();
  if (!std::filesystem::exists(pages::root / file)) return "there is no " + file;
  if (hash == std::string::npos) return std::nullopt;
  const std::string anchor = target.substr(hash + 1);
  if (!anchors_of(pages::lines_of(file)).contains(anchor)) return file + " has no heading " + anchor;
  return std::nullopt;
}

}  // namespace

TEST_CASE("every link of the pages resolves") {
  std::size_t inside = 0;
  for (const std::string& page : pages::all())
    for (const Link& link : links_of(pages::lines_of(page))) {
      if (!leads_outside(link.target)) ++inside;
      INFO(page << ":" << link.line << ": " << broken(page, link.target).value_or(""));
      CHECK_FALSE(broken(page, link.target));
    }
  CHECK(inside > 20);
}

TEST_CASE("the index has a link to every page") {
  const std::string index = "docs/README.md";
  std::set<std::string> linked;
  for (const Link& link : links_of(pages::lines_of(index))) linked.insert("docs/" + link.target);
  for (const std::string& page : pages::all()) {
    if (!page.starts_with("docs/") || page.starts_with("docs/adr/") || page == index) continue;
    INFO(page << " is not in " << index);
    CHECK(linked.contains(page));
  }
}

TEST_CASE("the check of links finds those that do not resolve") {
  CHECK_FALSE(broken("README.md", "docs/adr/"));
  CHECK_FALSE(broken("docs/adr/0015-one-judge.md", "../../README.md"));
  CHECK_FALSE(broken("README.md", "https://example.com/nowhere"));
  CHECK_FALSE(broken("CONTRIBUTING.md", "#build-and-test"));
  CHECK(broken("README.md", "docs/none.md"));
  CHECK(broken("docs/adr/0015-one-judge.md", "README.md"));
  CHECK(broken("CONTRIBUTING.md", "#no-such-heading"));
  CHECK(broken("README.md", "CONTRIBUTING.md#no-such-heading"));

  const auto links = links_of({"[a](b.md) and `[c](d.md)`", "```", "[e](f.md)", "```", "[`g`](h.md#i)"});
  REQUIRE(links.size() == 2);
  CHECK(links[0].target == "b.md");
  CHECK(links[1].target == "h.md#i");
  CHECK(links[1].line == 5);
  CHECK(anchors_of({"# One `two_three`, four", "```", "# not", "```", "## A", "## A"}) ==
        std::set<std::string>{"one-two_three-four", "a", "a-1"});
}

}
