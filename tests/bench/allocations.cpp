// Every form of operator new and delete, replaced by a counting malloc.
#include "allocations.hpp"

#include <malloc.h>

#include <cstdlib>
#include <cstring>
#include <new>
#include <vector>

namespace {

bench::Allocations counted;

std::uint64_t bytes_of(void* block) {
  return malloc_usable_size(block) + sizeof(std::size_t);
}

void* note(void* block) {
  if (block == nullptr) return nullptr;
  ++counted.count;
  counted.live_bytes += bytes_of(block);
  if (counted.live_bytes > counted.peak_bytes) counted.peak_bytes = counted.live_bytes;
  return block;
}
void* take(std::size_t size) {
  return note(std::malloc(size == 0 ? 1 : size));
}
void* take(std::size_t size, std::align_val_t alignment) {
  const auto align = static_cast<std::size_t>(alignment);
  return note(std::aligned_alloc(align, (size + align - 1) / align * align));
}
void* or_throw(void* block) {
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
void give_back(void* block) {
  if (block == nullptr) return;
  counted.live_bytes -= bytes_of(block);
  std::free(block);
}

}  // namespace

void* operator new(std::size_t size) {
  return or_throw(take(size));
}
void* operator new[](std::size_t size) {
  return or_throw(take(size));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return take(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return take(size);
}
void* operator new(std::size_t size, std::align_val_t align) {
  return or_throw(take(size, align));
}
void* operator new[](std::size_t size, std::align_val_t align) {
  return or_throw(take(size, align));
}
void* operator new(std::size_t size, std::align_val_t align, const std::nothrow_t&) noexcept {
  return take(size, align);
}
void* operator new[](std::size_t size, std::align_val_t align, const std::nothrow_t&) noexcept {
  return take(size, align);
}
void operator delete(void* block) noexcept {
  give_back(block);
}
void operator delete[](void* block) noexcept {
  give_back(block);
}
void operator delete(void* block, std::size_t) noexcept {
  give_back(block);
}
void operator delete[](void* block, std::size_t) noexcept {
  give_back(block);
}
void operator delete(void* block, const std::nothrow_t&) noexcept {
  give_back(block);
}
void operator delete[](void* block, const std::nothrow_t&) noexcept {
  give_back(block);
}
void operator delete(void* block, std::align_val_t) noexcept {
  give_back(block);
}
void operator delete[](void* block, std::align_val_t) noexcept {
  give_back(block);
}
void operator delete(void* block, std::size_t, std::align_val_t) noexcept {
  give_back(block);
}
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept {
  give_back(block);
}
void operator delete(void* block, std::align_val_t, const std::nothrow_t&) noexcept {
  give_back(block);
}
void operator delete[](void* block, std::align_val_t, const std::nothrow_t&) noexcept {
  give_back(block);
}

namespace bench {

Allocations allocations() {
  return counted;
}
void reset_peak() {
  counted.peak_bytes = counted.live_bytes;
}

void warm_malloc(std::uint64_t bytes) {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, 0x7FFFFFFF);
  mallopt(M_TOP_PAD, 64 * 1024 * 1024);
  constexpr std::size_t piece = 64 * 1024 * 1024;
  std::vector<void*> pieces;
  for (std::uint64_t done = 0; done < bytes; done += piece) {
    void* const block = std::malloc(piece);
    if (block == nullptr) break;
    std::memset(block, 1, piece);
    pieces.push_back(block);
  }
  for (void* const block : pieces) std::free(block);
}

}  // namespace bench
