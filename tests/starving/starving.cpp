// malloc and its like in place of the library's, and for every other library of the program.
#include "starving/starving.hpp"

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ROSTER_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ROSTER_SANITIZED 1
#endif
#endif

namespace roster_test {

namespace {

struct Starvation {
  bool on = false, for_ever = false, failed = false;
  std::uint64_t nth = 0, count = 0;
};
thread_local constinit Starvation starvation;

}  // namespace

void Starving::set(std::uint64_t nth, bool for_ever) noexcept {
  starvation = {false, for_ever, false, nth, 0};
}
void Starving::begin() noexcept {
  starvation.on = true;
}
void Starving::end() noexcept {
  starvation.on = false;
}
bool Starving::failed() noexcept {
  return starvation.failed;
}

#if defined(__GLIBC__) && !defined(ROSTER_SANITIZED)
namespace {

bool refused() noexcept {
  if (!starvation.on) return false;
  const std::uint64_t n = ++starvation.count;
  const bool now = starvation.for_ever ? n >= starvation.nth : n == starvation.nth;
  starvation.failed = starvation.failed || now;
  return now;
}

}  // namespace

bool can_starve() noexcept {
  return true;
}

}  // namespace roster_test

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);

void* malloc(std::size_t size) {
  return roster_test::refused() ? nullptr : __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  return roster_test::refused() ? nullptr : __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) {
  return roster_test::refused() ? nullptr : __libc_realloc(memory, size);
}
}
#else
bool can_starve() noexcept {
  return false;
}

}  // namespace roster_test
#endif
