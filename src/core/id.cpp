// Ids of records: parsing ids and UUIDs, printing UUIDs, and the digest of a text.
#include "roster/id.hpp"

#include "name_text.hpp"
#include "sha1.hpp"

namespace roster::inline ROSTER_ABI {

namespace {

constexpr std::uint8_t not_hex = 0xFF;

constexpr auto nibbles = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(not_hex);
  for (unsigned i = 0; i < 10; ++i) table['0' + i] = static_cast<std::uint8_t>(i);
  for (unsigned i = 0; i < 6; ++i) table['a' + i] = table['A' + i] = static_cast<std::uint8_t>(10 + i);
  return table;
}();

std::uint8_t nibble(char c) noexcept {
  return nibbles[static_cast<unsigned char>(c)];
}

constexpr bool has_hyphen(std::size_t offset) noexcept {
  return offset == 8 || offset == 13 || offset == 18 || offset == 23;
}

/// The offset of each byte of a UUID in its text.
constexpr std::array<std::uint8_t, 16> places = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};
constexpr std::size_t uuid_size = std::tuple_size_v<UuidText>;

/// The offset of the first byte that does not fit a UUID.
std::uint32_t uuid_fault(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size() && at < uuid_size && (has_hyphen(at) ? text[at] == '-' : nibble(text[at]) != not_hex)) ++at;
  return static_cast<std::uint32_t>(at);
}

// The version 5 UUID of the name `roster` in RFC 9562's namespace for domain names. It must never change: stores keep
// request keys made from a host's own text.
constexpr std::string_view digest_namespace("\x3e\xa9\xdc\x9b\x8a\xa6\x57\x98\x96\x2d\x97\xda\xde\xf2\xdd\xe4", 16);

/// Copies the text of an id, after `find_fault` found no fault in it.
template <class FindFault>
Result<void> copy_id(std::string_view text, std::span<char, 63> bytes, FindFault find_fault) noexcept {
  if (text.empty()) return Errc::id_empty;
  if (text.size() > bytes.size()) return Error(Errc::id_too_long, static_cast<std::uint32_t>(bytes.size()));
  const Error fault = find_fault(text);
  if (fault.code != Errc{}) return fault;
  constexpr std::size_t word = 8;
  if (text.size() >= word && text.size() <= 2 * word) {  // two words that overlap are cheaper than a call
    std::memcpy(bytes.data(), text.data(), word);
    std::memcpy(bytes.data() + text.size() - word, text.data() + text.size() - word, word);
  } else if (text.size() == 1) {
    bytes[0] = text[0];
  } else {
    std::memcpy(bytes.data(), text.data(), text.size());
  }
  return success();
}

}  // namespace

Result<void> parse_id(std::string_view text, std::span<char, 63> bytes) noexcept {
  return copy_id(text, bytes, find_name_fault);
}

Result<void> parse_stored_id(std::string_view text, std::span<char, 63> bytes) noexcept {
  return copy_id(text, bytes, find_stored_name_fault);
}

Result<void> parse_uuid(std::string_view text, std::span<std::uint8_t, 16> bytes) noexcept {
  bool well_formed = text.size() == uuid_size;
  if (well_formed) {
    // All bytes are read before the check: one branch for a UUID instead of 36.
    std::array<std::uint8_t, 16> read{};
    unsigned wrong = 0;
    for (std::size_t i = 0; i < read.size(); ++i) {
      const unsigned high = nibble(text[places[i]]), low = nibble(text[places[i] + 1u]);
      wrong |= high | low;
      read[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    well_formed = wrong <= 0xF && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-';
    if (well_formed) std::memcpy(bytes.data(), read.data(), read.size());
  }
  if (!well_formed) return Error(Errc::uuid_malformed, uuid_fault(text));
  return success();
}

UuidText print_uuid(std::span<const std::uint8_t, 16> bytes) noexcept {
  constexpr std::string_view digits = "0123456789abcdef";
  UuidText text;
  text.fill('-');
  for (std::size_t i = 0; i < places.size(); ++i) {
    text[places[i]] = digits[bytes[i] >> 4];
    text[places[i] + 1u] = digits[bytes[i] & 0xFu];
  }
  return text;
}

void digest_uuid(std::string_view text, std::span<std::uint8_t, 16> bytes) noexcept {
  Sha1 sha1;
  sha1.add(digest_namespace);
  sha1.add(text);
  const auto digest = sha1.finish();
  std::memcpy(bytes.data(), digest.data(), bytes.size());
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x50);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
}

}  // namespace roster::inline ROSTER_ABI
