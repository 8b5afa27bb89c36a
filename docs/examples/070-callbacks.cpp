// Runs operations on a store with callbacks: the loop becomes a function that passes itself as the callback.
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "roster/roster.hpp"

using namespace roster;

namespace {

using Done = std::function<void(Result<void>)>;

/// Represents a database client of an event loop: a call returns at once, and its callback runs later.
struct CallbackStore {
  MemoryStore& inner;
  std::deque<std::function<void()>> later;

  void fetch(const Query& query, Facts& facts, Done done) {
    later.push_back([this, &query, &facts, done] { done(inner.fetch(query, facts)); });
  }
  void commit(const ChangeSet& changes, Done done) {
    later.push_back([this, &changes, done] { done(inner.commit(changes)); });
  }
  void run() {
    for (; !later.empty(); later.pop_front()) later.front()();
  }
};

// loop begins
void go_on(std::shared_ptr<Operation> op, CallbackStore& store, std::function<void(Result<Report>)> finished) {
  switch (op->need()) {
    case Operation::Need::facts:
      return store.fetch(op->query(), op->facts(),
                         [=, &store](Result<void> got) { op->provide(got), go_on(op, store, finished); });
    case Operation::Need::commit:
      return store.commit(op->changes(),
                          [=, &store](Result<void> did) { op->committed(did), go_on(op, store, finished); });
    case Operation::Need::nothing: return finished(op->finish());
  }
}
// loop ends

}  // namespace

int main() {
  UuidSource ids({1, 2});
  MemoryStore memory({.thread_safe = false});  // one thread, one loop
  if (!memory.put_organization({.id = OrganizationId("acme")})) return 1;
  const Engine engine(profiles::recoup, memory, ids);
  const auto zoe = Email::parse("zoe@example.com");
  if (!zoe) return 1;
  const AddMembers command(OrganizationId("acme"), zoe.value(), {}, Actor{.staff = true});

  CallbackStore store{memory, {}};
  std::size_t added = 0, existing = 0;
  for (int i = 0; i < 5; ++i) {
    go_on(std::make_shared<Operation>(engine.begin(command, Time{0})), store, [&](const Result<Report>& report) {
      if (!report) return;
      added += report.value().count(Outcome::added);
      existing += report.value().count(Outcome::existing);
    });
  }
  store.run();
  return added == 1 && existing == 4 && memory.account_count() == 1 && memory.membership_count() == 1 ? 0 : 1;
}
