// Names of records: opaque text ids and 16-byte keys. Trivially copyable; nothing here allocates or throws.
#ifndef ROSTER_ID_HPP
#define ROSTER_ID_HPP

#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

#include "roster/result.hpp"

ROSTER_PUBLIC_BEGIN

/// Copies `text` into `bytes` if it is an acceptable id: 1 to 63 bytes of UTF-8 without control characters.
/// Errors: id_empty, id_too_long, id_bad_byte (with the offset). Does not look at more than 64 bytes.
Result<void> parse_id(std::string_view text, std::span<char, 63> bytes) noexcept;

/// An opaque identifier of 1 to 63 bytes of UTF-8, compared byte by byte and held inline.
/// The default value is empty and means "none". Bytes beyond the size are always zero, so that two ids are equal
/// exactly when their 64 bytes are: equality and hashing work on whole words.
template <class Tag>
class Id {
 public:
  static constexpr std::size_t size_max = 63;

  constexpr Id() noexcept = default;

  /// From a string literal: the length is checked when it is compiled. Use parse() for text that came from outside.
  template <std::size_t N>
  requires(N > 1 && N <= size_max + 1) explicit constexpr Id(const char (&literal)[N]) noexcept : size_(N - 1) {
    for (std::size_t i = 0; i + 1 < N; ++i) bytes_[i] = literal[i];
  }

  /// Errors: id_empty, id_too_long, id_bad_byte; detail is the offset.
  static Result<Id> parse(std::string_view text) noexcept {
    Id id;
    auto parsed = parse_id(text, id.bytes_);
    if (!parsed) return parsed.assume_error();
    id.size_ = static_cast<std::uint8_t>(text.size());
    return id;
  }

  constexpr std::string_view view() const noexcept { return {bytes_.data(), size_}; }
  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr explicit operator bool() const noexcept { return size_ != 0; }

  friend constexpr bool operator==(const Id& a, const Id& b) noexcept {
    if (std::is_constant_evaluated()) return a.view() == b.view();
    return same_bytes(a, b);
  }
  friend constexpr std::strong_ordering operator<=>(const Id& a, const Id& b) noexcept { return a.view() <=> b.view(); }

 private:
  static bool same_bytes(const Id& a, const Id& b) noexcept {
    const auto differ = [&](std::size_t word) noexcept {
      std::uint64_t x, y;
      std::memcpy(&x, reinterpret_cast<const char*>(&a) + 8 * word, sizeof x);
      std::memcpy(&y, reinterpret_cast<const char*>(&b) + 8 * word, sizeof y);
      return x ^ y;
    };
    // The last word holds the size, the first the beginning: different ids differ in one of them almost always, and of
    // short ones, such as most roles, they are all there is.
    if ((differ(7) | differ(0)) != 0) return false;
    return a.size_ <= 8 || (differ(1) | differ(2) | differ(3) | differ(4) | differ(5) | differ(6)) == 0;
  }

  std::array<char, size_max> bytes_{};
  std::uint8_t size_ = 0;
};

using AccountId = Id<struct AccountTag>;
using OrganizationId = Id<struct OrganizationTag>;
using RoleId = Id<struct RoleTag>;
using Slug = Id<struct SlugTag>;          ///< an organization's name in a URL
using Username = Id<struct UsernameTag>;  ///< an account's public name
using GroupName = Id<struct GroupTag>;    ///< names a set of accounts

/// The text of a UUID: 36 characters, lower case, not terminated by a zero.
using UuidText = std::array<char, 36>;
/// Reads 8-4-4-4-12 hexadecimal digits, either case, and nothing else: no braces, no `urn:uuid:`. RFC 9562, section 4.
Result<void> parse_uuid(std::string_view text, std::span<std::uint8_t, 16> bytes) noexcept;
UuidText print_uuid(std::span<const std::uint8_t, 16> bytes) noexcept;
/// A fixed 128-bit digest of any text: the name-based UUID, version 5, of RFC 9562 section 5.5 in a namespace of
/// roster.
void digest_uuid(std::string_view text, std::span<std::uint8_t, 16> bytes) noexcept;

/// A 16-byte value written as a UUID. The default value is all zeros and means "none".
template <class Tag>
struct alignas(8) Key {
  std::array<std::uint8_t, 16> bytes{};

  /// Errors: uuid_malformed; detail is the offset.
  static Result<Key> parse(std::string_view text) noexcept {
    Key key;
    auto parsed = parse_uuid(text, key.bytes);
    if (!parsed) return parsed.assume_error();
    return key;
  }
  /// The same key for the same text, always and everywhere: binds a host's own idempotency key of any length.
  static Key of(std::string_view text) noexcept {
    Key key;
    digest_uuid(text, key.bytes);
    return key;
  }

  UuidText text() const noexcept { return print_uuid(bytes); }
  constexpr bool empty() const noexcept { return *this == Key{}; }
  friend constexpr bool operator==(const Key& a, const Key& b) noexcept {
    const auto x = std::bit_cast<std::array<std::uint64_t, 2>>(a), y = std::bit_cast<std::array<std::uint64_t, 2>>(b);
    return ((x[0] ^ y[0]) | (x[1] ^ y[1])) == 0;
  }
  friend constexpr std::strong_ordering operator<=>(const Key&, const Key&) = default;
};

using MembershipId = Key<struct MembershipTag>;
/// Names one attempt across its retries: a membership remembers the key that last wrote it. From strangers take it by
/// of(), not by parse(): who chooses all 16 bytes can make a key that meets another's (docs/adr/0016).
using RequestKey = Key<struct RequestTag>;

/// The store raises it at each write of that record. Compared for equality only.
enum class Version : std::uint64_t {};
/// Microseconds since 1970-01-01T00:00:00Z. Always an input: nothing in roster reads a clock.
enum class Time : std::int64_t {};

ROSTER_END

#endif
