// Adds one person, known only by an e-mail address, to one organization.
#include <iostream>
#include <random>

#include "roster/roster.hpp"

int main() {
  using namespace roster;
  std::random_device entropy;
  UuidSource ids({entropy(), entropy()});
  MemoryStore store;  // or a store of your own: two functions
  if (!store.put_organization({.id = OrganizationId("acme")})) return 1;

  const auto zoe = Email::parse("zoe@example.com");
  if (!zoe) return 1;  // the error names the byte at fault
  const AddMembers command(OrganizationId("acme"), zoe.value(), {}, Actor{.staff = true});

  const Engine engine(profiles::recoup, store, ids);  // one of five public APIs, or your own rules as data
  const auto report = engine.add(command, Time{0});   // the host reads the clock, roster does not
  if (!report) return 1;
  std::cout << name(report.value().at(0, 0)) << "\n";  // added; a second time: existing
  return report.value().succeeded() ? 0 : 1;
}
