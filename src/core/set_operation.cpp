// The pages of a set. Each page is an operation of its own, on the command with the page in place of the empty
// dimension. So no rule is written here.
#include "roster/set_operation.hpp"

#include <algorithm>
#include <new>

#include "admission.hpp"
#include "operation.hpp"
#include "rules/account.hpp"
#include "rules/organization.hpp"

namespace roster::inline ROSTER_ABI {

struct SetState {
  using Need = Operation::Need;
  /// The step in progress.
  enum class Step : std::uint8_t {
    probe,  ///< whether the actor may act in the organization of a MemberSet
    own,    ///< it may not: whether its own membership carries the request
    list,   ///< a page of the set is requested
    page,   ///< the cells of a page
    last,   ///< the cell that is settled last
    done,
  };

  SetState(const Profile& by, const Command& requested, const MembershipSet& of, const Context& in,
           const Options& as) noexcept
      : profile(by), command(requested), set(of), context(in), options(as) {
    report.idempotency_key = requested.idempotency_key;
  }

  const Profile& profile;
  const Command& command;
  const MembershipSet& set;
  Context context;
  const Options options;
  Step step = Step::done;
  bool settled_any = false, finished = false;
  bool has_last = false;  // the set contains the cell that is settled last
  bool at_end = false;    // there is no further page
  SetPage list;
  Query query;
  Facts facts;
  SmallVector<AccountId, 0> except;           // MemberSet::except, sorted
  SmallVector<AccountId, 0> accounts;         // the members of the page
  SmallVector<OrganizationSelector, 0> rows;  // the organizations of the page
  std::optional<OperationState> page;
  std::optional<Error> error;
  SetReport report;

