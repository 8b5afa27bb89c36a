// Every allocation of this thread, that of every library too, counted and made to fail on demand.
#ifndef ROSTER_TESTS_STARVING_STARVING_HPP
#define ROSTER_TESTS_STARVING_STARVING_HPP

#include <cstdint>

namespace roster_test {

/// Whether this program can do it: it takes the place of malloc, which a sanitizer does already.
bool can_starve() noexcept;

/// From the next begin() on the allocation with the number `nth` fails, from 1 on, or with `for_ever` all from there.
class Starving {
 public:
  static void set(std::uint64_t nth, bool for_ever) noexcept;
  static void begin() noexcept;
  static void end() noexcept;
  static bool failed() noexcept;  ///< since set()
};

}  // namespace roster_test

#endif
