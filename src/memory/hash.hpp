// Keyed hashes: of ids, of text, of handles. The key prevents clients from choosing ids that collide.
#ifndef ROSTER_MEMORY_HASH_HPP
#define ROSTER_MEMORY_HASH_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "allocation.hpp"
#include "core/split_mix.hpp"
#include "portability.hpp"
#include "roster/id.hpp"

namespace roster::inline ROSTER_ABI {
namespace memory {

inline std::uint64_t load_8(const char* from) noexcept {
  std::uint64_t word;
  std::memcpy(&word, from, sizeof word);
  return word;
}
inline std::uint32_t load_4(const char* from) noexcept {
  std::uint32_t word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

/// Multiplies to 128 bits and folds the halves: every bit of both factors reaches the result.
inline std::uint64_t mix128(std::uint64_t a, std::uint64_t b) noexcept {
  const portability::Product product = portability::multiply(a, b);
  return product.low ^ product.high;
}

class Hasher {
 public:
  explicit Hasher(std::uint64_t seed) noexcept {
    SplitMix64 numbers(seed);
    for (std::uint64_t& key : keys_) key = numbers.next();
    keys_[4] |= 1;
    keys_[8] |= 1;
  }

  /// Bytes beyond the size of an id are zero, so whole words are hashed without looking at the size. The two halves are
  /// independent. No factor of a multiplication can be chosen without the key. The upper half of the result depends on
  /// every bit, so no further mixing is necessary.
  template <class Tag>
  [[gnu::always_inline]] inline std::uint32_t id(const Id<Tag>& id) const noexcept {
    static_assert(sizeof(Id<Tag>) == 64);
    const char* const at = reinterpret_cast<const char*>(&id);
    const std::uint64_t fifth = load_8(at + 32) * keys_[4];
    std::uint64_t hash = mix128((load_8(at) + fifth) ^ keys_[0], load_8(at + 8) ^ keys_[1]) ^
                         mix128(load_8(at + 16) ^ keys_[2], load_8(at + 24) ^ keys_[3]);
    if (id.view().size() > 40) [[unlikely]]
      hash ^= mix128((load_8(at + 40) + load_8(at + 56) * keys_[4]) ^ keys_[5], load_8(at + 48) ^ keys_[6]);
    return static_cast<std::uint32_t>(hash >> 32);
  }

  std::uint32_t text(std::string_view text) const noexcept {
    std::uint64_t hash = keys_[0] ^ text.size();
    const char* at = text.data();
    std::size_t left = text.size();
    for (; left > 16; left -= 16, at += 16) hash = mix128(load_8(at) ^ keys_[1], load_8(at + 8) ^ hash);
    std::uint64_t a = 0, b = 0;
    if (left >= 8) {
      a = load_8(at);
      b = load_8(at + left - 8);
    } else if (left >= 4) {
      a = load_4(at);
      b = load_4(at + left - 4);
    } else if (left > 0) {
      a = static_cast<unsigned char>(at[0]);
      b = std::uint64_t{static_cast<unsigned char>(at[left / 2])} << 8 | static_cast<unsigned char>(at[left - 1]);
    }
    return finish(mix128(a ^ keys_[2], b ^ hash));
  }

  /// All 64 bits are used: the upper half finds a slot, and bits 26 to 31 are compared before a record is read.
  std::uint64_t handle(Handle handle) const noexcept { return mix128(handle + keys_[7], keys_[8]); }

 private:
  static std::uint32_t finish(std::uint64_t hash) noexcept {
    hash = (hash ^ (hash >> 32)) * 0x9FB21C651E98DF25u;
    return static_cast<std::uint32_t>(hash >> 32);
  }

  std::uint64_t keys_[9];
};

}  // namespace memory
}  // namespace roster::inline ROSTER_ABI

#endif
