// Prints the vectors, or compares them with a file. Usage: vectors core|http [FILE]
#include <cstdio>
#include <cstring>
#include <string>

#include "vectors.hpp"

namespace {

bool read(const char* path, std::string& text) {
  std::FILE* const file = std::fopen(path, "rb");
  if (file == nullptr) return false;
  char block[4096];
  for (std::size_t size = 1; size != 0;) {
    size = std::fread(block, 1, sizeof block, file);
    text.append(block, size);
  }
  return std::fclose(file) == 0;
}

std::string_view line_at(std::string_view text, std::size_t start) {
  return text.substr(start, text.find('\n', start) - start);
}

/// Prints the first line that differs. Returns the exit code.
int compare(const std::string& made, const std::string& kept) {
  std::size_t start = 0;
  int number = 1;
  for (std::size_t i = 0; i < made.size() && i < kept.size() && made[i] == kept[i]; ++i)
    if (made[i] == '\n') {
      start = i + 1;
      ++number;
    }
  if (made == kept) {
    std::printf("vectors: %d lines are the same\n", number - 1);
    return kept.empty() ? 1 : 0;
  }
  const std::string here(line_at(made, start)), there(line_at(kept, start));
  std::printf("vectors: line %d differs\n  here: %s\n  kept: %s\n", number, here.c_str(), there.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::string made, kept;
  if (argc >= 2 && std::strcmp(argv[1], "core") == 0) {
    vectors::core(made);
#ifdef ROSTER_VECTORS_HTTP
  } else if (argc >= 2 && std::strcmp(argv[1], "http") == 0) {
    vectors::http(made);
#endif
  } else {
    std::fprintf(stderr, "usage: vectors core|http [FILE]\n");
    return 2;
  }
  if (argc == 2) return std::fwrite(made.data(), 1, made.size(), stdout) == made.size() ? 0 : 1;
  if (!read(argv[2], kept)) {
    std::fprintf(stderr, "cannot read `%s`\n", argv[2]);
    return 2;
  }
  return compare(made, kept);
}
