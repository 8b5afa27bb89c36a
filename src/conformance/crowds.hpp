// Crowds: many clients with the same command, of which only some can succeed. There are too many to search for an
// order, so the results are counted. They run in threads and in processes.
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
  /// The error in the answers, which have no order; empty: none.
  std::function<std::string(const std::vector<Done>&)> wrong;
  /// The error in the store; empty: none.
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
