// Before the first tile: validation of the command, its columns, and the size of its tiles.
#include <algorithm>

#include "admission.hpp"
#include "duplicates.hpp"
#include "facts_checks.hpp"
#include "operation.hpp"
#include "rules/capacity.hpp"

namespace roster::inline ROSTER_ABI {

namespace {

/// Tiles are wide, because every store keeps the members of an organization together.
constexpr std::uint32_t tile_columns_usual = 1024;

Error too_large(std::uint64_t limit) noexcept {
  return Error(Errc::batch_too_large, static_cast<std::uint32_t>(limit));
}

/// Checks the limits that need the number of columns.
Result<void> admit_columns(const OperationState& op, std::uint64_t columns) noexcept {
  if (columns == 0) return Errc::batch_empty;
  if (columns > op.profile.accounts_max && op.command.kind() != CommandKind::transfer_ownership && !op.is_page)
    return too_large(op.profile.accounts_max);
  const std::uint64_t cells_max = std::min<std::uint64_t>(op.profile.cells_max, no_index - 1);
  if (op.rows.size() * columns > cells_max) return too_large(cells_max);
  return success();
}

/// Chooses the rows and columns of a tile, of `width` columns in all.
void choose_tile_size(OperationState& op, std::uint32_t width) noexcept {
  const std::uint32_t rows = op.report.rows;
  op.tile_rows = rows;
  op.tile_columns = width;
  if (!is_atomic(op.profile, op.command) && std::uint64_t{rows} * op.report.columns != 1 && !op.hidden_limit_error) {
    const std::uint32_t most = std::max<std::uint32_t>(1, op.options.tile_cells_max);
    const std::uint32_t columns = std::min({width, most, tile_columns_usual});
    const RoleCommand* const names = as_role_command(op.command);
    const bool by_row = names != nullptr && !names->cell_roles.empty();  // each cell may request its own role
    op.tile_rows = by_row ? 1 : std::min(rows, most / std::max<std::uint32_t>(1, columns));
    op.tile_columns = std::min(width, most / op.tile_rows);
  }
  op.single_tile = op.tile_rows == rows && op.tile_columns == width;
}

/// Once for both lists, to keep programs small.
[[nodiscard, gnu::noinline]] bool push(SmallVector<RoleId, 1>& list, const RoleId& id) noexcept {
  return list.try_push_back(id);
}

[[nodiscard]] bool push_counted(OperationState& op, const Role& role, const RoleId& id) noexcept {
  return (!role.owns || push(op.owner_roles, id)) && (role.takes_seat || push(op.free_roles, id));
}

/// The roles of the profile's catalog that the store counts in another way, each with its former ids.
[[nodiscard, gnu::noinline]] bool counted_roles(OperationState& op) noexcept {
  for (const Role& role : op.profile.roles)
    if (!push_counted(op, role, role.id)) return false;
  for (const FormerRole& each : op.profile.former_roles)
    if (const Role* const role = find_former_role(op.profile, each.role);
        role != nullptr && !push_counted(op, *role, each.former))
      return false;
  // Two empty lists would mean the organizations' own catalogs: counts_by_catalog(). No membership has an empty role.
  const bool none = op.owner_roles.empty() && op.free_roles.empty() && !op.profile.roles.empty();
  return !none || push(op.owner_roles, RoleId{});
}

/// The parts of the query that are equal for every tile.
bool begin_query(OperationState& op) noexcept {
  if (op.profile.roles.empty() && !wanted_roles(op.profile, op.command, op.wanted)) return false;
  Query& query = op.query;
  query.groups = {};
  query.parents = needs_parents(op.profile);
  query.counts = needs_counts(op.profile, op.command.kind());
  query.inviters = op.command.kind() == CommandKind::accept_invitation && checks_inviter(op.profile);
  query.asked_at = op.command.asked_at;
  query.now = op.context.now;
  if (checks_actor(op.profile, op.command) && !is_own_affair(op.command.kind())) query.actor = op.command.actor.id;
  if (!counted_roles(op)) return false;
  query.roles = std::as_const(op.wanted).span();
  query.owner_roles = std::as_const(op.owner_roles).span();
  query.free_roles = std::as_const(op.free_roles).span();
  return true;
}

}  // namespace

Result<void> admit(const OperationState& op) noexcept {
  const Profile& profile = op.profile;
  const Command& command = op.command;
  const auto organizations = op.rows;
  const auto accounts = command.accounts.span();
  if (!op.is_page && (organizations.empty() || (accounts.empty() && command.groups.empty()))) return Errc::batch_empty;
  if (organizations.size() > profile.organizations_max && !op.is_page) return too_large(profile.organizations_max);
  const bool transfers = command.kind() == CommandKind::transfer_ownership;  // two columns, one of them the actor
  if (((accounts.size() > profile.accounts_max && !transfers) || command.groups.size() > profile.accounts_max) &&
      !op.is_page)
    return too_large(profile.accounts_max);
  for (std::size_t i = 0; i < organizations.size(); ++i)
    if (is_blank(organizations[i])) return Error(Errc::id_empty, static_cast<std::uint32_t>(i));
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const auto index = static_cast<std::uint32_t>(i);
    const bool itself = is_own_affair(command.kind()) || (transfers && i == 1);
    if (!itself && !op.is_page && !accepts(profile, accounts[i])) return Error(Errc::selector_not_accepted, index);
    if (is_blank(accounts[i]))
      return Error(std::holds_alternative<Email>(accounts[i]) ? Errc::email_empty : Errc::id_empty, index);
  }
  for (std::size_t i = 0; i < command.groups.size(); ++i)
    if (command.groups[i].empty()) return Error(Errc::id_empty, static_cast<std::uint32_t>(i));
  if (lacks_actor(profile, command)) return Errc::actor_missing;
  if (op.context.ids == nullptr) return Errc::profile_malformed;
  for (const Time end : {valid_until(command), invitation_until(command)})
    if (has_expired(end, op.context.now)) return Errc::valid_until_passed;
  return admit_kind(profile, command);
}

