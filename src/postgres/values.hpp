// The parameters of one statement, in PostgreSQL's binary format: single values and one-dimensional arrays.
#ifndef ROSTER_POSTGRES_VALUES_HPP
#define ROSTER_POSTGRES_VALUES_HPP

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "roster/id.hpp"
#include "roster/small_vector.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

/// The element type of an array, by its OID, which is the same in every release.
enum class Type : std::uint32_t { boolean = 16, int8 = 20, int2 = 21, text = 25, uuid = 2950 };

/// Values are appended in order. Between open() and close() they become the elements of one array. After a failed
/// allocation ok() is false.
class Values {
 public:
  static constexpr std::uint32_t values_max = 17;

  void text(std::string_view value) noexcept {
    item(value.size());
    append(value.data(), value.size());
  }
  template <class Tag>
  void text(const Id<Tag>& id) noexcept {
    text(id.view());
  }
  /// An empty id is NULL.
  template <class Tag>
  void text_or_null(const Id<Tag>& id) noexcept {
    id.empty() ? null() : text(id.view());
  }
  void int8(std::int64_t value) noexcept { number(static_cast<std::uint64_t>(value), 8); }
  void int2(std::uint16_t value) noexcept { number(value, 2); }
  void boolean(bool value) noexcept { number(value ? 1 : 0, 1); }
  /// An empty key is NULL.
  template <class Tag>
  void uuid(const Key<Tag>& key) noexcept {
    if (key.empty()) return null();
    item(key.bytes.size());
    append(key.bytes.data(), key.bytes.size());
  }
  void null() noexcept {
    if (open_) {
      has_null_ = true;
      ++elements_;
      bytes(0xFFFFFFFFu, 4);
    } else if (count_ < values_max) {
      at_[count_] = none;
      sizes_[count_++] = 0;
    }
  }

  void open(Type element) noexcept {
    item(0);
    open_ = true;
    has_null_ = false;
    elements_ = 0;
    bytes(1, 4);  // dimensions
    bytes(0, 4);  // whether an element is NULL; set by close()
    bytes(static_cast<std::uint32_t>(element), 4);
    bytes(0, 4);  // number of elements; set by close()
    bytes(1, 4);  // index of the first element
  }
  void close() noexcept {
    open_ = false;
    const std::uint32_t last = count_ - 1;
    if (!ok_) return;
    sizes_[last] = static_cast<int>(buffer_.size() - at_[last]);
    const std::uint32_t flags[2] = {has_null_ ? 1u : 0u, elements_};
    for (std::uint32_t field = 0; field < 2; ++field)
      for (std::uint32_t i = 0; i < 4; ++i)
        buffer_[at_[last] + 4 + 8 * field + i] = static_cast<char>(flags[field] >> (24 - 8 * i));
  }

  bool ok() const noexcept { return ok_; }
  int count() const noexcept { return static_cast<int>(count_); }
  const char* value(std::uint32_t i) const noexcept {
    return at_[i] == none ? nullptr : buffer_.data() == nullptr ? "" : buffer_.data() + at_[i];
  }
  int size(std::uint32_t i) const noexcept { return sizes_[i]; }
  void clear() noexcept {
    buffer_.clear();
    count_ = 0;
    ok_ = true;
  }

 private:
  static constexpr std::uint32_t none = 0xFFFFFFFFu;

  void item(std::size_t size) noexcept {
    if (open_) {
      ++elements_;
      bytes(size, 4);
    } else if (count_ < values_max) {
      at_[count_] = buffer_.size();
      sizes_[count_++] = static_cast<int>(size);
    }
  }
  void number(std::uint64_t value, std::uint32_t size) noexcept {
    item(size);
    bytes(value, size);
  }
  void bytes(std::uint64_t value, std::uint32_t size) noexcept {
    std::array<char, 8> to;
    for (std::uint32_t i = 0; i < size; ++i) to[i] = static_cast<char>(value >> (8 * (size - 1 - i)));
    append(to.data(), size);
  }
  void append(const void* from, std::size_t size) noexcept {
    const std::size_t before = buffer_.size();
    // PostgreSQL rejects a parameter of 1 GiB, and a size must fit into an int.
    if (!ok_ || before + size > 0x3FFFFFFF || !buffer_.resize_uninitialized(before + size)) {
      ok_ = false;
      return;
    }
    if (size != 0) std::memcpy(buffer_.data() + before, from, size);
  }

  SmallVector<char, 256> buffer_;
  std::array<std::uint32_t, values_max> at_{};
  std::array<int, values_max> sizes_{};
  std::uint32_t count_ = 0, elements_ = 0;
  bool open_ = false, has_null_ = false, ok_ = true;
};

}  // namespace postgres
}  // namespace roster::inline ROSTER_ABI

#endif
