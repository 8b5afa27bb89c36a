// The loop that a host has to write is short: under 15 lines in each example that shows one.
#include <fstream>
#include <string>

#include "catch.hpp"

namespace loop_length_test {

namespace {

/// Lines between the two marker comments; -1 if there are no such marks.
int loop_lines(const std::string& example) {
  std::ifstream file(std::string(ROSTER_SOURCE_DIR "/docs/examples/") + example);
  int lines = -1;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line == "// loop begins") {
      inside = true;
      lines = 0;
    } else if (line == "// loop ends") {
      return inside ? lines : -1;
    } else if (inside) {
      ++lines;
    }
  }
  return -1;
}

}  // namespace

TEST_CASE("each host's loop has fewer than 15 lines") {
  for (const char* example : {"060-asio.cpp", "070-callbacks.cpp", "080-own-loop.cpp"}) {
    CAPTURE(example);
    CHECK(loop_lines(example) > 3);
    CHECK(loop_lines(example) < 15);
  }
}

}
