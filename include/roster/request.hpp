// Request: the 16 bytes of a request that a membership stores, and their comparison with another request.
//
//     IdempotencyKey stored = remembered(bound(key, actor), fingerprint);
//     bool again = same_request(stored, bound(key, actor));  // the same key and actor
#ifndef ROSTER_REQUEST_HPP
#define ROSTER_REQUEST_HPP

#include <cstdint>
#include <cstring>

#include "roster/id.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

// A membership stores 16 bytes of a request. The first 12 represent its key and its actor, the last 4 its content: the
// fingerprint. A store compares the 12 and returns the 4. So another actor learns nothing from a guessed key, and a key
// that is reused for another request is detected.

/// The number of bytes that represent the key and the actor.
inline constexpr std::size_t bound_size = 12;

/// bound() returns the first 12 bytes, with 0 as the fingerprint. They are a fixed mix of the key and the actor, equal
/// on every platform, and not a cryptographic digest. A key drawn by an operation (Report::idempotency_key) is bound
/// like any other. The result is empty exactly for an empty key.
IdempotencyKey bound(const IdempotencyKey& key, const AccountId& actor) noexcept;

/// same_request() is true if both represent one key and one actor, with any fingerprint.
inline bool same_request(const IdempotencyKey& a, const IdempotencyKey& b) noexcept {
  std::uint64_t x, y;
  std::uint32_t u, v;
  std::memcpy(&x, a.bytes.data(), sizeof x);
  std::memcpy(&y, b.bytes.data(), sizeof y);
  std::memcpy(&u, a.bytes.data() + sizeof x, sizeof u);
  std::memcpy(&v, b.bytes.data() + sizeof y, sizeof v);
  return ((x ^ y) | (u ^ v)) == 0;
}

/// fingerprint_of() returns the last 4 bytes, read as little-endian.
inline std::uint32_t fingerprint_of(const IdempotencyKey& remembered) noexcept {
  const std::uint8_t* const at = remembered.bytes.data() + bound_size;
  return std::uint32_t{at[0]} | std::uint32_t{at[1]} << 8 | std::uint32_t{at[2]} << 16 | std::uint32_t{at[3]} << 24;
}

/// set_fingerprint() replaces the last 4 bytes.
inline void set_fingerprint(IdempotencyKey& remembered, std::uint32_t fingerprint) noexcept {
  std::uint8_t* const at = remembered.bytes.data() + bound_size;
  at[0] = static_cast<std::uint8_t>(fingerprint);
  at[1] = static_cast<std::uint8_t>(fingerprint >> 8);
  at[2] = static_cast<std::uint8_t>(fingerprint >> 16);
  at[3] = static_cast<std::uint8_t>(fingerprint >> 24);
}

/// remembered() returns the 16 bytes that a membership stores: those of `bound`, with `fingerprint` as the last 4.
inline IdempotencyKey remembered(IdempotencyKey bound, std::uint32_t fingerprint) noexcept {
  set_fingerprint(bound, fingerprint);
  return bound;
}

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
