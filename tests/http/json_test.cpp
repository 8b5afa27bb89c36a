// Proves that the reader of bodies takes JSON and nothing else, and says what is wrong and where; and that the writer's
// text can be read back whatever it was given.
#include "roster/http/json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "prop.hpp"

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace json_test {

using namespace roster::http;
using Kind = JsonError::Kind;

namespace {

std::string fault_of(std::string_view text, const JsonLimits& limits = {}) {
  JsonError fault;
  if (read_json(text, limits, fault)) return "none";
  constexpr const char* names[] = {"empty", "malformed", "not_utf8", "nul_byte", "too_deep", "too_many", "duplicate"};
  return std::string(names[static_cast<int>(fault.kind)]) + " " + std::to_string(fault.offset) +
         (fault.name.empty() ? "" : " " + fault.name);
}

}  // namespace

TEST_CASE("json: what is not one JSON text in UTF-8 is refused with its kind and its place") {
  using namespace std::string_view_literals;
  struct Row {
    std::string_view text;
    const char* fault;
  };
  const Row rows[] = {
      {"", "empty 0"},
      {" \t\r\n", "empty 0"},
      {"{}", "none"},
      {" [1, 2.5, -3, true, false, null, \"\"] ", "none"},
      {"{\"a\":1}{\"b\":2}", "malformed 7"},
      {"{\"a\":1} \0 {"sv, "nul_byte 8"},
      {"{\"a\":1}\0"sv, "nul_byte 7"},
      {"{\"a\":\"\0\"}"sv, "nul_byte 6"},
      {"{\"a\":1,}", "malformed 7"},
      {"{'a':1}", "malformed 1"},
      {"// c\n{}", "malformed 0"},
      {"[01]", "malformed 2"},
      {"[1e999]", "malformed 5"},
      {"[NaN]", "malformed 1"},
      {"[\"\xC3\x28\"]", "not_utf8 3"},
      {"[\"\xED\xA0\x80\"]", "not_utf8 3"},
      {"[\"\xC0\xAF\"]", "not_utf8 2"},
      {"[\"\\ud800\"]", "malformed 8"},
      {"[\"a\nb\"]", "malformed 3"},
      {"[\"", "malformed 2"},
      {"{\"a\":1,\"b\":2,\"a\":3}", "duplicate 0 a"},
      {"{\"a\":{\"x\":1,\"\\u0078\":2}}", "duplicate 0 x"},
      {"[{\"a\":1},{\"a\":1}]", "none"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(fault_of(row.text) == row.fault);
  }
}

TEST_CASE("json: depth and number of values have limits, and neither a deep nor a long text exhausts anything") {
  const auto deep = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  const JsonLimits limits;
  CHECK(fault_of(deep(limits.depth_max)) == "none");
  CHECK(fault_of(deep(limits.depth_max + 1)) == "too_deep 0");
  CHECK(fault_of(std::string(1'000'000, '[')) == "too_deep 0");
  CHECK(fault_of("[1,2,3]", {.values_max = 4}) == "none");
  CHECK(fault_of("[1,2,3]", {.values_max = 3}) == "too_many 0");
  std::string names = "{";
  for (int i = 0; i < 90'000; ++i) names += "\"n" + std::to_string(i) + "\":0,";
  CHECK(fault_of(names + "\"n7\":0}") ==
        "duplicate 0 n7");  // found by sorting, in time that does not grow with the square
}

TEST_CASE("json: what is written can be read by another reader, and says the same where it was UTF-8") {
  roster_test::Shares shares;
  roster_test::prop(
      "json: written text is JSON whatever bytes it was given", [&](const std::string& drawn, bool ascii) {
        std::string bytes = drawn;
        for (char& c : bytes)
          if (ascii) c = static_cast<char>(c & 0x7F);
        std::string text;
        JsonWriter(text).object().member("a", bytes).key(bytes).array().text(bytes).null().close_array().close_object();
        const auto read = nlohmann::json::parse(text, nullptr, false);
        RC_ASSERT(!read.is_discarded());
        bool is_utf8 = true;
        try {
          (void)nlohmann::json(bytes).dump();
        } catch (const nlohmann::json::exception&) {
          is_utf8 = false;
        }
        shares.count("UTF-8", is_utf8 && !bytes.empty());
        shares.count("not UTF-8", !is_utf8);
        if (is_utf8 && bytes != "a") RC_ASSERT(read.at("a") == bytes && read.at(bytes).at(0) == bytes);
      });
  shares.at_least("UTF-8", 30);
  shares.at_least("not UTF-8", 10);
}

#if __has_include(<sys/mman.h>)
TEST_CASE("json: the writer reads no byte before or behind the text that it is given") {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* const pages = mmap(nullptr, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);
  REQUIRE(pages != MAP_FAILED);
  char *const first = static_cast<char*>(pages) + page, *const end = first + page;
  REQUIRE(mprotect(first, page, PROT_READ | PROT_WRITE) == 0);
  std::fill(first, end, 'a');
  for (std::size_t size = 0; size <= 40; ++size)
    for (const char* at : {first, end - size}) {
      std::string text;
      JsonWriter(text).text(std::string_view(at, size));
      CHECK(text == '"' + std::string(size, 'a') + '"');
    }
  munmap(pages, 3 * page);
}
#endif

}
