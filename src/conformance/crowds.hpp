// Crowds: many clients who want the same, where only so many can have it. Too many to try every order: what must come
// of it is counted instead. Played by threads and by processes.
#ifndef ROSTER_CONFORMANCE_CROWDS_HPP
#define ROSTER_CONFORMANCE_CROWDS_HPP

#include <functional>
#include <string>
#include <vector>

#include "play.hpp"

ROSTER_BEGIN
namespace conformance {

struct Crowd {
  Scene scene;  ///< a part for each client
  /// What is wrong with the answers, which stand in no order; empty: nothing.
  std::function<std::string(const std::vector<Done>&)> wrong;
  /// What is wrong with the store; empty: nothing.
  std::function<std::string(Stage&)> wrong_there;
};

Crowd address_crowd(std::uint32_t clients);
Crowd pair_crowd(std::uint32_t clients);
Crowd owner_crowd(std::uint32_t clients);
Crowd seat_crowd(std::uint32_t clients);
Crowd bulk_crowd(std::uint32_t clients);

/// Fails the stage if anything is wrong.
void expect_right(Stage& stage, const Crowd& crowd, const std::vector<Done>& done);

}  // namespace conformance
ROSTER_END

#endif
