// The characters that names do not have.
#include "name_text.hpp"

namespace roster::inline ROSTER_ABI {

namespace {

/// The code point of the character of `size` bytes at `at`, which is well-formed.
std::uint32_t code_point(std::string_view text, std::size_t at, std::size_t size) noexcept {
  const auto byte = [&](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(text[at + i])}; };
  if (size == 1) return byte(0);
  std::uint32_t value = byte(0) & (0x7Fu >> size);
  for (std::size_t i = 1; i < size; ++i) value = value << 6 | (byte(i) & 0x3Fu);
  return value;
}

struct CodePoints {
  std::uint32_t first, last;
};

/// Requires sorted ranges.
template <std::size_t N>
bool is_among(std::uint32_t value, const CodePoints (&ranges)[N]) noexcept {
  for (const CodePoints& range : ranges)
    if (value <= range.last) return value >= range.first;
  return false;
}

/// White_Space of Unicode, less the control characters: the general category Zs.
bool is_blank(std::uint32_t value) noexcept {
  static constexpr CodePoints blanks[] = {{0x20, 0x20},     {0xA0, 0xA0},     {0x1680, 0x1680}, {0x2000, 0x200A},
                                          {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}};
  return is_among(value, blanks);
}

/// Default_Ignorable_Code_Point of Unicode (DerivedCoreProperties.txt), which RFC 8264 section 9.13 excludes as well.
/// Its ranges contain unassigned code points, so that later versions need no new ones. The line and paragraph
/// separators and the interlinear annotations do not have that property, and are invisible too.
bool is_invisible(std::uint32_t value) noexcept {
  static constexpr CodePoints ignorable[] = {
      {0xAD, 0xAD},     {0x34F, 0x34F},   {0x61C, 0x61C},   {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},
      {0x200B, 0x200F}, {0x2028, 0x2029}, {0x202A, 0x202E}, {0x2060, 0x206F},   {0x3164, 0x3164},   {0xFE00, 0xFE0F},
      {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}};
  return is_among(value, ignorable);
}

}  // namespace

Error search_name_fault(std::string_view text) noexcept {
  const auto fault = [](Errc code, std::size_t at) { return Error(code, static_cast<std::uint32_t>(at)); };
  for (std::size_t at = 0, size; at < text.size(); at += size) {
    size = character_size(text, at);
    if (size == 0) return fault(Errc::id_bad_byte, at);
    const bool is_outer = at == 0 || at + size == text.size();
    if (size == 1 && !is_outer) continue;
    const std::uint32_t value = code_point(text, at, size);
    if (is_invisible(value)) return fault(Errc::id_invisible, at);
    if (is_outer && is_blank(value)) return fault(Errc::id_blank_at_end, at);
  }
  return {};
}

}  // namespace roster::inline ROSTER_ABI
