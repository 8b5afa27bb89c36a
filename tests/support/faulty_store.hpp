// A store that misbehaves on demand: a decorator, and a script that says for each call what goes wrong.
#ifndef ROSTER_TESTS_SUPPORT_FAULTY_STORE_HPP
#define ROSTER_TESTS_SUPPORT_FAULTY_STORE_HPP

#include <array>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>

#include "roster/store.hpp"

namespace roster_test {

enum class Fault : std::uint8_t {
  pass,
  fail_before,    ///< store_failed, and nothing was read or written
  fail_after,     ///< store_failed, but it was: the answer is lost
  stale,          ///< nothing was written
  out_of_memory,  ///< nothing was written
  throw_before,
  throw_after,
};
inline constexpr std::array faults = {Fault::fail_before,   Fault::fail_after,   Fault::stale,
                                      Fault::out_of_memory, Fault::throw_before, Fault::throw_after};
inline const char* name(Fault fault) {
  constexpr const char* names[] = {"pass",          "fail before",  "fail after", "stale",
                                   "out of memory", "throw before", "throw after"};
  return names[static_cast<unsigned>(fault)];
}

/// As thread-safe as its script: that is, not at all.
class FaultyStore final : public roster::Store {
 public:
  /// Says what goes wrong in the call with this number, counted from 0.
  using Script = std::function<Fault(unsigned call, bool commit)>;

  explicit FaultyStore(roster::Store& inner, Script script = {}) : inner_(&inner), script_(std::move(script)) {}

  roster::Result<void> fetch(const roster::Query& query, roster::Facts& facts) override {
    return disturbed(false, [&] {
      auto fetched = inner_->fetch(query, facts);
      if (breaks && fetched) broke = breaks(query, facts) || broke;
      return fetched;
    });
  }
  roster::Result<void> commit(const roster::ChangeSet& changes) override {
    if (seen) seen(changes);
    return disturbed(true, [&] {
      auto committed = inner_->commit(changes);
      if (committed && written) written(changes);
      return committed;
    });
  }

  unsigned calls = 0, commits = 0;
  bool failed = false;                                               ///< something did go wrong
  bool broke = false;                                                ///< some facts were broken
  std::function<bool(const roster::Query&, roster::Facts&)> breaks;  ///< applied to every answer; whether it could
  std::function<void(const roster::ChangeSet&)> seen;                ///< told of every change set
  std::function<void(const roster::ChangeSet&)> written;  ///< of those that were carried out, before they are answered

 private:
  template <class Call>
  roster::Result<void> disturbed(bool commit, const Call& call) {
    const Fault fault = script_ ? script_(calls, commit) : Fault::pass;
    ++calls;
    commits += commit ? 1 : 0;
    failed = failed || fault != Fault::pass;
    const roster::Error failure(roster::Errc::store_failed, 7);
    if (fault == Fault::throw_before) throw std::runtime_error("before");
    if (fault == Fault::fail_before) return failure;
    if (fault == Fault::stale) return roster::Errc::stale;
    if (fault == Fault::out_of_memory) return roster::Errc::out_of_memory;
    auto answer = call();
    if (fault == Fault::throw_after) throw std::runtime_error("after");
    return fault == Fault::fail_after ? failure : answer;
  }

  roster::Store* inner_;
  Script script_;
};

}  // namespace roster_test

#endif
