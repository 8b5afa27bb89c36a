// The replaced global operators new and delete.
#include "faults/allocations.hpp"

#include <cstdlib>
#include <map>
#include <new>
#include <utility>
#if defined(_WIN32)
#include <malloc.h>
#endif

namespace faults {

namespace {

struct Watch {
  bool on = false, for_ever = false, failed = false;
  std::uint64_t count = 0, nth = 0;
};
thread_local Watch watch;

struct Hook {
  void (*call)(void*) = nullptr;
  void* context = nullptr;
};
thread_local Hook hook;

bool refused() noexcept {
  if (hook.call != nullptr) {
    const Hook called = std::exchange(hook, {});
    called.call(called.context);
  }
  if (!watch.on) return false;
  ++watch.count;
  const bool now = watch.nth != 0 && (watch.for_ever ? watch.count >= watch.nth : watch.count == watch.nth);
  watch.failed = watch.failed || now;
  return now;
}

/// For the table of sizes itself, which is not measured.
template <class T>
struct Unmeasured {
  using value_type = T;
  Unmeasured() noexcept = default;
  template <class U>
  Unmeasured(const Unmeasured<U>&) noexcept {}
  T* allocate(std::size_t n) { return static_cast<T*>(std::malloc(n * sizeof(T))); }
  void deallocate(T* memory, std::size_t) noexcept { std::free(memory); }
  friend bool operator==(const Unmeasured&, const Unmeasured&) noexcept { return true; }
};
using Sizes = std::map<void*, std::size_t, std::less<>, Unmeasured<std::pair<void* const, std::size_t>>>;
struct Measure {
  bool on = false;
  std::uint64_t bytes = 0;
  Sizes sizes;
};
thread_local Measure measure;

void* measured(void* memory, std::size_t size) noexcept {
  if (measure.on && memory != nullptr) {
    measure.bytes += size;
    measure.sizes[memory] = size;
  }
  return memory;
}
void forget(void* memory) noexcept {
  if (!measure.on) return;
  if (const auto found = measure.sizes.find(memory); found != measure.sizes.end()) {
    measure.bytes -= found->second;
    measure.sizes.erase(found);
  }
}

void* take(std::size_t size) noexcept {
  return refused() ? nullptr : measured(std::malloc(size == 0 ? 1 : size), size);
}
void give_back(void* memory) noexcept {
  forget(memory);
  std::free(memory);
}
void* take(std::size_t size, std::align_val_t alignment) noexcept {
  const auto to = static_cast<std::size_t>(alignment);
#if defined(_WIN32)
  return refused() ? nullptr : measured(_aligned_malloc(size, to), size);
#else
  return refused() ? nullptr : measured(std::aligned_alloc(to, (size + to) / to * to), size);
#endif
}
/// What was taken aligned: Windows keeps it apart from the rest.
void give_back_aligned(void* memory) noexcept {
  forget(memory);
#if defined(_WIN32)
  _aligned_free(memory);
#else
  std::free(memory);
#endif
}
void* or_throw(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

WatchedAllocations::WatchedAllocations(std::uint64_t nth, bool for_ever) noexcept {
  watch = {true, for_ever, false, 0, nth};
}
WatchedAllocations::~WatchedAllocations() {
  watch.on = false;
}
std::uint64_t WatchedAllocations::count() noexcept {
  return watch.count;
}
bool WatchedAllocations::failed() noexcept {
  return watch.failed;
}
void at_next_allocation(void (*call)(void*), void* context) noexcept {
  hook = {call, context};
}
MeasuredAllocations::MeasuredAllocations() noexcept {
  measure.sizes.clear();
  measure.bytes = 0;
  measure.on = true;
}
MeasuredAllocations::~MeasuredAllocations() {
  measure.on = false;
  measure.sizes.clear();
}
std::uint64_t MeasuredAllocations::bytes() noexcept {
  return measure.bytes;
}
UnwatchedAllocations::UnwatchedAllocations() noexcept : watched_(watch.on) {
  watch.on = false;
}
UnwatchedAllocations::~UnwatchedAllocations() {
  watch.on = watched_;
}

}  // namespace faults

void* operator new(std::size_t size) {
  return faults::or_throw(faults::take(size));
}
void* operator new[](std::size_t size) {
  return faults::or_throw(faults::take(size));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return faults::take(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return faults::take(size);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return faults::or_throw(faults::take(size, alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return faults::or_throw(faults::take(size, alignment));
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return faults::take(size, alignment);
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return faults::take(size, alignment);
}
void operator delete(void* memory) noexcept {
  faults::give_back(memory);
}
void operator delete[](void* memory) noexcept {
  faults::give_back(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  faults::give_back(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  faults::give_back(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  faults::give_back(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  faults::give_back(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  faults::give_back_aligned(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
  faults::give_back_aligned(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  faults::give_back_aligned(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  faults::give_back_aligned(memory);
}
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
  faults::give_back_aligned(memory);
}
void operator delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
  faults::give_back_aligned(memory);
}
