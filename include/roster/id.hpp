// Ids, names and keys: names of records, as opaque text of 1 to 63 or 255 bytes, or as 16 bytes. Ids and keys are
// trivially copyable. Nothing here allocates or throws, except a Name of more than 63 bytes.
//
//     constexpr OrganizationId acme("acme");              // a literal, checked at compile time
//     Result<AccountId> id = AccountId::parse(text);      // text from outside
//     IdempotencyKey key = IdempotencyKey::of("client's own idempotency key");
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
#include <utility>

#include "roster/result.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// parse_id() copies `text` into `bytes` if it is a valid id: 1 to 63 bytes of UTF-8 without control characters and
/// invisible characters. Its first and its last character are not blanks. It reads at most 64 bytes.
/// docs/reference/names.md lists the refused characters.
/// Errors: id_empty if the text is empty; id_too_long above 63 bytes. The others have the offset of the character as
/// detail. id_bad_byte for a control character or malformed UTF-8; id_blank_at_end; id_invisible.
Result<void> parse_id(std::string_view text, std::span<char, 63> bytes) noexcept;
/// parse_stored_id() does the same for the text of an id that is stored already. It accepts blanks and invisible
/// characters everywhere, because databases from before this rule have such ids.
/// Errors: id_empty; id_too_long; id_bad_byte.
Result<void> parse_stored_id(std::string_view text, std::span<char, 63> bytes) noexcept;

namespace detail {
/// Not constexpr on purpose: a call at compile time is the error.
inline void literal_has_a_blank_at_an_end() noexcept {}
}  // namespace detail

/// Id is an opaque identifier of 1 to 63 bytes of UTF-8, compared byte by byte and stored inline. The default value is
/// empty and means "none". Bytes beyond the size are always zero. So two ids are equal exactly if their 64 bytes are,
/// and equality and hashing read whole words.
template <class Tag>
class Id {
 public:
  static constexpr std::size_t size_max = 63;  ///< bytes of an id

  constexpr Id() noexcept = default;  ///< the empty id

  /// Constructs from a string literal, with the length checked at compile time. A constexpr id with a space at an end
  /// does not compile. Use parse() for text from outside.
  template <std::size_t N>
  requires(N > 1 && N <= size_max + 1) explicit constexpr Id(const char (&literal)[N]) noexcept : size_(N - 1) {
    if (std::is_constant_evaluated() && (literal[0] == ' ' || literal[N - 2] == ' '))
      detail::literal_has_a_blank_at_an_end();
    for (std::size_t i = 0; i + 1 < N; ++i) bytes_[i] = literal[i];
  }

  /// Parses an id from outside.
  /// Errors: id_empty, id_too_long, id_bad_byte, id_blank_at_end, id_invisible, as parse_id(); detail is the offset.
  static Result<Id> parse(std::string_view text) noexcept {
    Id id;
    auto parsed = parse_id(text, id.bytes_);
    if (!parsed) return parsed.assume_error();
    id.size_ = static_cast<std::uint8_t>(text.size());
    return id;
  }
  /// Reads an id from a host's own store, which may be older than a rule of parse().
  /// Errors: id_empty, id_too_long, id_bad_byte, as parse_stored_id(); detail is the offset.
  static Result<Id> parse_stored(std::string_view text) noexcept {
    Id id;
    auto parsed = parse_stored_id(text, id.bytes_);
    if (!parsed) return parsed.assume_error();
    id.size_ = static_cast<std::uint8_t>(text.size());
    return id;
  }

  /// Returns the text, which is not terminated by a zero.
  constexpr std::string_view view() const noexcept { return {bytes_.data(), size_}; }
  constexpr bool empty() const noexcept { return size_ == 0; }              ///< there is no id
  constexpr explicit operator bool() const noexcept { return size_ != 0; }  ///< there is an id

  /// Ids are equal if their bytes are.
  friend constexpr bool operator==(const Id& a, const Id& b) noexcept {
    if (std::is_constant_evaluated()) return a.view() == b.view();
    return same_bytes(a, b);
  }
  /// Ids are ordered by their bytes.
  friend constexpr std::strong_ordering operator<=>(const Id& a, const Id& b) noexcept { return a.view() <=> b.view(); }