  /// Null for an OrganizationSet.
  const MemberSet* members() const noexcept { return std::get_if<MemberSet>(&set); }
  const OrganizationSet& organizations() const noexcept { return *std::get_if<OrganizationSet>(&set); }
  std::size_t cells() const noexcept { return members() != nullptr ? accounts.size() : rows.size(); }
};

namespace {

using Need = Operation::Need;
using Step = SetState::Step;

void stop(SetState& op, Error why) noexcept {
  op.step = Step::done;
  op.report.stopped = why;
}

template <class Only, class Selectors>
const Only* only(const Selectors& selectors) noexcept {
  return selectors.size() == 1 ? std::get_if<Only>(&selectors.span().front()) : nullptr;
}

/// Describes the set to the store. Errors: as SetOperation::finish().
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
  const std::uint64_t cells_max = is_atomic(op.profile, command) ? no_index : op.profile.cells_max;
  op.list.entries_max = static_cast<std::uint32_t>(
      std::max<std::uint64_t>(1, std::min<std::uint64_t>(op.options.tile_cells_max, cells_max)));
  return success();
}

void request_list(SetState& op) noexcept {
  op.step = Step::list;
  op.query = Query();
  op.query.set = &op.list;
  op.query.idempotency_key = bound(op.report.idempotency_key, op.command.actor.id);
  op.facts.clear();
}

void step_page(SetState& op) noexcept;

/// Begins a page. Its operation may end at once, with an error.
void begin_cells(SetState& op, Step step, const Options& options) noexcept {
  op.step = step;
  op.page.emplace(op.profile, op.command, op.context, options);
  op.page->idempotency_key = op.report.idempotency_key;
  begin_page(*op.page, op.rows.span(), op.accounts.span());
  step_page(op);
}

/// The cell that is settled last: the actor's own membership, or the parent.
void begin_last(SetState& op) noexcept {
  op.accounts.clear();
  op.rows.clear();
  const bool there = op.members() != nullptr ? op.accounts.try_push_back(op.command.actor.id)
                                             : op.rows.try_push_back(OrganizationSelector(op.organizations().parent));
  if (!there) return stop(op, Errc::out_of_memory);
  op.has_last = false;
  begin_cells(op, Step::last, op.options);
}

void next(SetState& op) noexcept {
  op.page.reset();
  if (!op.at_end) return request_list(op);
  const bool together = op.cells() != 0 && is_atomic(op.profile, op.command);
  if (together) {
    begin_cells(op, Step::page, op.options);
  } else if (op.has_last && !op.report.stopped) {  // its right is needed until the rest is settled
    begin_last(op);
  } else {
    op.step = Step::done;
  }
}

bool is_excepted(const SetState& op, const AccountId& account) noexcept {
  return std::binary_search(op.except.begin(), op.except.end(), account);
}

/// Takes the cells of a page. Returns false if memory runs out.
bool take_list(SetState& op) noexcept {
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

void take_page(SetState& op) noexcept {
  if (!validate_facts(op.query, op.facts)) return stop(op, Errc::store_broke_contract);
  const bool together = is_atomic(op.profile, op.command);
  if (!together) {
    op.accounts.clear();
    op.rows.clear();
  }
  if (!take_list(op)) return stop(op, Errc::out_of_memory);
  const bool members = op.members() != nullptr;
  const std::uint32_t entries = members ? op.facts.accounts.size() : op.facts.organizations.size();
  op.at_end = entries < op.list.entries_max;
  if (entries != 0) {
    op.list.after = members ? op.facts.accounts.back().locator : op.facts.organizations.back().locator;
    if (members)
      op.list.after_account = op.facts.accounts.back().id;
    else
      op.list.after_organization = op.facts.organizations.back().id;
  }
  if (!together) return op.cells() != 0 ? begin_cells(op, Step::page, op.options) : next(op);
  if (op.at_end && op.has_last) {  // in one tile with the others
    op.has_last = false;
    const bool there = members ? op.accounts.try_push_back(op.command.actor.id)
                               : op.rows.try_push_back(OrganizationSelector(op.organizations().parent));
    if (!there) return stop(op, Errc::out_of_memory);
  }
  if (op.cells() > op.profile.cells_max)
    return stop(op, Error(Errc::batch_too_large, static_cast<std::uint32_t>(op.profile.cells_max)));
  next(op);
}

/// Adds one refused cell to the report. Returns false if memory runs out.
bool note_refusal(SetState& op, std::uint32_t cell, Outcome outcome) noexcept {
  if (op.report.refusals.size() >= SetReport::refusals_max) return true;
  SetRefusal refusal;
  refusal.outcome = outcome;
  refusal.organization = op.members() != nullptr ? op.list.organization : *std::get_if<OrganizationId>(&op.rows[cell]);
  refusal.account = op.members() != nullptr ? op.accounts[cell] : op.list.account;
  return op.report.refusals.try_push_back(refusal);
}

/// Adds the outcomes of a page to the report.
void settle_page(SetState& op, const Report& report) noexcept {
  const bool leaves_out = op.members() == nullptr;  // organizations in which the actor is forbidden
  std::uint32_t cells = 0;
  for (std::uint32_t cell = 0; cell < report.outcomes.size(); ++cell) {
    const Outcome outcome = report.outcomes[cell];
    if (leaves_out && (outcome == Outcome::forbidden || outcome == Outcome::undecided)) continue;
    ++cells;
    ++op.report.counts[outcome];
    const bool listed = !succeeded(outcome) && outcome != Outcome::not_attempted;
    if (listed && !note_refusal(op, cell, outcome)) op.report.stopped = Error(Errc::out_of_memory);
  }
  op.report.pages += cells != 0 ? 1 : 0;
  op.settled_any |= cells != 0;
}

void begin_own(SetState& op) noexcept;

/// The actor may act in the organization, or not. Nothing was written.
void settle_probe(SetState& op, const Report& report) noexcept {
  const Outcome outcome = report.outcomes[0];
  if (op.step == Step::own && outcome == Outcome::replayed) {
    // Its own membership is settled last, so the set is complete. The actor learns of no other member.
    ++op.report.counts[outcome];
    op.report.pages = 1;
    op.step = Step::done;
    return;
  }
  if (outcome == Outcome::forbidden && op.step == Step::probe && !op.command.actor.id.empty()) return begin_own(op);
  if (outcome == Outcome::forbidden || outcome == Outcome::organization_not_found || op.step == Step::own) {
    op.report.refused = outcome;
    op.step = Step::done;
    return;
  }
  op.page.reset();
  op.accounts.clear();
  request_list(op);
}

/// Drops the organizations in which the actor is forbidden from an atomic set. Returns whether there were any: nothing
/// was written then.
bool drop_forbidden(SetState& op, const Report& report) noexcept {
  std::uint32_t left = 0;
  for (std::uint32_t row = 0; row < op.rows.size(); ++row)
    if (report.outcomes[row] != Outcome::forbidden) op.rows[left++] = op.rows[row];
  const bool some = left != op.rows.size();
  op.rows.truncate(left);
  return some;
}

/// The operation of the page has changed its need.
void step_page(SetState& op) noexcept {
  if (op.page->need != Need::nothing) return;
  // Also after an error: a commit may have been written under a key that was drawn for it.
  op.report.idempotency_key = op.page->idempotency_key;
  const auto taken = take_report(*op.page);
  if (!taken) return stop(op, taken.assume_error());
  const Report& report = taken.assume_value();
  if (op.step == Step::probe || op.step == Step::own) return settle_probe(op, report);
  const bool together = is_atomic(op.profile, op.command);
  if (together && op.members() == nullptr && drop_forbidden(op, report)) {
    if (op.rows.empty()) op.step = Step::done;
    return op.rows.empty() ? void() : begin_cells(op, Step::page, op.options);
  }
  settle_page(op, report);
  const bool goes_on = !report.stopped || report.stopped->code == Errc::contended;
  if (report.stopped) op.report.stopped = report.stopped;
  if (!goes_on || op.step == Step::last) {
    op.step = Step::done;
    return;
  }
  if (together) {
    op.step = Step::done;
    return;
  }
  next(op);
}

/// Judges one cell of the organization, and writes nothing.
void begin_dry(SetState& op, Step step, const AccountId& account) noexcept {
  Options options = op.options;
  options.dry_run = true;
  op.accounts.clear();
  if (!op.accounts.try_push_back(account)) return stop(op, Errc::out_of_memory);
  begin_cells(op, step, options);
}

void begin_own(SetState& op) noexcept {
  begin_dry(op, Step::own, op.command.actor.id);
}

void begin(SetState& op) noexcept {
  const auto admitted = admit_set(op);
  if (!admitted) return stop(op, admitted.assume_error());
  // Asks whether the actor may act in the organization at all, by the cell of an account that need not exist. So a
  // refused actor learns nothing of the set, and an unknown organization is reported.
  if (op.members() != nullptr) return begin_dry(op, Step::probe, AccountId("-"));
  // An empty set has no page that would check the command.
  if (!op.rows.try_push_back(OrganizationSelector(OrganizationId("-")))) return stop(op, Errc::out_of_memory);
  op.page.emplace(op.profile, op.command, op.context, op.options);
  op.page->is_page = true;
  op.page->rows = op.rows.span();
  const auto valid = admit(*op.page);
  if (!valid) return stop(op, valid.assume_error());
  op.rows.clear();
  op.page.reset();
  request_list(op);
}

}  // namespace

bool SetReport::succeeded() const noexcept {
  if (refused || stopped) return false;
  for (std::uint8_t number = 1; number < 128; ++number)  // the refusals
    if (counts[Outcome{number}] != 0) return false;
  return true;
}

void destroy(SetState* state) noexcept {
  delete state;
}

SetOperation::SetOperation(const Profile& profile, const Command& command, const MembershipSet& set, Context context,
                           const Options& options) noexcept
    : state_(new (std::nothrow) SetState(profile, command, set, context, options)),
      allocation_failed_(state_.get() == nullptr) {
  if (!allocation_failed_) begin(*state_.get());
}

Need SetOperation::need() const noexcept {
  const SetState* const op = state_.get();
  if (op == nullptr || op->step == Step::done) return Need::nothing;
  return op->step == Step::list ? Need::facts : op->page->need;
}

const Query& SetOperation::query() const noexcept {
  return state_.get()->step == Step::list ? state_.get()->query : state_.get()->page->query;
}

Facts& SetOperation::facts() noexcept {
  return state_.get()->step == Step::list ? state_.get()->facts : state_.get()->page->facts;
}

const ChangeSet& SetOperation::changes() const noexcept {
  return state_.get()->page->decision.changes;
}

void SetOperation::provide(Result<void> fetched) noexcept {
  SetState* const op = state_.get();
  if (op == nullptr || need() != Need::facts) return;
  if (op->step != Step::list) {
    ROSTER_ABI::provide(*op->page, fetched);
    return step_page(*op);
  }
  if (fetched) return take_page(*op);
  const Error error = fetched.assume_error();
  stop(*op, error.code == Errc::out_of_memory ? error : Error(Errc::store_failed, error.detail));
}

void SetOperation::committed(Result<void> done) noexcept {
  SetState* const op = state_.get();
  if (op == nullptr || need() != Need::commit) return;
  ROSTER_ABI::committed(*op->page, done);
  step_page(*op);
}

Result<SetReport> SetOperation::finish() noexcept {
  SetState* const op = state_.get();
  if (op == nullptr) return allocation_failed_ ? Errc::out_of_memory : Errc::not_finished;
  if (op->step != Step::done || op->finished) return Errc::not_finished;
  op->finished = true;
  if (op->report.stopped && !op->settled_any) return *op->report.stopped;
  return std::move(op->report);
}

}  // namespace roster::inline ROSTER_ABI
