// The states of a membership: invited, accepted, with another role, then with ownership. Some commands are refused.
#include <cstdio>
#include <string>

#include "roster/roster.hpp"

using namespace roster;

enum class Seat { member, admin, owner };

consteval auto roster_roles(Seat) {
  using Entry = RoleEntry<Seat>;
  return std::array{
      Entry{Seat::member, {.id = RoleId("member"), .rank = 1}, Grant::default_},
      Entry{Seat::admin, {.id = RoleId("admin"), .rank = 2, .manages = true}},
      Entry{Seat::owner, {.id = RoleId("owner"), .rank = 3, .manages = true, .owns = true}},
  };
}

namespace {

const OrganizationId acme("acme");
const AccountId ann("ann"), zoe("zoe");
unsigned failures = 0;

void expect(const char* what, const Result<Report>& report, Outcome outcome) {
  const bool as_expected = report && report.value().at(0, 0) == outcome;
  failures += as_expected ? 0 : 1;
  std::printf("%-48s %s\n", what, report ? std::string(name(report.value().at(0, 0))).c_str() : "error");
}

}  // namespace

int main() {
  Profile rules{.actor = ActorRule::host_decides};
  rules.roles = catalog<Seat>;
  rules.default_role = default_role<Seat>;
  rules.actor = ActorRule::manager;
  rules.seats = SeatRule::active_and_invited;

  UuidSource ids({1, 2});
  MemoryStore store;
  const auto address = Email::parse("zoe@example.com");
  const bool ready =
      address && store.put_organization({.id = acme, .seats_max = 2}) && store.put_account({.id = ann}) &&
      store.put_account({.id = zoe, .email = address.value(), .verified = true}) &&
      store.put_account({.id = AccountId("kim")}) &&
      store.put_membership(
          {.id = MembershipId::of("founder"), .organization = acme, .account = ann, .role = grant<Seat::owner>});
  if (!ready) return 1;
  const Engine engine(rules, store, ids);
  const Actor by_ann{ann}, by_zoe{zoe};

  expect("ann, the only owner, leaves", engine.run(Leave(acme, ann), Time{1}), Outcome::last_owner);
  expect("ann invites zoe", engine.run(Invite(acme, address.value(), {}, by_ann), Time{2}), Outcome::invited);
  expect("ann adds kim: two seats, both taken",
         engine.run(AddMembers(acme, AccountId("kim"), RoleId{}, by_ann), Time{3}), Outcome::seats_taken);
  expect("zoe accepts", engine.run(AcceptInvitation(acme, zoe), Time{4}), Outcome::accepted);
  expect("zoe makes herself an admin", engine.run(ChangeRole(acme, zoe, grant<Seat::admin>, by_zoe), Time{5}),
         Outcome::forbidden);
  expect("ann makes zoe an admin", engine.run(ChangeRole(acme, zoe, grant<Seat::admin>, by_ann), Time{6}),
         Outcome::replaced);
  expect("zoe, an admin, removes ann, an owner", engine.run(RemoveMembers(acme, ann, by_zoe), Time{7}),
         Outcome::outranked);
  expect("what would a transfer to zoe do?",
         engine.plan(TransferOwnership(acme, zoe, grant<Seat::owner>, grant<Seat::member>, by_ann), Time{8}),
         Outcome::replaced);
  expect("ann hands over to zoe",
         engine.run(TransferOwnership(acme, zoe, grant<Seat::owner>, grant<Seat::member>, by_ann), Time{9}),
         Outcome::replaced);
  expect("ann leaves", engine.run(Leave(acme, ann), Time{10}), Outcome::removed);
  return failures == 0 ? 0 : 1;
}
