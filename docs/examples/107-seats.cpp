// Limits the members of an organization: no command and no race exceeds its seats.
#include "roster/roster.hpp"

using namespace roster;

namespace {

// profile begins
constexpr std::array roles = {Role{.id = RoleId("member"), .rank = 1}};
constexpr Profile rules = {.roles = roles,
                           .default_role = RoleId("member"),
                           .actor = ActorRule::host_decides,
                           .seats = SeatRule::active_and_invited,  // an invitation reserves a seat
                           .mode = Mode::best_effort,
                           .accounts_max = 100};
// profile ends

}  // namespace

int main() {
  UuidSource ids({1, 2});
  MemoryStore store;
  const OrganizationId acme("acme");
  const AccountId ann("ann"), ben("ben"), cyd("cyd");
  for (const AccountId& id : {ann, ben, cyd})
    if (!store.put_account({.id = id})) return 1;
  const Engine engine(rules, store, ids);

  // seats begin
  if (!store.put_organization({.id = acme, .seats_max = 2})) return 1;
  const auto three = engine.add({acme, {ann, ben, cyd}}, Time{1});
  if (!three || three.value().count(Outcome::added) != 2) return 1;
  if (three.value().at(0, 2) != Outcome::seats_taken) return 1;  // in the order of the command

  // A suspended member frees its seat, and needs one again for its reactivation.
  const auto suspended = engine.run(Suspend(acme, ben), Time{2});
  const auto added = engine.add({acme, cyd}, Time{3});
  const auto back = engine.run(Reactivate(acme, ben), Time{4});
  if (!suspended || !added || !back || back.value().at(0, 0) != Outcome::seats_taken) return 1;

  // The host sets the limit. A lower limit removes no member, but refuses the next.
  if (!store.change_organization(acme, {.seats_max = 3}, any_version)) return 1;
  const auto fits = engine.run(Reactivate(acme, ben), Time{5});
  // seats end
  return fits && fits.value().at(0, 0) == Outcome::reactivated && store.member_count(acme).value() == 3 ? 0 : 1;
}
