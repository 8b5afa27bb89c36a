// Proves what an id and a UUID may be, byte by byte, where a refusal points to, and that digests agree with RFC 9562.
#include "roster/id.hpp"

#include <string>
#include <utility>
#include <vector>

#include "../../src/core/sha1.hpp"
#include "catch.hpp"

namespace id_test {

namespace {

using namespace std::string_literals;
using roster::AccountId;
using roster::Errc;
using roster::Error;
using roster::GroupName;
using roster::MembershipId;
using roster::Username;

/// The error of a parse; a code of 0 if it was accepted.
template <class T>
Error refusal(std::string_view text) {
  auto parsed = T::parse(text);
  return parsed ? Error() : parsed.error();
}

std::string hex(std::span<const std::uint8_t> bytes) {
  std::string text;
  for (const unsigned byte : bytes) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

std::string text_of(const MembershipId& key) {
  const auto text = key.text();
  return {text.data(), text.size()};
}

}  // namespace

TEST_CASE("an id has 1 to 63 bytes") {
  CHECK(refusal<AccountId>("") == Error(Errc::id_empty, 0));
  for (std::size_t size = 1; size <= 63; ++size) {
    const std::string text(size, 'x');
    auto parsed = AccountId::parse(text);
    REQUIRE(parsed);
    CHECK(parsed.value().view() == text);
  }
  CHECK(refusal<AccountId>(std::string(64, 'x')) == Error(Errc::id_too_long, 63));
  CHECK(refusal<AccountId>(std::string(10'000'000, '\0')) == Error(Errc::id_too_long, 63));
}

TEST_CASE("an id holds any printable UTF-8, and the given bytes come back unchanged") {
  const std::vector<std::string> accepted = {"a b",
                                             "~",
                                             "A@b.de",
                                             "123e4567-e89b-12d3-a456-426614174000",
                                             "\\\"'`<>&;",
                                             "mi\u212Ae",
                                             "a\u00A0b",
                                             "\u0430\u0434\u043C\u0438\u043D",
                                             "ann\u2800",
                                             "\u0600",
                                             "\uFFFF",
                                             "\U0001F600",
                                             "\U0010FFFF",
                                             "\uD7FF\uE000",
                                             "\u0800",
                                             "\U00010000",
                                             "12345678\u00E912345678\u00E9",
                                             "1234567\u20AC"};
  for (const std::string& text : accepted) {
    INFO(hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
    auto parsed = AccountId::parse(text);
    REQUIRE(parsed);
    CHECK(parsed.value().view() == text);
  }
}

TEST_CASE("an id has no control character and no malformed UTF-8, and the error says where") {
  const std::vector<std::pair<std::string, std::uint32_t>> refused = {{"\0"s, 0},
                                                                      {"abc\0"s, 3},
                                                                      {"12345678\0x"s, 8},
                                                                      {"a\r\nb", 1},
                                                                      {"\t", 0},
                                                                      {"1234567\x7F", 7},
                                                                      {"x\x1F", 1},
                                                                      {"ab\xC2\x80", 2},
                                                                      {"ab\xC2\x85", 2},
                                                                      {"ab\xC2\x9F", 2},
                                                                      {"\x80", 0},
                                                                      {"a\xBF", 1},
                                                                      {"\xC0\xAF", 0},
                                                                      {"\xC1\xBF", 0},
                                                                      {"\xE0\x80\xAF", 0},
                                                                      {"\xE0\x9F\xBF", 0},
                                                                      {"\xED\xA0\x80", 0},
                                                                      {"\xED\xBF\xBF", 0},
                                                                      {"\xEF\xBF", 0},
                                                                      {"\xF0\x8F\xBF\xBF", 0},
                                                                      {"\xF4\x90\x80\x80", 0},
                                                                      {"\xF5\x80\x80\x80", 0},
                                                                      {"\xFF", 0},
                                                                      {"12345678\xC3", 8},
                                                                      {"\xC3\xA9\xC3", 2},
                                                                      {"\xE2\x82(", 0},
                                                                      {"\xF0\x9F\x98", 0},
                                                                      {"\xF0\x9F\x98(", 0},
                                                                      {"\xE2(\xAC", 0},
                                                                      {"\xC3(", 0}};
  for (const auto& [text, offset] : refused) {
    INFO(hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
    CHECK(refusal<AccountId>(text) == Error(Errc::id_bad_byte, offset));
  }
}

TEST_CASE("every single byte at every place of an id is judged alike") {
  for (std::size_t size = 1; size <= 20; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (unsigned byte = 0; byte <= 0xFF; ++byte) {
        std::string text(size, 'a');
        text[at] = static_cast<char>(byte);
        const bool printable = byte >= 0x20 && byte < 0x7F, outer_blank = byte == 0x20 && (at == 0 || at + 1 == size);
        const Error expected = printable && !outer_blank ? Error()
                                                         : Error(printable ? Errc::id_blank_at_end : Errc::id_bad_byte,
                                                                 static_cast<std::uint32_t>(at));
        if (!(refusal<AccountId>(text) == expected)) FAIL("byte " << byte << " at " << at << " of " << size);
      }
    }
  }
}

TEST_CASE("a stored id may have blanks and invisible characters anywhere, and nothing else that parse() refuses") {
  for (const std::string& text : {" "s, " ann"s, "ann "s, "\u00A0"s, "\uFEFFann"s, "a\u200Bn"s, std::string(63, ' ')}) {
    CHECK(!AccountId::parse(text));
    CHECK(AccountId::parse_stored(text).value().view() == text);
  }
  CHECK(AccountId::parse_stored("ann").value() == AccountId("ann"));
  CHECK(AccountId::parse_stored("").assume_error() == Error(Errc::id_empty));
  CHECK(AccountId::parse_stored(std::string(64, 'x')).assume_error() == Error(Errc::id_too_long, 63));
  CHECK(AccountId::parse_stored(" a\n").assume_error() == Error(Errc::id_bad_byte, 2));
  CHECK(AccountId::parse_stored("12345678\xC3").assume_error() == Error(Errc::id_bad_byte, 8));
}

TEST_CASE("of several faults of an id the first is reported") {
  CHECK(refusal<AccountId>("  ") == Error(Errc::id_blank_at_end, 0));
  CHECK(refusal<AccountId>("ann  ") == Error(Errc::id_blank_at_end, 4));
  CHECK(refusal<AccountId>(" a\n\u200B ") == Error(Errc::id_blank_at_end, 0));
  CHECK(refusal<AccountId>("a\u200B\n ") == Error(Errc::id_invisible, 1));
  CHECK(refusal<AccountId>("a\n\u200B ") == Error(Errc::id_bad_byte, 1));
  CHECK(refusal<AccountId>("12345678\u3000") == Error(Errc::id_blank_at_end, 8));
}

TEST_CASE("a refused id leaves the bytes as they were") {
  std::array<char, 63> bytes;
  bytes.fill('?');
  CHECK(!roster::parse_id("abc\n", bytes));
  CHECK(!roster::parse_id(std::string(64, 'x'), bytes));
  CHECK(std::string(bytes.data(), bytes.size()) == std::string(63, '?'));
}

TEST_CASE("ids compare as their bytes do, and the default one means none") {
  CHECK(AccountId().empty());
  CHECK(!AccountId());
  CHECK(AccountId().view().empty());
  CHECK(AccountId("ab") == AccountId::parse("ab").value());
  CHECK(!(AccountId("ab") == AccountId("aB")));
  CHECK(AccountId("ab") < AccountId("abc"));
  CHECK(AccountId("b") > AccountId("abc"));
  static_assert(sizeof(AccountId) == 64 && std::is_trivially_copyable_v<AccountId>);
  static_assert(AccountId("ab") == AccountId("ab") && AccountId("ab") != AccountId("ac"));
  static_assert(!std::is_same_v<AccountId, roster::OrganizationId>);
}

TEST_CASE("a username or a group name has 1 to 255 bytes, and no other character than an id") {
  CHECK(refusal<Username>("") == Error(Errc::id_empty, 0));
  for (std::size_t size = 1; size <= 255; ++size) {
    const std::string text(size, 'x');
    const auto parsed = Username::parse(text);
    REQUIRE(parsed);
    CHECK(parsed.value().view() == text);
    CHECK(Username::parse_stored(text).value() == parsed.value());
    const Error at_end(Errc::id_blank_at_end, static_cast<std::uint32_t>(size));
    CHECK(refusal<GroupName>(text + " ") == (size < 255 ? at_end : Error(Errc::id_too_long, 255)));
    if (size < 255) CHECK(Username::parse_stored(text + " ").value().view() == text + " ");
  }
  CHECK(refusal<Username>(std::string(256, 'x')) == Error(Errc::id_too_long, 255));
  CHECK(refusal<GroupName>(std::string(200, 'x') + "\n" + "x") == Error(Errc::id_bad_byte, 200));
  CHECK(refusal<Username>(std::string(200, 'x') + "\u200Bx") == Error(Errc::id_invisible, 200));
  CHECK(Username::parse_stored(std::string(256, 'x')).assume_error() == Error(Errc::id_too_long, 255));
  static_assert(sizeof(Username) == 64 && !std::is_same_v<Username, GroupName>);
  static_assert(Username("ab") == Username("ab") && Username("ab") < Username("abc") && !Username());
  static_assert(std::is_nothrow_move_constructible_v<Username> && std::is_nothrow_move_assignable_v<Username>);
}

TEST_CASE("a name keeps its text through copies and moves, inline and beyond") {
  std::vector<Username> originals(1);
  for (const std::size_t size : {1u, 8u, 62u, 63u, 64u, 65u, 254u, 255u})
    originals.push_back(Username::parse(std::string(size - 1, 'n') + static_cast<char>('a' + size % 26)).value());
  for (const Username& original : originals) {
    const std::string text(original.view());
    for (const Username& old : originals) {
      Username copied(original), assigned(old), moved_to(old);
      assigned = copied;
      CHECK(assigned.view() == text);
      moved_to = std::move(copied);
      CHECK(moved_to.view() == text);
      CHECK(copied.empty());
      copied = moved_to;
      CHECK(copied == original);
      const Username moved(std::move(copied));
      CHECK(moved.view() == text);
      CHECK((moved == old) == (old.view() == text));
      CHECK((moved < old) == (text < old.view()));
    }
    Username itself(original);
    Username& same = itself;
    itself = same;
    CHECK(itself.view() == text);
    itself = std::move(same);
    CHECK(itself.view() == text);
  }
}

TEST_CASE("a UUID is read in either case and written in lower case") {
  auto lower = MembershipId::parse("123e4567-e89b-12d3-a456-426614174abf");
  auto upper = MembershipId::parse("123E4567-E89B-12D3-A456-426614174ABF");
  REQUIRE(lower);
  REQUIRE(upper);
  CHECK(lower.value() == upper.value());
  CHECK(hex(lower.value().bytes) == "123e4567e89b12d3a456426614174abf");
  CHECK(text_of(upper.value()) == "123e4567-e89b-12d3-a456-426614174abf");
  CHECK(MembershipId::parse("00000000-0000-0000-0000-000000000000").value().empty());
  CHECK(!MembershipId::parse("ffffffff-ffff-ffff-ffff-ffffffffffff").value().empty());
}

TEST_CASE("each byte of a UUID is written and read in its own place") {
  for (std::size_t at = 0; at < 16; ++at) {
    for (unsigned byte = 0; byte <= 0xFF; ++byte) {
      MembershipId key;
      key.bytes[at] = static_cast<std::uint8_t>(byte);
      const std::string text = text_of(key);
      std::string digits = text;
      std::erase(digits, '-');
      if (digits != hex(key.bytes)) FAIL(text);
      auto again = MembershipId::parse(text);
      if (!again || !(again.value() == key)) FAIL(text);
    }
  }
}

TEST_CASE("nothing but 8-4-4-4-12 digits is a UUID, and the error says where it stops being one") {
  const std::string good = "123e4567-e89b-12d3-a456-426614174000";
  const std::vector<std::pair<std::string, std::uint32_t>> refused = {
      {"", 0},
      {"{" + good + "}", 0},
      {"urn:uuid:" + good, 0},
      {"123e4567e89b12d3a456426614174000", 8},
      {good + "\n", 36},
      {good + good, 36},
      {" " + good.substr(1), 0},
      {good.substr(0, 35), 35},
      {good.substr(0, 35) + "g", 35},
      {good.substr(0, 35) + "\0"s, 35},
      {"123e456-7e89b-12d3-a456-426614174000", 7},
      {"123e4567_e89b-12d3-a456-426614174000", 8},
      {"123e4567-e89b-12d3-a456_426614174000", 23},
      {"123e4567-e89b-12d3-a456-42661417\u09E6\u09E7"s.substr(0, 36), 32},  // Bengali digits
      {std::string(10'000'000, '0'), 8},
  };
  for (const auto& [text, offset] : refused) {
    INFO(text.substr(0, 60));
    CHECK(refusal<MembershipId>(text) == Error(Errc::uuid_malformed, offset));
  }
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (unsigned byte = 0; byte <= 0xFF; ++byte) {
      std::string text = good;
      text[at] = static_cast<char>(byte);
      const bool fits = good[at] == '-' ? byte == '-' : byte < 0x80 && std::isxdigit(static_cast<int>(byte)) != 0;
      const Error expected = fits ? Error() : Error(Errc::uuid_malformed, static_cast<std::uint32_t>(at));
      if (!(refusal<MembershipId>(text) == expected)) FAIL("byte " << byte << " at " << at);
    }
  }
}

TEST_CASE("SHA-1 gives the known answers of RFC 3174 and of RFC 9562 appendix A.4") {
  const auto sha1 = [](std::string_view text) {
    roster::Sha1 digest;
    digest.add(text);
    return hex(digest.finish());
  };
  CHECK(sha1("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(sha1("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") == "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  CHECK(sha1(std::string(1'000'000, 'a')) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
  CHECK(sha1("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  // The name-based UUID of www.example.com in the namespace for domain names, before version and variant are set.
  CHECK(sha1("\x6b\xa7\xb8\x10\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8www.example.com"s).substr(0, 32) ==
        "2ed6657de927468b55e12665a8aea6a2");
}

TEST_CASE("the key of a text is its version 5 UUID in the namespace of roster, and stays that for ever") {
  // Computed with another implementation, in the namespace that is itself version 5 of `roster` as a domain name.
  const std::vector<std::pair<std::string, std::string>> known = {
      {"", "a8f6b3a4-8726-53b6-9fe2-7bd9fdf18849"},
      {"a", "67a914c4-4813-5e79-b511-b91d883d2548"},
      {"order-4711", "0cd82d64-a6bb-5daf-bfb9-57241a3d8632"},
      {std::string(200, 'x'), "9a1e3ad0-c7cf-5593-ad39-ec33e659fd98"},
      {"\u043A\u043B\u044E\u0447", "a99c9a38-d4c0-5d0b-bf25-5eed8dbd2715"},
  };
  for (const auto& [text, uuid] : known) {
    const auto printed = roster::IdempotencyKey::of(text).text();
    CHECK(std::string(printed.data(), printed.size()) == uuid);
  }
  for (std::size_t size = 0; size < 200; ++size) {  // across the boundaries of SHA-1's blocks
    CHECK(roster::IdempotencyKey::of(std::string(size, 'x')) != roster::IdempotencyKey::of(std::string(size + 1, 'x')));
  }
}

}
