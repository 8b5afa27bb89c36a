// The maps of the example with a fault in their content after a commit or a put, or in its input.
#ifndef ROSTER_TESTS_CONFORMANCE_TABLED_HPP
#define ROSTER_TESTS_CONFORMANCE_TABLED_HPP

#include "broken.hpp"
#include "own-store/map_store.hpp"

namespace broken {

/// Called after a write: the content may be changed; `before` is the content before it.
struct Hooks {
  std::function<void(Tables& now, const Tables& before, const ChangeSet& changes)> written = nullptr;
  std::function<void(Tables& now, const Tables& before)> put = nullptr;
  std::function<Result<void>(const Tables& before, const ChangeSet& changes)> judges = nullptr;
  std::function<void(Tables& before, ChangeSet& changes)> twist = nullptr;
};

Fault tabled(const char* name, const char* law, std::vector<std::string> also, Hooks hooks);

Tables::Pair pair_of(const ChangeSet& changes, std::uint32_t row, std::uint32_t column);
/// The row that a change left; null if it left none.
MemberRow* left(Tables& now, const ChangeSet& changes, const MemberChanged& changed);
MemberRow* left(Tables& now, const ChangeSet& changes, const MemberAdded& added);
const MemberRow* was(const Tables& before, const ChangeSet& changes, const MemberChanged& changed);

}  // namespace broken

#endif
