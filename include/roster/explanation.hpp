// Explanation: the reason for the outcome of a cell, as data. format.hpp makes a sentence of it.
//
//     if (std::optional<Explanation> why = explain(command, report, 0, 0))
//       std::puts(fmt::format("{}", *why).c_str());  // with format.hpp
#ifndef ROSTER_EXPLANATION_HPP
#define ROSTER_EXPLANATION_HPP

#include <cstdint>
#include <optional>

#include "roster/decision.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// Explanation is the rule that decided a cell, and the fact on which it depends. It refers to the command, which must
/// outlive it.
struct Explanation {
  Outcome outcome{};                                   ///< the rule
  Subject subject{};                                   ///< the kind of that fact
  const OrganizationSelector* organization = nullptr;  ///< as the command names it
  const AccountSelector* account = nullptr;            ///< as the command names it; null: the column is from a group
  AccountId account_id;                                ///< if the report shows it
  AccountId actor;                                     ///< empty: no account
  RoleId requested_role;                               ///< empty: the default, or a command without a role
  RoleId current_role;                                 ///< the role of the membership, if the report shows it
  IdempotencyKey idempotency_key;                      ///< the idempotency key of the command's writes
};

/// explain() returns the reason for the outcome of the cell (row, column) of `report`, the report of `command`. It
/// contains no more than the report, so hidden facts stay hidden. It also accepts the report of Engine::plan(). Without
/// such a cell it returns nothing. It does not allocate.
std::optional<Explanation> explain(const Command& command, const Report& report, std::uint32_t row,
                                   std::uint32_t column) noexcept;

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
