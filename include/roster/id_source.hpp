// Where fresh identifiers come from. The core draws none by itself.
#ifndef ROSTER_ID_SOURCE_HPP
#define ROSTER_ID_SOURCE_HPP

#include <array>
#include <atomic>
#include <cstdint>
#include <span>

#include "roster/id.hpp"

ROSTER_PUBLIC_BEGIN

/// Gives out fresh identifiers. One call fills a whole span.
/// An implementation must not throw, must not block for long, and must never give the same identifier twice: across
/// processes, restarts and machines. If several threads share an Engine, it must be safe to call from all of them.
class IdSource {
 public:
  virtual ~IdSource() = default;
  virtual void fill(std::span<MembershipId> out) noexcept = 0;
  virtual void fill(std::span<AccountId> out) noexcept = 0;
};

/// UUIDs with the bits of version 4 (RFC 9562 section 5.4), made from a 128-bit seed and a counter. Thread-safe and
/// lock-free; does not allocate. Two sources with different seeds share no identifier but for chance (2^-122 a pair).
///
/// The seed must be new for every process and come from real entropy, for example std::random_device in the host:
/// the same seed gives the same identifiers again. The identifiers are unique, not secret: who knows the seed, or
/// enough identifiers, can compute others. A host that uses them as capabilities brings its own IdSource.
class UuidSource final : public IdSource {
 public:
  explicit UuidSource(std::array<std::uint64_t, 2> seed) noexcept : seed_(seed) {}
  void fill(std::span<MembershipId> out) noexcept override;
  void fill(std::span<AccountId> out) noexcept override;

 private:
  std::array<std::uint64_t, 2> seed_;
  std::atomic<std::uint64_t> next_{0};
};

ROSTER_END

#endif
