// The blocking loop, and the short path for one cell.
#include "roster/engine.hpp"

#include <utility>

#include "admission.hpp"
#include "facts_checks.hpp"
#include "operation.hpp"
#include "rules/capacity.hpp"
#include "single.hpp"

namespace roster::inline ROSTER_ABI {

namespace {

// A store that throws has not replied. Its write may or may not have happened, whatever the exception.
#if defined(__cpp_exceptions)
#define ROSTER_ANSWER(call)    \
  try {                        \
    return call;               \
  } catch (...) {              \
    return Errc::store_failed; \
  }
#else
#define ROSTER_ANSWER(call) return call;
#endif

[[gnu::always_inline]] inline Result<void> fetch(Store& store, const Query& query, Facts& facts) noexcept {
  ROSTER_ANSWER(store.fetch(query, facts))
}

[[gnu::always_inline]] inline Result<void> commit(Store& store, const ChangeSet& changes) noexcept {
    ROSTER_ANSWER(store.commit(changes))}

/// `before`: Store::round_trips() at the start of the command; 0 for a store that does not count.
Result<Report> drive(OperationState& op, Store& store, std::uint64_t before) noexcept {
  while (op.need != Operation::Need::nothing) {
    if (op.need == Operation::Need::facts)
      provide(op, fetch(store, op.query, op.facts));
    else
      committed(op, commit(store, op.decision.changes));
  }
  op.report.round_trips = store.round_trips().value_or(0) - before;
  return take_report(op);
}

Result<Report> drive_all(const Profile& profile, const Command& command, const Context& context, const Options& options,
                         Store& store) noexcept {
  OperationState op(profile, command, context, options);
  begin(op);
  return drive(op, store, store.round_trips().value_or(0));
}

/// Executes the rest of a command that the short path leaves to an operation: with its facts, if they are not null, or
/// after an error of the store. `sent`: the key of the commit; null: the error is that of the fetch.
[[gnu::noinline]] Result<Report> run_rest(const Profile& profile, const AddMembers& command, const Context& context,
                                          const Options& options, Store& store, const IdempotencyKey* sent, Error why,
                                          Facts* facts = nullptr) noexcept {
  OperationState op(profile, command, context, options);
  begin(op);
  if (facts != nullptr) op.facts = std::move(*facts);
  if (sent != nullptr)
    resume_after(op, *sent, why);
  else
    provide(op, facts != nullptr ? success() : Result<void>(why));
  return drive(op, store, 0);  // the short path is for stores that count no round trips
}

}  // namespace

Result<Report> drive(Operation& operation, Store& store) noexcept {
  OperationState* const state = operation.state_.get();
  return state != nullptr ? drive(*state, store, store.round_trips().value_or(0)) : operation.finish();
}

Engine::Engine(const Profile& profile, Store& store, IdSource& ids, Options options) noexcept
    : profile_(profile),
      store_(&store),
      ids_(&ids),
      options_(options),
      cells_alone_(!options.dry_run && !needs_parents(profile) && !needs_counts(profile, CommandKind::add) &&
                   profile.accounts_max >= 1 && profile.organizations_max >= 1 && profile.cells_max >= 1 &&
                   check_profile(profile).has_value() && !store.round_trips()) {}

/// Whether an end of the command is not later than `now`. Few commands have one.
inline bool ends_before(const AddMembers& command, Time now) noexcept {
  if ((static_cast<std::uint64_t>(command.valid_until) | static_cast<std::uint64_t>(command.invitation_until)) == 0)
      [[likely]]
    return false;
  return has_expired(command.valid_until, now) || has_expired(command.invitation_until, now);
}

/// A malformed command is never single: the operation returns its error.
inline bool Engine::is_single(const Command& requested, Time now) const noexcept {
  if (!cells_alone_ || !is_add(requested.kind()) || requested.organizations.size() != 1 ||
      requested.accounts.size() != 1)
    return false;
  const auto& command = static_cast<const AddMembers&>(requested);
  if (!command.groups.empty() || !command.cell_roles.empty() || command.roles.size() > 1) return false;
  const AccountSelector& account = command.accounts.span().front();
  return accepts(profile_, account) && !is_blank(account) && !is_blank(command.organizations.span().front()) &&
         !lacks_actor(profile_, command) && !ends_before(command, now);
}

/// The short path for one cell. It applies the rules of an operation without its state machine. After a stale commit or
/// a lost reply an operation takes over.
Result<Report> Engine::run_single(const AddMembers& command, Time now) const noexcept {
  Query query;
  query.organizations = command.organizations.span();
  query.accounts = command.accounts.span();
  if (profile_.roles.empty()) query.roles = std::span(&requested_role(profile_, command, 0), 1);
  if (checks_actor(profile_, command)) query.actor = command.actor.id;
  query.idempotency_key = bind(command.idempotency_key, command.actor.id);
  query.asked_at = command.asked_at;
  Facts facts;
  const auto fetched = fetch(*store_, query, facts);
  if (!fetched) [[unlikely]]
    return run_rest(profile_, command, Context{now, ids_, options_.details}, options_, *store_, nullptr,
                    fetched.assume_error());
  if (!is_valid_single(query, facts)) [[unlikely]]
    return Errc::store_broke_contract;
  if (may_have_ended(facts)) [[unlikely]]
    expire(query, facts, now);

  const Single cell = judge_single(profile_, command, query, facts);
  const bool hidden = is_hidden(profile_, command, query, 0);
  if (!cell.writes()) [[likely]]
    return report_single(profile_, facts, cell, hidden, options_.details, command.idempotency_key, nullptr);
  const Context context{now, ids_, options_.details};
  ChangeSet changes;
  if (!write_single(profile_, command, query, facts, context, cell, changes)) [[unlikely]]
    return run_rest(profile_, command, context, options_, *store_, nullptr, Errc{}, &facts);
  IdempotencyKey idempotency_key = command.idempotency_key;
  changes.idempotency_key = query.idempotency_key;
  if (idempotency_key.empty()) [[unlikely]] {
    idempotency_key = fresh_request(context, changes);
    changes.idempotency_key = bind(idempotency_key, command.actor.id);
  }
  const auto written = commit(*store_, changes);
  if (!written) [[unlikely]]
    return run_rest(profile_, command, context, options_, *store_, &idempotency_key, written.assume_error());
  return report_single(profile_, facts, cell, hidden, context.details, idempotency_key, &changes);
}

Result<Report> Engine::plan(const Command& command, Time now) const noexcept {
  Options options = options_;
  options.dry_run = true;
  return drive_all(profile_, command, Context{now, ids_, options.details}, options, *store_);
}

Result<SetReport> drive(SetOperation& operation, Store& store) noexcept {
  while (operation.need() != Operation::Need::nothing) {
    if (operation.need() == Operation::Need::facts)
      operation.provide(fetch(store, operation.query(), operation.facts()));
    else
      operation.committed(commit(store, operation.changes()));
  }
  return operation.finish();
}

Result<SetReport> Engine::run(const Command& command, const MembershipSet& set, Time now) const noexcept {
  SetOperation operation(profile_, command, set, Context{now, ids_, false}, options_);
  return drive(operation, *store_);
}

Result<SetReport> Engine::plan(const Command& command, const MembershipSet& set, Time now) const noexcept {
  Options options = options_;
  options.dry_run = true;
  SetOperation operation(profile_, command, set, Context{now, ids_, false}, options);
  return drive(operation, *store_);
}

Result<Report> Engine::run(const Command& command, Time now) const noexcept {
  if (is_single(command, now)) return run_single(static_cast<const AddMembers&>(command), now);
  return run_any(command, now);
}

[[gnu::noinline]] Result<Report> Engine::run_any(const Command& command, Time now) const noexcept {
  return drive_all(profile_, command, Context{now, ids_, options_.details}, options_, *store_);
}

}  // namespace roster::inline ROSTER_ABI
