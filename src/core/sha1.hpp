// SHA-1 (RFC 3174) of a text, for name-based UUIDs. Not for secrets: SHA-1 collisions can be constructed.
//
// Boost.Uuid has an implementation, but it throws. Under -fno-exceptions Boost would then require every host to define
// a function.
#ifndef ROSTER_CORE_SHA1_HPP
#define ROSTER_CORE_SHA1_HPP

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "roster/version.hpp"

namespace roster::inline ROSTER_ABI {

class Sha1 {
 public:
  void add(std::string_view text) noexcept {
    for (const char c : text) add_byte(static_cast<std::uint8_t>(c));
  }

  std::array<std::uint8_t, 20> finish() noexcept {
    const std::uint64_t bits = size_ * 8;
    add_byte(0x80);
    while (size_ % 64 != 56) add_byte(0);
    for (int shift = 56; shift >= 0; shift -= 8) add_byte(static_cast<std::uint8_t>(bits >> shift));
    std::array<std::uint8_t, 20> digest{};
    for (std::size_t i = 0; i < digest.size(); ++i) {
      digest[i] = static_cast<std::uint8_t>(state_[i / 4] >> (24 - 8 * (i % 4)));
    }
    return digest;
  }

 private:
  void add_byte(std::uint8_t byte) noexcept {
    block_[size_++ % 64] = byte;
    if (size_ % 64 == 0) mix_block();
  }

  static constexpr std::array<std::uint32_t, 4> round_constants = {0x5A827999u, 0x6ED9EBA1u, 0x8F1BBCDCu, 0xCA62C1D6u};

  void mix_block() noexcept {
    std::array<std::uint32_t, 80> w{};
    for (std::size_t i = 0; i < 64; ++i) w[i / 4] = (w[i / 4] << 8) | block_[i];
    for (std::size_t i = 16; i < 80; ++i) w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);

    auto [a, b, c, d, e] = state_;
    for (std::size_t i = 0; i < 80; ++i) {
      const std::size_t round = i / 20;
      const std::uint32_t choice = (b & c) | (~b & d), majority = (b & c) | (b & d) | (c & d), parity = b ^ c ^ d;
      const std::uint32_t f = round == 0 ? choice : round == 2 ? majority : parity;
      const std::uint32_t next = std::rotl(a, 5) + f + round_constants[round] + e + w[i];
      e = d;
      d = c;
      c = std::rotl(b, 30);
      b = a;
      a = next;
    }
    state_ = {state_[0] + a, state_[1] + b, state_[2] + c, state_[3] + d, state_[4] + e};
  }

  std::array<std::uint32_t, 5> state_ = {0x67452301u, 0xEFCDAB89u, 0x98BADCFEu, 0x10325476u, 0xC3D2E1F0u};
  std::array<std::uint8_t, 64> block_{};
  std::uint64_t size_ = 0;
};

}  // namespace roster::inline ROSTER_ABI

#endif
