// Proves that a store may fail in any call and in any way, once or for ever: nothing is thrown, nothing is doubled, the
// report never says more than is known, and the same request sent again comes to the same end as if nothing had
// happened.
#include <map>

#include "faults/fault_cases.hpp"
#include "support/fixture.hpp"

namespace store_errors_test {

using namespace faults;

namespace {

/// Ways in which facts can contradict the query, each with the name by which a test reports it. A way returns false if
/// these facts have nothing to break in it, or there was no memory.
struct Breakage {
  const char* name;
  bool (*apply)(const Query& query, Facts& facts);
};
using AnyQuery = const Query&;
using AnyFacts = Facts&;
// clang-format off
const std::array breakages = {
    Breakage{"an organization too few", [](AnyQuery, AnyFacts f) { return f.organizations.truncate(f.organizations.size() - 1), true; }},
    Breakage{"organizations that nobody asked for", [](AnyQuery q, AnyFacts f) { const auto one = f.organizations[0]; return f.organizations.resize(f.organizations.size() + 2 * q.rows() + 1, one); }},
    Breakage{"an account too few", [](AnyQuery, AnyFacts f) { return f.accounts.truncate(f.accounts.size() - 1), true; }},
    Breakage{"an account too many", [](AnyQuery, AnyFacts f) { return f.accounts.try_push_back(f.accounts[0]); }},
    Breakage{"no answer at all", [](AnyQuery, AnyFacts f) { return f.clear(), true; }},
    Breakage{"a membership twice", [](AnyQuery, AnyFacts f) { return !f.memberships.empty() && f.memberships.try_push_back(f.memberships.back()); }},
    Breakage{"memberships out of order", [](AnyQuery, AnyFacts f) { return f.memberships.size() > 1 && (std::swap(f.memberships[0], f.memberships[1]), true); }},
    Breakage{"a membership in no organization of the answer", [](AnyQuery, AnyFacts f) { return !f.memberships.empty() && (f.memberships.back().organization = f.organizations.size(), true); }},
    Breakage{"a membership of no account of the answer", [](AnyQuery, AnyFacts f) { return !f.memberships.empty() && (f.memberships.back().account = f.accounts.size(), true); }},
    Breakage{"a membership with a role outside the dictionary", [](AnyQuery, AnyFacts f) { return !f.memberships.empty() && (f.memberships.back().role = static_cast<RoleIndex>(f.roles.size()), true); }},
    Breakage{"an actor's role outside the dictionary",
             [](AnyQuery, AnyFacts f) {
               for (auto& organization : f.organizations) {
                 if (organization.id.empty() || !organization.actor_is_member) continue;
                 organization.actor_role = static_cast<RoleIndex>(f.roles.size());
                 return true;
               }
               return false;
             }},
    Breakage{"a parent that is not in the answer", [](AnyQuery q, AnyFacts f) { return q.parents && !f.organizations[0].id.empty() && (f.organizations[0].parent = f.organizations.size(), true); }},
    Breakage{"a wanted role too many", [](AnyQuery, AnyFacts f) { return f.wanted_roles.try_push_back(no_role); }},
    Breakage{"a wanted role outside the dictionary", [](AnyQuery, AnyFacts f) { return !f.wanted_roles.empty() && (f.wanted_roles[0] = static_cast<RoleIndex>(f.roles.size()), true); }},
};
const std::array group_breakages = {
    Breakage{"a group too many", [](AnyQuery, AnyFacts f) { return f.groups.try_push_back(GroupFact{}); }},
    Breakage{"no groups", [](AnyQuery, AnyFacts f) { return f.groups.clear(), true; }},
    Breakage{"more accounts counted than given", [](AnyQuery, AnyFacts f) { return f.groups[0].found = true, ++f.groups[0].accounts, true; }},
    Breakage{"more accounts given than counted", [](AnyQuery, AnyFacts f) { return f.group_accounts.try_push_back(AccountId("a0")); }},
    Breakage{"an account without a name", [](AnyQuery, AnyFacts f) { return f.groups[0].found = true, ++f.groups[0].accounts, f.group_accounts.try_push_back(AccountId{}); }},
};
// clang-format on

/// Faults after which it is certain that the call wrote nothing.
bool wrote_nothing(Fault fault) {
  return fault != Fault::fail_after && fault != Fault::throw_after;
}
bool is_known(Errc code) {
  return code == Errc::store_failed || code == Errc::out_of_memory || code == Errc::contended;
}

/// Runs the case with `fault` in the call number `nth`, and in all later ones if it is `for_ever`. False: so many
/// calls are not made.
bool run(const FaultCase& fault_case, const Reference& reference, unsigned nth, Fault fault, bool for_ever) {
  INFO(fault_case.name << ": " << name(fault) << " in call " << nth << (for_ever ? " and all after it" : ""));
  const auto fixture = fault_case.begin();
  const State before = fixture->state();
  const std::string exactly = fixture->exactly();
  FaultyStore faulty(fixture->store, [&](unsigned call, bool) {
    return call == nth || (for_ever && call > nth) ? fault : Fault::pass;
  });
  const Answer answer = fixture->run(fault_case.rules, *fault_case.command, &faulty, Time{8'000'000});
  if (!faulty.failed) return false;
  CHECK(faulty.calls < 5'000);
  const State after = fixture->state();
  CHECK(after.broken == "");
  reference.check_nothing_new(before, after);
  if (answer.error) {
    CHECK(is_known(answer.error->code));
    if (wrote_nothing(fault)) CHECK(fixture->exactly() == exactly);
  } else {
    // The answer of a write was lost only where a write could have happened.
    reference.check_report(answer, before, after, *fixture, !wrote_nothing(fault));
    if (answer.stopped) CHECK(is_known(answer.stopped->code));
    if (fault == Fault::out_of_memory && answer.stopped) CHECK(answer.stopped->code != Errc::contended);
  }
  const Answer again = reference.converges(*fixture);
  if (!answer.error && fault_case.details)  // what was reported once stays true
    for (std::size_t cell = 0; cell < answer.outcomes.size(); ++cell)
      if (succeeded(answer.outcomes[cell]) && succeeded(again.outcomes[cell]) &&
          answer.memberships[cell] != again.memberships[cell])
        FAIL_CHECK("cell " << cell << " has another id than was reported");
  return true;
}

std::uint64_t run(const std::vector<FaultCase>& fault_cases) {
  std::uint64_t points = 0;
  for (const FaultCase& fault_case : fault_cases) {
    const Reference reference(fault_case);
    for (const Fault fault : roster_test::faults)
      for (const bool for_ever : {false, true})
        for (unsigned nth = 0; run(fault_case, reference, nth, fault, for_ever); ++nth) ++points;
  }
  return points;
}

bool has_many_accounts(const FaultCase& fault_case) {
  return fault_case.name.rfind("600", 0) == 0;
}

}  // namespace

TEST_CASE("an add survives every fault in every call of its store") {
  const auto all = adds();
  REQUIRE(all.size() >= 12);
  CHECK(run(all) >= 600);
}

TEST_CASE("a change of memberships survives every fault in every call of its store, once and for ever") {
  CHECK(run(changes()) >= 500);
}

TEST_CASE("a pair of faults, one after the other, is survived as well") {
  std::uint64_t points = 0;
  for (const FaultCase& fault_case : adds()) {
    if (has_many_accounts(fault_case)) continue;
    const Reference reference(fault_case);
    for (const Fault first : roster_test::faults)
      for (const Fault second : roster_test::faults)
        for (unsigned gap = 1; gap < 4; ++gap) {
          INFO(fault_case.name << ": " << name(first) << ", then " << name(second) << " after " << gap);
          const auto fixture = fault_case.begin();
          FaultyStore faulty(fixture->store, [&](unsigned call, bool) {
            return call == 1 ? first : call == 1 + gap ? second : Fault::pass;
          });
          const Answer answer = fixture->run(fault_case.rules, *fault_case.command, &faulty, Time{8'000'000});
          CHECK(fixture->state().broken == "");
          CHECK(contradiction(*fault_case.command, answer, fixture->store) == "");
          (void)reference.converges(*fixture);
          ++points;
        }
  }
  CHECK(points >= 1'000);
}

TEST_CASE("a command without a key of its own gets one, and sent again under it converges") {
  for (const Fault fault : {Fault::fail_after, Fault::throw_after}) {
    const FaultCase fault_case = adds()[3];  // a new address
    AddMembers command = static_cast<const AddMembers&>(*fault_case.command);
    command.idempotency_key = {};
    const auto fixture = fault_case.begin();
    FaultyStore faulty(fixture->store, [&](unsigned, bool commit) { return commit ? fault : Fault::pass; });
    const Answer first = fixture->run(fault_case.rules, command, &faulty);
    REQUIRE_FALSE(first.error.has_value());  // the second look finds the lost write
    CHECK(first.at(0, 0) == Outcome::replayed);
    CHECK(faulty.commits == 1);
    command.idempotency_key = first.idempotency_key;
    const Answer again = fixture->run(fault_case.rules, command);
    REQUIRE_FALSE(again.error.has_value());
    CHECK(again.at(0, 0) == Outcome::replayed);
    CHECK(again.memberships == first.memberships);
  }
}

TEST_CASE(
    "facts that contradict the query stop the operation before anything is written, whatever is wrong with them") {
  std::map<std::string, int> met;
  const auto check = [&](const FaultCase& fault_case, const Breakage& breakage) {
    INFO(fault_case.name << ": " << breakage.name);
    const auto fixture = fault_case.begin();
    const std::string before = fixture->exactly();
    FaultyStore faulty(fixture->store);
    faulty.breaks = breakage.apply;
    const Answer answer = fixture->run(fault_case.rules, *fault_case.command, &faulty);
    if (!faulty.broke) return;
    ++met[breakage.name];
    CHECK(fixture->state().broken == "");
    if (answer.error) {
      CHECK(*answer.error == Error(Errc::store_broke_contract));
      CHECK(fixture->exactly() == before);
    } else {  // an earlier tile had nothing in it that could be broken
      REQUIRE(answer.stopped.has_value());
      CHECK(answer.stopped->code == Errc::store_broke_contract);
      CHECK(contradiction(*fault_case.command, answer, fixture->store) == "");
    }
  };
  for (const FaultCase& fault_case : adds()) {
    if (has_many_accounts(fault_case)) continue;
    const bool groups = !static_cast<const AddMembers&>(*fault_case.command).groups.empty();
    if (groups)
      for (const Breakage& breakage : group_breakages) check(fault_case, breakage);
    else
      for (const Breakage& breakage : breakages) check(fault_case, breakage);
  }
  CHECK(met.size() == breakages.size() + group_breakages.size());  // one that no case meets would prove nothing
}

}
