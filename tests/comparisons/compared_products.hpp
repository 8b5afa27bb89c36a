// What the tests of this folder share. Each is named after a bug or a race that was seen in another membership system,
// or after a complaint of its users. The comment describes the fault there, the assertions what happens here.
#ifndef ROSTER_TESTS_COMPARISONS_COMPARED_PRODUCTS_HPP
#define ROSTER_TESTS_COMPARISONS_COMPARED_PRODUCTS_HPP

#include "laws/race_setup.hpp"
#include "unit/commands.hpp"

namespace fixtures {

/// Checks every way in which the steps of these participants can be interleaved.
template <class Check>
void in_every_order(const Setup& scenario, Check&& check) {
  const std::size_t schedules = every_schedule(scenario, [&](const Ended& ended) {
    INFO(text_of(ended));
    CHECK(ended.state.broken == "");
    check(ended);
  });
  CHECK(schedules >= 2);
}

inline Profile replacing() {
  return with(manager_rules(), [](Profile& p) { p.on_other_role = OnConflict::replace; });
}
inline Profile seated(SeatRule rule) {
  return with(manager_rules(), [&](Profile& p) { p.seats = rule; });
}

}  // namespace fixtures

#endif
