// Id sources: where fresh identifiers come from. The core draws none by itself.
//
//     std::random_device entropy;
//     UuidSource ids({std::uint64_t{entropy()} << 32 | entropy(), std::uint64_t{entropy()} << 32 | entropy()});
#ifndef ROSTER_ID_SOURCE_HPP
#define ROSTER_ID_SOURCE_HPP

#include <array>
#include <atomic>
#include <cstdint>
#include <span>

#include "roster/id.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// IdSource supplies fresh identifiers. One call fills a whole span. An implementation must not throw and must not
/// block for long. It must never repeat an identifier, across processes, restarts and machines. If several threads
/// share an Engine, all of them must be able to call it.
class IdSource {
 public:
  virtual ~IdSource() = default;
  virtual void fill(std::span<MembershipId> out) noexcept = 0;  ///< replaces each entry by a fresh identifier
  virtual void fill(std::span<AccountId> out) noexcept = 0;     ///< as for memberships
};

/// UuidSource generates UUIDs with the bits of version 4 (RFC 9562 section 5.4), from a 128-bit seed and a counter. It
/// is thread-safe and lock-free, and does not allocate. Two sources with different seeds collide with a probability of
/// 2^-122 a pair.
///
/// The seed must be new for every process and come from entropy, for example std::random_device in the host. The same
/// seed gives the same identifiers again. The identifiers are unique, not secret: the seed, or enough identifiers,
/// suffice to compute others. A host that uses them as capabilities needs its own IdSource.
class UuidSource final : public IdSource {
 public:
  /// Constructs the source from 128 bits of entropy.
  explicit UuidSource(std::array<std::uint64_t, 2> seed) noexcept : seed_(seed) {}
  void fill(std::span<MembershipId> out) noexcept override;  ///< as IdSource
  void fill(std::span<AccountId> out) noexcept override;     ///< as IdSource

 private:
  std::array<std::uint64_t, 2> seed_;
  std::atomic<std::uint64_t> next_{0};
};

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
