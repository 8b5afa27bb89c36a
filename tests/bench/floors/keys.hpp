// The keys of the floors: fixed in size, whole words, and hashed with one or three multiplications.
#ifndef ROSTER_BENCH_FLOORS_KEYS_HPP
#define ROSTER_BENCH_FLOORS_KEYS_HPP

#include <cstdint>
#include <cstring>
#include <string_view>

#include "../../../src/core/split_mix.hpp"

namespace floors {

__extension__ typedef unsigned __int128 Wide;

inline std::uint64_t fold_product(std::uint64_t a, std::uint64_t b) {
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

inline constexpr std::uint64_t salt_a = 0x9E3779B97F4A7C15u, salt_b = 0xD1B54A32D192ED03u, salt_c = 0xA0761D6478BD642Fu;

/// A 16-byte binary identifier: the strict form, in which a floor reads a quarter of what the engine is given.
struct Uuid {
  std::uint64_t high = 0, low = 0;
  std::uint64_t hash() const { return fold_product(high ^ salt_a, low ^ salt_b); }
  friend bool operator==(const Uuid& a, const Uuid& b) { return ((a.high ^ b.high) | (a.low ^ b.low)) == 0; }
};

/// The 36 bytes of a UUID as text, padded with zeros: the same identifiers that the engine is given.
struct Text {
  std::uint64_t words[5] = {};
  std::uint64_t hash() const {
    return fold_product(fold_product(words[0] ^ salt_a, words[1] ^ salt_b) ^ words[4],
                        fold_product(words[2] ^ salt_b, words[3] ^ salt_c));
  }
  friend bool operator==(const Text& a, const Text& b) {
    std::uint64_t difference = 0;
    for (int i = 0; i < 5; ++i) difference |= a.words[i] ^ b.words[i];
    return difference == 0;
  }
};

/// An organization and an account as one key: what plain maps are keyed by.
template <class Key>
struct Pair {
  Key organization, account;
  std::uint64_t hash() const { return fold_product(organization.hash() ^ salt_c, account.hash()); }
  friend bool operator==(const Pair& a, const Pair& b) {
    return a.account == b.account && a.organization == b.organization;
  }
};

/// ASCII lower case, eight bytes at a time.
inline std::uint64_t fold_case(std::uint64_t word) {
  constexpr std::uint64_t ones = 0x0101010101010101u, tops = ones * 0x80;
  const std::uint64_t low = word & ~tops;
  const std::uint64_t from_a = low + ones * (0x80 - 'A'), past_z = low + ones * (0x80 - 'Z' - 1);
  return word | (((from_a ^ past_z) & ~word & tops) >> 2);
}

/// A folded e-mail address of 8 to 32 bytes.
struct EmailKey {
  std::uint64_t words[4] = {};

  static EmailKey of(std::string_view address) {
    EmailKey key;
    const std::size_t whole = address.size() / 8, rest = address.size() % 8;
    for (std::size_t i = 0; i < whole; ++i) key.words[i] = fold_case(load(address.data() + 8 * i));
    if (rest != 0) key.words[whole] = fold_case(load(address.data() + address.size() - 8) >> (64 - 8 * rest));
    return key;
  }
  std::uint64_t hash() const {
    return fold_product(fold_product(words[0] ^ salt_a, words[1] ^ salt_b),
                        fold_product(words[2] ^ salt_b, words[3] ^ salt_c));
  }
  friend bool operator==(const EmailKey& a, const EmailKey& b) {
    return ((a.words[0] ^ b.words[0]) | (a.words[1] ^ b.words[1]) | (a.words[2] ^ b.words[2]) |
            (a.words[3] ^ b.words[3])) == 0;
  }

 private:
  static std::uint64_t load(const char* from) {
    std::uint64_t word;
    std::memcpy(&word, from, sizeof word);
    return word;
  }
};

/// What every layout keeps for one membership.
struct Record {
  Uuid id;
  std::uint32_t account = 0;  ///< the handle, in layout F; unused where the key of a map says it
  std::uint16_t role = 0;
  std::uint16_t state = 0;
  std::uint64_t added_at = 0;
  std::uint64_t version = 0;
};
static_assert(sizeof(Record) == 40);

/// Membership ids as cheap as they come.
class Splitmix : public roster::SplitMix64 {
 public:
  using SplitMix64::SplitMix64;
  Uuid uuid() {
    const std::uint64_t high = next();
    return {high, next()};
  }
};

/// What an add says in a floor: two outcomes and three refusals, one byte.
enum class Answer : std::uint8_t { added, existing, no_organization, forbidden, no_account };

}  // namespace floors

#endif
