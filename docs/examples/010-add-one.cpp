// Adds a person to an organization, by e-mail address only.
#include <iostream>
#include <random>

#include "roster/roster.hpp"

int main() {
  using namespace roster;
  std::random_device entropy;
  UuidSource ids({entropy(), entropy()});
  MemoryStore store;  // or your own store: two functions
  if (!store.put_organization({.id = OrganizationId("acme")})) return 1;

  const auto zoe = Email::parse("zoe@example.com");
  if (!zoe) return 1;  // the error has the offset of the invalid byte
  const AddMembers command(OrganizationId("acme"), zoe.value(), {}, Actor{.staff = true});

  const Engine engine(profiles::recoup, store, ids);  // one of five public APIs, or your own rules as data
  const auto report = engine.add(command, Time{0});   // the host reads the clock, roster does not
  if (!report) return 1;
  std::cout << name(report.value().at(0, 0)) << "\n";  // added; after a repeat: existing
  return report.value().succeeded() ? 0 : 1;
}
