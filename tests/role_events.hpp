// The events of roles that are replaced by an erase, on any store with an outbox.
#ifndef ROSTER_TESTS_ROLE_EVENTS_HPP
#define ROSTER_TESTS_ROLE_EVENTS_HPP

#include <array>
#include <atomic>
#include <chrono>
#include <span>
#include <string>
#include <thread>

#include "published.hpp"
#include "support/fixture_world.hpp"

namespace roster_test {

inline constexpr roster::RoleId aide{"aide"};

/// Gives each organization the catalog of the fixture world. False if the store refused it.
inline bool put_catalogs(roster::RecordStore& store, std::span<const roster::OrganizationId> organizations) {
  for (const roster::OrganizationId& in : organizations)
    for (const roster::Role& role : fixtures::ranks)
      if (!store.put_role(in, role, roster::any_version)) return false;
  return true;
}

/// Replaces a role of an organization by another one. False if the store refused it.
inline bool replace_role(roster::RecordStore& store, const roster::OrganizationId& in, const roster::RoleId& role,
                         const roster::RoleId& other) {
  return store.put_role(in, {.id = other, .rank = 2}, roster::any_version).has_value() &&
         store.erase_role(in, role, other, roster::any_version).has_value();
}
/// Makes the clerks aides and back, until no writer runs. Writers may grant `clerk` nearly always. Returns the number
/// of erased roles.
inline unsigned replace_clerks(const std::atomic<unsigned>& running, roster::RecordStore& store,
                               std::span<const roster::OrganizationId> organizations) {
  unsigned erased = 0;
  while (running != 0) {
    for (const roster::OrganizationId& in : organizations) {
      erased += replace_role(store, in, fixtures::clerk, aide) ? 1 : 0;
      erased += replace_role(store, in, aide, fixtures::clerk) ? 1 : 0;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));  // otherwise most commits lose to it
  }
  return erased;
}

/// The memberships of the organizations, as Published::members() has them. Accounts `except` is no line.
template <class AnyStore>
std::string listed(const AnyStore& store, std::span<const roster::OrganizationId> organizations,
                   const roster::AccountId& except) {
  std::string lines;
  std::array<roster::Membership, 50> page;
  for (const roster::OrganizationId& in : organizations) {
    const auto count = store.members(in, {}, page);
    REQUIRE(count.has_value());
    REQUIRE(count.assume_value() < page.size());
    for (const roster::Membership& it : std::span(page).first(count.assume_value()))
      if (it.account != except)
        lines +=
            text_of(in) + " " + text_of(it.account) + " " + text_of(it.role) + " " + text_of(it.state) + " " +
            std::to_string(static_cast<std::uint64_t>(it.version)) +
            text_of(Ends{static_cast<std::int64_t>(it.valid_until), static_cast<std::int64_t>(it.invitation_until)});
  }
  return lines;
}

/// Proves that an erase with a replacement writes one event for each member that it changes, behind the former events
/// of that member. The store is empty at first. `read` passes the new events to a reader.
template <class AnyStore, class Read>
void check_events_of_an_erase(AnyStore& store, const Read& read) {
  using namespace fixtures;
  using roster::Outcome;
  const std::array places = {acme, works};
  REQUIRE(roster_test::put_world(store, fixture_world({.own_catalogs = true})));
  UuidSource ids({7, 7});
  const Profile rules = with(manager_rules(), [](Profile& p) { p.roles = {}; });
  const Engine engine(rules, store, ids);
  Time at{1'700'000'000'000'000};
  const auto run = [&](const Command& command, Outcome right) {
    const auto report = engine.run(command, at);
    REQUIRE(report.has_value());
    REQUIRE(name(report.assume_value().at(0, 0)) == name(right));
  };
  const std::vector<AccountSelector> clerks = {ann, bob, cid, dora};
  run(AddMembers({acme, works}, clerks, clerk, by(boss)), Outcome::added);
  run(AddMembers(acme, stranger, admin, by(boss)), Outcome::added);
  Invite invite(acme, emil, clerk, by(boss));
  invite.invitation_until = far_off;
  run(invite, Outcome::invited);
  run(ChangeExpiry(acme, ann, far_off, by(boss)), Outcome::expiry_changed);
  run(Suspend(acme, bob, by(boss)), Outcome::suspended);
  run(RemoveMembers(acme, cid, by(boss)), Outcome::removed);
  Published published;
  read(published);
  const std::uint64_t before = published.events;
  CHECK(published.members() == listed(store, places, boss));

  REQUIRE(replace_role(store, acme, clerk, aide));
  read(published);
  CHECK(published.events == before + 4);  // ann, bob, dora and emil, and no tombstone
  CHECK(published.members() == listed(store, places, boss));
  run(AddMembers(acme, cid, aide, by(boss)), Outcome::added);
  run(Reactivate(acme, bob, by(boss)), Outcome::reactivated);
  REQUIRE(store.erase_role(acme, ghost, clerk, any_version).has_error());  // refused: there is no such replacement
  REQUIRE(store.erase_role(acme, ghost, {}, any_version).has_value());     // nobody has it
  read(published);
  CHECK(published.events == before + 6);
  CHECK(published.members() == listed(store, places, boss));
  CHECK(published.members().find("acme ann aide active") != std::string::npos);
  CHECK(published.members().find("works ann clerk active") != std::string::npos);
}

}  // namespace roster_test

#endif
