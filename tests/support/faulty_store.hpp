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

/// Ways in which facts can contradict the query, each with the name by which a test reports it. A way returns false if
/// these facts have nothing to break in it, or there was no memory.
struct Breakage {
  const char* name;
  bool (*apply)(const roster::Query& query, roster::Facts& facts);
};
using AnyQuery = const roster::Query&;
using AnyFacts = roster::Facts&;
// clang-format off
inline const std::array breakages = {
    Breakage{"an organization too few", [](AnyQuery, AnyFacts f) { return f.organizations.truncate(f.organizations.size() - 1), true; }},
    Breakage{"organizations that nobody asked for", [](AnyQuery q, AnyFacts f) { const auto one = f.organizations[0]; return f.organizations.resize(f.organizations.size() + 2 * q.rows() + 1, one); }},
    Breakage{"an account too few", [](AnyQuery, AnyFacts f) { return f.accounts.truncate(f.accounts.size() - 1), true; }},
    Breakage{"an account too many", [](AnyQuery, AnyFacts f) { return f.accounts.push(f.accounts[0]); }},
    Breakage{"no answer at all", [](AnyQuery, AnyFacts f) { return f.clear(), true; }},
    Breakage{"a membership twice", [](AnyQuery, AnyFacts f) { return !f.memberships.empty() && f.memberships.push(f.memberships.back()); }},
    Breakage{"memberships out of order", [](AnyQuery, AnyFacts f) { return f.memberships.size() > 1 && (std::swap(f.memberships[0], f.memberships[1]), true); }},
    Breakage{"a membership in no organization of the answer", [](AnyQuery, AnyFacts f) { return !f.memberships.empty() && (f.memberships.back().organization = f.organizations.size(), true); }},
    Breakage{"a membership of no account of the answer", [](AnyQuery, AnyFacts f) { return !f.memberships.empty() && (f.memberships.back().account = f.accounts.size(), true); }},
    Breakage{"a membership with a role outside the dictionary", [](AnyQuery, AnyFacts f) { return !f.memberships.empty() && (f.memberships.back().role = static_cast<roster::RoleIndex>(f.roles.size()), true); }},
    Breakage{"an actor's role outside the dictionary",
             [](AnyQuery, AnyFacts f) {
               for (auto& organization : f.organizations) {
                 if (organization.id.empty() || !organization.actor_is_member) continue;
                 organization.actor_role = static_cast<roster::RoleIndex>(f.roles.size());
                 return true;
               }
               return false;
             }},
    Breakage{"a parent that is not in the answer", [](AnyQuery q, AnyFacts f) { return q.parents && !f.organizations[0].id.empty() && (f.organizations[0].parent = f.organizations.size(), true); }},
    Breakage{"a wanted role too many", [](AnyQuery, AnyFacts f) { return f.wanted_roles.push(roster::no_role); }},
    Breakage{"a wanted role outside the dictionary", [](AnyQuery, AnyFacts f) { return !f.wanted_roles.empty() && (f.wanted_roles[0] = static_cast<roster::RoleIndex>(f.roles.size()), true); }},
};
inline const std::array group_breakages = {
    Breakage{"a group too many", [](AnyQuery, AnyFacts f) { return f.groups.push(roster::GroupFact{}); }},
    Breakage{"no groups", [](AnyQuery, AnyFacts f) { return f.groups.clear(), true; }},
    Breakage{"more accounts counted than given", [](AnyQuery, AnyFacts f) { return f.groups[0].found = true, ++f.groups[0].accounts, true; }},
    Breakage{"more accounts given than counted", [](AnyQuery, AnyFacts f) { return f.group_accounts.push(roster::AccountId("a0")); }},
    Breakage{"an account without a name", [](AnyQuery, AnyFacts f) { return f.groups[0].found = true, ++f.groups[0].accounts, f.group_accounts.push(roster::AccountId{}); }},
};
// clang-format on

/// As thread-safe as its script: that is, not at all.
class FaultyStore final : public roster::Store {
 public:
  /// Says what goes wrong in the call with this number, counted from 0.
  using Script = std::function<Fault(unsigned call, bool commit)>;

  explicit FaultyStore(roster::Store& inner, Script script = {}) : inner_(&inner), script_(std::move(script)) {}

  roster::Result<void> fetch(const roster::Query& query, roster::Facts& facts) override {
    return disturbed(false, [&] {
      auto fetched = inner_->fetch(query, facts);
      if (breakage != nullptr && fetched) broke = breakage->apply(query, facts) || broke;
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
  bool failed = false;                                    ///< something did go wrong
  bool broke = false;                                     ///< some facts were broken
  const Breakage* breakage = nullptr;                     ///< applied to every answer
  std::function<void(const roster::ChangeSet&)> seen;     ///< told of every change set
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
