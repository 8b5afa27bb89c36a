// Pages: the files of the tree that people read, for the tests that compare them with each other and with the code.
#ifndef ROSTER_TESTS_CONVENTIONS_PAGES_HPP
#define ROSTER_TESTS_CONVENTIONS_PAGES_HPP

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pages {

inline const std::filesystem::path root = ROSTER_SOURCE_DIR;

using Lines = std::vector<std::string>;

/// The lines of a file of the tree. Its absence fails the test.
Lines lines_of(const std::string& path);
std::string joined(const Lines& lines);

/// README, CONTRIBUTING, CHANGELOG, the page of fuzz and every page under docs, as paths from the root.
std::vector<std::string> all();
/// The public headers, as paths from the root.
std::vector<std::string> public_headers();
/// The files in a folder and below it whose names end so, as paths from the root.
std::vector<std::string> under(const char* folder, const char* extension);

std::string trimmed(std::string_view text);

/// Keeps track of the code blocks of a page, line by line.
class Fences {
 public:
  /// True if the line belongs to a code block, or opens or closes one.
  bool in_code(std::string_view line);
  bool open() const { return open_; }

 private:
  bool open_ = false;
};

/// One code block of a page. At most one of the three paths is set, by the comment in the line before the block.
struct Block {
  std::size_t line = 0;  ///< of its first line of code, from 1
  std::string language;
  std::string source;     ///< `<!-- PATH -->`: the file that the block quotes
  std::string runner;     ///< `<!-- run by PATH -->`: the test that runs the block
  std::string output_of;  ///< `<!-- output of PATH -->`: the program that prints the block
  std::string above;      ///< the paragraph before the block and its comment
  Lines code;
};
std::vector<Block> blocks_of(const Lines& page);

/// The blocks of all pages that this test runs. Their absence fails the test.
std::vector<Block> run_by(const std::string& runner);

}  // namespace pages

#endif
