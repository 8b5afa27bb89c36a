// Proves that no code block of a page is left out by the tests. A block is quoted from a file that they compile
// (quotes_test.cpp), run by a test, or printed by a program. Commands of scripts and presets of the tree may stand
// alone. A page states in the sentence before any other block that the tests do not run it, and why.
#include <filesystem>
#include <sstream>

#include "catch.hpp"
#include "pages.hpp"

namespace blocks_test {

using pages::Block;

namespace {

/// The commands of a shell block, as words. Comments are left out, and lines that end in a backslash are joined.
std::vector<pages::Lines> commands_of(const pages::Lines& code) {
  std::vector<pages::Lines> commands(1);
  for (const std::string& line : code) {
    std::istringstream words(line);
    bool continues = false;
    for (std::string word; words >> word && word != "#";) {
      continues = word == "\\";
      if (word == "&&")
        commands.emplace_back();
      else if (!continues)
        commands.back().push_back(word);
    }
    if (!continues) commands.emplace_back();
  }
  std::erase_if(commands, [](const pages::Lines& command) { return command.empty(); });
  return commands;
}

bool has_preset(const std::string& name) {
  return pages::joined(pages::lines_of("CMakePresets.json")).find("\"name\": \"" + name + "\"") != std::string::npos;
}

/// True for `sh FILE` of the tree, and for cmake and ctest with a preset of the tree.
bool is_of_the_tree(const pages::Lines& command) {
  if (command[0] == "sh") return command.size() > 1 && std::filesystem::exists(pages::root / command[1]);
  const bool presets = command[0] == "cmake" || command[0] == "ctest";
  return presets && command.size() > 2 && command[command.size() - 2] == "--preset" && has_preset(command.back());
}

/// The reason why no test covers the block; empty: one does, or the page states why not.
std::string uncovered(const Block& block) {
  if (!block.source.empty() || block.language == "text") return {};  // quotes_test.cpp; or a figure
  const std::string& path = block.runner.empty() ? block.output_of : block.runner;
  if (!path.empty() && !std::filesystem::exists(pages::root / path)) return "there is no " + path;
  if (!block.output_of.empty()) return {};  // outputs.sh compares it
  if (!block.runner.empty()) {
    const bool looks_for_itself = pages::joined(pages::lines_of(path)).find(path) != std::string::npos;
    return looks_for_itself ? "" : path + " does not look for its blocks";
  }
  if (block.above.find("do not run") != std::string::npos && block.above.find("because") != std::string::npos)
    return {};
  if (block.language != "sh") return "it has no comment that names its file or its test";
  for (const pages::Lines& command : commands_of(block.code))
    if (!is_of_the_tree(command)) return "`" + command[0] + "` is no script or preset of the tree";
  return {};
}

std::string uncovered(const pages::Lines& page) {
  return uncovered(pages::blocks_of(page).at(0));
}

}  // namespace

TEST_CASE("every block of a page is quoted, run, printed by a program, or stated not to be run") {
  for (const std::string& page : pages::all())
    for (const Block& block : pages::blocks_of(pages::lines_of(page))) {
      INFO(page << ":" << block.line << ": " << uncovered(block)
                << ". Before the block, write <!-- docs/examples/NAME.cpp -->, <!-- run by tests/FOLDER/NAME -->, "
                   "<!-- output of docs/examples/NAME.cpp -->, or a sentence: the tests do not run this, because ...");
      CHECK(uncovered(block).empty());
    }
}

TEST_CASE("a block that no test runs is found") {
  CHECK_FALSE(uncovered({"```sql", "SELECT 1;", "```"}).empty());
  CHECK_FALSE(uncovered({"It was not run.", "", "```sql", "SELECT 1;", "```"}).empty());
  CHECK(uncovered({"The tests do not run it, because", "it needs a", "cluster.", "", "```sql", "x", "```"}).empty());
  CHECK_FALSE(uncovered({"<!-- run by tests/none.cpp -->", "```sql", "x", "```"}).empty());
  CHECK_FALSE(uncovered({"<!-- run by tests/catch.hpp -->", "```sql", "x", "```"}).empty());
  CHECK_FALSE(uncovered({"<!-- output of docs/examples/none.cpp -->", "```", "x", "```"}).empty());
  CHECK(uncovered({"<!-- docs/examples/010-add-one.cpp -->", "```cpp", "x", "```"}).empty());
  CHECK_FALSE(uncovered({"```cmake", "x", "```"}).empty());
  CHECK_FALSE(uncovered({"```", "x", "```"}).empty());

  CHECK(uncovered(
            {"```sh", "sh docs/quickstart.sh  # and more", "cmake --preset all && \\", "  ctest --preset all", "```"})
            .empty());
  CHECK_FALSE(uncovered({"```sh", "sh docs/none.sh", "```"}).empty());
  CHECK_FALSE(uncovered({"```sh", "sh docs/quickstart.sh", "make install", "```"}).empty());
  CHECK_FALSE(uncovered({"```sh", "cmake --preset none", "```"}).empty());
}

TEST_CASE("the blocks of a page are read with their comments") {
  const auto blocks =
      pages::blocks_of({"<!-- b/a.cpp -->", "```cpp", "x", "```", "", "Above", "it.", "", "```sh", "y", "z", "```",
                        "<!-- run by b/c -->", "```", "```", "<!-- output of b/d -->", "```", "```"});
  REQUIRE(blocks.size() == 4);
  CHECK(blocks[0].source == "b/a.cpp");
  CHECK(blocks[0].code == pages::Lines{"x"});
  CHECK(blocks[1].source.empty());
  CHECK(blocks[1].language == "sh");
  CHECK(blocks[1].above == "Above it. ");
  CHECK(blocks[1].code == pages::Lines{"y", "z"});
  CHECK((blocks[2].runner == "b/c" && blocks[2].source.empty()));
  CHECK((blocks[3].output_of == "b/d" && blocks[3].source.empty()));
}

}
