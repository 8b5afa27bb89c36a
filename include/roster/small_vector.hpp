// SmallVector: a vector for trivially copyable values that stores its first few elements inline and never throws.
//
//     SmallVector<RoleId, 2> roles;
//     if (!roles.try_push_back(RoleId("member"))) return Errc::out_of_memory;
//
// std::vector allocates for its first element and throws if memory runs out. A command of one cell must not allocate.
// An operation must convert a failed allocation into an error without loss, with or without exceptions.
#ifndef ROSTER_SMALL_VECTOR_HPP
#define ROSTER_SMALL_VECTOR_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

#include "roster/version.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// SmallVector owns its elements. It is movable and not copyable, because a copy could fail; use assign(). It is not
/// thread-safe. Only growth allocates. It returns false if the allocation fails, and then nothing has changed.
template <class T, std::uint32_t Inline>
class SmallVector {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
  static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);

 public:
  /// Constructs an empty list. The inline bytes stay uninitialized on purpose.
  SmallVector() noexcept {}
  SmallVector(SmallVector&& other) noexcept { take(other); }  ///< leaves `other` empty
  /// Frees the elements, and leaves `other` empty.
  SmallVector& operator=(SmallVector&& other) noexcept {
    if (this != &other) {
      drop();
      take(other);
    }
    return *this;
  }
  ~SmallVector() { drop(); }

  std::uint32_t size() const noexcept { return size_; }          ///< number of elements
  bool empty() const noexcept { return size_ == 0; }             ///< there are no elements
  std::uint32_t capacity() const noexcept { return capacity_; }  ///< number of elements that fit without growth
  T* data() noexcept { return capacity_ > Inline ? heap_ : inline_data(); }              ///< the first element
  const T* data() const noexcept { return capacity_ > Inline ? heap_ : inline_data(); }  ///< the first element
  T* begin() noexcept { return data(); }                                                 ///< the first element
  T* end() noexcept { return data() + size_; }                                           ///< past the last element
  const T* begin() const noexcept { return data(); }                                     ///< the first element
  const T* end() const noexcept { return data() + size_; }                               ///< past the last element
  T& operator[](std::size_t i) noexcept { return data()[i]; }                            ///< undefined from size() on
  const T& operator[](std::size_t i) const noexcept { return data()[i]; }                ///< undefined from size() on
  T& back() noexcept { return data()[size_ - 1]; }          ///< the last element; undefined if there is none
  std::span<T> span() noexcept { return {data(), size_}; }  ///< all elements
  std::span<const T> span() const noexcept { return {data(), size_}; }  ///< all elements

  void clear() noexcept { size_ = 0; }  ///< keeps the memory
  /// Removes the elements from `size` on.
  void truncate(std::uint32_t size) noexcept { size_ = size < size_ ? size : size_; }

  /// Allocates memory for `capacity` elements in all. Sizes have 64 bits on every processor. So a product of two 32-bit
  /// numbers is refused here and not truncated before.
  [[nodiscard]] bool reserve(std::uint64_t capacity) noexcept {
    return capacity <= Inline || capacity <= capacity_ || grow(capacity);
  }
  /// Appends a copy of `value`. Returns false if the allocation fails.
  [[nodiscard]] bool try_push_back(const T& value) noexcept {
    if (size_ == capacity_) return push_back_slowly(value);
    unchecked_push_back(value);
    return true;
  }
  /// Appends a value-initialized element to fill in place. Returns null if the allocation fails.
  [[nodiscard]] T* try_emplace_back() noexcept {
    if (size_ == capacity_ && !grow(std::size_t{size_} + 1)) return nullptr;
    return ::new (static_cast<void*>(data() + size_++)) T();
  }
  /// Appends without a check: undefined unless reserve() has allocated the memory.
  void unchecked_push_back(const T& value) noexcept { data()[size_++] = value; }
  /// Appends a value-initialized element without a check.
  T& unchecked_emplace_back() noexcept { return *::new (static_cast<void*>(data() + size_++)) T(); }
  /// Does the same with an uninitialized element, for a caller that writes all of its fields.
  T& unchecked_append_uninitialized() noexcept { return data()[size_++]; }
  /// Sets the size; new elements are copies of `value`.
  [[nodiscard]] bool resize(std::uint64_t size, const T& value) noexcept {
    const T copy = value;  // value may be an element of this list
    if (!reserve(size)) return false;
    T* const to = data();
    for (std::size_t i = size_; i < size; ++i) to[i] = copy;
    size_ = static_cast<std::uint32_t>(size);
    return true;
  }
  /// Sets the size; new elements are uninitialized, for a caller that writes them all.
  [[nodiscard]] bool resize_uninitialized(std::uint64_t size) noexcept {
    if (!reserve(size)) return false;
    size_ = static_cast<std::uint32_t>(size);
    return true;
  }
  /// Replaces all elements by copies of `values`.
  [[nodiscard]] bool assign(std::span<const T> values) noexcept {
    if (!reserve(values.size())) return false;
    if (!values.empty()) std::memmove(static_cast<void*>(data()), values.data(), values.size_bytes());
    size_ = static_cast<std::uint32_t>(values.size());
    return true;
  }

 private:
  /// The largest size that 32 bits and the largest object permit. On a 32-bit processor the object is the smaller
  /// limit.
  static constexpr std::size_t bytes_limit = static_cast<std::size_t>(PTRDIFF_MAX) / sizeof(T);
  static constexpr std::size_t size_limit = bytes_limit < 0xFFFFFFFFu ? bytes_limit : 0xFFFFFFFFu;

  T* inline_data() noexcept { return std::launder(reinterpret_cast<T*>(inline_)); }
  const T* inline_data() const noexcept { return std::launder(reinterpret_cast<const T*>(inline_)); }

  bool push_back_slowly(T value) noexcept {  // by value: it may be an element of this list
    if (!grow(std::size_t{size_} + 1)) return false;
    unchecked_push_back(value);
    return true;
  }
  bool grow(std::uint64_t needed) noexcept {
    if (needed > size_limit) return false;
    std::size_t capacity = std::size_t{capacity_} + capacity_ / 2 + 8;
    if (capacity < needed) capacity = static_cast<std::size_t>(needed);
    if (capacity > size_limit) capacity = size_limit;
    auto* const fresh = static_cast<T*>(::operator new(capacity * sizeof(T), std::nothrow));
    if (fresh == nullptr) return false;
    if (size_ != 0) std::memcpy(static_cast<void*>(fresh), data(), size_ * sizeof(T));
    drop();
    heap_ = fresh;
    capacity_ = static_cast<std::uint32_t>(capacity);
    return true;
  }
  void drop() noexcept {
    if (capacity_ > Inline) ::operator delete(heap_);
  }
  void take(SmallVector& other) noexcept {
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, Inline);
    // Copies all inline bytes, written or not, heap_ included: a constant size is a few moves and no branch.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
    std::memcpy(inline_, other.inline_, sizeof inline_);
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
  }

  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = Inline;
  union {
    T* heap_;
    alignas(T) std::byte inline_[Inline * sizeof(T) < sizeof(T*) ? sizeof(T*) : Inline * sizeof(T)];
  };
};

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
