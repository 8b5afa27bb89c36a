// Every allocation of this test program, counted and made to fail on demand.
#ifndef ROSTER_TESTS_FAULTS_ALLOCATIONS_HPP
#define ROSTER_TESTS_FAULTS_ALLOCATIONS_HPP

#include <cstdint>

#include "roster/result.hpp"

namespace faults {

/// The result of a operation, without its value.
template <class T>
roster::Result<void> without_value(const roster::Result<T>& result) {
  if (!result) return result.assume_error();
  return roster::success();
}

/// While it lives, the allocations of this thread are counted, and the one with the number `nth` (from 1) fails: only
/// that one, or every one from there on. 0: none fails. One at a time.
class WatchedAllocations {
 public:
  explicit WatchedAllocations(std::uint64_t nth = 0, bool for_ever = false) noexcept;
  ~WatchedAllocations();
  WatchedAllocations(const WatchedAllocations&) = delete;

  static std::uint64_t count() noexcept;  ///< since the last one began, also after it ended
  static bool failed() noexcept;          ///< whether one was made to fail since then
};

/// While it lives, allocations are not counted and do not fail: for what is not under test.
class UnwatchedAllocations {
 public:
  UnwatchedAllocations() noexcept;
  ~UnwatchedAllocations();
  UnwatchedAllocations(const UnwatchedAllocations&) = delete;

 private:
  bool watched_;
};

/// While it lives, the bytes that this thread asks for and gives back are summed. One at a time.
class MeasuredAllocations {
 public:
  MeasuredAllocations() noexcept;
  ~MeasuredAllocations();
  MeasuredAllocations(const MeasuredAllocations&) = delete;

  static std::uint64_t bytes() noexcept;  ///< asked for since this began, and not given back
};

/// Calls `hook` in the middle of the next allocation of this thread, once.
void at_next_allocation(void (*hook)(void* context), void* context) noexcept;

}  // namespace faults

#endif