 private:
  static bool same_bytes(const Id& a, const Id& b) noexcept {
    const auto differ = [&](std::size_t word) noexcept {
      std::uint64_t x, y;
      std::memcpy(&x, reinterpret_cast<const char*>(&a) + 8 * word, sizeof x);
      std::memcpy(&y, reinterpret_cast<const char*>(&b) + 8 * word, sizeof y);
      return x ^ y;
    };
    // The last word holds the size, the first the beginning. Different ids almost always differ in one of them. Short
    // ids, such as most roles, have no other words.
    if ((differ(7) | differ(0)) != 0) return false;
    return a.size_ <= 8 || (differ(1) | differ(2) | differ(3) | differ(4) | differ(5) | differ(6)) == 0;
  }

  std::array<char, size_max> bytes_{};
  std::uint8_t size_ = 0;
};

using AccountId = Id<struct AccountTag>;            ///< names an account
using OrganizationId = Id<struct OrganizationTag>;  ///< names an organization
using RoleId = Id<struct RoleTag>;                  ///< names a role
using Slug = Id<struct SlugTag>;                    ///< an organization's name in a URL

namespace detail {
/// NameText is the text of a Name of any kind.
class NameText {
 public:
  static constexpr std::size_t size_max = 255;  ///< bytes of a name

  constexpr NameText() noexcept = default;  ///< the empty name
  NameText(const NameText& other);          ///< throws std::bad_alloc for more than 63 bytes
  /// Leaves `other` empty.
  NameText(NameText&& other) noexcept : bytes_(other.bytes_), size_(std::exchange(other.size_, std::uint8_t{0})) {}
  NameText& operator=(const NameText& other);      ///< throws std::bad_alloc for more than 63 bytes
  NameText& operator=(NameText&& other) noexcept;  ///< leaves `other` empty
  constexpr ~NameText() {
    if (size_ > inline_max) release();
  }

  /// Returns the text, which is not terminated by a zero.
  constexpr std::string_view view() const noexcept { return {size_ > inline_max ? block() : bytes_.data(), size_}; }
  constexpr bool empty() const noexcept { return size_ == 0; }              ///< there is no name
  constexpr explicit operator bool() const noexcept { return size_ != 0; }  ///< there is a name

 protected:
  static constexpr std::size_t inline_max = 63;
  template <std::size_t N>
  explicit constexpr NameText(const char (&literal)[N]) noexcept : size_(N - 1) {
    if (std::is_constant_evaluated() && (literal[0] == ' ' || literal[N - 2] == ' ')) literal_has_a_blank_at_an_end();
    for (std::size_t i = 0; i + 1 < N; ++i) bytes_[i] = literal[i];
  }
  /// Requires an empty name. Returns a code of 0, or the error of Name::parse() or Name::parse_stored().
  Error read(std::string_view text, bool is_stored) noexcept;

 private:
  char* block() const noexcept;
  void release() noexcept;

  alignas(void*) std::array<char, inline_max> bytes_{};  ///< the text; above inline_max the address of a heap block
  std::uint8_t size_ = 0;
};
}  // namespace detail

/// Name is a name of 1 to 255 bytes of UTF-8, compared byte by byte. Up to 63 bytes are stored inline. A longer name
/// owns one heap block, and copying it can throw std::bad_alloc. Moving never throws. The default value is empty and
/// means "none".
///
/// view() returns the text, which is not terminated by a zero; empty() returns whether there is none.
///
/// A name is looked up once in a command. An id is part of every record, and every cell compares it. So an id has at
/// most 63 bytes, is stored inline and is compared in whole words. The subject of a directory, or another name of its
/// own that is longer, is a username.
template <class Tag>
class Name : public detail::NameText {
 public:
  constexpr Name() noexcept = default;  ///< the empty name

  /// Constructs from a string literal of at most 63 bytes, with the length checked at compile time. A constexpr name
  /// with a space at an end does not compile. Use parse() for text from outside.
  template <std::size_t N>
  requires(N > 1 && N <= inline_max + 1) explicit constexpr Name(const char (&literal)[N]) noexcept
      : NameText(literal) {}

