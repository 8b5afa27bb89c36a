// Adds one person, known only by an e-mail address, to one organization.
#include <random>

#include "roster/roster.hpp"

int main() {
  using namespace roster;
  std::random_device entropy;
  UuidSource ids({entropy(), entropy()});
  MemoryStore store;
  if (!store.put_organization({.id = OrganizationId("acme")})) return 1;

  const Engine engine(profiles::recoup, store, ids);
  const auto zoe = Email::parse("zoe@example.com");
  if (!zoe) return 1;
  const AddMembers command(OrganizationId("acme"), zoe.value(), {}, Actor{.staff = true});

  const auto report = engine.add(command, Time{0});  // the host reads the clock, not roster
  return report && report.value().at(0, 0) == Outcome::added ? 0 : 1;
}
