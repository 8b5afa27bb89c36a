// Chunked: an array that grows without moving its elements.
#ifndef ROSTER_MEMORY_CHUNKED_HPP
#define ROSTER_MEMORY_CHUNKED_HPP

#include <cstdint>
#include <cstring>
#include <new>

#include "allocation.hpp"

namespace roster::inline ROSTER_ABI {
namespace memory {

/// Records of type T in chunks of 2^Log. Addresses are stable; only the array of pointers to chunks is ever copied. The
/// very last chunk is never allocated, so a position is below no_handle and a size fits 32 bits. A record beyond that
/// is refused like a failed allocation. Tests set a small ChunksMax.
template <class T, unsigned Log, std::uint32_t ChunksMax = (no_handle >> Log)>
class Chunked {
 public:
  static constexpr std::uint32_t chunk = 1u << Log;
  static_assert(std::uint64_t{ChunksMax} << Log <= no_handle, "a position is below no_handle");

  Chunked() noexcept = default;
  Chunked(const Chunked&) = delete;
  Chunked& operator=(const Chunked&) = delete;
  ~Chunked() {
    while (size_ != 0) pop();
    for (std::uint32_t i = 0; i < chunks_; ++i) release(pointers_[i]);
    release(pointers_);
  }

  std::uint32_t size() const noexcept { return size_; }
  T& operator[](std::uint32_t i) noexcept { return pointers_[i >> Log][i & (chunk - 1)]; }
  const T& operator[](std::uint32_t i) const noexcept { return pointers_[i >> Log][i & (chunk - 1)]; }

  [[nodiscard]] bool reserve(std::uint64_t size) noexcept {
    while (std::uint64_t{chunks_} << Log < size) {
      if (chunks_ == ChunksMax) return false;
      if (chunks_ == room_) {
        const std::uint32_t room = room_ == 0 ? 8 : room_ > ChunksMax / 2 ? ChunksMax : room_ * 2;
        auto** const fresh = allocate<T*>(room);
        if (fresh == nullptr) return false;
        if (chunks_ != 0) std::memcpy(fresh, pointers_, chunks_ * sizeof(T*));
        release(pointers_);
        pointers_ = fresh;
        room_ = room;
      }
      T* const memory = allocate<T>(chunk);
      if (memory == nullptr) return false;
      pointers_[chunks_++] = memory;
    }
    return true;
  }
  /// Adds a record with default values. Null if an allocation failed.
  [[nodiscard]] T* try_push_back() noexcept {
    if (!reserve(std::uint64_t{size_} + 1)) return nullptr;
    T* const at = new (&(*this)[size_]) T();
    ++size_;
    return at;
  }
  /// Adds an uninitialised record in memory that reserve() has allocated, for trivial records.
  std::uint32_t unchecked_append_uninitialized() noexcept { return size_++; }
  void pop() noexcept { (*this)[--size_].~T(); }

  std::uint64_t bytes() const noexcept {
    return (std::uint64_t{chunks_} << Log) * sizeof(T) + std::uint64_t{room_} * sizeof(T*);
  }

 private:
  T** pointers_ = nullptr;
  std::uint32_t chunks_ = 0, room_ = 0;
  std::uint32_t size_ = 0;
};

}  // namespace memory
}  // namespace roster::inline ROSTER_ABI

#endif
