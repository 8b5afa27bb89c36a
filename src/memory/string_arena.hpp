// StringArena: append-only storage of e-mail addresses, usernames and the ends of long ids.
#ifndef ROSTER_MEMORY_STRING_ARENA_HPP
#define ROSTER_MEMORY_STRING_ARENA_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "chunked.hpp"
#include "limits.hpp"
#include "roster/identity.hpp"

namespace roster::inline ROSTER_ABI {
namespace memory {

using TextRef = std::uint32_t;
inline constexpr TextRef no_text = 0xFFFFFFFFu;

/// Text is only appended; the memory of a replaced text is not reused. A reference is a position in words of four
/// bytes, so it addresses 16 GiB.
class StringArena {
 public:
  struct Block {
    std::uint32_t words[1u << 14];
  };

  const char* at(TextRef ref) const noexcept {
    return reinterpret_cast<const char*>(blocks_[ref >> block_log].words + (ref & (block_words - 1)));
  }

  /// Allocates up to 64 KiB within one block. Returns no_text if an allocation failed.
  [[nodiscard]] TextRef make(std::size_t bytes) noexcept {
    const auto words = static_cast<std::uint32_t>((bytes + 3) / 4);
    if (blocks_.size() == 0 || used_ + words > block_words) {
      const std::uint32_t blocks = blocks_.size();
      if (blocks >= limits::text_blocks || !blocks_.reserve(std::uint64_t{blocks} + 1)) return no_text;
      blocks_.unchecked_append_uninitialized();
      used_ = 0;
    }
    const TextRef ref = ((blocks_.size() - 1) << block_log) + used_;
    used_ += words;
    return ref;
  }
  [[nodiscard]] TextRef add(std::string_view text) noexcept {
    const TextRef ref = make(text.size() + 1);
    if (ref == no_text) return ref;
    char* const to = writable(ref);
    to[0] = static_cast<char>(text.size());
    if (!text.empty()) std::memcpy(to + 1, text.data(), text.size());
    return ref;
  }
  std::string_view text(TextRef ref) const noexcept {
    const char* const from = at(ref);
    return {from + 1, static_cast<unsigned char>(from[0])};
  }

  /// Stores an address as written, and its key if that differs.
  [[nodiscard]] TextRef add(const Email& email) noexcept {
    const std::string_view text = email.text(), key = email.key();
    const bool own_key = text != key;
    const TextRef ref = make(2 + text.size() + (own_key ? key.size() : 0));
    if (ref == no_text) return ref;
    char* const to = writable(ref);
    to[0] = static_cast<char>(text.size());
    to[1] = static_cast<char>(own_key ? key.size() : 0);
    std::memcpy(to + 2, text.data(), text.size());
    if (own_key) std::memcpy(to + 2 + text.size(), key.data(), key.size());
    return ref;
  }
  std::string_view email_text(TextRef ref) const noexcept {
    const char* const from = at(ref);
    return {from + 2, static_cast<unsigned char>(from[0])};
  }
  std::string_view email_key(TextRef ref) const noexcept {
    const char* const from = at(ref);
    const std::size_t text = static_cast<unsigned char>(from[0]), key = static_cast<unsigned char>(from[1]);
    return key == 0 ? std::string_view{from + 2, text} : std::string_view{from + 2 + text, key};
  }

  /// For a write that fails after its first text: forget() drops everything added since mark().
  struct Mark {
    std::uint32_t blocks, used;
  };
  Mark mark() const noexcept { return {blocks_.size(), used_}; }
  void forget(Mark mark) noexcept {
    while (blocks_.size() > mark.blocks) blocks_.pop();
    used_ = mark.used;
  }

  std::uint64_t bytes() const noexcept { return blocks_.bytes(); }

 private:
  static constexpr unsigned block_log = 14;
  static constexpr std::uint32_t block_words = 1u << block_log;
  char* writable(TextRef ref) noexcept { return const_cast<char*>(at(ref)); }

  Chunked<Block, 0> blocks_;
  std::uint32_t used_ = 0;  ///< words of the last block
};

}  // namespace memory
}  // namespace roster::inline ROSTER_ABI

#endif
