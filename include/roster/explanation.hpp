// Explanation: why a cell came out as it did, as data. format.hpp makes a sentence of it.
#ifndef ROSTER_EXPLANATION_HPP
#define ROSTER_EXPLANATION_HPP

#include <cstdint>
#include <optional>

#include "roster/decision.hpp"

ROSTER_PUBLIC_BEGIN

/// The rule that decided a cell, and the fact it leaned on. It refers to the command, which must outlive it.
struct Explanation {
  Outcome outcome{};  ///< the rule
  Subject subject{};  ///< the kind of fact: of what follows, where to look
  const OrganizationSelector* organization = nullptr;
  const AccountSelector* account = nullptr;  ///< as the command names it; null: the column came from a group
  AccountId account_id;                      ///< as far as the report shows it
  AccountId actor;                           ///< empty: nobody in particular
  RoleId asked;                              ///< empty: the default, or the command gives no role
  RoleId has;                                ///< what the membership has now, as far as the report shows it
  RequestKey request;                        ///< under which the command wrote, or was recognised
};

/// Why the cell (row, column) of `report`, which answers `command`, came out as it did. It says nothing that the report
/// does not, so that what a profile hides stays hidden. Works as well on the report of Engine::plan().
/// Nothing: there is no such cell. Does not allocate.
std::optional<Explanation> explain(const Command& command, const Report& report, std::uint32_t row,
                                   std::uint32_t column) noexcept;

ROSTER_END

#endif
