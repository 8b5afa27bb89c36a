#include "roster/explanation.hpp"

#include "rules/role.hpp"

namespace roster::inline ROSTER_ABI {

std::optional<Explanation> explain(const Command& command, const Report& report, std::uint32_t row,
                                   std::uint32_t column) noexcept {
  if (row >= report.rows || column >= report.columns || row >= command.organizations.size()) return std::nullopt;
  if (std::size_t{row} * report.columns + column >= report.outcomes.size()) return std::nullopt;
  std::optional<Explanation> why(std::in_place);
  why->outcome = report.at(row, column);
  why->subject = subject(why->outcome);
  why->organization = &command.organizations.span()[row];
  if (column < report.direct_columns && column < command.accounts.size())
    why->account = &command.accounts.span()[column];
  if (column < report.accounts.size()) why->account_id = report.accounts[column].id;
  why->actor = command.actor.id;
  if (const RoleCommand* const names = as_role_command(command)) {
    const std::uint32_t index = requested_role_index(*names, row, column);
    if (index < names->roles.size()) why->requested_role = names->roles.span()[index];
  }
  why->current_role = report.role(row, column);
  why->idempotency_key = report.idempotency_key;
  return why;
}

}  // namespace roster::inline ROSTER_ABI
