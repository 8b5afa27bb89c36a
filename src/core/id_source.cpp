// UUIDs from a seed and a counter.
#include "roster/id_source.hpp"

#include <cstring>
#include <tuple>

#include "bytes.hpp"
#include "split_mix.hpp"

namespace roster::inline ROSTER_ABI {

namespace {

/// One-to-one like mix(), for a word that is mixed already and must only appear different.
constexpr std::uint64_t spread(std::uint64_t x) noexcept {
  x = (x ^ (x >> 32)) * 0x9FB21C651E98DF25u;
  return x ^ (x >> 29);
}

/// The UUID of one count. For one seed, no two counts give the same UUID. `first` is a one-to-one function of the
/// count. Its four bits that the version overwrites are kept in the second half.
MembershipId uuid(const std::array<std::uint64_t, 2>& seed, std::uint64_t count) noexcept {
  const std::uint64_t first = mix(seed[0] + count * golden_ratio);  // the factor is odd, so the product is one-to-one
  const std::uint64_t lost = (first >> 52) & 0xF;
  const std::uint64_t second = spread(first ^ seed[1]);

  // Byte 6 has the version in its upper four bits and byte 8 the variant in its upper two: RFC 9562 section 4.
  const std::uint64_t low = (first & ~(std::uint64_t{0xF} << 52)) | (std::uint64_t{4} << 52);
  const std::uint64_t high = (second & ~(std::uint64_t{0xF} << 60 | 0xC0)) | lost << 60 | 0x80;
  MembershipId id;
  put_bytes(&id.bytes[0], low);
  put_bytes(&id.bytes[8], high);
  return id;
}

}  // namespace

void UuidSource::fill(std::span<MembershipId> out) noexcept {
  // Relaxed: the counts only have to differ, and publish nothing else.
  std::uint64_t count = next_.fetch_add(out.size(), std::memory_order_relaxed);
  const auto seed = seed_;  // a copy, because the compiler cannot rule out that `out` aliases the member
  for (MembershipId& id : out) id = uuid(seed, count++);
}

void UuidSource::fill(std::span<AccountId> out) noexcept {
  std::uint64_t count = next_.fetch_add(out.size(), std::memory_order_relaxed);
  for (AccountId& id : out) {
    const UuidText text = uuid(seed_, count++).text();
    char literal[std::tuple_size_v<UuidText> + 1];
    std::memcpy(literal, text.data(), text.size());
    literal[text.size()] = '\0';
    id = AccountId(literal);  // well formed by construction: nothing to parse
  }
}

}  // namespace roster::inline ROSTER_ABI
