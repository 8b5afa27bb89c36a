// Proves that a List behaves as the vector it stands for, inline and on the heap, and what happens to a moved one.
#include "roster/small_vector.hpp"

#include <numeric>
#include <vector>

#include "catch.hpp"

namespace small_vector_test {

namespace {

using roster::SmallVector;

struct Wide {
  std::uint64_t a, b, c;
  friend bool operator==(const Wide&, const Wide&) = default;
};

template <class T, std::uint32_t N>
std::vector<T> copy_of(const SmallVector<T, N>& list) {
  return {list.begin(), list.end()};
}

template <std::uint32_t N>
void grows_like_a_vector() {
  SmallVector<std::uint32_t, N> list;
  std::vector<std::uint32_t> model;
  CHECK(list.empty());
  CHECK(list.capacity() == N);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    REQUIRE(list.try_push_back(i * 7));
    model.push_back(i * 7);
    REQUIRE(list.size() == model.size());
    REQUIRE(list.capacity() >= list.size());
    REQUIRE(list.back() == model.back());
  }
  CHECK(copy_of(list) == model);
  list.truncate(2000);
  CHECK(list.size() == 1000);
  list.truncate(10);
  model.resize(10);
  CHECK(copy_of(list) == model);
  const auto room = list.capacity();
  list.clear();
  CHECK(list.empty());
  CHECK(list.capacity() == room);
}

}  // namespace

TEST_CASE("a list grows like a vector, with any number of inline elements") {
  grows_like_a_vector<0>();
  grows_like_a_vector<1>();
  grows_like_a_vector<8>();
  grows_like_a_vector<1000>();
}

TEST_CASE("an element of the list itself can be pushed, also when that moves the elements") {
  SmallVector<Wide, 2> list;
  REQUIRE(list.try_push_back({1, 2, 3}));
  for (int i = 0; i < 100; ++i) REQUIRE(list.try_push_back(list[0]));
  for (const Wide& wide : list) CHECK(wide == Wide{1, 2, 3});
}

TEST_CASE("an element made in place is cleared, also where another one stood") {
  SmallVector<Wide, 2> list;
  for (int i = 0; i < 20; ++i) {
    REQUIRE(list.try_push_back({1, 2, 3}));
    list.truncate(list.size() - 1);
    Wide* const made = list.try_emplace_back();
    REQUIRE(made != nullptr);
    CHECK(*made == Wide{0, 0, 0});
    CHECK(made == &list.back());
    made->a = static_cast<std::uint64_t>(i);
  }
  for (std::size_t i = 0; i < 20; ++i) CHECK(list[i].a == i);
}

TEST_CASE("resizing keeps what is there and fills the rest") {
  SmallVector<int, 4> list;
  REQUIRE(list.try_push_back(1));
  REQUIRE(list.resize(3, 9));
  CHECK(copy_of(list) == std::vector<int>{1, 9, 9});
  REQUIRE(list.resize(6, 7));
  CHECK(copy_of(list) == std::vector<int>{1, 9, 9, 7, 7, 7});
  REQUIRE(list.resize(2, 0));
  CHECK(copy_of(list) == std::vector<int>{1, 9});
  REQUIRE(list.resize_uninitialized(20));
  CHECK(list.size() == 20);
  CHECK(list[1] == 9);
}

TEST_CASE("reserve makes room once, and then nothing moves") {
  SmallVector<int, 2> list;
  REQUIRE(list.try_push_back(5));
  REQUIRE(list.reserve(100));
  const int* const before = list.data();
  for (int i = 1; i < 100; ++i) list.unchecked_push_back(i);
  CHECK(list.data() == before);
  CHECK(list[0] == 5);
  CHECK(list[99] == 99);
  REQUIRE(list.reserve(1));
  CHECK(list.data() == before);
}

TEST_CASE("assign replaces everything, also by a part of the list itself") {
  SmallVector<int, 2> list;
  const std::vector<int> values = {1, 2, 3, 4, 5};
  REQUIRE(list.assign(values));
  CHECK(copy_of(list) == values);
  REQUIRE(list.assign(list.span().subspan(2)));
  CHECK(copy_of(list) == std::vector<int>{3, 4, 5});
  REQUIRE(list.assign({}));
  CHECK(list.empty());
}

TEST_CASE("a moved list gives up its elements and can be used again") {
  for (const int size : {0, 1, 3, 4, 50}) {
    INFO("size " << size);
    std::vector<int> model(static_cast<std::size_t>(size));
    std::iota(model.begin(), model.end(), 1);
    SmallVector<int, 3> from;
    REQUIRE(from.assign(model));

    SmallVector<int, 3> made(std::move(from));
    CHECK(copy_of(made) == model);
    CHECK(from.empty());
    CHECK(from.capacity() == 3);
    REQUIRE(from.try_push_back(8));
    CHECK(copy_of(from) == std::vector<int>{8});

    for (const int old : {0, 2, 30}) {
      SmallVector<int, 3> to;
      REQUIRE(to.resize(static_cast<std::size_t>(old), -1));
      to = std::move(made);
      CHECK(copy_of(to) == model);
      CHECK(made.empty());
      made = std::move(to);
    }
    SmallVector<int, 3>& same = made;
    made = std::move(same);
    CHECK(copy_of(made) == model);
  }
}

TEST_CASE("a size that no list can have is refused, and the list stays as it was") {
  SmallVector<std::byte, 1> list;
  REQUIRE(list.try_push_back(std::byte{1}));
  if constexpr (sizeof(std::size_t) > 4) CHECK(!list.reserve(static_cast<std::size_t>(std::uint64_t{0xFFFFFFFF} + 1)));
  CHECK(!list.resize(~std::size_t{0}, std::byte{0}));
  CHECK(list.size() == 1);
  CHECK(list[0] == std::byte{1});
}

namespace {
struct Huge {  // 2^40 bytes: 2^24 of them are 2^64, which a size of 64 bits takes for 0
  std::byte bytes[std::size_t{1} << (sizeof(std::size_t) * 5)];
};
}  // namespace

TEST_CASE("a size whose bytes no object can have is refused, and not taken for what is left of it") {
  SmallVector<Huge, 0> list;
  const std::size_t around = std::size_t{1} << (sizeof(std::size_t) * 3);
  for (const std::size_t size : {around - 1, around, around + 1, around / 2, 2 * around + 1}) {
    INFO("size " << size);
    CHECK(!list.reserve(size));
    CHECK(!list.resize_uninitialized(size));
    CHECK(list.capacity() == 0);
  }
}

}
