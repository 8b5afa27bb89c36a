// The pages of a set: their query, and their cells.
#include <algorithm>

#include "rules/account.hpp"
#include "rules/organization.hpp"
#include "set_operation.hpp"

namespace roster::inline ROSTER_ABI {

namespace {

template <class Only, class Selectors>
const Only* only(const Selectors& selectors) noexcept {
  return selectors.size() == 1 ? std::get_if<Only>(&selectors.span().front()) : nullptr;
}

bool is_excepted(const SetState& op, const AccountId& account) noexcept {
  return std::binary_search(op.except.begin(), op.except.end(), account);
}

/// Takes the cells that the page lists, without the one that is settled last. Returns false if memory runs out.
bool take_cells(SetState& op) noexcept {
  for (const AccountFact& fact : op.facts.accounts) {
    if (is_excepted(op, fact.id)) continue;
    const bool itself = fact.id == op.command.actor.id;
    op.has_last |= itself;
    if (!itself && !op.accounts.try_push_back(fact.id)) return false;
  }
  if (op.members() != nullptr) return true;
  const OrganizationSet& organizations = op.organizations();
  for (const OrganizationFact& fact : op.facts.organizations) {
    const bool itself = organizations.with_parent && fact.id == organizations.parent;
    op.has_last |= itself;
    if (!itself && !op.rows.try_push_back(OrganizationSelector(fact.id))) return false;
  }
  return true;
}

/// The next page begins behind the last entry of this one.
void move_on(SetState& op) noexcept {
  const bool members = op.members() != nullptr;
  const std::uint32_t entries = members ? op.facts.accounts.size() : op.facts.organizations.size();
  op.at_end = entries < op.list.entries_max;
  if (entries == 0) return;
  op.list.after = members ? op.facts.accounts.back().locator : op.facts.organizations.back().locator;
  if (members)
    op.list.after_account = op.facts.accounts.back().id;
  else
    op.list.after_organization = op.facts.organizations.back().id;
}

}  // namespace

Result<void> admit_set(SetState& op) noexcept {
  const Command& command = op.command;
  const RoleCommand* const names = as_role_command(command);
  if (command.kind() == CommandKind::transfer_ownership || (names != nullptr && !names->cell_roles.empty()))
    return Errc::roles_malformed;
  if (!command.groups.empty()) return Errc::selector_not_accepted;
  std::optional<MembershipState> state;
  if (const MemberSet* const members = op.members()) {
    const auto* const organization = only<OrganizationId>(command.organizations);
    if (organization == nullptr || command.accounts.size() != 0 || is_own_affair(command.kind()))
      return Errc::selector_not_accepted;
    op.list.organization = *organization;
    if (!op.except.assign(members->except)) return Errc::out_of_memory;
    std::sort(op.except.begin(), op.except.end());
    op.list.role = members->role;
    state = members->state;
  } else {
    const OrganizationSet& organizations = op.organizations();
    const auto* const account = only<AccountId>(command.accounts);
    if (account == nullptr || command.organizations.size() != 0) return Errc::selector_not_accepted;
    if (organizations.with_parent && (organizations.parent.empty() || is_add(command.kind())))
      return Errc::selector_not_accepted;
    op.list.of = SetPage::Of::organizations;
    op.list.account = *account;
    op.list.parent = organizations.parent;
    op.list.role = organizations.role;
    op.list.with_parent = organizations.with_parent;
    state = organizations.state;
  }
  if (state == MembershipState::removed) return Errc::selector_not_accepted;
  op.list.any_state = !state.has_value();
  op.list.state = state.value_or(MembershipState::active);
  const std::uint64_t cells_max = op.is_together() ? no_index : op.profile.cells_max;
  op.list.entries_max = static_cast<std::uint32_t>(
      std::max<std::uint64_t>(1, std::min<std::uint64_t>(op.options.tile_cells_max, cells_max)));
  return success();
}

void request_list(SetState& op) noexcept {
  op.step = SetState::Step::list;
  op.query = Query();
  op.query.set = &op.list;
  op.query.idempotency_key = bound(op.report.idempotency_key, op.command.actor.id);
  op.facts.clear();
}

bool push_last(SetState& op) noexcept {
  op.has_last = false;
  return op.members() != nullptr ? op.accounts.try_push_back(op.command.actor.id)
                                 : op.rows.try_push_back(OrganizationSelector(op.organizations().parent));
}

Result<void> take_list(SetState& op) noexcept {
  if (!validate_facts(op.query, op.facts)) return Errc::store_broke_contract;
  if (!op.is_together()) {
    op.accounts.clear();
    op.rows.clear();
  }
  if (!take_cells(op)) return Errc::out_of_memory;
  move_on(op);
  if (!op.is_together()) return success();
  if (op.at_end && op.has_last && !push_last(op)) return Errc::out_of_memory;  // in one tile with the others
  if (op.cells() > op.profile.cells_max)
    return Error(Errc::batch_too_large, static_cast<std::uint32_t>(op.profile.cells_max));
  return success();
}

}  // namespace roster::inline ROSTER_ABI
