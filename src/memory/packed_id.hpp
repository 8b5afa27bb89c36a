// PackedId: an id in 41 bytes instead of 64, so that the rest of its record fits the same cache line.
#ifndef ROSTER_MEMORY_PACKED_ID_HPP
#define ROSTER_MEMORY_PACKED_ID_HPP

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "hash.hpp"
#include "roster/id.hpp"
#include "string_arena.hpp"

namespace roster::inline ROSTER_ABI {
namespace memory {

/// Converts the text of a stored id back into an id.
template <class AnyId>
AnyId id_of(std::string_view text) noexcept {
  static_assert(std::is_trivially_copyable_v<AnyId> && sizeof(AnyId) == 64);
  char raw[64] = {};
  std::memcpy(raw, text.data(), text.size());
  raw[63] = static_cast<char>(text.size());
  AnyId id;
  std::memcpy(static_cast<void*>(&id), raw, sizeof raw);
  return id;
}

/// Compares only the words that the ids use.
template <class AnyId>
bool same_id(const AnyId& a, const AnyId& b) noexcept {
  const std::size_t size = a.view().size();
  if (size != b.view().size()) return false;
  const char *x = reinterpret_cast<const char*>(&a), *y = reinterpret_cast<const char*>(&b);
  for (std::size_t i = 0; i < size; i += 8)
    if (load_8(x + i) != load_8(y + i)) return false;
  return true;
}

/// Ids of up to 40 bytes are stored whole; a UUID has 36. Of a longer id the first 36 bytes are, and the rest is in a
/// StringArena.
struct PackedId {
  char bytes[40];
  std::uint8_t size;

  template <class Tag>
  [[nodiscard]] bool set(const Id<Tag>& id, StringArena& strings) noexcept {
    std::memcpy(bytes, &id, sizeof bytes);
    size = static_cast<std::uint8_t>(id.view().size());
    if (size <= sizeof bytes) return true;
    const TextRef rest = strings.add(id.view().substr(head));
    std::memcpy(bytes + head, &rest, sizeof rest);
    return rest != no_text;
  }

  template <class Tag>
  [[gnu::always_inline]] inline bool is(const Id<Tag>& id, const StringArena& strings) const noexcept {
    const char* const other = reinterpret_cast<const char*>(&id);
    if (size != id.view().size()) return false;
    const std::uint64_t differ = (load_8(bytes) ^ load_8(other)) | (load_8(bytes + 8) ^ load_8(other + 8)) |
                                 (load_8(bytes + 16) ^ load_8(other + 16)) | (load_8(bytes + 24) ^ load_8(other + 24));
    if (size > sizeof bytes) [[unlikely]]
      return differ == 0 && load_4(bytes + 32) == load_4(other + 32) && rest(strings) == id.view().substr(head);
    return (differ | (load_8(bytes + 32) ^ load_8(other + 32))) == 0;
  }

  /// Of an erased record: is() is false for every id. hide() keeps the id for get(), until show().
  void clear() noexcept {
    std::memset(bytes, 0, sizeof bytes);
    size = 0;
  }
  void hide() noexcept { size |= hidden; }
  bool is_hidden() const noexcept { return (size & hidden) != 0; }
  void show() noexcept { size &= static_cast<std::uint8_t>(~hidden); }

  template <class AnyId>
  AnyId get(const StringArena& strings) const noexcept {
    if (size > sizeof bytes) [[unlikely]]
      return get_slowly<AnyId>(strings);
    return get_short<AnyId>(size);
  }

 private:
  static constexpr std::size_t head = 36;
  static constexpr std::uint8_t hidden = 0x80;

  template <class AnyId>
  AnyId get_short(std::uint8_t length) const noexcept {  // bytes beyond the size are zero, as in an id
    char raw[64] = {};
    std::memcpy(raw, bytes, sizeof bytes);
    raw[63] = static_cast<char>(length);
    AnyId id;
    std::memcpy(static_cast<void*>(&id), raw, sizeof raw);
    return id;
  }
  template <class AnyId>
  [[gnu::noinline]] AnyId get_slowly(const StringArena& strings) const noexcept {
    const auto length = static_cast<std::uint8_t>(size & ~hidden);
    if (length <= sizeof bytes) return get_short<AnyId>(length);
    char whole[63];
    const std::string_view end = rest(strings);
    std::memcpy(whole, bytes, head);
    std::memcpy(whole + head, end.data(), end.size());
    return id_of<AnyId>({whole, length});
  }
  std::string_view rest(const StringArena& strings) const noexcept { return strings.text(load_4(bytes + head)); }
};

}  // namespace memory
}  // namespace roster::inline ROSTER_ABI

#endif
