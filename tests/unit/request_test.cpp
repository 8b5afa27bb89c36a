// Proves what a membership remembers of a request: that the 12 bytes of a key and an actor have nothing to do with
// those of another key or another actor, and that the 4 bytes of what was asked for tell requests apart.
#include "../../src/core/request.hpp"

#include <algorithm>
#include <bit>
#include <set>
#include <string>
#include <vector>

#include "catch.hpp"

namespace request_test {

using namespace roster;

namespace {

/// How many of the 96 bits differ.
int distance(const IdempotencyKey& a, const IdempotencyKey& b) {
  int bits = 0;
  for (std::size_t i = 0; i < bound_size; ++i) bits += std::popcount(static_cast<unsigned>(a.bytes[i] ^ b.bytes[i]));
  return bits;
}

/// How many bits changed, on average and at the least, in the keys that were changed in one bit.
struct Distances {
  double sum = 0;
  int count = 0, least = 96;
  void take(int bits) {
    sum += bits;
    ++count;
    least = std::min(least, bits);
  }
  double average() const { return sum / count; }
};

MembershipId counted(std::uint64_t number, std::size_t at) {
  MembershipId id;
  for (std::size_t i = 0; i < 8; ++i) id.bytes[at + i] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

}  // namespace

TEST_CASE("a bound key is empty where the key is, has no fingerprint, and is the same always") {
  CHECK(bound(IdempotencyKey{}, AccountId("ann")).empty());
  const IdempotencyKey key = IdempotencyKey::of("order-4711");
  CHECK_FALSE(bound(key, AccountId{}).empty());
  CHECK(bound(key, AccountId("ann")) == bound(key, AccountId("ann")));
  CHECK(fingerprint_of(bound(key, AccountId("ann"))) == 0);
}

TEST_CASE("one bit more in a key or in an actor gives another bound key in half of its bits") {
  Distances of_keys, of_actors;
  for (int n = 0; n < 50; ++n) {
    const IdempotencyKey key = IdempotencyKey::of(std::to_string(n));
    for (const std::size_t size : {1u, 7u, 8u, 9u, 36u, 56u, 57u, 63u}) {
      std::string actor(size, static_cast<char>('a' + n % 20));
      const IdempotencyKey kept = bound(key, AccountId::parse(actor).value());
      for (std::size_t bit = 0; bit < 128; ++bit) {
        IdempotencyKey other = key;
        other.bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
        of_keys.take(distance(kept, bound(other, AccountId::parse(actor).value())));
      }
      for (char& letter : actor) {
        letter = static_cast<char>(letter ^ 1);
        of_actors.take(distance(kept, bound(key, AccountId::parse(actor).value())));
        letter = static_cast<char>(letter ^ 1);
      }
      actor.back() = 'Z';
      of_actors.take(distance(kept, bound(key, AccountId::parse(actor).value())));
      actor.pop_back();
      if (!actor.empty()) of_actors.take(distance(kept, bound(key, AccountId::parse(actor).value())));
    }
  }
  for (const Distances& distances : {of_keys, of_actors}) {
    CHECK(distances.average() > 45);
    CHECK(distances.average() < 49);
    CHECK(distances.least >= 12);
  }
}

TEST_CASE("the parts of a bound key have nothing to do with each other") {
  Distances of_words;
  for (int n = 0; n < 5000; ++n) {
    const IdempotencyKey kept = bound(IdempotencyKey::of(std::to_string(n)), AccountId("ann"));
    const auto word = [&](std::size_t at) { return get_bytes<std::uint32_t>(kept.bytes.data() + at); };
    for (const auto& [a, b] : {std::pair(0, 4), std::pair(0, 8), std::pair(4, 8)})
      of_words.take(std::popcount(word(static_cast<std::size_t>(a)) ^ word(static_cast<std::size_t>(b))));
  }
  CHECK(of_words.average() > 15.8);
  CHECK(of_words.average() < 16.2);
  CHECK(of_words.least >= 2);
}

TEST_CASE("identifiers that count, in either half, give bound keys of their own, and other actors others") {
  std::set<std::string> seen;
  for (const std::size_t at : {0u, 8u})
    for (std::uint64_t n = 1; n <= 2000; ++n)
      for (const char* const actor : {"", "ann", "bob"}) {
        const IdempotencyKey drawn{counted(n, at).bytes};
        const IdempotencyKey kept = bound(drawn, *actor == '\0' ? AccountId{} : AccountId::parse(actor).value());
        const UuidText text = kept.text();
        REQUIRE_FALSE(kept.empty());
        REQUIRE(seen.insert(std::string(text.begin(), text.end())).second);
      }
}

TEST_CASE("what is remembered of a request hands its fingerprint back and is compared without it") {
  const IdempotencyKey key = bound(IdempotencyKey::of("a"), AccountId("ann"));
  for (const std::uint32_t fingerprint : {0u, 1u, 0x80u, 0x12345678u, 0xFFFFFFFFu}) {
    const IdempotencyKey kept = remembered(key, fingerprint);
    CHECK(fingerprint_of(kept) == fingerprint);
    CHECK(same_request(kept, key));
    CHECK(remembered(kept, 0) == key);
  }
  for (std::size_t byte = 0; byte < 16; ++byte) {
    IdempotencyKey other = key;
    other.bytes[byte] ^= 0x20;
    CHECK(same_request(other, key) == (byte >= bound_size));
  }
}

TEST_CASE("kinds, roles and ends have fingerprints of their own") {
  std::vector<RoleId> roles = {{}, RoleId("member"), RoleId("Member"), RoleId("members"), RoleId("admin")};
  for (std::size_t size = 1; size <= RoleId::size_max; ++size)
    roles.push_back(RoleId::parse(std::string(size, 'r')).value());
  std::set<std::uint32_t> seen;
  std::size_t count = 0;
  for (int kind = 0; kind <= static_cast<int>(CommandKind::change_expiry); ++kind)
    for (const RoleId& role : roles)
      for (const std::int64_t end : {0ll, 1ll, 2ll, 1'700'000'000'000'000ll, 1'700'000'000'000'001ll}) {
        seen.insert(fingerprint_of(static_cast<CommandKind>(kind), role, Time{end}));
        ++count;
      }
  CHECK(count > 4000);
  CHECK(seen.size() >= count - 1);  // of so many two may be the same by chance
}

}
