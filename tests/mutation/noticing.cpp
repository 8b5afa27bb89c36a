// Notices what is done to src/core/id.cpp: the small program that selftest.py runs. It leaves out on purpose how long
// an id may be, so that there is a change that nothing notices.
#include <cstdio>
#include <string_view>

#include "roster/id.hpp"

int main() {
  const auto fails = [](std::string_view text, roster::Errc code, std::uint32_t at) {
    const auto parsed = roster::AccountId::parse(text);
    return !parsed && parsed.assume_error().code == code && parsed.assume_error().detail == at;
  };
  const std::string_view uuid = "550e8400-e29b-41d4-a716-446655440000";
  std::array<std::uint8_t, 16> bytes{};
  const bool right = roster::AccountId::parse("ann").has_value() && fails("", roster::Errc::id_empty, 0) &&
                     fails("a\nb", roster::Errc::id_bad_byte, 1) &&
                     roster::AccountId::parse_stored("ann").has_value() &&
                     roster::parse_uuid(uuid, bytes).has_value() && bytes[0] == 0x55 && bytes[15] == 0 &&
                     !roster::parse_uuid(uuid.substr(1), bytes).has_value();
  if (!right) std::puts("an id was not read as it should be");
  return right ? 0 : 1;
}
