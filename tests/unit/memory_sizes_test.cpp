// Proves that the sizes of MemoryStore's tables are computed without overflow: at limits made small, and with records
// so large that few of them are more than an object can hold.
#include "../../src/memory/allocation.hpp"
#include "../../src/memory/chunked.hpp"
#include "catch.hpp"

namespace memory_sizes_test {

namespace memory = roster::memory;

namespace {
struct Huge {  // on 64 bits 2^40 bytes: 2^24 of them are 2^64, which a size takes for 0
  std::byte bytes[std::size_t{1} << (sizeof(std::size_t) * 5)];
};
}  // namespace

TEST_CASE("memory for more than an object can hold is refused") {
  const std::uint64_t wraps = std::uint64_t{1} << (sizeof(std::size_t) * 3);
  for (const std::uint64_t count : {wraps / 2, wraps - 1, wraps, wraps + 1, 2 * wraps, ~std::uint64_t{0}}) {
    INFO("count " << count);
    CHECK(memory::allocate<Huge>(count) == nullptr);
  }
  // 2^32 + 1 is 1 in 32 bits.
  if constexpr (sizeof(std::size_t) == 4) CHECK(memory::allocate<char>((std::uint64_t{1} << 32) + 1) == nullptr);
}

TEST_CASE("a chunked array ends at its limit, with all that it holds") {
  memory::Chunked<std::uint32_t, 2, 11> numbers;  // 44 of them; the array of chunks grows from 8, not to 16 but to 11
  for (std::uint32_t i = 0; i < 44; ++i) {
    std::uint32_t* const at = numbers.try_push_back();
    REQUIRE(at != nullptr);
    *at = i;
  }
  CHECK(numbers.try_push_back() == nullptr);
  CHECK(!numbers.reserve(45));
  CHECK(!numbers.reserve(~std::uint64_t{0}));
  CHECK(numbers.reserve(44));
  REQUIRE(numbers.size() == 44);
  for (std::uint32_t i = 0; i < 44; ++i) CHECK(numbers[i] == i);
  CHECK(numbers.bytes() == 44 * sizeof(std::uint32_t) + 11 * sizeof(void*));

  memory::Chunked<char, 0, 1> one;
  REQUIRE(one.try_push_back() != nullptr);
  CHECK(one.try_push_back() == nullptr);
}

}
