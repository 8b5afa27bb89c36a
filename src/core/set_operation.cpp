// The pages of a set. Each page is an operation of its own, on the command with the page in place of the empty
// dimension. So no rule is written here.
#include "set_operation.hpp"

#include <new>

namespace roster::inline ROSTER_ABI {

namespace {

using Need = Operation::Need;
using Step = SetState::Step;

void stop(SetState& op, Error why) noexcept {
  op.step = Step::done;
  op.report.stopped = why;
}

void step_page(SetState& op) noexcept;

/// Begins the operation of a page. It may end at once, with an error.
void begin_cells(SetState& op, Step step, const Options& options) noexcept {
  op.step = step;
  op.page.emplace(op.profile, op.command, op.context, options);
  op.page->idempotency_key = op.report.idempotency_key;
  // A probe has no account. It is judged like a group that does not exist.
  op.page->missing_groups = step == Step::probe ? 1 : 0;
  begin_page(*op.page, op.rows.span(), op.accounts.span());
  step_page(op);
}

/// The cell that is settled last: the actor's own membership, or the parent.
void begin_last(SetState& op) noexcept {
  op.accounts.clear();
  op.rows.clear();
  if (!push_last(op)) return stop(op, Errc::out_of_memory);
  begin_cells(op, Step::last, op.options);
}

void next(SetState& op) noexcept {
  op.page.reset();
  if (!op.at_end) return request_list(op);
  if (op.is_together() && op.cells() != 0) return begin_cells(op, Step::page, op.options);
  if (op.has_last && !op.report.stopped) return begin_last(op);  // its right is needed until the rest is settled
  op.step = Step::done;
}

void take_page(SetState& op) noexcept {
  const auto taken = take_list(op);
  if (!taken) return stop(op, taken.assume_error());
  if (!op.is_together() && op.cells() != 0) return begin_cells(op, Step::page, op.options);
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

/// Judges the cell of the actor itself, and writes nothing.
void begin_own(SetState& op) noexcept {
  if (!op.accounts.try_push_back(op.command.actor.id)) return stop(op, Errc::out_of_memory);
  Options options = op.options;
  options.dry_run = true;
  begin_cells(op, Step::own, options);
}

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
  if (op.is_together() && op.members() == nullptr && drop_forbidden(op, report)) {
    if (op.rows.empty()) op.step = Step::done;
    return op.rows.empty() ? void() : begin_cells(op, Step::page, op.options);
  }
  settle_page(op, report);
  const bool goes_on = !report.stopped || report.stopped->code == Errc::contended;
  if (report.stopped) op.report.stopped = report.stopped;
  if (goes_on && op.step != Step::last && !op.is_together()) return next(op);
  op.step = Step::done;
}

void begin(SetState& op) noexcept {
  auto admitted = admit_set(op);
  if (admitted) {  // an empty set has no page that would check the command
    op.page.emplace(op.profile, op.command, op.context, op.options);
    op.page->is_page = true;
    admitted = admit(*op.page);
    op.page.reset();
  }
  if (!admitted) return stop(op, admitted.assume_error());
  if (op.members() == nullptr) return request_list(op);
  // Asks whether the actor may act in the organization at all. So a refused actor learns nothing of the set, and an
  // unknown organization is reported.
  Options options = op.options;
  options.dry_run = true;
  begin_cells(op, Step::probe, options);
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
