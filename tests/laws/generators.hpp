// The rapidcheck generators of scenarios: they draw bytes, and shrink them towards zero, the plainest scenario.
//
// A scenario keeps its size while it shrinks, so every byte keeps its meaning. Whole ranges become zero first, then
// single bytes become smaller.
#ifndef ROSTER_TESTS_LAWS_GENERATORS_HPP
#define ROSTER_TESTS_LAWS_GENERATORS_HPP

#include <rapidcheck.h>

#include <algorithm>
#include <functional>

#include "support/scenario.hpp"

namespace roster_test {

inline rc::Seq<Bytes> smaller(const Bytes& bytes) {
  std::vector<Bytes> candidates;
  for (std::size_t size = bytes.size(); size > 0; size /= 2)
    for (std::size_t from = 0; from < bytes.size(); from += size) {
      Bytes copy = bytes;
      std::fill_n(copy.begin() + static_cast<std::ptrdiff_t>(from), std::min(size, copy.size() - from),
                  std::uint8_t{0});
      if (copy != bytes) candidates.push_back(std::move(copy));
    }
  return rc::seq::concat(rc::seq::fromContainer(std::move(candidates)),
                         rc::shrink::eachElement(bytes, &rc::shrink::integral<std::uint8_t>));
}

inline rc::Gen<Bytes> any_bytes(std::size_t size) {
  return [size](const rc::Random& random, int) {
    rc::Random source = random;
    Bytes drawn(size);
    for (std::size_t i = 0; i < size;) {
      auto word = source.next();
      for (int k = 0; k < 8 && i < size; ++k, word >>= 8) drawn[i++] = static_cast<std::uint8_t>(word);
    }
    return rc::shrinkable::shrinkRecur(std::move(drawn), &smaller);
  };
}

/// Scenarios of `commands` commands and `choices` further bytes. `adjust` makes each scenario fit the property.
inline rc::Gen<Scenario> scenarios(std::size_t commands, std::size_t choices = 0,
                                   std::function<void(Scenario&)> adjust = {}) {
  return rc::gen::map(any_bytes(scenario_bytes(commands, choices)), [commands, adjust](const Bytes& drawn) {
    Scenario scenario = read_scenario(drawn, commands);
    if (adjust) adjust(scenario);
    return scenario;
  });
}

}  // namespace roster_test

#endif
