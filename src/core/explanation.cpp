#include "roster/explanation.hpp"

ROSTER_BEGIN

namespace {

/// The role that a cell asks for by name; null if it names none, or the command gives no role.
const RoleId* asked_in(const Command& command, std::uint32_t row, std::uint32_t column) noexcept {
  switch (command.kind()) {
    case Kind::add:
    case Kind::invite:
    case Kind::change_role:
    case Kind::transfer_ownership: break;
    default: return nullptr;
  }
  const auto& asks = static_cast<const RoleCommand&>(command);
  const std::size_t named = command.accounts.size();
  std::size_t at = 0;
  if (!asks.cell_roles.empty() && column < named) {
    const std::size_t cell = row * named + column;
    if (cell < asks.cell_roles.size()) at = asks.cell_roles[cell];
  }
  return at < asks.roles.size() ? &asks.roles.span()[at] : nullptr;
}

}  // namespace

std::optional<Explanation> explain(const Command& command, const Report& report, std::uint32_t row,
                                   std::uint32_t column) noexcept {
  if (row >= report.rows || column >= report.columns || row >= command.organizations.size()) return std::nullopt;
  if (std::size_t{row} * report.columns + column >= report.outcomes.size()) return std::nullopt;
  std::optional<Explanation> why(std::in_place);
  why->outcome = report.at(row, column);
  why->subject = subject(why->outcome);
  why->organization = &command.organizations.span()[row];
  if (column < report.named && column < command.accounts.size()) why->account = &command.accounts.span()[column];
  if (column < report.accounts.size()) why->account_id = report.accounts[column].id;
  why->actor = command.actor.id;
  if (const RoleId* const asked = asked_in(command, row, column)) why->asked = *asked;
  why->has = report.role(row, column);
  why->request = report.request;
  return why;
}

ROSTER_END
