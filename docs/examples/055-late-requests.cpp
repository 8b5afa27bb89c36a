// Requests that are delivered late: the time of a request keeps it from undoing what was changed after it was made.
#include <cstdio>
#include <string>

#include "roster/roster.hpp"

using namespace roster;

namespace {

int failures = 0;

void expect(const char* what, const Result<Report>& report, Outcome outcome) {
  if (report && report.value().at(0, 0) == outcome) return;
  ++failures;
  std::printf("%s: not %s\n", what, std::string(name(outcome)).c_str());
}

}  // namespace

int main() {
  const OrganizationId acme("acme");
  const AccountId ada("ada"), eve("eve");
  UuidSource ids({1, 2});
  MemoryStore store;
  if (!store.put_organization({.id = acme})) return 1;
  for (const AccountId& account : {ada, eve})
    if (!store.put_account({.id = account})) return 1;

  Profile rules{.name = "club", .roles = catalog<profiles::TursoRole>};
  const Engine engine(rules, store, ids);
  const Actor host{.staff = true}, by_eve{eve};
  expect("the host adds eve", engine.run(AddMembers(acme, eve, grant<profiles::TursoRole::admin>, host), Time{500'000}),
         Outcome::added);
  expect("eve adds ada", engine.run(AddMembers(acme, ada, grant<profiles::TursoRole::member>, by_eve), Time{1'000'000}),
         Outcome::added);

  // A queue stores the time at which it received each request, and delivers this one twice.
  ChangeRole promotion(acme, ada, grant<profiles::TursoRole::admin>, by_eve, IdempotencyKey::of("promote ada"));
  promotion.asked_at = Time{2'000'000};
  expect("the promotion", engine.run(promotion, Time{2'100'000}), Outcome::replaced);
  expect("a demotion", engine.run(ChangeRole(acme, ada, grant<profiles::TursoRole::member>, by_eve), Time{3'000'000}),
         Outcome::replaced);
  expect("the promotion again, late", engine.run(promotion, Time{4'000'000}), Outcome::has_changed);

  const auto membership = store.membership(acme, ada);
  if (!membership || membership.value()->role != grant<profiles::TursoRole::member>) return 1;
  return failures == 0 ? 0 : 1;
}
