// Drives an operation by hand in a blocking host, with own code between the steps.
#include <optional>

#include "roster/roster.hpp"

using namespace roster;

namespace {

// loop begins
Result<Report> carry_out(Operation operation, Store& store, int& steps) {
  for (;; ++steps) {  // a host may count, log or stop here: each commit is atomic
    switch (operation.need()) {
      case Operation::Need::facts: operation.provide(store.fetch(operation.query(), operation.facts())); break;
      case Operation::Need::commit: operation.committed(store.commit(operation.changes())); break;
      case Operation::Need::nothing: return operation.finish();
    }
  }
}
// loop ends

}  // namespace

int main() {
  UuidSource ids({1, 2});
  MemoryStore store;
  if (!store.put_organization({.id = OrganizationId("acme")})) return 1;
  const Engine engine(profiles::recoup, store, ids);
  const auto zoe = Email::parse("zoe@example.com");
  if (!zoe) return 1;
  const AddMembers command(OrganizationId("acme"), zoe.value(), {}, Actor{.staff = true});

  int steps = 0;
  const auto added = carry_out(engine.begin(command, Time{0}), store, steps);
  if (!added || added.value().at(0, 0) != Outcome::added || steps != 2) return 1;  // one fetch and one commit

  // A repeat only fetches: without changes, nothing is committed.
  steps = 0;
  const auto again = carry_out(engine.begin(command, Time{0}), store, steps);
  if (!again || again.value().at(0, 0) != Outcome::existing || steps != 1) return 1;
  return added.value().membership(0, 0) == again.value().membership(0, 0) ? 0 : 1;
}