Result<void> plan_tiles(OperationState& op) noexcept {
  std::uint64_t requested = std::uint64_t{op.direct_columns} + op.group_accounts.size();
  const auto admitted = admit_columns(op, requested + op.missing_groups);
  if (!admitted) {
    // The error of a limit discloses the size of a group. A query without accounts therefore first determines whether
    // the actor is refused everywhere.
    if (!may_hide_groups(op)) return admitted;
    op.hidden_limit_error = admitted.assume_error();
    requested = 0;
    op.missing_groups = 1;
  }
  op.report.rows = static_cast<std::uint32_t>(op.rows.size());
  op.report.columns = static_cast<std::uint32_t>(requested + op.missing_groups);
  op.report.direct_columns = op.direct_columns;
  choose_tile_size(op, static_cast<std::uint32_t>(requested));
  if (!(op.single_tile || allocate_report(op)) || !begin_query(op)) return Errc::out_of_memory;
  return success();
}

Result<void> expand_groups(OperationState& op) noexcept {
  auto shape = validate_facts(op.query, op.facts);
  if (!shape) return shape;
  for (const GroupFact& group : op.facts.groups) op.missing_groups += group.found ? 0 : 1;
  const auto& ids = op.facts.group_accounts;
  const bool found =
      op.group_accounts.reserve(ids.size()) &&
      find_duplicates(
          ids.size(), [&](std::uint32_t i) { return ids[i].view(); }, [](std::uint32_t, std::uint32_t) { return true; },
          [&](std::uint32_t i, std::uint32_t first) {
            if (i == first) op.group_accounts.unchecked_push_back(ids[i]);
          },
          op.work.buckets);
  if (!found) return Errc::out_of_memory;
  return plan_tiles(op);
}

}  // namespace roster::inline ROSTER_ABI
