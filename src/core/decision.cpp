#include "roster/decision.hpp"

#include <algorithm>
#include <array>

namespace roster::inline ROSTER_ABI {

void ChangeSet::clear() noexcept {
  organizations = {};
  accounts = {};
  roles.clear();
  guards.clear();
  created.clear();
  added_ids.clear();
  added.clear();
  changed.clear();
  owner_roles = free_roles = {};
  invited_occupy_seats = keeps_tombstones = true;
  host_invites = records_owner_roles = false;
  actor = {};
  idempotency_key = {};
  at = {};
  valid_until = invitation_until = {};
}

std::string_view name(Event event) noexcept {
  static constexpr std::array<std::string_view, 15> names = {
      "added",          "invited",   "role_changed",      "removed",
      "left",           "suspended", "reactivated",       "accepted",
      "declined",       "revoked",   "ownership_given",   "ownership_given_up",
      "expiry_changed", "expired",   "invitation_renewed"};
  static_assert(names.size() == std::size_t(Event::invitation_renewed) + 1);
  const auto at = static_cast<std::size_t>(event);
  return at < names.size() ? names[at] : "unknown";
}

const Previous* Report::before(std::uint32_t row, std::uint32_t column) const noexcept {
  const std::size_t cell = std::size_t{row} * columns + column;
  const Previous* const found = std::lower_bound(previous.begin(), previous.end(), cell,
                                                 [](const Previous& entry, std::size_t at) { return entry.cell < at; });
  return found != previous.end() && found->cell == cell ? found : nullptr;
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

}  // namespace roster::inline ROSTER_ABI
