// The stored form of a request key: bound to its actor, with the fingerprint of the request.
#ifndef ROSTER_CORE_REQUEST_HPP
#define ROSTER_CORE_REQUEST_HPP

#include <type_traits>

#include "bytes.hpp"
#include "portability.hpp"
#include "roster/command.hpp"
#include "roster/request.hpp"
#include "split_mix.hpp"

namespace roster::inline ROSTER_ABI {

/// A bit of the last four bytes of a bound key. It is always set, so no bound key is empty.
inline constexpr std::uint32_t bound_bit = 0x01000000u;

/// Adds a word to a running mix. The multiplication carries low bits up, the shift high bits down.
constexpr std::uint64_t mix_word(std::uint64_t mix, std::uint64_t word) noexcept {
  mix = (mix ^ word) * golden_ratio;
  return mix ^ (mix >> 32);
}

/// 8 of the 64 bytes of an id. The bytes after the text are zero, and the last byte is the size.
template <class Tag>
std::uint64_t word_at(const Id<Tag>& id, std::size_t at) noexcept {
  static_assert(sizeof id == 64 && std::is_trivially_copyable_v<Id<Tag>>);
  return get_bytes<std::uint64_t>(reinterpret_cast<const char*>(&id) + 8 * at);
}

/// Implements bound(). Each word of the actor costs a multiplication and an addition. Its factor fits into an
/// instruction.
[[gnu::always_inline]] inline IdempotencyKey bind(const IdempotencyKey& key, const AccountId& actor) noexcept {
  const std::uint64_t a = get_bytes<std::uint64_t>(key.bytes.data());
  const std::uint64_t b = get_bytes<std::uint64_t>(key.bytes.data() + 8);
  IdempotencyKey kept;
  if ((a | b) == 0) return kept;
  const std::uint64_t actor_mix = word_at(actor, 0) * 0x6A09E667u + word_at(actor, 1) * 0x3C6EF373u +
                                  word_at(actor, 2) * 0x54FF53A5u + word_at(actor, 3) * 0x510E527Fu +
                                  word_at(actor, 4) * 0x1B05688Du + word_at(actor, 5) * 0x1F83D9ABu +
                                  word_at(actor, 6) * 0x5BE0CD19u + word_at(actor, 7) * 0x428A2F99u;
  // Neither factor is zero for a zero key or an empty actor: a product with zero would lose the other half.
  const portability::Product mix = portability::multiply(a ^ actor_mix ^ 0xA54FF53A5F1D36F1u, b ^ 0x8EBC6AF09C88C6E3u);
  put_bytes(kept.bytes.data(), mix.low ^ mix.high);
  const auto rest = static_cast<std::uint32_t>((mix.low + mix.high * golden_ratio) >> 32);
  put_bytes(kept.bytes.data() + 8, rest | bound_bit);
  return kept;
}

/// The fingerprint of a cell in 32 bits: the kind of its command, the named role, the expiry, and the end of an
/// invitation. An empty role means that none was named. Two different requests collide by chance only, once in 2^32.
inline std::uint32_t fingerprint_of(CommandKind kind, const RoleId& role, Time end,
                                    Time invitation_end = Time{}) noexcept {
  std::uint64_t mix = static_cast<std::uint64_t>(end) ^ (static_cast<std::uint64_t>(kind) + 1) << 56;
  if (invitation_end != Time{}) [[unlikely]]  // so that other requests keep the fingerprint of an older version
    mix = mix_word(mix_word(mix, 0), static_cast<std::uint64_t>(invitation_end));  // two equal ends must not cancel
  // Covers the text and the zero after it: most roles are one word.
  for (std::size_t at = 0; at <= role.view().size() / 8; ++at) mix = mix_word(mix, word_at(role, at));
  return static_cast<std::uint32_t>(mix >> 32);
}

}  // namespace roster::inline ROSTER_ABI

#endif
