// An operation that is answered by hand, step by step.
#ifndef ROSTER_TESTS_UNIT_MANUAL_OPERATION_HPP
#define ROSTER_TESTS_UNIT_MANUAL_OPERATION_HPP

#include "unit/facts_by_hand.hpp"

namespace by_hand {

using Need = Operation::Need;

/// An operation on its way, answered by hand.
struct ManualOperation {
  explicit ManualOperation(AddMembers asked, Profile rules = wide_profile(), Options options = {})
      : profile(std::move(rules)),
        command(std::move(asked)),
        operation(profile, command, {Time{42}, &ids, options.details}, options) {}
  ManualOperation(const ManualOperation&) = delete;

  void everybody_is_there() { operation.provide(Desk::answer(operation.query(), operation.facts())); }
  /// Everybody is there, and a member already.
  void everybody_is_member(bool by_this_request) {
    REQUIRE(Desk::answer(operation.query(), operation.facts()).has_value());
    Facts& facts = operation.facts();
    REQUIRE(facts.roles.try_push_back({.id = role("clerk")}));
    const auto known = static_cast<RoleIndex>(facts.roles.size() - 1);
    for (std::uint32_t row = 0; row < operation.query().rows(); ++row)
      for (std::uint32_t column = 0; column < operation.query().columns(); ++column) {
        MembershipFact fact{.organization = row, .account = column, .id = membership_id(7), .role = known};
        if (by_this_request) wrote_it(command, fact);
        REQUIRE(facts.memberships.try_push_back(fact));
      }
    operation.provide(success());
  }
  Report report() {
    REQUIRE(operation.need() == Need::nothing);
    auto finished = operation.finish();
    REQUIRE(finished.has_value());
    return std::move(finished).assume_value();
  }
  Error error() {
    REQUIRE(operation.need() == Need::nothing);
    auto finished = operation.finish();
    REQUIRE(finished.has_error());
    return finished.assume_error();
  }
  Outcomes outcomes() {
    const Report all = report();
    return {all.outcomes.begin(), all.outcomes.end()};
  }

  Profile profile{.actor = roster::ActorRule::host_decides};
  AddMembers command;
  Numbers ids;
  Operation operation;
};

inline AddMembers two() {
  return {organization("o"), people({"a", "b"})};
}

}  // namespace by_hand

#endif