  /// Parses a name from outside.
  /// Errors: id_empty; id_too_long above 255 bytes; id_bad_byte, id_blank_at_end, id_invisible, as parse_id(); detail
  /// is the offset. out_of_memory.
  static Result<Name> parse(std::string_view text) noexcept { return read_as(text, false); }
  /// Reads a name from a host's own store, which may be older than a rule of parse().
  /// Errors: id_empty, id_too_long, id_bad_byte, as parse_stored_id(); detail is the offset. out_of_memory.
  static Result<Name> parse_stored(std::string_view text) noexcept { return read_as(text, true); }

  /// Names are equal if their bytes are.
  friend constexpr bool operator==(const Name& a, const Name& b) noexcept { return a.view() == b.view(); }
  /// Names are ordered by their bytes.
  friend constexpr std::strong_ordering operator<=>(const Name& a, const Name& b) noexcept {
    return a.view() <=> b.view();
  }

 private:
  static Result<Name> read_as(std::string_view text, bool is_stored) noexcept {
    Result<Name> result(std::in_place_type<Name>);
    const Error error = result.assume_value().read(text, is_stored);
    if (error.code != Errc{}) result = error;
    return result;
  }
};

using Username = Name<struct UsernameTag>;  ///< an account's public name
using GroupName = Name<struct GroupTag>;    ///< the name of a set of accounts

/// The text of a UUID: 36 characters, lower case, not terminated by a zero.
using UuidText = std::array<char, 36>;
/// parse_uuid() reads 8-4-4-4-12 hexadecimal digits in either case (RFC 9562, section 4). It accepts no braces and no
/// `urn:uuid:`.
/// Errors: uuid_malformed for any other text; detail is the offset.
Result<void> parse_uuid(std::string_view text, std::span<std::uint8_t, 16> bytes) noexcept;
/// print_uuid() returns the text of a UUID.
UuidText print_uuid(std::span<const std::uint8_t, 16> bytes) noexcept;
/// digest_uuid() computes a fixed 128-bit digest of any text: the name-based UUID, version 5, of RFC 9562 section 5.5,
/// in a namespace of roster.
void digest_uuid(std::string_view text, std::span<std::uint8_t, 16> bytes) noexcept;

/// Key is a 16-byte value, written as a UUID. The default value is all zeros and means "none".
template <class Tag>
struct alignas(8) Key {
  std::array<std::uint8_t, 16> bytes{};  ///< the value

  /// Parses the text of a UUID.
  /// Errors: uuid_malformed; detail is the offset.
  static Result<Key> parse(std::string_view text) noexcept {
    Key key;
    auto parsed = parse_uuid(text, key.bytes);
    if (!parsed) return parsed.assume_error();
    return key;
  }
  /// Returns the same key for the same text, on every platform. It converts a host's own idempotency key of any length.
  static Key of(std::string_view text) noexcept {
    Key key;
    digest_uuid(text, key.bytes);
    return key;
  }

  UuidText text() const noexcept { return print_uuid(bytes); }      ///< the value as the text of a UUID
  constexpr bool empty() const noexcept { return *this == Key{}; }  ///< all bytes are zero
  /// Keys are equal if their bytes are.
  friend constexpr bool operator==(const Key& a, const Key& b) noexcept {
    const auto x = std::bit_cast<std::array<std::uint64_t, 2>>(a), y = std::bit_cast<std::array<std::uint64_t, 2>>(b);
    return ((x[0] ^ y[0]) | (x[1] ^ y[1])) == 0;
  }
  /// Keys are ordered by their bytes.
  friend constexpr std::strong_ordering operator<=>(const Key&, const Key&) = default;
};

/// MembershipId names a membership.
using MembershipId = Key<struct MembershipTag>;
/// IdempotencyKey is an idempotency key. It identifies one request across its retries, and a membership stores the key
/// that last wrote it. Use of() for keys from clients, not parse(): a client that chooses all 16 bytes can make a key
/// that collides with another's (docs/adr/0016).
using IdempotencyKey = Key<struct RequestTag>;

/// Version of a record: the store changes it at each write of that record. It is compared for equality only.
enum class Version : std::uint64_t {};
/// Time in microseconds since 1970-01-01T00:00:00Z. It is always an input, because roster reads no clock.
enum class Time : std::int64_t {};

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
