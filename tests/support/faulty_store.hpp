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
/// these facts have nothing to break in it.
struct Breakage {
  const char* name;
  bool (*apply)(const roster::Query&, roster::Facts&);
};
inline const std::array breakages = {
    Breakage{"an organization too few",
             [](const roster::Query&, roster::Facts& facts) {
               facts.organizations.truncate(facts.organizations.size() - 1);
               return true;
             }},
    Breakage{"organizations that nobody asked for",
             [](const roster::Query& query, roster::Facts& facts) {
               for (unsigned i = 0; i < 2 * query.rows() + 1; ++i)
                 if (!facts.organizations.push(facts.organizations[0])) return false;
               return true;
             }},
    Breakage{"an account too few",
             [](const roster::Query&, roster::Facts& facts) {
               facts.accounts.truncate(facts.accounts.size() - 1);
               return true;
             }},
    Breakage{"an account too many",
             [](const roster::Query&, roster::Facts& facts) { return facts.accounts.push(facts.accounts[0]); }},
    Breakage{"no answer at all",
             [](const roster::Query&, roster::Facts& facts) {
               facts.clear();
               return true;
             }},
    Breakage{"a membership twice",
             [](const roster::Query&, roster::Facts& facts) {
               return !facts.memberships.empty() && facts.memberships.push(facts.memberships.back());
             }},
    Breakage{"memberships out of order",
             [](const roster::Query&, roster::Facts& facts) {
               if (facts.memberships.size() < 2) return false;
               std::swap(facts.memberships[0], facts.memberships[1]);
               return true;
             }},
    Breakage{"a membership in no organization of the answer",
             [](const roster::Query&, roster::Facts& facts) {
               if (facts.memberships.empty()) return false;
               facts.memberships.back().organization = facts.organizations.size();
               return true;
             }},
    Breakage{"a membership of no account of the answer",
             [](const roster::Query&, roster::Facts& facts) {
               if (facts.memberships.empty()) return false;
               facts.memberships.back().account = facts.accounts.size();
               return true;
             }},
    Breakage{"a membership with a role outside the dictionary",
             [](const roster::Query&, roster::Facts& facts) {
               if (facts.memberships.empty()) return false;
               facts.memberships.back().role = static_cast<roster::RoleIndex>(facts.roles.size());
               return true;
             }},
    Breakage{"an actor's role outside the dictionary",
             [](const roster::Query&, roster::Facts& facts) {
               for (auto& organization : facts.organizations) {
                 if (organization.id.empty() || !organization.actor_is_member) continue;
                 organization.actor_role = static_cast<roster::RoleIndex>(facts.roles.size());
                 return true;
               }
               return false;
             }},
    Breakage{"a parent that is not in the answer",
             [](const roster::Query& query, roster::Facts& facts) {
               if (!query.parents || facts.organizations[0].id.empty()) return false;
               facts.organizations[0].parent = facts.organizations.size();
               return true;
             }},
    Breakage{"a wanted role too many",
             [](const roster::Query&, roster::Facts& facts) { return facts.wanted_roles.push(roster::no_role); }},
    Breakage{"a wanted role outside the dictionary",
             [](const roster::Query&, roster::Facts& facts) {
               if (facts.wanted_roles.empty()) return false;
               facts.wanted_roles[0] = static_cast<roster::RoleIndex>(facts.roles.size());
               return true;
             }},
};
inline const std::array group_breakages = {
    Breakage{"a group too many",
             [](const roster::Query&, roster::Facts& facts) { return facts.groups.push(roster::GroupFact{}); }},
    Breakage{"no groups",
             [](const roster::Query&, roster::Facts& facts) {
               facts.groups.clear();
               return true;
             }},
    Breakage{"more accounts counted than given",
             [](const roster::Query&, roster::Facts& facts) {
               facts.groups[0].found = true;
               facts.groups[0].accounts += 1;
               return true;
             }},
    Breakage{
        "more accounts given than counted",
        [](const roster::Query&, roster::Facts& facts) { return facts.group_accounts.push(roster::AccountId("a0")); }},
    Breakage{"an account without a name",
             [](const roster::Query&, roster::Facts& facts) {
               facts.groups[0].found = true;
               facts.groups[0].accounts += 1;
               return facts.group_accounts.push(roster::AccountId{});
             }},
};

/// As thread-safe as its script: that is, not at all.
class FaultyStore final : public roster::Store {
 public:
  /// Says what goes wrong in the call with this number, counted from 0.
  using Script = std::function<Fault(unsigned call, bool commit)>;

  explicit FaultyStore(roster::Store& inner, Script script = {}) : inner_(&inner), script_(std::move(script)) {}

  roster::Result<void> fetch(const roster::Query& query, roster::Facts& facts) override {
    const Fault fault = next(false);
    if (fault == Fault::throw_before) throw std::runtime_error("before");
    if (fault == Fault::fail_before) return roster::Error(roster::Errc::store_failed, 7);
    if (fault == Fault::stale) return roster::Errc::stale;
    if (fault == Fault::out_of_memory) return roster::Errc::out_of_memory;
    auto fetched = inner_->fetch(query, facts);
    if (breakage != nullptr && fetched) broke = breakage->apply(query, facts) || broke;
    if (fault == Fault::throw_after) throw std::runtime_error("after");
    if (fault == Fault::fail_after) return roster::Error(roster::Errc::store_failed, 7);
    return fetched;
  }

  roster::Result<void> commit(const roster::ChangeSet& changes) override {
    const Fault fault = next(true);
    if (seen) seen(changes);
    if (fault == Fault::throw_before) throw std::runtime_error("before");
    if (fault == Fault::fail_before) return roster::Error(roster::Errc::store_failed, 7);
    if (fault == Fault::stale) return roster::Errc::stale;
    if (fault == Fault::out_of_memory) return roster::Errc::out_of_memory;
    auto committed = inner_->commit(changes);
    if (fault == Fault::throw_after) throw std::runtime_error("after");
    if (fault == Fault::fail_after) return roster::Error(roster::Errc::store_failed, 7);
    return committed;
  }

  unsigned calls = 0, commits = 0;
  bool failed = false;                                 ///< something did go wrong
  bool broke = false;                                  ///< some facts were broken
  const Breakage* breakage = nullptr;                  ///< applied to every answer
  std::function<void(const roster::ChangeSet&)> seen;  ///< told of every change set

 private:
  Fault next(bool commit) {
    const Fault fault = script_ ? script_(calls, commit) : Fault::pass;
    ++calls;
    commits += commit ? 1 : 0;
    failed = failed || fault != Fault::pass;
    return fault;
  }

  roster::Store* inner_;
  Script script_;
};

}  // namespace roster_test

#endif
