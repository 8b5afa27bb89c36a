#include "roster/decision.hpp"

#include <algorithm>

ROSTER_BEGIN

void ChangeSet::clear() noexcept {
  organizations = {};
  accounts = {};
  roles.clear();
  guards.clear();
  created.clear();
  added_ids.clear();
  added.clear();
  replaced.clear();
  actor = {};
  request = {};
  at = {};
}

MembershipId Report::membership(std::uint32_t row, std::uint32_t column) const noexcept {
  const std::size_t cell = std::size_t{row} * columns + column;
  return cell < memberships.size() ? memberships[cell] : MembershipId{};
}

RoleId Report::role(std::uint32_t row, std::uint32_t column) const noexcept {
  const std::size_t cell = std::size_t{row} * columns + column;
  if (cell >= cell_roles.size() || cell_roles[cell] >= roles.size()) return {};
  return roles[cell_roles[cell]];
}

std::uint64_t Report::count(Outcome outcome) const noexcept {
  return static_cast<std::uint64_t>(std::count(outcomes.begin(), outcomes.end(), outcome));
}

bool Report::succeeded() const noexcept {
  return std::all_of(outcomes.begin(), outcomes.end(), [](Outcome outcome) { return ROSTER_ABI::succeeded(outcome); });
}

ROSTER_END
