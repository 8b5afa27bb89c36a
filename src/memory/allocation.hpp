// Raw memory; null if the allocation failed.
#ifndef ROSTER_MEMORY_ALLOCATION_HPP
#define ROSTER_MEMORY_ALLOCATION_HPP

#include <cstddef>
#include <cstdint>
#include <new>

#include "roster/small_vector.hpp"

namespace roster::inline ROSTER_ABI {
namespace memory {

/// A position in a table of records. Handles count from 0 and are never reused.
using Handle = std::uint32_t;
inline constexpr Handle no_handle = 0xFFFFFFFFu;

/// Also null if the size exceeds that of any object.
template <class T>
[[nodiscard]] T* allocate(std::uint64_t wanted) noexcept {
  if (wanted > static_cast<std::size_t>(PTRDIFF_MAX) / sizeof(T)) return nullptr;
  const auto count = static_cast<std::size_t>(wanted);
  if constexpr (alignof(T) > __STDCPP_DEFAULT_NEW_ALIGNMENT__)
    return static_cast<T*>(::operator new (count * sizeof(T), std::align_val_t{alignof(T)}, std::nothrow));
  else
    return static_cast<T*>(::operator new(count * sizeof(T), std::nothrow));
}

template <class T>
void release(T* memory) noexcept {
  if constexpr (alignof(T) > __STDCPP_DEFAULT_NEW_ALIGNMENT__)
    ::operator delete (memory, std::align_val_t{alignof(T)});
  else
    ::operator delete(memory);
}

/// The bytes that a list has allocated, without its inline entries.
template <class T, std::uint32_t Inline>
std::uint64_t heap_bytes(const SmallVector<T, Inline>& list) noexcept {
  return list.capacity() > Inline ? std::uint64_t{list.capacity()} * sizeof(T) : 0;
}

}  // namespace memory
}  // namespace roster::inline ROSTER_ABI

#endif
