#include "roster/engine.hpp"

ROSTER_BEGIN

namespace {

// A store that throws has not answered: whatever escaped, what it wrote is unknown.
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

Result<void> fetch(Store& store, Operation& operation) noexcept {ROSTER_ANSWER(store.fetch(
    operation.query(), operation.facts()))} Result<void> commit(Store& store, const Operation& operation) noexcept {
  ROSTER_ANSWER(store.commit(operation.changes()))
}

}  // namespace

Result<Report> drive(Operation& operation, Store& store) noexcept {
  for (;;) switch (operation.need()) {
      case Operation::Need::facts: operation.provide(fetch(store, operation)); break;
      case Operation::Need::commit: operation.committed(commit(store, operation)); break;
      case Operation::Need::nothing: return operation.finish();
    }
}

Result<Report> Engine::add(const AddMembers& command, Time now) const noexcept {
  Operation operation(profile_, command, Context{now, ids_, options_.details}, options_);
  return drive(operation, *store_);
}

ROSTER_END
