// Picture: all that can be seen of a store by fetching, in words, so that two of them can be compared and their
// difference printed.
#ifndef ROSTER_CONFORMANCE_PICTURE_HPP
#define ROSTER_CONFORMANCE_PICTURE_HPP

#include <map>
#include <string>
#include <vector>

#include "stage.hpp"

ROSTER_BEGIN
namespace conformance {

/// The facts included besides those on which every store must agree.
struct Shown {
  bool ids = true;  ///< of memberships, and those of accounts found by address
  bool versions = true;
  std::vector<RoleId> owners = {owner};  ///< whose members are counted as owners
};

/// "org-0/acc-1" -> "active member ...", for everything that the stage watches.
using Picture = std::map<std::string, std::string>;

/// Takes one fetch for each request key and each time that is watched, and one more. Empty if the store fails, which
/// breaks the stage.
Picture picture(Stage& stage, Store& store, const Shown& shown = {});
inline Picture picture(Stage& stage) {
  return picture(stage, stage.store());
}

/// The first lines in which they differ; empty if they do not.
std::string difference(const Picture& before, const Picture& after);

}  // namespace conformance
ROSTER_END

#endif
