// Proves that UuidSource gives well-formed version 4 UUIDs, never the same one twice, whoever asks and however many at
// a time, and that its bits look like chance.
#include "roster/id_source.hpp"

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"

namespace id_source_test {

namespace {

using roster::AccountId;
using roster::MembershipId;
using roster::UuidSource;

std::vector<MembershipId> take(UuidSource& source, std::size_t count) {
  std::vector<MembershipId> ids(count);
  source.fill(ids);
  return ids;
}

bool has_twins(std::vector<MembershipId> ids) {
  std::sort(ids.begin(), ids.end());
  return std::adjacent_find(ids.begin(), ids.end()) != ids.end();
}

}  // namespace

TEST_CASE("every identifier is a version 4 UUID of the RFC's variant") {
  UuidSource source({0, 0});
  for (const MembershipId& id : take(source, 10'000)) {
    if (id.bytes[6] >> 4 != 4 || id.bytes[8] >> 6 != 2) FAIL("version or variant");
  }
}

TEST_CASE("a source gives the same identifiers in one call and in many") {
  UuidSource one({1, 2}), many({1, 2});
  const auto all = take(one, 1000);
  std::vector<MembershipId> pieces;
  for (std::size_t size = 0; pieces.size() < all.size(); ++size) {
    for (const auto& id : take(many, std::min(size, all.size() - pieces.size()))) pieces.push_back(id);
  }
  CHECK(pieces == all);
}

TEST_CASE("account ids are the text of the same UUIDs and count on with them") {
  UuidSource source({3, 4}), same({3, 4});
  std::vector<AccountId> accounts(5);
  source.fill(accounts);
  const auto ids = take(same, 6);
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const auto text = ids[i].text();
    CHECK(accounts[i].view() == std::string_view(text.data(), text.size()));
    CHECK(AccountId::parse(accounts[i].view()).value() == accounts[i]);
  }
  CHECK(take(source, 1)[0] == ids[5]);
}

TEST_CASE("no identifier is given twice, for plain and for random seeds") {
  std::vector<MembershipId> all;
  for (const std::array<std::uint64_t, 2> seed :
       {std::array<std::uint64_t, 2>{0, 0}, {0, 1}, {1, 0}, {~0ull, ~0ull}, {0x0123456789ABCDEF, 0xFEDCBA9876543210}}) {
    UuidSource source(seed);
    const auto ids = take(source, 200'000);
    all.insert(all.end(), ids.begin(), ids.end());
  }
  CHECK(!has_twins(all));
}

TEST_CASE("the count of an identifier can be told from it, so no two counts give the same") {
  // Undoes the source step by step. Where this holds there is no collision among all 2^64 counts of a seed.
  const auto unshift = [](std::uint64_t x, int by) {
    std::uint64_t y = x;
    for (int i = 0; i < 64 / by; ++i) y = x ^ (y >> by);
    return y;
  };
  const auto inverse = [](std::uint64_t odd) {
    std::uint64_t x = odd;
    for (int i = 0; i < 6; ++i) x *= 2 - odd * x;
    return x;
  };
  const std::uint64_t seed = 0xA5A5A5A5DEADBEEF;
  UuidSource source({seed, 99});
  std::uint64_t count = 0;
  for (const MembershipId& id : take(source, 50'000)) {
    std::uint64_t first = 0;
    for (std::size_t i = 8; i-- > 0;) first = first << 8 | id.bytes[i];
    first = (first & ~(0xFull << 52)) | static_cast<std::uint64_t>(id.bytes[15] >> 4) << 52;
    std::uint64_t x = unshift(first, 31) * inverse(0x94D049BB133111EB);
    x = unshift(x, 27) * inverse(0xBF58476D1CE4E5B9);
    x = (unshift(x, 30) - seed) * inverse(0x9E3779B97F4A7C15);
    if (x != count++) FAIL("count " << count - 1 << " came back as " << x);
  }
}

TEST_CASE("each free bit is set in about half of the identifiers, and changes from one to the next about as often") {
  constexpr std::size_t count = 20'000;
  UuidSource source({5, 6});
  const auto ids = take(source, count);
  for (std::size_t bit = 0; bit < 128; ++bit) {
    const bool is_fixed = (bit / 8 == 6 && bit % 8 >= 4) || (bit / 8 == 8 && bit % 8 >= 6);
    if (is_fixed) continue;
    const auto value = [&](std::size_t i) { return (ids[i].bytes[bit / 8] >> (bit % 8)) & 1; };
    std::size_t set = 0, changed = 0;
    for (std::size_t i = 0; i < count; ++i) set += static_cast<std::size_t>(value(i));
    for (std::size_t i = 1; i < count; ++i) changed += value(i) != value(i - 1) ? 1 : 0;
    INFO("bit " << bit);
    CHECK(set > count / 2 - 500);  // 500 is seven standard deviations
    CHECK(set < count / 2 + 500);
    CHECK(changed > count / 2 - 500);
    CHECK(changed < count / 2 + 500);
  }
}

TEST_CASE("threads that share a source share no identifier") {
  UuidSource source({7, 8});
  std::vector<std::vector<MembershipId>> taken(4);
  std::vector<std::thread> threads;
  for (auto& mine : taken) {
    threads.emplace_back([&source, &mine] {
      for (std::size_t i = 0; i < 2000; ++i) {
        const auto ids = take(source, i % 5);
        mine.insert(mine.end(), ids.begin(), ids.end());
      }
    });
  }
  for (auto& thread : threads) thread.join();
  std::vector<MembershipId> all;
  for (const auto& mine : taken) all.insert(all.end(), mine.begin(), mine.end());
  CHECK(all.size() == 16'000);
  CHECK(!has_twins(all));
}

}
