// Proves that a host without exceptions and without type information can compile, link and run the whole library.
#include "roster/roster.hpp"

#if defined(__cpp_exceptions) || defined(__cpp_rtti)
#error this test is about a build without exceptions and type information
#endif

int main() {
  using namespace roster;
  MemoryStore store;
  if (!store.put_organization({.id = OrganizationId("acme")})) return 1;
  if (!store.put_account({.id = AccountId("ann")})) return 2;

  UuidSource ids({1, 2});
  Profile profile = profiles::recoup;
  profile.actor = ActorRule::host_decides;
  const Engine engine(profile, store, ids);

  const AddMembers by_id(OrganizationId("acme"), AccountId("ann"));
  auto first = engine.add(by_id, Time{1});
  if (!first || first.assume_value().at(0, 0) != Outcome::added) return 3;
  auto second = engine.add(by_id, Time{2});
  if (!second || second.assume_value().at(0, 0) != Outcome::existing) return 4;

  auto email = Email::parse("bob@example.com");
  if (!email) return 5;
  auto created = engine.add(AddMembers(OrganizationId("acme"), std::move(email).assume_value()), Time{3});
  if (!created || created.assume_value().at(0, 0) != Outcome::added) return 6;

  auto nobody = engine.add(AddMembers({}, AccountId("ann")), Time{4});
  if (nobody || nobody.assume_error().code != Errc::batch_empty) return 7;
  return store.membership_count() == 2 ? 0 : 8;
}
