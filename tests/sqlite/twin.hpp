// Twin: two stores that are asked and told the same. Where their answers differ, `wrong` says how.
//
// What may differ is what a store chooses for itself: versions, locators, and how its dictionary of roles is ordered. A
// change set is carried over from the words of the first to those of the second.
#ifndef ROSTER_TESTS_SQLITE_TWIN_HPP
#define ROSTER_TESTS_SQLITE_TWIN_HPP

#include <string>

#include "roster/store.hpp"

namespace roster_test {

class Twin final : public roster::Store {
 public:
  Twin(roster::Store& first, roster::Store& second) : first_(first), second_(second) {}
  roster::Result<void> fetch(const roster::Query& query, roster::Facts& facts) override;
  roster::Result<void> commit(const roster::ChangeSet& changes) override;

  std::string wrong;  // empty: they have agreed so far
  unsigned fetches = 0, commits = 0, stale = 0;

 private:
  roster::Version other_version(const roster::Guard& guard) const;

  roster::Store& first_;
  roster::Store& second_;
  roster::Facts others_;  // what the second answered last
};

}  // namespace roster_test

#endif
