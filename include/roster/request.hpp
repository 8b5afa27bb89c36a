// What a membership remembers of the request that last wrote it, and how that is compared with another request.
#ifndef ROSTER_REQUEST_HPP
#define ROSTER_REQUEST_HPP

#include <cstdint>
#include <cstring>

#include "roster/id.hpp"

ROSTER_PUBLIC_BEGIN

// A membership remembers 16 bytes of a request: 12 that stand for its key and its actor, then 4 that stand for what it
// asked for, its fingerprint. A store compares the 12 and hands back the 4. So who guesses the key of somebody else
// learns nothing from it, and a key that is used for something else is noticed.

inline constexpr std::size_t bound_size = 12;

/// The first 12 bytes, with 0 for the fingerprint: a fixed mix of the key and the actor, the same always and
/// everywhere; not a cryptographic digest. A key that an operation has drawn itself (Report::request) is bound as any
/// other. Empty for an empty key, and only for that.
RequestKey bound(const RequestKey& key, const AccountId& actor) noexcept;

/// Whether both stand for one key and one actor, whatever was asked for.
inline bool same_request(const RequestKey& a, const RequestKey& b) noexcept {
  std::uint64_t x, y;
  std::uint32_t u, v;
  std::memcpy(&x, a.bytes.data(), sizeof x);
  std::memcpy(&y, b.bytes.data(), sizeof y);
  std::memcpy(&u, a.bytes.data() + sizeof x, sizeof u);
  std::memcpy(&v, b.bytes.data() + sizeof y, sizeof v);
  return ((x ^ y) | (u ^ v)) == 0;
}

/// The last 4 bytes, the lowest first.
inline std::uint32_t fingerprint_of(const RequestKey& remembered) noexcept {
  const std::uint8_t* const at = remembered.bytes.data() + bound_size;
  return std::uint32_t{at[0]} | std::uint32_t{at[1]} << 8 | std::uint32_t{at[2]} << 16 | std::uint32_t{at[3]} << 24;
}

inline void set_fingerprint(RequestKey& remembered, std::uint32_t fingerprint) noexcept {
  std::uint8_t* const at = remembered.bytes.data() + bound_size;
  at[0] = static_cast<std::uint8_t>(fingerprint);
  at[1] = static_cast<std::uint8_t>(fingerprint >> 8);
  at[2] = static_cast<std::uint8_t>(fingerprint >> 16);
  at[3] = static_cast<std::uint8_t>(fingerprint >> 24);
}

/// What a membership is to remember of the request `bound`, where that asked for what `fingerprint` stands for.
inline RequestKey remembered(RequestKey bound, std::uint32_t fingerprint) noexcept {
  set_fingerprint(bound, fingerprint);
  return bound;
}

ROSTER_END

#endif
